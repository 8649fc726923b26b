/** Texts in another language than the page's: said to the browser, so that they are read and set rightly, and to the reader. */
import { element } from "./dom.js";

const isGerman = (tag) => tag === "de" || tag.startsWith("de-");

/**
 * What is German whatever the page's language: names, titles and texts of the records.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {any} content @param {import("./i18n.js").Texts} texts @param {Record<string, any>} [attributes]
 */
export function german(tag, content, texts, attributes = {}) {
  return element(tag, { ...attributes, ...(isGerman(texts.tag) ? {} : { lang: "de", dir: "ltr" }) }, content);
}

/** Whether a text in a language is a stand-in on the page. @param {string|null} lang @param {import("./i18n.js").Texts} texts */
export function isFallback(lang, texts) {
  return Boolean(lang) && lang !== texts.tag && lang !== texts.tag.split("-")[0];
}

/** The visible mark of a stand-in: the language's letters, in words for whoever hears the page. @param {string} lang @param {import("./i18n.js").Texts} texts */
export function fallbackMark(lang, texts) {
  const words = lang === "de" ? texts.text("language_fallback") : lang;
  return element("span", { class: "stand-in", title: words }, element("span", { "aria-hidden": "true" }, lang.toUpperCase()), element("span", { class: "unseen" }, ` (${words})`));
}

/** A label with its mark, where it is in another language than the page. @param {string} text @param {string|null} lang @param {import("./i18n.js").Texts} texts */
export function labelled(text, lang, texts) {
  if (!isFallback(lang, texts)) return element("span", {}, text);
  return element("span", {}, element("span", { lang, dir: lang === "ar" || lang === "fa" ? "rtl" : "ltr" }, text), " ", fallbackMark(lang, texts));
}

/** The label of a vocabulary key, marked where it is not in the page's language. @param {string} field @param {string} key @param {import("./i18n.js").Texts} texts */
export function vocabularyLabel(field, key, texts) {
  const { text, lang } = texts.label(field, key);
  return labelled(text, lang, texts);
}
