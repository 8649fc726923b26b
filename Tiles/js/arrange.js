/**
 * Puts the offers that were found into the order and under the headings of the list. Pure: the same offers, the same
 * list, and every offer stands in it once.
 */
import { distance } from "./near.js";

/** Forms of offers that come to people: they are no farther away for having a distant office, or none. */
const COMING = ["online", "telephone", "outreach"];

/**
 * @typedef {{key: string, value?: string, offers: any[]}} Group `key` names the heading, `value` what it is about
 * @param {any[]} offers features, all that were found
 * @param {{way: string, order: string}} state
 * @param {[number, number]|null} position longitude and latitude to sort by
 * @param {{label: (field: string, key: string) => string, compare: (a: string, b: string) => number}} texts
 * @returns {Group[]}
 */
export function arranged(offers, state, position, texts) {
  const titled = (a, b) => texts.compare(a.properties.title ?? "", b.properties.title ?? "") || (a.id < b.id ? -1 : 1);
  const byTitle = [...offers].sort(titled);
  if (position) return nearest(byTitle, position);
  if (state.order === "topic") return grouped(byTitle, "topic", ({ topics }) => topics?.[0] ?? "", (key) => texts.label("topic", key), texts);
  if (state.order === "district") return grouped(byTitle, "district", ({ district_name: name }) => name ?? "", (name) => name, texts);
  if (state.order === "year") return [{ key: "", offers: byTitle.sort((a, b) => (b.properties.source_year ?? 0) - (a.properties.source_year ?? 0)) }];
  if (state.way === "trainers") return grouped(byTitle, "actor", ({ actor_name: name }) => name ?? "", (name) => name, texts);
  return [{ key: "", offers: byTitle }];
}

/** Placed offers by their distance, then what comes to people, then what has no known place. */
function nearest(offers, position) {
  const metres = new Map(offers.filter(({ geometry }) => geometry).map((offer) => [offer, distance(position, offer.geometry.coordinates)]));
  const coming = ({ geometry, properties }) => !geometry && COMING.includes(properties.delivery);
  const groups = [
    { key: "near", offers: offers.filter((offer) => metres.has(offer)).sort((a, b) => metres.get(a) - metres.get(b)) },
    { key: "coming", offers: offers.filter(coming) },
    { key: "unplaced", offers: offers.filter((offer) => !offer.geometry && !coming(offer)) },
  ];
  return groups.filter((group) => group.offers.length);
}

/** Offers by a value's name, what states none at the end. An offer with several values stands under its first. */
function grouped(offers, key, value, name, texts) {
  const groups = new Map();
  for (const offer of offers) {
    const found = value(offer.properties);
    if (!groups.has(found)) groups.set(found, []);
    groups.get(found).push(offer);
  }
  const order = (a, b) => (a === "" ? 1 : b === "" ? -1 : texts.compare(name(a), name(b)) || (a < b ? -1 : 1));
  return [...groups.keys()].sort(order).map((found) => ({ key, value: found, offers: groups.get(found) }));
}
