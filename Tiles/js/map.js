/**
 * The map: MapLibre with the service's own style and tiles, and what is put onto it. `OfferMap` opens it and gives each
 * part its share of the state; the parts are layers of offers, districts, areas and the network.
 */
import { BaseMap } from "./base-map.js";
import { Camera, HomeControl } from "./camera.js";
import { Choropleth } from "./choropleth.js";
import { Districts } from "./districts.js";
import { registerGlyphs } from "./glyphs.js";
import { Legend } from "./legend.js";
import { loadLibrary } from "./library.js";
import { OfferLayer } from "./offer-layer.js";
import { hatch, patternImage, room } from "./pictures.js";
import { Popups } from "./popups.js";
import { filterQuery } from "./state.js";
import { themed } from "./theme.js";

const BASE_LAYERS = "districts,municipalities,borders,labels";

/**
 * @typedef {object} Actions what the map asks of the page
 * @property {(view: import("./state.js").View) => void} moved
 * @property {(id: string) => void} reveal shows an offer in the list
 * @property {(key: string) => void} filterDistrict
 * @property {(name: string) => void} colour what the areas are coloured by
 * @property {(id: string) => any} offer what the list knows of an offer
 * @property {(box: string[], query: string) => Promise<any[]>} offersWithin a box, asked of the server
 * @property {(name: string, query: string) => Promise<import("./figures.js").Figure[]>} figures of all districts
 * @property {(bytes: number) => void} archiveComesWhole told where the host knows no range requests; 0 for an unknown size
 */

export class OfferMap {
  /**
   * Loads the library, then the map. Rejects where WebGL or the library is missing.
   * @param {HTMLElement} container
   * @param {{base: string, texts: import("./i18n.js").Texts, bounds: number[], state: import("./state.js").State, actions: Actions}} options
   */
  static async create(container, options) {
    await loadLibrary(options.base);
    const stage = new OfferMap(container, options);
    await stage.open(options.bounds);
    return stage;
  }

  constructor(container, { base, texts, state, actions }) {
    this.container = container;
    this.base = base;
    /** @type {import("./i18n.js").Texts} */
    this.texts = texts;
    this.state = state;
    /** @type {Actions} */
    this.actions = actions;
    this.answer = null;
    /** In a copy of the pages on a static host the address of the tiles' archive. @type {string|null} */
    this.archive = null;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    registerGlyphs(maplibregl);
    this.legend = new Legend(texts);
    this.areas = new Choropleth(this);
    this.legend.hold(this.areas.legend);
    this.baseMap = new BaseMap(this);
    if (this.baseMap.choice) this.legend.frame.append(this.baseMap.choice);
  }

  /** @param {number[]} bounds */
  async open(bounds) {
    await this.readStyle();
    const { texts, legend } = this;
    this.camera = new Camera(this.container, bounds, legend.frame);
    legend.frame.open = this.container.clientHeight >= 560 && this.camera.legendFits();
    const map = new maplibregl.Map({
      container: this.container,
      style: themed(this.style, this.dark.matches),
      ...this.camera.options(this.state.view),
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
    this.map = map;
    this.camera.map = map;
    this.container.parentElement.append(legend.frame);
    this.popups = new Popups(map, this.container, legend.frame);
    map.on("styleimagemissing", ({ id }) => this.draw(id));
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    this.addControls();
    await new Promise((resolve, reject) => {
      map.once("load", resolve);
      map.once("error", ({ error }) => (map.loaded() ? null : reject(error)));
    });
    map.on("error", ({ error }) => console.warn(error));
    this.offers = new OfferLayer(this);
    this.districts = new Districts(this);
    this.offers.dress();
    this.dark.addEventListener("change", () => this.dressAnew());
    map.on("moveend", () => this.settled());
  }

  async readStyle() {
    const response = await fetch(`${this.base}/styles/kompass.json`);
    if (!response.ok) throw new Error(`style: HTTP ${response.status}`);
    /** @type {maplibregl.Style} */
    this.style = await response.json();
    if (document.documentElement.dataset.static !== undefined) {
      const { openArchive } = await import("./static.js");
      this.archive = openArchive(maplibregl, this.base, document.documentElement.dataset.version, this.actions.archiveComesWhole);
      this.style.sources.kompass.url = this.archive;
    } else {
      // Offers have a source of their own: a new filter leaves districts, borders and names where they are.
      const tiles = new URL(this.style.sources.kompass.url, location.href);
      this.tileJSON = this.base + tiles.pathname.slice(tiles.pathname.indexOf("/tiles/"));
      this.style.sources.kompass.url = this.baseAddress("");
    }
    this.style.layers = this.style.layers.filter((layer) => layer["source-layer"] !== "offers");
  }

  addControls() {
    const [aside, below] = document.documentElement.dir === "rtl" ? ["top-left", "bottom-right"] : ["top-right", "bottom-left"];
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), aside);
    this.map.addControl(new HomeControl(this.texts.text("map_home"), () => this.camera.home()), aside);
    this.map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), below);
  }

  /** Another theme is another style, which drops what was added. */
  dressAnew() {
    this.areas.reset();
    this.map.setStyle(themed(this.style, this.dark.matches), { diff: false });
    this.map.once("style.load", () => {
      this.offers.dress();
      this.show(this.state, this.answer);
    });
  }

  /** @param {string} layers @param {string} query */
  tilesAddress(layers, query) {
    return `${location.origin}${this.tileJSON}?layers=${layers}${query ? `&${query}` : ""}`;
  }

  /** The tiles under the offers, with the figures that a choropleth asks for. @param {string} query */
  baseAddress(query) {
    return this.tilesAddress(BASE_LAYERS, query);
  }

  /** @returns {"light"|"dark"} */
  get theme() {
    return this.dark.matches ? "dark" : "light";
  }

  resize() {
    this.map.resize();
  }

  /** The pictures that the style names. @param {string} id */
  draw(id) {
    if (id === "hatch") this.map.addImage(id, hatch(this.style.metadata["kompass:hatch"][this.theme]), { pixelRatio: 2 });
    if (id.startsWith("class-")) this.map.addImage(id, patternImage(Number(id.slice(6)), this.theme), { pixelRatio: 2 });
    if (id === "room") this.map.addImage(id, room(), { pixelRatio: 2 });
  }

  /**
   * Shows a state; `answer` is the list's, so that both tell the same. The network has a layer of its own.
   * @param {import("./state.js").State} state @param {any} answer
   */
  show(state, answer) {
    this.state = state;
    this.answer = answer;
    const isNetwork = state.way === "network";
    const query = isNetwork ? "" : filterQuery(state);
    this.districts.choose(state.filters.located_in);
    this.areas.show(state.areas, query);
    this.baseMap.dress();
    if (isNetwork) {
      this.legend.showNetwork();
      this.offers.rest();
    } else if (answer) {
      this.legend.showOffers(answer.features);
      this.offers.show(query, answer);
    }
  }

  settled() {
    const { lat, lng } = this.map.getCenter();
    this.actions.moved({ zoom: this.map.getZoom(), latitude: lat, longitude: lng });
    this.offers.refresh();
  }
}
