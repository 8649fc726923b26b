/**
 * The filter panel. The server renders each field as a <select> that works without script; this turns each into a
 * list of checkboxes, so that several values can be chosen, and keeps them in step with the state.
 */
import { element } from "./dom.js";
import { FIELDS, isFiltered } from "./state.js";

export class Facets {
  /**
   * @param {HTMLElement} container holds the server's selects
   * @param {HTMLElement} chosen where the chosen filters are listed
   * @param {import("./i18n.js").Texts} texts
   * @param {{toggle: (field: string, value: string) => void, clear: () => void, clearSearch: () => void}} actions
   */
  constructor(container, chosen, texts, actions) {
    Object.assign(this, { container, chosen, texts, actions });
    this.options = new Map();
    this.facets = new Map();
    for (const select of container.querySelectorAll("select")) this.read(select);
    container.replaceChildren(...FIELDS.filter((field) => this.options.has(field)).map((field) => this.build(field)));
  }

  read(select) {
    const options = [...select.options].filter((option) => option.value).map((option) => ({
      key: option.value,
      label: option.label.trim(),
      count: Number(option.dataset.count ?? 0),
    }));
    this.options.set(select.name, options);
  }

  /** The option of a field's value as the server rendered it. */
  option(field, key) {
    return this.options.get(field)?.find((option) => option.key === key);
  }

  label(field, key) {
    return this.option(field, key)?.label ?? key;
  }

  build(field) {
    // A value that no entry has is left out; a district without entries stays, and says that there are no data.
    const options = this.options.get(field).filter((option) => option.count > 0 || field === "located_in");
    const badge = element("span", { class: "facet-badge" });
    const boxes = options.map((option) => {
      const box = element("input", { type: "checkbox", value: option.key, onchange: () => this.actions.toggle(field, option.key) });
      const count = option.count > 0 ? this.texts.number(option.count) : this.texts.text("district_no_data");
      const item = element("label", { class: "choice" }, box, element("span", { class: "choice-label" }, option.label));
      item.append(" ", element("span", { class: option.count > 0 ? "choice-count" : "choice-count is-empty" }, count));
      return { box, item, key: option.key };
    });
    const title = this.texts.text(`filter_${field}`);
    const group = element(
      "fieldset",
      { class: "choices" },
      element("legend", { class: "unseen" }, title),
      boxes.map(({ item }) => item),
    );
    const facet = element("details", { class: "facet", name: "facet" }, element("summary", {}, title, badge), group);
    facet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !facet.open) return;
      facet.open = false;
      facet.querySelector("summary").focus();
    });
    this.facets.set(field, { badge, boxes, facet });
    return facet;
  }

  /** Shows a state: ticked boxes, the number chosen per field, and the list of what is chosen. */
  show(state) {
    for (const [field, { badge, boxes, facet }] of this.facets) {
      const values = state.filters[field];
      for (const { box, key } of boxes) box.checked = values.includes(key);
      facet.classList.toggle("is-active", values.length > 0);
      badge.replaceChildren();
      if (values.length) {
        badge.append(
          element("span", { "aria-hidden": "true" }, this.texts.number(values.length)),
          element("span", { class: "unseen" }, ` (${this.texts.text("filter_chosen", { n: values.length })})`),
        );
      }
    }
    this.showChosen(state);
  }

  showChosen(state) {
    const before = document.activeElement;
    const had = this.chosen.contains(before) ? before.dataset.chip : null;
    const chips = FIELDS.flatMap((field) => state.filters[field].map((key) => ({ id: `${field}/${key}`, label: this.label(field, key), act: () => this.actions.toggle(field, key) })));
    if (state.q) chips.push({ id: "q", label: this.texts.text("filter_search", { text: state.q }), act: this.actions.clearSearch });
    const buttons = chips.map(({ id, label, act }) =>
      element(
        "button",
        { type: "button", class: "chip", "data-chip": id, "aria-label": this.texts.text("filter_remove", { label }), onclick: act },
        label,
        element("span", { "aria-hidden": "true", class: "chip-cross" }, "×"),
      ),
    );
    if (isFiltered(state)) {
      buttons.push(element("button", { type: "button", class: "chip chip-clear", "data-chip": "clear", onclick: this.actions.clear }, this.texts.text("filter_clear")));
    }
    this.chosen.replaceChildren(...(buttons.length ? [element("div", { class: "chips" }, buttons)] : []));
    // The button that was pressed is gone now: focus goes to what is next to it, never back to the page's start.
    if (had) (buttons.at(-1) ?? document.getElementById("results")).focus();
  }
}
