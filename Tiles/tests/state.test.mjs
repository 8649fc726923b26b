// The page's state and its URL: `node --test Tiles/tests`.
import assert from "node:assert/strict";
import test from "node:test";
import { cleared, entering, filterQuery, isFiltered, narrowed, pageAddress, parse, searched, toggled } from "../js/state.js";

const WAYS = new Map([["counselling", ["counselling", "mobile_outreach"]], ["network", []]]);

test("a URL is read and written back", () => {
  const state = parse("?lang=en&category=training,workshop&located_in=15003&q=Vielfalt%20%26%20mehr&utm_source=x", "#7.50/51.9000/11.6000/a%2Fb");
  assert.deepEqual(state.filters.category, ["training", "workshop"]);
  assert.equal(state.q, "Vielfalt & mehr");
  assert.equal(state.offer, "a/b");
  const address = pageAddress("/", state);
  assert.equal(address, "/?lang=en&category=training,workshop&located_in=15003&q=Vielfalt%20%26%20mehr#7.50/51.9000/11.6000/a%2Fb");
  const [search, hash] = [address.slice(1, address.indexOf("#")), address.slice(address.indexOf("#"))];
  assert.deepEqual(parse(search, hash), state);
  assert.equal(filterQuery(state).includes("lang"), false);
});

test("malformed URLs leave the defaults", () => {
  for (const hash of ["", "#", "#results", "#1/2", "#x/y/z", "#7/95/11", "#7/51/200", "#-1/51/11", "#7//11", "#NaN/51/11"]) {
    assert.equal(parse("", hash).view, null, hash);
  }
  assert.equal(parse("", "#7/51/11/%E0%A4%A").offer, null);
  assert.equal(parse("", "#offer/abc").offer, "abc");
  assert.equal(pageAddress("/", parse("", "#offer/abc")), "/#offer/abc");
  assert.deepEqual(parse("?category=,a,,a", "").filters.category, ["a"]);
});

test("a search text is no longer than the server takes, and no letter is cut", () => {
  const bytes = (text) => new TextEncoder().encode(text).length;
  assert.equal(searched(" Beratung "), "Beratung");
  assert.equal(parse(`?q=${"a".repeat(3000)}`, "").q, "a".repeat(200));
  assert.equal(searched("ع".repeat(200)), "ع".repeat(100));
  assert.equal(searched(`a${"ع".repeat(200)}`), `a${"ع".repeat(99)}`);
  for (const letter of ["a", "é", "€", "😀"]) for (let length = 1; length < 210; length += 1) assert.ok(bytes(searched("x" + letter.repeat(length))) <= 200);
});

test("values can hold the grammar's own characters", () => {
  const state = toggled(parse("", ""), "topic", "a&b=c d");
  assert.equal(filterQuery(state), "topic=a%26b%3Dc%20d");
  assert.deepEqual(parse(`?${filterQuery(state)}`, "").filters, state.filters);
});

test("filters toggle and clear", () => {
  const chosen = toggled(parse("?q=x", ""), "language", "ar");
  assert.deepEqual(chosen.filters.language, ["ar"]);
  assert.deepEqual(toggled(chosen, "language", "ar").filters.language, []);
  assert.equal(isFiltered(chosen), true);
  assert.equal(isFiltered(cleared(chosen)), false);
});

test("a way in is the categories that it means", () => {
  const state = parse("?view=counselling&language=ar", "", WAYS);
  assert.equal(filterQuery(state), "category=counselling,mobile_outreach&language=ar");
  assert.equal(pageAddress("/", state), "/?view=counselling&language=ar");
  const chosen = toggled(state, "category", "counselling");
  assert.equal(filterQuery(chosen), "category=counselling&language=ar");
  // What cannot be there is dropped, as the server drops it.
  assert.deepEqual(parse("?view=counselling&category=training", "", WAYS).filters.category, []);
  assert.equal(parse("?view=nonsense", "", WAYS).way, "");
  const other = entering(chosen, WAYS, "network");
  assert.equal(pageAddress("/", other), "/?view=network");
  assert.equal(pageAddress("/", toggled(other, "link_kind", "funding")), "/?view=network&link_kind=funding");
});

test("a place is in the URL, the visitor's own position never", () => {
  const state = parse("?near=39576%20Stendal&order=topic", "", WAYS);
  assert.equal(pageAddress("/", state), "/?near=39576%20Stendal&order=topic");
  assert.equal(pageAddress("/", { ...state, near: "here" }), "/?order=topic");
  assert.equal(parse("?near=here", "", WAYS).near, "");
  assert.equal(parse("?order=sideways", "", WAYS).order, "title");
  assert.equal(cleared(state).near, "");
  assert.equal(filterQuery(state), "");
});

test("what the areas are coloured by is in the URL", () => {
  const state = parse("?areas=rural&category=training", "");
  assert.equal(state.areas, "rural");
  assert.equal(pageAddress("/", state), "/?category=training&areas=rural");
  assert.equal(filterQuery(state), "category=training");
  assert.equal(parse("?areas=nonsense", "").areas, "");
  assert.equal(pageAddress("/", { ...state, areas: "" }), "/?category=training");
});

test("filters can be added several at once", () => {
  const state = narrowed(parse("?language=ar", ""), { language: ["ar", "not_stated"], category: ["training"] });
  assert.equal(filterQuery(state), "category=training&language=ar,not_stated");
});
