/** The figures of all districts, asked of the service: what the legend and the table tell, wherever the map stands. */
import { MEASURES } from "./measures.js";

/** @typedef {{key: string, name: string, value: number|null}} Figure */

/**
 * @param {import("./api.js").Service} service @param {{key: string, label: string}[]} districts every one, by its name
 * @param {string} name of a measure @param {string} query the filters in the server's grammar
 * @returns {Promise<Figure[]>} one for each district
 */
export async function figuresOf(service, districts, name, query) {
  const measure = MEASURES[name];
  const found = measure.isOfFilter ? byDistrict((await coverage(service, query)).areas) : ofIndex((await service.file("rural")).regions);
  return districts.map(({ key, label }) => ({ key, name: label, value: found.has(key) ? measure.value(found.get(key)) : null }));
}

/** In a folder of files they are those of all offers: nobody computes others. */
function coverage(service, query) {
  return service.isStatic ? service.file("coverage") : service.json(`/api/coverage?f=json${query ? `&${query}` : ""}`);
}

function byDistrict(areas) {
  return new Map(areas.map((area) => [area.key, area]));
}

/** As the tiles name it. */
function ofIndex(areas) {
  return new Map(areas.map(({ ags, index }) => [ags, { rural_index: index }]));
}

/**
 * In the order of a column; what has no value stands at the end in both directions.
 * @param {Figure[]} figures @param {"name"|"value"} column @param {boolean} isDescending @param {(a: string, b: string) => number} compare
 * @returns {Figure[]}
 */
export function sortedFigures(figures, column, isDescending, compare) {
  const sign = isDescending ? -1 : 1;
  return [...figures].sort((a, b) => {
    if (column === "value") {
      if ((a.value === null) !== (b.value === null)) return a.value === null ? 1 : -1;
      if (a.value !== b.value) return sign * (a.value - b.value);
    }
    return (column === "name" ? sign : 1) * compare(a.name, b.name);
  });
}
