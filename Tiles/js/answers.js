/**
 * What a state of the page gives. The offers are loaded once and chosen here; a network too large for that is asked of the
 * server, selection by selection.
 */
import { OfferFilter } from "./filter.js";
import { chosenNetwork } from "./network.js";
import * as url from "./state.js";

export class Answers {
  /** @param {import("./api.js").Service} service @param {import("./i18n.js").Texts} texts @param {boolean} isLocal whether the browser holds all offers */
  constructor(service, texts, isLocal) {
    this.service = service;
    this.texts = texts;
    this.isLocal = isLocal;
    /** @type {Promise<OfferFilter>|null} */
    this.filter = null;
    /**
     * The same once it is there.
     * @type {OfferFilter|null}
     */
    this.chooser = null;
    /**
     * All actors and their relations, once the network was asked for.
     * @type {{actors: any[], links: any[]}|null}
     */
    this.everyone = null;
  }

  /** All offers as columns, or null where the server chooses. */
  async records() {
    if (!this.isLocal) return null;
    this.filter ??= this.service.records("offers").then((records) => new OfferFilter(records));
    this.filter.catch(() => (this.filter = null));
    return (await this.filter).records;
  }

  /** The offers that pass the filters, with how many there are by value of each field where that is known. */
  async offers(state, signal) {
    return this.isLocal ? await this.select(state) : { answer: await this.service.offers(url.filterQuery(state), signal), counts: null };
  }

  async select(state) {
    await this.records();
    this.chooser = await this.filter;
    const { rows, notStated, silent, counts } = this.chooser.select(state, url.FACETS);
    const ranks = this.chooser.records.ranks("title", this.texts.compare);
    rows.sort((a, b) => ranks[a] - ranks[b]);
    const feature = (row) => this.chooser.records.feature(row);
    return { answer: { features: rows.map(feature), matched: rows.length, notStated, silent: (field) => silent(field).map(feature) }, counts };
  }

  /** The actors that pass the filters, with their relations. @returns {Promise<import("./network.js").Network>} */
  async network(state) {
    const [actors, links] = await Promise.all([this.service.records("actors"), this.service.records("links")]);
    const features = (records) => Array.from({ length: records.count }, (_, row) => records.feature(row));
    this.everyone ??= { actors: features(actors), links: features(links) };
    return chosenNetwork(this.everyone.actors, this.everyone.links, state);
  }

  /** Whether any offer, in the network any actor, holds all the words of a text; true where nothing is loaded yet. */
  finds(state, q) {
    if (state.way === "network") return !this.everyone || chosenNetwork(this.everyone.actors, this.everyone.links, { ...url.cleared(state), q }).actors.length > 0;
    return !this.chooser || this.chooser.select({ q, filters: {}, within: [] }, []).rows.length > 0;
  }
}
