/** MapLibre: a classic script that sets a global; it is fetched only when a map is to be seen. */
import { element } from "./dom.js";

/** Loads script and sheet, once. Rejects where one of them is missing. @param {string} base @returns {Promise<any>} */
export function loadLibrary(base) {
  if (globalThis.maplibregl) return Promise.resolve();
  const sheet = new Promise((resolve, reject) => {
    const link = element("link", { rel: "stylesheet", href: `${base}/assets/maplibre/maplibre-gl.css`, onload: resolve, onerror: () => reject(new Error("maplibre-gl.css is missing")) });
    // Before our own sheets, so that ours have the last word.
    document.head.querySelector("link[rel=stylesheet]").before(link);
  });
  const script = new Promise((resolve, reject) => {
    document.head.append(element("script", { src: `${base}/assets/maplibre/maplibre-gl.js`, onload: resolve, onerror: () => reject(new Error("maplibre-gl.js is missing")) }));
  });
  return Promise.all([sheet, script]);
}
