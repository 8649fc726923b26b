/** The share dialog: this view as a link, and as code that shows it inside another page. */
import { openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { HERE, pageAddress } from "./state.js";

/** The code that shows a state inside another page. */
export function embedCode(origin, path, state, title) {
  const address = origin + pageAddress(path, { ...state, embed: true, offer: null });
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="600" loading="lazy" referrerpolicy="no-referrer"></iframe>`;
}

export function openShare(state, texts) {
  const { origin, pathname } = location;
  const link = origin + pageAddress(pathname, { ...state, embed: false });
  const said = element("p", { class: "dialog-note", role: "status" });
  /** @param {string} id @param {string} label @param {string} value @param {"input"|"textarea"} tag */
  const field = (id, label, value, tag) => {
    /** @type {HTMLInputElement|HTMLTextAreaElement} */
    const box = element(tag, { id, class: "dialog-field", readonly: true, rows: tag === "textarea" ? 4 : null, dir: "ltr", spellcheck: "false" });
    box.value = value;
    const copy = async () => {
      box.select();
      try {
        await navigator.clipboard.writeText(value);
        said.textContent = texts.text("copied");
      } catch {
        // Without permission the text is at least marked, ready for the visitor's own key.
        said.textContent = texts.text("copy_by_hand");
      }
    };
    return element("div", { class: "dialog-part" }, element("label", { for: id }, label), box, element("button", { type: "button", class: "button", onclick: copy, "aria-label": texts.text("copy_of", { what: label }) }, texts.text("copy")));
  };
  openDialog(
    texts.text("share"),
    element(
      "div",
      {},
      field("share-link", texts.text("share_link"), link, "input"),
      state.near === HERE ? element("p", { class: "dialog-note" }, texts.text("share_without_position")) : null,
      field("share-code", texts.text("share_code"), embedCode(origin, pathname, { ...state, lang: texts.tag }, document.title), "textarea"),
      said,
    ),
    texts,
  );
}
