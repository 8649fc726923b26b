/**
 * Suggestions for what is typed: offers, actors, places, postcodes, terms of the glossary and filters, tolerant of
 * typing errors and of umlauts. All in the browser: what somebody types is sent nowhere until it is chosen.
 */
import { onlyOne } from "./address.js";
import { tolerance, typos, words } from "./fold.js";

/** How well a word fits: whole, as a beginning, or with a typing error. */
const WHOLE = 3;
const BEGINNING = 2;
const ERROR = 1;

/** Fields whose values a typed word may mean, the likelier meaning first. */
const MEANT = ["language", "category", "audience", "topic", "delivery"];
/** Small words between the others, folded, in the page's languages: they carry no meaning here. */
const JOINING = new Set(
  ("in auf fur bei nahe an der die das und mit near on for at and the with en a de pour pres et w na dla i po la pentru si pe " +
    "icin ve o tai bang cho у в во на для и і та біля по في على من قرب و در به برای و").split(" "),
);

/** The most suggestions of each kind. */
const MOST = { place: 3, district: 1, value: 3, offer: 4, actor: 3, term: 2 };

/**
 * @typedef {{type: string, label: string, id: string, field?: string, position?: [number, number], note?: string, lang?: string|null,
 *   postcode?: string, municipality?: string|null, precision?: "town"|"postcode"|"address", of?: string}} Entry
 * `note`: what tells entries of one name apart; `precision`: what a place's position is the middle of; `of`: whose address it is
 */

export class SearchIndex {
  /** @param {Iterable<Entry & {also?: string[]}>} entries `also`: further names of the same thing */
  constructor(entries) {
    /** @type {(Entry & {words: string[], names: string[]})[]} */
    this.entries = [];
    /**
     * The entries in which a word occurs.
     * @type {Map<string, number[]>}
     */
    this.postings = new Map();
    for (const { also = [], ...entry } of entries) this.add(entry, also);
    this.vocabulary = [...this.postings.keys()];
    /**
     * The places of each name.
     * @type {Map<string, Entry[]>}
     */
    this.byName = new Map();
    for (const entry of this.entries) {
      if (entry.type !== "place") continue;
      for (const name of new Set(entry.names)) if (!/^\d+$/.test(name)) this.byName.set(name, [...(this.byName.get(name) ?? []), entry]);
    }
  }

  add(entry, also) {
    const names = [entry.label, ...also].filter(Boolean).map((name) => words(name));
    const distinct = [...new Set(names.flat())];
    const number = this.entries.length;
    this.entries.push({ ...entry, words: distinct, names: names.map((name) => name.join(" ")) });
    for (const word of distinct) {
      const list = this.postings.get(word);
      if (list) list.push(number);
      else this.postings.set(word, [number]);
    }
  }

  /**
   * The entries that a typed word may mean, each with how well it fits.
   * @returns {Map<number, number>}
   */
  matches(typed) {
    const found = new Map();
    const note = (word, fit) => {
      for (const number of this.postings.get(word)) if ((found.get(number) ?? 0) < fit) found.set(number, fit);
    };
    for (const word of this.vocabulary) if (word.startsWith(typed)) note(word, word === typed ? WHOLE : BEGINNING);
    // Only what is found nowhere is taken for an error.
    if (found.size || tolerance(typed.length) === 0) return found;
    for (const word of this.vocabulary) if (typos(typed, word) < Infinity) note(word, ERROR);
    return found;
  }

  /**
   * What fits all typed words, the best of each kind, kinds in the order of MOST.
   * @returns {Entry[]}
   */
  suggest(query) {
    const typed = words(query);
    if (!typed.length || (typed.length === 1 && typed[0].length < 2)) return [];
    /** @type {Map<number, number>|null} */
    let found = null;
    for (const word of typed) {
      const here = this.matches(word);
      if (!found) found = here;
      else found = new Map([...found].filter(([number]) => here.has(number)).map(([number, fit]) => [number, fit + here.get(number)]));
    }
    const phrase = typed.join(" ");
    const ranked = [...found].map(([number, fit]) => ({ entry: this.entries[number], fit: fit + this.bonus(number, phrase) }));
    ranked.sort((a, b) => b.fit - a.fit || a.entry.words.length - b.entry.words.length || (a.entry.label < b.entry.label ? -1 : 1));
    const left = { ...MOST };
    const best = ranked.filter(({ entry }) => (left[entry.type] -= 1) >= 0).map(({ entry }) => entry);
    return Object.keys(MOST).flatMap((type) => best.filter((entry) => entry.type === type));
  }

  /** A name that is typed whole, or that begins so, goes before one that merely holds the words. */
  bonus(number, phrase) {
    const { names } = this.entries[number];
    if (names.includes(phrase)) return 4;
    return names.some((name) => name.startsWith(phrase)) ? 2 : 0;
  }

  /**
   * Reads a query as filters and a place ("Arabisch Beratung Stendal"), where every word of it means one.
   * @returns {{filters: Record<string, string[]>, place: Entry|null}|null}
   */
  understood(query) {
    const typed = words(query).filter((word) => !JOINING.has(word));
    const result = { filters: {}, place: null };
    let index = 0;
    let postcode = "";
    while (index < typed.length) {
      if (/^\d{5}$/.test(typed[index]) && !postcode) {
        postcode = typed[index];
        index += 1;
        continue;
      }
      const taken = [3, 2, 1].map((length) => this.meaning(typed.slice(index, index + length), length, !result.place)).find(Boolean);
      if (!taken) return null;
      if (taken.entry.type === "value") (result.filters[taken.entry.field] ??= []).push(taken.entry.id);
      else result.place = taken.entry;
      index += taken.length;
    }
    if (postcode) {
      result.place = this.placeOf(postcode, result.place);
      if (!result.place) return null;
    }
    return result.place || Object.keys(result.filters).length ? result : null;
  }

  /** What some words mean together: a filter's value, else a place of that whole name. */
  meaning(span, length, wantsPlace) {
    if (span.length < length) return null;
    const fits = span.map((word) => this.matches(word));
    const common = [...fits[0].keys()].filter((number) => fits.every((fit) => fit.has(number)));
    const fit = (number) => fits.reduce((sum, found) => sum + found.get(number), 0);
    const values = common.filter((number) => this.entries[number].type === "value" && MEANT.includes(this.entries[number].field) && (span.every((word) => word.length >= 3) || this.entries[number].names.includes(span.join(" "))));
    const rank = (number) => [-fit(number), -this.bonus(number, span.join(" ")), MEANT.indexOf(this.entries[number].field), this.entries[number].words.length];
    values.sort((a, b) => compared(rank(a), rank(b)));
    const places = wantsPlace ? common.filter((number) => this.entries[number].type === "place" && this.entries[number].names.some((name) => this.isWholeName(span, name))) : [];
    places.sort((a, b) => fit(b) - fit(a) || this.entries[a].words.length - this.entries[b].words.length);
    const value = values[0];
    // Two towns of one name: which one is meant is not guessed.
    const best = places.filter((number) => fit(number) === fit(places[0]));
    const one = onlyOne(best.map((number) => this.entries[number]));
    const place = one ? best.find((number) => this.entries[number] === one) : undefined;
    // A place's own name beats a label that merely begins so.
    const number = place !== undefined && (value === undefined || fit(place) > fit(value)) ? place : value;
    return number === undefined ? null : { entry: this.entries[number], length };
  }

  isWholeName(span, name) {
    const parts = name.split(" ");
    return parts.length === span.length && parts.every((part, index) => typos(span[index], part) < Infinity && part.length <= span[index].length + tolerance(span[index].length));
  }

  /** The place with a postcode, of a name where one is given; none where the name is another town's. */
  placeOf(postcode, named = null) {
    const places = this.withPostcode(postcode);
    if (!named) return places[0] ?? null;
    return places.find(({ label }) => label === named.label) ?? places.find(({ municipality }) => municipality && municipality === named.municipality) ?? null;
  }

  /** The places with a postcode, a town before its parts. @returns {Entry[]} */
  withPostcode(postcode) {
    return (this.postings.get(postcode) ?? []).map((number) => this.entries[number]).filter((entry) => entry.type === "place" && entry.postcode === postcode);
  }

  /**
   * The places whose whole name some folded words are; with typing errors only where none is written so.
   * @param {string[]} span @param {boolean} isTolerant @returns {Entry[]}
   */
  towns(span, isTolerant) {
    if (!span.length) return [];
    const phrase = span.join(" ").replace(/-/g, " ");
    const exact = this.byName.get(phrase) ?? [];
    if (exact.length || !isTolerant) return exact;
    const parts = phrase.split(" ");
    return [...this.byName].filter(([name]) => this.isWholeName(parts, name)).flatMap(([, entries]) => entries);
  }

  /** The place that a URL's `near` names: as it was written there, else by its postcode or its whole name. */
  place(text) {
    const exact = this.entries.find((entry) => entry.type === "place" && entry.id === text);
    return exact ?? this.understood(text)?.place ?? null;
  }
}

function compared(a, b) {
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return a[index] - b[index];
  return 0;
}
