/**
 * Starts the page: reads the state from the URL, chooses what passes the filters, and gives the same answer to list and
 * map. The offers are loaded once and chosen here; a network too large for that is asked of the server, selection by
 * selection. The list never waits for the map.
 */
import { Chips } from "./chips.js";
import { element } from "./dom.js";
import { Facets } from "./facets.js";
import { figuresOf } from "./figures.js";
import { OfferFilter } from "./filter.js";
import { Finder } from "./finder.js";
import { german, isFallback } from "./foreign.js";
import { OfferList } from "./list.js";
import { Service } from "./api.js";
import { Texts } from "./i18n.js";
import { ownPosition } from "./near.js";
import { chosenNetwork, NetworkList } from "./network.js";
import { keepReadable, sayWhenOffline } from "./offline.js";
import * as url from "./state.js";

const page = document.documentElement;
const base = page.dataset.base ?? "";
/**
 * A part of the page's template.
 * @returns {any}
 */
const part = (name) => document.querySelector(`[data-part="${name}"]`);
/** @returns {any[]} */
const all = (selector) => [...document.querySelectorAll(selector)];
/** @type {HTMLElement} */
const workspace = document.querySelector(".workspace");
/** Whether the page is a file in a folder, with nobody behind it to ask. */
const isStatic = page.dataset.static !== undefined;
/** Below this width list and map take turns; the same value stands in layout.css. */
const narrow = matchMedia("(max-width: 55.99rem)");
/** How near the map is shown around a place. */
const NEAR_ZOOM = 9.5;

class Page {
  constructor(service, texts) {
    this.service = service;
    this.texts = texts;
    this.ways = new Map(all("a[data-way]").filter(({ dataset }) => dataset.way).map(({ dataset }) => [dataset.way, dataset.categories.split(",").filter(Boolean)]));
    this.state = url.parse(location.search, location.hash, this.ways);
    this.request = null;
    /** Whether the browser holds all offers. */
    this.isLocal = page.dataset.large !== "true";
    this.filter = null;
    /**
     * The offers of the list by id.
     * @type {Map<string, any>}
     */
    this.offers = new Map();
    /** @type {import("./map.js").OfferMap|null} */
    this.map = null;
    /** @type {import("./network-map.js").NetworkMap|null} */
    this.networkMap = null;
    /** @type {import("./network.js").Network|null} */
    this.network = null;
    /**
     * The visitor's own position, for as long as this page is open.
     * @type {[number, number]|null}
     */
    this.own = null;
    /**
     * Where distances are measured from.
     * @type {[number, number]|null}
     */
    this.position = null;
    /**
     * The same in words.
     * @type {string[]}
     */
    this.measured = [];
    /** Where each view was left on a narrow screen. */
    this.scrolled = {};
    this.mapStarted = false;
    /** The offer to show once the map is there. */
    this.awaited = null;
    const toggle = (field, value) => this.change(url.toggled(this.state, field, value));
    this.facets = new Facets(part("facets"), texts, { toggle });
    this.chips = new Chips(part("chosen"), texts, {
      label: (field, key) => (field === "actor" ? this.actorName(key) : this.facets.label(field, key)),
      lang: (field, key) => (field === "located_in" || key === url.NOT_STATED ? null : this.facets.option(field, key)?.lang ?? null),
      toggle,
      clear: () => this.change(url.cleared(this.state)),
      clearSearch: () => this.change({ ...this.state, q: "" }),
      clearPlace: () => this.change({ ...this.state, near: "" }),
    });
    const names = ["count", "notes", "entries", "more", "results", "note", "silent"];
    const parts = Object.fromEntries(names.map((name) => [name, part(name)]));
    this.list = new OfferList(
      parts,
      texts,
      {
        showOnMap: (id) => this.showOnMap(id),
        highlight: (id) => this.map?.offers.highlight(id),
        opened: (id) => this.choose(id),
        include: (field) => this.change(url.narrowed(this.state, { [field]: [url.NOT_STATED] })),
      },
      { area: (key) => this.area(key), actor: (id) => service.actor(id) },
    );
    this.networkList = new NetworkList(parts, texts, {
      showOnMap: (actor) => this.showActor(actor),
      highlight: (id) => this.networkMap?.highlight(id),
    });
    this.finder = new Finder({ input: part("form").elements.q, status: part("suggestions-status") }, service, texts, this.facets, {
      offers: () => this.records(),
      narrow: (filters, near) => this.narrow(filters, near),
      offer: (id) => this.showOffer(id),
      actor: (id) => this.chooseActor(id),
      say: (text) => (part("tool-status").textContent = text),
      term: (term) => this.showTerm(term),
      search: (q) => this.change({ ...this.state, q }),
      finds: (q) => this.finds(q),
    });
  }

  start() {
    if (isStatic && this.goToLanguage()) return;
    this.bindForm();
    this.bindViews();
    this.bindWays();
    this.bindTools();
    addEventListener("popstate", () => this.returnTo());
    const chosen = this.state.offer;
    const loaded = this.apply();
    loaded.then(() => chosen && this.state.way !== "network" && this.list.reveal(chosen, false));
    loaded.then(() => chosen && this.state.way === "network" && this.networkList.reveal(chosen, false));
    if (!narrow.matches || this.state.view) this.showView(narrow.matches ? "map" : "list");
    narrow.addEventListener("change", () => this.startMapIfSeen());
    // The list has the line first: it is what everybody needs.
    loaded.then(() => this.startMapIfSeen());
    sayWhenOffline(part("offline"), this.texts, this.service);
    // What the list needs has been loaded by then, so that it is among what is kept.
    if (!this.state.embed && !isStatic) loaded.finally(() => keepReadable(base, page.dataset.version ?? ""));
  }

  /** A link to the served map names the language in its query; in a folder of files that is another page. */
  goToLanguage() {
    const wanted = all("[data-language]").find(({ dataset }) => dataset.language === this.state.lang);
    if (!wanted || this.state.lang === page.lang) return false;
    location.replace(url.pageAddress(wanted.pathname, this.state, null));
    return true;
  }

  /** All offers as columns, or null where the server chooses. */
  async records() {
    if (!this.isLocal) return null;
    this.filter ??= this.service.records("offers").then((records) => new OfferFilter(records));
    this.filter.catch(() => (this.filter = null));
    return (await this.filter).records;
  }

  /** An area's name. @param {string} key */
  area(key) {
    const option = this.facets.option("located_in", key);
    if (option) return german("bdi", option.label, this.texts);
    const region = german("bdi", page.dataset.region, this.texts);
    return element("span", {}, key.length === 2 ? this.texts.nodes("whole_region", { region }) : key);
  }

  /** The name as the offers at hand give it. */
  actorName(id) {
    for (const { properties } of this.offers.values()) if (properties.actor_id === id && properties.actor_name) return properties.actor_name;
    return id;
  }

  bindForm() {
    const form = part("form");
    const input = form.elements.q;
    // The box's own cross, and emptying it, take the search text away at once.
    input.addEventListener("input", () => {
      if (!input.value.trim() && this.state.q) this.change({ ...this.state, q: "" });
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.finder.submit(input.value.trim());
    });
    const toggle = part("toggle");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const open = part("facets").classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
    });
    for (const skip of all(".skip")) {
      skip.addEventListener("click", (event) => {
        // The fragment holds the map's view, so skip links move the focus without touching it.
        event.preventDefault();
        if (narrow.matches && skip.hash === "#results") this.showView("list");
        document.getElementById(skip.hash.slice(1)).focus();
      });
    }
  }

  bindViews() {
    part("views").hidden = false;
    for (const button of all("[data-part=views] button")) button.addEventListener("click", () => this.showView(button.dataset.view));
  }

  /** The ways in are links for whoever has no script; here they change the state in place. */
  bindWays() {
    for (const link of all("a[data-way]")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.change(url.entering(this.state, this.ways, link.dataset.way));
      });
    }
  }

  bindTools() {
    const near = part("near-me");
    near.hidden = false;
    near.addEventListener("click", () => this.findOwnPosition());
    /** @type {HTMLDetailsElement} */
    const languages = document.querySelector(".languages details");
    languages.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !languages.open) return;
      languages.open = false;
      languages.querySelector("summary").focus();
    });
    languages.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !languages.contains(relatedTarget)) languages.open = false;
    });
    const share = part("share");
    share.hidden = false;
    share.addEventListener("click", async () => (await import("./share.js")).openShare(this.state, this.texts));
    const order = part("order");
    order.closest("[hidden]")?.removeAttribute("hidden");
    order.addEventListener("change", () => this.change({ ...this.state, order: order.value }));
  }

  /** The visitor asked for it: the browser asks for permission, the position stays in this page. */
  async findOwnPosition() {
    const status = part("tool-status");
    status.textContent = this.texts.text("near_me_wait");
    try {
      this.own = await ownPosition();
      status.textContent = "";
      this.change({ ...this.state, near: url.HERE });
    } catch {
      status.textContent = this.texts.text("near_me_failed");
    }
  }

  narrow(filters, near) {
    const next = url.narrowed({ ...this.state, q: "" }, filters);
    if (near) next.near = near;
    // What the network cannot be filtered by leads to the offers.
    if (this.state.way === "network" && !Object.keys(filters).every((field) => url.NETWORK_FIELDS.includes(field))) this.change({ ...next, ...url.entered(this.ways, "") });
    else this.change(next);
    // What was chosen is gone from the box; what came of it is announced there and shown below.
    if (narrow.matches) this.showView("list");
  }

  /** Whether any offer, in the network any actor, holds all the words of a text. */
  finds(q) {
    if (this.state.way === "network") return !this.everyone || chosenNetwork(this.everyone.actors, this.everyone.links, { ...url.cleared(this.state), q }).actors.length > 0;
    if (!this.chooser) return true;
    return this.chooser.select({ q, filters: {}, within: [] }, []).rows.length > 0;
  }

  /** On a narrow screen list and map take turns. */
  showView(view) {
    this.scrolled[workspace.dataset.view] = scrollY;
    workspace.dataset.view = view;
    for (const button of all("[data-part=views] button")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    if (narrow.matches) scrollTo(0, this.scrolled[view] ?? 0);
    if (this.list.answer || this.network) this.startMapIfSeen();
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
          colour: (areas) => {
            this.remember({ ...this.state, areas }, "push");
            this.showOnStage();
          },
          offer: (id) => this.offers.get(id),
          offersWithin: async (box, query) => (await this.service.json(`/api/collections/offers/items?limit=1000&bbox=${box}${query ? `&${query}` : ""}`)).features,
          figures: (name, query) => figuresOf(this.service, (this.facets.options.get("located_in") ?? []).filter(({ key }) => key !== url.NOT_STATED), name, query),
          archiveComesWhole: (bytes) => this.explainHost(bytes),
        },
      });
      message.textContent = "";
      await this.showOnStage();
      if (this.awaited) this.map.offers.reveal(this.awaited);
    } catch (error) {
      // No WebGL or no library: the list is the whole answer, and the page says so.
      console.warn(error);
      part("map").replaceChildren();
      workspace.classList.add("has-no-map");
      message.textContent = this.texts.text("map_unavailable");
    }
  }

  /** Why the map of a folder takes long: its host knows no range requests. The list does not wait for it. */
  explainHost(bytes) {
    const banner = part("host");
    const size = new Intl.NumberFormat(this.texts.tag, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(bytes / 1e6);
    banner.hidden = false;
    banner.textContent = [this.texts.text("map_host_whole"), bytes ? this.texts.text("map_archive_size", { size }) : ""].join(" ").trim();
  }

  /** The map's share of the state. */
  async showOnStage() {
    if (!this.map) return;
    const isNetwork = this.state.way === "network";
    if (isNetwork && !this.networkMap) {
      const { NetworkMap } = await import("./network-map.js");
      this.networkMap ??= new NetworkMap(this.map, this.texts);
    }
    this.networkMap?.show(isNetwork ? this.network : null);
    if (isNetwork || this.list.answer) this.map.show(this.state, isNetwork ? null : this.list.answer);
    this.markPosition();
    this.revealActor();
  }

  /** The place that distances are measured from, as a mark of its own. */
  markPosition() {
    const moved = this.position && this.position.join() !== this.marked?.position.join();
    if (this.marked && (!this.position || moved)) {
      this.marked.marker.remove();
      this.marked = null;
    }
    if (!moved) return;
    const sign = element("div", { class: "own-place" });
    const marker = new maplibregl.Marker({ element: sign }).setLngLat(this.position).addTo(this.map.map);
    // It is said in the list and at its chip.
    sign.setAttribute("aria-hidden", "true");
    sign.removeAttribute("role");
    this.marked = { marker, position: this.position };
    this.map.camera.moveTo({ longitude: this.position[0], latitude: this.position[1], zoom: NEAR_ZOOM });
  }

  /** Takes a new state: into the URL, the filters, the list and the map. */
  change(state, history = "push") {
    this.remember({ ...state, offer: null }, history);
    return this.apply();
  }

  returnTo() {
    const { view, ...rest } = url.parse(location.search, location.hash, this.ways);
    this.state = { ...rest, view: view ?? this.state.view };
    this.apply();
    if (view) this.map?.camera.moveTo(view);
  }

  apply() {
    const input = part("form").elements.q;
    if (document.activeElement !== input || !this.state.q) input.value = this.state.q;
    for (const link of all("a[data-way]")) {
      if (link.dataset.way === this.state.way) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    part("order").value = this.state.order;
    part("tool-status").textContent = "";
    part("order-row").hidden = this.state.way === "network" || this.state.near !== "";
    workspace.dataset.way = this.state.way;
    this.linkLanguages();
    return this.load();
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
    for (const link of all("[data-language]")) {
      // In a folder of files each language is a page of its own.
      link.href = isStatic ? url.pageAddress(link.pathname, this.state, null) : url.pageAddress(location.pathname, this.state, link.dataset.language);
    }
  }

  async load() {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    const { state } = this;
    this.list.loading();
    try {
      await this.findWhereFrom(state);
      if (state.way === "network") await this.loadNetwork(request.signal);
      else await this.loadOffers(request.signal);
      if (request.signal.aborted) return;
      this.chips.show(this.state);
      await this.showOnStage();
    } catch (error) {
      if (request.signal.aborted) return;
      console.warn(error);
      this.chips.show(this.state);
      this.list.failed(error.message, () => this.load());
    }
  }

  /** Where distances are measured from, and how it is said: streets are not known, so it is the middle of something. */
  async findWhereFrom({ near }) {
    [this.position, this.measured] = [null, []];
    if (!near) return;
    if (near === url.HERE) {
      [this.position, this.measured] = [this.own, [this.texts.text("near_from_here")]];
      return;
    }
    const place = await this.finder.place(near);
    this.position = place?.position ?? null;
    const values = { place: near, name: place?.of ?? "" };
    this.measured = [this.texts.text(place ? `near_from_${place.precision}` : "near_unknown", values)];
  }

  async loadOffers(signal) {
    const { answer, counts } = this.isLocal ? await this.select() : await this.ask(signal);
    if (signal.aborted) return;
    this.network = null;
    this.offers = new Map(answer.features.map((offer) => [String(offer.id), offer]));
    this.facets.show(this.state, counts);
    this.list.show(answer, this.state, this.facets, this.position, this.measured);
    part("list-count").textContent = this.texts.number(answer.matched);
  }

  async select() {
    await this.records();
    this.chooser = await this.filter;
    const { rows, notStated, silent, counts } = this.chooser.select(this.state, url.FACETS);
    const ranks = this.chooser.records.ranks("title", this.texts.compare);
    rows.sort((a, b) => ranks[a] - ranks[b]);
    const feature = (row) => this.chooser.records.feature(row);
    return { answer: { features: rows.map(feature), matched: rows.length, notStated, silent: (field) => silent(field).map(feature) }, counts };
  }

  async ask(signal) {
    return { answer: await this.service.offers(url.filterQuery(this.state), signal), counts: null };
  }

  async loadNetwork(signal) {
    const [actors, links] = await Promise.all([this.service.records("actors"), this.service.records("links")]);
    if (signal.aborted) return;
    const features = (records) => Array.from({ length: records.count }, (_, row) => records.feature(row));
    this.everyone = { actors: features(actors), links: features(links) };
    const chosen = chosenNetwork(this.everyone.actors, this.everyone.links, this.state);
    this.network = chosen;
    this.facets.show(this.state, chosen.counts);
    this.networkList.show(chosen, this.position, this.measured);
    part("list-count").textContent = this.texts.number(chosen.actors.length);
  }

  choose(id) {
    this.remember({ ...this.state, offer: id }, "replace");
  }

  /** An offer that was found by its title: within what is chosen, else among all. */
  async showOffer(id) {
    if (!this.offers.has(id)) await this.change({ ...url.cleared(this.state), ...url.entered(this.ways, "") });
    if (narrow.matches) this.showView("list");
    this.list.reveal(id);
  }

  /** An actor that was found by its name: in the network itself, else its offers, or the network where it has none. */
  async chooseActor(id) {
    const { properties } = await this.service.actor(id);
    if (this.state.way !== "network" && properties.offers > 0) this.narrow({ actor: [id] }, "");
    else await this.showInNetwork(id);
  }

  async showInNetwork(id) {
    const isShown = this.state.way === "network" && this.network?.actors.some((actor) => actor.id === id);
    if (!isShown) await this.change({ ...url.cleared(this.state), ...url.entered(this.ways, "network") });
    if (narrow.matches) this.showView("list");
    this.remember({ ...this.state, offer: id }, "replace");
    this.networkList.reveal(id);
  }

  async showTerm({ term, explanation, source_title: source }) {
    const { openDialog } = await import("./dialog.js");
    const tag = [this.texts.tag, this.texts.tag.split("-")[0], "de"].find((candidate) => explanation[candidate]);
    const { texts } = this;
    const mark = isFallback(tag ?? null, texts) ? element("p", { class: "dialog-note" }, tag === "de" ? texts.text("language_fallback") : tag) : null;
    const said = source ? element("p", { class: "dialog-note" }, texts.text("source"), ": ", german("bdi", source, texts)) : null;
    openDialog(term, element("div", {}, mark, element("p", { lang: tag ?? null, dir: "auto" }, explanation[tag] ?? ""), said), texts);
  }

  showOnMap(id) {
    if (narrow.matches) this.showView("map");
    const offer = this.offers.get(id);
    if (this.map) this.map.offers.reveal(offer);
    else this.awaited = offer;
  }

  showActor(actor) {
    if (narrow.matches) this.showView("map");
    this.awaitedActor = actor;
    this.revealActor();
  }

  /** Once the network is on the map. */
  revealActor() {
    if (!this.networkMap || !this.awaitedActor) return;
    this.networkMap.reveal(this.awaitedActor);
    this.awaitedActor = null;
  }
}

async function begin() {
  const service = new Service(base, page.dataset.version, isStatic);
  // Asked for at once: the list waits for nothing else.
  if (page.dataset.large !== "true") service.file("offers").catch(() => {});
  const [texts, vocabulary] = await Promise.all([service.json(`/assets/locales/${page.lang}.json`), service.file("vocabulary")]);
  new Page(service, new Texts(page.lang, texts, vocabulary.fields)).start();
}

begin().catch((error) => {
  // The server's own form and list stay as they are.
  console.warn(error);
  page.classList.add("is-plain");
  part("message").textContent = part("message").dataset.unavailable;
});
