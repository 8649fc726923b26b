/** Keeps what was seen readable without the net, and says so when it is shown. */

/** Registers the service worker once the page is at rest. It keeps pages, data and tiles, never a position. */
export function keepReadable(base, version) {
  if (!("serviceWorker" in navigator) || !isSecureContext || window.top !== window) return;
  const register = async () => {
    try {
      const registration = await navigator.serviceWorker.register(`${base}/service-worker.js`, { scope: `${base}/` });
      const worker = registration.active ?? (await navigator.serviceWorker.ready).active;
      worker?.postMessage({ version, loaded: performance.getEntriesByType("resource").map(({ name }) => name), page: location.href });
    } catch (error) {
      // A browser that refuses (private windows do) shows the page all the same.
      console.info(error);
    }
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

/**
 * Says from when the shown data are while the service cannot be reached.
 * @param {HTMLElement} banner @param {import("./i18n.js").Texts} texts @param {import("./api.js").Service} service
 */
export function sayWhenOffline(banner, texts, service) {
  const show = () => {
    const offline = !navigator.onLine || service.storedAt !== null;
    banner.hidden = !offline;
    if (!offline) return;
    const date = service.storedAt ?? new Date(performance.timeOrigin);
    banner.textContent = texts.text("offline_since", { date: texts.moment(date) });
  };
  addEventListener("online", () => {
    service.storedAt = null;
    show();
  });
  addEventListener("offline", show);
  show();
}
