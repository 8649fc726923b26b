/**
 * Distances and the visitor's position. The position is asked for after a click only, is kept in this page's memory
 * alone, and is sent nowhere: distances are computed here.
 */

/** Mean radius of the Earth, metres (IUGG). */
const RADIUS = 6371008.8;

/** The distance on the sphere in metres: within 0.6 % of the ellipsoid's, far finer than places are known. */
export function distance([longitude, latitude], [otherLongitude, otherLatitude]) {
  const radians = Math.PI / 180;
  const [first, second] = [latitude * radians, otherLatitude * radians];
  const half = Math.sin((second - first) / 2) ** 2 + Math.cos(first) * Math.cos(second) * Math.sin(((otherLongitude - longitude) * radians) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Kilometres as they are said: one digit behind the comma where that is nearer than ten, else none. */
export function kilometres(metres, tag) {
  const value = metres / 1000;
  const digits = value < 9.95 ? 1 : 0;
  return new Intl.NumberFormat(tag, { style: "unit", unit: "kilometer", maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
}

/**
 * Asks the browser for the position.
 * @returns {Promise<[number, number]>} longitude and latitude
 */
export function ownPosition() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error("no geolocation"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.longitude, coords.latitude]),
      reject,
      { enableHighAccuracy: false, timeout: 15000, maximumAge: 60000 },
    );
  });
}
