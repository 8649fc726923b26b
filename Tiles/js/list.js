/**
 * The list of offers: what the map shows and, beside it, what a map cannot show. It is the whole answer; the map is the
 * picture of the part that has a place.
 */
import { arranged } from "./arrange.js";
import { element } from "./dom.js";
import { entryDetails, entryHead } from "./entry.js";
import { german, vocabularyLabel } from "./foreign.js";
import { distance, kilometres } from "./near.js";
import { listNotes, sourceYears } from "./notes.js";

/** Entries drawn at once, and with each request for more, so that a long list stays quick. */
const FIRST = 30;
const PORTION = 60;

export class OfferList {
  /**
   * @param {Record<string, HTMLElement>} parts count, notes, entries, more, results, note, silent
   * @param {import("./i18n.js").Texts} texts
   * @param {{showOnMap: (id: string) => void, highlight: (id: string|null) => void, opened: (id: string|null) => void,
   *   include: (field: string) => void}} actions
   * @param {Parameters<typeof entryDetails>[2]} lookups
   */
  constructor(parts, texts, actions, lookups) {
    this.parts = parts;
    this.texts = texts;
    this.actions = actions;
    this.lookups = lookups;
    this.answer = null;
    this.position = null;
    this.shown = 0;
    /**
     * Headings and offers in the order of the list.
     * @type {{offer?: any, group?: any}[]}
     */
    this.lines = [];
    this.items = new Map();
  }

  loading() {
    this.parts.results.setAttribute("aria-busy", "true");
  }

  failed(reason, retry) {
    this.parts.results.removeAttribute("aria-busy");
    this.parts.count.textContent = this.texts.text("load_failed", { reason });
    for (const part of ["notes", "entries", "silent"]) this.parts[part].replaceChildren();
    this.parts.more.replaceChildren(element("button", { type: "button", class: "button", onclick: retry }, this.texts.text("retry")));
  }

  /**
   * @param {{features: any[], matched: number, notStated: Record<string, number>, silent?: (field: string) => any[]}} answer
   * @param {[number, number]|null} position to which distances are said @param {string[]} [measured] from where, in words
   */
  show(answer, state, facets, position = null, measured = []) {
    this.answer = answer;
    this.position = position;
    this.parts.results.removeAttribute("aria-busy");
    this.parts.count.textContent = this.headline(answer, state, facets);
    this.parts.notes.replaceChildren(...[...listNotes(answer, state, facets, this.texts), ...measured].map((note) => element("li", {}, note)));
    this.parts.note.textContent = sourceYears(answer.features, this.texts);
    const groups = arranged(answer.features, state, position, { label: (field, key) => this.texts.label(field, key).text, compare: this.texts.compare });
    this.lines = groups.flatMap((group) => [...(group.key ? [{ group }] : []), ...group.offers.map((offer) => ({ offer }))]);
    this.items.clear();
    this.parts.entries.replaceChildren();
    this.shown = 0;
    this.showPortion(FIRST);
    this.showSilent(answer, state, facets);
  }

  /** The number found. Nothing found means that the sources are silent, never that there is nothing. */
  headline(answer, state, facets) {
    const { features, matched } = answer;
    if (matched && state.way === "trainers") {
      const actors = new Set(features.map((offer) => offer.properties.actor_id ?? offer.properties.actor_name).filter(Boolean)).size;
      return this.texts.text("trainers_count", { n: matched, actors: this.texts.text("trainers_actors", { n: actors }) });
    }
    if (matched) return this.texts.text("offers_count", { n: matched });
    const districts = state.filters.located_in;
    if (districts.length > 0 && districts.every((key) => facets.option("located_in", key)?.count === 0)) return this.texts.text("count_no_data");
    const [field, n] = Object.entries(answer.notStated).sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    if (n > 0 && answer.silent) return this.texts.text("count_only_silent", { n, wanted: this.texts.list(state.filters[field].map((key) => facets.label(field, key))) });
    return this.texts.text("count_no_entries");
  }

  showPortion(count = PORTION) {
    const next = this.lines.slice(this.shown, this.shown + count);
    const nodes = next.map((line) => (line.group ? this.heading(line.group) : this.entry(line.offer)));
    this.parts.entries.append(...nodes);
    const focusNext = this.shown > 0 ? nodes.find((node) => node.querySelector("summary")) : null;
    this.shown += next.length;
    const rest = this.lines.slice(this.shown).filter((line) => line.offer).length;
    const more = () => this.showPortion();
    this.parts.more.replaceChildren(
      ...(rest > 0 ? [element("button", { type: "button", class: "button", onclick: more }, this.texts.text("show_more", { n: Math.min(rest, PORTION) }))] : []),
    );
    focusNext?.querySelector("summary").focus();
  }

  /** The heading of a group, with how many are in it. */
  heading({ key, value, offers }) {
    const { texts } = this;
    let name;
    if (key === "topic") name = value ? vocabularyLabel("topic", value, texts) : texts.text("group_topic_none");
    else if (key === "district") name = value ? german("bdi", value, texts) : texts.text("group_district_none");
    else if (key === "actor") name = value ? german("bdi", value, texts) : texts.text("actor_not_stated");
    else name = texts.text(`group_${key}`);
    const note = key === "coming" || key === "unplaced" ? element("span", { class: "group-note" }, texts.text(`group_${key}_note`)) : null;
    return element("li", { class: "group" }, element("h3", { class: "group-title" }, name, " ", element("span", { class: "group-count" }, texts.number(offers.length))), note);
  }

  /** What states nothing in a chosen field: shown apart, since it may well be meant. */
  showSilent(answer, state, facets) {
    const { texts, actions } = this;
    const sections = Object.entries(answer.notStated).filter(([field, n]) => n > 0 && field !== "actor" && answer.silent && state.filters[field]?.length);
    this.parts.silent.replaceChildren(
      ...sections.map(([field, n]) => {
        const name = texts.text(`filter_${field}`);
        const wanted = texts.list(state.filters[field].map((key) => facets.label(field, key)));
        const id = `silent-${field}`;
        const list = element("ol", { class: "entries" });
        const offers = [...answer.silent(field)];
        const groups = arranged(offers, { way: "", order: "title" }, this.position, { label: () => "", compare: texts.compare });
        const sorted = groups.flatMap((group) => group.offers);
        let shown = 0;
        const more = element("button", { type: "button", class: "button" });
        const append = (count) => {
          const nodes = sorted.slice(shown, shown + count).map((offer) => this.entry(offer, true));
          list.append(...nodes);
          if (shown > 0) nodes[0].querySelector("summary").focus();
          shown += nodes.length;
          more.hidden = shown >= sorted.length;
          more.textContent = texts.text("show_more", { n: Math.min(PORTION, sorted.length - shown) });
        };
        more.addEventListener("click", () => append(PORTION));
        append(FIRST);
        return element(
          "section",
          { class: "silent-section", "aria-labelledby": id },
          element("h3", { class: "silent-title", id }, texts.text("silent_title", { n, field: name })),
          element("p", { class: "silent-note" }, texts.text("silent_note", { field: name, wanted })),
          element("button", { type: "button", class: "link-button", onclick: () => actions.include(field) }, texts.text("silent_include")),
          list,
          more,
        );
      }),
    );
  }

  entry(offer, isSilent = false) {
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
    // What the map does not show cannot be shown on it.
    const mapButton = offer.geometry && !isSilent
      ? element("button", { type: "button", class: "link-button", "aria-label": texts.text("show_on_map_of", { title }), onclick: () => actions.showOnMap(id) }, texts.text("show_on_map"))
      : null;
    const away = this.position && offer.geometry ? kilometres(distance(this.position, offer.geometry.coordinates), texts.tag) : null;
    const item = element(
      "li",
      { class: "entry", "data-offer": id },
      entryHead(offer, texts, { heading: isSilent || this.lines[0]?.group ? "h4" : "h3", away, area: this.position ? this.lookups.area : null }),
      element("div", { class: "entry-actions" }, details, mapButton),
    );
    if (!isSilent) {
      item.addEventListener("pointerenter", () => actions.highlight(id));
      item.addEventListener("pointerleave", () => actions.highlight(null));
      item.addEventListener("focusin", () => actions.highlight(id));
      this.items.set(id, item);
    }
    return item;
  }

  /** Opens an entry, brings it into view and puts the focus on it. */
  reveal(id, focus = true) {
    const position = this.lines.findIndex((line) => line.offer && String(line.offer.id) === id);
    if (position < 0) return;
    while (this.shown <= position) this.showPortion();
    const item = this.items.get(id);
    item.querySelector("details").open = true;
    item.scrollIntoView({ block: "start" });
    if (focus) item.querySelector("summary").focus({ preventScroll: true });
    for (const other of this.items.values()) other.classList.toggle("is-chosen", other === item);
  }
}
