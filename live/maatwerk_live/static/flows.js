// Many arrows are a tangle; from part to part of the plane they are streams. Pure.

import { levels } from "../widgets/plane.js";

/** More arrows than this cannot be told apart from the back row. */
export const TANGLE = 40;
/** A stream of fewer people is not drawn, and so many streams at most. */
const LEAST = 5;
const MOST = 7;

/**
 * Which of the plane's nine parts a place lies in: low, high or in the band, on each axis.
 * @param {number} person
 * @param {number} group
 * @param {any} plane
 */
const part = (person, group, plane) => [person, group].map((points) => levels(points, plane).join("-")).join(" ");

/**
 * Arrows with the same beginning and end, as one: from where they begin on average to where they end. Who stays in
 * the same part of the plane is in no stream.
 * @param {number[][]} arrows person, group, person, group
 * @param {any} plane
 * @returns {{ arrow: number[], people: number }[]} the largest last, so that it is drawn on top
 */
export function flows(arrows, plane) {
  /** @type {Map<string, { sums: number[], people: number }>} */
  const streams = new Map();
  for (const arrow of arrows) {
    const [from, to] = [part(arrow[0], arrow[1], plane), part(arrow[2], arrow[3], plane)];
    if (from === to) continue;
    const stream = streams.get(`${from} to ${to}`) ?? { sums: [0, 0, 0, 0], people: 0 };
    stream.sums = stream.sums.map((sum, n) => sum + arrow[n]);
    stream.people += 1;
    streams.set(`${from} to ${to}`, stream);
  }
  return [...streams.values()]
    .filter(({ people }) => people >= LEAST)
    .sort((a, b) => a.people - b.people)
    .slice(-MOST)
    .map(({ sums, people }) => ({ arrow: sums.map((sum) => sum / people), people }));
}
