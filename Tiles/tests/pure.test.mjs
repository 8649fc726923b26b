// The client's pure parts: `node --test Tiles/tests`.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

const tiles = new URL("../", import.meta.url);
const load = (name) => import(new URL(`js/${name}`, tiles));
const { cluster, CLUSTERS, clustersAt, worldPixel } = await load("cluster.js");
const { distanceField, encodeGlyphs } = await load("glyphs.js");
const { Texts } = await load("i18n.js");
const { fileName } = await load("pages.js");
const { themed } = await load("theme.js");

test("clusters keep every point, once, in any input order", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const items = Array.from({ length: 500 }, (_, index) => ({ id: `o${index}`, position: [10.5 + 2.6 * random(), 50.9 + 2.1 * random()] }));
  items.push(...items.slice(0, 20).map((item) => ({ ...item, id: `${item.id}-twin` })));
  for (const zoom of [5, 7, 9, 12, 14]) {
    const groups = cluster(items, zoom, 38);
    const ids = groups.flatMap((group) => group.items.map((item) => item.id));
    assert.equal(ids.length, items.length);
    assert.equal(new Set(ids).size, items.length);
    assert.deepEqual(cluster([...items].reverse(), zoom, 38), groups);
  }
});

test("offers at one place are one group that zooming cannot open", () => {
  const at = (id, position) => ({ id, position });
  const [group, ...others] = cluster([at("a", [11.6, 52.1]), at("b", [11.6, 52.1])], 14, 38);
  assert.equal(others.length, 0);
  assert.equal(group.samePlace, true);
  const [joined] = cluster([at("a", [11.6, 52.1]), at("b", [11.601, 52.1])], 7, 38);
  assert.equal(joined.samePlace, false);
  assert.equal(cluster([at("a", [11.6, 52.1]), at("b", [11.601, 52.1])], 17, 38).length, 2);
});

test("what the server has joined counts with its weight", () => {
  const joined = { id: "#1", position: [11.6, 52.1], weight: 5, samePlace: false };
  const alone = { id: "a", position: [11.601, 52.1] };
  const [group, ...others] = cluster([alone, joined], 7, 38);
  assert.equal(others.length, 0);
  assert.deepEqual([group.weight, group.samePlace, group.items[0].id], [6, false, "#1"]);
  assert.ok(Math.abs(group.position[0] - (5 * 11.6 + 11.601) / 6) < 1e-9);
  const [spot] = cluster([{ ...joined, samePlace: true }], 7, 38);
  assert.deepEqual([spot.weight, spot.samePlace], [5, true]);
  assert.equal(cluster([joined], 7, 38)[0].samePlace, false);
});

test("clusters without a server follow the server's laws", () => {
  const tileset = JSON.parse(readFileSync(new URL("tileset.json", tiles), "utf8"));
  const { clusters, minzoom } = tileset.layers.find(({ id }) => id === "offers");
  assert.deepEqual(CLUSTERS, { minzoom, maxzoom: clusters.maxzoom, radius: clusters.radius });
  let seed = 11;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const points = Array.from({ length: 400 }, (_, at) => ({ id: `o${at}`, position: [10.5 + 2.6 * random(), 50.9 + 2.1 * random()] }));
  points.push(...points.slice(0, 60).map((point) => ({ ...point, id: `${point.id}-twin` })));
  let above = null;
  for (let zoom = 4; zoom <= 13; zoom += 1) {
    const marks = clustersAt(points, zoom);
    assert.deepEqual(clustersAt([...points].reverse(), zoom), marks);
    const ids = marks.flatMap(({ items }) => items.map(({ id }) => id));
    assert.equal(new Set(ids).size, points.length);
    assert.equal(marks.reduce((sum, { weight }) => sum + weight, 0), points.length);
    for (const [at, mark] of marks.entries()) {
      const [x, y] = worldPixel(mark.items[0].position, zoom);
      for (const other of marks.slice(0, at)) {
        const [column, row] = worldPixel(other.items[0].position, zoom);
        // Vertices are rounded to an eighth of a pixel.
        assert.ok(Math.hypot(column - x, row - y) > CLUSTERS.radius - 0.2);
      }
      assert.equal(mark.samePlace, new Set(mark.items.map(({ position }) => position.join())).size === 1);
    }
    // What stands at one zoom stands at the next.
    const standing = new Set(marks.map(({ items }) => items[0].id));
    for (const id of above ?? []) assert.ok(standing.has(id));
    above = standing;
  }
});

test("Web Mercator's corners and middle", () => {
  assert.deepEqual(worldPixel([0, 0], 0), [256, 256]);
  const [x, y] = worldPixel([180, 85.0511287798066], 0);
  assert.ok(Math.abs(x - 512) < 1e-9 && Math.abs(y) < 1e-6);
});

test("a distance field against distances measured one by one", () => {
  const [width, height] = [30, 24];
  const inside = new Uint8Array(width * height);
  for (let y = 7; y < 15; y += 1) for (let x = 9; x < 18; x += 1) inside[y * width + x] = (x + y) % 7 === 0 ? 0 : 1;
  const field = distanceField(inside, width, height, 1);
  for (let index = 0; index < field.length; index += 1) {
    let nearest = Infinity;
    for (let other = 0; other < inside.length; other += 1) {
      if (inside[other] === inside[index]) continue;
      nearest = Math.min(nearest, Math.hypot((index % width) - (other % width), Math.floor(index / width) - Math.floor(other / width)));
    }
    const signed = inside[index] ? 0.5 - nearest : nearest - 0.5;
    const expected = Math.max(0, Math.min(255, Math.round(255 - 255 * (signed / 8 + 0.25))));
    assert.equal(field[index], expected, `pixel ${index}`);
  }
});

test("an empty picture is far from any edge", () => {
  assert.deepEqual([...new Set(distanceField(new Uint8Array(81), 9, 9, 3))], [0]);
});

test("glyphs are packed as the protocol buffer that MapLibre reads", () => {
  const bitmap = Uint8Array.from({ length: 8 * 9 }, (_, index) => index);
  const bytes = encodeGlyphs("Kompass Größe", "0-255", [
    { id: 300, width: 2, height: 3, left: -1, top: -9, advance: 14, bitmap },
    { id: 32, width: 0, height: 0, left: 0, top: 0, advance: 6, bitmap: null },
  ]);
  assert.equal(bytes.byteLength, bytes.buffer.byteLength);
  const [stack] = decode(bytes)[1];
  const { 1: [name], 2: [range], 3: glyphs } = decode(stack);
  assert.equal(new TextDecoder().decode(name), "Kompass Größe");
  assert.equal(new TextDecoder().decode(range), "0-255");
  const first = decode(glyphs[0]);
  assert.deepEqual([first[1], first[3], first[4], first[5], first[6], first[7]], [[300], [2], [3], [1], [17], [14]]);
  assert.deepEqual(first[2][0], bitmap);
  assert.equal(decode(glyphs[1])[2], undefined);
});

/** A plain protocol buffer reader: field number to list of values. */
function decode(bytes) {
  const fields = {};
  let position = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position];
      position += 1;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (position < bytes.length) {
    const key = varint();
    let value = varint();
    if ((key & 7) === 2) value = bytes.slice(position, (position += value));
    (fields[key >> 3] ??= []).push(value);
  }
  return fields;
}

test("every language has every key, every placeholder and its own plural forms", () => {
  const files = readdirSync(new URL("locales/", tiles)).filter((name) => name.endsWith(".json"));
  const read = (name) => JSON.parse(readFileSync(new URL(`locales/${name}`, tiles), "utf8"));
  const german = read("de.json");
  const forms = (value) => (typeof value === "object" ? Object.values(value) : [String(value)]);
  const placeholders = (value) => [...new Set(forms(value).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
  for (const file of files) {
    const texts = read(file);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(german).sort(), file);
    const categories = new Intl.PluralRules(file.replace(".json", "")).resolvedOptions().pluralCategories;
    for (const [key, value] of Object.entries(texts)) {
      assert.deepEqual(placeholders(value), placeholders(german[key]), `${file}: ${key}`);
      assert.equal(typeof value, typeof german[key], `${file}: ${key}`);
      if (typeof value === "object") for (const category of categories) assert.ok(value[category], `${file}: ${key} lacks ${category}`);
    }
  }
});

test("every text that page and scripts ask for exists", () => {
  const german = JSON.parse(readFileSync(new URL("locales/de.json", tiles), "utf8"));
  const page = readFileSync(new URL("pages/map.mustache", tiles), "utf8");
  const asked = [...page.matchAll(/\{\{t\.(\w+)\}\}/g)].map(([, key]) => key);
  for (const file of readdirSync(new URL("js/", tiles))) {
    const source = readFileSync(new URL(`js/${file}`, tiles), "utf8");
    asked.push(...[...source.matchAll(/\.text\("(\w+)"/g)].map(([, key]) => key));
  }
  // Keys that are put together.
  const measures = ["rural", "people_per_offer", "distance"];
  asked.push(...measures.flatMap((name) => [`areas_${name}`, `areas_unit_${name}`]), ...["town", "postcode", "address"].map((precision) => `near_from_${precision}`));
  asked.push("near_ambiguous", "near_contradiction");
  assert.ok(asked.length > 60);
  for (const key of asked) assert.ok(key in german, key);
  for (const key of asked.filter((name) => page.includes(`{{t.${name}}}`))) assert.equal(typeof german[key], "string", key);
});

test("texts, plurals, numbers and dates follow the language", () => {
  const vocabulary = { language: [{ key: "ar", labels: { de: "Arabisch", en: "Arabic" } }, { key: "qaa", labels: { de: "Ortssprache" } }] };
  const texts = new Texts("en", { n: { one: "{n} offer", other: "{n} offers" }, hello: "Hi {name} {other}" }, vocabulary);
  assert.equal(texts.text("n", { n: 1 }), "1 offer");
  assert.equal(texts.text("n", { n: 1234 }), "1,234 offers");
  assert.equal(texts.text("hello", { name: "$&" }), "Hi $& {other}");
  assert.deepEqual(texts.label("language", "qaa"), { text: "Ortssprache", lang: "de" });
  assert.deepEqual(texts.label("language", "xx"), { text: "xx", lang: null });
  // The browser has names of languages that the data have not; what stands for another language gets no name of that.
  assert.deepEqual(new Texts("uk", {}, vocabulary).label("language", "ar"), { text: "арабська", lang: "uk" });
  assert.deepEqual(new Texts("uk", {}, vocabulary).label("language", "qaa"), { text: "Ortssprache", lang: "de" });
  assert.deepEqual(new Texts("uk", {}, vocabulary).label("language", "sh"), { text: "sh", lang: null });
  assert.deepEqual(new Texts("uk", {}, vocabulary).label("category", "ar"), { text: "ar", lang: null });
  const german = new Texts("de", {}, {});
  assert.equal(german.date("2018-06-29"), "29. Juni 2018");
  assert.equal(german.date("2018-06"), "Juni 2018");
  assert.equal(german.date("2018"), "2018");
  assert.equal(german.date("bald"), "bald");
  assert.equal(new Texts("fa", {}, {}).date("2026-06-30"), "۳۰ ژوئن ۲۰۲۶");
  const arabic = new Texts("ar", { n: { zero: "z", one: "o", two: "t", few: "f", many: "m", other: "x" } }, {});
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((n) => arabic.text("n", { n })), ["z", "o", "t", "f", "m", "x"]);
  const simple = new Texts("de-simple", { n: { one: "1", other: "2" } }, vocabulary);
  assert.equal(simple.label("language", "ar").lang, "de");
  assert.equal(simple.text("n", { n: 1 }), "1");
});

test("the dark theme only changes layers that the style has", () => {
  const style = JSON.parse(readFileSync(new URL("style/kompass.json", tiles), "utf8"));
  const ids = style.layers.map((layer) => layer.id);
  for (const id of Object.keys(style.metadata["kompass:dark"])) assert.ok(ids.includes(id), id);
  const before = JSON.stringify(style);
  const dark = themed(style, true);
  assert.equal(JSON.stringify(style), before);
  assert.equal(dark.layers[0].paint["background-color"], style.metadata["kompass:dark"].background["background-color"]);
  assert.deepEqual(themed(style, false), style);
});

test("classes of a choropleth begin where they say", async () => {
  const { MEASURES, classOf } = await load("measures.js");
  const { patternImage } = await load("pictures.js");
  const { rural, people_per_offer: perOffer, distance } = MEASURES;
  assert.deepEqual([-1.5, -0.2, 0.49, 0.5, 1].map((index) => classOf(rural, rural.value({ rural_index: index }))), [0, 1, 1, 2, 2]);
  assert.deepEqual([0, 4999, 5000, 30000].map((metres) => classOf(distance, distance.value({ distance_median_m: metres }))), [0, 0, 1, 4]);
  assert.equal(classOf(perOffer, perOffer.value({ people: 100000, offers_located: 2 })), 4);
  for (const properties of [{}, { people: 5, offers_located: 0 }, { offers_located: 3 }]) assert.equal(classOf(perOffer, perOffer.value(properties)), -1);
  assert.equal(classOf(distance, distance.value({})), -1);
  for (const { breaks, tones } of Object.values(MEASURES)) assert.equal(tones.length, breaks.length + 1);
  // No two classes of a theme look alike, with colours or without.
  for (const theme of ["light", "dark"]) {
    const pictures = [0, 1, 2, 3, 4].map((tone) => patternImage(tone, theme).data);
    const grey = pictures.map((data) => Array.from({ length: data.length / 4 }, (_, at) => Math.round(0.2126 * data[4 * at] + 0.7152 * data[4 * at + 1] + 0.0722 * data[4 * at + 2])));
    const inked = grey.map((values) => values.filter((value) => value !== values[2 + 2 * 16]).length);
    for (const [at, value] of inked.entries()) assert.ok(at === 0 || value > inked[at - 1], `${theme}: ${inked}`);
  }
});

test("identifiers become the names of files that `kompass export --static` writes", () => {
  assert.equal(fileName("asb-info-2"), "asb-info-2");
  assert.equal(fileName("A/b c_ü%."), "=41=2fb=20c=5f=c3=bc=25=2e");
});
