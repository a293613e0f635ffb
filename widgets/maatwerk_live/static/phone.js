// The page on a participant's phone: the course's own plane and loyalties over a model in memory.

import loyalties from "../widgets/loyalties.js";
import plane from "../widgets/plane.js";
import { connect, format, fromAddress, html, loadContent, readersLanguage } from "./socket.js";

/** While somebody drags, a place is sent once in so many milliseconds. */
const PACE = 200;
const LONGEST_ARGUMENT = 280;

/** The least that a widget counts on: get, set, save_changes, on, off. */
class MemoryModel {
  #values;
  #listeners = new Map();

  /**
   * @param {Record<string, any>} values
   * @param {() => void} saved
   */
  constructor(values, saved) {
    this.#values = values;
    this.save_changes = saved;
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    if (JSON.stringify(this.#values[name]) === JSON.stringify(value)) return;
    this.#values[name] = value;
    for (const callback of [...(this.#listeners.get(`change:${name}`) ?? [])]) callback();
  }

  on(event, callback) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(callback);
  }

  off(event, callback) {
    this.#listeners.get(event)?.delete(callback);
  }
}

/** What this phone keeps of one room: who it is, and what the server did not acknowledge yet. */
class Memory {
  /** @param {string} code */
  constructor(code) {
    this.name = `maatwerk.live.${code}`;
    /** @type {{ secret?: string, key?: string, seq: number, waiting: any[] }} */
    this.kept = { seq: 0, waiting: [] };
    try {
      Object.assign(this.kept, JSON.parse(localStorage.getItem(this.name) ?? "{}"));
    } catch {
      // A browser that keeps nothing still takes part, for as long as the page is open.
    }
  }

  keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.kept));
    } catch {
      // As above.
    }
  }

  /** Give a message its number, and keep it until it is acknowledged. A newer place overtakes an older one. */
  add(message) {
    const overtakes = ["place", "weigh", "role"].includes(message.t);
    this.kept.waiting = this.kept.waiting.filter((one) => !overtakes || one.t !== message.t || one.round !== message.round);
    this.kept.seq += 1;
    const numbered = { ...message, seq: this.kept.seq };
    this.kept.waiting.push(numbered);
    this.keep();
    return numbered;
  }

  /** @param {number} seq */
  acknowledged(seq) {
    this.kept.waiting = this.kept.waiting.filter((one) => one.seq > seq);
    this.kept.seq = Math.max(this.kept.seq, seq);
    this.keep();
  }

  /** @param {number} seq */
  drop(seq) {
    this.kept.waiting = this.kept.waiting.filter((one) => one.seq !== seq);
    this.keep();
  }
}

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

async function start() {
  const lang = readersLanguage();
  const content = await loadContent(lang);
  document.documentElement.lang = lang;
  document.title = content.words.title;
  const { code, key } = fromAddress();
  if (code) takePart(code, key, content);
  else askForCode(content);
}

/** @param {any} content */
function askForCode(content, problem = "") {
  const input = html("input", { id: "code", autocomplete: "off", autocapitalize: "characters", maxlength: "6", required: "" });
  const form = html("form", {}, [
    html("label", { for: "code" }, [content.words.code]),
    input,
    html("button", {}, [content.words.join]),
  ]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = /** @type {HTMLInputElement} */ (input).value.trim().toUpperCase();
    location.reload();
  });
  main.replaceChildren(html("h1", {}, [content.words.title]), html("p", { role: "alert" }, [problem]), form, html("p", {}, [content.words.anonymous]));
}

function takePart(code, key, first) {
  let content = first;
  const memory = new Memory(code);
  if (key) memory.kept.key = key;
  let state = null;
  let mine = {};
  /** @type {(() => void)[]} */
  let cleanUps = [];
  let shown = "";
  const status = html("p", { role: "status", class: "status" }, [content.words.connecting]);
  const body = html("div");
  main.replaceChildren(body, status);

  const line = connect("ws/phone", hello, {
    message: hear,
    away: () => say(content.words.again),
    bye(reason) {
      if (reason === "unknown_code") askForCode(content, content.words.bye_unknown_code);
      else say(content.words[`bye_${reason}`]);
    },
  });

  function hello() {
    const { secret, key: known } = memory.kept;
    return { t: "hello", v: 1, code, ...(secret && { secret }), ...(known && { key: known }) };
  }

  /** @param {string} words */
  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  /** @param {any} message */
  function hear(message) {
    hearOne(message);
    line.expect(memory.kept.waiting.length > 0);
  }

  /** @param {any} message */
  function hearOne(message) {
    if (message.t === "welcome") {
      if (message.secret) memory.kept = { ...memory.kept, secret: message.secret, seq: 0, waiting: [] };
      memory.acknowledged(message.seq);
      mine = message.mine;
      shown = "";
      for (const one of memory.kept.waiting) line.send(one);
      say("");
      show(message.state);
    } else if (message.t === "state") {
      if (message.round?.id !== state?.round?.id) mine = { role: mine.role, earlier: sameCase(message) ? mine.place : undefined };
      show(message);
    } else if (message.t === "mine" && message.round === state?.round?.id) {
      mine = message.mine;
      shown = "";
      show(state);
    } else if (message.t === "ack") {
      memory.acknowledged(message.seq);
      say(memory.kept.waiting.length ? content.words.saving : content.words.saved);
    } else if (message.t === "refused") {
      memory.drop(message.seq);
      say(content.words[`reason_${message.reason}`]);
    }
  }

  /** @param {any} next */
  function sameCase(next) {
    return next.round && state?.round && next.round.case.key === state.round.case.key && next.round.number > state.round.number;
  }

  /** @param {any} message */
  function tell(message) {
    say(content.words.saving);
    line.send(memory.add({ ...message, round: state.round.id }));
    line.expect(true);
  }

  /** At once when it was quiet, and then at a steady pace, the last one always. */
  function paced(send) {
    let timer = 0;
    let again = false;
    return () => {
      again = true;
      if (timer) return;
      const go = () => {
        timer = 0;
        if (!again) return;
        again = false;
        send();
        timer = setTimeout(go, PACE);
      };
      go();
    };
  }

  async function show(next) {
    state = next;
    if (content.lang !== state.lang) {
      content = { ...(await loadContent(state.lang)), lang: state.lang };
      document.documentElement.lang = state.lang;
      document.title = content.words.title;
    }
    const { words } = content;
    const round = state.phase === "open" ? state.round : null;
    const fresh = JSON.stringify([state.phase, round?.id, round?.asks]);
    if (fresh !== shown) {
      shown = fresh;
      for (const cleanUp of cleanUps) cleanUp();
      cleanUps = [];
      body.replaceChildren(...(round ? roundParts(round) : [html("h1", {}, [words.title]), html("p", {}, [words[{ lobby: "wait", closed: "closed", ended: "ended" }[state.phase]]])]));
    }
    const list = body.querySelector(".arguments");
    if (list) list.replaceChildren(...(state.arguments ?? []).map(argumentPart));
  }

  function roundParts(round) {
    const { words } = content;
    const lang = state.lang;
    const parts = [
      html("p", { class: "round" }, [format(round.turn > 1 ? words.round_again : words.round, round)]),
      html("h1", {}, [round.case.title[lang]]),
      html("details", {}, [html("summary", {}, [words.case]), ...round.case.text[lang].split("\n\n").map((text) => html("p", {}, [text]))]),
      html("p", { class: "question" }, [round.case.question[lang]]),
    ];
    if (round.asks.includes("role")) parts.push(rolePart());
    if (round.asks.includes("place")) parts.push(planePart());
    if (round.asks.includes("weigh")) parts.push(scalesPart());
    if (round.asks.includes("argue")) parts.push(arguePart());
    return parts;
  }

  function rolePart() {
    const choices = [{ key: "", name: content.words.role_none }, ...content.plane.perspectives];
    const set = html("fieldset", { class: "roles" }, [html("legend", {}, [content.words.role])]);
    for (const { key: role, name } of choices) {
      const input = /** @type {HTMLInputElement} */ (html("input", { type: "radio", name: "role", value: role }));
      input.checked = (mine.role ?? "") === role;
      input.addEventListener("change", () => {
        mine.role = role || undefined;
        tell({ t: "role", role: role || null });
      });
      set.append(html("label", {}, [input, name]));
    }
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
        reveal: "all",
        content: content.plane,
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
    const none = Object.fromEntries(content.loyalties.loyalties.map((one) => [one.key, 0]));
    const send = paced(() => tell({ t: "weigh", weights: mine.weights }));
    const model = new MemoryModel({ lang: state.lang, weights: mine.weights ?? none, content: content.loyalties }, () => {
      const weights = model.get("weights");
      const total = Object.values(weights).reduce((sum, points) => sum + points, 0);
      // The hall hears of a division when it is whole.
      if (total !== content.loyalties.total) return;
      mine.weights = weights;
      send();
    });
    cleanUps.push(loyalties.render({ model, el }));
    return el;
  }

  function arguePart() {
    const { words } = content;
    const text = /** @type {HTMLTextAreaElement} */ (html("textarea", { id: "argument", maxlength: String(LONGEST_ARGUMENT), rows: "3", "aria-describedby": "argue-hint" }));
    const buttons = ["voor", "tegen"].map((side) => {
      const button = html("button", { type: "button" }, [`${words.send}: ${words[`side_${side}`]}`]);
      button.addEventListener("click", () => {
        if (!text.value.trim()) return;
        tell({ t: "argue", side, text: text.value });
        text.value = "";
        say(words.sent);
      });
      return button;
    });
    return html("section", {}, [
      html("label", { for: "argument" }, [words.argue]),
      text,
      html("p", { id: "argue-hint" }, [format(words.argue_hint, { most: LONGEST_ARGUMENT })]),
      ...buttons,
      html("h2", {}, [words.arguments]),
      html("ul", { class: "arguments" }),
    ]);
  }

  function argumentPart({ id, side, text }) {
    const { words } = content;
    const on = (mine.supports ?? []).includes(id);
    const button = html("button", { type: "button", "aria-pressed": String(on) }, [words.support]);
    button.addEventListener("click", () => {
      const now = button.getAttribute("aria-pressed") !== "true";
      mine.supports = [...(mine.supports ?? []).filter((one) => one !== id), ...(now ? [id] : [])];
      button.setAttribute("aria-pressed", String(now));
      tell({ t: "support", argument: id, on: now });
    });
    return html("li", { class: side }, [html("strong", {}, [words[`side_${side}`]]), ` ${text} `, button]);
  }
}

start();
