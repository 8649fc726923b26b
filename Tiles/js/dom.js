/**
 * Builds DOM nodes from data. Text only ever goes in as text nodes, so nothing that a record says can become markup,
 * and no style attribute is written (the page's CSP allows none).
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes] `onX` adds a listener, `null`/`undefined`/`false` leaves out, `true` sets empty
 * @param {...any} children nodes, texts, numbers, or lists of them; null, undefined and false are left out
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * The same in the SVG namespace.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** @template {Element} Kind @param {Kind} node @param {Record<string, any>} attributes @param {any[]} children @returns {Kind} */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}
