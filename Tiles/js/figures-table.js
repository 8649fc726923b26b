/** A table of districts with a figure, which its headings sort. */
import { element } from "./dom.js";
import { sortedFigures } from "./figures.js";

/**
 * @param {(import("./figures.js").Figure & {written: string|null, label: string, picture: Element})[]} rows
 * `written`: the value in the language's digits; `label` and `picture`: its class
 * @param {{caption: string, unit: string}} figure @param {import("./i18n.js").Texts} texts
 */
export function figuresTable(rows, { caption, unit }, texts) {
  const body = element("tbody", {});
  const said = element("p", { class: "unseen", role: "status" });
  const heading = (column, label) => element("th", { scope: "col", "data-column": column }, element("button", { type: "button", class: "sorter", onclick: () => sort(column) }, label, element("span", { class: "sorter-sign", "aria-hidden": "true" })));
  const heads = [heading("name", texts.text("field_district")), heading("value", unit)];
  const table = element(
    "table",
    { class: "figures" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads, element("th", { scope: "col" }, texts.text("areas_class")))),
    body,
  );
  /** @type {{column: "name"|"value", isDescending: boolean}} */
  let order = { column: "value", isDescending: true };
  /** A second press turns the order round. */
  const sort = (column) => {
    order = { column, isDescending: order.column === column ? !order.isDescending : column === "value" };
    show();
    said.textContent = texts.text(order.isDescending ? "sorted_down" : "sorted_up", { column: column === "value" ? unit : texts.text("field_district") });
  };
  const show = () => {
    for (const head of heads) head.setAttribute("aria-sort", head.dataset.column !== order.column ? "none" : order.isDescending ? "descending" : "ascending");
    const sorted = sortedFigures(rows, order.column, order.isDescending, texts.compare).map(({ key }) => rows.find((row) => row.key === key));
    body.replaceChildren(
      ...sorted.map(({ name, written, label, picture }) =>
        element(
          "tr",
          {},
          element("th", { scope: "row", lang: "de", dir: "auto" }, name),
          element("td", { class: "figure-value" }, written ?? element("span", { class: "silent" }, texts.text("district_no_data"))),
          element("td", {}, element("span", { class: "figure-class" }, picture, element("span", {}, label))),
        ),
      ),
    );
  };
  show();
  return element("div", { class: "table-frame", role: "region", tabindex: "0", "aria-label": caption }, table, said);
}
