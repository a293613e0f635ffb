// The board: a plain first version that shows all that the server tells.

import { connect, format, fromAddress, html, loadContent, timeLeft } from "./socket.js";

const LEAST = 5;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const { code, key } = fromAddress();

/** @type {any} */
let board = null;
/** @type {any} */
let content = null;
let ahead = 0;
let drawing = 0;

const parts = Object.fromEntries(
  ["joining", "round", "counts", "figures", "arguments", "clock"].map((name) => [name, html("div", { class: name })]),
);
const canvas = /** @type {HTMLCanvasElement} */ (html("canvas", { width: "600", height: "600", "aria-hidden": "true" }));
const status = html("p", { role: "status" });

connect("ws/board", () => ({ t: "hello_board", v: 1, code, key }), {
  message: hear,
  away: () => {},
  bye: (reason) => (status.textContent = content ? content.words[`bye_${reason}`] : reason),
});

/** @param {any} message */
async function hear(message) {
  if (message.t === "board") {
    board = message;
    ahead = message.now - Date.now();
    if (content?.lang !== message.lang) {
      const loaded = await loadContent(message.lang);
      content = { ...loaded, lang: message.lang };
      document.documentElement.lang = message.lang;
      document.title = content.words.title;
      main.replaceChildren(...[parts.joining, parts.round, parts.counts, parts.clock, canvas, parts.figures, parts.arguments, status]);
    }
    status.textContent = "";
  } else if (board && message.round === (board.round?.id ?? 0)) {
    if (message.t === "tick") {
      Object.assign(board, { people: message.people, placed: message.placed, weighed: message.weighed });
      const moved = message.dots ?? [];
      for (let n = 0; n < moved.length && board.dots; n += 3) {
        board.dots[2 * moved[n]] = moved[n + 1];
        board.dots[2 * moved[n] + 1] = moved[n + 2];
      }
    } else if (message.t === "picture") {
      Object.assign(board, { picture: message.picture, arguments: message.arguments ?? [] });
    }
  }
  // One drawing a frame, however many messages came.
  if (!drawing) drawing = requestAnimationFrame(draw);
}

function draw() {
  drawing = 0;
  if (!content || !board) return;
  const { words } = content;
  drawJoining();
  drawDots();
  const round = board.round;
  const asks = round?.asks ?? [];
  fill(parts.round, round ? [html("h1", {}, [round.case.title[board.lang]]), html("p", {}, [round.case.question[board.lang]])] : [html("h1", {}, [words.title])]);
  const counts = [format(words.people, board)];
  if (asks.includes("place")) counts.push(format(words.placed, board));
  if (asks.includes("weigh")) counts.push(format(words.weighed, board));
  if (round && board.hidden) counts.push(words.hidden);
  else if (round && Math.max(board.placed, board.weighed) < LEAST) counts.push(format(words.too_few, { least: LEAST }));
  fill(parts.counts, counts.map((text) => html("p", {}, [text])));
  fill(parts.figures, figures());
  fill(parts.arguments, (board.arguments ?? []).map((one) => html("p", { class: one.side }, [`${words[`side_${one.side}`]}: ${one.text} (${one.votes ?? 0})`])));
}

/** Change the page only when the words changed. */
function fill(part, nodes) {
  const text = nodes.map((node) => node.outerHTML).join("");
  if (part.dataset.shown === text) return;
  part.dataset.shown = text;
  part.replaceChildren(...nodes);
}

function drawJoining() {
  const { joining } = board;
  const { words } = content;
  if (parts.joining.dataset.of === joining.address) return;
  parts.joining.dataset.of = joining.address;
  const size = joining.qr.length + 8;
  const dark = joining.qr.flatMap((row, y) => [...row].map((bit, x) => (bit === "1" ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", dark);
  svg.append(path);
  parts.joining.replaceChildren(svg, html("p", {}, [format(words.join_at, joining)]));
}

function drawDots() {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { width, height } = canvas;
  const { plane } = content.plane;
  const at = (person, group) => [(group / plane.maximum) * width, height - (person / plane.maximum) * height];
  context.clearRect(0, 0, width, height);
  context.strokeStyle = "#555";
  context.strokeRect(0, 0, width, height);
  const [x, y] = at(plane.border, plane.border);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
  context.strokeStyle = "#D55E00";
  for (const [p0, g0, p1, g1] of board.picture?.movement?.arrows ?? []) {
    context.beginPath();
    context.moveTo(...at(p0, g0));
    context.lineTo(...at(p1, g1));
    context.stroke();
  }
  context.fillStyle = "#0072B2";
  const dots = board.dots ?? [];
  for (let n = 0; n < dots.length; n += 2) {
    const [cx, cy] = at(dots[n + 1], dots[n]);
    context.beginPath();
    context.arc(cx, cy, 5, 0, 2 * Math.PI);
    context.fill();
  }
}

function figures() {
  const { words } = content;
  const { summary, movement, weighing, roles = [] } = board.picture ?? {};
  const whole = (/** @type {number} */ number) => Math.round(number);
  const found = [];
  const names = Object.fromEntries(content.plane.variants.map((variant) => [variant.key, variant.name]));
  const centre = (one) => format(words.centre, { person: whole(one.person), group: whole(one.group), spread: whole(one.spread) });
  if (summary) {
    found.push(html("p", {}, [centre(summary)]));
    for (const [variant, people] of Object.entries(summary.variants)) found.push(html("p", {}, [`${names[variant] ?? words.between}: ${people}`]));
  }
  if (movement) found.push(html("p", {}, [format(words.moved, movement)]));
  for (const { role, summary: theirs } of roles) {
    const name = content.plane.perspectives.find((one) => one.key === role).name;
    found.push(html("p", {}, [`${name}: ${centre(theirs)}`]));
  }
  if (weighing) {
    const loyalties = Object.fromEntries(content.loyalties.loyalties.map((one) => [one.key, one]));
    for (const [loyalty, share] of Object.entries(weighing.loyalties)) found.push(html("p", {}, [`${loyalties[loyalty].short}: ${whole(share.mean)}`]));
    const { first, second } = weighing.tension;
    found.push(html("p", {}, [format(words.tension, { first: loyalties[first].short, second: loyalties[second].short })]));
    found.push(...[first, second].map((loyalty) => html("p", {}, [loyalties[loyalty].dilemma])));
  }
  return found;
}

setInterval(() => {
  const left = board ? timeLeft(board.ends, ahead) : "";
  const text = left ? format(content.words.time_left, { time: left }) : "";
  if (parts.clock.textContent !== text) parts.clock.textContent = text;
}, 250);
