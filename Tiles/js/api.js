/** Reads the service's own data. Everything is asked of the page's origin; nothing else is ever asked. */
import { Records } from "./records.js";

/** More entries than this are not put into the list: it then says so and asks for a filter. */
export const LIST_LIMIT = 5000;

/** What the page reads that has an address of its own in the API; the rest are files under `/data`. */
const API = { vocabulary: "/api/vocabulary", glossary: "/api/glossary", rural: "/api/rural?level=district&f=json" };

export class Service {
  /**
   * @param {string} base path under which the service is mounted, without a slash at its end
   * @param {string} [version] the version of the content, under which files may be kept
   * @param {boolean} [isStatic] whether the page is a file, and so are the data
   */
  constructor(base, version = "", isStatic = false) {
    this.base = base;
    this.version = version;
    this.isStatic = isStatic;
    this.files = new Map();
    /**
     * When an answer that came from the offline store had been made; null while the service answers.
     * @type {Date|null}
     */
    this.storedAt = null;
  }

  async json(path, signal) {
    const response = await fetch(path.startsWith("http") ? path : this.base + path, {
      signal,
      headers: { Accept: "application/geo+json, application/json;q=0.9" },
    });
    const stored = response.headers.get("Kompass-Stored");
    if (stored) this.storedAt = new Date(stored);
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new Error(problem.detail ?? problem.title ?? `HTTP ${response.status}`);
    }
    return response.json();
  }

  /** A file of data, asked once. The version in its address lets the browser keep it. */
  file(name) {
    if (!this.files.has(name)) {
      const path = API[name] && !this.isStatic ? API[name] : `/data/${name}.json${this.version && !API[name] ? `?v=${encodeURIComponent(this.version)}` : ""}`;
      const answer = this.json(path);
      answer.catch(() => this.files.delete(name));
      this.files.set(name, answer);
    }
    return this.files.get(name);
  }

  /** @returns {Promise<Records>} */
  async records(name) {
    return new Records(await this.file(name));
  }

  /**
   * All offers of a filter, page by page along the `next` links: for networks too large to be held in the browser.
   * @returns {Promise<{features: any[], matched: number, notStated: Record<string, number>}>}
   */
  async offers(query, signal) {
    const features = [];
    let first = null;
    let path = `/api/collections/offers/items?limit=1000${query ? `&${query}` : ""}`;
    while (path && features.length < LIST_LIMIT) {
      const page = await this.json(path, signal);
      first ??= page;
      features.push(...page.features);
      const next = page.links?.find((link) => link.rel === "next")?.href;
      path = next ? sameOrigin(next) : null;
    }
    return { features, matched: first.numberMatched ?? features.length, notStated: first.not_stated ?? {} };
  }

  /** One actor as a feature, out of the file of all, which is asked for once. */
  async actor(id) {
    this.actorIndex ??= this.records("actors").then((records) => {
      const rows = new Map(Array.from({ length: records.count }, (_, row) => [records.value("id", row), row]));
      return (wanted) => (rows.has(wanted) ? records.feature(rows.get(wanted)) : null);
    });
    this.actorIndex.catch(() => (this.actorIndex = null));
    const actor = (await this.actorIndex)(id);
    if (!actor) throw new Error(`no actor ${id}`);
    return actor;
  }
}

/** A `next` link, held to this page's origin: behind a proxy the service may name itself otherwise. */
function sameOrigin(href) {
  const url = new URL(href, location.href);
  return location.origin + url.pathname + url.search;
}
