/** The explanation of what the map shows, with the choice of what its areas are coloured by. */
import { bundleSymbol, symbol } from "./categories.js";
import { element, svg } from "./dom.js";
import { hasEnded } from "./ended.js";
import { vocabularyLabel } from "./foreign.js";
import { marksOfOffers, shares } from "./marks.js";
import { hatched } from "./pictures.js";

export class Legend {
  /** @param {import("./i18n.js").Texts} texts */
  constructor(texts) {
    this.texts = texts;
    this.rows = element("ul", {});
    this.note = element("p", { class: "legend-note" });
    this.frame = element("details", { class: "legend" }, element("summary", {}, texts.text("legend")), this.rows, this.note);
  }

  /** Puts the choice of areas into its place. @param {HTMLElement} areas */
  hold(areas) {
    this.rows.before(areas);
  }

  /** The signs of the offers that are shown. @param {any[]} offers */
  showOffers(offers) {
    const { texts } = this;
    const found = shares(marksOfOffers(offers)).filter(([category]) => category);
    const rows = found.map(([category, n]) => this.row(symbol(category, texts.label("category", category).text, 22), vocabularyLabel("category", category, texts), n));
    const over = offers.filter(({ geometry, properties }) => geometry && hasEnded(properties));
    if (over.length) rows.push(this.row(symbol(over[0].properties.category, "", 22, true), texts.text("status_ended"), over.length));
    const sample = bundleSymbol(found.slice(0, 3).map(([category]) => [category, 1]), Math.max(1, Math.min(3, found.length)), "");
    if (found.length) rows.push(this.row(sample, texts.text("legend_bundle")));
    rows.push(this.row(hatched(), texts.text("legend_no_data")));
    this.rows.replaceChildren(...rows);
    this.note.textContent = texts.text("legend_precision");
  }

  /** The signs of the network. */
  showNetwork() {
    const { texts } = this;
    const picture = (...parts) => svg("svg", { class: "legend-sign", viewBox: "0 0 22 22", width: 22, height: 22, "aria-hidden": "true" }, ...parts);
    this.rows.replaceChildren(
      this.row(picture(svg("circle", { cx: 11, cy: 11, r: 6, class: "actor-disc" })), texts.text("legend_actor")),
      this.row(picture(svg("circle", { cx: 11, cy: 11, r: 9.5, class: "actor-disc" }), svg("text", { x: 11, y: 15, "text-anchor": "middle", class: "actor-count" }, texts.number(3))), texts.text("legend_actors")),
      this.row(picture(svg("path", { d: "M1 11h20", class: "legend-line" }), svg("circle", { cx: 11, cy: 11, r: 4, class: "link-disc" })), texts.text("legend_link")),
      this.row(hatched(), texts.text("legend_no_data")),
    );
    this.note.textContent = texts.text("legend_precision");
  }

  row(picture, label, n = null) {
    return element("li", {}, picture, element("span", {}, label), n === null ? null : element("span", { class: "legend-count" }, this.texts.number(n)));
  }
}
