// Address lines, ended offers and figures: `node --test Tiles/tests`.
import assert from "node:assert/strict";
import test from "node:test";
import { readAddress, statedAddresses, statedOne, streetKey } from "../js/address.js";
import { dayOf, hasEnded } from "../js/ended.js";
import { sortedFigures } from "../js/figures.js";
import { Texts } from "../js/i18n.js";
import { SearchIndex } from "../js/search.js";

const place = (name, postcode, municipality, precision = "town") => ({
  type: "place", id: `${postcode} ${name}`, label: name, postcode, municipality, precision, also: [postcode, name.replace(/\s*\(.*\)/, "")], position: [11, 52],
});
const INDEX = new SearchIndex([
  place("Stendal", "39576", "15090535"), place("Borstel", "39576", "15090535"), place("Uchtspringe", "39599", "15090535"),
  place("Magdeburg", "39104", "15003000"), place("Magdeburg", "39106", "15003000", "postcode"), place("Halle (Saale)", "06108", "15002000"),
  place("Köthen (Anhalt)", "06366", "15082180"), place("Wittenberg", "06886", "15091375"), place("Bad Lauchstädt", "06246", "15088020"),
  place("Neuendorf", "39517", "15083000"), place("Neuendorf", "38486", "15081135"), place("Weißenfels", "06667", "15084550"), place("Aken (Elbe)", "06385", "15082005"),
]);
const read = (line) => {
  const found = readAddress(INDEX, line);
  return found && [found.place?.id ?? found.problem, found.street, found.unknown.join(" ")];
};

test("addresses as people type them", () => {
  for (const [line, id, street, unknown = ""] of [
    ["Hansastraße 5, 39576 Stendal", "39576 Stendal", "Hansastraße 5"],
    ["Stendal Hansastr.", "39576 Stendal", "Hansastr."],
    ["stendal hansastrasse 5a", "39576 Stendal", "hansastrasse 5a"],
    ["39576 Stendal, Hansastraße 5", "39576 Stendal", "Hansastraße 5"],
    ["Hansastr 5 D-39576 Stendal", "39576 Stendal", "Hansastr 5"],
    ["Magdeburger Straße 12, Stendal", "39576 Stendal", "Magdeburger Straße 12"],
    ["Magdeburger Straße 12 Magdeburg", "39104 Magdeburg", "Magdeburger Straße 12"],
    ["Stendal Karl Marx Straße 3 b", "39576 Stendal", "Karl Marx Straße 3 b"],
    ["Breiter Weg 5, 39106 Magdeburg", "39106 Magdeburg", "Breiter Weg 5"],
    ["Am Markt 1, Koethen", "06366 Köthen (Anhalt)", "Am Markt 1"],
    ["Am Dom 2 Magdeburg", "39104 Magdeburg", "Am Dom 2"],
    ["Sperlingsberg 3, 39576 Stendal", "39576 Stendal", "Sperlingsberg 3"],
    ["Stendal Sperlingsberg 3", "39576 Stendal", "Sperlingsberg 3"],
    ["Domplatz 1, Halle (Saale)", "06108 Halle (Saale)", "Domplatz 1"],
    ["Marktstr. 4, Bad Lauchstaedt", "06246 Bad Lauchstädt", "Marktstr. 4"],
    // Typing errors in the town, with the street beside it.
    ["Hansastraße 5, Stendla", "39576 Stendal", "Hansastraße 5"],
    ["Markt 1, Weisenfels", "06667 Weißenfels", "Markt 1"],
    // A town of the same municipality under another postcode.
    ["Schulstr. 1, 39599 Stendal", "39599 Uchtspringe", "Schulstr. 1"],
    ["Dorfstraße 1, 39576 Borstel", "39576 Borstel", "Dorfstraße 1"],
    // With a postcode alone, whatever else stands there is not known.
    ["39576 Irgendwas", "39576 Stendal", "", "Irgendwas"],
    ["Ringstr. 7, 06366", "06366 Köthen (Anhalt)", "Ringstr. 7"],
    // A postcode that nobody here has: the town counts, and the postcode is said to be unknown.
    ["Markt 1, 99999 Stendal", "39576 Stendal", "Markt 1", "99999"],
  ]) assert.deepEqual(read(line), [id, street, unknown], line);
});

test("nothing is guessed", () => {
  for (const line of ["Hansastraße 5", "Magdeburger Straße 12", "Beratung Quatsch", "", "Stendl Sperlingsberg 3 x y", "12345 67890", "Ringstr. 7, 99999", "Beratung in Stendal"]) assert.equal(read(line), null, line);
  assert.deepEqual(read("Dorfstraße 1, Neuendorf"), ["ambiguous", "Dorfstraße 1", ""]);
  assert.equal(read("Dorfstraße 1, 38486 Neuendorf")[0], "38486 Neuendorf");
  assert.deepEqual(read("Markt 1, 39576 Magdeburg"), ["contradiction", "Markt 1", ""]);
  assert.equal(INDEX.understood("Neuendorf"), null);
  assert.equal(INDEX.understood("39576 Magdeburg"), null);
  assert.equal(INDEX.understood("Magdeburg").place.id, "39104 Magdeburg");
});

test("an address that a record is located by stands where it does", () => {
  const record = (name, street, precision, position) => ({ geometry: { coordinates: position }, properties: { name, street, postcode: "39104", place: "Magdeburg", precision } });
  const stated = statedAddresses([
    record("A", "Schellingstraße 3-4", "address", [11.6, 52.1]), record("B", "Domplatz 1", "municipality", [11.7, 52.2]), record("C", "Weg ohne Nummer", "address", [1, 1]),
    { geometry: null, properties: { name: "D", street: "Markt 1", postcode: "39104", precision: "address" } },
  ]);
  const one = (line) => statedOne(stated, readAddress(INDEX, line))?.name ?? null;
  assert.equal(one("Schellingstr. 3-4, 39104 Magdeburg"), "A");
  assert.equal(one("Magdeburg, schellingstrasse 3-4"), "A");
  assert.equal(one("Schellingstr. 3, 39104 Magdeburg"), null);
  assert.equal(one("Schellingstr., 39104 Magdeburg"), null);
  assert.equal(one("Schellingstr. 3-4, 39576 Stendal"), null);
  // Its position is the town's, not the address's.
  assert.equal(one("Domplatz 1, 39104 Magdeburg"), null);
  assert.equal(one("Markt 1, 39104 Magdeburg"), null);
  assert.equal(streetKey("Große Str. 5"), streetKey("grosse Straße 5"));
});

test("an end is over when its day, month or year is", () => {
  const ended = (to, today) => hasEnded({ valid_to: to }, today);
  assert.equal(ended("2018-06-29", "2018-06-29"), false);
  assert.equal(ended("2018-06-29", "2018-06-30"), true);
  assert.equal(ended("2018-06", "2018-06-30"), false);
  assert.equal(ended("2018-06", "2018-07-01"), true);
  assert.equal(ended("2018", "2018-12-31"), false);
  assert.equal(ended("2018", "2019-01-01"), true);
  assert.equal(ended(null, "2026-01-01"), false);
  assert.equal(ended("bald", "2026-01-01"), false);
  assert.equal(hasEnded({ status: "ended" }, "2000-01-01"), true);
  assert.equal(dayOf(new Date(2026, 0, 5)), "2026-01-05");
});

test("figures are sorted, what is not known at the end", () => {
  const figures = [["a", 2], ["b", null], ["c", 5], ["d", 2]].map(([name, value]) => ({ key: name, name, value }));
  const names = (...order) => sortedFigures(figures, ...order, (a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(({ name }) => name).join("");
  assert.equal(names("value", true), "cadb");
  assert.equal(names("value", false), "adcb");
  assert.equal(names("name", false), "abcd");
  assert.equal(names("name", true), "dcba");
});

test("a text is given in pieces where an element stands in it", () => {
  const texts = new Texts("de", { source: "Quelle: {title}, {year}" }, {});
  const title = { isElement: true };
  assert.deepEqual(texts.nodes("source", { title, year: "2018" }), ["Quelle: ", title, ", ", "2018"]);
  assert.deepEqual(texts.nodes("missing", {}), ["missing"]);
});
