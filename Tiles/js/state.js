/**
 * The state of the page (search, filters, language, view, chosen offer) and its one place: the URL.
 * The query holds what the server knows too (DOMAIN: one grammar for items, tiles and the map's own URL);
 * the fragment holds what only this browser needs: `#zoom/latitude/longitude[/offer id]`,
 * or `#offer/id` where no map has been moved yet.
 * Pure functions, no access to `window`.
 */

/** The filter fields that the panel offers, in its order. Values of one field mean OR, different fields AND. */
export const FIELDS = ["category", "topic", "audience", "language", "delivery", "sector", "located_in"];

/**
 * @typedef {{zoom: number, latitude: number, longitude: number}} View
 * @typedef {{lang: string|null, q: string, filters: Record<string, string[]>, view: View|null, offer: string|null}} State
 */

/** Reads a URL's query and fragment. What is unknown or malformed is dropped: shared links collect trackers. @returns {State} */
export function parse(search, hash) {
  const query = new URLSearchParams(search);
  const filters = {};
  for (const field of FIELDS) {
    const values = (query.get(field) ?? "").split(",").map((value) => value.trim()).filter(Boolean);
    filters[field] = [...new Set(values)];
  }
  return { lang: query.get("lang"), q: (query.get("q") ?? "").trim(), filters, ...parseFragment(hash) };
}

function parseFragment(hash) {
  const parts = hash.replace(/^#/, "").split("/");
  if (parts[0] === "offer") return { view: null, offer: decoded(parts[1]) };
  const [zoom, latitude, longitude] = parts.slice(0, 3).map((part) => (part === "" ? NaN : Number(part)));
  const valid = zoom >= 0 && zoom <= 24 && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180;
  return { view: valid ? { zoom, latitude, longitude } : null, offer: valid ? decoded(parts[3]) : null };
}

function decoded(part) {
  try {
    return decodeURIComponent(part ?? "") || null;
  } catch {
    return null;
  }
}

/** The filters in the server's grammar, without a leading `?`; keys in a fixed order so that equal states share caches. */
export function filterQuery(state) {
  const parts = FIELDS.filter((field) => state.filters[field].length).map(
    (field) => `${field}=${state.filters[field].map(encodeURIComponent).join(",")}`,
  );
  if (state.q) parts.push(`q=${encodeURIComponent(state.q)}`);
  return parts.join("&");
}

/** The page's own address for a state. */
export function pageAddress(path, state, lang = state.lang) {
  const query = [lang ? `lang=${encodeURIComponent(lang)}` : "", filterQuery(state)].filter(Boolean).join("&");
  return path + (query ? `?${query}` : "") + fragment(state);
}

function fragment({ view, offer }) {
  if (!view) return offer ? `#offer/${encodeURIComponent(offer)}` : "";
  const place = [view.zoom.toFixed(2), view.latitude.toFixed(4), view.longitude.toFixed(4)].join("/");
  return `#${place}${offer ? `/${encodeURIComponent(offer)}` : ""}`;
}

/** A copy with one value of one field added or taken away. */
export function toggled(state, field, value) {
  const values = state.filters[field];
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return { ...state, filters: { ...state.filters, [field]: next } };
}

/** A copy without any filter or search text. */
export function cleared(state) {
  return { ...state, q: "", filters: Object.fromEntries(FIELDS.map((field) => [field, []])) };
}

export function isFiltered(state) {
  return Boolean(state.q) || FIELDS.some((field) => state.filters[field].length);
}
