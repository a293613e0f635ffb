// The page on a participant's phone: one thing at a time, with the course's own plane and loyalties.

import { format, html } from "../widgets/dom.js";
import loyalties from "../widgets/loyalties.js";
import plane from "../widgets/plane.js";
import { LENGTH, readCode } from "./code.js";
import { Memory, MemoryModel } from "./memory.js";
import { SHAPES, prose } from "./parts.js";
import { connect, fromAddress, loadContent, obeyAddress, readersLanguage, timeLeft } from "./socket.js";
import { Album, chosen as inWords, hallPart, takeAlongPart } from "./take_along.js";

/** While somebody drags, a place is sent once in so many milliseconds. */
const PACE = 200;
const LONGEST_ARGUMENT = 280;
/** In this order they are asked, each on a screen of its own. */
const STEPS = ["role", "place", "weigh", "argue"];

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

async function start() {
  const lang = readersLanguage();
  const content = await loadContent(lang);
  document.documentElement.lang = lang;
  document.title = content.words.title;
  obeyAddress();
  const { code: typed, key } = fromAddress();
  const { code, problem } = readCode(typed);
  if (!problem) takePart(code, key, content);
  else askForCode(content, problem === "empty" ? "" : wrongWith(typed, content), typed);
}

/**
 * What is wrong with a code that cannot be one.
 * @param {string} typed
 * @param {any} content
 */
function wrongWith(typed, { words }) {
  const { code, problem, wrong } = readCode(typed);
  return format(words[`code_${problem}`], { wrong, typed: code.length, length: LENGTH });
}

/**
 * @param {any} content
 * @param {string} [problem]
 * @param {string} [typed]
 */
function askForCode(content, problem = "", typed = "") {
  const { words } = content;
  const input = /** @type {HTMLInputElement} */ (
    html("input", { id: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "24", required: "", value: typed, "aria-describedby": "problem" })
  );
  const wrong = html("p", { id: "problem", class: "problem", role: "alert" }, [problem]);
  const form = html("form", { class: "joining" }, [
    html("h1", {}, [words.title]),
    wrong,
    html("label", { for: "code" }, [words.code]),
    input,
    html("button", { class: "main" }, [words.join]),
    html("p", { class: "small" }, [words.anonymous]),
  ]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { code, problem: found } = readCode(input.value);
    if (found) {
      wrong.textContent = wrongWith(input.value, content);
      input.focus();
    } else if (location.hash === `#${code}`) location.reload();
    else location.hash = code;
  });
  main.replaceChildren(html("div", { class: "body" }, [form]));
  if (problem) input.select();
}

/**
 * @param {string} code
 * @param {string} key
 * @param {any} first
 */
function takePart(code, key, first) {
  let content = first;
  const memory = new Memory(code);
  const album = new Album(memory.name);
  if (key) memory.kept.key = key;
  /** @type {any} */
  let state = null;
  /** @type {any} */
  let mine = {};
  /** What the server holds of this person in a round of which the state is still on its way. @type {any} */
  let early = null;
  /** @type {(() => void)[]} */
  let cleanUps = [];
  let shown = "";
  let ahead = 0;
  /** Which of the round's steps is on the screen; one more than there are: all is done. */
  let step = 0;
  /** What is not sent yet stays when the screen changes. */
  let draft = { text: "", weights: null };
  const status = html("p", { role: "status", class: "status" }, [content.words.connecting]);
  const clock = html("span", { class: "clock" });
  // What is there to read until they are in: at once for one phone, after a while for a whole hall.
  const title = html("h1", {}, [content.words.title]);
  const calm = html("div", { class: "calm" }, [title, html("p", {}, [content.words.anonymous])]);
  const body = html("div", { class: "body" }, [calm]);
  // What one can do next, and what became of the answer: always in the same place.
  const ways = html("div", { class: "ways" });
  main.replaceChildren(body, html("div", { class: "foot" }, [ways, status]));

  const line = connect("phone", hello, {
    message: hear,
    away: () => say(content.words.again, "away"),
    bye(reason) {
      if (reason === "removed") memory.forget();
      if (reason === "unknown_code") askForCode(content, content.words.bye_unknown_code, code);
      else if (["busy", "again", "trouble"].includes(reason)) say(content.words[`bye_${reason}`], "away");
      else turnAway(format(content.words[`bye_${reason}`], { origin: location.origin }));
    },
  });

  function hello() {
    const { secret, key: known } = memory.kept;
    return { t: "hello", v: 1, code, ...(secret && { secret }), ...(known && { key: known }) };
  }

  /**
   * Nothing goes on here by itself.
   * @param {string} why
   */
  function turnAway(why) {
    const again = html("button", { type: "button" }, [content.words.try_again]);
    again.addEventListener("click", () => location.reload());
    const title = html("h1", { tabindex: "-1" }, [content.words.title]);
    body.replaceChildren(html("div", { class: "calm" }, [title, html("p", { class: "problem", role: "alert" }, [why]), again]));
    ways.replaceChildren();
    shown = "";
    say("");
  }

  /** @param {string} words */
  function say(words, look = "") {
    if (status.textContent !== words) status.textContent = words;
    status.className = `status ${look}`;
  }

  /** @param {any} message */
  function hear(message) {
    hearOne(message);
    // What cannot be kept at the moment is not acknowledged, however often it is sent.
    line.expect(memory.kept.waiting.length > 0 && !state?.trouble);
  }

  /** @param {any} message */
  function hearOne(message) {
    if (message.t === "in_line") {
      say(format(content.words.in_line, { seconds: Math.ceil(message.seconds / 5) * 5 }));
    } else if (message.t === "waiting") {
      say(content.words.waiting_room);
    } else if (message.t === "welcome") {
      if (message.secret) memory.kept = { ...memory.kept, secret: message.secret, seq: 0, waiting: [] };
      memory.acknowledged(message.seq);
      const began = state === null;
      mine = message.mine;
      for (const one of memory.kept.waiting) {
        // What waits is this person's latest word, also where the server has not heard it yet.
        if (one.t === "place") mine.place = [one.person, one.group];
        if (one.t === "weigh") mine.weights = one.weights;
        if (one.t === "role") mine.role = one.role ?? undefined;
      }
      if (!message.state.trouble) sendAgain();
      if (memory.kept.waiting.length) say(content.words.saving);
      else if (began && hasAnswer()) say(content.words.saved, "good");
      else say("");
      if (began) shown = "";
      show(message.state);
    } else if (message.t === "state") {
      if (message.round?.id !== state?.round?.id) {
        const known = early && early.round === message.round?.id ? early.mine : null;
        mine = known ?? { role: mine.role, earlier: sameCase(message) ? mine.place : undefined };
        early = null;
        say("");
      } else if (message.phase !== state?.phase && status.classList.contains("sent")) {
        // Of an argument that was sent in, nothing is to be expected once the round is closed.
        say("");
      }
      if (state?.trouble && !message.trouble) {
        sendAgain();
        say(memory.kept.waiting.length ? content.words.saving : "");
      }
      show(message);
    } else if (message.t === "mine" && message.round !== state?.round?.id) {
      early = message;
    } else if (message.t === "mine") {
      mine = message.mine;
      shown = "";
      show(state);
    } else if (message.t === "ack") {
      memory.acknowledged(message.seq);
      if (memory.kept.waiting.length) say(content.words.saving);
      else if (status.classList.contains("sent")) say(content.words.sent, "good sent");
      else say(content.words.saved, "good");
      if (state) draw();
    } else if (message.t === "refused") {
      memory.drop(message.seq);
      say(content.words[`reason_${message.reason}`], "away");
    }
  }

  /** What was not acknowledged, in its order. */
  function sendAgain() {
    for (const one of memory.kept.waiting) line.send(one);
  }

  /** @param {string | undefined} asked a step; none is the end of all steps */
  const answered = (asked) => {
    if (asked === "place") return Boolean(mine.place);
    if (asked === "weigh") return Boolean(mine.weights);
    return asked === "role" ? Boolean(mine.role) : asked === undefined && hasAnswer();
  };
  /** How it stands at the end of all steps: something is left to choose, on its way, or all is kept. */
  const standing = () => {
    if (["place", "weigh"].some((asked) => steps().includes(asked) && !answered(asked))) return "left";
    return memory.kept.waiting.length ? "underway" : "kept";
  };
  const hasAnswer = () => Boolean(mine.place || mine.weights || mine.role);

  /** @param {any} next */
  function sameCase(next) {
    return next.round && state?.round && next.round.case.key === state.round.case.key && next.round.number > state.round.number;
  }

  /** @param {any} message */
  function tell(message) {
    const numbered = memory.add({ ...message, round: state.round.id });
    album.note(state, mine);
    if (state.trouble) return say(content.words.trouble_phone, "away");
    say(content.words.saving);
    if (line.send(numbered)) line.expect(true);
    // A connection that is gone is noticed now, not after a while.
    else line.check();
  }

  /**
   * At once when it was quiet, and then at a steady pace, the last one always.
   * @param {() => void} send
   */
  function paced(send) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let again = false;
    return () => {
      again = true;
      if (timer) return;
      const go = () => {
        timer = undefined;
        if (!again) return;
        again = false;
        send();
        timer = setTimeout(go, PACE);
      };
      go();
    };
  }

  /** @param {any} next */
  async function show(next) {
    const same = next.round?.id === state?.round?.id;
    const asked = state?.round?.asks ?? [];
    state = next;
    ahead = state.now - Date.now();
    if (same) {
      // Something else is asked in the same round: go to what is new.
      const fresh = steps().findIndex((one) => !asked.includes(one));
      step = fresh >= 0 ? fresh : Math.min(step, steps().length);
    } else {
      step = 0;
      draft = { text: "", weights: null };
    }
    if (content.lang !== state.lang) {
      content = { ...(await loadContent(state.lang)), lang: state.lang };
      document.documentElement.lang = state.lang;
      document.title = content.words.title;
    }
    if (state.trouble) say(content.words.trouble_phone, "away");
    album.note(state, mine);
    draw();
  }

  const steps = () => STEPS.filter((one) => state?.round?.asks.includes(one));

  /** @param {number} to */
  function go(to) {
    step = to;
    // What was said about the step before says nothing about this one.
    if (!memory.kept.waiting.length && !answered(steps()[to])) say("");
    draw();
    scrollTo(0, 0);
    // Who does not see the screen change hears where they are.
    /** @type {HTMLElement | null} */ (body.querySelector("h1"))?.focus();
  }

  function draw() {
    const round = state.phase === "open" ? state.round : null;
    const ended = step < steps().length ? "" : standing();
    const key = JSON.stringify([state.phase, round?.id, round?.asks, step, ended, state.lang, round ? null : state.picture]);
    if (key !== shown) {
      shown = key;
      for (const cleanUp of cleanUps) cleanUp();
      cleanUps = [];
      const reading = document.activeElement === body.querySelector("h1");
      const stepping = round && step < steps().length;
      body.classList.toggle("placing", Boolean(stepping) && steps()[step] === "place");
      ways.replaceChildren(...(stepping ? waysOn() : []));
      body.replaceChildren(...(round ? (stepping ? stepParts(round) : [donePart()]) : [waitPart()]));
      if (reading) /** @type {HTMLElement | null} */ (body.querySelector("h1"))?.focus();
    }
    const list = body.querySelector(".arguments");
    if (list) drawArguments(/** @type {HTMLElement} */ (list));
    tick();
  }

  function tick() {
    const left = timeLeft(state?.phase === "open" ? state.ends : undefined, ahead);
    clock.textContent = left ? format(content.words.time_left, { time: left }) : "";
  }
  setInterval(tick, 500);

  const heading = (/** @type {string} */ text) => html("h1", { tabindex: "-1" }, [text]);

  function waitPart() {
    const { words } = content;
    const lobby = state.phase === "lobby";
    const ended = state.phase === "ended";
    const parts = [
      html("div", { class: ended ? "mark" : "mark wait", "aria-hidden": "true" }, [ended ? "✓" : "…"]),
      heading(lobby ? words.inside : ended ? words.ended_title : words.closed_title),
      html("p", {}, [words[lobby ? "wait" : state.phase]]),
    ];
    if (state.phase === "closed") {
      if (chosen().length) parts.push(chosenPart());
      if (state.picture) parts.push(hallPart(state.picture, mine, content));
    }
    const along = ended ? takeAlongPart(album, content, code) : null;
    if (along) parts.push(along);
    else parts.push(html("p", { class: "small" }, [words.anonymous]));
    return html("div", { class: along || state.picture ? "calm long" : "calm" }, parts);
  }

  function donePart() {
    const { words } = content;
    const back = html("button", { type: "button" }, [words.change]);
    back.addEventListener("click", () => go(0));
    const stands = standing();
    return html("div", { class: "calm" }, [
      html("div", { class: stands === "kept" ? "mark" : "mark wait", "aria-hidden": "true" }, [stands === "kept" ? "✓" : "…"]),
      heading(stands === "left" ? words.left : words.done),
      html("p", {}, [{ left: words.left_hint, underway: words.saving, kept: words.done_hint }[stands]]),
      ...(chosen().length ? [chosenPart()] : []),
      back,
      clock,
    ]);
  }

  /** What this person chose, in words; only what the round asks. */
  function chosen() {
    const asked = (/** @type {string} */ one) => state.round?.asks.includes(one);
    return inWords({ role: asked("role") ? mine.role : undefined, place: asked("place") ? mine.place : undefined, weights: asked("weigh") ? mine.weights : undefined }, content);
  }

  const chosenPart = () => html("ul", { class: "chosen" }, chosen().map((text) => html("li", {}, [text])));

  /** @param {any} round */
  function stepParts(round) {
    const { words } = content;
    const lang = state.lang;
    const all = steps();
    const parts = [
      html("p", { class: "kicker" }, [html("span", {}, [format(round.turn > 1 ? words.round_again : words.round, round)]), clock]),
      ...(all.length > 1
        ? [
            html("p", { class: "hidden" }, [format(words.step, { step: step + 1, steps: all.length })]),
            html("div", { class: "dots", "aria-hidden": "true" }, all.map((_, n) => html("span", n <= step ? { class: "on" } : {}))),
          ]
        : []),
      heading(round.case.title[lang]),
    ];
    const question = round.case.question[lang];
    const text = round.case.text[lang];
    if (question) parts.push(html("p", { class: "question" }, [question]));
    // On a low screen the plane needs the room: the question stands with the case there.
    const folded = [...(question ? [html("p", { class: "question folded" }, [question])] : []), ...(text ? [prose(text)] : [])];
    if (folded.length) parts.push(html("details", text ? {} : { class: "only-question" }, [html("summary", {}, [words.read_case]), ...folded]));
    parts.push({ role: rolePart, place: planePart, weigh: scalesPart, argue: arguePart }[all[step]]());
    return parts;
  }

  /** Back and on. */
  function waysOn() {
    const { words } = content;
    const on = way(step + 1 < steps().length ? words.on : words.ready, step + 1);
    on.classList.add("main");
    return [...(step > 0 ? [way(words.back, step - 1)] : []), on];
  }

  /**
   * @param {string} text
   * @param {number} to
   */
  function way(text, to) {
    const button = html("button", { type: "button" }, [text]);
    button.addEventListener("click", () => go(to));
    return button;
  }

  function rolePart() {
    const choices = [{ key: "", name: content.words.role_none }, ...content.plane.perspectives];
    const set = html("fieldset", { class: "roles" }, [html("legend", {}, [content.words.role])]);
    choices.forEach(({ key: role, name }) => {
      const input = /** @type {HTMLInputElement} */ (html("input", { type: "radio", name: "role", value: role }));
      input.checked = (mine.role ?? "") === role;
      input.addEventListener("change", () => {
        mine.role = role || undefined;
        tell({ t: "role", role: role || null });
      });
      set.append(html("label", {}, [input, name]));
    });
    return set;
  }

  function planePart() {
    const el = html("div");
    const earlier = mine.earlier ? [{ label: content.words.earlier, person: mine.earlier[0], group: mine.earlier[1] }] : [];
    const send = paced(() => tell({ t: "place", person: mine.place[0], group: mine.place[1] }));
    const model = new MemoryModel(
      {
        lang: state.lang,
        person: mine.place?.[0] ?? 50,
        group: mine.place?.[1] ?? 50,
        placed: Boolean(mine.place),
        earlier,
        reveal: "names",
        // There is little room, and a finger.
        content: { ...content.plane, words: { ...content.plane.words, hint_free: content.words.place_hint, here_between: content.words.place_between } },
      },
      () => {
        if (!model.get("placed")) return;
        mine.place = [model.get("person"), model.get("group")];
        send();
      },
    );
    cleanUps.push(plane.render({ model, el }));
    return el;
  }

  function scalesPart() {
    const el = html("div");
    const none = Object.fromEntries(content.loyalties.loyalties.map((/** @type {any} */ one) => [one.key, 0]));
    const send = paced(() => tell({ t: "weigh", weights: mine.weights }));
    const model = new MemoryModel({ lang: state.lang, weights: draft.weights ?? mine.weights ?? none, content: content.loyalties }, () => {
      const weights = model.get("weights");
      draft.weights = weights;
      const total = Object.values(weights).reduce((sum, points) => sum + points, 0);
      // The hall hears of a division when it is whole.
      if (total !== content.loyalties.total) return say(content.words.not_whole);
      mine.weights = weights;
      send();
    });
    cleanUps.push(loyalties.render({ model, el }));
    return el;
  }

  function arguePart() {
    const { words } = content;
    const text = /** @type {HTMLTextAreaElement} */ (
      html("textarea", { id: "argument", maxlength: String(LONGEST_ARGUMENT), rows: "3", "aria-describedby": "argue-hint" })
    );
    text.value = draft.text;
    const left = html("output", { for: "argument", "aria-live": "off" });
    const count = () => {
      draft.text = text.value;
      left.textContent = format(words.characters, { used: text.value.length, most: LONGEST_ARGUMENT });
    };
    text.addEventListener("input", count);
    count();
    const buttons = ["voor", "tegen"].map((side, n) => {
      const button = html("button", { type: "button", class: `c${n}` }, [
        html("span", { class: "shape", "aria-hidden": "true" }, [SHAPES[n]]),
        ` ${words[`side_${side}`]}`,
      ]);
      button.addEventListener("click", () => {
        if (!text.value.trim()) {
          say(words.write_first);
          text.focus();
          return;
        }
        tell({ t: "argue", side, text: text.value });
        text.value = "";
        count();
        status.classList.add("sent");
      });
      return button;
    });
    return html("section", { class: "argue" }, [
      html("label", { for: "argument" }, [words.argue]),
      text,
      html("div", { class: "hint" }, [html("span", { id: "argue-hint" }, [format(words.argue_hint, { most: LONGEST_ARGUMENT })]), left]),
      html("div", { class: "sides", role: "group", "aria-label": words.send }, buttons),
      html("h2", {}, [words.arguments]),
      html("ul", { class: "arguments" }),
    ]);
  }

  /** @param {HTMLElement} list */
  function drawArguments(list) {
    const given = state.arguments ?? [];
    const key = JSON.stringify(given);
    // Left alone while nothing changes: focus stays where it is.
    if (list.dataset.shown === key) return;
    list.dataset.shown = key;
    const before = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.argument;
    list.replaceChildren(...(given.length ? given.map(argumentPart) : [html("li", {}, [content.words.no_arguments])]));
    if (before) /** @type {HTMLElement | null} */ (list.querySelector(`[data-argument="${before}"]`))?.focus();
  }

  /** @param {{ id: number, side: string, text: string }} argument */
  function argumentPart({ id, side, text }) {
    const { words } = content;
    const on = (mine.supports ?? []).includes(id);
    const button = html("button", { type: "button", "aria-pressed": String(on), "data-argument": String(id) }, [words.support]);
    button.addEventListener("click", () => {
      const now = button.getAttribute("aria-pressed") !== "true";
      mine.supports = [...(mine.supports ?? []).filter((/** @type {number} */ one) => one !== id), ...(now ? [id] : [])];
      button.setAttribute("aria-pressed", String(now));
      tell({ t: "support", argument: id, on: now });
    });
    return html("li", { class: side }, [html("strong", {}, [words[`side_${side}`]]), html("span", {}, [text]), button]);
  }
}

// Help for who uses a keyboard comes with the first key of it: a telephone has none.
addEventListener("keydown", ({ key }) => ["Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key) && document.body.classList.add("by-keyboard"));

start();
