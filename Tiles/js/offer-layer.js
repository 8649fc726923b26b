/**
 * The offers on the map. They come from tiles that carry the same filters as the list and hold what lies together as one
 * point; they are drawn as buttons, so that the map can be used with the keyboard too. Where no server makes tiles of a
 * filter (a copy of the pages on a static host), they come from the list.
 */
import { bundleSymbol, symbol } from "./categories.js";
import { DEEPEST } from "./camera.js";
import { cluster, worldPixel } from "./cluster.js";
import { element } from "./dom.js";
import { hasEnded } from "./ended.js";
import { placeText } from "./entry.js";
import { Markers } from "./markers.js";
import { marksOfList, marksOfTiles, shares } from "./marks.js";
import { offersCard } from "./popups.js";

/** Symbols nearer than this (pixels) are joined. */
const JOIN_RADIUS = 38;
/** The deepest zoom to which several places are parted before they are listed together. */
const CLOSEST = 13;
const NOTHING = { type: "FeatureCollection", features: [] };

/** @typedef {{position: maplibregl.Place, items: import("./marks.js").Mark[], weight: number, samePlace: boolean}} Group */

export class OfferLayer {
  /** @param {import("./map.js").OfferMap} stage */
  constructor(stage) {
    this.stage = stage;
    this.map = stage.map;
    this.texts = stage.texts;
    /** @type {Markers<Group>} */
    this.markers = new Markers(stage.map, stage.container);
    this.answer = null;
    this.query = null;
    this.drawnQuery = null;
    this.highlighted = null;
    /** Whether the network has the map. */
    this.isResting = false;
    /** Whether names keep clear of what is drawn now. */
    this.takenRoom = false;
    this.frame = null;
    stage.map.on("sourcedata", ({ sourceId }) => sourceId === "offers" && this.refreshSoon());
    stage.map.on("idle", () => this.refreshSoon());
  }

  /** After a style was loaded: the layer that keeps names clear of the symbols. */
  dress() {
    const { map } = this;
    this.drawnQuery = null;
    map.addSource("places", { type: "geojson", data: NOTHING });
    // Invisible, but names keep clear of it: the buttons above the map are unknown to MapLibre's label placement.
    map.addLayer({ id: "places", type: "symbol", source: "places", layout: { "icon-image": "room", "icon-allow-overlap": true } });
    this.takenRoom = false;
  }

  /** @param {string} query the filters in the server's grammar @param {any} answer the list's, so that both tell the same */
  show(query, answer) {
    this.answer = answer;
    this.isResting = false;
    if (query !== this.query) {
      this.query = query;
      this.stage.popups.close();
    }
    // An archive knows no filter: there the list's own answer is what the map shows.
    if (query !== this.drawnQuery && !this.stage.archive) {
      this.drawnQuery = query;
      const address = this.stage.tilesAddress("offers", query);
      const source = this.map.getSource("offers");
      if (source) source.setUrl(address);
      else {
        this.map.addSource("offers", { type: "vector", url: address });
        this.map.addLayer({ id: "offers", type: "circle", source: "offers", "source-layer": "offers", paint: { "circle-radius": 1, "circle-opacity": 0 } });
      }
    }
    this.refresh();
  }

  marks() {
    if (this.stage.archive) return marksOfList(this.answer?.features ?? [], this.map.getZoom(), this.map.getBounds());
    return marksOfTiles(this.map.querySourceFeatures("offers", { sourceLayer: "offers" }), this.stage.actions.offer);
  }

  /** Tiles come in bursts: once per frame is enough. */
  refreshSoon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.refresh();
    });
  }

  refresh() {
    const { map } = this;
    if (this.isResting) return;
    if (!this.stage.archive && (!map.getSource("offers") || !map.isSourceLoaded("offers"))) return;
    const marks = this.marks();
    const groups = cluster(marks, Math.round(map.getZoom() * 2) / 2, JOIN_RADIUS);
    // North to south, so that the tab order follows the eye.
    groups.sort((a, b) => b.position[1] - a.position[1]);
    const key = (group) => `${group.items.map((item) => `${item.id}*${item.weight}`).join("\n")}@${group.samePlace}`;
    const changed = this.markers.show(new Map(groups.map((group) => [key(group), { position: group.position, group, make: () => this.button(group, key(group)) }])));
    this.stage.container.dataset.offers = String(marks.reduce((sum, { weight }) => sum + weight, 0));
    if (changed || !this.takenRoom) this.makeRoom(groups);
    this.takenRoom = true;
    this.highlight(this.highlighted);
  }

  /** Keeps names clear of what stands at some positions. @param {{position: maplibregl.Place}[]} signs */
  makeRoom(signs) {
    const features = signs.map(({ position }) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: position } }));
    this.map.getSource("places")?.setData({ ...NOTHING, features });
  }

  /** Leaves the map, and its room, to the network. */
  rest() {
    this.isResting = true;
    this.takenRoom = false;
  }

  /** A symbol as a button that says in words what it shows. @param {Group} group @param {string} key */
  button(group, key) {
    const { texts } = this;
    const { items, weight, samePlace } = group;
    const label = (category) => texts.label("category", category).text;
    let picture;
    let name;
    if (weight === 1) {
      const [item] = items;
      const known = this.stage.actions.offer(item.id);
      // Of an offer that the list does not hold, the tile knows what its source says.
      const ended = hasEnded(known?.properties ?? item);
      picture = symbol(item.category, label(item.category), 34, ended);
      name = texts.text("map_single", { title: item.title, category: label(item.category), place: known ? placeText(known, texts) : "" }).replace(/[,\s]+$/, "");
      if (ended) name = `${name}. ${texts.text("status_ended")}`;
    } else {
      const parts = shares(items);
      const ended = this.ended(items, weight);
      const over = [...ended.values()].reduce((sum, n) => sum + n, 0);
      picture = bundleSymbol(parts, weight, texts.number(weight), ended);
      const categories = texts.list(parts.filter(([category]) => category).map(([category, n]) => texts.text("map_bundle_part", { n, category: label(category) })));
      name = [`${texts.text("map_bundle", { n: weight, categories })}.`, over && texts.text("note_ended", { n: over, total: weight }), !samePlace && texts.text("map_bundle_opens")].filter(Boolean).join(" ");
    }
    const act = (event) => {
      event.stopPropagation();
      // Its group may have got finer positions meanwhile.
      this.open(this.markers.shown.get(key)?.group ?? group, event.currentTarget);
    };
    return { button: element("button", { type: "button", class: "place", onclick: act }, picture), name };
  }

  /** How many of each category have ended, where all members are known; else nothing is said. @param {import("./marks.js").Mark[]} items @param {number} weight */
  ended(items, weight) {
    /** @type {Map<string, number>} */
    const numbers = new Map();
    const known = items.flatMap(({ ids }) => ids).map((id) => this.stage.actions.offer(id)).filter(Boolean);
    if (known.length < weight) return numbers;
    for (const { properties } of known) {
      if (hasEnded(properties)) numbers.set(properties.category ?? "", (numbers.get(properties.category ?? "") ?? 0) + 1);
    }
    return numbers;
  }

  /** @param {Group} group @param {HTMLElement} button */
  async open(group, button) {
    const { items, position } = group;
    const { offer } = this.stage.actions;
    const ids = items.flatMap((item) => item.ids);
    const isKnown = ids.length === group.weight;
    if (group.samePlace || (this.map.getZoom() >= CLOSEST && isKnown)) {
      const listed = ids.map((id) => offer(id)).filter(Boolean);
      this.list(listed.length === group.weight ? listed : await this.offersAt(position), position, button);
      return;
    }
    const bounds = new maplibregl.LngLatBounds();
    for (const item of items) bounds.extend(item.position);
    for (const id of ids) if (offer(id)?.geometry) bounds.extend(offer(id).geometry.coordinates);
    const camera = this.map.cameraForBounds(bounds, { padding: 80, maxZoom: CLOSEST });
    // Where the server has joined them, it says at which zoom they part.
    const parting = items.length === 1 ? items[0].parting : null;
    const zoom = parting ?? Math.max(camera?.zoom ?? 0, this.map.getZoom() + 1);
    this.map.easeTo({ center: camera && isKnown ? camera.center : position, zoom: Math.min(zoom, DEEPEST) });
  }

  list(offers, position, button) {
    this.stage.popups.show(offersCard(offers, this.texts, this.stage.actions.reveal), position, button);
  }

  /** All offers at the place nearest to a mark, where its tile does not name them all or the list does not hold them. */
  async offersAt([longitude, latitude]) {
    let offers = this.answer.features;
    if (offers.length < this.answer.matched) {
      // The tile's grid has 4096 steps; the next place is rarely as near.
      const reach = (2 * 360) / (4096 * 2 ** Math.min(Math.floor(this.map.getZoom()), 14));
      const box = [longitude - reach, latitude - reach, longitude + reach, latitude + reach].map((degrees) => degrees.toFixed(7));
      offers = await this.stage.actions.offersWithin(box, this.query);
    }
    /** @type {Map<string, any[]>} */
    const places = new Map();
    for (const offer of offers) {
      if (!offer.geometry) continue;
      const key = offer.geometry.coordinates.join("/");
      places.set(key, [...(places.get(key) ?? []), offer]);
    }
    const [x, y] = worldPixel([longitude, latitude], 0);
    let best = { offers: [], distance: Infinity };
    for (const here of places.values()) {
      const [column, row] = worldPixel(here[0].geometry.coordinates, 0);
      const distance = (column - x) ** 2 + (row - y) ** 2;
      if (distance < best.distance) best = { offers: here, distance };
    }
    return best.offers;
  }

  /** From the list: goes to an offer's place and opens what is there. */
  reveal(offer) {
    const position = offer.geometry.coordinates;
    const opener = document.activeElement;
    this.stage.camera.goTo(position, 10, () => {
      const here = this.answer.features.filter(({ geometry }) => geometry?.coordinates[0] === position[0] && geometry.coordinates[1] === position[1]);
      this.list([offer, ...here.filter((other) => other.id !== offer.id)], position, opener);
    });
  }

  /** @param {string|null} id */
  highlight(id) {
    this.highlighted = id;
    const chosen = id === null ? null : this.markerOf(id);
    for (const shown of this.markers.shown.values()) shown.marker.getElement().classList.toggle("is-highlighted", shown === chosen);
  }

  /** The mark that shows an offer: the one that names it, else the nearest of those that do not name all their members. */
  markerOf(id) {
    const named = this.markers.find((group) => group.items.some((item) => item.ids.includes(id)));
    const place = this.stage.actions.offer(id)?.geometry?.coordinates;
    if (named || !place) return named ?? null;
    const vague = [...this.markers.shown.values()].filter(({ group }) => group.items.some((item) => item.ids.length < item.weight));
    return this.markers.nearest(new maplibregl.LngLat(place[0], place[1]), vague) ?? null;
  }
}
