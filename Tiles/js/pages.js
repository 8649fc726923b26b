/** Addresses of the pages that the server renders beside the map. */

/**
 * The page of a record in the page's language; null in a copy on a static host, which has none.
 * @param {"offers"|"actors"} kind @param {string} id @param {string} tag
 */
export function recordPage(kind, id, tag) {
  const page = document.documentElement.dataset;
  if (page.static !== undefined) return null;
  return `${page.base ?? ""}/${kind}/${encodeURIComponent(id)}?lang=${encodeURIComponent(tag)}`;
}
