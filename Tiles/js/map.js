// @ts-nocheck
// What MapLibre gives has no types here.
/**
 * The map: MapLibre with the service's own style and tiles. Offers come from tiles that carry the same filters as the
 * list and hold what lies together as one point; they are drawn as buttons, so that the map can be used with the keyboard
 * too. Where no server makes tiles of a filter (a copy of the pages on a static host), they come from the list.
 */
import { bundleSymbol, symbol } from "./categories.js";
import { Choropleth, hatched, patternImage } from "./choropleth.js";
import { cluster, CLUSTERS, clustersAt, worldPixel } from "./cluster.js";
import { element, svg } from "./dom.js";
import { entryHead } from "./entry.js";
import { filterQuery } from "./state.js";
import { registerGlyphs } from "./glyphs.js";
import { themed } from "./theme.js";

const BASE_LAYERS = "districts,municipalities,borders,labels";
/** Symbols nearer than this (pixels) are joined. */
const JOIN_RADIUS = 38;
const CLOSEST = 13;
const DEEPEST = 17;
/** As in map.css. */
const LEGEND_WIDTH = 272;

export class OfferMap {
  /** Loads the library, then the map. Rejects where WebGL or the library is missing. */
  static async create(container, options) {
    await loadLibrary(options.base);
    const map = new OfferMap(container, options);
    await map.ready;
    return map;
  }

  constructor(container, { base, texts, bounds, state, actions }) {
    Object.assign(this, { container, base, texts, bounds, actions, state });
    this.gl = globalThis.maplibregl;
    this.markers = new Map();
    this.highlighted = null;
    this.query = null;
    this.drawnQuery = null;
    /** In a copy of the pages on a static host the address of the tiles' archive. @type {string|null} */
    this.archive = null;
    registerGlyphs(this.gl);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.areas = new Choropleth(this, texts, page.dataset.static !== undefined);
    this.ready = this.open();
  }

  async open() {
    const { gl, texts } = this;
    const response = await fetch(`${this.base}/styles/kompass.json`);
    if (!response.ok) throw new Error(`style: HTTP ${response.status}`);
    this.style = await response.json();
    if (page.dataset.static !== undefined) {
      const { openArchive } = await import("./static.js");
      this.archive = openArchive(gl, this.base, page.dataset.version, this.actions.archiveComesWhole);
      this.style.sources.kompass.url = this.archive;
    } else {
      // Offers have a source of their own: a new filter leaves districts, borders and names where they are.
      const tiles = new URL(this.style.sources.kompass.url, location.href);
      this.tileJSON = this.base + tiles.pathname.slice(tiles.pathname.indexOf("/tiles/"));
      this.style.sources.kompass.url = this.baseAddress("");
    }
    this.style.layers = this.style.layers.filter((layer) => layer["source-layer"] !== "offers");
    this.legend = element("details", { class: "legend" }, element("summary", {}, texts.text("legend")));
    this.legend.open = this.container.clientHeight >= 560 && this.legendFits();
    const [west, south, east, north] = this.bounds;
    const view = this.state.view;
    this.map = new gl.Map({
      container: this.container,
      style: themed(this.style, this.dark.matches),
      ...(view ? { center: [view.longitude, view.latitude], zoom: view.zoom } : { bounds: this.box(), fitBoundsOptions: { padding: this.padding() } }),
      minZoom: 4,
      maxZoom: DEEPEST,
      maxBounds: [[west - 3, south - 2.5], [east + 3, north + 2.5]],
      renderWorldCopies: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
      locale: {
        "Map.Title": texts.text("map_label"),
        "NavigationControl.ZoomIn": texts.text("map_zoom_in"),
        "NavigationControl.ZoomOut": texts.text("map_zoom_out"),
        "Popup.Close": texts.text("map_close"),
      },
    });
    this.container.parentElement.append(this.legend);
    const { map } = this;
    map.on("styleimagemissing", ({ id }) => this.draw(id));
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new gl.NavigationControl({ showCompass: false }), page.dir === "rtl" ? "top-left" : "top-right");
    map.addControl(new HomeControl(texts.text("map_home"), () => this.home()), page.dir === "rtl" ? "top-left" : "top-right");
    map.addControl(new gl.ScaleControl({ unit: "metric" }), page.dir === "rtl" ? "bottom-right" : "bottom-left");
    await new Promise((resolve, reject) => {
      map.once("load", resolve);
      map.once("error", ({ error }) => (map.loaded() ? null : reject(error)));
    });
    map.on("error", ({ error }) => console.warn(error));
    this.dress();
    this.dark.addEventListener("change", () => {
      this.drawnQuery = null;
      this.areas.reset();
      map.setStyle(themed(this.style, this.dark.matches), { diff: false });
      map.once("style.load", () => {
        this.dress();
        this.show(this.state, this.answer);
      });
    });
    map.on("moveend", () => this.settled());
    map.on("sourcedata", ({ sourceId }) => sourceId === "offers" && this.refreshSoon());
    map.on("idle", () => {
      this.refreshSoon();
      this.areas.refresh();
    });
    this.bindDistricts();
  }

  tilesAddress(layers, query) {
    return `${location.origin}${this.tileJSON}?layers=${layers}${query ? `&${query}` : ""}`;
  }

  /** The tiles under the offers, with the figures that a choropleth asks for. */
  baseAddress(query) {
    return this.tilesAddress(BASE_LAYERS, query);
  }

  /** @returns {"light"|"dark"} */
  get theme() {
    return this.dark.matches ? "dark" : "light";
  }

  box() {
    const [west, south, east, north] = this.bounds;
    return [[west, south], [east, north]];
  }

  /** Whether the region would lose no more than a little size to the legend beside it. */
  legendFits() {
    const { clientWidth: width, clientHeight: height } = this.container;
    const [west, south, east, north] = this.bounds;
    const [[left, bottom], [right, top]] = [worldPixel([west, south], 0), worldPixel([east, north], 0)];
    const scale = (room) => Math.min(room / (right - left), (height - 48) / (bottom - top));
    return scale(width - 48 - LEGEND_WIDTH) > 0.85 * scale(width - 48);
  }

  /** Room around the region; the open legend gets its share where it fits. */
  padding() {
    const side = this.legend.open && this.legendFits() ? LEGEND_WIDTH : 0;
    const rtl = page.dir === "rtl";
    return { top: 24, bottom: 24, left: 24 + (rtl ? side : 0), right: 24 + (rtl ? 0 : side) };
  }

  home() {
    this.map.fitBounds(this.box(), { padding: this.padding() });
  }

  resize() {
    this.map.resize();
  }

  /** The pictures that the style names: the hatch of districts without data, and the room that symbols take from names. */
  draw(id) {
    const tone = this.style.metadata["kompass:hatch"][this.dark.matches ? "dark" : "light"];
    if (id === "hatch") this.map.addImage(id, hatch(tone), { pixelRatio: 2 });
    if (id.startsWith("class-")) this.map.addImage(id, patternImage(Number(id.slice(6)), this.theme), { pixelRatio: 2 });
    if (id === "room") this.map.addImage(id, { width: 36, height: 36, data: new Uint8Array(36 * 36 * 4) });
  }

  /** The layer that keeps names clear of the symbols. */
  dress() {
    const { map } = this;
    this.drawn = null;
    map.addSource("places", { type: "geojson", data: collection([]) });
    // Invisible, but names keep clear of it: the buttons above the map are unknown to MapLibre's label placement.
    map.addLayer({ id: "places", type: "symbol", source: "places", layout: { "icon-image": "room", "icon-allow-overlap": true } });
  }

  /** Shows the offers of a state; `answer` is the list's, so that both tell the same. */
  show(state, answer) {
    this.state = state;
    this.answer = answer;
    const query = filterQuery(state);
    if (query !== this.query) {
      this.query = query;
      this.popup?.remove();
    }
    // An archive knows no filter: there the list's own answer is what the map shows.
    if (query !== this.drawnQuery && !this.archive) {
      this.drawnQuery = query;
      const address = this.tilesAddress("offers", query);
      const source = this.map.getSource("offers");
      if (source) source.setUrl(address);
      else {
        this.map.addSource("offers", { type: "vector", url: address });
        this.map.addLayer({ id: "offers", type: "circle", source: "offers", "source-layer": "offers", paint: { "circle-radius": 1, "circle-opacity": 0 } });
      }
    }
    this.markDistricts(state.filters.located_in);
    this.areas.show(query);
    this.showLegend();
    this.refresh();
  }

  /** The districts of the filter stand out. */
  markDistricts(keys) {
    this.map.removeFeatureState({ source: "kompass", sourceLayer: "districts" });
    for (const key of keys) this.map.setFeatureState({ source: "kompass", sourceLayer: "districts", id: Number(key) }, { chosen: true });
  }

  /** The points in the loaded tiles, each once: offers, and several that the server has joined. @returns {Mark[]} */
  marks() {
    if (this.archive) return this.marksOfList();
    const marks = new Map();
    for (const feature of this.map.querySourceFeatures("offers", { sourceLayer: "offers" })) {
      const { id, properties } = feature;
      // A point in a tile's margin comes twice.
      if (marks.has(id)) continue;
      const ids = properties.point_count ? (properties.ids?.split(",") ?? []) : [properties.id];
      // The list knows the position as the source gives it, the tile only on its grid.
      const exact = properties.point_count && !properties.same_place ? null : this.actions.offer(ids[0])?.geometry?.coordinates;
      const position = exact ?? feature.geometry.coordinates;
      if (!properties.point_count) marks.set(id, single(properties.id, properties, position));
      else {
        const counts = Object.entries(properties).filter(([key]) => key.startsWith("count_")).map(([key, n]) => /** @type {[string, number]} */ ([key.slice(6), n]));
        marks.set(id, { id: `#${id}`, position, weight: properties.point_count, samePlace: properties.same_place === true, ids, counts, parting: properties.expansion_zoom ?? null });
      }
    }
    return [...marks.values()];
  }

  /** The same of the list's offers, where no server makes tiles of them. @returns {Mark[]} */
  marksOfList() {
    const bounds = this.map.getBounds();
    const margin = Math.max(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth()) / 2;
    const isNear = ({ position: [longitude, latitude] }) =>
      longitude >= bounds.getWest() - margin && longitude <= bounds.getEast() + margin && latitude >= bounds.getSouth() - margin && latitude <= bounds.getNorth() + margin;
    const placed = (this.answer?.features ?? []).filter(({ geometry }) => geometry).map((offer) => single(String(offer.id), offer.properties, offer.geometry.coordinates));
    const zoom = Math.floor(this.map.getZoom());
    if (zoom > CLUSTERS.maxzoom) return placed.filter(isNear);
    const marks = clustersAt(placed, zoom).map(({ items, weight, samePlace, parting }) =>
      weight === 1 ? items[0] : { id: `#${items[0].id}`, position: items[0].position, weight, samePlace, ids: items.map(({ id }) => id), counts: this.shares(items).filter(([category]) => category), parting },
    );
    return marks.filter(isNear);
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
    if (!this.archive && (!map.getSource("offers") || !map.isSourceLoaded("offers"))) return;
    const marks = this.marks();
    const groups = cluster(marks, Math.round(map.getZoom() * 2) / 2, JOIN_RADIUS);
    const wanted = new Map(groups.map((group) => [`${group.items.map((item) => `${item.id}*${item.weight}`).join("\n")}@${group.samePlace}`, group]));
    const focused = this.container.contains(document.activeElement) ? document.activeElement : null;
    let lost = null;
    for (const [key, marker] of this.markers) {
      if (wanted.has(key)) continue;
      if (marker.getElement() === focused) lost = marker.getLngLat();
      marker.remove();
      this.markers.delete(key);
    }
    let changed = false;
    // North to south, so that the tab order follows the eye.
    for (const [key, group] of [...wanted].sort((a, b) => b[1].position[1] - a[1].position[1])) {
      const known = this.markers.get(key);
      if (known) {
        // The same members, perhaps from a tile of another zoom, whose grid is finer.
        known.group = group;
        known.setLngLat(group.position);
        continue;
      }
      changed = true;
      const { button, name } = this.button(group);
      const marker = new this.gl.Marker({ element: button }).setLngLat(group.position).addTo(map);
      // Only now: MapLibre gives every marker that it adds the same name.
      button.setAttribute("aria-label", name);
      marker.group = group;
      this.markers.set(key, marker);
    }
    if (lost) this.nearest(lost)?.getElement().focus({ preventScroll: true });
    this.container.dataset.offers = String(marks.reduce((sum, { weight }) => sum + weight, 0));
    if (changed || wanted.size !== this.drawn) {
      this.drawn = wanted.size;
      const points = groups.map(({ position }) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: position } }));
      map.getSource("places")?.setData(collection(points));
    }
    this.highlight(this.highlighted);
  }

  nearest(position, markers = this.markers.values()) {
    let best = null;
    for (const marker of markers) {
      const distance = marker.getLngLat().distanceTo(position);
      if (!best || distance < best.distance) best = { marker, distance };
    }
    return best?.marker;
  }

  /** A symbol as a button that says in words what it shows. */
  button(group) {
    const { texts } = this;
    const { items, weight, samePlace } = group;
    const label = (category) => texts.label("category", category).text;
    let picture;
    let name;
    if (weight === 1) {
      const [item] = items;
      const known = this.actions.offer(item.id)?.properties;
      picture = symbol(item.category, label(item.category), 34);
      name = texts.text("map_single", { title: item.title, category: label(item.category), place: known?.place ?? known?.municipality_name ?? "" }).replace(/[,\s]+$/, "");
    } else {
      const shares = this.shares(items);
      picture = bundleSymbol(shares, weight, texts.number(weight));
      const categories = texts.list(shares.filter(([category]) => category).map(([category, n]) => texts.text("map_bundle_part", { n, category: label(category) })));
      name = `${texts.text("map_bundle", { n: weight, categories })}. ${samePlace ? "" : texts.text("map_bundle_opens")}`.trim();
    }
    const act = (event) => {
      event.stopPropagation();
      this.openGroup(group, event.currentTarget);
    };
    return { button: element("button", { type: "button", class: "place", onclick: act }, picture), name };
  }

  /** How many offers of each category; the empty one stands for those that state none. @returns {[string, number][]} */
  shares(items) {
    const numbers = new Map();
    const add = (category, n) => n > 0 && numbers.set(category, (numbers.get(category) ?? 0) + n);
    for (const { counts, weight } of items) {
      for (const [category, n] of counts) add(category, n);
      add("", weight - counts.reduce((sum, [, n]) => sum + n, 0));
    }
    return [...numbers].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  async openGroup(group, button) {
    const { items, position } = group;
    const ids = items.flatMap((item) => item.ids);
    const isKnown = ids.length === group.weight;
    if (group.samePlace || (this.map.getZoom() >= CLOSEST && isKnown)) {
      const listed = ids.map((id) => this.actions.offer(id)).filter(Boolean);
      this.openPopup(listed.length === group.weight ? listed : await this.offersAt(position), position, button);
      return;
    }
    const bounds = new this.gl.LngLatBounds();
    for (const item of items) bounds.extend(item.position);
    for (const id of ids) if (this.actions.offer(id)?.geometry) bounds.extend(this.actions.offer(id).geometry.coordinates);
    const camera = this.map.cameraForBounds(bounds, { padding: 80, maxZoom: CLOSEST });
    // Where the server has joined them, it says at which zoom they part.
    const parting = items.length === 1 ? items[0].parting : null;
    const zoom = parting ?? Math.max(camera.zoom, this.map.getZoom() + 1);
    this.map.easeTo({ center: isKnown ? camera.center : position, zoom: Math.min(zoom, DEEPEST) });
  }

  /** All offers at the place nearest to a mark, where its tile does not name them all or the list does not hold them. */
  async offersAt([longitude, latitude]) {
    let offers = this.answer.features;
    if (offers.length < this.answer.matched) {
      // The tile's grid has 4096 steps; the next place is rarely as near.
      const reach = (2 * 360) / (4096 * 2 ** Math.min(Math.floor(this.map.getZoom()), 14));
      const box = [longitude - reach, latitude - reach, longitude + reach, latitude + reach].map((degrees) => degrees.toFixed(7));
      const response = await fetch(`${this.base}/api/collections/offers/items?limit=1000&bbox=${box}${this.query ? `&${this.query}` : ""}`);
      if (!response.ok) throw new Error(`offers: HTTP ${response.status}`);
      offers = (await response.json()).features;
    }
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

  /** Lists all offers at one place. */
  openPopup(offers, position, button = null) {
    const { texts, actions } = this;
    const entries = offers.map((offer) =>
      element(
        "li",
        { class: "popup-entry" },
        entryHead(offer, texts, { heading: "h4" }),
        element("p", { class: "entry-precision" }, texts.text(`precision_${offer.properties.precision ?? "none"}`)),
        element(
          "button",
          { type: "button", class: "link-button", "aria-label": texts.text("show_in_list_of", { title: offer.properties.title }), onclick: () => actions.reveal(String(offer.id)) },
          texts.text("show_in_list"),
        ),
      ),
    );
    const title = offers.length > 1 ? element("h3", { class: "popup-title" }, texts.text("map_here", { n: offers.length })) : null;
    this.showPopup(element("div", { class: "popup" }, title, element("ul", { class: "popup-entries" }, entries)), position, button);
  }

  showPopup(content, position, button = null) {
    this.popup?.remove();
    const popup = new this.gl.Popup({ maxWidth: "none", offset: 20, focusAfterOpen: false }).setLngLat(position).setDOMContent(content).addTo(this.map);
    this.popup = popup;
    const frame = popup.getElement();
    // The focus goes to the text, not to its first button, and the page does not jump.
    content.tabIndex = -1;
    content.focus({ preventScroll: true });
    frame.addEventListener("keydown", (event) => {
      if (event.key === "Escape") popup.remove();
    });
    // Closing gives the focus back to where it came from.
    popup.on("close", () => {
      if (button?.isConnected && (frame.contains(document.activeElement) || document.activeElement === document.body)) button.focus({ preventScroll: true });
    });
    this.keepInView(frame);
  }

  /** Moves the map just so far that the popup is seen whole. */
  keepInView(frame) {
    const room = this.container.getBoundingClientRect();
    const box = frame.getBoundingClientRect();
    let x = Math.min(0, box.left - room.left - 8) + Math.max(0, box.right - room.right + 8);
    const y = Math.min(0, box.top - room.top - 8) + Math.max(0, box.bottom - room.bottom + 8);
    const legend = this.legend.getBoundingClientRect();
    const overlaps = box.right - x > legend.left && box.left - x < legend.right && box.bottom - y > legend.top;
    // Beside the legend, where the map has the room.
    const aside = page.dir === "rtl" ? box.left - legend.right - 8 : box.right - legend.left + 8;
    if (overlaps && room.width > box.width + legend.width + 40) x = aside;
    if (x || y) this.map.panBy([x, y]);
  }

  /** From the list: goes to an offer's place and opens what is there. */
  reveal(offer) {
    const position = offer.geometry.coordinates;
    const zoom = Math.max(this.map.getZoom(), 10);
    // Before the move: with reduced motion it ends at once.
    this.map.once("moveend", () => {
      const here = this.answer.features.filter(({ geometry }) => geometry?.coordinates[0] === position[0] && geometry.coordinates[1] === position[1]);
      this.openPopup([offer, ...here.filter((other) => other.id !== offer.id)], position);
    });
    this.map.easeTo({ center: position, zoom });
  }

  highlight(id) {
    this.highlighted = id;
    const marker = id === null ? null : this.markerOf(id);
    for (const other of this.markers.values()) other.getElement().classList.toggle("is-highlighted", other === marker);
  }

  /** The mark that shows an offer: the one that names it, else the nearest of those that do not name all their members. */
  markerOf(id) {
    const markers = [...this.markers.values()];
    const named = markers.find(({ group }) => group.items.some((item) => item.ids.includes(id)));
    const place = this.actions.offer(id)?.geometry?.coordinates;
    if (named || !place) return named ?? null;
    return this.nearest(new this.gl.LngLat(...place), markers.filter(({ group }) => group.items.some((item) => item.ids.length < item.weight))) ?? null;
  }

  moveTo(view) {
    this.map.jumpTo({ center: [view.longitude, view.latitude], zoom: view.zoom });
  }

  settled() {
    const { lat, lng } = this.map.getCenter();
    this.actions.moved({ zoom: this.map.getZoom(), latitude: lat, longitude: lng });
    this.refresh();
  }

  bindDistricts() {
    const { map } = this;
    let hovered = null;
    const hover = (id) => {
      if (hovered === id) return;
      if (hovered !== null) map.setFeatureState({ source: "kompass", sourceLayer: "districts", id: hovered }, { hover: false });
      if (id !== null) map.setFeatureState({ source: "kompass", sourceLayer: "districts", id }, { hover: true });
      hovered = id;
    };
    map.on("mousemove", "districts", ({ features }) => hover(features[0].id ?? null));
    map.on("mouseleave", "districts", () => hover(null));
    map.on("click", "districts", ({ features, lngLat }) => this.openDistrict(features[0].properties, lngLat));
  }

  openDistrict(district, position) {
    const { texts } = this;
    const figure = (key, value) => element("div", { class: "fact" }, element("dt", {}, texts.text(`district_${key}`)), element("dd", {}, value > 0 ? texts.number(value) : texts.text("district_no_data")));
    const area = this.areas.figure(district);
    const chosen = area && element("div", { class: "fact" }, element("dt", {}, area.title), element("dd", {}, area.text));
    const content = element(
      "div",
      { class: "popup" },
      element("h3", { class: "popup-title" }, district.name),
      district.designation ? element("p", { class: "entry-meta" }, district.designation) : null,
      element("dl", { class: "facts" }, figure("people", district.people), figure("actors", district.actors), figure("offers", district.offers), chosen),
      element("button", { type: "button", class: "button", onclick: () => this.actions.filterDistrict(String(district.key)) }, texts.text("district_filter")),
    );
    this.showPopup(content, position);
  }

  showLegend() {
    const { texts } = this;
    const placed = (this.answer?.features ?? []).filter((offer) => offer.geometry);
    const shares = this.shares(placed.map((offer) => single(String(offer.id), offer.properties, offer.geometry.coordinates))).filter(([category]) => category);
    const rows = shares.map(([category, n]) => {
      const { text } = texts.label("category", category);
      return element("li", {}, symbol(category, text, 22), element("span", {}, text), element("span", { class: "legend-count" }, texts.number(n)));
    });
    const sample = bundleSymbol(shares.slice(0, 3).map(([category]) => [category, 1]), Math.max(1, Math.min(3, shares.length)), "");
    if (shares.length) rows.push(element("li", { class: "legend-other" }, sample, element("span", {}, texts.text("legend_bundle"))));
    rows.push(element("li", { class: "legend-other" }, hatched(), element("span", {}, texts.text("legend_no_data"))));
    this.legend.replaceChildren(
      this.legend.firstChild,
      this.areas.legend,
      element("ul", {}, rows),
      element("p", { class: "legend-note" }, texts.text("legend_precision")),
    );
  }
}

const page = document.documentElement;

/**
 * A point of the map: one offer, or several that the server has joined.
 * @typedef {{id: string, position: [number, number], weight: number, samePlace: boolean, ids: string[], counts: [string, number][], parting: number|null, title?: string, category?: string}} Mark
 * `ids`: its members, empty where they are too many; `counts`: how many by category; `parting`: the zoom that parts them.
 */

/** @returns {Mark} */
function single(id, { title, category }, position) {
  return { id, position, weight: 1, samePlace: true, ids: [id], counts: category ? [[category, 1]] : [], parting: null, title, category };
}

/** A button under the zoom buttons that shows the whole region again. */
class HomeControl {
  constructor(title, act) {
    Object.assign(this, { title, act });
  }

  onAdd() {
    const picture = svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" }, svg("path", { d: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", class: "control-lines" }));
    const button = element("button", { type: "button", title: this.title, "aria-label": this.title, onclick: this.act }, picture);
    this.frame = element("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, button);
    return this.frame;
  }

  onRemove() {
    this.frame.remove();
  }
}

function collection(features) {
  return { type: "FeatureCollection", features };
}

/** Diagonal lines as a repeating picture. @param {[number, number, number, number]} tone red, green, blue, alpha (0-255) */
function hatch(tone) {
  const size = 16;
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if ((x + y) % size < 2) data.set(tone, (y * size + x) * 4);
  }
  return { width: size, height: size, data };
}

/** MapLibre is a classic script that sets a global; it is fetched only when a map is to be seen. */
function loadLibrary(base) {
  if (globalThis.maplibregl) return Promise.resolve();
  const sheet = new Promise((resolve, reject) => {
    const link = element("link", { rel: "stylesheet", href: `${base}/assets/maplibre/maplibre-gl.css`, onload: resolve, onerror: () => reject(new Error("maplibre-gl.css is missing")) });
    // Before our own sheets, so that ours have the last word.
    document.head.querySelector("link[rel=stylesheet]").before(link);
  });
  const script = new Promise((resolve, reject) => {
    document.head.append(element("script", { src: `${base}/assets/maplibre/maplibre-gl.js`, onload: resolve, onerror: () => reject(new Error("maplibre-gl.js is missing")) }));
  });
  return Promise.all([sheet, script]);
}
