/** A modal dialog: the browser keeps the focus inside and gives it back; Escape and the button close it. */
import { element } from "./dom.js";

let count = 0;

/**
 * Opens a dialog with a title and content.
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, texts) {
  count += 1;
  const id = `dialog-${count}`;
  const close = element("button", { type: "button", class: "button dialog-close", onclick: () => dialog.close() }, texts.text("map_close"));
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": id }, element("h2", { class: "dialog-title", id }, title), content, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
