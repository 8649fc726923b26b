/**
 * Draws the map's letters in the browser, so that no glyph server is needed: a range of 256 characters is drawn with a
 * font of the visitor's system, turned into signed distance fields and packed as the glyph PBF that MapLibre reads
 * (message glyphs: stacks = 1 {name = 1, range = 2, glyphs = 3 {id, bitmap, width, height, left, top, advance}}).
 */

/** MapLibre's own constants: glyphs are 24 pixels high with a border of 3; 8 pixels of distance fill the byte, the edge at 3/4. */
const EM = 24;
const BORDER = 3;
const RADIUS = 8;
const EDGE = 0.25;
/** Baseline below the glyph box's top; with MapLibre's line offset of -17 capitals are centred on their anchor. */
const BASELINE = 26;
/** Drawn three times as large: the distance then is right to a sixth of a pixel. */
const SCALE = 3;
/** Glyphs drawn before the browser gets its breath back. */
const BATCH = 24;

/** Registers `glyphs://{fontstack}/{range}`. Font names say weight and slant ("Kompass Bold", "Kompass Italic"). */
export function registerGlyphs(maplibre) {
  maplibre.addProtocol("glyphs", async ({ url }) => {
    const match = /^glyphs:\/\/([^/]+)\/(\d+)-(\d+)$/.exec(url);
    if (!match) throw new Error(`not a glyph address: ${url}`);
    const name = decodeURIComponent(match[1]);
    const [first, last] = [Number(match[2]), Number(match[3])];
    return { data: (await drawRange(name, first, last)).buffer };
  });
}

async function drawRange(name, first, last) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const glyphs = [];
  for (let code = first; code <= last; code += 1) {
    if (code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code <= 0xdfff)) continue;
    glyphs.push(drawGlyph(context, font(name), code));
    if (glyphs.length % BATCH === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return encodeGlyphs(name, `${first}-${last}`, glyphs);
}

function font(name) {
  const weight = /bold/i.test(name) ? "bold" : /medium/i.test(name) ? "500" : "normal";
  return `${/italic/i.test(name) ? "italic" : "normal"} ${weight} ${EM}px system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
}

function drawGlyph(context, fontDescription, code) {
  const character = String.fromCodePoint(code);
  context.font = fontDescription;
  const metrics = context.measureText(character);
  const glyph = { id: code, width: 0, height: 0, left: 0, top: 0, advance: Math.round(metrics.width), bitmap: null };
  const left = Math.floor(-metrics.actualBoundingBoxLeft);
  const width = Math.ceil(metrics.actualBoundingBoxRight) - left;
  const ascent = Math.ceil(metrics.actualBoundingBoxAscent);
  const height = ascent + Math.ceil(metrics.actualBoundingBoxDescent);
  if (!(width > 0 && height > 0)) return glyph;

  const [columns, rows] = [width + 2 * BORDER, height + 2 * BORDER];
  const canvas = context.canvas;
  canvas.width = columns * SCALE;
  canvas.height = rows * SCALE;
  context.font = fontDescription;
  context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
  context.fillText(character, BORDER - left, BORDER + ascent);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const inside = new Uint8Array(canvas.width * canvas.height);
  for (let index = 0; index < inside.length; index += 1) inside[index] = data[4 * index + 3] >= 128 ? 1 : 0;
  const bitmap = distanceField(inside, canvas.width, canvas.height, SCALE);
  return { ...glyph, width, height, left, top: ascent - BASELINE, bitmap };
}

/**
 * The signed distance field of a black-and-white picture, reduced by `scale`: a byte per output pixel, 192 on the edge,
 * more inside. Time O(pixels).
 */
export function distanceField(inside, width, height, scale) {
  const outer = squaredDistances(inside, width, height, 1);
  const inner = squaredDistances(inside, width, height, 0);
  const [columns, rows] = [width / scale, height / scale];
  const field = new Uint8Array(columns * rows);
  const middle = (scale - 1) / 2;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const index = (row * scale + middle) * width + column * scale + middle;
      // Half a pixel: distances are measured between pixel centres, the edge lies between them.
      const signed = inside[index] ? 0.5 - Math.sqrt(inner[index]) : Math.sqrt(outer[index]) - 0.5;
      const value = 255 - 255 * (signed / scale / RADIUS + EDGE);
      field[row * columns + column] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return field;
}

/** Squared distance of every pixel to the nearest one of the wanted value (lower envelope of parabolas, by columns, then rows). */
function squaredDistances(inside, width, height, wanted) {
  const far = 1e10;
  const grid = new Float64Array(width * height);
  for (let index = 0; index < grid.length; index += 1) grid[index] = inside[index] === wanted ? 0 : far;
  for (let x = 0; x < width; x += 1) envelope(grid, x, width, height);
  for (let y = 0; y < height; y += 1) envelope(grid, y * width, 1, width);
  return grid;
}

function envelope(grid, offset, stride, length) {
  const heights = new Float64Array(length);
  const apexes = new Int32Array(length);
  const starts = new Float64Array(length + 1);
  for (let q = 0; q < length; q += 1) heights[q] = grid[offset + q * stride];
  let last = 0;
  starts[0] = -Infinity;
  starts[1] = Infinity;
  for (let q = 1; q < length; q += 1) {
    let crossing;
    do {
      const apex = apexes[last];
      crossing = (heights[q] - heights[apex] + q * q - apex * apex) / (2 * (q - apex));
    } while (crossing <= starts[last] && (last -= 1) >= 0);
    last += 1;
    apexes[last] = q;
    starts[last] = crossing;
    starts[last + 1] = Infinity;
  }
  for (let q = 0, current = 0; q < length; q += 1) {
    while (starts[current + 1] < q) current += 1;
    const apex = apexes[current];
    grid[offset + q * stride] = heights[apex] + (q - apex) * (q - apex);
  }
}

/**
 * Packs glyphs as a protocol buffer.
 * @returns {Uint8Array} exactly as long as its buffer
 */
export function encodeGlyphs(name, range, glyphs) {
  const stack = [...field(1, text(name)), ...field(2, text(range))];
  const chunks = [Uint8Array.from(stack)];
  for (const glyph of glyphs) {
    const head = varintField(1, glyph.id);
    const tail = [
      ...varintField(3, glyph.width),
      ...varintField(4, glyph.height),
      ...varintField(5, zigzag(glyph.left)),
      ...varintField(6, zigzag(glyph.top)),
      ...varintField(7, glyph.advance),
    ];
    const bitmap = glyph.bitmap ?? new Uint8Array(0);
    const bitmapHead = glyph.bitmap ? [(2 << 3) | 2, ...varint(bitmap.length)] : [];
    const length = head.length + bitmapHead.length + bitmap.length + tail.length;
    chunks.push(Uint8Array.from([(3 << 3) | 2, ...varint(length), ...head, ...bitmapHead]), bitmap, Uint8Array.from(tail));
  }
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const header = Uint8Array.from([(1 << 3) | 2, ...varint(length)]);
  const message = new Uint8Array(header.length + length);
  message.set(header);
  let position = header.length;
  for (const chunk of chunks) {
    message.set(chunk, position);
    position += chunk.length;
  }
  return message;
}

const text = (value) => [...new TextEncoder().encode(value)];
const field = (number, bytes) => [(number << 3) | 2, ...varint(bytes.length), ...bytes];
const varintField = (number, value) => [number << 3, ...varint(value)];
const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
