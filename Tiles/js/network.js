/**
 * The network of actors: who works with whom. Chooses actors and relations by kind of relation, sector and district, and
 * lists every actor with its partners. Pure but for the list's nodes.
 */
import { element } from "./dom.js";
import { pageLink } from "./entry.js";
import { fold } from "./fold.js";
import { german, vocabularyLabel } from "./foreign.js";
import { distance, kilometres } from "./near.js";
import { townName } from "./places.js";
import { NETWORK_FIELDS, NOT_STATED } from "./state.js";

const TEXTS = ["name", "short_name", "place", "district_name", "postcode"];
const PORTION = 60;

/**
 * @typedef {{actors: any[], links: any[], beside: any[]}} Network `beside`: actors that are not chosen themselves but at
 * the other end of a chosen relation
 */

/**
 * Chooses from the network.
 * @param {any[]} actors @param {any[]} links features
 * @returns {Network & {counts: Record<string, Map<string, number>>}}
 * `links`: of a chosen kind, with at least one end among the chosen actors; where a kind is chosen, an actor without such
 * a relation is left out; `counts`: actors per sector and district, relations per kind, under the other filters
 */
export function chosenNetwork(actors, links, state) {
  const needles = state.q.split(/\s+/u).map(fold).filter(Boolean);
  const holds = (values, value) => !values.length || (value ? values.includes(value) : values.includes(NOT_STATED));
  const lies = (values, { district_key: district, municipality_key: municipality }) =>
    !values.length || (district || municipality ? values.some((key) => district?.startsWith(key) || municipality?.startsWith(key)) : values.includes(NOT_STATED));
  const found = ({ properties }) => {
    if (!needles.length) return true;
    const text = TEXTS.map((field) => fold(properties[field] ?? "")).join("\0");
    return needles.every((needle) => text.includes(needle));
  };
  const passes = (actor, without) =>
    (without === "sector" || holds(state.filters.sector, actor.properties.sector)) && (without === "located_in" || lies(state.filters.located_in, actor.properties)) && found(actor);
  const related = (kept, kinds) => {
    const ids = new Set(kept.map((actor) => actor.id));
    return links.filter(({ properties }) => holds(kinds, properties.kind) && (ids.has(properties.from_id) || ids.has(properties.to_id)));
  };
  const select = (without) => {
    let kept = actors.filter((actor) => passes(actor, without));
    const kinds = without === "link_kind" ? [] : state.filters.link_kind;
    const chosen = related(kept, kinds);
    if (kinds.length) {
      const ends = new Set(chosen.flatMap(({ properties }) => [properties.from_id, properties.to_id]));
      kept = kept.filter((actor) => ends.has(actor.id));
    }
    return { actors: kept, links: chosen };
  };
  /** @type {Record<string, Map<string, number>>} */
  const counts = {};
  for (const field of NETWORK_FIELDS) {
    const here = select(field);
    const values = field === "link_kind" ? here.links.map(({ properties }) => properties.kind) : here.actors.map(({ properties }) => properties[field === "sector" ? "sector" : "district_key"]);
    counts[field] = new Map();
    for (const value of values) counts[field].set(value || NOT_STATED, (counts[field].get(value || NOT_STATED) ?? 0) + 1);
  }
  const chosen = select("");
  const kept = new Set(chosen.actors.map(({ id }) => id));
  const ends = new Set(chosen.links.flatMap(({ properties }) => [properties.from_id, properties.to_id]));
  return { ...chosen, beside: actors.filter(({ id }) => ends.has(id) && !kept.has(id)), counts };
}

/**
 * The other ends of an actor's relations, by kind.
 * @returns {Map<string, {id: string, name: string, since: string|null}[]>}
 */
export function partners(id, links) {
  const result = new Map();
  for (const { properties } of links) {
    const isFrom = properties.from_id === id;
    if (!isFrom && properties.to_id !== id) continue;
    const kind = properties.kind ?? "";
    if (!result.has(kind)) result.set(kind, []);
    result.get(kind).push(isFrom ? { id: properties.to_id, name: properties.to_name, since: properties.since } : { id: properties.from_id, name: properties.from_name, since: properties.since });
  }
  return result;
}

/**
 * The same as text.
 * @param {ReturnType<typeof partners>} relations @param {import("./i18n.js").Texts} texts
 * @param {(other: {id: string, name: string}) => Node} [named] how a partner's name is shown
 */
export function relationFacts(relations, texts, named = (other) => german("bdi", other.name ?? other.id, texts)) {
  const line = (other) => element("li", {}, named(other), other.since ? ` (${texts.text("since", { date: texts.date(other.since) })})` : null);
  return element(
    "dl",
    { class: "facts" },
    [...relations].map(([kind, list]) =>
      element("div", { class: "fact" }, element("dt", {}, kind ? vocabularyLabel("link_kind", kind, texts) : texts.text("not_stated")), element("dd", {}, element("ul", {}, list.map(line)))),
    ),
  );
}

/** What kind of actor it is. @returns {(Node|string)[]} */
export function actorKind({ kind, sector }, texts) {
  const parts = [kind && vocabularyLabel("kind", kind, texts), sector && vocabularyLabel("sector", sector, texts)].filter(Boolean);
  return parts.flatMap((part, index) => (index ? [" · ", part] : [part]));
}

/** The first thing in some entries that takes the focus. @param {HTMLElement[]} items @returns {HTMLElement|undefined} */
function first(items) {
  return items.flatMap((item) => [.../** @type {NodeListOf<HTMLElement>} */ (item.querySelectorAll("summary, a, button"))])[0];
}

export class NetworkList {
  /**
   * @param {Record<string, HTMLElement>} parts as of OfferList
   * @param {import("./i18n.js").Texts} texts
   * @param {{showOnMap: (actor: any) => void, highlight: (id: string|null) => void}} actions
   */
  constructor(parts, texts, actions) {
    this.parts = parts;
    this.texts = texts;
    this.actions = actions;
    /** @type {any[]} */
    this.sorted = [];
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
  }

  /** @param {Network} network @param {[number, number]|null} position to which distances are said @param {string[]} [measured] from where, in words */
  show({ actors, links }, position = null, measured = []) {
    const { parts, texts } = this;
    parts.results.removeAttribute("aria-busy");
    parts.count.textContent = actors.length
      ? texts.text("network_actors_count", { n: actors.length, links: texts.text("network_links", { n: links.length }) })
      : texts.text("count_no_entries");
    const placed = actors.filter(({ geometry }) => geometry).length;
    const notes = [...(actors.length ? [texts.text("network_placed", { n: placed, total: actors.length })] : []), ...measured];
    parts.notes.replaceChildren(...notes.map((note) => element("li", {}, note)));
    parts.note.textContent = texts.text("network_note");
    parts.silent.replaceChildren();
    parts.entries.replaceChildren();
    const away = new Map(actors.map((actor) => [actor, position && actor.geometry ? distance(position, actor.geometry.coordinates) : Infinity]));
    // Infinity less infinity is no number.
    const nearer = (a, b) => (away.get(a) === away.get(b) ? 0 : away.get(a) - away.get(b));
    this.away = away;
    this.sorted = [...actors].sort((a, b) => nearer(a, b) || texts.compare(a.properties.name, b.properties.name) || (a.id < b.id ? -1 : 1));
    this.links = links;
    this.items.clear();
    this.shown = 0;
    this.portion();
  }

  portion() {
    const { texts } = this;
    const nodes = this.sorted.slice(this.shown, this.shown + PORTION).map((actor) => this.entry(actor));
    this.parts.entries.append(...nodes);
    // The button that was pressed is gone now: the focus goes on to what it brought.
    if (this.shown > 0) first(nodes)?.focus();
    this.shown += nodes.length;
    const rest = Math.min(PORTION, this.sorted.length - this.shown);
    this.parts.more.replaceChildren(...(rest > 0 ? [element("button", { type: "button", class: "button", onclick: () => this.portion() }, texts.text("show_more_actors", { n: rest }))] : []));
  }

  /** Opens an actor's entry, brings it into view and puts the focus on it. @param {string} id */
  reveal(id, focus = true) {
    const position = this.sorted.findIndex((actor) => actor.id === id);
    if (position < 0) return;
    while (this.shown <= position) this.portion();
    const item = this.items.get(id);
    const details = item.querySelector("details");
    if (details) details.open = true;
    item.scrollIntoView({ block: "start" });
    if (focus) first([item])?.focus({ preventScroll: true });
    for (const other of this.items.values()) other.classList.toggle("is-chosen", other === item);
    this.actions.highlight(id);
  }

  entry(actor) {
    const { texts } = this;
    const { name, place, municipality_name: municipality, district_name: district } = actor.properties;
    const relations = partners(actor.id, this.links);
    const n = [...relations.values()].reduce((sum, list) => sum + list.length, 0);
    const where = place ?? townName(municipality) ?? district;
    const away = this.away.get(actor);
    const details = n
      ? element(
          "details",
          { class: "entry-details" },
          element("summary", { "aria-label": texts.text("network_relations_of", { n, name }) }, texts.text("network_links", { n })),
          relationFacts(relations, texts),
        )
      : null;
    const mapButton = actor.geometry
      ? element("button", { type: "button", class: "link-button", "aria-label": texts.text("show_on_map_of", { title: name }), onclick: () => this.actions.showOnMap(actor) }, texts.text("show_on_map"))
      : null;
    const kind = actorKind(actor.properties, texts);
    const item = element(
      "li",
      { class: "entry entry-actor", "data-actor": actor.id, onpointerenter: () => this.actions.highlight(actor.id), onpointerleave: () => this.actions.highlight(null), onfocusin: () => this.actions.highlight(actor.id) },
      element(
        "div",
        { class: "entry-text" },
        german("h3", pageLink("actors", String(actor.id), name, texts), texts, { class: "entry-title" }),
        kind.length ? element("p", { class: "entry-meta" }, kind) : null,
        element(
          "p",
          { class: "entry-place" },
          away < Infinity ? element("span", { class: "entry-away" }, kilometres(away, texts.tag)) : null,
          where ? german("span", where, texts) : element("span", {}, texts.text("place_not_stated")),
        ),
      ),
      element("div", { class: "entry-actions" }, details, mapButton),
    );
    this.items.set(actor.id, item);
    return item;
  }
}
