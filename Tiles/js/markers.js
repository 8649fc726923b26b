/**
 * Buttons on the map, each at a place. One that stands for the same as before stays, and the focus with it; the focus of
 * one that goes is given to its nearest neighbour. The tab order is the order in which they are given.
 */

/**
 * @template T
 * @typedef {{position: maplibregl.Place, group: T, make: () => {button: HTMLElement, name: string}}} Wanted
 */

/** @template T */
export class Markers {
  /** @param {maplibregl.Map} map @param {HTMLElement} container */
  constructor(map, container) {
    this.map = map;
    this.container = container;
    /** @type {Map<string, {marker: maplibregl.Marker, group: T}>} */
    this.shown = new Map();
  }

  /** @param {Map<string, Wanted<T>>} wanted @returns {boolean} whether any is new or gone */
  show(wanted) {
    const focused = this.container.contains(document.activeElement) ? document.activeElement : null;
    let lost = null;
    let changed = false;
    for (const [key, { marker }] of this.shown) {
      if (wanted.has(key)) continue;
      changed = true;
      if (marker.getElement() === focused) lost = marker.getLngLat();
      marker.remove();
      this.shown.delete(key);
    }
    for (const [key, { position, group, make }] of wanted) {
      const known = this.shown.get(key);
      if (known) {
        // The same members, perhaps from a tile of another zoom, whose grid is finer.
        known.group = group;
        known.marker.setLngLat(position);
        continue;
      }
      changed = true;
      const { button, name } = make();
      const marker = new maplibregl.Marker({ element: button }).setLngLat(position).addTo(this.map);
      // Only now: MapLibre gives every marker that it adds the same name.
      button.setAttribute("aria-label", name);
      button.addEventListener("focus", () => this.keepInView(marker));
      this.shown.set(key, { marker, group });
    }
    if (changed) order([...wanted.keys()].map((key) => this.shown.get(key).marker.getElement()), document.activeElement);
    if (lost) (this.nearest(lost)?.marker.getElement() ?? this.map.getCanvas()).focus({ preventScroll: true });
    return changed;
  }

  /** Whoever walks through the marks with the keyboard sees where they are. */
  keepInView(marker) {
    const place = marker.getLngLat();
    if (!this.map.getBounds().contains(place)) this.map.panTo(place);
  }

  /** @param {maplibregl.LngLat} place */
  nearest(place, among = [...this.shown.values()]) {
    let best = null;
    for (const shown of among) {
      const distance = shown.marker.getLngLat().distanceTo(place);
      if (!best || distance < best.distance) best = { shown, distance };
    }
    return best?.shown;
  }

  /** @param {(group: T) => boolean} test @returns {{marker: maplibregl.Marker, group: T}|undefined} */
  find(test) {
    return [...this.shown.values()].find(({ group }) => test(group));
  }
}

/** Brings elements into an order. The one that has the focus is not moved: it would lose it. */
function order(elements, focused) {
  const follows = (element, before) => before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (elements.every((element, at) => at === 0 || follows(element, elements[at - 1]))) return;
  const at = elements.indexOf(focused);
  for (const element of elements.slice(0, Math.max(at, 0))) focused.before(element);
  for (const element of elements.slice(at + 1)) element.parentNode.append(element);
}
