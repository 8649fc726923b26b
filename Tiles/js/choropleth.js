/**
 * Colours the districts by a figure, in classes. A class is a tone and a pattern, so that nobody has to tell colours
 * apart; the legend names its bounds and its districts in words.
 */
import { element, svg } from "./dom.js";

/** From light to dark: ColorBrewer's YlGnBu in five classes (C. Brewer, colorbrewer2.org), which the colour-blind can tell. */
const TONES = {
  light: ["#ffffd0", "#b2dfb8", "#62bcc4", "#3f8dbd", "#4059a3"],
  dark: ["#24424a", "#1f5a63", "#21757a", "#3b9488", "#7fb98d"],
};
/** What a pattern is drawn with: weak enough for names to be read above it. */
const INK = { light: [10, 30, 50, 120], dark: [235, 245, 240, 110] };

/** Whether a pattern has ink at a place; 16 x 16 pixels that repeat. */
const PATTERNS = [
  () => false,
  (x, y) => x < 2 && y < 2,
  (x, y) => x % 8 < 2 && y % 8 < 2,
  (x, y) => (x + y) % 8 < 2,
  (x, y) => (x + y) % 8 < 2 || (x - y + 16) % 8 < 2,
];

const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/**
 * @typedef {object} Measure
 * @property {boolean} isOfFilter whether the figure depends on the chosen offers
 * @property {number[]} breaks where classes begin, the first one aside
 * @property {number[]} tones which tone and pattern each class has
 * @property {(properties: any) => number|null} value
 * @property {any} expression the same for MapLibre, -1 where there is none
 */

const stepped = (value, breaks) => ["step", value, 0, ...breaks.flatMap((limit, index) => [limit, index + 1])];
const PEOPLE_PER_OFFER = [5000, 10000, 20000, 50000];
const DISTANCE = [5000, 10000, 15000, 30000];

/** The rural index's bounds are those of its definition; the others are round. @type {Record<string, Measure>} */
export const MEASURES = {
  rural: {
    isOfFilter: false,
    breaks: [-0.2, 0.5],
    tones: [0, 2, 4],
    value: ({ rural_index: index }) => number(index),
    expression: ["match", ["coalesce", ["get", "rural_class"], ""], "not_rural", 0, "rather_rural", 1, "very_rural", 2, -1],
  },
  people_per_offer: {
    isOfFilter: true,
    breaks: PEOPLE_PER_OFFER,
    tones: [0, 1, 2, 3, 4],
    value: ({ people, offers_located: offers }) => (number(people) && number(offers) ? people / offers : null),
    expression: ["case", [">", ["*", ["coalesce", ["get", "offers_located"], 0], ["coalesce", ["get", "people"], 0]], 0], stepped(["/", ["get", "people"], ["get", "offers_located"]], PEOPLE_PER_OFFER), -1],
  },
  distance: {
    isOfFilter: true,
    breaks: DISTANCE,
    tones: [0, 1, 2, 3, 4],
    value: ({ distance_median_m: distance }) => number(distance),
    expression: ["case", ["has", "distance_median_m"], stepped(["get", "distance_median_m"], DISTANCE), -1],
  },
};

/** The class of a value, -1 for none. @param {Measure} measure @param {number|null} value */
export function classOf(measure, value) {
  return value === null ? -1 : measure.breaks.filter((limit) => value >= limit).length;
}

/** A class's picture as MapLibre takes it. @param {number} tone 0-4 @param {"light"|"dark"} theme */
export function patternImage(tone, theme, size = 16) {
  const fill = [1, 3, 5].map((at) => Number.parseInt(TONES[theme][tone].slice(at, at + 2), 16));
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [red, green, blue, alpha] = INK[theme];
      const share = PATTERNS[tone](x % 16, y % 16) ? alpha / 255 : 0;
      data.set([...fill.map((value, at) => Math.round(value * (1 - share) + [red, green, blue][at] * share)), 255], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

export class Choropleth {
  /**
   * @param {any} stage the OfferMap @param {import("./i18n.js").Texts} texts
   * @param {boolean} isStatic whether no server answers for a filter: figures are then those of all offers
   */
  constructor(stage, texts, isStatic) {
    this.stage = stage;
    this.texts = texts;
    this.isStatic = isStatic;
    this.name = "";
    this.query = "";
    this.address = null;
    /** Figures of the districts that tiles have shown, by key. @type {Map<string, any>} */
    this.districts = new Map();
    this.choice = element(
      "select",
      { onchange: () => this.choose(this.choice.value) },
      ...["", ...Object.keys(MEASURES)].map((name) => element("option", { value: name }, this.title(name))),
    );
    this.classes = element("ul", {});
    this.basis = element("p", { class: "legend-basis", hidden: true }, texts.text("areas_all_offers"));
    this.legend = element("div", { class: "legend-areas" }, element("label", {}, texts.text("areas_by"), " ", this.choice), this.basis, this.classes);
  }

  title(name) {
    const { texts } = this;
    return { "": texts.text("areas_none"), rural: texts.text("areas_rural"), people_per_offer: texts.text("areas_people_per_offer"), distance: texts.text("areas_distance") }[name] ?? name;
  }

  /** @returns {Measure|undefined} */
  get measure() {
    return MEASURES[this.name];
  }

  choose(name) {
    this.name = name;
    this.dress();
  }

  /** The offers that figures are about. */
  show(query) {
    this.query = query;
    this.dress();
  }

  /** Puts the areas onto the map, or takes them off: after every choice, new filter and new style. */
  dress() {
    const { map } = this.stage;
    const address = this.measure?.isOfFilter && !this.isStatic ? ["figures=coverage", this.query].filter(Boolean).join("&") : "";
    if (address !== (this.address ?? "")) {
      this.districts.clear();
      map.getSource("kompass").setUrl(this.stage.baseAddress(address));
    }
    this.address = address;
    if (map.getLayer("choropleth")) map.removeLayer("choropleth");
    if (this.measure) {
      const pattern = ["let", "class", this.measure.expression, ["match", ["var", "class"], ...this.measure.tones.flatMap((tone, at) => [at, `class-${tone}`]), "hatch"]];
      map.addLayer({ id: "choropleth", type: "fill", source: "kompass", "source-layer": "districts", paint: { "fill-pattern": pattern } }, "border-municipality");
    }
    this.explain();
  }

  /** A style that was loaded anew has the plain addresses again. */
  reset() {
    this.address = null;
  }

  /** Takes up the figures of tiles that have come. */
  refresh() {
    if (!this.measure) return;
    const before = this.districts.size;
    for (const { properties } of this.stage.map.querySourceFeatures("kompass", { sourceLayer: "districts" })) this.districts.set(String(properties.key), properties);
    if (this.districts.size !== before) this.explain();
  }

  /** The legend: each class with its bounds and its districts. */
  explain() {
    const { measure, texts } = this;
    this.stage.container.dataset.areas = this.name;
    this.basis.hidden = !(this.isStatic && measure?.isOfFilter);
    if (!measure) {
      this.classes.replaceChildren();
      return;
    }
    const members = new Map();
    for (const district of this.districts.values()) {
      const at = classOf(measure, measure.value(district));
      members.set(at, [...(members.get(at) ?? []), district.name].sort((a, b) => a.localeCompare(b, texts.tag)));
    }
    const rows = measure.tones.map((tone, at) => this.row(swatch(tone, this.stage.theme), this.bounds(at), members.get(at) ?? []));
    if (members.has(-1)) rows.push(this.row(hatched(), texts.text("areas_no_figure"), members.get(-1)));
    this.classes.replaceChildren(...rows);
  }

  row(picture, label, names) {
    const { texts } = this;
    const list = names.length ? element("details", {}, element("summary", {}, texts.text("areas_districts", { n: names.length })), names.join(" · ")) : texts.text("areas_districts", { n: 0 });
    return element("li", { class: "legend-class" }, picture, element("span", {}, label, element("span", { class: "legend-districts" }, list)));
  }

  /** A class in words. */
  bounds(at) {
    const { measure, texts } = this;
    if (this.name === "rural") return [texts.text("areas_not_rural"), texts.text("areas_rather_rural"), texts.text("areas_very_rural")][at];
    const [from, to] = [measure.breaks[at - 1], measure.breaks[at]].map((value) => (value === undefined ? "" : this.written(value)));
    if (!from) return texts.text("areas_below", { to });
    return to ? texts.text("areas_between", { from, to }) : texts.text("areas_above", { from });
  }

  written(value) {
    const { texts } = this;
    if (this.name === "distance") return new Intl.NumberFormat(texts.tag, { style: "unit", unit: "kilometer", maximumFractionDigits: 1 }).format(value / 1000);
    return new Intl.NumberFormat(texts.tag, { maximumFractionDigits: this.name === "rural" ? 2 : 0 }).format(value);
  }

  /** The chosen figure of a district in words, for its popup; null where nothing is chosen. @returns {{title: string, text: string}|null} */
  figure(properties) {
    const { measure, texts } = this;
    if (!measure) return null;
    const value = measure.value(properties);
    if (value === null) return { title: this.title(this.name), text: texts.text("areas_no_figure") };
    const text = this.name === "rural" ? `${this.written(value)} (${this.bounds(classOf(measure, value))})` : this.written(value);
    return { title: this.title(this.name), text };
  }
}

/** As the style draws districts without data. */
export function hatched() {
  return svg("svg", { class: "legend-hatch", viewBox: "0 0 22 22", width: 22, height: 22, "aria-hidden": "true" }, svg("path", { d: "M-2 8 8-2M-2 16 16-2M-2 24 24-2M6 24 24 6M14 24 24 14" }));
}

function swatch(tone, theme) {
  const canvas = element("canvas", { class: "legend-swatch", width: 32, height: 32, "aria-hidden": "true" });
  const { width, height, data } = patternImage(tone, theme, 32);
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}
