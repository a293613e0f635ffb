// What a hall's picture says, in words. Pure: the server's numbers and the words in, sentences out.

import { format } from "../widgets/dom.js";


export const LEAST = 5;
/** From this part of the hall in one variant on, it agrees; with two of at least the other, it is split. */
const AGREES = 0.6;
const SPLITS = 0.25;
const BETWEEN = "tussen";
/** A centre or a spread that moved less than so many points stays the same to the eye. */
const STILL = 2;

const whole = (/** @type {number} */ number) => Math.round(number);

/**
 * Whether a hall agrees, is split between two or more variants, or lies scattered.
 * @param {{ people: number, variants: Record<string, number> }} summary
 * @returns {"agrees" | "split" | "scattered"}
 */
export function stance({ people, variants }) {
  const shares = Object.entries(variants).filter(([key]) => key !== BETWEEN).map(([, count]) => count / people);
  if (shares.some((share) => share >= AGREES)) return "agrees";
  return shares.filter((share) => share >= SPLITS).length >= 2 ? "split" : "scattered";
}

/**
 * The variant with most people; null when none has any.
 * @param {{ variants: Record<string, number> }} summary
 */
export function largest({ variants }) {
  const [best] = Object.entries(variants).filter(([key]) => key !== BETWEEN).sort((a, b) => b[1] - a[1]);
  return best && best[1] > 0 ? best[0] : null;
}

/**
 * Each variant with its name and its people, and those between two.
 * @param {any} summary
 * @param {any} content
 * @returns {{ key: string, name: string, look: number, people: number, share: number }[]}
 */
export function byVariant(summary, content) {
  const looks = content.plane.variants.map((/** @type {any} */ one) => one.key);
  return Object.entries(summary.variants).map(([key, people]) => ({
    key,
    name: content.plane.variants[looks.indexOf(key)]?.name ?? content.words.between,
    look: looks.indexOf(key),
    people: Number(people),
    share: Number(people) / summary.people,
  }));
}

/**
 * @param {any} summary
 * @param {any} content
 */
export function centre(summary, { words }) {
  return format(words.centre, { person: whole(summary.person), group: whole(summary.group), spread: whole(summary.spread) });
}

/**
 * How the hall moved, in the one sentence that is read from the back row.
 * @param {any} movement
 * @param {any} content
 */
export function headline({ person, group, spread_before, spread_after }, { words }) {
  const points = whole(Math.hypot(person, group));
  const change = spread_after - spread_before;
  const way = Math.abs(change) < STILL ? "same" : change < 0 ? "less" : "more";
  return format(words[`headline_${points < STILL ? "still" : "moved"}_${way}`], { points });
}

/**
 * How the hall moved since the round before.
 * @param {any} movement
 * @param {any} content
 * @returns {string[]}
 */
export function moved(movement, { words }) {
  const said = [movement.moved === 0 ? words.moved_none : format(words.moved, movement)];
  const ways = [
    [movement.person, words.way_person_up, words.way_person_down],
    [movement.group, words.way_group_up, words.way_group_down],
  ].flatMap(([by, up, down]) => (Math.abs(by) < STILL ? [] : [format(by > 0 ? up : down, { points: whole(Math.abs(by)) })]));
  said.push(ways.length ? format(words.way, { ways: ways.join(` ${words.and} `) }) : words.way_none);
  const spread = movement.spread_after - movement.spread_before;
  const change = Math.abs(spread) < STILL ? words.spread_same : spread < 0 ? words.spread_less : words.spread_more;
  said.push(format(change, { before: whole(movement.spread_before), after: whole(movement.spread_after) }));
  return said;
}

/**
 * How many are in the room: who came in and left again is not. What was kept of a workshop tells only who came in.
 * @param {{ here?: number, people: number }} board
 */
export const present = ({ here, people }) => here ?? people;

/**
 * What the picture leaves out so that nobody can be told apart.
 * @param {any} picture
 * @param {any} content
 * @returns {string[]}
 */
export const withheld = (picture, { words }) => (picture?.withheld ?? []).map((/** @type {string} */ part) => format(words[`withheld_${part}`], { least: LEAST }));

/**
 * The whole picture, for who does not see it.
 * @param {any} picture
 * @param {any} content
 * @returns {string[]}
 */
export function aloud(picture, content) {
  const { summary, movement, roles = [], weighing } = picture ?? {};
  const { words } = content;
  const said = [];
  if (summary) {
    said.push(centre(summary, content));
    said.push(`${byVariant(summary, content).map((one) => `${one.name}: ${one.people}`).join(", ")}.`);
  }
  if (movement) said.push(headline(movement, content), ...moved(movement, content));
  for (const { role, summary: theirs } of roles) said.push(`${roleName(role, content)}. ${centre(theirs, content)}`);
  if (weighing) {
    said.push(`${loyalties(content).map((one) => `${one.short}: ${whole(weighing.loyalties[one.key].mean)}`).join(", ")}.`);
    said.push(tension(weighing.tension, content));
  }
  return said.length ? said : [format(words.too_few, { least: LEAST })];
}

/**
 * @param {{ first: string, second: string }} pair
 * @param {any} content
 */
export function tension({ first, second }, content) {
  const short = (/** @type {string} */ key) => loyalties(content).find((one) => one.key === key).short;
  return format(content.words.tension, { first: short(first), second: short(second) });
}

/**
 * @param {any} content
 * @returns {any[]}
 */
export const loyalties = (content) => content.loyalties.loyalties;

/**
 * @param {string} role
 * @param {any} content
 */
export function roleName(role, content) {
  return content.plane.perspectives.find((/** @type {any} */ one) => one.key === role).name;
}
