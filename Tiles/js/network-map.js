/** The network on the map: a line per relation whose two ends have a place, a dot per actor, larger with more relations. */
import { element } from "./dom.js";
import { partners } from "./network.js";

const LIGHT = { line: "#0b5563", dot: "#0b5563", ring: "#ffffff", chosen: "#b5135b" };
const DARK = { line: "#7fd0da", dot: "#7fd0da", ring: "#162124", chosen: "#ff9ac4" };
const EMPTY = { type: "FeatureCollection", features: [] };

export class NetworkMap {
  /** @param {any} stage the OfferMap @param {import("./i18n.js").Texts} texts */
  constructor(stage, texts) {
    this.stage = stage;
    this.texts = texts;
    this.map = stage.map;
    this.network = null;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    // A change of theme takes a new style, which drops what was added.
    this.map.on("style.load", () => this.network && this.draw());
    this.map.on("click", "network-actors", ({ features, lngLat }) => this.open(features.map(({ properties }) => properties.id), lngLat));
  }

  /** @param {{actors: any[], links: any[]}|null} network null takes it from the map */
  show(network) {
    this.network = network;
    this.stage.container.classList.toggle("is-network", network !== null);
    if (network) this.draw();
    else for (const id of ["network-links", "network-actors"]) this.map.getSource(id)?.setData(EMPTY);
  }

  draw() {
    const { actors, links } = this.network;
    const places = new Map(actors.filter(({ geometry }) => geometry).map((actor) => [actor.id, actor.geometry.coordinates]));
    const degree = new Map();
    for (const { properties } of links) for (const end of [properties.from_id, properties.to_id]) degree.set(end, (degree.get(end) ?? 0) + 1);
    const lines = links
      .map(({ properties }) => ({ properties, ends: [places.get(properties.from_id), places.get(properties.to_id)] }))
      .filter(({ ends: [from, to] }) => from && to && (from[0] !== to[0] || from[1] !== to[1]))
      .map(({ properties: { id, kind }, ends }) => ({ type: "Feature", properties: { id, kind }, geometry: { type: "LineString", coordinates: ends } }));
    const dots = [...places].map(([id, coordinates]) => ({ type: "Feature", properties: { id, degree: degree.get(id) ?? 0 }, geometry: { type: "Point", coordinates } }));
    this.put("network-links", lines, (tone) => ({ type: "line", layout: { "line-cap": "round" }, paint: { "line-color": tone.line, "line-width": 1.6, "line-opacity": 0.55 } }));
    this.put("network-actors", dots, (tone) => ({
      type: "circle",
      paint: {
        "circle-color": tone.dot,
        "circle-radius": ["interpolate", ["linear"], ["get", "degree"], 0, 5, 20, 13],
        "circle-stroke-color": tone.ring,
        "circle-stroke-width": 1.5,
      },
    }));
    this.stage.container.dataset.links = String(lines.length);
    this.stage.container.dataset.actors = String(dots.length);
  }

  put(id, features, layer) {
    const data = { type: "FeatureCollection", features };
    const source = this.map.getSource(id);
    if (source) {
      source.setData(data);
      return;
    }
    this.map.addSource(id, { type: "geojson", data });
    this.map.addLayer({ id, source: id, ...layer(this.dark.matches ? DARK : LIGHT) });
  }

  /** Lists the actors of a place with how many relations each has. */
  open(ids, position) {
    const { texts } = this;
    const items = [...new Set(ids)]
      .map((id) => this.network?.actors.find((actor) => actor.id === id))
      .filter(Boolean)
      .map((actor) => {
        const n = [...partners(actor.id, this.network.links).values()].reduce((sum, list) => sum + list.length, 0);
        return element("li", { class: "popup-entry" }, element("h4", { class: "entry-title", dir: "auto" }, actor.properties.name), element("p", { class: "entry-meta" }, texts.text("network_links", { n })));
      });
    if (items.length) this.stage.showPopup(element("div", { class: "popup" }, element("ul", { class: "popup-entries" }, items)), position);
  }

  /** From the list: goes to an actor's place. */
  reveal(actor) {
    const position = actor.geometry.coordinates;
    this.map.once("moveend", () => this.open([actor.id], position));
    this.map.easeTo({ center: position, zoom: Math.max(this.map.getZoom(), 9) });
  }
}
