/**
 * Texts, plurals, numbers, dates and vocabulary labels in the page's language.
 * Texts come from /assets/locales/<tag>.json: flat keys; a value is a text with {placeholders} or an object of plural
 * forms chosen by the placeholder `n`.
 */
import { languageName } from "./language-names.js";

export class Texts {
  /** @param {string} tag @param {Record<string, string|Record<string,string>>} texts @param {Record<string, any[]>} vocabulary */
  constructor(tag, texts, vocabulary) {
    this.tag = tag;
    this.texts = texts;
    this.plurals = new Intl.PluralRules(tag);
    this.numbers = new Intl.NumberFormat(tag);
    const collator = new Intl.Collator(tag, { numeric: true });
    /** Orders names as the language does. */
    this.compare = (a, b) => collator.compare(a, b);
    this.vocabulary = vocabulary;
    this.labels = new Map();
    for (const [field, entries] of Object.entries(vocabulary)) {
      for (const entry of entries) this.labels.set(`${field}/${entry.key}`, entry.labels);
    }
  }

  /** The text of a key with its placeholders filled; numbers are written the language's way. A missing key shows itself. */
  text(key, values = {}) {
    let pattern = this.texts[key];
    if (pattern === undefined) return key;
    if (typeof pattern === "object") pattern = pattern[this.plurals.select(values.n)] ?? pattern.other;
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? this.number(value) : value;
    });
  }

  /**
   * The same in pieces, where a placeholder's value is an element.
   * @param {string} key @param {Record<string, Node|string>} values @returns {(Node|string)[]}
   */
  nodes(key, values) {
    const pattern = this.texts[key];
    if (typeof pattern !== "string") return [key];
    return pattern.split(/\{(\w+)\}/).map((piece, at) => (at % 2 ? (values[piece] ?? piece) : piece)).filter((piece) => piece !== "");
  }

  number(value) {
    return this.numbers.format(value);
  }

  /**
   * The label of a vocabulary entry, with the language it is in (German where there is no translation, else the key).
   * Languages have their names from the browser where the data lack them.
   */
  label(field, key) {
    const labels = this.labels.get(`${field}/${key}`) ?? {};
    for (const tag of [this.tag, this.tag.split("-")[0]]) if (labels[tag]) return { text: labels[tag], lang: tag };
    const name = field === "language" ? languageName(key, this.tag) : null;
    if (name) return { text: name, lang: this.tag };
    return labels.de ? { text: labels.de, lang: "de" } : { text: key, lang: null };
  }

  /** All entries of a field, named in the language, with their names in every language. */
  entries(field) {
    return (this.vocabulary[field] ?? []).map(({ key, labels }) => ({ key, text: this.label(field, key).text, names: Object.values(labels) }));
  }

  /** A date as precise as the source gave it: `2018`, `2018-06` or `2018-06-29`; of the Gregorian calendar, as on German papers. */
  date(value) {
    const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(value);
    if (!match) return value;
    const [, year, month, day] = match;
    if (!month) return year;
    /** @type {Intl.DateTimeFormatOptions} */
    const format = day ? { day: "numeric", month: "long", year: "numeric" } : { month: "long", year: "numeric" };
    const moment = Date.UTC(Number(year), Number(month) - 1, day ? Number(day) : 1);
    return new Intl.DateTimeFormat(this.tag, { ...format, calendar: "gregory", timeZone: "UTC" }).format(moment);
  }

  /** A moment in the visitor's own time zone. */
  moment(date) {
    return new Intl.DateTimeFormat(this.tag, { dateStyle: "long", timeStyle: "short" }).format(date);
  }

  /** The same of elements. @param {Node[]} items @returns {(Node|string)[]} */
  listNodes(items) {
    const parts = new Intl.ListFormat(this.tag, { type: "conjunction" }).formatToParts(items.map((_, at) => String(at)));
    return parts.map(({ type, value }) => (type === "element" ? items[Number(value)] : value));
  }

  list(items) {
    return new Intl.ListFormat(this.tag, { type: "conjunction" }).format(items);
  }
}
