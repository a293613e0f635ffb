// What a participant sees of the room afterwards, and takes along: their own places beside the hall's picture. Kept on
// this phone only; the server has no part in it.

import { format, html, svg } from "../widgets/dom.js";
import { variantsAt } from "../widgets/plane.js";
import { variantsPart } from "./figures.js";
import { store, stored, wipe } from "./memory.js";
import { sure } from "./parts.js";
import { centre, headline, loyalties, roleName } from "./says.js";

/**
 * @typedef {{ place?: number[], weights?: Record<string, number>, role?: string }} Mine
 * @typedef {{ id: number, number: number, turn: number, title: string, question: string, mine: Mine, picture?: any }} Page
 */

/** What one phone notes of each round of one room. */
export class Album {
  /** @type {Page[]} */
  #pages;

  /** @param {string} room */
  constructor(room) {
    this.name = `${room}.album`;
    this.#pages = stored(this.name) ?? [];
  }

  /** What is worth taking along: rounds in which this person answered. */
  get pages() {
    return this.#pages.filter(({ mine }) => mine.place || mine.weights);
  }

  /**
   * How it stands in the present round.
   * @param {any} state
   * @param {Mine} mine
   */
  note({ round, lang, picture }, { place, weights, role }) {
    if (!round) return;
    const { id, number, turn, case: about } = round;
    const before = this.#pages.find((one) => one.id === id);
    const page = { id, number, turn, title: about.title[lang], question: about.question[lang] ?? "", mine: { place, weights, role }, picture: picture ?? before?.picture };
    if (JSON.stringify(page) === JSON.stringify(before)) return;
    this.#pages = [...this.#pages.filter((one) => one.id !== id), page].sort((a, b) => a.number - b.number);
    store(this.name, this.#pages);
  }

  wipe() {
    this.#pages = [];
    wipe(this.name);
  }
}

/**
 * The hall as a whole, beside one's own place.
 * @param {any} picture
 * @param {Mine} mine
 * @param {any} content
 */
export function hallPart({ summary, movement, weighing }, mine, content) {
  const { words } = content;
  const parts = [html("h2", {}, [words.hall])];
  if (movement) parts.push(html("p", { class: "headline" }, [headline(movement, content)]));
  if (summary) {
    parts.push(smallPlane(mine.place, summary, content), html("p", { class: "small" }, [words.hall_plane]));
    parts.push(...variantsPart(summary, content), html("p", { class: "small" }, [centre(summary, content)]));
  }
  if (weighing) {
    const shares = loyalties(content).map((one) => `${one.short} ${Math.round(weighing.loyalties[one.key].mean)}`);
    parts.push(html("p", {}, [format(words.hall_weighing, { parts: shares.join(", ") })]));
  }
  return html("section", { class: "hall" }, parts);
}

/**
 * @param {number[] | undefined} place person, group
 * @param {{ person: number, group: number }} summary
 * @param {any} content
 */
function smallPlane(place, summary, { plane: { plane, variants }, words }) {
  const side = 200;
  const scale = side / (plane.maximum - plane.minimum);
  const at = (/** @type {number} */ person, /** @type {number} */ group) => [(group - plane.minimum) * scale, (plane.maximum - person) * scale];
  const band = 2 * plane.band * scale;
  const [low, high] = [(plane.border - plane.band) * scale, (plane.maximum - plane.border - plane.band) * scale];
  const [x, y] = at(summary.person, summary.group);
  const name = (/** @type {any} */ variant) => {
    const [right, up] = [variant.group === "high", variant.person === "high"];
    return svg("text", { x: right ? side : 0, y: up ? -5 : side + 13, "text-anchor": right ? "end" : "start", "font-size": 9, fill: "currentColor" }, [variant.name]);
  };
  return svg("svg", { viewBox: `-2 -16 ${side + 4} ${side + 32}`, class: "small-plane", role: "img", "aria-label": words.hall_plane }, [
    svg("rect", { width: side, height: side, fill: "#f2f5f7", stroke: "#6b7882" }),
    svg("rect", { x: low, width: band, height: side, fill: "#dde4e9" }),
    svg("rect", { y: high, width: side, height: band, fill: "#dde4e9" }),
    ...variants.map(name),
    svg("path", { d: `M${x - 9} ${y}h18M${x} ${y - 9}v18`, stroke: "#0072b2", "stroke-width": 4, "stroke-linecap": "round" }),
    ...(place ? [dot(...at(place[0], place[1]))] : []),
  ]);
}

/**
 * @param {number} [x]
 * @param {number} [y]
 */
const dot = (x = 0, y = 0) => svg("circle", { cx: x, cy: y, r: 6.5, fill: "#14212b", stroke: "#ffffff", "stroke-width": 2 });

/**
 * What one chose, in words.
 * @param {Mine} mine
 * @param {any} content
 * @returns {string[]}
 */
export function chosen({ role, place, weights }, content) {
  const { words } = content;
  const found = [];
  if (role) found.push(format(words.chose_role, { role: roleName(role, content) }));
  if (place) {
    const [person, group] = place;
    const names = variantsAt({ person, group }, content.plane.plane, content.plane.variants).map((one) => one.name);
    found.push(format(words.chose_place, { person, group, variant: names.length === 1 ? names[0] : words.between }));
  }
  if (weights) {
    const most = Math.max(...Object.values(weights));
    const heavy = loyalties(content).filter((one) => weights[one.key] === most);
    found.push(format(words.chose_weights, { loyalty: heavy.map((one) => one.short).join(" / "), points: most }));
  }
  return found;
}

/**
 * @param {Page} page
 * @param {any} content
 */
function roundPart({ number, turn, title, question, mine, picture }, content) {
  const { words } = content;
  return html("section", { class: "kept" }, [
    html("p", { class: "kicker" }, [format(turn > 1 ? words.round_again : words.round, { number, turn })]),
    html("h2", {}, [title]),
    ...(question ? [html("p", { class: "small" }, [question])] : []),
    html("ul", { class: "chosen" }, chosen(mine, content).map((text) => html("li", {}, [text]))),
    ...(picture?.summary || picture?.weighing ? [hallPart(picture, mine, content)] : []),
  ]);
}

/** The looks of the file, which stands alone. */
const LOOKS =
  "body{max-width:34rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color:#14212b}" +
  "ul{padding-left:1.25rem}.kicker,.small,.caption{color:#4a5863;font-size:.9rem}.small-plane{width:16rem;max-width:100%}" +
  ".variants{list-style:none;padding:0}.variants li{display:grid;grid-template-columns:1fr auto}.bars{grid-column:1/-1;width:100%;height:.5rem;background:#f2f5f7}.full{fill:#0b4f71}";

/**
 * The rounds as a file of its own.
 * @param {Page[]} pages
 * @param {any} content
 */
function asFile(pages, content) {
  const body = html("main", {}, [
    html("h1", {}, [content.words.along_title]),
    html("p", { class: "small" }, [new Date().toLocaleDateString(content.lang)]),
    ...pages.map((page) => roundPart(page, content)),
  ]);
  const title = html("title", {}, [content.words.along_title]);
  return `<!doctype html><html lang="${content.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${title.outerHTML}<style>${LOOKS}</style></head><body>${body.outerHTML}</body></html>`;
}

/**
 * At the end: what one chose, with the hall's picture, to save or to wipe. Nothing for who chose nothing.
 * @param {Album} album
 * @param {any} content
 * @param {string} code
 */
export function takeAlongPart(album, content, code) {
  const { words } = content;
  const { pages } = album;
  if (!pages.length) return null;
  const save = html("button", { type: "button", class: "main", "data-along": "save" }, [words.along_save]);
  save.addEventListener("click", () => {
    const link = /** @type {HTMLAnchorElement} */ (html("a", { download: `${words.along_file}-${code}.html` }));
    link.href = URL.createObjectURL(new Blob([asFile(pages, content)], { type: "text/html;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
  const forget = sure(words.along_wipe, words.along_sure, () => {
    album.wipe();
    part.replaceChildren(html("p", { role: "status" }, [words.along_wiped]));
  });
  const part = html("section", { class: "along" }, [
    html("h2", {}, [words.along]),
    html("p", { class: "small" }, [words.along_how]),
    ...pages.map((page) => roundPart(page, content)),
    html("div", { class: "along-ways" }, [save, forget]),
  ]);
  return part;
}
