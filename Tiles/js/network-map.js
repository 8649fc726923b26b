/**
 * The network on the map: a dot per actor that has a place, one for several that would cover each other, and a line where
 * their ends work together. Dots and the middles of lines are buttons: the keyboard reaches them, each says who it is, and
 * opens who works with whom.
 */
import { cluster } from "./cluster.js";
import { element, svg } from "./dom.js";
import { pageLink } from "./entry.js";
import { german, vocabularyLabel } from "./foreign.js";
import { Markers } from "./markers.js";
import { actorKind, partners, relationFacts } from "./network.js";

const COLORS = { light: { line: "#0b5563", chosen: "#b5135b" }, dark: { line: "#7fd0da", chosen: "#ff9ac4" } };
const NOTHING = { type: "FeatureCollection", features: [] };
/** Dots nearer than this (pixels) are joined. */
const JOIN_RADIUS = 28;
/** So many actors are listed at once; more are parted by coming nearer, as long as that helps. */
const LISTED = 12;
const CLOSEST = 13;
/** Names that a dot of several says; how many there are it says, too. */
const NAMED = 3;

/**
 * @typedef {{id: string, position: maplibregl.Place, actor: any, isBeside: boolean}} Dot
 * @typedef {{key: string, position: maplibregl.Place, items: Dot[], samePlace: boolean}} Spot actors at, or nearly at, one place
 * @typedef {{key: string, position: maplibregl.Place, ends: [Spot, Spot], links: any[]}} Tie relations between two spots
 */

export class NetworkMap {
  /** @param {import("./map.js").OfferMap} stage @param {import("./i18n.js").Texts} texts */
  constructor(stage, texts) {
    this.stage = stage;
    this.texts = texts;
    this.map = stage.map;
    /** @type {import("./network.js").Network|null} */
    this.network = null;
    /** @type {Dot[]} */
    this.dots = [];
    /** Relations with a place at both ends. @type {any[]} */
    this.links = [];
    /** @type {Markers<Spot|Tie>} */
    this.markers = new Markers(stage.map, stage.container);
    /** @type {Map<string, Spot>} */
    this.spotOf = new Map();
    this.highlighted = null;
    // A change of theme takes a new style, which drops what was added.
    this.map.on("style.load", () => this.network && this.refresh());
    this.map.on("moveend", () => this.network && this.refresh());
    this.map.on("click", "network-links", ({ features: [{ properties }], lngLat }) => {
      const shown = this.markers.shown.get(properties.key);
      if (shown && "ends" in shown.group) this.openTie(shown.group, lngLat, shown.marker.getElement());
    });
  }

  /** @param {import("./network.js").Network|null} network null takes it from the map */
  show(network) {
    if (network !== this.network) this.stage.popups.close();
    this.network = network;
    this.stage.container.classList.toggle("is-network", network !== null);
    if (!network) {
      this.markers.show(new Map());
      for (const id of ["network-links"]) this.map.getSource(id)?.setData(NOTHING);
      return;
    }
    const dot = (isBeside) => (actor) => ({ id: actor.id, position: actor.geometry.coordinates, actor, isBeside });
    const placed = ({ geometry }) => geometry;
    this.dots = [...network.actors.filter(placed).map(dot(false)), ...network.beside.filter(placed).map(dot(true))];
    const places = new Map(this.dots.map(({ id, position }) => [id, position.join()]));
    this.links = network.links.filter(({ properties: { from_id: from, to_id: to } }) => places.has(from) && places.has(to) && places.get(from) !== places.get(to));
    this.stage.container.dataset.links = String(this.links.length);
    this.stage.container.dataset.actors = String(network.actors.filter(placed).length);
    this.refresh();
  }

  refresh() {
    const { map } = this;
    const groups = cluster(this.dots, Math.round(map.getZoom() * 2) / 2, JOIN_RADIUS);
    /** @type {Spot[]} */
    const spots = groups.map(({ position, items, samePlace }) => ({ key: items.map(({ id }) => id).sort().join("\n"), position, items, samePlace }));
    spots.sort((a, b) => b.position[1] - a.position[1]);
    this.spotOf = new Map(spots.flatMap((spot) => spot.items.map(({ id }) => /** @type {[string, Spot]} */ ([id, spot]))));
    const ties = this.ties();
    // The dots from north to south, then the lines.
    /** @type {Map<string, import("./markers.js").Wanted<Spot|Tie>>} */
    const wanted = new Map();
    for (const group of spots) wanted.set(group.key, { position: group.position, group, make: () => this.spotButton(group) });
    for (const group of ties) wanted.set(group.key, { position: group.position, group, make: () => this.tieButton(group) });
    this.markers.show(wanted);
    this.stage.offers.makeRoom(spots);
    const lines = ties.map(({ key, ends: [a, b], links }) => ({ type: "Feature", properties: { key, n: links.length, a: a.key, b: b.key }, geometry: { type: "LineString", coordinates: [a.position, b.position] } }));
    this.draw({ ...NOTHING, features: lines });
    this.highlight(this.highlighted);
  }

  /** The relations between spots, as many as there are, in one line. @returns {Tie[]} */
  ties() {
    /** @type {Map<string, Tie>} */
    const ties = new Map();
    for (const link of this.links) {
      const ends = [this.spotOf.get(link.properties.from_id), this.spotOf.get(link.properties.to_id)];
      if (ends[0] === ends[1]) continue;
      const [a, b] = ends.sort((one, other) => (one.key < other.key ? -1 : 1));
      const key = `${a.key}\t${b.key}`;
      const tie = ties.get(key);
      if (tie) tie.links.push(link);
      else ties.set(key, { key, position: [(a.position[0] + b.position[0]) / 2, (a.position[1] + b.position[1]) / 2], ends: [a, b], links: [link] });
    }
    return [...ties.values()].sort((a, b) => b.position[1] - a.position[1]);
  }

  draw(data) {
    const { map } = this;
    const source = map.getSource("network-links");
    if (source) {
      source.setData(data);
      return;
    }
    const { line, chosen } = COLORS[this.stage.theme];
    map.addSource("network-links", { type: "geojson", data });
    const width = ["interpolate", ["linear"], ["get", "n"], 1, 1.8, 20, 6];
    map.addLayer({ id: "network-links", source: "network-links", type: "line", layout: { "line-cap": "round" }, paint: { "line-color": line, "line-width": width, "line-opacity": 0.6 } });
    map.addLayer({ id: "network-links-chosen", source: "network-links", type: "line", filter: ["==", ["get", "key"], ""], layout: { "line-cap": "round" }, paint: { "line-color": chosen, "line-width": ["+", 1.5, width] } });
  }

  /** @param {Spot} spot */
  spotButton(spot) {
    const { texts } = this;
    const n = spot.items.length;
    const size = n === 1 ? 18 : 24 + Math.min(12, Math.round(Math.log2(n) * 3));
    const middle = size / 2;
    const isBeside = spot.items.every((dot) => dot.isBeside);
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true", focusable: "false" },
      svg("circle", { cx: middle, cy: middle, r: middle - 1.5, class: isBeside ? "actor-disc is-beside" : "actor-disc" }),
      n > 1 ? svg("text", { x: middle, y: middle + 4.5, "text-anchor": "middle", class: isBeside ? "actor-count is-beside" : "actor-count" }, texts.number(n)) : null,
    );
    const act = (event) => {
      event.stopPropagation();
      this.openSpot(spot, event.currentTarget);
    };
    const look = () => this.markLines(spot.key);
    const button = element("button", { type: "button", class: "dot", onclick: act, onfocus: look, onpointerenter: look, onblur: () => this.markLines(null), onpointerleave: () => this.markLines(null) }, picture);
    return { button, name: this.spotName(spot) };
  }

  /** @param {Spot} spot */
  spotName({ items }) {
    const { texts } = this;
    if (items.length > 1) return texts.text("network_here", { n: items.length, names: this.names(items) });
    const n = this.count(items[0].id);
    return `${items[0].actor.properties.name}, ${texts.text("network_links", { n })}`;
  }

  /** @param {Dot[]} items */
  names(items) {
    const names = items.slice(0, NAMED).map(({ actor }) => actor.properties.name);
    return items.length > NAMED ? `${names.join(", ")} …` : this.texts.list(names);
  }

  count(id) {
    return this.network.links.filter(({ properties }) => properties.from_id === id || properties.to_id === id).length;
  }

  /** @param {Tie} tie */
  tieButton(tie) {
    const { texts } = this;
    const n = tie.links.length;
    const size = n === 1 ? 12 : 20;
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true", focusable: "false" },
      svg("circle", { cx: size / 2, cy: size / 2, r: size / 2 - 1.5, class: "link-disc" }),
      n > 1 ? svg("text", { x: size / 2, y: size / 2 + 3.8, "text-anchor": "middle", class: "link-count" }, texts.number(n)) : null,
    );
    const act = (event) => {
      event.stopPropagation();
      this.openTie(tie, tie.position, event.currentTarget);
    };
    const look = () => this.markLines(tie.key);
    const button = element("button", { type: "button", class: "dot tie", onclick: act, onfocus: look, onpointerenter: look, onblur: () => this.markLines(null), onpointerleave: () => this.markLines(null) }, picture);
    const kinds = texts.list([...new Set(tie.links.map(({ properties }) => (properties.kind ? texts.label("link_kind", properties.kind).text : texts.text("not_stated"))))]);
    const [from, to] = tie.ends.map(({ items }) => this.names(items));
    return { button, name: texts.text("network_tie", { n, from, to, kinds }) };
  }

  /** Lines of a dot, or one line, stand out. @param {string|null} key */
  markLines(key) {
    if (this.map.getLayer("network-links-chosen")) {
      const filter = ["any", ["==", ["get", "key"], key ?? ""], ["==", ["get", "a"], key ?? ""], ["==", ["get", "b"], key ?? ""]];
      this.map.setFilter("network-links-chosen", filter);
    }
  }

  /** @param {Spot} spot @param {HTMLElement} button */
  openSpot(spot, button) {
    const { items, position, samePlace } = spot;
    if (!samePlace && items.length > LISTED && this.map.getZoom() < CLOSEST) {
      const bounds = new maplibregl.LngLatBounds();
      for (const item of items) bounds.extend(item.position);
      const camera = this.map.cameraForBounds(bounds, { padding: 80, maxZoom: CLOSEST });
      this.map.easeTo({ center: camera?.center ?? position, zoom: Math.max(camera?.zoom ?? 0, this.map.getZoom() + 1) });
      return;
    }
    const actors = items.map(({ actor }) => actor).sort((a, b) => this.texts.compare(a.properties.name, b.properties.name));
    this.stage.popups.show(this.actorsCard(actors), position, button);
  }

  /** Who is here, and whom they work with. @param {any[]} actors */
  actorsCard(actors) {
    const { texts } = this;
    const named = (other) => {
      const known = this.dots.find(({ id }) => id === other.id)?.actor;
      if (!known) return german("bdi", other.name ?? other.id, texts);
      return german("button", other.name ?? other.id, texts, { type: "button", class: "link-button", onclick: () => this.reveal(known) });
    };
    const entries = actors.map((actor) => {
      const relations = partners(actor.id, this.network.links);
      const n = this.count(actor.id);
      const facts = relationFacts(relations, texts, named);
      const { name } = actor.properties;
      return element(
        "li",
        { class: "popup-entry" },
        german("h4", pageLink("actors", String(actor.id), name, texts), texts, { class: "entry-title" }),
        element("p", { class: "entry-meta" }, actorKind(actor.properties, texts)),
        n && actors.length > 1
          ? element("details", { class: "entry-details" }, element("summary", { "aria-label": texts.text("network_relations_of", { n, name }) }, texts.text("network_links", { n })), facts)
          : [element("p", { class: "entry-meta" }, texts.text("network_links", { n })), n ? facts : null],
      );
    });
    const title = actors.length > 1 ? element("h3", { class: "popup-title" }, texts.text("network_here_count", { n: actors.length })) : null;
    return element("div", { class: "popup" }, title, element("ul", { class: "popup-entries" }, entries));
  }

  /** @param {Tie} tie @param {maplibregl.Place|maplibregl.LngLat} position @param {HTMLElement} button */
  openTie({ links }, position, button) {
    const { texts } = this;
    const end = (id, name) => german("h4", pageLink("actors", id, name ?? id, texts), texts, { class: "entry-title" });
    const entries = links.map(({ properties: { from_id: from, from_name: fromName, to_id: to, to_name: toName, kind, since } }) =>
      element(
        "li",
        { class: "popup-entry" },
        end(from, fromName),
        element("p", { class: "entry-meta tie-kind" }, kind ? vocabularyLabel("link_kind", kind, texts) : texts.text("not_stated"), since ? ` (${texts.text("since", { date: texts.date(since) })})` : null),
        end(to, toName),
      ),
    );
    const card = element("div", { class: "popup" }, element("h3", { class: "popup-title" }, texts.text("network_links", { n: links.length })), element("ul", { class: "popup-entries" }, entries));
    this.stage.popups.show(card, position, button);
  }

  /** Goes to an actor's place and tells whom it works with. */
  reveal(actor) {
    const opener = this.stage.container.contains(document.activeElement) ? null : document.activeElement;
    const position = actor.geometry.coordinates;
    this.stage.camera.goTo(position, 9, () => {
      // The dots are new at another zoom.
      this.refresh();
      const shown = this.markers.shown.get(this.spotOf.get(actor.id)?.key);
      this.stage.popups.show(this.actorsCard([actor]), position, opener ?? shown?.marker.getElement());
    });
  }

  /** @param {string|null} id an actor's */
  highlight(id) {
    this.highlighted = id;
    const spot = id === null ? null : this.spotOf.get(id);
    for (const [key, { marker }] of this.markers.shown) marker.getElement().classList.toggle("is-highlighted", key === spot?.key);
    this.markLines(spot?.key ?? null);
  }
}
