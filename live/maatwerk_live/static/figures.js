// What a picture comes to: tables, bars, arguments. Pure: the server's numbers and the words in, elements out.

import { format, html, svg } from "../widgets/dom.js";
import { TANGLE } from "./flows.js";
import { SHAPES, marked } from "./parts.js";
import { LEAST, byVariant, centre, headline, largest, loyalties, moved, roleName, tension } from "./says.js";

/** What is there is seen from the back row: so many parts of a hundred at least. */
const LEAST_BAR = 1.5;

/**
 * Where the hall stands, and how it moved.
 * @param {any} picture
 * @param {any} content
 * @param {number} turn the how-manieth round about this case
 * @returns {HTMLElement[]}
 */
export function figures({ summary, movement }, content, turn) {
  const { words } = content;
  const parts = [];
  if (movement) {
    parts.push(html("h2", { class: "headline" }, [headline(movement, content)]));
    parts.push(html("p", { class: "says" }, [moved(movement, content)[0]]));
    if (movement.arrows?.length) parts.push(keyPart(movement.arrows.length, words));
  }
  if (summary) parts.push(...variantsPart(summary, content));
  if (summary && !movement) parts.push(html("p", { class: "says" }, [centre(summary, content)]));
  if (movement) parts.push(...moved(movement, content).slice(1).map((text) => html("p", { class: "says quiet" }, [text])));
  else if (turn > 1) parts.push(html("p", { class: "says quiet" }, [format(words.movement_few, { least: LEAST })]));
  return parts;
}

/**
 * How many stand where, those between two variants too: together they are everybody who placed.
 * @param {any} summary
 * @param {any} content
 */
export function variantsPart(summary, content) {
  return [
    html("h3", { class: "caption" }, [content.words.by_variant]),
    html("ul", { class: "variants" }, byVariant(summary, content).map(({ name, people, share }) =>
      html("li", {}, [html("span", {}, [name]), html("b", { class: "number" }, [String(people)]), barPart(share)]),
    )),
  ];
}

/**
 * What the arrows on the plane mean.
 * @param {number} arrows
 * @param {Record<string, string>} words
 */
function keyPart(arrows, words) {
  const lines = [html("span", { class: "line over" }), words.key_crossed, html("span", { class: "line" }), words.key_moved];
  return html("p", { class: "key", "aria-hidden": "true" }, [...lines, ...(arrows > TANGLE ? [html("span", {}, [words.key_flow])] : [])]);
}

/**
 * A bar, drawn: the page's policy allows no style in its HTML.
 * @param {number} share
 */
export function barPart(share) {
  const attributes = { viewBox: "0 0 100 10", preserveAspectRatio: "none", class: "bars", "aria-hidden": "true" };
  // One person of a thousand is seen too.
  return svg("svg", attributes, [rect(0, 0, share > 0 ? Math.max(LEAST_BAR, 100 * share) : 0, 10, "full")]);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} look
 */
function rect(x, y, width, height, look) {
  return svg("rect", { x, y, width, height, class: look });
}

/**
 * What each chair chose, and what the table says for and against.
 * @param {any[]} roles
 * @param {any} summary
 * @param {any} content
 * @param {boolean} brief without what the table says
 */
export function rolesPart(roles, summary, content, brief) {
  const { words } = content;
  const order = content.plane.perspectives.map((/** @type {any} */ one) => one.key);
  const variant = summary && largest(summary);
  const name = content.plane.variants.find((/** @type {any} */ one) => one.key === variant)?.name;
  const head = html("h2", {}, [name && !brief ? format(words.roles_about, { variant: name }) : words.roles]);
  return [
    head,
    ...roles.map(({ role, summary: theirs }) => {
      const most = largest(theirs);
      const chose = content.plane.variants.find((/** @type {any} */ one) => one.key === most)?.name ?? words.between;
      const sides = variant && !brief ? content.plane.statements[variant][role] : null;
      return html("section", { class: "role" }, [
        html("h3", {}, [marked(order.indexOf(role), [roleName(role, content)]), html("span", { class: "chose" }, [format(words.role_chose, { people: theirs.people, variant: chose })])]),
        ...(sides ? [html("p", {}, [html("b", { "aria-label": words.advantage }, ["+"]), ` ${sides.voordeel}`]), html("p", {}, [html("b", { "aria-label": words.disadvantage }, ["−"]), ` ${sides.nadeel}`])] : []),
      ]);
    }),
  ];
}

/**
 * @param {any} weighing
 * @param {any} content
 */
export function weighingPart(weighing, content) {
  const { words } = content;
  // One scale for all five, so that they can be compared.
  const most = Math.max(...loyalties(content).flatMap((one) => weighing.loyalties[one.key].bars));
  return html("table", { class: "weighing" }, [
    html("caption", {}, [words.weighing]),
    html("thead", { class: "hidden" }, [html("tr", {}, [words.loyalty, words.spread_of, words.mean].map((one) => html("th", { scope: "col" }, [one])))]),
    html("tbody", {}, loyalties(content).map((one, n) => {
      const share = weighing.loyalties[one.key];
      const bars = share.bars.map((/** @type {number} */ people, /** @type {number} */ bar) => {
        const height = people ? Math.max(5, (36 * people) / most) : 0;
        return rect(10 * bar + 0.6, 38 - height, 8.8, height, "full");
      });
      const attributes = { viewBox: "0 0 110 40", preserveAspectRatio: "none", class: `bars histogram c${n}`, "aria-hidden": "true" };
      const histogram = svg("svg", attributes, [...bars, rect(0, 38, 110, 1, "floor")]);
      return html("tr", { class: `c${n}` }, [
        html("th", { scope: "row" }, [marked(n, [one.short])]),
        html("td", { class: "bar" }, [histogram, html("span", { class: "half" }, [format(words.half, { low: Math.round(share.low), high: Math.round(share.high) })])]),
        html("td", { class: "number" }, [String(Math.round(share.mean))]),
      ]);
    })),
  ]);
}

/**
 * @param {any} pull
 * @param {any} content
 */
export function tensionPart(pull, content) {
  const { words } = content;
  const all = loyalties(content);
  return html("section", { class: "tension" }, [
    html("h2", {}, [tension(pull, content)]),
    ...[pull.first, pull.second].map((one) => {
      const n = all.findIndex((loyalty) => loyalty.key === one);
      return html("div", { class: `dilemma c${n}` }, [html("h3", {}, [marked(n, [all[n].short])]), html("p", {}, [all[n].dilemma])]);
    }),
    html("p", { class: "says" }, [
      format(words.leaning, {
        ...pull,
        first: all.find((one) => one.key === pull.first).short,
        second: all.find((one) => one.key === pull.second).short,
      }),
    ]),
  ]);
}

/**
 * The arguments with most votes first.
 * @param {any[]} given
 * @param {any} content
 */
export function argumentsPart(given, { words }) {
  const sorted = [...given].sort((a, b) => (b.votes ?? 0) - (a.votes ?? 0));
  return html("ul", { class: "given" }, sorted.map((one) =>
    html("li", { class: one.side }, [
      html("p", {}, [one.text]),
      html("p", { class: "about" }, [
        html("span", { class: "side" }, [html("span", { class: "shape", "aria-hidden": "true" }, [SHAPES[one.side === "voor" ? 0 : 1]]), ` ${words[`heard_${one.side}`]}`]),
        ...(one.votes ? [html("span", { class: "votes" }, [format(words.votes, { votes: one.votes })])] : []),
      ]),
    ]),
  ));
}
