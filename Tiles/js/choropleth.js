/**
 * Colours the districts by a figure, in classes. A class is a tone and a pattern, so that nobody has to tell colours
 * apart; the legend names its bounds and its districts in words, and a table gives every figure.
 */
import { element } from "./dom.js";
import { sortedFigures } from "./figures.js";
import { classOf, MEASURES } from "./measures.js";
import { hatched, swatch } from "./pictures.js";

export class Choropleth {
  /** @param {import("./map.js").OfferMap} stage */
  constructor(stage) {
    this.stage = stage;
    this.texts = stage.texts;
    this.name = "";
    this.query = "";
    this.address = "";
    /** Of all districts, of the figure that is shown. @type {import("./figures.js").Figure[]} */
    this.figures = [];
    /** What the figures are of. */
    this.asked = "";
    /** Whether nobody answers for a filter: figures are then those of all offers. */
    this.isStatic = document.documentElement.dataset.static !== undefined;
    this.names = Object.keys(MEASURES);
    this.choice = element(
      "select",
      { onchange: () => stage.actions.colour(this.choice.value) },
      ...["", ...this.names].map((name) => element("option", { value: name }, this.title(name))),
    );
    this.classes = element("ul", {});
    this.button = element("button", { type: "button", class: "link-button", hidden: true, "aria-haspopup": "dialog", onclick: () => this.openTable() }, this.texts.text("areas_table"));
    this.basis = element("p", { class: "legend-basis", hidden: true }, this.texts.text("areas_all_offers"));
    this.legend = element("div", { class: "legend-areas" }, element("label", {}, this.texts.text("areas_by"), " ", this.choice), this.basis, this.classes, this.button);
  }

  title(name) {
    return this.texts.text(name === "" ? "areas_none" : `areas_${name}`);
  }

  /** @returns {import("./measures.js").Measure|undefined} */
  get measure() {
    return MEASURES[this.name];
  }

  /** @param {string} name of the figure, "" for none @param {string} query the offers that figures are about */
  show(name, query) {
    this.name = this.names.includes(name) ? name : "";
    this.query = this.measure?.isOfFilter && !this.isStatic ? query : "";
    this.choice.value = this.name;
    this.dress();
    this.ask();
  }

  /** Puts the areas onto the map, or takes them off: after every choice, new filter and new style. */
  dress() {
    const { map } = this.stage;
    const address = this.measure?.isOfFilter && !this.isStatic ? ["figures=coverage", this.query].filter(Boolean).join("&") : "";
    if (address !== this.address) map.getSource("kompass").setUrl(this.stage.baseAddress(address));
    this.address = address;
    if (map.getLayer("choropleth")) map.removeLayer("choropleth");
    if (!this.measure) return;
    const pattern = ["let", "class", this.measure.expression, ["match", ["var", "class"], ...this.measure.tones.flatMap((tone, at) => [at, `class-${tone}`]), "hatch"]];
    map.addLayer({ id: "choropleth", type: "fill", source: "kompass", "source-layer": "districts", paint: { "fill-pattern": pattern } }, "border-municipality");
  }

  /** A style that was loaded anew has the plain addresses again. */
  reset() {
    this.address = "";
  }

  async ask() {
    const asked = `${this.name}?${this.query}`;
    if (asked !== this.asked) this.figures = [];
    this.asked = asked;
    this.explain();
    if (!this.measure || this.figures.length) return;
    try {
      const figures = await this.stage.actions.figures(this.name, this.query);
      // Another choice may have been made meanwhile.
      if (asked !== this.asked) return;
      this.figures = figures;
      this.explain();
    } catch (error) {
      // The map keeps its colours and the legend its bounds; only who is in which class is not told.
      console.warn(error);
    }
  }

  /** The legend: each class with its bounds and its districts. */
  explain() {
    const { measure, texts } = this;
    this.stage.container.dataset.areas = this.name;
    this.basis.hidden = !(this.isStatic && measure?.isOfFilter);
    this.button.hidden = !measure || !this.figures.length;
    if (!measure) {
      this.classes.replaceChildren();
      return;
    }
    /** @type {Map<number, string[]>} */
    const members = new Map();
    for (const { name, value } of sortedFigures(this.figures, "name", false, texts.compare)) {
      const at = classOf(measure, value);
      members.set(at, [...(members.get(at) ?? []), name]);
    }
    const rows = measure.tones.map((tone, at) => this.row(swatch(tone, this.stage.theme), this.bounds(at), members.get(at) ?? []));
    if (members.has(-1)) rows.push(this.row(hatched(), texts.text("areas_no_figure"), members.get(-1)));
    this.classes.replaceChildren(...rows);
  }

  /** @param {Element} picture @param {string} label @param {string[]} names */
  row(picture, label, names) {
    const { texts } = this;
    const n = texts.text("areas_districts", { n: names.length });
    const list = names.length ? element("details", {}, element("summary", {}, n), element("span", { lang: "de", dir: "auto" }, names.join(" · "))) : n;
    return element("li", { class: "legend-class" }, picture, element("span", {}, label, this.figures.length ? element("span", { class: "legend-districts" }, list) : null));
  }

  /** Every district with its figure and class. */
  async openTable() {
    const [{ openDialog }, { figuresTable }] = await Promise.all([import("./dialog.js"), import("./figures-table.js")]);
    const { measure, texts } = this;
    const rows = this.figures.map((figure) => {
      const at = classOf(measure, figure.value);
      const picture = at < 0 ? hatched() : swatch(measure.tones[at], this.stage.theme);
      return { ...figure, written: figure.value === null ? null : this.number(figure.value), label: at < 0 ? texts.text("areas_no_figure") : this.bounds(at), picture };
    });
    openDialog(texts.text("areas_table_title"), figuresTable(rows, { caption: this.title(this.name), unit: texts.text(`areas_unit_${this.name}`) }, texts), texts);
  }

  /** A class in words. */
  bounds(at) {
    const { measure, texts } = this;
    if (this.name === "rural") return [texts.text("areas_not_rural"), texts.text("areas_rather_rural"), texts.text("areas_very_rural")][at];
    const [from, to] = [measure.breaks[at - 1], measure.breaks[at]].map((value) => (value === undefined ? "" : this.written(value)));
    if (!from) return texts.text("areas_below", { to });
    return to ? texts.text("areas_between", { from, to }) : texts.text("areas_above", { from });
  }

  /** A value without its unit. */
  number(value) {
    const digits = { rural: 2, distance: 1 }[this.name] ?? 0;
    return new Intl.NumberFormat(this.texts.tag, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(this.name === "distance" ? value / 1000 : value);
  }

  written(value) {
    if (this.name !== "distance") return this.number(value);
    return new Intl.NumberFormat(this.texts.tag, { style: "unit", unit: "kilometer", maximumFractionDigits: 1 }).format(value / 1000);
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
