/** What the reader must know about a selection: what is not on the map, and what the sources do not say. */
import { dayOf, hasEnded } from "./ended.js";
import { isFiltered } from "./state.js";

/** @param {{features: any[], matched: number, notStated: Record<string, number>, silent?: any}} answer @returns {string[]} */
export function listNotes(answer, state, facets, texts) {
  const { features, matched } = answer;
  const notes = [];
  const emptyDistricts = state.filters.located_in.filter((key) => facets.option("located_in", key)?.count === 0);
  for (const key of emptyDistricts) notes.push(texts.text("note_district_empty", { district: facets.label("located_in", key) }));
  if (!matched && isFiltered(state) && !emptyDistricts.length) notes.push(texts.text("note_empty"));
  if (features.length < matched) notes.push(texts.text("note_limit", { shown: features.length, total: matched }));
  notes.push(...placeNotes(features, texts));
  const today = dayOf(new Date());
  const ended = features.filter(({ properties }) => hasEnded(properties, today)).length;
  if (ended) notes.push(texts.text("note_ended", { n: ended, total: features.length }));
  for (const [field, n] of Object.entries(answer.notStated)) {
    if (n > 0 && field !== "actor") notes.push(texts.text(answer.silent ? "note_silent_below" : "note_not_stated", { n, field: texts.text(`filter_${field}`) }));
  }
  return notes;
}

function placeNotes(features, texts) {
  const notes = [];
  const unplaced = features.filter((offer) => !offer.geometry);
  const inDistrict = unplaced.filter((offer) => offer.properties.district_key).length;
  const placeless = unplaced.filter((offer) => !offer.properties.district_key && !offer.properties.place).length;
  const reasons = [["reason_district", inDistrict], ["reason_none", placeless], ["reason_other", unplaced.length - inDistrict - placeless]]
    .filter(([, n]) => n > 0)
    .map(([key, n]) => texts.text(key, { n }));
  if (unplaced.length) notes.push(texts.text("note_unplaced", { n: unplaced.length, total: features.length, reasons: texts.list(reasons) }));
  else if (features.length) notes.push(texts.text("note_all_placed"));
  const inMiddle = features.filter((offer) => offer.geometry && offer.properties.precision === "district").length;
  if (inMiddle) notes.push(texts.text("note_district_point", { n: inMiddle }));
  return notes;
}

/** From when the sources are. */
export function sourceYears(features, texts) {
  let [from, to] = [Infinity, -Infinity];
  for (const { properties } of features) {
    const year = Number(properties.source_year);
    if (!year) continue;
    from = Math.min(from, year);
    to = Math.max(to, year);
  }
  const key = from === Infinity ? "note_source" : from === to ? "note_source_year" : "note_source_years";
  return texts.text(key, { from: String(from), to: String(to) });
}
