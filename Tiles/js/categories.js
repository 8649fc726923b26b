/**
 * How a category looks, on the map, in the legend and in the list: a shape, a colour and a pictogram.
 * Colour never stands alone: the three shapes tell the kind (support, learning and meeting, structures), the pictogram
 * the category. Every colour has a contrast of at least 4.5:1 against the white pictogram. A category that this table
 * does not know gets a shape and its label's first letter. What has ended is hollow: an outline on the ground's colour.
 */
import { svg } from "./dom.js";

const SHAPES = {
  circle: "M18 3a15 15 0 1 1 0 30a15 15 0 1 1 0-30z",
  square: "M9 4h18a5 5 0 0 1 5 5v18a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5V9a5 5 0 0 1 5-5z",
  hexagon: "M16 2.9a4 4 0 0 1 4 0l10.5 6.1a4 4 0 0 1 2 3.5v11a4 4 0 0 1-2 3.5L20 33.1a4 4 0 0 1-4 0L5.5 27a4 4 0 0 1-2-3.5v-11a4 4 0 0 1 2-3.5z",
};

const ring = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

/** Pictograms are lines on a 24 x 24 grid. */
const KNOWN = {
  counselling: { shape: "circle", color: "#00695c", lines: "M5 6.5h14v9h-7l-4 3.5v-3.5H5z" },
  mobile_outreach: {
    shape: "circle",
    color: "#a8480f",
    lines: `${ring(5.5, 18, 1.8)}M7.5 18h6.5a3.3 3.3 0 0 0 0-6.6h-4a3.2 3.2 0 0 1 0-6.4h8.5M15.5 2l3 3-3 3`,
  },
  room: { shape: "circle", color: "#6b6200", lines: "M5 11.5 12 5.5l7 6V19H5zM10 19v-5h4v5" },
  training: {
    shape: "square",
    color: "#1f5fa8",
    lines: "M12 7.5C10 6 7.5 5.5 5 5.5V17c2.5 0 5 .5 7 2 2-1.5 4.5-2 7-2V5.5c-2.5 0-5 .5-7 2zM12 7.5V19",
  },
  workshop: { shape: "square", color: "#6a3d9a", lines: "M5.5 18.5l1-4L15 6l3 3-8.5 8.5zM12.5 8.5l3 3" },
  event: { shape: "square", color: "#b5135b", lines: "M5.5 7h13v12h-13zM5.5 11h13M9 4.5V8M15 4.5V8" },
  network_meeting: {
    shape: "square",
    color: "#455a64",
    lines: `${ring(12, 7.5, 2.3)}${ring(6.5, 17, 2.3)}${ring(17.5, 17, 2.3)}M10.8 9.5l-3.1 5.5M13.2 9.5l3.1 5.5M8.8 17h6.4`,
  },
  project: { shape: "hexagon", color: "#8b1e3f", lines: "M7.5 20V4.5M7.5 5.5h10l-2.5 3.5 2.5 3.5h-10" },
  platform: { shape: "hexagon", color: "#2a6f2e", lines: "M4.5 6h15v10h-15zM9 19.5h6M12 16v3.5" },
  funding: { shape: "hexagon", color: "#85590a", lines: "M17 7.5a6 6 0 1 0 0 9M5 10.8h8.5M5 13.5h7.5" },
  publication: {
    shape: "hexagon",
    color: "#5d4037",
    lines: "M7 4.5h7l3.5 3.5v11.5H7zM9.5 11.5h5.5M9.5 15h5.5M14 4.5v4h3.5",
  },
};

const OTHER_COLORS = ["#37474f", "#4a148c", "#004d40", "#7f3b08"];

/** @returns {{shape: string, color: string, lines: string|null}} */
export function appearance(category) {
  if (KNOWN[category]) return KNOWN[category];
  const sum = [...(category ?? "")].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return { shape: "hexagon", color: OTHER_COLORS[sum % OTHER_COLORS.length], lines: null };
}

/**
 * The symbol of a category as an SVG picture. It is decoration: its neighbour or its button says the name.
 * @param {string} category @param {string} label @param {number} [size] @param {boolean} [ended] whether what it stands for is over
 */
export function symbol(category, label, size = 24, ended = false) {
  const { shape, color, lines } = appearance(category);
  const picture = lines
    ? svg("path", { d: lines, transform: "translate(7.2 7.2) scale(0.9)", class: "symbol-lines" })
    : svg("text", { x: 18, y: 24, class: "symbol-letter", "text-anchor": "middle" }, (label || category || "?").slice(0, 1).toUpperCase());
  return svg(
    "svg",
    { class: ended ? "symbol is-hollow" : "symbol", color, viewBox: "0 0 36 36", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: SHAPES[shape], class: "symbol-shape" }),
    picture,
  );
}

/**
 * The symbol of several offers: how many, in a ring of their categories' shares; the ended ones of each are hollow.
 * @param {[string, number][]} shares @param {number} count @param {string} text @param {Map<string, number>} [ended] how many of a category
 */
export function bundleSymbol(shares, count, text, ended = new Map()) {
  const size = 36 + Math.min(14, Math.round(Math.log2(count) * 3));
  const radius = 15.5;
  const arcs = [];
  let from = 0;
  for (const [category, number] of shares) {
    const to = from + number / count;
    arcs.push(svg("path", { d: arc(radius, from, to), color: appearance(category).color, class: "bundle-arc" }));
    const over = ended.get(category) ?? 0;
    if (over) arcs.push(svg("path", { d: arc(radius, to - over / count, to), class: "bundle-hollow" }));
    from = to;
  }
  return svg(
    "svg",
    { class: "symbol bundle", viewBox: "0 0 36 36", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    svg("circle", { cx: 18, cy: 18, r: 17.5, class: "bundle-disc" }),
    ...arcs,
    // A long number is pressed into the ring.
    svg("text", { x: 18, y: 22.5, "text-anchor": "middle", class: "bundle-count", ...(text.length > 4 ? { textLength: 25, lengthAdjust: "spacingAndGlyphs" } : {}) }, text),
  );
}

/** A ring segment from one share of the circle to another, clockwise from the top. */
function arc(radius, from, to) {
  const point = (share) => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${(18 + radius * Math.cos(angle)).toFixed(2)} ${(18 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  if (to - from > 0.9999) return `M${point(0)}A${radius} ${radius} 0 1 1 ${point(0.5)}A${radius} ${radius} 0 1 1 ${point(0)}`;
  return `M${point(from)}A${radius} ${radius} 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(to)}`;
}
