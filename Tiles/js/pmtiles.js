/**
 * Reads a tile archive (PMTiles, version 3) a part at a time, as `kompass export` writes it: for a map that is a folder
 * of files on a plain host. Pure but for `rangeReader`.
 */

const HEADER_LENGTH = 127;
/** The header and the root directory end within so many bytes (specification, section 3.1). */
const ROOT_END = 16384;
const GZIP = 2;
/** A directory leads to another one at most so often, else the archive is damaged. */
const DEEPEST = 4;

/**
 * The number of a tile: all tiles of the zooms above, then the place along a Hilbert curve (section 4.1).
 * @returns {number} exact up to zoom 24
 */
export function tileNumber(zoom, x, y) {
  let number = (4 ** zoom - 1) / 3;
  for (let side = 2 ** (zoom - 1); side >= 1; side /= 2) {
    const east = x >= side ? 1 : 0;
    const south = y >= side ? 1 : 0;
    number += side * side * ((3 * east) ^ south);
    x -= east * side;
    y -= south * side;
    if (south) continue;
    if (east) [x, y] = [side - 1 - x, side - 1 - y];
    [x, y] = [y, x];
  }
  return number;
}

/** @param {Uint8Array} bytes at least the first 127 of the archive */
export function readHeader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isArchive = bytes.length >= HEADER_LENGTH && new TextDecoder().decode(bytes.subarray(0, 7)) === "PMTiles" && bytes[7] === 3;
  if (!isArchive) throw new Error("not a PMTiles archive of version 3");
  const section = (offset) => ({ offset: Number(view.getBigUint64(offset, true)), length: Number(view.getBigUint64(offset + 8, true)) });
  const degrees = (offset) => view.getInt32(offset, true) / 1e7;
  return {
    root: section(8),
    metadata: section(24),
    leaves: section(40),
    tiles: section(56),
    directoryCompression: bytes[97],
    tileCompression: bytes[98],
    minzoom: bytes[100],
    maxzoom: bytes[101],
    bounds: [102, 106, 110, 114].map(degrees),
  };
}

/**
 * @param {Uint8Array} bytes a directory, decompressed
 * @returns {{number: number, run: number, length: number, offset: number}[]} ascending; `run` 0: a leaf directory
 */
export function readDirectory(bytes) {
  let position = 0;
  const next = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (position >= bytes.length) throw new Error("a directory of the archive is cut short");
      const byte = bytes[position];
      position += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const count = next();
  if (count > bytes.length) throw new Error("a directory of the archive is damaged");
  const list = () => Array.from({ length: count }, next);
  let number = 0;
  const numbers = list().map((step) => (number += step));
  const runs = list();
  const lengths = list();
  let end = 0;
  // 0: right behind the one before.
  const offsets = list().map((stated, index) => {
    const offset = stated === 0 ? end : stated - 1;
    end = offset + lengths[index];
    return offset;
  });
  return numbers.map((number, index) => ({ number, run: runs[index], length: lengths[index], offset: offsets[index] }));
}

/** The entry that a tile stands in or below, or null. Time O(log n). */
export function findEntry(entries, number) {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle].number <= number) low = middle + 1;
    else high = middle;
  }
  const entry = entries[low - 1];
  return entry && (entry.run === 0 || number < entry.number + entry.run) ? entry : null;
}

/** @param {Uint8Array} bytes @param {number} compression as the header says: 1 none, 2 gzip */
export async function expand(bytes, compression) {
  if (compression !== GZIP) return bytes;
  const { DecompressionStream } = /** @type {any} */ (globalThis);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export class TileArchive {
  /** @param {(offset: number, length: number) => Promise<Uint8Array>} read fewer bytes only where the archive ends */
  constructor(read) {
    this.read = read;
    this.header = null;
    /** Directories by where they stand. */
    this.directories = new Map();
  }

  /** The header; read once, again after a failure. */
  open() {
    this.header ??= this.read(0, ROOT_END).then((bytes) => {
      const header = readHeader(bytes);
      const { offset, length } = header.root;
      this.directories.set(offset, this.directory(bytes.subarray(offset, offset + length), header));
      return header;
    });
    this.header.catch(() => (this.header = null));
    return this.header;
  }

  async directory(bytes, header) {
    return readDirectory(await expand(bytes, header.directoryCompression));
  }

  /** What the archive says of itself. */
  async metadata() {
    const header = await this.open();
    const bytes = await this.read(header.metadata.offset, header.metadata.length);
    return JSON.parse(new TextDecoder().decode(await expand(bytes, header.directoryCompression)));
  }

  /** A tile's content, decompressed, or null where the archive has none there. */
  async tile(zoom, x, y) {
    const header = await this.open();
    const number = tileNumber(zoom, x, y);
    let place = header.root;
    for (let depth = 0; depth < DEEPEST; depth += 1) {
      const entry = findEntry(await this.entries(place, header), number);
      if (!entry) return null;
      if (entry.run > 0) return expand(await this.read(header.tiles.offset + entry.offset, entry.length), header.tileCompression);
      place = { offset: header.leaves.offset + entry.offset, length: entry.length };
    }
    throw new Error("the archive's directories lead nowhere");
  }

  entries({ offset, length }, header) {
    if (!this.directories.has(offset)) {
      const entries = this.read(offset, length).then((bytes) => this.directory(bytes, header));
      entries.catch(() => this.directories.delete(offset));
      this.directories.set(offset, entries);
    }
    return this.directories.get(offset);
  }
}

/**
 * Reads parts of a file by range requests. A host that does not know them sends the whole file: it is then kept, so that
 * it is asked for once. That is slow for a large archive, but the map works.
 * @param {string} address
 * @param {(bytes: number) => void} [told] called once when the whole file comes, with its size, 0 where that is not said
 */
export function rangeReader(address, told = () => {}) {
  let whole = null;
  return async (offset, length) => {
    if (whole) return (await whole).subarray(offset, offset + length);
    const response = await fetch(address, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
    if (response.status === 206) return new Uint8Array(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
    console.warn(`${address}: this host knows no range requests; the whole archive is loaded`);
    if (!whole) told(Number(response.headers.get("Content-Length") ?? 0));
    // Whoever asked meanwhile has a whole file on its way, too; the first one stays.
    whole ??= response.arrayBuffer().then((bytes) => new Uint8Array(bytes));
    return (await whole).subarray(offset, offset + length);
  };
}
