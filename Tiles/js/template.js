/** The page as the server made it: its parts, and what it says of itself. */

export const page = document.documentElement;
/** What every address of this site begins with. */
export const base = page.dataset.base ?? "";
/** Whether the page is a file in a folder, with nobody behind it to ask. */
export const isStatic = page.dataset.static !== undefined;
/** Below this width list and map take turns; the same value stands in layout.css. */
export const narrow = matchMedia("(max-width: 55.99rem)");
/** @type {HTMLElement} */
export const workspace = document.querySelector(".workspace");

/**
 * A part of the page's template.
 * @returns {any}
 */
export const part = (name) => document.querySelector(`[data-part="${name}"]`);

/** @returns {any[]} */
export const all = (selector) => [...document.querySelectorAll(selector)];
