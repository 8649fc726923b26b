/** A map that is a folder of files: its tiles come out of the archive in that folder. */
import { rangeReader, TileArchive } from "./pmtiles.js";

/**
 * Lets MapLibre read the archive.
 * @param {any} gl the library @param {string} base path of the folder @param {string} [version] of the content
 * @param {(bytes: number) => void} [whole] told when the host sends the archive as a whole, with its size, 0 if unknown
 * @returns {string} the address of the tiles' description
 */
export function openArchive(gl, base, version = "", whole = () => {}) {
  const address = new URL(`${base}/tiles/kompass.pmtiles?v=${encodeURIComponent(version)}`, location.href);
  const archive = new TileArchive(rangeReader(address.href, whole));
  gl.addProtocol("archive", async ({ url }) => {
    if (url.endsWith(".json")) return { data: await description(archive) };
    const [zoom, x, y] = url.split("/").slice(-3).map(Number);
    const bytes = await archive.tile(zoom, x, y);
    return { data: bytes ? bytes.slice().buffer : new ArrayBuffer(0) };
  });
  return "archive://kompass.json";
}

/** The archive as TileJSON. */
async function description(archive) {
  const [{ minzoom, maxzoom, bounds }, { name, vector_layers }] = await Promise.all([archive.open(), archive.metadata()]);
  return { tilejson: "3.0.0", tiles: ["archive://kompass/{z}/{x}/{y}"], name, minzoom, maxzoom, bounds, vector_layers };
}
