// The reader of tile archives, on archives that are made here by the specification's own words.
import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { expand, findEntry, readDirectory, readHeader, TileArchive, tileNumber } from "../js/pmtiles.js";

function varint(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** @param {{number: number, run: number, length: number, offset: number}[]} entries */
function directory(entries) {
  const steps = entries.map(({ number }, index) => number - (index ? entries[index - 1].number : 0));
  const offsets = entries.map(({ offset }, index) => {
    const before = entries[index - 1];
    return before && before.offset + before.length === offset ? 0 : offset + 1;
  });
  return [entries.length, ...steps, ...entries.map(({ run }) => run), ...entries.map(({ length }) => length), ...offsets].flatMap(varint);
}

/** An archive of tiles by number, in leaves of some entries or, without, in the root. */
function archive(tiles, leafSize = Infinity) {
  const zip = (bytes) => gzipSync(Uint8Array.from(bytes));
  const data = [];
  const entries = [...tiles].map(([number, text]) => {
    const bytes = zip(new TextEncoder().encode(text));
    const entry = { number, run: 1, length: bytes.length, offset: data.length };
    data.push(...bytes);
    return entry;
  });
  const leaves = [];
  let root = entries;
  if (entries.length > leafSize) {
    root = [];
    for (let start = 0; start < entries.length; start += leafSize) {
      const bytes = zip(directory(entries.slice(start, start + leafSize)));
      root.push({ number: entries[start].number, run: 0, length: bytes.length, offset: leaves.length });
      leaves.push(...bytes);
    }
  }
  const rootBytes = zip(directory(root));
  const metadata = zip(new TextEncoder().encode(JSON.stringify({ name: "Probe" })));
  const header = new DataView(new ArrayBuffer(127));
  new Uint8Array(header.buffer).set([...new TextEncoder().encode("PMTiles"), 3]);
  let offset = 127;
  [rootBytes, metadata, leaves, data].forEach((section, index) => {
    header.setBigUint64(8 + index * 16, BigInt(offset), true);
    header.setBigUint64(16 + index * 16, BigInt(section.length), true);
    offset += section.length;
  });
  [1, 2, 2, 1, 4, 14].forEach((value, index) => header.setUint8(96 + index, value));
  [10.5, 50.9, 13.1, 53].forEach((degrees, index) => header.setInt32(102 + index * 4, Math.round(degrees * 1e7), true));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...rootBytes, ...metadata, ...leaves, ...data]);
}

function reader(bytes) {
  const reads = [];
  const read = async (offset, length) => {
    reads.push([offset, length]);
    return bytes.subarray(offset, offset + length);
  };
  return { read, reads };
}

test("tiles are numbered as the specification's examples", () => {
  const known = [[0, 0, 0, 0], [1, 0, 0, 1], [1, 0, 1, 2], [1, 1, 1, 3], [1, 1, 0, 4], [2, 0, 0, 5], [12, 3423, 1763, 19078479]];
  for (const [zoom, x, y, number] of known) assert.equal(tileNumber(zoom, x, y), number);
});

test("at each zoom every number comes once, and neighbours in number are neighbours on the map", () => {
  for (const zoom of [1, 2, 3, 5]) {
    const places = new Map();
    for (let x = 0; x < 2 ** zoom; x += 1) for (let y = 0; y < 2 ** zoom; y += 1) places.set(tileNumber(zoom, x, y), [x, y]);
    const first = (4 ** zoom - 1) / 3;
    assert.equal(places.size, 4 ** zoom);
    for (let number = first + 1; number < first + 4 ** zoom; number += 1) {
      const [[a, b], [c, d]] = [places.get(number - 1), places.get(number)];
      assert.equal(Math.abs(a - c) + Math.abs(b - d), 1, `zoom ${zoom}, number ${number}`);
    }
  }
  assert.equal(tileNumber(24, 0, 0), (4 ** 24 - 1) / 3);
  assert.equal(tileNumber(24, 2 ** 24 - 1, 0), (4 ** 25 - 1) / 3 - 1);
});

test("a directory is read as it was written", () => {
  const entries = [
    { number: 0, run: 1, length: 300, offset: 0 },
    { number: 5, run: 17, length: 20, offset: 300 },
    { number: 2 ** 40, run: 1, length: 128, offset: 0 },
    { number: 2 ** 40 + 9, run: 0, length: 4, offset: 5000 },
  ];
  assert.deepEqual(readDirectory(Uint8Array.from(directory(entries))), entries);
  assert.deepEqual(readDirectory(Uint8Array.from([0])), []);
});

test("damaged directories are errors, not endless work", () => {
  const bytes = directory([{ number: 3, run: 1, length: 9, offset: 0 }]);
  for (let length = 0; length < bytes.length; length += 1) assert.throws(() => readDirectory(Uint8Array.from(bytes.slice(0, length))));
  assert.throws(() => readDirectory(Uint8Array.from([255, 255, 255, 127])), /damaged/);
});

test("an entry holds its run, a leaf all up to the next", () => {
  const run = { number: 5, run: 3, length: 1, offset: 0 };
  const leaf = { number: 20, run: 0, length: 1, offset: 0 };
  const found = (number) => findEntry([run, leaf], number);
  assert.deepEqual([4, 5, 7, 8, 19, 20, 1000].map(found), [null, run, run, null, null, leaf, leaf]);
  assert.equal(findEntry([], 1), null);
});

test("what is no archive is refused", () => {
  assert.throws(() => readHeader(new TextEncoder().encode("<!doctype html>".padEnd(200))), /not a PMTiles archive/);
  assert.throws(() => readHeader(new Uint8Array(10)), /not a PMTiles archive/);
});

test("tiles are found in the root and in leaves, and what is not there is null", async () => {
  const tiles = new Map();
  for (let y = 0; y < 8; y += 1) for (let x = 0; x < 4; x += 1) tiles.set(tileNumber(3, x, y), `${x}/${y}`);
  const sorted = new Map([...tiles].sort((a, b) => a[0] - b[0]));
  for (const leafSize of [Infinity, 5]) {
    const { read, reads } = reader(archive(sorted, leafSize));
    const source = new TileArchive(read);
    assert.deepEqual(await source.metadata(), { name: "Probe" });
    const { minzoom, maxzoom, bounds } = await source.open();
    assert.deepEqual([minzoom, maxzoom, bounds], [4, 14, [10.5, 50.9, 13.1, 53]]);
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 4; x += 1) assert.equal(new TextDecoder().decode(await source.tile(3, x, y)), `${x}/${y}`);
      assert.equal(await source.tile(3, 6, y), null);
    }
    assert.equal(await source.tile(4, 0, 0), null);
    // Header and root once, metadata, each leaf once, each tile.
    assert.equal(reads.length, 2 + 32 + (leafSize === 5 ? 7 : 0));
  }
});

test("a failed read is asked again", async () => {
  const { read } = reader(archive(new Map([[0, "world"]])));
  let fails = true;
  const source = new TileArchive(async (offset, length) => {
    if (fails) throw new Error("no network");
    return read(offset, length);
  });
  await assert.rejects(source.tile(0, 0, 0), /no network/);
  fails = false;
  assert.equal(new TextDecoder().decode(await source.tile(0, 0, 0)), "world");
});

test("what is not compressed stays", async () => {
  assert.deepEqual(await expand(Uint8Array.from([1, 2]), 1), Uint8Array.from([1, 2]));
});
