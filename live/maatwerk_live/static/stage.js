// The facilitator's screen: steer the workshop, let arguments through, and see what to ask.

import { format, html } from "../widgets/dom.js";
import { Commands } from "./commands.js";
import { Entrance } from "./entrance.js";
import { variantsPart } from "./figures.js";
import { shortcuts } from "./keys.js";
import { sure } from "./parts.js";
import { aloud, centre, headline, stance, withheld } from "./says.js";
import { connect, fromAddress, loadContent, obeyAddress, timeLeft } from "./socket.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const { code, key } = fromAddress();
const ASKS = ["role", "place", "weigh", "argue"];
const CLOCK = 120;
/** So many commands the server takes back. */
const UNDOS = 50;
/** What can be saved afterwards. @type {Record<string, string>} */
const FILES = { html: "text/html", csv: "text/csv", ipynb: "application/x-ipynb+json" };
const REMEMBERED = `maatwerk.live.plan.${code}`;

/** @type {any} */
let stage = null;
/** @type {any} */
let content = null;
/** @type {any} */
let plans = null;
/** Who is at the door. @type {any} */
let door = null;
let ahead = 0;
/**
 * Where in which plan, and which of its steps were carried out; only this screen knows. `trail` has for each command
 * that can be taken back the step that it belonged to, if any: a step may be more than one.
 * @type {{ plan: string, step: number, done: number[], trail: (number | null)[] }}
 */
let at = { plan: "", step: 0, done: [], trail: [] };
try {
  Object.assign(at, JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}"));
} catch {
  // A browser that keeps nothing still steps through a plan, for as long as the page is open.
}

const status = html("p", { role: "status", class: "status" });
const now = html("div", { class: "now" });
const counts = html("ul", { class: "tiles" });
const clock = html("p", { class: "clock", role: "timer" });
const list = html("ul", { class: "arguments" });
const says = html("div", { class: "says" });
const notes = html("div", { class: "notes" });
const planPart = html("div", { class: "plan" });
const waiting = html("span", { class: "badge" });

const trouble = html("p", { role: "alert", class: "trouble" });

obeyAddress();
const line = connect("stage", () => ({ t: "hello_stage", v: 1, code, token: key }), {
  message: hear,
  lost: () => commands.lost(),
  away() {
    // A command that is on its way has its own word.
    if (content && !commands.busy) say(content.words.bye_again, "away");
  },
  bye(reason) {
    say(content ? format(content.words[`bye_${reason}`], { origin: location.origin }) : reason, "away");
    if (!main.contains(status)) main.append(status);
  },
});
const commands = new Commands({
  send: line.send,
  check: line.check,
  reconnect: line.reconnect,
  version: () => stage.board.version,
  say: (words, what, look) => say(format(content.words[words], { what }), look),
});
const entrance = new Entrance({ give: aside, words: () => content.words });

/** @param {string} text */
function say(text, look = "") {
  status.textContent = text;
  status.className = `status ${look}`;
}

/** @param {any} message */
async function hear(message) {
  if (message.t === "stage") {
    const first = !stage;
    // What is left out is nobody.
    stage = { ...message, board: { here: 0, ...message.board } };
    ahead = stage.board.now - Date.now();
    if (content?.lang !== stage.board.lang) {
      const { lang } = stage.board;
      const [loaded, steps] = await Promise.all([loadContent(lang), fetch(`plans/${lang}.json`).then((answer) => answer.json())]);
      content = { ...loaded, lang };
      plans = steps;
      document.documentElement.lang = lang;
      document.title = content.words.title;
      build();
    }
    if ((status.classList.contains("away") && !commands.busy) || first) say("");
    draw();
    commands.state(stage.board.version);
  } else if (!content) {
    // The words are still on their way; what stands now comes with the next state.
    if (message.t === "door") door = message;
  } else if (message.t === "done") {
    commands.done();
  } else if (message.t === "refused") {
    commands.refused();
    say(content.words[`reason_${message.reason}`], "away");
  } else if (message.t === "door") {
    door = message;
    drawDoor();
  } else if (message.t === "tick" && stage) {
    Object.assign(stage.board, { people: message.people, here: message.here ?? 0, placed: message.placed, weighed: message.weighed });
    drawCounts();
  } else if (message.t === "picture" && stage) {
    Object.assign(stage.board, { picture: message.picture, arguments: message.arguments ?? [] });
    drawCounts();
    drawArguments();
    drawNotes();
  } else if (message.t === "report") {
    save(message);
  }
}

/**
 * @param {() => any} make gives the command, once it is its turn; nothing when it is not needed after all
 * @param {string} what in words, for when it is done
 * @param {number | null} [step] the step of the plan that it is a part of
 */
function command(make, what, step = null) {
  commands.give({ make, what, then: () => keepAt({ trail: [...at.trail, step].slice(-UNDOS) }) });
}

/**
 * A command that needs no version, and cannot be taken back.
 * @param {() => any} make
 * @param {string} what
 */
function aside(make, what) {
  commands.give({ make: () => ({ ...make(), version: undefined }), what });
}

/** @param {Partial<typeof at>} changed */
function keepAt(changed) {
  Object.assign(at, changed);
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(at));
  } catch {
    // As above.
  }
}

/* ---------- buttons ---------- */

const isOpen = () => stage.board.phase === "open";
const asks = () => ASKS.filter((ask) => boxes[ask].checked);

/**
 * Everything that can be done: its key, its words, its command, and whether it can be done now.
 * @type {Record<string, { key?: string, words: () => string, make: () => any, off?: () => boolean }>}
 */
const actions = {
  open: { key: "o", words: () => content.words.open, make: () => ({ t: "open", case: select.value, asks: asks() }), off: () => !asks().length },
  open_typed: {
    words: () => content.words.open_typed,
    make: () => ({ t: "open_typed", title: typed.value.trim(), text: typedText.value, question: typedQuestion.value.trim(), asks: asks() }),
    off: () => !typed.value.trim() || !asks().length,
  },
  open_again: { key: "a", words: () => content.words.open_again, make: () => ({ t: "again", asks: asks() }), off: () => !stage.board.round || !asks().length },
  ask: { key: "v", words: () => content.words.ask_now, make: () => ({ t: "ask", asks: asks() }), off: () => !stage.board.round || !asks().length },
  hide: { key: "h", words: () => (stage.board.hidden ? content.words.reveal : content.words.hide), make: () => ({ t: "hide", on: !stage.board.hidden }) },
  close: { key: "c", words: () => (isOpen() || !stage.board.round ? content.words.close : content.words.reopen), make: () => ({ t: isOpen() ? "close" : "reopen" }), off: () => !stage.board.round },
  timer: {
    key: "t",
    words: () => (stage.board.ends ? content.words.timer_stop : format(content.words.timer, { seconds: seconds() })),
    make: () => ({ t: "timer", seconds: stage.board.ends ? 0 : seconds() }),
    off: () => !stage.board.round,
  },
  lock: { key: "l", words: () => (stage.board.locked ? content.words.unlock : content.words.lock), make: () => ({ t: "lock", on: !stage.board.locked }) },
  hold: { words: () => (stage.held ? content.words.hold_off : content.words.hold_on), make: () => ({ t: "hold", on: !stage.held }) },
  reset: { key: "r", words: () => content.words.reset, make: () => ({ t: "reset" }), off: () => !stage.board.round },
  undo: { key: "u", words: () => content.words.undo, make: () => ({ t: "undo" }), off: () => !stage.can_undo },
  end: { words: () => content.words.end, make: () => ({ t: "end" }), off: () => stage.board.phase === "ended" },
};

/** @type {Record<string, HTMLButtonElement>} */
const buttons = {};
for (const [name, action] of Object.entries(actions)) {
  const button = /** @type {HTMLButtonElement} */ (html("button", { type: "button", "data-command": name }));
  if (action.key) button.setAttribute("aria-keyshortcuts", action.key.toUpperCase());
  button.addEventListener("click", () => act(name));
  buttons[name] = button;
}

/** @param {string} name */
function act(name) {
  const { make, words, off } = actions[name];
  if (!stage || off?.()) return;
  if (name === "undo") commands.give({ make, what: words(), then: takeBack });
  else command(make, words());
}

const select = /** @type {HTMLSelectElement} */ (html("select", { id: "case" }));
const typed = /** @type {HTMLInputElement} */ (html("input", { id: "typed", maxlength: "120" }));
const typedText = /** @type {HTMLTextAreaElement} */ (html("textarea", { id: "typed-text", maxlength: "4000", rows: "4" }));
const typedQuestion = /** @type {HTMLInputElement} */ (html("input", { id: "typed-question", maxlength: "400" }));
const clockInput = /** @type {HTMLInputElement} */ (html("input", { id: "seconds", type: "number", min: "10", max: "3600", step: "10", value: String(CLOCK) }));
const boxes = Object.fromEntries(ASKS.map((ask) => [ask, /** @type {HTMLInputElement} */ (html("input", { type: "checkbox" }))]));
boxes.place.checked = true;
for (const box of [...Object.values(boxes), typed, clockInput]) box.addEventListener("input", () => content && drawButtons());
const seconds = () => Math.min(3600, Math.max(10, Math.round(Number(clockInput.value)) || CLOCK));

const keyState = shortcuts({
  ...Object.fromEntries(Object.entries(actions).flatMap(([name, { key: letter }]) => (letter ? [[letter, () => act(name)]] : []))),
  n: () => move(1),
  p: () => move(-1),
  s: () => carryOut(),
  w: () => /** @type {HTMLElement | null} */ (list.querySelector("button"))?.focus(),
});

/* ---------- the page ---------- */

/**
 * @param {string} name
 * @param {string} title
 * @param {(Node | string)[]} children
 */
const section = (name, title, children) => html("section", { class: `card ${name}`, "aria-labelledby": `title-${name}` }, [html("h2", { id: `title-${name}` }, [title]), ...children]);

/**
 * @param {HTMLElement} input
 * @param {string} text
 */
const labelled = (input, text) => html("p", { class: "field" }, [html("label", { for: input.id }, [text]), input]);

function build() {
  const { words } = content;
  select.replaceChildren(...stage.cases.map((/** @type {any} */ one) => html("option", { value: one.key }, [one.title[content.lang]])));
  const link = html("a", { class: "to-board", href: stage.board_link, target: "_blank", rel: "noreferrer" }, [words.board_link]);
  const keysOn = /** @type {HTMLInputElement} */ (html("input", { type: "checkbox", checked: "" }));
  keysOn.addEventListener("change", () => (keyState.on = keysOn.checked));
  const saves = Object.keys(FILES).map((kind) => {
    const button = html("button", { type: "button", "data-save": kind }, [words[`report_${kind}`]]);
    button.addEventListener("click", () => line.send({ t: "ask_report", kind }));
    return button;
  });
  const card = (/** @type {string} */ name, /** @type {(Node | string)[]} */ children) => html("section", { class: `card ${name}`, "aria-label": words[name] }, children);
  const some = (/** @type {string[]} */ ...names) => html("div", { class: "buttons" }, names.map((name) => buttons[name]));
  main.replaceChildren(
    html("header", { class: "bar" }, [html("h1", {}, [words.title]), html("p", { class: "code" }, [stage.board.joining.code]), counts, clock, html("div", { class: "far" }, [link, buttons.end])]),
    trouble,
    html("div", { class: "column" }, [
      section("round-now", words.now, [now, some("hide", "close"), html("div", { class: "row clock-row" }, [labelled(clockInput, words.seconds), buttons.timer])]),
      section("new", words.new_round, [
        html("fieldset", {}, [html("legend", {}, [words.asks]), ...ASKS.map((ask) => html("label", {}, [boxes[ask], words[`ask_${ask}`]]))]),
        html("div", { class: "row" }, [labelled(select, words.case), buttons.open]),
        some("open_again", "ask"),
        html("details", {}, [
          html("summary", {}, [words.own_case_title]),
          labelled(typed, words.typed),
          labelled(typedText, words.typed_text),
          labelled(typedQuestion, words.typed_question),
          buttons.open_typed,
        ]),
      ]),
      card("steer", [some("undo", "reset")]),
    ]),
    html("div", { class: "column" }, [
      section("plan-card", words.plan, [planPart]),
      section("notes-card", words.notes, [notes]),
    ]),
    html("div", { class: "column" }, [
      html("section", { class: "card moderate", "aria-labelledby": "title-moderate" }, [html("h2", { id: "title-moderate" }, [words.arguments, " ", waiting]), list]),
      section("picture", words.see_picture, [says]),
      section("entrance", words.entrance, [some("lock", "hold"), entrance.part]),
      section("after", words.after, [html("div", { class: "buttons" }, saves)]),
      section("keys", words.keys, [
        html("p", { class: "keys-on" }, [html("label", {}, [keysOn, words.keys_on])]),
        html("details", {}, [html("summary", {}, [words.keys_all]), html("p", {}, [words.keys_hint]), html("dl", {}, keyRows())]),
      ]),
    ]),
    status,
  );
  buildPlan();
}

function keyRows() {
  const { words } = content;
  const rows = [
    ...Object.values(actions).flatMap(({ key: letter, words: said }) => (letter ? [[letter, said()]] : [])),
    ["s", words.plan_do],
    ["n", words.plan_next],
    ["p", words.plan_back],
    ["w", words.key_arguments],
  ];
  return rows.map(([letter, text]) => html("div", {}, [html("dt", {}, [html("kbd", {}, [letter.toUpperCase()])]), html("dd", {}, [text])]));
}

function draw() {
  drawNow();
  drawButtons();
  drawCounts();
  drawArguments();
  drawNotes();
  drawDoor();
  trouble.textContent = stage.trouble ? content.words[`trouble_${stage.trouble}`] : "";
}

function drawDoor() {
  drawCounts();
  entrance.draw(stage, door);
}

function drawNow() {
  const { words, lang } = content;
  const { round, phase, hidden } = stage.board;
  if (!round) {
    now.replaceChildren(html("p", {}, [phase === "ended" ? words.reason_ended : words.lobby_now]));
    return;
  }
  const state = phase === "ended" ? words.reason_ended : phase === "open" ? words.round_open : words.round_closed;
  now.replaceChildren(
    html("p", { class: "kicker" }, [format(round.turn > 1 ? words.round_again : words.round, round)]),
    html("p", { class: "case-title" }, [round.case.title[lang]]),
    html("ul", { class: "states" }, [
      html("li", { class: phase }, [state]),
      html("li", { class: hidden ? "hidden-picture" : "shown-picture" }, [hidden ? words.on_board_hidden : words.on_board_shown]),
      ...round.asks.map((/** @type {string} */ ask) => html("li", {}, [words[`ask_${ask}`]])),
    ]),
  );
}

function drawButtons() {
  const ended = stage.board.phase === "ended";
  for (const [name, { key: letter, words, off }] of Object.entries(actions)) {
    const text = words();
    const parts = letter ? [text, " ", html("kbd", { "aria-hidden": "true" }, [letter.toUpperCase()])] : [text];
    if (buttons[name].dataset.shown !== text) buttons[name].replaceChildren(...parts);
    buttons[name].dataset.shown = text;
    // Not `disabled`: that would take the focus away from who works by keyboard.
    buttons[name].setAttribute("aria-disabled", String(Boolean(off?.()) || (ended && name !== "undo")));
  }
  buttons.hide.classList.toggle("main", Boolean(stage.board.round) && stage.board.hidden && !isOpen());
  buttons.close.classList.toggle("main", isOpen());
}

function drawCounts() {
  const { words } = content;
  const { board } = stage;
  const asked = board.round?.asks ?? [];
  const atDoor = door?.waiting ?? 0;
  const waits = (board.arguments ?? []).filter((/** @type {any} */ one) => one.standing === "waiting").length;
  const tiles = [
    // Who is there now; who came in and left again counts where answers are counted.
    ["here", board.here],
    ...(asked.includes("place") ? [["placed", board.placed]] : []),
    ...(asked.includes("weigh") ? [["weighed", board.weighed]] : []),
    ...(asked.includes("argue") || waits ? [["to_read", waits]] : []),
    ...(atDoor ? [["at_door", atDoor]] : []),
  ];
  const shown = JSON.stringify(tiles);
  if (counts.dataset.shown === shown) return;
  counts.dataset.shown = shown;
  counts.replaceChildren(...tiles.map(([name, number]) => html("li", { class: ["to_read", "at_door"].includes(String(name)) && number ? "urgent" : "" }, [html("b", {}, [String(number)]), " ", words[`tile_${name}`]])));
}

setInterval(() => {
  const time = stage && content && isOpen() ? timeLeft(stage.board.ends, ahead) : "";
  const text = time ? format(content.words.time_left, { time }) : "";
  if (clock.textContent !== text) clock.textContent = text;
}, 250);

/* ---------- what the hall says, and what to ask ---------- */

/** Which questions fit this moment. */
function moment() {
  const { picture = {}, round } = stage.board;
  if (picture.weighing && round?.asks.includes("weigh")) return "loyalties";
  if (picture.movement) return "moved";
  return picture.summary ? stance(picture.summary) : "few";
}

function drawNotes() {
  const { words } = content;
  const { picture = {}, round } = stage.board;
  const when = moment();
  const stands = picture.summary ? stance(picture.summary) : null;
  const about = plans.about[round?.case.key];
  const key_ = JSON.stringify([when, stands, round?.id]);
  if (notes.dataset.shown !== key_) {
    notes.dataset.shown = key_;
    const heads = [...new Set([stands ? `stance_${stands}` : "", when === "moved" ? "stance_moved" : "", when === "few" ? "stance_none" : ""])].filter(Boolean);
    const asked = [...plans.scripts[when], ...(when === "moved" && stands ? plans.scripts[stands].slice(0, 1) : [])];
    const cases = about ? (stands === "agrees" ? [about.agrees, about.split] : [about.split, about.agrees]) : [];
    notes.replaceChildren(
      ...heads.map((head) => html("p", { class: `stance ${head}` }, [words[head]])),
      html("ul", {}, asked.map((text) => html("li", {}, [text]))),
      ...(cases.length ? [html("h3", {}, [words.about_case]), html("ul", {}, cases.map((text) => html("li", {}, [text])))] : []),
    );
  }
  const hidden = stage.board.hidden && round;
  const lines = [...(hidden ? [words.hidden_here] : aloud(picture, content)), ...withheld(picture, content)];
  if (says.dataset.shown !== lines.join()) {
    says.dataset.shown = lines.join();
    const { summary, movement } = picture;
    says.replaceChildren(
      ...(movement ? [html("p", { class: "headline" }, [headline(movement, content)])] : []),
      ...(summary ? [...variantsPart(summary, content), html("p", {}, [centre(summary, content)])] : []),
      // What the figures do not say, in words.
      ...lines.slice(summary ? 2 : 0).filter((line) => !movement || line !== headline(movement, content)).map((text) => html("p", {}, [text])),
    );
  }
}

/* ---------- arguments ---------- */

function drawArguments() {
  const { words } = content;
  const all = [...(stage.board.arguments ?? [])].sort((a, b) => Number(b.standing === "waiting") - Number(a.standing === "waiting"));
  const waits = all.filter((one) => one.standing === "waiting").length;
  waiting.textContent = waits ? format(words.waiting, { count: waits }) : "";
  const key_ = JSON.stringify(all);
  if (list.dataset.shown === key_) return;
  list.dataset.shown = key_;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest("li[data-argument]");
  const place = focused ? [...list.children].indexOf(focused) : -1;
  list.replaceChildren(
    ...(all.length
      ? all.map((one) => {
          /**
           * @param {string} standing
           * @param {string} text
           */
          const button = (standing, text) => {
            const element = html("button", { type: "button" }, [text]);
            element.addEventListener("click", () => aside(() => ({ t: "moderate", argument: one.id, standing }), text));
            return element;
          };
          const toggle = (one.standing ?? "shown") === "waiting" ? button("shown", words.show) : button("waiting", words.take_back);
          const where = (one.standing ?? "shown") === "waiting" ? words.waits : `${words.shown_on_board} · ${format(words.votes, { votes: one.votes ?? 0 })}`;
          return html("li", { class: `${one.side} ${one.standing ?? "shown"}`, "data-argument": String(one.id) }, [
            html("p", { class: "kicker" }, [`${words[`heard_${one.side}`]} · ${where}`]),
            html("p", {}, [one.text]),
            html("div", { class: "buttons" }, [toggle, button("removed", words.remove), sure(words.remove_writer, words.remove_writer_sure, () => aside(() => ({ t: "remove", argument: one.id }), words.remove_writer))]),
          ]);
        })
      : [html("li", { class: "none" }, [words.arguments_none])]),
  );
  // Who works through the list by keyboard goes on where they were.
  if (place >= 0) /** @type {HTMLElement | null} */ (list.children[Math.min(place, list.children.length - 1)]?.querySelector("button"))?.focus();
}

/* ---------- the plan ---------- */

const plan = () => plans.plans.find((/** @type {any} */ one) => one.key === at.plan);

function buildPlan() {
  const { words } = content;
  const choose = /** @type {HTMLSelectElement} */ (html("select", { id: "plan" }));
  choose.append(
    html("option", { value: "" }, [words.plan_none]),
    ...plans.plans.map((/** @type {any} */ one) => html("option", { value: one.key }, [one.title])),
  );
  choose.value = plan() ? at.plan : "";
  choose.addEventListener("change", () => {
    at = { plan: choose.value, step: 0, done: [], trail: [] };
    drawPlan();
  });
  planPart.replaceChildren(labelled(choose, words.plan_choose), html("div", { class: "steps" }));
  drawPlan();
}

/** @param {number} by */
function move(by) {
  const chosen = plans && plan();
  if (!chosen) return;
  at.step = Math.min(chosen.steps.length - 1, Math.max(0, at.step + by));
  drawPlan();
  say(`${at.step + 1}. ${chosen.steps[at.step].title}`);
}

function drawPlan() {
  const { words } = content;
  keepAt({});
  const chosen = plan();
  const part = /** @type {HTMLElement} */ (planPart.querySelector(".steps"));
  if (!chosen) return part.replaceChildren();
  at.step = Math.min(at.step, chosen.steps.length - 1);
  const step = chosen.steps[at.step];
  const until = chosen.steps.slice(0, at.step + 1).reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.minutes, 0);
  const focused = /** @type {HTMLElement | null} */ (part.contains(document.activeElement) ? document.activeElement : null)?.dataset.step;
  /**
   * @param {string} name
   * @param {string} letter
   * @param {string} text
   * @param {() => void} does
   */
  const button = (name, letter, text, does) => {
    const element = html("button", { type: "button", "data-step": name, "aria-keyshortcuts": letter.toUpperCase() }, [text, " ", html("kbd", { "aria-hidden": "true" }, [letter.toUpperCase()])]);
    element.addEventListener("click", does);
    return element;
  };
  const done = at.done.includes(at.step);
  const ways = [button("back", "p", words.plan_back, () => move(-1)), button("next", "n", words.plan_next, () => move(1))];
  const todo = step.does !== "nothing" && !done;
  if (todo) ways.unshift(button("do", "s", words.plan_do, carryOut));
  ways[todo ? 0 : ways.length - 1].classList.add("main");
  const again = html("button", { type: "button", class: "quiet", "data-step": "again" }, [words.plan_again]);
  again.addEventListener("click", () => {
    at.done = at.done.filter((one) => one !== at.step);
    carryOut();
  });
  part.replaceChildren(
    ...(at.step === 0 ? [html("p", { class: "goal" }, [chosen.goal])] : []),
    html("p", { class: "kicker" }, [
      format(words.plan_step, { step: at.step + 1, steps: chosen.steps.length, minutes: step.minutes, until, total: chosen.minutes }),
      ` · ${words[`form_${step.form}`]}`,
    ]),
    html("h3", { class: "step-title" }, [step.title]),
    html("p", { class: "screen" }, [html("b", {}, [`${words.plan_screen}: `]), step.screen]),
    html("ul", { "aria-label": words.plan_ask }, step.ask.map((/** @type {string} */ text) => html("li", {}, [text]))),
    ...(done ? [html("p", { class: "step-done" }, [html("b", {}, [`✓ ${words.plan_done}`]), again])] : []),
    html("div", { class: "buttons" }, ways),
    html("details", {}, [
      html("summary", {}, [words.plan_steps]),
      html("ol", {}, chosen.steps.map((/** @type {any} */ one, /** @type {number} */ n) => html("li", n === at.step ? { "aria-current": "step" } : {}, [`${one.title} (${one.minutes})`]))),
    ]),
  );
  // The button that carried it out is gone by now.
  if (focused) /** @type {HTMLElement | null} */ (part.querySelector(`[data-step="${focused}"]`) ?? part.querySelector('[data-step="next"]'))?.focus();
}

/** A step of which nothing is left is not done any more. */
function takeBack() {
  const step = at.trail.pop();
  if (step !== undefined && !at.trail.includes(step)) at.done = at.done.filter((one) => one !== step);
  drawPlan();
}

/** What the step's button does: one command, or a few after each other. */
function carryOut() {
  const chosen = plans && plan();
  if (!chosen || !stage) return;
  const here = at.step;
  const { does, case: about, asks: asked, seconds: time, title } = chosen.steps[here];
  // Twice the same key would wipe what the hall just answered.
  if (at.done.includes(here)) return say(content.words.plan_done_already);
  if (commands.busy) return;
  /** @type {Record<string, (() => any)[]>} */
  const doings = {
    nothing: [],
    open: [() => ({ t: "open", case: about, asks: asked })],
    again: [() => ({ t: "again", asks: asked })],
    ask: [() => ({ t: "ask", asks: asked }), () => (isOpen() ? null : { t: "reopen" })],
    close: [() => (isOpen() ? { t: "close" } : null)],
    reveal: [() => (isOpen() ? { t: "close" } : null), () => (stage.board.hidden ? { t: "hide", on: false } : null)],
    end: [() => ({ t: "end" })],
  };
  for (const make of doings[does]) command(make, title, here);
  if (time) command(() => ({ t: "timer", seconds: time }), title, here);
  if (does === "nothing") return;
  const finish = () => {
    at.done = [...at.done.filter((one) => one !== here), here];
    drawPlan();
    return null;
  };
  commands.give({ make: finish, what: title });
}

/* ---------- afterwards ---------- */

/** @param {{ name: string, kind: string, text: string }} report */
function save({ name, kind, text }) {
  const link = /** @type {HTMLAnchorElement} */ (html("a", { download: name }));
  link.href = URL.createObjectURL(new Blob([text], { type: `${FILES[kind]};charset=utf-8` }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
