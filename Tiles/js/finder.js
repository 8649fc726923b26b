/** Fills the search box's suggestions and turns what is taken into filters, a place, or an offer to look at. */
import { readAddress, statedAddresses, statedOne } from "./address.js";
import { Combobox } from "./combobox.js";
import { fallbackMark, isFallback } from "./foreign.js";
import { ownName, spellings } from "./language-names.js";
import { placeEntries } from "./places.js";
import { SearchIndex } from "./search.js";
import { NOT_STATED } from "./state.js";

export class Finder {
  /**
   * @param {{input: HTMLInputElement, status: HTMLElement}} parts
   * @param {import("./api.js").Service} service @param {import("./i18n.js").Texts} texts
   * @param {import("./facets.js").Facets} facets
   * @param {{offers: () => Promise<import("./records.js").Records|null>, narrow: (filters: Record<string, string[]>, near: string) => void,
   *   offer: (id: string) => void, actor: (id: string) => void, term: (term: any) => void, search: (text: string) => void, say: (text: string) => void,
   *   finds: (text: string) => boolean}} actions
   * @param {Map<string, string[]>} ways the categories of each way in
   */
  constructor({ input, status }, service, texts, facets, actions, ways) {
    this.service = service;
    this.texts = texts;
    this.facets = facets;
    this.actions = actions;
    this.ways = ways;
    this.index = null;
    new Combobox(input, status, {
      label: texts.text("suggestions"),
      suggest: (text) => this.suggest(text),
      submit: (text) => this.submit(text),
      say: (n) => texts.text("suggestions_count", { n }),
    });
    // Ready when the first letter comes.
    input.addEventListener("focus", () => this.ready().catch(() => {}), { once: true });
  }

  /**
   * The index, made once when it is first needed.
   * @returns {Promise<SearchIndex>}
   */
  ready() {
    this.index ??= this.make();
    this.index.catch(() => (this.index = null));
    return this.index;
  }

  async make() {
    // A part that is missing (offline, or none in the pack) leaves the others searchable.
    const or = (promise, nothing) => promise.catch(() => nothing);
    const [offers, places, actors, glossary] = await Promise.all([
      or(this.actions.offers(), null),
      or(this.service.records("places"), null),
      or(this.service.records("actors"), null),
      or(this.service.file("glossary"), { terms: [] }),
    ]);
    this.terms = new Map(glossary.terms.map((term) => [term.term, term]));
    const features = (records) => Array.from({ length: records?.count ?? 0 }, (_, row) => records.feature(row));
    this.stated = statedAddresses([...features(offers?.columns.street ? offers : null), ...features(actors)]);
    const named = (type, records, field, also, note) =>
      Array.from({ length: records?.count ?? 0 }, (_, row) => ({
        type,
        id: records.value("id", row),
        lang: "de",
        label: records.value(field, row) ?? "",
        also: also.map((name) => records.value(name, row)).filter(Boolean),
        note: note.map((name) => records.value(name, row)).find(Boolean) ?? "",
      }));
    return new SearchIndex([
      ...this.values(),
      ...(places ? placeEntries(places, (key) => this.facets.option("located_in", key)?.label ?? "") : []),
      ...named("offer", offers, "title", [], ["place", "actor_name"]),
      ...named("actor", actors, "name", ["short_name"], ["place", "district_name"]),
      ...glossary.terms.map(({ term }) => ({ type: "term", id: term, label: term })),
    ]);
  }

  /**
   * Further names of a value: those that the data have in other languages; a language's names on this page and among those
   * who speak it; and a way's name for the first of its categories, which the data name in German and English only.
   * @param {string} field @param {string} key @returns {string[]}
   */
  otherNames(field, key) {
    const { texts } = this;
    if (field === "language") return [texts.label(field, key).text, ownName(key)].filter(Boolean).flatMap(spellings);
    if (field !== "category") return [];
    return [...this.ways].filter(([, categories]) => categories[0] === key).flatMap(([way]) => spellings(texts.text(`way_${way}`)));
  }

  /** Every value that the filters offer, with its names in all languages. */
  values() {
    const result = [];
    for (const [field, options] of this.facets.options) {
      const names = new Map(this.texts.entries(field).map((entry) => [entry.key, entry.names]));
      for (const { key, label, count, lang } of options) {
        if (key === NOT_STATED || field === "link_kind") continue;
        if (field === "located_in") result.push({ type: "district", field, id: key, label });
        else if (count > 0 || field === "language") result.push({ type: "value", field, id: key, label, lang, also: [...(names.get(key) ?? []), ...this.otherNames(field, key)] });
      }
    }
    return result;
  }

  async suggest(text) {
    const index = await this.ready();
    const understood = index.understood(text);
    const entries = index.suggest(text);
    /** @type {{kind: string, label: string, note?: string, lang?: string|null, mark?: Node|null, take: () => void}[]} */
    const options = entries.map((entry) => this.option(entry));
    // Where the words together mean more than one thing, that leads.
    const parts = understood ? Object.values(understood.filters).flat().length + (understood.place ? 1 : 0) : 0;
    if (parts > 1) options.unshift({ kind: this.texts.text("kind_selection"), label: this.describe(understood), note: "", take: () => this.take(understood) });
    const address = understood ? null : this.address(index, text);
    if (address?.place && (address.street || address.unknown.length)) {
      options.unshift({ kind: this.texts.text("field_address"), label: this.texts.text("near_place", { place: address.place.id }), note: this.remark(address), lang: null, take: () => this.takeAddress(address) });
    }
    return options;
  }

  /** A line as an address; one that a record states stands where that record does. */
  address(index, text) {
    const address = readAddress(index, text);
    const stated = address?.place && statedOne(this.stated, address);
    if (!stated) return address;
    const { place, street } = address;
    return { ...address, place: { ...place, id: `${street}, ${place.id}`, position: stated.position, precision: /** @type {const} */ ("address"), of: stated.name } };
  }

  /** What of a line is not known here, or why it leads nowhere. */
  remark({ place, street, unknown, problem, name, postcode }) {
    const { texts } = this;
    if (problem) return texts.text(`near_${problem}`, { place: name, postcode });
    const words = [...(street && place.precision !== "address" ? [street] : []), ...unknown];
    return words.length ? texts.text("near_street_unknown", { words: words.join(", "), place: place.id }) : "";
  }

  takeAddress(address) {
    if (address.place) this.actions.narrow({}, address.place.id);
    this.actions.say(this.remark(address));
  }

  option(entry) {
    const { actions, texts } = this;
    const kinds = { place: "field_place", district: "field_district", offer: "kind_offer", actor: "field_actor", term: "kind_term" };
    const kind = texts.text(kinds[entry.type] ?? `filter_${entry.field}`);
    const takes = {
      place: () => actions.narrow({}, entry.id),
      district: () => actions.narrow({ located_in: [entry.id] }, ""),
      value: () => actions.narrow({ [entry.field]: [entry.id] }, ""),
      offer: () => actions.offer(entry.id),
      actor: () => actions.actor(entry.id),
      term: () => actions.term(this.terms.get(entry.id)),
    };
    const label = entry.type === "place" ? texts.text("near_place", { place: entry.label }) : entry.label;
    return { kind, label, note: entry.note, lang: entry.type === "place" ? null : (entry.lang ?? null), mark: entry.type === "value" && isFallback(entry.lang ?? null, texts) ? fallbackMark(entry.lang, texts) : null, take: takes[entry.type] };
  }

  describe({ filters, place }) {
    const parts = Object.entries(filters).flatMap(([field, keys]) => keys.map((key) => this.facets.label(field, key)));
    if (place) parts.push(this.texts.text("near_place", { place: place.label }));
    return parts.join(" · ");
  }

  take({ filters, place }) {
    this.actions.narrow(filters, place?.id ?? "");
  }

  /** Enter: the words as they stand where offers hold them, else what they mean. */
  async submit(text) {
    if (text && !this.actions.finds(text)) {
      const index = await this.ready().catch(() => null);
      const understood = index?.understood(text);
      if (understood) {
        this.take(understood);
        return;
      }
      const address = index && this.address(index, text);
      if (address) {
        this.takeAddress(address);
        return;
      }
    }
    this.actions.search(text);
  }

  /**
   * The place that a URL names; null where it is not known.
   * @param {string} text @returns {Promise<import("./search.js").Entry|null>}
   */
  async place(text) {
    const index = await this.ready();
    return index.place(text) ?? this.address(index, text)?.place ?? null;
  }
}
