/**
 * Reads a line as people write an address: "Hansastraße 5, 39576 Stendal", "Stendal Hansastr.". Streets are not known
 * here, except those that a published record states: what comes out is the postcode or the town, and what was not
 * understood. Nothing is guessed: two towns of one name, and a postcode that is another town's, are said to be so. Pure.
 */
import { fold } from "./fold.js";

/** How names of streets end, folded. A word that is no more than this belongs to the words before it. */
const ENDINGS = /(strasse|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|wall|promenade|steig|markt|anger)$/;
/** Words that begin a street's name. */
const BEGINNINGS = new Set(["am", "an", "auf", "im", "in", "der", "dem", "den", "zum", "zur", "alte", "alter", "neue", "neuer", "grosse", "kleine", "obere", "untere", "lange", "hohe", "st", "dr"]);
const HOUSE = /^\d{1,4}[a-z]?(-\d{1,4}[a-z]?)?$/;
const POSTCODE = /^\d{5}$/;
/** What a record must be located by for its position to be its address's. */
const EXACT = ["address", "coordinates"];

/**
 * @typedef {import("./search.js").Entry} Entry
 * @typedef {{place: Entry|null, street: string, unknown: string[], problem: ""|"ambiguous"|"contradiction", name: string, postcode: string}} Address
 * `place`: null where there is a problem; `street` and `unknown` as they were typed; `name`, `postcode`: what the problem is about
 */

/**
 * The line in parts, each token with what it was taken for.
 * @param {string} line @param {(words: string[]) => boolean} isTown whether some words are a place's whole name
 */
function parts(line, isTown) {
  const tokens = line.split(/[,;\n]/).flatMap((segment, at) =>
    [...segment.matchAll(/[\p{L}\p{N}][\p{L}\p{N}'’-]*\.?/gu)].map(([text]) => ({ text, word: fold(text.replace(/\.$/, "")), segment: at, part: "" })),
  );
  const codes = tokens.filter(({ word }) => POSTCODE.test(word) || /^d-\d{5}$/.test(word));
  for (const code of codes) {
    code.word = code.word.replace("d-", "");
    code.part = "postcode";
  }
  const isOpen = (at, segment) => tokens[at] && tokens[at].segment === segment && tokens[at].part === "";
  const take = (at) => (tokens[at].part = "street");
  /** Takes words before a place into the street, up to a town's name. */
  const back = (from, segment) => {
    for (let at = from; isOpen(at, segment) && !isTown([tokens[at].word]) && !isTown(tokens.slice(Math.max(at - 1, 0), at + 1).map(({ word }) => word)); at -= 1) take(at);
  };
  tokens.forEach(({ word, segment, part }, at) => {
    const ending = ENDINGS.exec(word)?.[0];
    if (!ending || part || isTown([word])) return;
    take(at);
    if (ending === word) {
      // "Magdeburger Straße": the word before is the street's, whatever else it may be.
      if (isOpen(at - 1, segment) && !HOUSE.test(tokens[at - 1].word)) take(at - 1);
      back(at - 2, segment);
    } else for (let before = at - 1; isOpen(before, segment) && BEGINNINGS.has(tokens[before].word); before -= 1) take(before);
    for (let next = at + 1; isOpen(next, segment) && (HOUSE.test(tokens[next].word) || /^[a-z]$/.test(tokens[next].word)); next += 1) take(next);
  });
  tokens.forEach(({ word, segment, part }, at) => {
    if (part || !HOUSE.test(word) || !isOpen(at - 1, segment)) return;
    back(at - 1, segment);
    if (tokens[at - 1].part === "street") take(at);
  });
  const of = (wanted) => tokens.filter(({ part }) => part === wanted);
  return { codes: codes.map(({ word }) => word), street: of("street").map(({ text }) => text).join(" "), rest: of("") };
}

/**
 * @param {import("./search.js").SearchIndex} index @param {string} line
 * @returns {Address|null} null where the line is no address
 */
export function readAddress(index, line) {
  const { codes, street, rest } = parts(line, (names) => index.towns(names, false).length > 0);
  if (codes.length > 1 || (!codes.length && !rest.length)) return null;
  const [postcode = ""] = codes;
  const words = rest.map(({ word }) => word);
  let unknown = [];
  let named = index.towns(words, true);
  if (words.length && !named.length) {
    // With a postcode something else may stand there; without one nothing is known.
    if (!postcode) return null;
    for (let length = words.length - 1; length > 0 && !named.length; length -= 1) {
      for (let at = 0; at + length <= words.length && !named.length; at += 1) {
        named = index.towns(words.slice(at, at + length), true);
        if (named.length) unknown = rest.filter((_, other) => other < at || other >= at + length).map(({ text }) => text);
      }
    }
    if (!named.length) unknown = rest.map(({ text }) => text);
  }
  const result = { place: null, street, unknown, name: named[0]?.label ?? "", postcode };
  const here = postcode ? index.withPostcode(postcode) : [];
  if (postcode && !here.length && !named.length) return null;
  if (here.length && named.length) {
    const same = here.find((entry) => named.some(({ label }) => label === entry.label)) ?? here.find((entry) => named.some(({ municipality }) => municipality && municipality === entry.municipality));
    return same ? { ...result, place: same, problem: "" } : { ...result, problem: "contradiction" };
  }
  if (here.length) return { ...result, place: here[0], problem: "" };
  if (postcode) result.unknown = [...unknown, postcode];
  const single = onlyOne(named);
  return single ? { ...result, place: single, problem: "" } : { ...result, problem: "ambiguous" };
}

/** The one place that a name means, or null where it may mean several. @param {Entry[]} named @returns {Entry|null} */
export function onlyOne(named) {
  const towns = named.filter(({ precision }) => precision === "town");
  const among = towns.length ? towns : named;
  return new Set(among.map(({ municipality, id }) => municipality ?? id)).size === 1 ? among[0] : null;
}

/** A street as it is compared: folded, "Str." written out, without blanks and marks. */
export function streetKey(street) {
  return fold(street.replace(/ß/g, "ss")).replace(/str(\.|\b)/g, "strasse").replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * The addresses that records state and are located by.
 * @param {Iterable<any>} features offers and actors @returns {Map<string, {name: string, position: [number, number]}>}
 */
export function statedAddresses(features) {
  const found = new Map();
  for (const { geometry, properties: facts } of features) {
    if (!geometry || !facts.street || !/\d/.test(facts.street) || !EXACT.includes(facts.precision)) continue;
    for (const where of [facts.postcode, facts.place].filter(Boolean)) {
      const key = `${streetKey(facts.street)}/${fold(where)}`;
      if (!found.has(key)) found.set(key, { name: facts.name ?? facts.actor_name ?? facts.title, position: geometry.coordinates });
    }
  }
  return found;
}

/** The stated address that a line means, if one does. @param {ReturnType<typeof statedAddresses>} stated @param {Address} address */
export function statedOne(stated, { street, place, postcode }) {
  if (!street || !place || !/\d/.test(street)) return null;
  const key = streetKey(street);
  return (postcode && stated.get(`${key}/${postcode}`)) || stated.get(`${key}/${fold(place.label)}`) || null;
}
