/**
 * Keeps what was seen readable without the net: pages, data, tiles and the page's own files. Whatever can be fetched is
 * fetched, so nobody is shown old data while the service answers; what stands under a version in its address never
 * changes and is taken from the store at once. An answer from the store says when it was made (Kompass-Stored).
 *
 * Not stored: positions and places that were searched for (`near`), analyses of a point, exports, health and metrics.
 * A classic script: not every browser runs modules as service workers.
 */

/** Raised when what is stored is no longer understood: the stores of another number are dropped. */
const FORMAT = 1;
const STORES = { pages: `kompass-pages-${FORMAT}`, data: `kompass-data-${FORMAT}`, tiles: `kompass-tiles-${FORMAT}` };
/** The most entries of each store; the oldest go first. */
const MOST = { pages: 60, data: 200, tiles: 600 };
/** After this a stored answer is shown rather than waited for, milliseconds. */
const PATIENCE = 5000;

const root = new URL(self.registration?.scope ?? self.location.href).pathname;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const current = Object.values(STORES);
  const drop = async () => {
    for (const name of await caches.keys()) if (name.startsWith("kompass-") && !current.includes(name)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

/** A page tells its version and what it loaded before this worker was there. */
self.addEventListener("message", (event) => {
  const { version, loaded, page } = event.data ?? {};
  if (!version) return;
  event.waitUntil(Promise.all([dropOtherVersions(version), fill(loaded ?? [], page)]));
});

/** Versions begin with that of the data, which tiles, data and the page have in common. */
async function dropOtherVersions(version) {
  const ofData = (name) => name.split("-")[0];
  for (const name of [STORES.data, STORES.tiles]) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      const other = new URL(request.url).searchParams.get("v");
      if (other && ofData(other) !== ofData(version)) await store.delete(request);
    }
  }
}

async function fill(addresses, page) {
  const wanted = page ? [...addresses, page] : addresses;
  for (const address of wanted) {
    const url = new URL(address, self.location.href);
    const kind = kindOf(url, address === page);
    if (!kind) continue;
    const store = await caches.open(STORES[kind]);
    if (await store.match(keyOf(url, kind))) continue;
    const headers = kind === "pages" ? { Accept: "text/html" } : {};
    try {
      await keep(kind, url, await fetch(url, { headers }));
    } catch {
      // The net went away meanwhile: the next visit fills the rest.
      return;
    }
  }
}

/** What an address holds, or null where it is not stored. */
function kindOf(url, isPage) {
  if (url.origin !== self.location.origin || !url.pathname.startsWith(root)) return null;
  // Part of somebody else's page: it keeps its own rules.
  if (isPage && url.searchParams.get("embed") === "1") return null;
  const path = `/${url.pathname.slice(root.length)}`;
  if (/^\/(metrics|health\/|service-worker\.js)/.test(path)) return null;
  if (path.startsWith("/tiles/")) return "tiles";
  if (isPage) return path.startsWith("/api") ? null : "pages";
  if (/^\/(assets|data|styles|fonts)\//.test(path)) return "data";
  if (/^\/api\/(vocabulary|glossary)$/.test(path) || /^\/api\/collections\/(actors|offers)\/items\//.test(path)) return "data";
  return null;
}

/** Under what an answer is stored. The map's page is the same for every state of a language: its script reads the URL. */
function keyOf(url, kind) {
  const key = new URL(url.href);
  key.hash = "";
  if (kind === "pages") {
    const lang = key.searchParams.get("lang");
    if (key.pathname === root) key.search = lang ? `?lang=${encodeURIComponent(lang)}` : "";
    key.searchParams.delete("near");
  }
  return key.href;
}

async function keep(kind, url, response) {
  if (!response.ok || response.redirected || response.type !== "basic") return;
  const store = await caches.open(STORES[kind]);
  const headers = new Headers(response.headers);
  headers.set("Kompass-Stored", new Date().toISOString());
  await store.put(keyOf(url, kind), new Response(await response.clone().arrayBuffer(), { status: 200, headers }));
  const keys = await store.keys();
  for (const request of keys.slice(0, Math.max(0, keys.length - MOST[kind]))) await store.delete(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  const kind = kindOf(url, request.mode === "navigate");
  if (!kind) return;
  event.respondWith(url.searchParams.has("v") ? storedFirst(event, kind, url) : freshFirst(event, kind, url));
});

async function storedFirst(event, kind, url) {
  const stored = await find(kind, url);
  if (stored) {
    // Under a version the content is what it was: not old, so nothing to say.
    const headers = new Headers(stored.headers);
    headers.delete("Kompass-Stored");
    return new Response(stored.body, { status: 200, headers });
  }
  const response = await fetch(event.request);
  event.waitUntil(keep(kind, url, response.clone()));
  return response;
}

async function freshFirst(event, kind, url) {
  const fresh = fetch(event.request).then((response) => {
    event.waitUntil(keep(kind, url, response.clone()));
    return response;
  });
  const stored = await find(kind, url);
  if (!stored) return fresh;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, stored));
  return Promise.race([fresh.catch(() => stored), patience]);
}

async function find(kind, url) {
  const store = await caches.open(STORES[kind]);
  const found = await store.match(keyOf(url, kind));
  if (found || kind !== "pages") return found;
  // Another language of the same page is better than none.
  return url.pathname === root ? store.match(keyOf(url, kind), { ignoreSearch: true }) : undefined;
}
