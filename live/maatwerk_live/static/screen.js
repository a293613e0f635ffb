// What the hall sees of itself, large enough for the back row. One screen for three hosts: the board's own page,
// a notebook, and the replay of a workshop afterwards.

import { format, html } from "../widgets/dom.js";
import { argumentsPart, barPart, figures, rolesPart, tensionPart, weighingPart } from "./figures.js";
import { prose, qrCode } from "./parts.js";
import { LEAST, aloud, byVariant, headline, present, withheld } from "./says.js";
import { Scene } from "./scene.js";
import { timeLeft } from "./socket.js";

/** So many arguments at most stand beside a case, and beside the plane; those with most votes. */
const BESIDE_CASE = 4;
const BESIDE_PLANE = 6;
/** A title and a question that are longer together, in letters, are written smaller. */
const LONG = 180;
/** In a notebook narrower than this, in pixels, the parts stand below one another. */
const NARROW = 560;

export class Screen {
  /** @type {any} */
  #board = null;
  /** @type {any} */
  #content = null;
  /** How far the server's clock is ahead of ours. */
  #ahead = 0;
  #drawing = 0;
  #hadGiven = false;
  #fresh = false;
  /** What the live region spoke about last: a round, and how far it was. */
  #spoken = "";
  #closing = new AbortController();
  #frame;
  #themed;

  #join = html("div", { class: "join" });
  #top = html("header", { class: "top" });
  #clock = html("p", { class: "clock" });
  #left = html("div", { class: "left" });
  #right = html("div", { class: "right" });
  #bottom = html("footer", { class: "bottom" });
  #live = html("p", { role: "status", class: "hidden" });
  #problem = html("p", { role: "alert", class: "problem" });
  #themes = html("button", { type: "button", class: "theme" });
  #corners = html("div", { class: "corners", "aria-hidden": "true" });
  #axisUp = html("p", { class: "axis axis-person", "aria-hidden": "true" });
  #axisAcross = html("p", { class: "axis axis-group", "aria-hidden": "true" });
  #field;
  #scene;
  #ticking;

  /**
   * @param {HTMLElement} frame what it fills
   * @param {HTMLElement} themed what carries `data-theme`, light or dark; without it the system's wish counts
   */
  constructor(frame, themed) {
    this.#frame = frame;
    this.#themed = themed;
    frame.classList.add("frame");
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const canvas = /** @type {HTMLCanvasElement} */ (html("canvas", { "aria-hidden": "true" }));
    this.#scene = new Scene(canvas, () => calm.matches);
    this.#field = html("div", { class: "field" }, [this.#axisUp, html("div", { class: "square" }, [canvas]), this.#corners, this.#axisAcross]);
    this.#themes.addEventListener("click", () => {
      themed.dataset.theme = this.#isDark() ? "light" : "dark";
      this.#drawTheme();
    });
    const { signal } = this.#closing;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#drawTheme(), { signal });
    const sized = new ResizeObserver(() => this.#refit());
    sized.observe(frame);
    this.#ticking = setInterval(() => this.#tick(), 250);
    signal.addEventListener("abort", () => {
      sized.disconnect();
      clearInterval(this.#ticking);
      cancelAnimationFrame(this.#drawing);
    });
  }

  /** Hold still for good. */
  close() {
    this.#closing.abort();
  }

  /**
   * @param {any} board what the server sent
   * @param {any} content words and tables, in the board's language
   * @param {{ fresh: boolean, ahead: number }} how `fresh`: all is new, nothing glides to its place; `ahead`: how far
   *   the server's clock is ahead of ours, in milliseconds
   */
  show(board, content, { fresh, ahead }) {
    const first = this.#content !== content;
    this.#board = board;
    this.#content = content;
    this.#ahead = ahead;
    this.#fresh ||= fresh;
    if (first) {
      this.#frame.replaceChildren(this.#top, this.#left, this.#right, this.#bottom, this.#live, this.#problem);
      this.#drawTheme();
    }
    // One drawing a frame, however many messages came.
    if (!this.#drawing) this.#drawing = requestAnimationFrame(() => this.#draw());
  }

  /**
   * Say what is wrong; nothing takes it back.
   * @param {string} [text]
   */
  complain(text = "") {
    if (this.#problem.textContent !== text) this.#problem.textContent = text;
    if (!this.#problem.isConnected) this.#frame.append(this.#problem);
  }

  /* ---------- what is on the board ---------- */

  /** @param {string} what */
  #asks(what) {
    return Boolean(this.#board.round?.asks.includes(what));
  }

  /** Whether the round asks something of which a picture comes. */
  #decides() {
    return this.#asks("place") || this.#asks("weigh");
  }

  /**
   * Change a part of the page only when it changed, so that nothing flickers and nothing is lost.
   * @param {HTMLElement} part
   * @param {(Node | string)[]} nodes
   */
  #fill(part, nodes) {
    const text = nodes.map((node) => (node instanceof Element ? node.outerHTML : node)).join("");
    if (part.dataset.shown === text) return false;
    part.dataset.shown = text;
    part.replaceChildren(...nodes);
    return true;
  }

  #draw() {
    this.#drawing = 0;
    const { round, phase } = this.#board;
    const lobby = !round || phase === "ended";
    this.#frame.dataset.view = lobby ? "lobby" : this.#view();
    // The clock first: a name gets what it leaves.
    this.#tick();
    this.#drawTop(lobby);
    this.#drawBottom(lobby);
    if (lobby) this.#drawLobby();
    else if (this.#view() === "case") this.#drawCase();
    else this.#drawPicture();
    this.#fresh = false;
    this.#speak();
  }

  /** The case, as long as what people decide may not be seen; then that. */
  #view() {
    const { placed, weighed, hidden } = this.#board;
    const few = Math.max(placed, weighed) < LEAST;
    return this.#decides() && (hidden || few) ? "case" : "picture";
  }

  /** @param {boolean} lobby */
  #drawTop(lobby) {
    const { words } = this.#content;
    const { round, lang, joining, phase, locked } = this.#board;
    if (lobby) {
      this.#fill(this.#top, [html("h1", {}, [words.title])]);
      return;
    }
    const heads = [
      html("p", { class: "kicker" }, [format(round.turn > 1 ? words.round_again : words.round, round)]),
      html("h1", {}, [round.case.title[lang]]),
    ];
    if (round.case.question[lang]) heads.push(html("p", { class: "question" }, [round.case.question[lang]]));
    const small = html("div", { class: "join-small" }, [
      html("div", {}, [html("p", {}, [words.join_short]), html("p", { class: "code" }, [joining.code])]),
      qrCode(joining.qr),
    ]);
    const long = heads.reduce((sum, head) => sum + (head.textContent ?? "").length, 0) > LONG;
    const changed = this.#fill(this.#top, [html("div", { class: long ? "heads long" : "heads" }, heads), this.#clock, ...(phase === "open" && !locked ? [small] : [])]);
    if (changed) this.#fitTitle(heads[1]);
  }

  /**
   * A name in one line, when letters that can still be read from the back row allow it.
   * @param {HTMLElement} title
   */
  #fitTitle(title) {
    title.classList.add("one-line");
    for (const part of [1, 0.92, 0.84, 0.76, 0.68]) {
      title.style.fontSize = `calc(${part} * var(--title))`;
      if (title.scrollWidth <= title.clientWidth + 1) return;
    }
    title.style.fontSize = "";
    title.classList.remove("one-line");
  }

  #drawLobby() {
    const { words } = this.#content;
    const { joining, phase } = this.#board;
    if (phase === "ended") {
      this.#fill(this.#left, [html("p", { class: "thanks" }, [words.thanks])]);
      this.#fill(this.#right, []);
      return;
    }
    this.#fill(this.#join, [qrCode(joining.qr)]);
    this.#fill(this.#left, [this.#join]);
    const address = html("p", { class: "address" }, breakable(joining.address.replace(/^https?:\/\//, "")));
    const changed = this.#fill(this.#right, [
      html("p", { class: "how" }, [words.scan]),
      html("p", { class: "how" }, [words.or_go_to]),
      address,
      html("p", { class: "how" }, [words.with_code]),
      html("p", { class: "code", "aria-label": [...joining.code].join(" ") }, [joining.code]),
      html("p", { class: "how quiet" }, [words.anonymous]),
      html("p", { class: "hidden" }, [format(words.join_at, joining)]),
    ]);
    if (changed) fitAcross(address);
  }

  #drawCase() {
    const { words } = this.#content;
    const { round, lang, placed, weighed, phase, hidden } = this.#board;
    const text = round.case.text[lang];
    const given = this.#given(BESIDE_CASE);
    // What people say needs room, also while nobody may see what they choose.
    if (this.#frame.classList.toggle("with-given", given.length > 0) !== this.#hadGiven) delete this.#left.dataset.shown;
    this.#hadGiven = given.length > 0;
    const changed = this.#fill(this.#left, [html("div", { class: "case" }, text ? [prose(text)] : [html("p", { class: "ask-large" }, [round.case.question[lang] || round.case.title[lang]])])]);
    if (changed) this.#fitCase(/** @type {HTMLElement} */ (this.#left.firstElementChild));
    const done = this.#asks("place") ? placed : this.#asks("weigh") ? weighed : present(this.#board);
    const asked = ["role", "place", "weigh", "argue"].filter((one) => this.#asks(one));
    this.#fill(this.#right, [
      ...(given.length
        ? []
        : phase === "open"
        ? [html("p", { class: "todo" }, [words.on_your_phone]), html("ul", { class: "todos" }, asked.map((one) => html("li", {}, [words[`do_${one}`]])))]
        : [html("p", { class: "todo" }, [words.round_closed])]),
      html("p", { class: "large", "aria-hidden": "true" }, [String(done)]),
      ...this.#counts().map((one) => html("p", { class: "count" }, [one])),
      html("p", { class: "count quiet" }, [hidden ? words.hidden : format(words.too_few, { least: LEAST })]),
      ...given,
    ]);
    this.#trim();
  }

  #counts() {
    const { words } = this.#content;
    const { placed, weighed } = this.#board;
    const found = [];
    if (this.#asks("place")) found.push(format(words.placed, { placed, people: this.#of(placed) }));
    if (this.#asks("weigh")) found.push(format(words.weighed, { weighed, people: this.#of(weighed) }));
    if (!found.length) found.push(format(words.people, { people: present(this.#board) }));
    return found;
  }

  /**
   * Of how many so many answered: of who is in the room, and of who answered and left.
   * @param {number} answered
   */
  #of(answered) {
    return Math.max(answered, present(this.#board));
  }

  #drawPicture() {
    const { picture = {} } = this.#board;
    // After a talk about the plane, the arguments stand beside it.
    const onPlane = this.#asks("place") || (Boolean(picture.summary) && !this.#asks("weigh"));
    this.#frame.dataset.view = onPlane ? "plane" : "wide";
    if (onPlane) this.#drawPlane();
    else if (picture.weighing && this.#asks("weigh")) {
      this.#fill(this.#left, [weighingPart(picture.weighing, this.#content)]);
      this.#fill(this.#right, [tensionPart(picture.weighing.tension, this.#content)]);
    } else {
      this.#fill(this.#left, [this.#columns()]);
      this.#fill(this.#right, []);
    }
    // What is held back, and why; once there is a picture that one may take for whole.
    if (picture.summary || picture.weighing) this.#right.append(...withheld(picture, this.#content).map((text) => html("p", { class: "withheld quiet" }, [text])));
    this.#trim();
  }

  #drawPlane() {
    const { picture = {}, dots = [], round } = this.#board;
    const { movement, summary } = picture;
    const content = this.#content;
    const { plane, perspectives, variants } = content.plane;
    const roles = this.#asks("role") ? (picture.roles ?? []) : [];
    const order = perspectives.map((/** @type {any} */ one) => one.key);
    if (this.#left.firstElementChild !== this.#field) {
      delete this.#left.dataset.shown;
      this.#left.replaceChildren(this.#field);
      this.#fresh = true;
    }
    this.#axisUp.textContent = `${plane.person.name} →`;
    this.#axisAcross.textContent = `${plane.group.name} →`;
    this.#scene.show(
      {
        plane,
        dots,
        arrows: roles.length ? [] : (movement?.arrows ?? []),
        roles: roles.map((/** @type {any} */ one) => ({ look: order.indexOf(one.role), points: one.points })),
        centre: summary ?? null,
        before: summary && movement && !roles.length ? { person: summary.person - movement.person, group: summary.group - movement.group } : null,
      },
      this.#fresh,
    );
    const rows = summary ? byVariant(summary, content) : [];
    const count = (/** @type {number} */ look) => html("b", {}, [rows.length ? String(rows.find((one) => one.look === look)?.people ?? 0) : ""]);
    // Around the plane, not on it: no name lies over a dot.
    this.#fill(this.#corners, [
      ...variants.map((/** @type {any} */ variant, /** @type {number} */ n) =>
        html("div", { class: `corner corner-${variant.person}-${variant.group}` }, [html("span", {}, [variant.name]), count(n)]),
      ),
      html("div", { class: "between" }, [count(-1), html("span", {}, [content.words.between])]),
    ]);
    const given = this.#given(BESIDE_PLANE);
    const moved = movement ? [html("h2", { class: "headline" }, [headline(movement, content)])] : [];
    if (roles.length) this.#fill(this.#right, [...rolesPart(roles, summary, content, given.length > 0), ...given]);
    else if (given.length && (this.#asks("argue") || !movement)) {
      this.#fill(this.#right, [...moved, ...given]);
    } else if (this.#asks("weigh") && picture.weighing) {
      this.#fill(this.#right, [weighingPart(picture.weighing, content), tensionPart(picture.weighing.tension, content)]);
    } else this.#fill(this.#right, figures(picture, content, round.turn));
  }

  /**
   * The arguments with most votes.
   * @param {number} most
   * @returns {HTMLElement[]}
   */
  #given(most) {
    const all = this.#board.arguments ?? [];
    if (!all.length) return [];
    const list = argumentsPart(all, this.#content);
    [...list.children].slice(most).forEach((item) => item.classList.add("beyond"));
    return [html("h2", {}, [this.#content.words.arguments]), list, html("p", { class: "more quiet" })];
  }

  #columns() {
    const { words } = this.#content;
    return html("div", { class: "columns" }, ["voor", "tegen"].map((side) => {
      const theirs = (this.#board.arguments ?? []).filter((/** @type {any} */ one) => one.side === side);
      return html("section", {}, [
        html("h2", {}, [words[`heard_${side}`]]),
        ...(theirs.length ? [argumentsPart(theirs, this.#content), html("p", { class: "more quiet" })] : [html("p", { class: "quiet" }, [words.no_arguments])]),
      ]);
    }));
  }

  /** @param {boolean} lobby */
  #drawBottom(lobby) {
    const { words } = this.#content;
    const { placed, weighed, phase } = this.#board;
    const done = this.#asks("place") ? placed : this.#asks("weigh") ? weighed : 0;
    const state = lobby ? "" : phase === "closed" ? words.round_closed : words.round_open;
    const told = lobby || this.#view() === "case" ? [format(words.people, { people: present(this.#board) })] : this.#counts();
    this.#fill(this.#bottom, [
      html("p", { class: "people" }, [told.join(" · ")]),
      ...(lobby || !this.#decides() ? [] : [html("div", { class: "progress", "aria-hidden": "true" }, [barPart(done ? done / this.#of(done) : 0)])]),
      html("p", { class: `phase ${phase}` }, [state]),
      this.#themes,
    ]);
  }

  /* ---------- what fits ---------- */

  /**
   * Letters that can be read from the back row come first: a case that is too long for them ends on the phones.
   * @param {HTMLElement} part
   */
  #fitCase(part) {
    fit(part, 1.3);
    if (fits(part)) return;
    part.classList.add("cut");
    part.after(html("p", { class: "on-phone" }, [this.#content.words.rest_on_phone]));
  }

  /** What does not fit gets smaller; arguments that do not fit are counted, those with least votes first. */
  #trim() {
    for (const part of /** @type {HTMLElement[]} */ ([this.#right, ...this.#left.querySelectorAll(".columns section")])) {
      const items = /** @type {HTMLElement[]} */ ([...part.querySelectorAll(".given > li")]);
      const more = part.querySelector(".more");
      const { words } = this.#content;
      const count = () => {
        const left = items.filter((item) => item.hidden).length;
        if (more) more.textContent = left ? format(left < items.length ? words.more : words.more_only, { count: left }) : "";
      };
      for (const item of items) {
        item.hidden = item.classList.contains("beyond");
        item.classList.remove("begun");
      }
      count();
      fit(part, 1, items.length ? 0.76 : 0.6);
      for (const item of [...items].reverse()) {
        if (fits(part)) break;
        item.hidden = true;
        count();
      }
      // A long one left room for a shorter one that had to go with it.
      for (const item of items.filter((one) => one.hidden && !one.classList.contains("beyond"))) {
        item.hidden = false;
        count();
        if (fits(part)) continue;
        item.hidden = true;
        count();
      }
      // Of what was let through something shows, be it the beginning of one.
      if (items.length && items.every((one) => one.hidden)) {
        items[0].hidden = false;
        count();
        for (const lines of [6, 5, 4, 3, 2]) {
          items[0].style.setProperty("--lines", String(lines));
          items[0].classList.add("begun");
          if (fits(part)) break;
        }
      }
      if (!fits(part)) fit(part, 0.8, 0.5);
    }
    this.#left.style.fontSize = "";
    if (this.#left.querySelector(".weighing")) fit(this.#left);
  }

  #refit() {
    const fills = this.#themed === document.documentElement || this.#themed.matches(":fullscreen");
    const stacked = fills ? innerWidth <= innerHeight || innerHeight <= 420 : this.#frame.clientWidth < NARROW;
    this.#frame.classList.toggle("stacked", stacked);
    for (const part of [this.#left, this.#right]) delete part.dataset.shown;
    if (this.#board && !this.#drawing) this.#drawing = requestAnimationFrame(() => this.#draw());
  }

  /* ---------- said aloud, the clock, the colours ---------- */

  /** When a round opens, closes or is revealed; never at each tick. */
  #speak() {
    const { words } = this.#content;
    const { round, phase, hidden, lang, picture } = this.#board;
    const moment = JSON.stringify([round?.id, phase, hidden]);
    if (moment === this.#spoken) return;
    this.#spoken = moment;
    if (!round) this.#live.textContent = "";
    else if (phase === "open" && hidden) this.#live.textContent = `${format(words.round, round)}: ${round.case.title[lang]}. ${words.round_open}`;
    else {
      const state = phase === "open" ? words.round_open : words.round_closed;
      this.#live.textContent = [state, ...(hidden ? [words.hidden] : aloud(picture, this.#content))].join(" ");
    }
  }

  #tick() {
    const time = this.#board?.phase === "open" ? timeLeft(this.#board.ends, this.#ahead) : "";
    const text = time ? format(this.#content.words.time_left, { time }) : "";
    if (this.#clock.textContent !== text) this.#clock.textContent = text;
    this.#clock.hidden = !text;
  }

  #isDark() {
    const { theme } = this.#themed.dataset;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  #drawTheme() {
    if (!this.#content) return;
    const { light, dark } = this.#content.words;
    this.#themes.textContent = this.#isDark() ? light : dark;
    this.#scene.repaint();
  }
}

/**
 * An address that breaks between its parts only.
 * @param {string} address
 */
const breakable = (address) => address.split(/(?<=\/)/).flatMap((part, n) => (n ? [html("wbr"), part] : [part]));

/**
 * The largest letters with which no word of a line is broken or cut off.
 * @param {HTMLElement} line
 */
function fitAcross(line) {
  for (const part of [1, 0.9, 0.8, 0.7, 0.6, 0.5]) {
    line.style.fontSize = `calc(${part} * var(--fit))`;
    if (line.scrollWidth <= line.clientWidth + 1) return;
  }
}

/** @param {HTMLElement} part */
const fits = (part) => part.scrollHeight <= part.clientHeight + 1;

/**
 * The largest letters with which a text fits, in the board's own unit (see board.css).
 * @param {HTMLElement} part
 * @param {number} most
 * @param {number} least
 */
function fit(part, most = 1, least = 0.6) {
  for (let size = most; size >= least; size -= 0.04) {
    part.style.fontSize = `calc(${size} * var(--u))`;
    if (fits(part)) return;
  }
}
