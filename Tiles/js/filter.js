/**
 * Chooses offers in the browser by the server's grammar (OfferSelection.swift), and counts what every other choice
 * would find. One pass per chosen field and one per counted field: linear in the offers, without an object per offer.
 */
import { fold } from "./fold.js";
import { NOT_STATED } from "./state.js";

/** The column of each field of the grammar. */
const COLUMNS = { category: "category", topic: "topics", audience: "audiences", language: "languages", delivery: "delivery", sector: "sector", actor: "actor_id" };
const TEXTS = ["title", "description", "actor_name", "place", "district_name", "municipality_name", "postcode"];

/** Marks a row that the search text or the way in leaves out: no field's count may bring it back. */
const OUTSIDE = 255;

export class OfferFilter {
  /** @param {import("./records.js").Records} records */
  constructor(records) {
    this.records = records;
    this.texts = null;
  }

  /**
   * @param {{q: string, filters: Record<string, string[]>, within: string[]}} state
   * @param {string[]} counted the fields whose values are counted
   * @returns {{rows: number[], notStated: Record<string, number>, silent: (field: string) => number[], counts: Record<string, Map<string, number>>}}
   * `notStated`: per chosen field the offers that pass everything else but state nothing in it, and `silent` their rows;
   * `counts`: per field and value the offers there would be with that value alone, `NOT_STATED` among the values
   */
  select(state, counted) {
    const { count } = this.records;
    const failures = new Uint8Array(count);
    const culprit = new Uint8Array(count);
    const isSilent = new Uint8Array(count);
    const chosen = Object.keys(state.filters).filter((field) => state.filters[field].length && (COLUMNS[field] || field === "located_in"));
    chosen.forEach((field, index) => this.apply(field, state.filters[field], index + 1, failures, culprit, isSilent));
    const leaveOut = (row) => {
      failures[row] += 1;
      culprit[row] = OUTSIDE;
      isSilent[row] = 0;
    };
    if (state.within.length) this.limit("category", state.within, leaveOut);
    if (state.q) this.search(state.q, leaveOut);

    const silent = (field) => {
      const number = chosen.indexOf(field) + 1;
      const rows = [];
      if (number === 0) return rows;
      for (let row = 0; row < count; row += 1) if (failures[row] === 1 && culprit[row] === number && isSilent[row]) rows.push(row);
      return rows;
    };
    const rows = [];
    for (let row = 0; row < count; row += 1) if (failures[row] === 0) rows.push(row);
    const passes = (number) => (row) => failures[row] === 0 || (failures[row] === 1 && culprit[row] === number);
    return {
      rows,
      silent,
      notStated: Object.fromEntries(chosen.map((field) => [field, silent(field).length])),
      counts: Object.fromEntries(counted.map((field) => [field, this.count(field, passes(chosen.indexOf(field) + 1 || OUTSIDE - 1))])),
    };
  }

  /** For each row whether it has one of the values; nil-like 2 where it states nothing and that is not asked for. */
  apply(field, values, number, failures, culprit, isSilent) {
    const keepsSilent = values.includes(NOT_STATED);
    const fail = (row, silent) => {
      failures[row] += 1;
      culprit[row] = number;
      isSilent[row] = silent ? 1 : 0;
    };
    const verdict = field === "located_in" ? this.areas(values) : this.coded(COLUMNS[field], values);
    for (let row = 0; row < this.records.count; row += 1) {
      const holds = verdict(row);
      if (holds === null ? !keepsSilent : !holds) fail(row, holds === null);
    }
  }

  /** @returns {(row: number) => boolean|null} null: not stated */
  coded(column, values) {
    const { values: known, rows } = this.records.codes(column);
    if (!rows) return () => null;
    const wanted = [false, ...known.map((value) => values.includes(value))];
    return (row) => {
      const code = rows[row];
      if (code === 0) return null;
      return Array.isArray(code) ? code.some((number) => wanted[number]) : wanted[code];
    };
  }

  /** Areas are hierarchical: a place lies in every area whose key is a prefix of its own. */
  areas(keys) {
    const lies = (column) => {
      const { values, rows } = this.records.codes(column);
      return { rows, wanted: [false, ...values.map((value) => keys.some((key) => value.startsWith(key)))] };
    };
    const [district, municipality] = [lies("district_key"), lies("municipality_key")];
    return (row) => {
      const [first, second] = [Number(district.rows?.[row] ?? 0), Number(municipality.rows?.[row] ?? 0)];
      if (first === 0 && second === 0) return null;
      return district.wanted[first] || municipality.wanted[second];
    };
  }

  limit(column, values, leaveOut) {
    const verdict = this.coded(column, values);
    for (let row = 0; row < this.records.count; row += 1) if (!verdict(row)) leaveOut(row);
  }

  /** Every word must occur somewhere in the texts. */
  search(q, leaveOut) {
    const needles = q.split(/\s+/u).map(fold).filter(Boolean);
    const texts = this.foldedTexts();
    for (let row = 0; row < texts.length; row += 1) if (!needles.every((needle) => texts[row].includes(needle))) leaveOut(row);
  }

  /** Made with the first search and kept: the columns never change. */
  foldedTexts() {
    this.texts ??= Array.from({ length: this.records.count }, (_, row) => TEXTS.map((field) => fold(this.records.value(field, row) ?? "")).join("\0"));
    return this.texts;
  }

  count(field, passes) {
    const { values, rows } = this.records.codes(field === "located_in" ? "district_key" : COLUMNS[field]);
    const numbers = new Uint32Array(values.length + 1);
    for (let row = 0; row < this.records.count; row += 1) {
      if (!passes(row)) continue;
      const code = rows ? rows[row] : 0;
      if (Array.isArray(code)) for (const number of code) numbers[number] += 1;
      else numbers[code] += 1;
    }
    const counts = new Map([[NOT_STATED, numbers[0]]]);
    values.forEach((value, index) => counts.set(value, numbers[index + 1]));
    return counts;
  }
}
