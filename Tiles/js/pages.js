/** Addresses of the pages beside the map. */

/**
 * An identifier as the name of a file, as `kompass export --static` writes it: small letters, digits and hyphens stay,
 * every other byte is `=` and two hexadecimal digits; what is longer than 200 of these is cut into folders.
 * @param {string} id
 */
export function fileName(id) {
  const written = (byte) => (/[a-z0-9-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `=${byte.toString(16).padStart(2, "0")}`);
  const name = [...new TextEncoder().encode(id)].map(written).join("");
  return (name.match(/.{1,200}/g) ?? []).join("=/");
}

/**
 * The page of a record in the page's language. In a folder of files it stands in the map's own folder.
 * @param {"offers"|"actors"} kind @param {string} id @param {string} tag
 */
export function recordPage(kind, id, tag) {
  const page = document.documentElement.dataset;
  if (page.static !== undefined) return `./${kind}/${fileName(id)}.html`;
  return `${page.base ?? ""}/${kind}/${encodeURIComponent(id)}?lang=${encodeURIComponent(tag)}`;
}
