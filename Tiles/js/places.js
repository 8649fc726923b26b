/** Places of the gazetteer as entries of the search: each name once per postcode, a municipality before its parts. */

/** "Wolmirstedt, Stadt" and "Köthen (Anhalt), Stadt" as people say them. */
export function townName(name) {
  return name?.split(", ")[0];
}

/**
 * @param {import("./records.js").Records} records of /data/places.json
 * @param {(key: string) => string} districtName
 * @returns {(import("./search.js").Entry & {also: string[]})[]} ids are what a URL's `near` holds
 */
export function placeEntries(records, districtName) {
  const towns = new Map();
  const parts = new Map();
  for (let row = 0; row < records.count; row += 1) {
    const name = townName(records.value("name", row)) ?? "";
    const postcode = records.value("postcode", row) ?? "";
    const id = [postcode, name].filter(Boolean).join(" ");
    const kind = records.value("kind", row);
    const isMunicipality = kind === "municipality";
    if (!id) continue;
    (isMunicipality ? towns : parts).set(id, {
      type: "place",
      id,
      label: name || postcode,
      note: [postcode, districtName(records.value("district_key", row))].filter(Boolean).join(" · "),
      also: [postcode, name.replace(/\s*\(.*\)/, "")],
      postcode,
      municipality: records.value("municipality_key", row),
      precision: kind === "postcode" ? "postcode" : "town",
      position: [records.value("longitude", row), records.value("latitude", row)],
    });
  }
  for (const id of towns.keys()) parts.delete(id);
  return [...towns.values(), ...parts.values()];
}
