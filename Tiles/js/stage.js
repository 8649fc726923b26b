/** The map's share of the page: begun when it is first seen, and shown what the list shows. */
import { element } from "./dom.js";
import { base, narrow, page, part, workspace } from "./template.js";

/** How near the map is shown around a place. */
const NEAR_ZOOM = 9.5;

/**
 * What the page has to show: the list's answer, or the network, and where distances are measured from.
 * @typedef {{answer: any, network: import("./network.js").Network|null, position: [number, number]|null}} Shown
 */

export class Stage {
  /**
   * @param {import("./i18n.js").Texts} texts
   * @param {Omit<import("./map.js").Actions, "archiveComesWhole"> & {state: () => import("./state.js").State, shown: () => Shown}} actions
   * what the map asks of the page, what the page's state is, and what there is to show
   */
  constructor(texts, actions) {
    this.texts = texts;
    this.actions = actions;
    this.isStarted = false;
    /** @type {import("./map.js").OfferMap|null} */
    this.map = null;
    /** @type {import("./network-map.js").NetworkMap|null} */
    this.networkMap = null;
    /** The offer to show once the map is there. */
    this.awaited = null;
    /** The actor to show once the network is on it. */
    this.awaitedActor = null;
    /**
     * The mark of the place that distances are measured from.
     * @type {{marker: maplibregl.Marker, position: [number, number]}|null}
     */
    this.marked = null;
  }

  startIfSeen() {
    const seen = !narrow.matches || workspace.dataset.view === "map";
    if (!seen || this.isStarted) return;
    this.isStarted = true;
    this.start();
  }

  async start() {
    const message = part("message");
    const { actions, texts } = this;
    message.textContent = texts.text("map_loading");
    try {
      const { OfferMap } = await import("./map.js");
      this.map = await OfferMap.create(part("map"), {
        base,
        texts,
        bounds: page.dataset.bbox.split(",").map(Number),
        state: actions.state(),
        actions: {
          ...actions,
          colour: (areas) => {
            actions.colour(areas);
            this.show();
          },
          archiveComesWhole: (bytes) => this.explainHost(bytes),
        },
      });
      message.textContent = "";
      await this.show();
      if (this.awaited) this.map.offers.reveal(this.awaited);
    } catch (error) {
      // No WebGL or no library: the list is the whole answer, and the page says so.
      console.warn(error);
      part("map").replaceChildren();
      workspace.classList.add("has-no-map");
      message.textContent = texts.text("map_unavailable");
    }
  }

  /** Why the map of a folder takes long: its host knows no range requests. The list does not wait for it. */
  explainHost(bytes) {
    const banner = part("host");
    const size = new Intl.NumberFormat(this.texts.tag, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(bytes / 1e6);
    banner.hidden = false;
    banner.textContent = [this.texts.text("map_host_whole"), bytes ? this.texts.text("map_archive_size", { size }) : ""].join(" ").trim();
  }

  /** Shows what the page has to show, once the map is there. */
  async show() {
    if (!this.map) return;
    const isNetwork = this.actions.state().way === "network";
    if (isNetwork && !this.networkMap) {
      const { NetworkMap } = await import("./network-map.js");
      this.networkMap ??= new NetworkMap(this.map, this.texts);
    }
    const { answer, network } = this.actions.shown();
    this.networkMap?.show(isNetwork ? network : null);
    if (isNetwork || answer) this.map.show(this.actions.state(), isNetwork ? null : answer);
    this.markPosition();
    this.revealAwaitedActor();
  }

  /** The place that distances are measured from, as a mark of its own. */
  markPosition() {
    const { position } = this.actions.shown();
    const moved = position && position.join() !== this.marked?.position.join();
    if (this.marked && (!position || moved)) {
      this.marked.marker.remove();
      this.marked = null;
    }
    if (!moved) return;
    const sign = element("div", { class: "own-place" });
    const marker = new maplibregl.Marker({ element: sign }).setLngLat(position).addTo(this.map.map);
    // It is said in the list and at its chip.
    sign.setAttribute("aria-hidden", "true");
    sign.removeAttribute("role");
    this.marked = { marker, position };
    this.map.camera.moveTo({ longitude: position[0], latitude: position[1], zoom: NEAR_ZOOM });
  }

  /** @param {import("./state.js").View} view */
  moveTo(view) {
    this.map?.camera.moveTo(view);
  }

  resize() {
    this.map?.resize();
  }

  /** @param {string|null} id of an offer */
  highlight(id) {
    this.map?.offers.highlight(id);
  }

  /** @param {string|null} id of an actor */
  highlightActor(id) {
    this.networkMap?.highlight(id);
  }

  /** Shows an offer's place and what is there. */
  reveal(offer) {
    if (this.map) this.map.offers.reveal(offer);
    else this.awaited = offer;
  }

  revealActor(actor) {
    this.awaitedActor = actor;
    this.revealAwaitedActor();
  }

  /** Once the network is on the map. */
  revealAwaitedActor() {
    if (!this.networkMap || !this.awaitedActor) return;
    this.networkMap.reveal(this.awaitedActor);
    this.awaitedActor = null;
  }
}
