/**
 * The filter panel. The server renders each field as a <select> that works without script; this turns each into a
 * list of checkboxes, so that several values can be chosen, keeps them in step with the state, and says at each value
 * how many there are under the other filters.
 */
import { element } from "./dom.js";
import { german, isFallback, labelled } from "./foreign.js";
import { FACETS, NETWORK_FIELDS, NOT_STATED } from "./state.js";

export class Facets {
  /**
   * @param {HTMLElement} container holds the server's selects
   * @param {import("./i18n.js").Texts} texts
   * @param {{toggle: (field: string, value: string) => void}} actions
   */
  constructor(container, texts, actions) {
    this.container = container;
    this.texts = texts;
    this.actions = actions;
    /** @type {Map<string, {key: string, label: string, count: number, lang?: string|null}[]>} */
    this.options = new Map();
    this.facets = new Map();
    for (const select of container.querySelectorAll("select")) this.read(select);
    this.options.set("link_kind", texts.entries("link_kind").map(({ key, text }) => ({ key, label: text, count: 1, lang: texts.label("link_kind", key).lang })));
    const fields = [...new Set([...FACETS, ...NETWORK_FIELDS])].filter((field) => this.options.has(field));
    container.replaceChildren(...fields.map((field) => this.build(field)));
  }

  read(select) {
    const { texts } = this;
    const options = [...select.options].filter((option) => option.value).map((option) => ({
      key: option.value,
      label: option.label.trim(),
      count: Number(option.dataset.count ?? 0),
      // A label that the data lack in the page's language stands in another one.
      lang: option.lang || null,
    }));
    if (select.name === "language") {
      // The browser has names of languages that the data have not, and knows how this language orders them.
      for (const option of options) {
        const { text, lang } = option.key === NOT_STATED ? { text: option.label, lang: null } : texts.label("language", option.key);
        Object.assign(option, { label: text, lang: isFallback(lang, texts) ? lang : null });
      }
      const isSilent = ({ key }) => Number(key === NOT_STATED);
      options.sort((a, b) => isSilent(a) - isSilent(b) || texts.compare(a.label, b.label));
    }
    this.options.set(select.name, options);
  }

  /** The option of a field's value as the server rendered it. */
  option(field, key) {
    return this.options.get(field)?.find((option) => option.key === key);
  }

  label(field, key) {
    if (key === NOT_STATED) return this.texts.text("filter_not_stated", { field: this.texts.text(`filter_${field}`) });
    return this.option(field, key)?.label ?? this.texts.label(field, key).text;
  }

  build(field) {
    const badge = element("span", { class: "facet-badge" });
    // A value that no entry has is left out. Districts and languages stay: who asks for one is told what is not known.
    const options = this.options.get(field).filter(({ count, key }) => count > 0 || ((field === "located_in" || field === "language") && key !== NOT_STATED));
    const boxes = options.map((option) => this.box(field, option));
    const silent = options.some(({ key }) => key === NOT_STATED);
    const title = this.texts.text(`filter_${field}`);
    const group = element(
      "fieldset",
      { class: "choices" },
      element("legend", { class: "unseen" }, title),
      boxes.map(({ item }) => item),
      silent ? element("p", { class: "choice-note" }, this.texts.text("not_stated_note")) : null,
    );
    const facet = element("details", { class: "facet", name: "facet", "data-field": field }, element("summary", {}, title, badge), group);
    facet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !facet.open) return;
      facet.open = false;
      facet.querySelector("summary").focus();
    });
    this.facets.set(field, { badge, boxes, facet });
    return facet;
  }

  box(field, { key, label, lang = null }) {
    const box = element("input", { type: "checkbox", value: key, onchange: () => this.actions.toggle(field, key) });
    const number = element("span", { class: "choice-count" });
    const item = element("label", { class: key === NOT_STATED ? "choice choice-silent" : "choice" }, box, element("span", { class: "choice-label" }, field === "located_in" && key !== NOT_STATED ? german("span", label, this.texts) : labelled(label, lang, this.texts)), " ", number);
    return { box, item, key, number, hasData: (this.option(field, key)?.count ?? 0) > 0 };
  }

  /**
   * Shows a state: ticked boxes, the number chosen per field, and at each value how many there are.
   * @param {Record<string, Map<string, number>>|null} counts null: not known, only the totals that the server gave are
   */
  show(state, counts) {
    const fields = state.way === "network" ? NETWORK_FIELDS : FACETS;
    for (const [field, { badge, boxes, facet }] of this.facets) {
      facet.hidden = !fields.includes(field);
      const values = state.filters[field];
      for (const box of boxes) this.showBox(box, field, state, values, counts?.[field]);
      facet.classList.toggle("is-active", values.length > 0);
      badge.replaceChildren();
      if (values.length) {
        badge.append(
          element("span", { "aria-hidden": "true" }, this.texts.number(values.length)),
          element("span", { class: "unseen" }, ` (${this.texts.text("filter_chosen", { n: values.length })})`),
        );
      }
    }
  }

  showBox({ box, item, key, number, hasData }, field, state, values, counts) {
    box.checked = values.includes(key);
    const total = this.option(field, key)?.count ?? 0;
    const n = counts ? counts.get(key) ?? 0 : total;
    const silent = field === "located_in" && !hasData && n === 0;
    const text = silent ? this.texts.text("district_no_data") : this.texts.number(n);
    if (number.textContent !== text) number.textContent = text;
    number.classList.toggle("is-empty", silent);
    item.classList.toggle("is-zero", n === 0 && !box.checked);
    item.hidden = field === "category" && state.within.length > 0 && !state.within.includes(key);
  }
}
