// Choosing, arranging and finding offers in the browser: `node --test Tiles/tests`.
import assert from "node:assert/strict";
import test from "node:test";
import { arranged } from "../js/arrange.js";
import { OfferFilter } from "../js/filter.js";
import { fold, typos, words } from "../js/fold.js";
import { distance } from "../js/near.js";
import { chosenNetwork, partners } from "../js/network.js";
import { placeEntries } from "../js/places.js";
import { Records } from "../js/records.js";
import { SearchIndex } from "../js/search.js";
import { FACETS, parse } from "../js/state.js";

/** Columns as the server writes them, from plain rows. */
function records(rows) {
  const columns = {};
  for (const field of new Set(rows.flatMap(Object.keys))) {
    const values = rows.map((row) => row[field] ?? null);
    if (["id", "title", "name", "place", "actor_name", "district_name", "longitude", "latitude", "source_year"].includes(field)) {
      columns[field] = values;
      continue;
    }
    const known = [...new Set(values.flat().filter((value) => value !== null))].sort();
    const number = (value) => known.indexOf(value) + 1;
    columns[field] = { values: known, rows: values.map((value) => (value === null ? 0 : Array.isArray(value) ? value.map(number) : number(value))) };
  }
  return new Records({ count: rows.length, columns });
}

const OFFERS = records([
  { id: "a", title: "Beratung auf Arabisch", category: "counselling", languages: ["ar", "de"], district_key: "15090", place: "Stendal", longitude: 11.85, latitude: 52.6, actor_id: "x", actor_name: "Verein", topics: ["labour", "law"] },
  { id: "b", title: "Mädchentreff", category: "project", languages: ["de"], district_key: "15003", place: "Magdeburg", longitude: 11.62, latitude: 52.13, actor_name: "Amt", topics: ["law"] },
  { id: "c", title: "Beratung", category: "counselling", district_key: "15090", municipality_key: "15090535", delivery: "online" },
  { id: "d", title: "Kurs", category: "training", languages: ["fa"] },
]);
const ids = (query, ways) => {
  const found = new OfferFilter(OFFERS).select(parse(query, "", ways), FACETS);
  return found.rows.map((row) => OFFERS.value("id", row)).join("");
};

test("columns become features", () => {
  const feature = OFFERS.feature(0);
  assert.deepEqual(feature.geometry, { type: "Point", coordinates: [11.85, 52.6] });
  assert.deepEqual(feature.properties.languages, ["ar", "de"]);
  assert.equal(feature.properties.delivery, null);
  assert.equal("longitude" in feature.properties, false);
  assert.equal(OFFERS.feature(3).geometry, null);
  assert.equal(OFFERS.feature(0), feature);
  assert.equal(OFFERS.value("phone", 0), null);
});

test("the grammar chooses as on the server", () => {
  assert.equal(ids(""), "abcd");
  assert.equal(ids("?category=counselling"), "ac");
  assert.equal(ids("?category=counselling&language=ar"), "a");
  assert.equal(ids("?language=ar,fa"), "ad");
  assert.equal(ids("?language=not_stated"), "c");
  assert.equal(ids("?language=ar,not_stated"), "ac");
  assert.equal(ids("?located_in=15"), "abc");
  assert.equal(ids("?located_in=15090"), "ac");
  assert.equal(ids("?located_in=15090535"), "c");
  assert.equal(ids("?located_in=not_stated,15003"), "bd");
  assert.equal(ids("?actor=x"), "a");
  assert.equal(ids("?q=maedchen"), "b");
  assert.equal(ids("?q=MADCHEN%20magdeburg"), "b");
  assert.equal(ids("?q=treffbelegt"), "");
  assert.equal(ids("?sector=business"), "");
  assert.equal(ids("?view=counselling", new Map([["counselling", ["counselling"]]])), "ac");
});

test("what says nothing is counted and can be listed", () => {
  const found = new OfferFilter(OFFERS).select(parse("?category=counselling&language=ar&sector=business", ""), FACETS);
  // Offer a fails only for its sector, which it does not state; c fails twice.
  assert.deepEqual(found.notStated, { category: 0, language: 0, sector: 1 });
  const alone = new OfferFilter(OFFERS).select(parse("?category=counselling&language=ar", ""), FACETS);
  assert.deepEqual(alone.notStated, { category: 0, language: 1 });
  assert.deepEqual(alone.silent("language").map((row) => OFFERS.value("id", row)), ["c"]);
  assert.deepEqual(alone.silent("audience"), []);
});

test("counts follow the other filters, not the own one", () => {
  const { counts } = new OfferFilter(OFFERS).select(parse("?category=counselling", ""), FACETS);
  assert.equal(counts.category.get("training"), 1);
  assert.equal(counts.category.get("counselling"), 2);
  assert.equal(counts.language.get("ar"), 1);
  assert.equal(counts.language.get("fa"), 0);
  assert.equal(counts.language.get("not_stated"), 1);
  assert.equal(counts.located_in.get("15090"), 2);
  assert.equal(counts.located_in.get("15003"), 0);
  assert.equal(counts.sector.get("not_stated"), 2);
});

test("every count is what choosing that value finds", () => {
  let seed = 11;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const some = (list) => list.filter(() => random(3) === 0);
  const many = records(
    Array.from({ length: 300 }, (_, index) => ({
      id: `o${index}`, title: `T${random(9)}`, category: ["counselling", "training", "project"][random(3)], languages: random(2) ? some(["ar", "de", "fa"]) : null,
      topics: some(["law", "labour"]), district_key: random(4) ? `1500${random(4)}` : null, sector: random(3) ? ["business", "education"][random(2)] : null,
    })).map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Array.isArray(value) && !value.length ? null : value]))),
  );
  const filter = new OfferFilter(many);
  for (const query of ["", "?language=ar", "?language=ar,not_stated&category=training", "?q=t3&located_in=15001", "?topic=law&sector=business&language=de"]) {
    const state = parse(query, "");
    const { counts, rows } = filter.select(state, FACETS);
    for (const field of FACETS) {
      for (const [value, n] of counts[field]) {
        const alone = { ...state, filters: { ...state.filters, [field]: [value] } };
        assert.equal(filter.select(alone, []).rows.length, n, `${query} ${field}=${value}`);
      }
    }
    assert.equal(new Set(rows).size, rows.length);
  }
});

test("the fold is the server's", () => {
  assert.equal(fold("Mädchen"), "madchen");
  assert.equal(fold("MAEDCHEN"), "madchen");
  assert.equal(fold("Köthen"), fold("Koethen"));
  assert.equal(fold("Straße"), "strasse");
  assert.equal(fold("Łódź Øresund Đà"), "lodz oresund da");
  assert.equal(fold("aee"), "a");
  assert.deepEqual(words("Köthen (Anhalt), 06366"), ["kothen", "anhalt", "06366"]);
  assert.deepEqual(words("مشورة, Київ"), ["مشورة", "київ"]);
});

test("typing errors within bounds", () => {
  assert.equal(typos("beratng", "beratung"), 1);
  assert.equal(typos("berautng", "beratung"), 1);
  assert.equal(typos("stend", "stendal"), 0);
  assert.equal(typos("arabsich", "arabisch"), 1);
  assert.equal(typos("xyz", "beratung"), Infinity);
  assert.equal(typos("kur", "kor"), Infinity);
  assert.equal(typos("magdbeurg", "magdeburg"), 1);
});

test("a list holds every offer once, in any order", () => {
  const all = [0, 1, 2, 3].map((row) => OFFERS.feature(row));
  const texts = { label: (_, key) => key, compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0) };
  const shape = (state, position = null) => arranged(all, { way: "", order: "title", ...state }, position, texts).map(({ key, value, offers }) => `${key}${value === undefined ? "" : `=${value}`}:${offers.map(({ id }) => id).join("")}`);
  assert.deepEqual(shape({}), [":cadb"]);
  assert.deepEqual(shape({ order: "topic" }), ["topic=labour:a", "topic=law:b", "topic=:cd"]);
  assert.deepEqual(shape({ order: "district" }), ["district=:cadb"]);
  assert.deepEqual(shape({ way: "trainers" }), ["actor=Amt:b", "actor=Verein:a", "actor=:cd"]);
  assert.deepEqual(shape({}, [11.6, 52.1]), ["near:ba", "coming:c", "unplaced:d"]);
});

test("distances on the sphere", () => {
  assert.equal(distance([11, 52], [11, 52]), 0);
  // One degree of a great circle.
  assert.ok(Math.abs(distance([0, 0], [1, 0]) - 111195) < 1);
  assert.ok(Math.abs(distance([11.85, 52.6], [11.62, 52.13]) - 54560) < 300);
});

const INDEX = new SearchIndex([
  { type: "value", field: "language", id: "ar", label: "Arabisch", also: ["Arabic", "العربية"] },
  { type: "value", field: "category", id: "counselling", label: "Beratung und Begleitung", also: ["Counselling and support"] },
  { type: "value", field: "audience", id: "counsellors", label: "Beratende" },
  { type: "value", field: "topic", id: "labour", label: "Arbeitsmarkt" },
  { type: "district", field: "located_in", id: "15090", label: "Stendal" },
  { type: "offer", id: "a", label: "Beratung auf Arabisch" },
  { type: "actor", id: "x", label: "Verein Köthen", also: ["VK"] },
  { type: "term", id: "AMIF", label: "AMIF" },
  ...placeEntries(
    records([
      { name: "Borstel", kind: "place", postcode: "39576", district_key: "15090", longitude: 11.8, latitude: 52.64 },
      { name: "Stendal, Hansestadt", kind: "municipality", postcode: "39576", district_key: "15090", longitude: 11.85, latitude: 52.6 },
      { name: "Hötensleben", kind: "municipality", postcode: "39393", district_key: "15083", longitude: 11.02, latitude: 52.12 },
      { name: "Köthen (Anhalt), Stadt", kind: "municipality", postcode: "06366", district_key: "15082", longitude: 11.97, latitude: 51.75 },
    ]),
    (key) => `Kreis ${key}`,
  ),
]);
const found = (query) => INDEX.suggest(query).map(({ type, id }) => `${type}:${id}`);

test("the searches of the issue", () => {
  assert.deepEqual(found("Stendal"), ["place:39576 Stendal", "district:15090"]);
  assert.deepEqual(found("39576").sort(), ["place:39576 Borstel", "place:39576 Stendal"]);
  assert.equal(found("Arabisch Beratung")[0], "offer:a");
  assert.ok(found("beratng").includes("value:counselling"));
  assert.ok(found("Koethen").includes("place:06366 Köthen (Anhalt)"));
  assert.ok(found("Koethen").includes("actor:x"));
  // A typing error is seldom in the first letter.
  assert.deepEqual(found("Köten").filter((entry) => entry.startsWith("place")), ["place:06366 Köthen (Anhalt)", "place:39393 Hötensleben"]);
  assert.ok(found("amif").includes("term:AMIF"));
  assert.deepEqual(found("x"), []);
  assert.deepEqual(found(""), []);
  assert.deepEqual(found("zzzzzzzz"), []);
});

test("several words are read as filters and a place", () => {
  const read = (query) => {
    const result = INDEX.understood(query);
    return result && { ...result.filters, place: result.place?.id ?? "" };
  };
  assert.deepEqual(read("Arabisch Beratung"), { language: ["ar"], category: ["counselling"], place: "" });
  assert.deepEqual(read("beratng arabsich Stendal"), { language: ["ar"], category: ["counselling"], place: "39576 Stendal" });
  assert.deepEqual(read("Arabic counselling near Koethen"), { language: ["ar"], category: ["counselling"], place: "06366 Köthen (Anhalt)" });
  assert.deepEqual(read("39576"), { place: "39576 Stendal" });
  assert.deepEqual(read("39576 Stendal"), { place: "39576 Stendal" });
  assert.equal(read("Beratung Quatsch"), null);
  assert.equal(read(""), null);
  assert.equal(INDEX.place("39576 Stendal").label, "Stendal");
  assert.equal(INDEX.place("stendal").label, "Stendal");
  assert.equal(INDEX.place("nirgendwo"), null);
});

test("the network follows its filters", () => {
  const actor = (id, sector, district) => ({ id, geometry: null, properties: { name: id, sector, district_key: district } });
  const link = (from, to, kind) => ({ id: `${from}-${to}`, properties: { from_id: from, to_id: to, from_name: from, to_name: to, kind, since: null } });
  const actors = [actor("a", "business", "15001"), actor("b", "education", "15002"), actor("c", null, null)];
  const links = [link("a", "b", "funding"), link("b", "outside", "member")];
  const shape = (query) => {
    const result = chosenNetwork(actors, links, parse(query, "", new Map([["network", []]])));
    return [result.actors.map(({ id }) => id).join(""), result.links.map(({ id }) => id).join(" ")];
  };
  assert.deepEqual(shape("?view=network"), ["abc", "a-b b-outside"]);
  assert.deepEqual(shape("?view=network&sector=business"), ["a", "a-b"]);
  assert.deepEqual(shape("?view=network&link_kind=member"), ["b", "b-outside"]);
  assert.deepEqual(shape("?view=network&sector=not_stated"), ["c", ""]);
  assert.deepEqual(shape("?view=network&located_in=15001"), ["a", "a-b"]);
  assert.deepEqual(shape("?view=network&q=B"), ["b", "a-b b-outside"]);
  const beside = (query) => chosenNetwork(actors, links, parse(query, "")).beside.map(({ id }) => id);
  assert.deepEqual(beside("?sector=business"), ["b"]);
  assert.deepEqual(beside(""), []);
  const { counts } = chosenNetwork(actors, links, parse("?view=network&link_kind=member", ""));
  assert.equal(counts.link_kind.get("funding"), 1);
  assert.equal(counts.sector.get("education"), 1);
  assert.deepEqual([...partners("b", links)].map(([kind, list]) => [kind, list[0].id]), [["funding", "a"], ["member", "outside"]]);
});
