// The board: what the hall sees of itself, large enough for the back row.

import { SHAPES, marked, prose, qrCode } from "./parts.js";
import { LEAST, aloud, byVariant, centre, largest, loyalties, moved, roleName, tension } from "./says.js";
import { Scene } from "./scene.js";
import { connect, format, fromAddress, html, loadContent, timeLeft } from "./socket.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const { code, key } = fromAddress();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {any} */
let board = null;
/** @type {any} */
let content = null;
let ahead = 0;
let drawing = 0;
let fresh = false;
/** What the live region spoke about last: a round, and how far it was. */
let spoken = "";

const join = html("div", { class: "join" });
const top = html("header", { class: "top" });
const clock = html("p", { class: "clock" });
const left = html("div", { class: "left" });
const right = html("div", { class: "right" });
const bottom = html("footer", { class: "bottom" });
const live = html("p", { role: "status", class: "hidden" });
const problem = html("p", { role: "alert", class: "problem" });
const themes = html("button", { type: "button", class: "theme" });

const canvas = /** @type {HTMLCanvasElement} */ (html("canvas", { "aria-hidden": "true" }));
const scene = new Scene(canvas, () => calm.matches);
const corners = html("div", { class: "corners", "aria-hidden": "true" });
const axisUp = html("p", { class: "axis axis-person", "aria-hidden": "true" });
const axisAcross = html("p", { class: "axis axis-group", "aria-hidden": "true" });
const field = html("div", { class: "field" }, [axisUp, html("div", { class: "square" }, [canvas, corners]), axisAcross]);

connect("ws/board", () => ({ t: "hello_board", v: 1, code, key }), {
  message: hear,
  away: () => complain(content?.words.away),
  bye: (reason) => complain(content ? content.words[`bye_${reason}`] : reason),
});

/** @param {string} [text] */
function complain(text = "") {
  problem.textContent = text;
  if (!problem.isConnected) main.append(problem);
}

/** @param {any} message */
async function hear(message) {
  if (message.t === "board") {
    board = message;
    fresh = true;
    ahead = message.now - Date.now();
    if (content?.lang !== message.lang) {
      const loaded = await loadContent(message.lang);
      content = { ...loaded, lang: message.lang };
      document.documentElement.lang = message.lang;
      document.title = content.words.title;
      main.replaceChildren(top, left, right, bottom, live, problem);
      drawTheme();
    }
    complain();
  } else if (board && message.round === (board.round?.id ?? 0)) {
    if (message.t === "tick") {
      Object.assign(board, { people: message.people, placed: message.placed, weighed: message.weighed });
      const changed = message.dots ?? [];
      for (let n = 0; n < changed.length && board.dots; n += 3) {
        board.dots[2 * changed[n]] = changed[n + 1];
        board.dots[2 * changed[n] + 1] = changed[n + 2];
      }
    } else if (message.t === "picture") {
      Object.assign(board, { picture: message.picture, arguments: message.arguments ?? [] });
    }
  }
  // One drawing a frame, however many messages came.
  if (!drawing) drawing = requestAnimationFrame(draw);
}

/* ---------- what is on the board ---------- */

const asks = (/** @type {string} */ what) => Boolean(board.round?.asks.includes(what));
/** Whether the round asks something of which a picture comes. */
const decides = () => asks("place") || asks("weigh");

/**
 * Change a part of the page only when it changed, so that nothing flickers and nothing is lost.
 * @param {HTMLElement} part
 * @param {(Node | string)[]} nodes
 */
function fill(part, nodes) {
  const text = nodes.map((node) => (node instanceof Element ? node.outerHTML : node)).join("");
  if (part.dataset.shown === text) return false;
  part.dataset.shown = text;
  part.replaceChildren(...nodes);
  return true;
}

function draw() {
  drawing = 0;
  if (!content || !board) return;
  const { round, phase } = board;
  const lobby = !round || phase === "ended";
  document.body.dataset.view = lobby ? "lobby" : view();
  drawTop(lobby);
  drawBottom(lobby);
  if (lobby) drawLobby();
  else if (view() === "case") drawCase();
  else drawPicture();
  fresh = false;
  speak();
}

const few = () => Math.max(board.placed, board.weighed) < LEAST;

/** The case, as long as what people decide may not be seen; then that. */
function view() {
  return decides() && (board.hidden || few()) ? "case" : "picture";
}

/** @param {boolean} lobby */
function drawTop(lobby) {
  const { words } = content;
  const { round, lang, joining } = board;
  if (lobby) {
    fill(top, [html("h1", {}, [words.title])]);
    return;
  }
  const heads = [
    html("p", { class: "kicker" }, [format(round.turn > 1 ? words.round_again : words.round, round)]),
    html("h1", {}, [round.case.title[lang]]),
  ];
  // The hall knows the question by now, and the picture needs the room.
  if (round.case.question[lang] && view() === "case") heads.push(html("p", { class: "question" }, [round.case.question[lang]]));
  const small = html("div", { class: "join-small" }, [
    html("div", {}, [html("p", {}, [words.join_short]), html("p", { class: "code" }, [joining.code])]),
    qrCode(joining.qr),
  ]);
  fill(top, [html("div", { class: "heads" }, heads), clock, ...(board.phase === "open" && !board.locked ? [small] : [])]);
}

function drawLobby() {
  const { words } = content;
  const { joining } = board;
  if (board.phase === "ended") {
    fill(left, [html("p", { class: "thanks" }, [words.thanks])]);
    fill(right, []);
    return;
  }
  fill(join, [qrCode(joining.qr)]);
  fill(left, [join]);
  fill(right, [
    html("p", { class: "how" }, [words.scan]),
    html("p", { class: "how" }, [words.or_go_to]),
    html("p", { class: "address" }, [joining.address.replace(/^https?:\/\//, "")]),
    html("p", { class: "how" }, [words.with_code]),
    html("p", { class: "code", "aria-label": [...joining.code].join(" ") }, [joining.code]),
    html("p", { class: "how quiet" }, [words.anonymous]),
    html("p", { class: "hidden" }, [format(words.join_at, joining)]),
  ]);
}

function drawCase() {
  const { words } = content;
  const { round, lang } = board;
  const text = round.case.text[lang];
  const changed = fill(left, [html("div", { class: "case" }, text ? [prose(text)] : [html("p", { class: "ask-large" }, [round.case.question[lang] || round.case.title[lang]])])]);
  if (changed) fit(/** @type {HTMLElement} */ (left.firstElementChild), 1.3);
  const done = asks("place") ? board.placed : asks("weigh") ? board.weighed : board.people;
  fill(right, [
    ...(board.phase === "open"
      ? [
          html("p", { class: "todo" }, [words.on_your_phone]),
          html("ul", { class: "todos" }, ["role", "place", "weigh", "argue"].filter(asks).map((one) => html("li", {}, [words[`do_${one}`]]))),
        ]
      : [html("p", { class: "todo" }, [words.round_closed])]),
    html("p", { class: "large", "aria-hidden": "true" }, [String(done)]),
    ...counts().map((one) => html("p", { class: "count" }, [one])),
    html("p", { class: "count quiet" }, [board.hidden ? words.hidden : format(words.too_few, { least: LEAST })]),
    ...given(3),
  ]);
  trim();
}

function counts() {
  const { words } = content;
  const found = [];
  if (asks("place")) found.push(format(words.placed, board));
  if (asks("weigh")) found.push(format(words.weighed, board));
  if (!found.length) found.push(format(words.people, board));
  return found;
}

function drawPicture() {
  const { picture = {} } = board;
  // After a talk about the plane, the arguments stand beside it.
  const onPlane = asks("place") || (Boolean(picture.summary) && !asks("weigh"));
  document.body.dataset.view = onPlane ? "plane" : "wide";
  if (document.body.dataset.view === "plane") drawPlane();
  else if (picture.weighing && asks("weigh")) {
    fill(left, [weighingPart(picture.weighing)]);
    fill(right, [tensionPart(picture.weighing.tension)]);
  } else {
    fill(left, [columns()]);
    fill(right, []);
  }
  trim();
}

function drawPlane() {
  const { picture = {} } = board;
  const roles = asks("role") ? (picture.roles ?? []) : [];
  const order = content.plane.perspectives.map((/** @type {any} */ one) => one.key);
  if (left.firstElementChild !== field) {
    delete left.dataset.shown;
    left.replaceChildren(field);
    fresh = true;
  }
  const { plane } = content.plane;
  axisUp.textContent = `${plane.person.name} →`;
  axisAcross.textContent = `${plane.group.name} →`;
  scene.show(
    {
      plane,
      dots: board.dots ?? [],
      arrows: roles.length ? [] : (picture.movement?.arrows ?? []),
      roles: roles.map((/** @type {any} */ one) => ({ look: order.indexOf(one.role), points: one.points })),
      centre: picture.summary ?? null,
    },
    fresh,
  );
  const { summary } = picture;
  const rows = summary ? byVariant(summary, content) : [];
  fill(
    corners,
    content.plane.variants.map((/** @type {any} */ variant, /** @type {number} */ n) =>
      html("div", { class: `corner corner-${variant.person}-${variant.group}` }, [
        html("span", {}, [variant.name]),
        html("b", {}, [rows.length ? String(rows.find((one) => one.look === n)?.people ?? 0) : ""]),
      ]),
    ),
  );
  if (roles.length) fill(right, rolesPart(roles, summary));
  else if (asks("argue") && board.arguments?.length) {
    const said = picture.movement ? moved(picture.movement, content).slice(0, 1) : [];
    fill(right, [...said.map((text) => html("p", { class: "says" }, [text])), ...given(6)]);
  } else if (asks("weigh") && picture.weighing) fill(right, [weighingPart(picture.weighing), tensionPart(picture.weighing.tension)]);
  else fill(right, figures(picture));
}

/** @param {any} picture */
function figures({ summary, movement }) {
  const { words } = content;
  const parts = [];
  if (summary) {
    parts.push(
      html("table", { class: "variants" }, [
        html("caption", {}, [words.by_variant]),
        html("tbody", {}, byVariant(summary, content).map(({ name, look, people, share }) => {
          const bar = html("td", { class: "bar", "aria-hidden": "true" }, [barPart(share)]);
          return html("tr", {}, [html("th", { scope: "row" }, [name]), bar, html("td", { class: "number" }, [String(people)])]);
        })),
      ]),
      html("p", { class: "says" }, [centre(summary, content)]),
    );
  }
  if (movement) {
    parts.push(html("h2", {}, [words.movement]), ...moved(movement, content).map((text) => html("p", { class: "says" }, [text])));
    if (movement.crossed > 0) parts.push(html("p", { class: "key", "aria-hidden": "true" }, [html("span", { class: "line over" }), words.key_crossed, html("span", { class: "line" }), words.key_moved]));
  } else if (board.round.turn > 1) {
    parts.push(html("p", { class: "says quiet" }, [format(words.movement_few, { least: LEAST })]));
  }
  return parts;
}

/**
 * A bar, drawn: the page's policy allows no style in its HTML.
 * @param {number} share
 */
function barPart(share, look = -1) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 10");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", look < 0 ? "bars" : `bars c${look}`);
  svg.append(rect(0, 0, 100 * share, 10, "full"));
  return svg;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} look
 */
function rect(x, y, width, height, look) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x, y, width, height, class: look })) element.setAttribute(name, String(value));
  return element;
}

/**
 * @param {any[]} roles
 * @param {any} summary
 */
function rolesPart(roles, summary) {
  const { words } = content;
  const order = content.plane.perspectives.map((/** @type {any} */ one) => one.key);
  const variant = summary && largest(summary);
  const name = content.plane.variants.find((/** @type {any} */ one) => one.key === variant)?.name;
  const head = html("h2", {}, [name ? format(words.roles_about, { variant: name }) : words.roles]);
  return [
    head,
    ...roles.map(({ role, summary: theirs }) => {
      const most = largest(theirs);
      const chose = content.plane.variants.find((/** @type {any} */ one) => one.key === most)?.name ?? words.between;
      const sides = variant ? content.plane.statements[variant][role] : null;
      return html("section", { class: "role" }, [
        html("h3", {}, [marked(order.indexOf(role), [roleName(role, content)]), html("span", { class: "chose" }, [format(words.role_chose, { people: theirs.people, variant: chose })])]),
        ...(sides ? [html("p", {}, [html("b", { "aria-label": words.advantage }, ["+"]), ` ${sides.voordeel}`]), html("p", {}, [html("b", { "aria-label": words.disadvantage }, ["−"]), ` ${sides.nadeel}`])] : []),
      ]);
    }),
  ];
}

/** @param {any} weighing */
function weighingPart(weighing) {
  const { words } = content;
  // One scale for all five, so that they can be compared.
  const most = Math.max(...loyalties(content).flatMap((one) => weighing.loyalties[one.key].bars));
  return html("table", { class: "weighing" }, [
    html("caption", {}, [words.weighing]),
    html("thead", { class: "hidden" }, [html("tr", {}, [words.loyalty, words.spread_of, words.mean].map((one) => html("th", { scope: "col" }, [one])))]),
    html("tbody", {}, loyalties(content).map((one, n) => {
      const share = weighing.loyalties[one.key];
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 110 40");
      svg.setAttribute("preserveAspectRatio", "none");
      svg.setAttribute("class", `bars histogram c${n}`);
      svg.setAttribute("aria-hidden", "true");
      share.bars.forEach((/** @type {number} */ people, /** @type {number} */ bar) => {
        const height = people ? Math.max(2, (36 * people) / most) : 0;
        svg.append(rect(10 * bar + 0.6, 38 - height, 8.8, height, "full"));
      });
      svg.append(rect(0, 38, 110, 1, "floor"));
      return html("tr", { class: `c${n}` }, [
        html("th", { scope: "row" }, [marked(n, [one.short])]),
        html("td", { class: "bar" }, [svg, html("span", { class: "half" }, [format(words.half, { low: Math.round(share.low), high: Math.round(share.high) })])]),
        html("td", { class: "number" }, [String(Math.round(share.mean))]),
      ]);
    })),
  ]);
}

/** @param {any} pull */
function tensionPart(pull) {
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

/** @param {any} one */
const argumentPart = (one) =>
  html("li", { class: one.side }, [
    html("span", { class: "side" }, [html("span", { class: "shape", "aria-hidden": "true" }, [SHAPES[one.side === "voor" ? 0 : 1]]), ` ${content.words[`side_${one.side}`]}`]),
    html("p", {}, [one.text]),
    html("span", { class: "votes" }, [format(content.words.votes, { votes: one.votes ?? 0 })]),
  ]);

const sorted = () => [...(board.arguments ?? [])].sort((a, b) => (b.votes ?? 0) - (a.votes ?? 0));

/**
 * The arguments with most votes.
 * @param {number} most
 * @returns {HTMLElement[]}
 */
function given(most) {
  if (!board.arguments?.length) return [];
  return [html("h2", {}, [content.words.arguments]), html("ul", { class: "given" }, sorted().slice(0, most).map(argumentPart))];
}

function columns() {
  const { words } = content;
  return html("div", { class: "columns" }, ["voor", "tegen"].map((side) => {
    const theirs = sorted().filter((one) => one.side === side);
    return html("section", {}, [
      html("h2", {}, [words[`side_${side}`]]),
      theirs.length ? html("ul", { class: "given" }, theirs.map(argumentPart)) : html("p", { class: "quiet" }, [words.no_arguments]),
    ]);
  }));
}

/** @param {boolean} lobby */
function drawBottom(lobby) {
  const { words } = content;
  const done = asks("place") ? board.placed : asks("weigh") ? board.weighed : 0;
  const state = lobby ? "" : board.phase === "closed" ? words.round_closed : words.round_open;
  const told = lobby || view() === "case" ? [format(words.people, board)] : counts();
  fill(bottom, [
    html("p", { class: "people" }, [told.join(" · ")]),
    ...(lobby || !decides() ? [] : [html("div", { class: "progress", "aria-hidden": "true" }, [barPart(board.people ? done / board.people : 0)])]),
    html("p", { class: `phase ${board.phase}` }, [state]),
    themes,
  ]);
}

/* ---------- what fits ---------- */

/**
 * The largest letters with which a text fits, in rem.
 * @param {HTMLElement} part
 * @param {number} most
 * @param {number} least
 */
function fit(part, most = 1, least = 0.6) {
  for (let size = most; size >= least; size -= 0.04) {
    part.style.fontSize = `${size}rem`;
    if (part.scrollHeight <= part.clientHeight + 1) return;
  }
}

/** What does not fit gets smaller; arguments that do not fit are left out, those with least votes first. */
function trim() {
  for (const part of /** @type {HTMLElement[]} */ ([right, ...left.querySelectorAll(".columns section")])) {
    const items = /** @type {HTMLElement[]} */ ([...part.querySelectorAll(".given > li")]);
    for (const item of items) item.hidden = false;
    fit(part, 1, items.length ? 0.85 : 0.6);
    for (const item of items.reverse()) {
      if (part.scrollHeight <= part.clientHeight + 1) break;
      item.hidden = true;
    }
    const head = /** @type {HTMLElement | null} */ (part.querySelector("h2:has(+ .given)"));
    if (head && part === right) head.hidden = items.every((item) => item.hidden);
  }
  const wide = left.querySelector(".weighing");
  left.style.fontSize = "";
  if (wide) fit(left);
}

/* ---------- said aloud, the clock, the colours ---------- */

/** When a round opens, closes or is revealed; never at each tick. */
function speak() {
  const { words } = content;
  const { round, phase, hidden } = board;
  const moment = JSON.stringify([round?.id, phase, hidden]);
  if (moment === spoken) return;
  spoken = moment;
  if (!round) live.textContent = "";
  else if (phase === "open" && hidden) live.textContent = `${format(words.round, round)}: ${round.case.title[board.lang]}. ${words.round_open}`;
  else {
    const state = phase === "open" ? words.round_open : words.round_closed;
    live.textContent = [state, ...(hidden ? [words.hidden] : aloud(board.picture, content))].join(" ");
  }
}

setInterval(() => {
  const time = board?.phase === "open" ? timeLeft(board.ends, ahead) : "";
  const text = time ? format(content.words.time_left, { time }) : "";
  if (clock.textContent !== text) clock.textContent = text;
  clock.hidden = !text;
}, 250);

const isDark = () => (document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);

function drawTheme() {
  themes.textContent = isDark() ? content.words.light : content.words.dark;
  scene.repaint();
}

themes.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  drawTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => content && drawTheme());
addEventListener("resize", () => {
  for (const part of [left, right]) delete part.dataset.shown;
  if (content && board && !drawing) drawing = requestAnimationFrame(draw);
});
