/**
 * Search without regard to case and diacritics, as the server folds (FoldedText.swift): `Mädchen`, `MADCHEN` and
 * `maedchen` are one. List and map rest on both giving the same answer, so the rules must stay the same on both sides.
 */

/** Letters of Latin-1 Supplement and Latin Extended-A that have no decomposition into a bare letter and marks. */
const BARE = { ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ĸ: "ĸ", ł: "l", ŀ: "l", ŉ: "n", ß: "ss", ſ: "s" };
const LATIN = /[\u00c0-\u017f]/gu;
const MARKS = /[\u0300-\u036f]/g;

/** The folded text. An `e` behind a, o or u is dropped, so that a written-out umlaut finds the other spelling. */
export function fold(text) {
  let folded = text;
  if (/[^\x00-\x7f]/.test(text)) folded = text.replace(LATIN, bare);
  return folded.toLowerCase().replace(/([aou])e+/g, "$1");
}

function bare(letter) {
  const lower = letter.toLowerCase();
  return BARE[lower[0]] ?? (lower.length > 1 ? lower[0] : lower.normalize("NFD").replace(MARKS, ""));
}

/** The folded words of a text: runs of letters and digits. */
export function words(text) {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** How many typing errors a word of a length may hold and still be meant. */
export function tolerance(length) {
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}

/**
 * Whether a word becomes another, or its beginning, by at most `limit` insertions, deletions, replacements or swaps of
 * neighbours (optimal string alignment). Time O(length²).
 * @returns {number} how many are needed, or Infinity
 */
export function typos(typed, word, limit = tolerance(typed.length)) {
  if (word.startsWith(typed)) return 0;
  if (limit === 0 || word.length < typed.length - limit) return Infinity;
  const target = word.slice(0, typed.length + limit);
  let [before, last] = [[], Array.from({ length: target.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= typed.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= target.length; column += 1) {
      const same = typed[row - 1] === target[column - 1];
      let cost = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      if (row > 1 && column > 1 && typed[row - 1] === target[column - 2] && typed[row - 2] === target[column - 1]) {
        cost = Math.min(cost, before[column - 2] + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return Infinity;
    [before, last] = [last, current];
  }
  const best = Math.min(...last);
  return best <= limit ? best : Infinity;
}
