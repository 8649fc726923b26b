/** One offer as text: the facts that list, popup and details share, and what "not stated" looks like. */
import { element } from "./dom.js";
import { hasEnded } from "./ended.js";
import { german, vocabularyLabel } from "./foreign.js";
import { recordPage } from "./pages.js";
import { symbol } from "./categories.js";
import { townName } from "./places.js";

/** Where an offer is, in words. */
export function placeText(offer, texts) {
  const facts = offer.properties;
  if (facts.place || facts.municipality_name) return facts.place || townName(facts.municipality_name);
  if (facts.district_name) return texts.text("place_district_only", { district: facts.district_name });
  return texts.text("place_not_stated");
}

/** The same with what is German marked. @returns {Node} */
function placeName(facts, texts) {
  if (facts.place || facts.municipality_name) return german("span", facts.place || townName(facts.municipality_name), texts);
  if (facts.district_name) return element("span", {}, texts.nodes("place_district_only", { district: german("bdi", facts.district_name, texts) }));
  return element("span", {}, texts.text("place_not_stated"));
}

/**
 * A name as a link to the record's own page.
 * @param {"offers"|"actors"} kind @param {string} id @param {string} name @param {import("./i18n.js").Texts} texts
 */
export function pageLink(kind, id, name, texts) {
  if (!id) return name;
  const href = recordPage(kind, id, texts.tag);
  // Inside another site's page the record opens beside it: only the map may be framed.
  const beside = document.documentElement.classList.contains("is-embedded") ? { target: "_blank", rel: "noopener" } : {};
  return element("a", { href, class: "page-link", ...beside }, name);
}

/** "Quelle: Titel, Jahr". @returns {(Node|string)[]} */
export function sourceText(facts, texts) {
  if (!facts.source_title) return [texts.text("source_unknown")];
  const key = facts.source_year ? "source_entry" : "source_entry_no_year";
  return texts.nodes(key, { title: german("bdi", facts.source_title, texts), year: String(facts.source_year ?? "") });
}

export function statusText(facts, texts) {
  const year = /_(\d{4})$/.exec(facts.status ?? "")?.[1];
  if (hasEnded(facts)) return facts.valid_to ? texts.text("status_ended_on", { date: texts.date(facts.valid_to) }) : texts.text("status_ended");
  if (facts.status?.startsWith("open_end")) return texts.text("status_open_end", { year });
  if (facts.status?.startsWith("undated")) return texts.text("status_undated", { year });
  return facts.status === "dated" ? validityText(facts, texts) ?? texts.text("status_dated") : null;
}

function validityText({ valid_from: from, valid_to: to }, texts) {
  if (from && to) return from === to ? texts.date(from) : texts.text("validity_range", { from: texts.date(from), to: texts.date(to) });
  if (from) return texts.text("validity_from", { from: texts.date(from) });
  return to ? texts.text("validity_to", { to: texts.date(to) }) : null;
}

/**
 * The head of an entry: symbol, title, category and provider, place, status, source.
 * @param {any} offer @param {import("./i18n.js").Texts} texts
 * @param {{heading?: "h3"|"h4", away?: string|null, area?: ((key: string) => Node)|null}} shown `away`: the distance
 * in words; `area`: given where an offer without a place shall say whom it is for
 */
export function entryHead(offer, texts, { heading = "h3", away = null, area = null } = {}) {
  const facts = offer.properties;
  const areas = area && !offer.geometry && facts.served_keys?.length ? texts.nodes("serves_area", { areas: element("span", {}, texts.listNodes(facts.served_keys.map(area))) }) : null;
  const category = texts.label("category", facts.category).text;
  const status = statusText(facts, texts);
  return element(
    "div",
    { class: "entry-head" },
    symbol(facts.category, category, 30, hasEnded(facts)),
    element(
      "div",
      { class: "entry-text" },
      german(heading, pageLink("offers", String(offer.id), facts.title, texts), texts, { class: "entry-title" }),
      element(
        "p",
        { class: "entry-meta" },
        vocabularyLabel("category", facts.category, texts),
        " · ",
        facts.actor_name ? german("bdi", facts.actor_name, texts) : texts.text("actor_not_stated"),
      ),
      element(
        "p",
        { class: "entry-place" },
        away ? element("span", { class: "entry-away" }, away) : null,
        placeName(facts, texts),
        areas ? element("span", {}, areas) : null,
        status ? element("span", { class: hasEnded(facts) ? "entry-status is-ended" : "entry-status" }, status) : null,
      ),
      element("p", { class: "entry-source" }, sourceText(facts, texts)),
    ),
  );
}

/**
 * All that is known of an offer. The main fields say "not stated" where the source is silent; the others appear only
 * when they have something to say.
 * @param {any} offer @param {import("./i18n.js").Texts} texts
 * @param {{area: (key: string) => Node, actor: (id: string) => Promise<any>}} lookups
 */
export function entryDetails(offer, texts, lookups) {
  const facts = offer.properties;
  const list = element("dl", { class: "facts" });
  const add = (key, value, always = false) => {
    const silent = value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
    if (silent && !always) return;
    const content = silent ? element("span", { class: "silent" }, texts.text("not_stated")) : value;
    list.append(element("div", { class: "fact" }, element("dt", {}, texts.text(`field_${key}`)), element("dd", {}, content)));
  };
  const labels = (field, keys) => joined((keys ?? []).map((key) => vocabularyLabel(field, key, texts)));

  const own = (value) => value && german("span", value, texts);

  add("description", own(facts.description));
  add("topics", labels("topic", facts.topics), true);
  add("audiences", labels("audience", facts.audiences), true);
  add("languages", labels("language", facts.languages), true);
  add("delivery", facts.delivery && vocabularyLabel("delivery", facts.delivery, texts), true);
  add("validity", validityText(facts, texts), true);
  add("opening_hours", openingHours(facts, texts), true);
  add("address", own(address(facts)));
  add("place", own(facts.place ?? townName(facts.municipality_name)), true);
  add("district", own(facts.district_name));
  add("precision", facts.precision && texts.text(`precision_${facts.precision}`));
  add("served", facts.served_keys?.length ? texts.listNodes(facts.served_keys.map(lookups.area)) : null, true);
  add("accessibility", own(plain(facts.accessibility)), true);
  add("cost", own(plain(facts.cost)), true);
  add("capacity", plain(facts.capacity, texts));
  add("participants", plain(facts.participants, texts));
  add("sessions", plain(facts.sessions, texts));
  if (facts.actor_id) addActor(list, facts, texts, lookups);
  else add("actor", own(facts.actor_name), true);
  add("phone", facts.phone && element("a", { href: `tel:${facts.phone.replace(/[^+\d]/g, "")}` }, element("bdi", {}, facts.phone)));
  add("email", facts.email && element("a", { href: `mailto:${encodeURIComponent(facts.email).replace("%40", "@")}` }, facts.email));
  add("booking_url", link(facts.booking_url));
  add("url", link(facts.url));
  const source = [own(facts.source_title), facts.source_year && `, ${facts.source_year}`, facts.source_publisher && [" (", german("bdi", facts.source_publisher, texts), ")"]];
  add("source", facts.source_title ? source.flat().filter(Boolean) : texts.text("source_unknown"));
  add("page", pageLink("offers", offer.id, texts.text("about_offer"), texts));
  return list;
}

/** The provider's own facts come when the details are opened: sector, kind, address, website of the organisation. */
function addActor(list, facts, texts, lookups) {
  const cell = element("dd", {}, german("bdi", pageLink("actors", facts.actor_id, facts.actor_name ?? facts.actor_id, texts), texts));
  list.append(element("div", { class: "fact" }, element("dt", {}, texts.text("field_actor")), cell));
  lookups.actor(facts.actor_id).then(
    ({ properties: actor }) => {
      const lines = [
        joined([actor.sector && vocabularyLabel("sector", actor.sector, texts), actor.kind && vocabularyLabel("kind", actor.kind, texts)].filter(Boolean)),
        german("span", [actor.street, [actor.postcode, actor.place].filter(Boolean).join(" ")].filter(Boolean).join(", "), texts),
        link(actor.url),
      ];
      for (const line of lines) if (line && (Array.isArray(line) ? line.length : line instanceof Node ? line.textContent : true)) cell.append(element("span", { class: "fact-line" }, line));
    },
    // The name already stands there; what could not be fetched is simply not added.
    () => {},
  );
}

function openingHours(facts, texts) {
  if (facts.opening_hours_kind === "closed") return texts.text("hours_closed");
  if (facts.opening_hours_kind === "by_appointment") return texts.text("hours_by_appointment");
  const stated = plain(facts.opening_hours);
  return stated && german("span", stated, texts);
}

function address(facts) {
  return facts.street ? [facts.street, [facts.postcode, facts.place].filter(Boolean).join(" ")].filter(Boolean).join(", ") : null;
}

/** A free value as text, whatever its JSON type. */
function plain(value, texts) {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return texts ? texts.number(value) : String(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** A printed address as a link; anything but http(s) stays text, so no record can smuggle a script in. */
function link(value) {
  if (!value) return null;
  const candidate = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `https://${value}`;
  if (!/^https?:\/\//i.test(candidate) || !isAddress(candidate)) return String(value);
  return element("a", { href: candidate, rel: "noopener noreferrer external" }, value.replace(/^https?:\/\//i, ""));
}

function isAddress(text) {
  try {
    return Boolean(new URL(text).host);
  } catch {
    return false;
  }
}

function joined(nodes) {
  return nodes.flatMap((node, index) => (index ? [", ", node] : [node]));
}
