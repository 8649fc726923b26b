/** Pictures that repeat over areas, for the map and for its legend: the hatch, and the tones and patterns of classes. */
import { element, svg } from "./dom.js";

/** From light to dark: ColorBrewer's YlGnBu in five classes (C. Brewer, colorbrewer2.org), which the colour-blind can tell, made paler so that names stay readable. */
const TONES = {
  light: ["#fffde0", "#c9e8cc", "#8ccfd2", "#6ba7cc", "#6c80ba"],
  dark: ["#24424a", "#1f5a63", "#21757a", "#3b9488", "#7fb98d"],
};
/** What a pattern is drawn with: weak enough for names to be read above it. */
const INK = { light: [10, 30, 50, 120], dark: [235, 245, 240, 110] };

/** Whether a pattern has ink at a place; 16 x 16 pixels that repeat. */
const PATTERNS = [
  () => false,
  (x, y) => x < 2 && y < 2,
  (x, y) => x % 8 < 2 && y % 8 < 2,
  (x, y) => (x + y) % 8 < 2,
  (x, y) => (x + y) % 8 < 2 || (x - y + 16) % 8 < 2,
];

/** A class's picture as MapLibre takes it. @param {number} tone 0-4 @param {"light"|"dark"} theme @returns {maplibregl.Picture} */
export function patternImage(tone, theme, size = 16) {
  const fill = [1, 3, 5].map((at) => Number.parseInt(TONES[theme][tone].slice(at, at + 2), 16));
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [red, green, blue, alpha] = INK[theme];
      const share = PATTERNS[tone](x % 16, y % 16) ? alpha / 255 : 0;
      data.set([...fill.map((value, at) => Math.round(value * (1 - share) + [red, green, blue][at] * share)), 255], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

/** Diagonal lines. @param {number[]} tone red, green, blue, alpha (0-255) @returns {maplibregl.Picture} */
export function hatch(tone) {
  const size = 16;
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if ((x + y) % size < 2) data.set(tone, (y * size + x) * 4);
  }
  return { width: size, height: size, data };
}

/** Nothing to be seen, as large as a symbol. @returns {maplibregl.Picture} */
export function room() {
  return { width: 36, height: 36, data: new Uint8Array(36 * 36 * 4) };
}

/** As the style draws districts without data. */
export function hatched() {
  return svg("svg", { class: "legend-hatch", viewBox: "0 0 22 22", width: 22, height: 22, "aria-hidden": "true" }, svg("path", { d: "M-2 8 8-2M-2 16 16-2M-2 24 24-2M6 24 24 6M14 24 24 14" }));
}

/** A class's picture for a text. @param {number} tone @param {"light"|"dark"} theme */
export function swatch(tone, theme) {
  const canvas = element("canvas", { class: "legend-swatch", width: 32, height: 32, "aria-hidden": "true" });
  const { width, height, data } = patternImage(tone, theme, 32);
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return canvas;
}
