/**
 * The base map of another host, where the operator names one: off until a visitor asks for it, told what that tells
 * whom, and forgotten with the page.
 */
import { element } from "./dom.js";

const ID = "base-map";
/** The lowest of the map's own layers that lies over it. */
const ABOVE = "glow";
/** Fills of the map's own that would hide it, and how much of them is left. */
const FILLS = { districts: 0.25, choropleth: 0.6 };

export class BaseMap {
  /** @param {import("./map.js").OfferMap} stage */
  constructor(stage) {
    this.stage = stage;
    this.isShown = false;
    const { baseMap: template, baseMapHost: host = "", baseMapAttribution: attribution = "" } = stage.container.dataset;
    this.template = template;
    /** The choice, to be put into the legend; null where there is none. @type {HTMLElement|null} */
    this.choice = null;
    if (!template) return;
    const { texts } = stage;
    const box = element("input", { type: "checkbox", "aria-describedby": "base-map-note" });
    box.addEventListener("change", () => this.show(box.checked));
    // Whoever made the pictures is named beside them, whether the legend is open or not.
    this.credit = element("p", { class: "base-credit", hidden: true }, attribution);
    stage.container.after(this.credit);
    this.choice = element(
      "div",
      { class: "legend-base" },
      element("label", {}, box, " ", texts.text("base_map")),
      element("p", { class: "legend-note", id: "base-map-note" }, texts.text("base_map_note", { host })),
    );
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.isShown = isShown;
    this.credit.hidden = !isShown;
    this.dress();
  }

  /** Puts the pictures under the map's own layers, or takes them away; again after every change of style or areas. */
  dress() {
    const { map, theme } = this.stage;
    if (this.isShown && !map.getLayer(ID)) {
      map.addSource(ID, { type: "raster", tiles: [this.template], tileSize: 256 });
      const paint = { "raster-saturation": -0.5, "raster-brightness-max": theme === "dark" ? 0.6 : 1 };
      map.addLayer({ id: ID, type: "raster", source: ID, paint }, ABOVE);
    } else if (!this.isShown && map.getLayer(ID)) {
      map.removeLayer(ID);
      map.removeSource(ID);
    }
    if (!this.template) return;
    for (const [layer, opacity] of Object.entries(FILLS)) {
      if (map.getLayer(layer)) map.setPaintProperty(layer, "fill-opacity", this.isShown ? opacity : 1);
    }
  }
}
