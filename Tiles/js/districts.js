/** The districts under the offers: those of the filter stand out, a click tells their figures. */
import { districtCard } from "./popups.js";

const LAYER = { source: "kompass", sourceLayer: "districts" };

export class Districts {
  /** @param {import("./map.js").OfferMap} stage */
  constructor(stage) {
    this.map = stage.map;
    let hovered = null;
    const hover = (id) => {
      if (hovered === id) return;
      if (hovered !== null) this.map.setFeatureState({ ...LAYER, id: hovered }, { hover: false });
      if (id !== null) this.map.setFeatureState({ ...LAYER, id }, { hover: true });
      hovered = id;
    };
    this.map.on("mousemove", "districts", ({ features }) => hover(features[0].id ?? null));
    this.map.on("mouseleave", "districts", () => hover(null));
    this.map.on("click", "districts", ({ features: [{ properties }], lngLat }) => {
      stage.popups.show(districtCard(properties, stage.areas.figure(properties), stage.texts, stage.actions.filterDistrict), lngLat);
    });
  }

  /** @param {string[]} keys */
  choose(keys) {
    this.map.removeFeatureState(LAYER);
    for (const key of keys) this.map.setFeatureState({ ...LAYER, id: Number(key) }, { chosen: true });
  }
}
