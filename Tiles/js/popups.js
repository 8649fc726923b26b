/** What opens above the map: one popup at a time, which takes the focus and gives it back. */
import { element } from "./dom.js";
import { entryHead } from "./entry.js";

export class Popups {
  /** @param {maplibregl.Map} map @param {HTMLElement} container @param {HTMLElement} legend which a popup stays clear of */
  constructor(map, container, legend) {
    this.map = map;
    this.container = container;
    this.legend = legend;
    /** @type {maplibregl.Popup|null} */
    this.popup = null;
  }

  close() {
    this.popup?.remove();
  }

  /**
   * @param {HTMLElement} content @param {maplibregl.Place|maplibregl.LngLat} position
   * @param {Element|null} [opener] what gets the focus back; what has it now where none is named
   */
  show(content, position, opener = document.activeElement) {
    this.close();
    const popup = new maplibregl.Popup({ maxWidth: "none", offset: 20, focusAfterOpen: false }).setLngLat(position).setDOMContent(content).addTo(this.map);
    this.popup = popup;
    const frame = popup.getElement();
    // The focus goes to the text, not to its first button, and the page does not jump.
    content.tabIndex = -1;
    content.focus({ preventScroll: true });
    frame.addEventListener("keydown", (event) => {
      if (event.key === "Escape") popup.remove();
    });
    popup.on("close", () => {
      const { activeElement } = document;
      if (activeElement !== document.body && !frame.contains(activeElement)) return;
      if (opener instanceof HTMLElement && opener !== document.body) opener.focus({ preventScroll: true });
      // What opened it may have gone, or lie in the other view of a narrow screen.
      if (document.activeElement !== opener || opener === document.body) this.map.getCanvas().focus({ preventScroll: true });
    });
    this.keepInView(frame);
  }

  /** Moves the map just so far that the popup is seen whole. */
  keepInView(frame) {
    const room = this.container.getBoundingClientRect();
    const box = frame.getBoundingClientRect();
    let x = Math.min(0, box.left - room.left - 8) + Math.max(0, box.right - room.right + 8);
    const y = Math.min(0, box.top - room.top - 8) + Math.max(0, box.bottom - room.bottom + 8);
    const legend = this.legend.getBoundingClientRect();
    const overlaps = box.right - x > legend.left && box.left - x < legend.right && box.bottom - y > legend.top;
    // Beside the legend, where the map has the room.
    const aside = document.documentElement.dir === "rtl" ? box.left - legend.right - 8 : box.right - legend.left + 8;
    if (overlaps && room.width > box.width + legend.width + 40) x = aside;
    if (x || y) this.map.panBy([x, y]);
  }
}

/**
 * All offers at one place.
 * @param {any[]} offers @param {import("./i18n.js").Texts} texts @param {(id: string) => void} reveal shows one in the list
 */
export function offersCard(offers, texts, reveal) {
  const entries = offers.map((offer) =>
    element(
      "li",
      { class: "popup-entry" },
      entryHead(offer, texts, { heading: "h4" }),
      element("p", { class: "entry-precision" }, texts.text(`precision_${offer.properties.precision ?? "none"}`)),
      element(
        "button",
        { type: "button", class: "link-button", "aria-label": texts.text("show_in_list_of", { title: offer.properties.title }), onclick: () => reveal(String(offer.id)) },
        texts.text("show_in_list"),
      ),
    ),
  );
  const title = offers.length > 1 ? element("h3", { class: "popup-title" }, texts.text("map_here", { n: offers.length })) : null;
  return element("div", { class: "popup" }, title, element("ul", { class: "popup-entries" }, entries));
}

/**
 * A district with its figures.
 * @param {Record<string, any>} district as its tile has it @param {{title: string, text: string}|null} figure the one that areas are coloured by
 * @param {import("./i18n.js").Texts} texts @param {(key: string) => void} choose shows this district alone
 */
export function districtCard(district, figure, texts, choose) {
  const fact = (title, text) => element("div", { class: "fact" }, element("dt", {}, title), element("dd", {}, text));
  const number = (key, value) => fact(texts.text(`district_${key}`), value > 0 ? texts.number(value) : texts.text("district_no_data"));
  return element(
    "div",
    { class: "popup" },
    element("h3", { class: "popup-title", lang: "de", dir: "auto" }, district.name),
    district.designation ? element("p", { class: "entry-meta", lang: "de", dir: "auto" }, district.designation) : null,
    element("dl", { class: "facts" }, number("people", district.people), number("actors", district.actors), number("offers", district.offers), figure && fact(figure.title, figure.text)),
    element("button", { type: "button", class: "button", onclick: () => choose(String(district.key)) }, texts.text("district_filter")),
  );
}
