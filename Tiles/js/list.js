/**
 * The list of offers: what the map shows and, beside it, what a map cannot show. It is the whole answer, in the server's
 * order; the map is the picture of the part that has a place.
 */
import { element } from "./dom.js";
import { entryDetails, entryHead } from "./entry.js";
import { FIELDS, isFiltered } from "./state.js";

/** Entries drawn at once; the rest follows on request, so that a long list stays quick. */
const PORTION = 200;

export class OfferList {
  /**
   * @param {Record<string, HTMLElement>} parts count, notes, entries, more, results, note
   * @param {import("./i18n.js").Texts} texts
   * @param {{showOnMap: (id: string) => void, highlight: (id: string|null) => void, opened: (id: string|null) => void}} actions
   * @param {Parameters<typeof entryDetails>[2]} lookups
   */
  constructor(parts, texts, actions, lookups) {
    Object.assign(this, { parts, texts, actions, lookups });
    this.answer = null;
    this.shown = 0;
    this.items = new Map();
  }

  loading() {
    this.parts.results.setAttribute("aria-busy", "true");
  }

  failed(reason, retry) {
    this.parts.results.removeAttribute("aria-busy");
    this.parts.count.textContent = this.texts.text("load_failed", { reason });
    this.parts.notes.replaceChildren();
    this.parts.entries.replaceChildren();
    this.parts.more.replaceChildren(element("button", { type: "button", class: "button", onclick: retry }, this.texts.text("retry")));
  }

  /** @param {{features: any[], matched: number, notStated: Record<string, number>}} answer */
  show(answer, state, facets) {
    this.answer = answer;
    this.parts.results.removeAttribute("aria-busy");
    this.parts.count.textContent = this.headline(answer, state, facets);
    this.parts.notes.replaceChildren(...this.notes(answer, state, facets).map((note) => element("li", {}, note)));
    this.showSourceYears(answer.features);
    this.items.clear();
    this.parts.entries.replaceChildren();
    this.shown = 0;
    this.showPortion();
  }

  /** The number found. Nothing found means that the sources are silent, never that there is nothing. */
  headline({ matched }, state, facets) {
    if (matched) return this.texts.text("offers_count", { n: matched });
    const districts = state.filters.located_in;
    const silent = districts.length > 0 && districts.every((key) => facets.option("located_in", key)?.count === 0);
    return this.texts.text(silent ? "count_no_data" : "count_no_entries");
  }

  /** What the reader must know about the selection: what is not on the map, and what the sources do not say. */
  notes(answer, state, facets) {
    const { texts } = this;
    const { features, matched } = answer;
    const notes = [];
    const districts = state.filters.located_in;
    const emptyDistricts = districts.filter((key) => facets.option("located_in", key)?.count === 0);
    for (const key of emptyDistricts) notes.push(texts.text("note_district_empty", { district: facets.label("located_in", key) }));
    if (!matched && isFiltered(state) && !emptyDistricts.length) notes.push(texts.text("note_empty"));
    if (features.length < matched) notes.push(texts.text("note_limit", { shown: features.length, total: matched }));

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

    for (const field of FIELDS) {
      const n = state.filters[field].length ? answer.notStated[field] ?? 0 : 0;
      if (n > 0) notes.push(texts.text("note_not_stated", { n, field: texts.text(`filter_${field}`) }));
    }
    return notes;
  }

  showSourceYears(features) {
    const years = features.map((offer) => offer.properties.source_year).filter(Boolean).map(Number);
    const [from, to] = [Math.min(...years), Math.max(...years)].map(String);
    const key = !years.length ? "note_source" : from === to ? "note_source_year" : "note_source_years";
    this.parts.note.textContent = this.texts.text(key, { from, to });
  }

  showPortion() {
    const { features } = this.answer;
    const next = features.slice(this.shown, this.shown + PORTION);
    const nodes = next.map((offer) => this.entry(offer));
    this.parts.entries.append(...nodes);
    const focusNext = this.shown > 0 ? nodes[0] : null;
    this.shown += next.length;
    const rest = features.length - this.shown;
    const more = () => this.showPortion();
    this.parts.more.replaceChildren(
      ...(rest > 0 ? [element("button", { type: "button", class: "button", onclick: more }, this.texts.text("show_more", { n: Math.min(rest, PORTION) }))] : []),
    );
    focusNext?.querySelector("summary").focus();
  }

  entry(offer) {
    const { texts, actions } = this;
    const { title } = offer.properties;
    const id = String(offer.id);
    const details = element(
      "details",
      { class: "entry-details" },
      element("summary", { "aria-label": texts.text("details_of", { title }) }, texts.text("details")),
    );
    details.addEventListener("toggle", () => {
      if (details.open && !details.querySelector("dl")) details.append(entryDetails(offer, texts, this.lookups));
      actions.opened(details.open ? id : null);
    });
    const mapButton = offer.geometry
      ? element("button", { type: "button", class: "link-button", "aria-label": texts.text("show_on_map_of", { title }), onclick: () => actions.showOnMap(id) }, texts.text("show_on_map"))
      : null;
    const item = element(
      "li",
      { class: "entry", "data-offer": id },
      entryHead(offer, texts),
      element("div", { class: "entry-actions" }, details, mapButton),
    );
    item.addEventListener("pointerenter", () => actions.highlight(id));
    item.addEventListener("pointerleave", () => actions.highlight(null));
    item.addEventListener("focusin", () => actions.highlight(id));
    this.items.set(id, item);
    return item;
  }

  /** Opens an entry, brings it into view and puts the focus on it. */
  reveal(id, focus = true) {
    const position = this.answer?.features.findIndex((offer) => String(offer.id) === id) ?? -1;
    if (position < 0) return;
    while (this.shown <= position) this.showPortion();
    const item = this.items.get(id);
    item.querySelector("details").open = true;
    item.scrollIntoView({ block: "start" });
    if (focus) item.querySelector("summary").focus({ preventScroll: true });
    for (const other of this.items.values()) other.classList.toggle("is-chosen", other === item);
  }
}
