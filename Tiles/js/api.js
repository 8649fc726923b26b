/** Reads the service's own API. Everything is asked of the page's origin; nothing else is ever asked. */

/** More entries than this are not put into the list: it then says so and asks for a filter. */
export const LIST_LIMIT = 5000;

export class Service {
  /** @param {string} base path under which the service is mounted, without a slash at its end */
  constructor(base) {
    this.base = base;
    this.actors = new Map();
  }

  async json(path, signal) {
    const response = await fetch(path.startsWith("http") ? path : this.base + path, {
      signal,
      headers: { Accept: "application/geo+json, application/json;q=0.9" },
    });
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new Error(problem.detail ?? problem.title ?? `HTTP ${response.status}`);
    }
    return response.json();
  }

  /**
   * All offers of a filter, page by page along the `next` links.
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

  /** One actor, asked once. */
  actor(id) {
    if (!this.actors.has(id)) {
      const answer = this.json(`/api/collections/actors/items/${encodeURIComponent(id)}`);
      answer.catch(() => this.actors.delete(id));
      this.actors.set(id, answer);
    }
    return this.actors.get(id);
  }
}

/** A `next` link, held to this page's origin: behind a proxy the service may name itself otherwise. */
function sameOrigin(href) {
  const url = new URL(href, location.href);
  return location.origin + url.pathname + url.search;
}
