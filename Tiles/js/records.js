/**
 * The service's records as columns (`/data/<name>.json`): codes as numbers into a list of values, counted from 1, 0 being
 * "not stated". Columns that state nothing are absent.
 */

const NOTHING = { values: [], rows: null };

export class Records {
  /** @param {{count: number, columns: Record<string, any>}} data */
  constructor({ count, columns }) {
    this.count = count;
    this.columns = columns;
    /**
     * Objects made so far, one per row.
     * @type {any[]}
     */
    this.made = new Array(count);
    /** @type {Map<string, Uint32Array>} */
    this.ranked = new Map();
  }

  /**
   * A column of codes or lists of codes.
   * @returns {{values: string[], rows: (number|number[])[]|null}} `rows` null: no row states anything
   */
  codes(field) {
    const column = this.columns[field];
    return column && !Array.isArray(column) ? column : NOTHING;
  }

  /** The value of a row: text, number, list of codes, or null. */
  value(field, row) {
    const column = this.columns[field];
    if (!column) return null;
    if (Array.isArray(column)) return column[row];
    const code = column.rows[row];
    if (Array.isArray(code)) return code.map((number) => column.values[number - 1]);
    return code === 0 ? null : column.values[code - 1];
  }

  /** A row as a GeoJSON feature, made once. */
  feature(row) {
    this.made[row] ??= this.make(row);
    return this.made[row];
  }

  /**
   * The place of each row in the order of a text, made once: what is chosen in that order need not be sorted anew.
   * @param {string} field @param {(a: string, b: string) => number} compare @returns {Uint32Array}
   */
  ranks(field, compare) {
    if (!this.ranked.has(field)) {
      const texts = Array.from({ length: this.count }, (_, row) => this.value(field, row) ?? "");
      const ranks = new Uint32Array(this.count);
      [...texts.keys()].sort((a, b) => compare(texts[a], texts[b])).forEach((row, rank) => (ranks[row] = rank));
      this.ranked.set(field, ranks);
    }
    return this.ranked.get(field);
  }

  make(row) {
    const properties = {};
    for (const field of Object.keys(this.columns)) properties[field] = this.value(field, row);
    const { longitude, latitude } = properties;
    delete properties.longitude;
    delete properties.latitude;
    const geometry = typeof longitude === "number" ? { type: "Point", coordinates: [longitude, latitude] } : null;
    return { type: "Feature", id: properties.id, geometry, properties };
  }
}
