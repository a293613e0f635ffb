// The plane's geometry: places in points, 0-100, and where they lie in a square on the screen. Pure.

/**
 * @typedef {{ person: number, group: number }} Place
 * @typedef {{ minimum: number, maximum: number }} Range
 */

/**
 * A whole number of points within the plane.
 * @param {number} points
 * @param {Range} plane
 */
export function snap(points, plane) {
  return Math.min(plane.maximum, Math.max(plane.minimum, Math.round(points)));
}

/**
 * Where a place lies in a square of `size` by `size`, measured from its top left.
 * @param {Place} place
 * @param {number} size
 * @param {Range} plane
 */
export function toPoint(place, size, plane) {
  const scale = size / (plane.maximum - plane.minimum);
  return { x: (place.group - plane.minimum) * scale, y: (plane.maximum - place.person) * scale };
}

/**
 * The place that a point of the square stands for: whole points, never outside the plane.
 * @param {{ x: number, y: number }} point
 * @param {number} size
 * @param {Range} plane
 * @returns {Place}
 */
export function fromPoint(point, size, plane) {
  const scale = (plane.maximum - plane.minimum) / size;
  return {
    person: snap(plane.maximum - point.y * scale, plane),
    group: snap(plane.minimum + point.x * scale, plane),
  };
}
