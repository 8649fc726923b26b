/** On an offer's own page: says beside its dates that it has ended, where the browser's clock says so. */
import { hasEnded } from "./ended.js";

for (const badge of document.querySelectorAll("[data-ends]")) {
  const { ends, ended } = /** @type {HTMLElement} */ (badge).dataset;
  if (!hasEnded({ valid_to: ends })) continue;
  const mark = document.createElement("span");
  mark.className = "badge is-ended";
  mark.textContent = ended;
  badge.after(" ", mark);
}
