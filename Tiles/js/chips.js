/** What is chosen, as buttons that take it away again. */
import { element } from "./dom.js";
import { labelled } from "./foreign.js";
import { HERE, NETWORK_FIELDS, FIELDS } from "./state.js";

export class Chips {
  /**
   * @param {HTMLElement} container @param {import("./i18n.js").Texts} texts
   * @param {{label: (field: string, key: string) => string, lang: (field: string, key: string) => string|null, toggle: (field: string, key: string) => void,
   *   clear: () => void, clearSearch: () => void, clearPlace: () => void}} actions
   */
  constructor(container, texts, actions) {
    this.container = container;
    this.texts = texts;
    this.actions = actions;
  }

  show(state) {
    const { texts, actions } = this;
    const before = document.activeElement;
    const had = this.container.contains(before);
    const fields = state.way === "network" ? NETWORK_FIELDS : FIELDS;
    const chips = fields.flatMap((field) => state.filters[field].map((key) => ({ label: actions.label(field, key), lang: actions.lang(field, key), act: () => actions.toggle(field, key) })));
    if (state.near) {
      const label = state.near === HERE ? texts.text("near_me") : texts.text("near_place", { place: state.near });
      chips.push({ label, lang: null, act: actions.clearPlace });
    }
    if (state.q) chips.push({ label: texts.text("filter_search", { text: state.q }), lang: null, act: actions.clearSearch });
    const buttons = chips.map(({ label, lang, act }) =>
      element(
        "button",
        { type: "button", class: "chip", "aria-label": texts.text("filter_remove", { label }), onclick: act },
        labelled(label, lang, texts),
        element("span", { "aria-hidden": "true", class: "chip-cross" }, "×"),
      ),
    );
    if (buttons.length > 1) buttons.push(element("button", { type: "button", class: "chip chip-clear", onclick: actions.clear }, texts.text("filter_clear")));
    this.container.replaceChildren(...(buttons.length ? [element("div", { class: "chips" }, buttons)] : []));
    // The button that was pressed is gone now: focus goes to what is next to it, never back to the page's start.
    if (had) (buttons.at(-1) ?? document.getElementById("results")).focus();
  }
}
