/** What stands around list and map: the search form, the ways in, the views, the tools. */
import { entering } from "./state.js";
import { all, narrow, part } from "./template.js";

/**
 * @param {{state: () => import("./state.js").State, ways: Map<string, string[]>, change: (state: import("./state.js").State) => void,
 *   submit: (text: string) => void, showView: (view: string) => void, findOwnPosition: () => void}} actions
 * @param {import("./i18n.js").Texts} texts
 */
export function bindControls(actions, texts) {
  bindForm(actions);
  bindSkips(actions);
  bindViews(actions);
  bindWays(actions);
  bindLanguages();
  bindTools(actions, texts);
}

function bindForm({ state, change, submit }) {
  const form = part("form");
  const input = form.elements.q;
  // The box's own cross, and emptying it, take the search text away at once.
  input.addEventListener("input", () => {
    if (!input.value.trim() && state().q) change({ ...state(), q: "" });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(input.value.trim());
  });
  const toggle = part("toggle");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const open = part("facets").classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
  });
}

function bindSkips({ showView }) {
  for (const skip of all(".skip")) {
    skip.addEventListener("click", (event) => {
      // The fragment holds the map's view, so skip links move the focus without touching it.
      event.preventDefault();
      if (narrow.matches && skip.hash === "#results") showView("list");
      document.getElementById(skip.hash.slice(1)).focus();
    });
  }
}

function bindViews({ showView }) {
  part("views").hidden = false;
  for (const button of all("[data-part=views] button")) button.addEventListener("click", () => showView(button.dataset.view));
}

/** The ways in are links for whoever has no script; here they change the state in place. */
function bindWays({ state, ways, change }) {
  for (const link of all("a[data-way]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      change(entering(state(), ways, link.dataset.way));
    });
  }
}

/** The languages close when whoever opened them goes on. */
function bindLanguages() {
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
}

function bindTools({ state, change, findOwnPosition }, texts) {
  const near = part("near-me");
  near.hidden = false;
  near.addEventListener("click", findOwnPosition);
  const share = part("share");
  share.hidden = false;
  share.addEventListener("click", async () => (await import("./share.js")).openShare(state(), texts));
  const order = part("order");
  order.closest("[hidden]")?.removeAttribute("hidden");
  order.addEventListener("change", () => change({ ...state(), order: order.value }));
}
