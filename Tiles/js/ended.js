/** Whether an offer is over. The server has no clock in its answers, so that the same data give the same bytes; the browser has one. Pure. */

/** A moment's day where the visitor is, as the data write it. @param {Date} moment */
export function dayOf(moment) {
  const digits = (number, length) => String(number).padStart(length, "0");
  return `${digits(moment.getFullYear(), 4)}-${digits(moment.getMonth() + 1, 2)}-${digits(moment.getDate(), 2)}`;
}

/**
 * Whether an offer's end lies before a day; an imprecise end (`2018`, `2018-06`) is over when its year or month is.
 * @param {{status?: string, valid_to?: string}} facts @param {string} [today]
 */
export function hasEnded({ status, valid_to: to }, today = dayOf(new Date())) {
  return status === "ended" || (/^\d{4}(-\d{2}){0,2}$/.test(to ?? "") && to < today.slice(0, to.length));
}
