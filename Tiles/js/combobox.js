/**
 * A search box with suggestions, as the ARIA Authoring Practices describe it (editable combobox with list
 * autocompletion): the focus stays in the box, arrows move through the list, Enter takes, Escape closes.
 */
import { element } from "./dom.js";

export class Combobox {
  /**
   * @param {HTMLInputElement} input @param {HTMLElement} status says how many suggestions there are
   * @param {{suggest: (text: string) => Promise<{kind: string, label: string, note?: string, lang?: string|null, mark?: Node|null, take: () => void}[]>,
   *   submit: (text: string) => void, say: (n: number) => string, label: string}} actions
   */
  constructor(input, status, actions) {
    this.input = input;
    this.status = status;
    this.actions = actions;
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.list = element("ul", { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": actions.label, hidden: true });
    input.after(this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "suggestions"]]) input.setAttribute(name, value);
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // A press on a suggestion must not take the focus from the box.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  async ask() {
    const asked = (this.asked += 1);
    const text = this.input.value.trim();
    const found = text ? await this.actions.suggest(text) : [];
    if (asked !== this.asked || document.activeElement !== this.input) return;
    this.options = found;
    this.activate(-1);
    this.list.replaceChildren(
      ...found.map(({ kind, label, note, lang = null, mark = null }, index) =>
        element(
          "li",
          { class: "suggestion", id: `suggestion-${index}`, role: "option", "aria-selected": "false", onclick: () => this.take(index), onpointermove: () => this.activate(index) },
          element("span", { class: "suggestion-label", dir: lang ? "auto" : null }, element("span", { lang }, label), mark),
          note ? element("span", { class: "suggestion-note" }, note) : null,
          element("span", { class: "suggestion-kind" }, kind),
        ),
      ),
    );
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.status.textContent = text ? this.actions.say(found.length) : "";
  }

  key(event) {
    const { options } = this;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One position beyond the ends is the box itself.
      const positions = options.length + 1;
      this.activate(((this.active + 1 + step + positions) % positions) - 1);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.active >= 0) this.take(this.active);
      else {
        this.close();
        this.actions.submit(this.input.value.trim());
      }
    }
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const { take } = this.options[index];
    this.input.value = "";
    this.close();
    take();
  }

  close() {
    this.asked += 1;
    this.options = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.activate(-1);
    this.input.setAttribute("aria-expanded", "false");
  }
}
