/**
 * Starts the page: reads the state from the URL, asks the server for what passes the filters, and gives the same answer
 * to list and map. The list never waits for the map.
 */
import { Facets } from "./facets.js";
import { OfferList } from "./list.js";
import { Service } from "./api.js";
import { Texts } from "./i18n.js";
import * as url from "./state.js";

const page = document.documentElement;
const base = page.dataset.base ?? "";
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const workspace = document.querySelector(".workspace");
/** Below this width list and map take turns; the same value stands in layout.css. */
const narrow = matchMedia("(max-width: 55.99rem)");

class Page {
  constructor(service, texts) {
    Object.assign(this, { service, texts });
    this.state = url.parse(location.search, location.hash);
    this.request = null;
    /** The offers of the list by id. @type {Map<string, any>} */
    this.offers = new Map();
    this.map = null;
    /** Where each view was left on a narrow screen. */
    this.scrolled = {};
    this.mapStarted = false;
    /** The offer to show once the map is there. */
    this.awaited = null;
    this.facets = new Facets(part("facets"), part("chosen"), texts, {
      toggle: (field, value) => this.change(url.toggled(this.state, field, value)),
      clear: () => this.change(url.cleared(this.state)),
      clearSearch: () => this.change({ ...this.state, q: "" }),
    });
    const parts = { count: part("count"), notes: part("notes"), entries: part("entries"), more: part("more"), results: part("results"), note: document.querySelector(".note-source") };
    this.list = new OfferList(
      parts,
      texts,
      {
        showOnMap: (id) => this.showOnMap(id),
        highlight: (id) => this.map?.highlight(id),
        opened: (id) => this.choose(id),
      },
      { areaName: (key) => this.areaName(key), actor: (id) => service.actor(id) },
    );
  }

  start() {
    this.bindForm();
    this.bindViews();
    addEventListener("popstate", () => this.returnTo());
    this.facets.show(this.state);
    const chosen = this.state.offer;
    this.load().then(() => chosen && this.list.reveal(chosen, false));
    if (!narrow.matches || this.state.view) this.showView(narrow.matches ? "map" : "list");
    narrow.addEventListener("change", () => this.startMapIfSeen());
    this.startMapIfSeen();
  }

  areaName(key) {
    const option = this.facets.option("located_in", key);
    if (option) return option.label;
    return key.length === 2 ? this.texts.text("whole_region", { region: page.dataset.region }) : key;
  }

  bindForm() {
    const form = part("form");
    const input = form.elements.q;
    let timer;
    const search = () => {
      clearTimeout(timer);
      if (input.value.trim() !== this.state.q) this.change({ ...this.state, q: input.value.trim() }, "replace");
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, 250);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      search();
    });
    const toggle = part("toggle");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const open = part("facets").classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
    });
    for (const skip of document.querySelectorAll(".skip")) {
      skip.addEventListener("click", (event) => {
        // The fragment holds the map's view, so skip links move the focus without touching it.
        event.preventDefault();
        if (narrow.matches && skip.hash === "#results") this.showView("list");
        document.querySelector(skip.hash).focus();
      });
    }
  }

  bindViews() {
    const views = part("views");
    views.hidden = false;
    for (const button of views.querySelectorAll("button")) button.addEventListener("click", () => this.showView(button.dataset.view));
  }

  /** On a narrow screen list and map take turns. */
  showView(view) {
    this.scrolled[workspace.dataset.view] = scrollY;
    workspace.dataset.view = view;
    for (const button of part("views").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    if (narrow.matches) scrollTo(0, this.scrolled[view] ?? 0);
    this.startMapIfSeen();
    this.map?.resize();
  }

  startMapIfSeen() {
    const seen = !narrow.matches || workspace.dataset.view === "map";
    if (!seen || this.mapStarted) return;
    this.mapStarted = true;
    this.startMap();
  }

  async startMap() {
    const message = part("message");
    message.textContent = this.texts.text("map_loading");
    try {
      const { OfferMap } = await import("./map.js");
      this.map = await OfferMap.create(part("map"), {
        base,
        texts: this.texts,
        bounds: page.dataset.bbox.split(",").map(Number),
        state: this.state,
        actions: {
          moved: (view) => this.remember({ ...this.state, view }, "replace"),
          reveal: (id) => {
            if (narrow.matches) this.showView("list");
            this.list.reveal(id);
          },
          filterDistrict: (key) => this.change({ ...this.state, filters: { ...this.state.filters, located_in: [key] } }),
          offer: (id) => this.offers.get(id),
        },
      });
      message.textContent = "";
      if (this.list.answer) this.map.show(this.state, this.list.answer);
      if (this.awaited) this.map.reveal(this.awaited);
    } catch (error) {
      // No WebGL or no library: the list is the whole answer, and the page says so.
      console.warn(error);
      part("map").replaceChildren();
      workspace.classList.add("has-no-map");
      message.textContent = this.texts.text("map_unavailable");
    }
  }

  /** Takes a new state: into the URL, the filters, the list and the map. */
  change(state, history = "push") {
    this.remember({ ...state, offer: null }, history);
    this.apply();
  }

  returnTo() {
    const { view, ...rest } = url.parse(location.search, location.hash);
    this.state = { ...rest, view: view ?? this.state.view };
    this.apply();
    if (view) this.map?.moveTo(view);
  }

  apply() {
    const input = part("form").elements.q;
    if (document.activeElement !== input || !this.state.q) input.value = this.state.q;
    this.facets.show(this.state);
    this.linkLanguages();
    this.load();
  }

  remember(state, history) {
    this.state = state;
    const address = url.pageAddress(location.pathname, state);
    if (history === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
    this.linkLanguages();
  }

  /** The other languages show the same state. */
  linkLanguages() {
    for (const link of document.querySelectorAll("[data-language]")) link.href = url.pageAddress(location.pathname, this.state, link.dataset.language);
  }

  async load() {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.list.loading();
    try {
      const answer = await this.service.offers(url.filterQuery(this.state), request.signal);
      this.offers = new Map(answer.features.map((offer) => [String(offer.id), offer]));
      this.list.show(answer, this.state, this.facets);
      this.map?.show(this.state, answer);
      part("list-count").textContent = this.texts.number(answer.matched);
    } catch (error) {
      if (request.signal.aborted) return;
      this.list.failed(error.message, () => this.load());
    }
  }

  choose(id) {
    this.remember({ ...this.state, offer: id }, "replace");
  }

  showOnMap(id) {
    if (narrow.matches) this.showView("map");
    const offer = this.offers.get(id);
    if (this.map) this.map.reveal(offer);
    else this.awaited = offer;
  }
}

async function begin() {
  const service = new Service(base);
  const [texts, vocabulary] = await Promise.all([service.json(`/assets/locales/${page.lang}.json`), service.json("/api/vocabulary")]);
  new Page(service, new Texts(page.lang, texts, vocabulary.fields)).start();
}

begin().catch((error) => {
  // The server's own form and list stay as they are.
  console.warn(error);
  page.classList.add("is-plain");
  part("message").textContent = part("message").dataset.unavailable;
});
