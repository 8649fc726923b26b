/** The figures that districts can be coloured by, and their classes. Pure. */

const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/**
 * @typedef {object} Measure
 * @property {boolean} isOfFilter whether the figure depends on the chosen offers
 * @property {number[]} breaks where classes begin, the first one aside
 * @property {number[]} tones which tone and pattern each class has
 * @property {(properties: any) => number|null} value
 * @property {any} expression the class for MapLibre, -1 where there is none
 */

const stepped = (value, breaks) => ["step", value, 0, ...breaks.flatMap((limit, index) => [limit, index + 1])];
const PEOPLE_PER_OFFER = [5000, 10000, 20000, 50000];
const DISTANCE = [5000, 10000, 15000, 30000];

/** The rural index's bounds are those of its definition; the others are round. The names are those of a URL's `areas`. @type {Record<string, Measure>} */
export const MEASURES = {
  rural: {
    isOfFilter: false,
    breaks: [-0.2, 0.5],
    tones: [0, 2, 4],
    value: ({ rural_index: index }) => number(index),
    expression: ["match", ["coalesce", ["get", "rural_class"], ""], "not_rural", 0, "rather_rural", 1, "very_rural", 2, -1],
  },
  people_per_offer: {
    isOfFilter: true,
    breaks: PEOPLE_PER_OFFER,
    tones: [0, 1, 2, 3, 4],
    value: ({ people, offers_located: offers }) => (number(people) && number(offers) ? people / offers : null),
    expression: ["case", [">", ["*", ["coalesce", ["get", "offers_located"], 0], ["coalesce", ["get", "people"], 0]], 0], stepped(["/", ["get", "people"], ["get", "offers_located"]], PEOPLE_PER_OFFER), -1],
  },
  distance: {
    isOfFilter: true,
    breaks: DISTANCE,
    tones: [0, 1, 2, 3, 4],
    value: ({ distance_median_m: distance }) => number(distance),
    expression: ["case", ["has", "distance_median_m"], stepped(["get", "distance_median_m"], DISTANCE), -1],
  },
};

/** The class of a value, -1 for none. @param {Measure} measure @param {number|null} value */
export function classOf(measure, value) {
  return value === null ? -1 : measure.breaks.filter((limit) => value >= limit).length;
}
