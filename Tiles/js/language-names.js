/** Names of languages as the browser knows them (Unicode CLDR), where the data name them in German and English only. Pure. */

/**
 * A language's name in a page's language, or null where the browser has none.
 * @param {string} key the language @param {string} tag the page's language
 */
export function languageName(key, tag) {
  try {
    // A key that stands for another one (`sh`) would get that one's name.
    if (new Intl.Locale(key).toString() !== key) return null;
    return new Intl.DisplayNames([tag], { type: "language", fallback: "none" }).of(key) ?? null;
  } catch {
    return null;
  }
}

/** What the language is called by those who speak it. @param {string} key */
export function ownName(key) {
  return languageName(key, key);
}

/**
 * How a name may be typed: as it stands, without the article that Arabic writes as one with it, and without its marks.
 * @param {string} name @returns {string[]}
 */
export function spellings(name) {
  const bare = name.normalize("NFD").replace(/\p{M}/gu, "");
  return [...new Set([name, bare, ...(bare.startsWith("ال") ? [bare.slice(2)] : [])])];
}
