/** What part of the world the map shows: the region at first, and where it goes from there. */
import { worldPixel } from "./cluster.js";
import { element, svg } from "./dom.js";

/** As in map.css. */
const LEGEND_WIDTH = 272;
/** The zoom that still parts two houses. */
export const DEEPEST = 17;

export class Camera {
  /**
   * @param {HTMLElement} container @param {number[]} bounds of the region: west, south, east, north in degrees
   * @param {HTMLDetailsElement} legend which gets its share of the room
   */
  constructor(container, [west, south, east, north], legend) {
    this.container = container;
    this.bounds = { west, south, east, north };
    this.legend = legend;
    /** @type {maplibregl.Map|null} */
    this.map = null;
  }

  /** @returns {[maplibregl.Place, maplibregl.Place]} */
  get box() {
    const { west, south, east, north } = this.bounds;
    return [[west, south], [east, north]];
  }

  /** The map's options: where it begins, and how far it may go. @param {import("./state.js").View|null} view */
  options(view) {
    const { west, south, east, north } = this.bounds;
    const start = view ? { center: [view.longitude, view.latitude], zoom: view.zoom } : { bounds: this.box, fitBoundsOptions: { padding: this.padding() } };
    // Some partners of the region's actors sit farther away.
    return { ...start, minZoom: 4, maxZoom: DEEPEST, maxBounds: [[west - 6, south - 5], [east + 6, north + 5]], renderWorldCopies: false };
  }

  /** Whether the region would lose no more than a little size to the legend beside it. */
  legendFits() {
    const { clientWidth: width, clientHeight: height } = this.container;
    const [[left, bottom], [right, top]] = this.box.map((corner) => worldPixel(corner, 0));
    const scale = (room) => Math.min(room / (right - left), (height - 48) / (bottom - top));
    return scale(width - 48 - LEGEND_WIDTH) > 0.85 * scale(width - 48);
  }

  /** Room around the region; the open legend gets its share where it fits. @returns {maplibregl.Padding} */
  padding() {
    const side = this.legend.open && this.legendFits() ? LEGEND_WIDTH : 0;
    const rtl = document.documentElement.dir === "rtl";
    return { top: 24, bottom: 24, left: 24 + (rtl ? side : 0), right: 24 + (rtl ? 0 : side) };
  }

  home() {
    this.map.fitBounds(this.box, { padding: this.padding() });
  }

  /** @param {import("./state.js").View} view */
  moveTo({ longitude, latitude, zoom }) {
    this.map.jumpTo({ center: [longitude, latitude], zoom });
  }

  /** Goes to a place, at least as near as `zoom`, and then does something. @param {maplibregl.Place} place @param {number} zoom @param {() => void} then */
  goTo(place, zoom, then) {
    // Before the move: with reduced motion it ends at once.
    this.map.once("moveend", then);
    this.map.easeTo({ center: place, zoom: Math.max(this.map.getZoom(), zoom) });
  }
}

/** A button under the zoom buttons that shows the whole region again. */
export class HomeControl {
  /** @param {string} title @param {() => void} act */
  constructor(title, act) {
    const picture = svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" }, svg("path", { d: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", class: "control-lines" }));
    const button = element("button", { type: "button", title, "aria-label": title, onclick: act }, picture);
    this.frame = element("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, button);
  }

  onAdd() {
    return this.frame;
  }

  onRemove() {
    this.frame.remove();
  }
}
