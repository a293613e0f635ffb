// Sliders between two poles. What a position means comes first (pure, exported for tests), then the view.

import { format, html, listen, listenAtOnce } from "./dom.js";
import { keepHeight } from "./press.js";
import { saver } from "./saving.js";

/**
 * @typedef {{ left: string, right: string }} Poles
 * @typedef {{ key: string, question: string, full: Poles, short: Poles }} Consideration
 * @typedef {{ title: string, considerations: Consideration[] }} Group
 * @typedef {{ words: Record<string, string>, furthest: number, groups: Group[] }} Content
 * @typedef {Record<string, number>} Positions
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** How long the live region waits for the sliding to end, in milliseconds. */
const REST = 600;
/** Keys that move a slider; JupyterLab would take some of them for itself. */
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

/* ---------- pure ---------- */

/**
 * A position in words; no position at all is another thing than the middle.
 * @param {number | undefined} position
 * @param {Poles} poles
 * @param {Record<string, string>} words
 */
export function inWords(position, poles, words) {
  if (position === undefined) return words.free;
  if (position === 0) return words.middle;
  const side = position < 0 ? "left" : "right";
  return format(words[side], { degree: words[`degree_${Math.abs(position)}`], pole: poles[side] });
}

/* ---------- view ---------- */

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mws-${Math.random().toString(36).slice(2, 10)}`;

  /** @returns {Content} */
  const content = () => model.get("content");
  const words = () => content().words;
  /** @returns {Positions} */
  const positions = () => model.get("positions");
  const count = () => content().groups.reduce((sum, group) => sum + group.considerations.length, 0);

  const title = html("div", { class: "mw-title", id: `${id}-title` });
  const intro = html("p", {});
  const keys = html("p", { class: "mws-keys", id: `${id}-keys` });
  const chosen = html("p", { class: "mws-chosen" });
  const reset = html("button", { type: "button", class: "mw-button mw-light" });
  const live = html("p", { class: "mw-hidden", role: "status", "aria-live": "polite" });

  const groups = content().groups.map((group, number) => {
    const heading = html("h3", { id: `${id}-group-${number}` });
    const rows = group.considerations.map(({ key }) => slider(key));
    const section = html("div", { role: "group", class: "mws-group", "aria-labelledby": heading.id }, [
      heading,
      ...rows.map(({ row }) => row),
    ]);
    return { section, heading, rows };
  });

  const root = html(
    "div",
    { class: "mw-profile mw", role: "group", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    [
      html("div", { class: "mw-card" }, [
        title,
        intro,
        keys,
        ...groups.map(({ section }) => section),
        html("div", { class: "mws-bottom" }, [chosen, reset]),
        live,
      ]),
    ],
  );

  /** @param {string} key */
  function slider(key) {
    const { furthest } = content();
    const input = /** @type {HTMLInputElement} */ (
      html("input", {
        type: "range",
        min: String(-furthest),
        max: String(furthest),
        step: "1",
        id: `${id}-${key}`,
        class: "mw-range mws-range",
        "aria-describedby": `${id}-${key}-poles ${id}-keys`,
      })
    );
    const label = html("label", { for: input.id });
    const [left, right] = ["left", "right"].map((side) => html("span", { class: `mws-pole mws-${side}`, "aria-hidden": "true" }));
    const poles = html("span", { class: "mw-hidden", id: `${id}-${key}-poles` });
    const output = html("output", { for: input.id, class: "mws-output", "aria-hidden": "true" });
    // An output is a live region by itself; the range already says its value.
    output.setAttribute("aria-live", "off");
    const ticks = html(
      "span",
      { class: "mws-ticks", "aria-hidden": "true" },
      Array.from({ length: 2 * furthest + 1 }, () => html("i")),
    );
    const row = html("div", { class: "mws-row" }, [
      label,
      left,
      html("div", { class: "mws-track" }, [ticks, input]),
      right,
      output,
      poles,
    ]);
    const choose = () => give(key, Number(input.value));
    input.addEventListener("input", choose, { signal });
    // A click on the middle of an empty slider changes no value, and yet it is a choice.
    input.addEventListener("click", choose, { signal });
    input.addEventListener(
      "keydown",
      (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        if (MOVES.includes(event.key)) event.stopPropagation();
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        choose();
      },
      { signal },
    );
    return { key, row, input, label, left, right, output, poles };
  }

  let announced = "";
  let aside = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  const keep = saver(model, signal, () => ({ positions: positions() }));

  /**
   * @param {string} key
   * @param {number} position
   */
  function give(key, position) {
    if (positions()[key] === position) return;
    model.set("positions", { ...positions(), [key]: position });
    keep.save();
  }

  reset.addEventListener(
    "click",
    () => {
      aside = words().was_reset;
      model.set("positions", {});
      keep.save();
      announceAtRest();
    },
    { signal },
  );

  function statusText() {
    const answered = Object.keys(positions()).length;
    return format(answered === count() ? words().all_chosen : words().chosen, { chosen: answered, count: count() });
  }

  function announceAtRest() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const text = statusText();
      const message = [aside, text === announced ? "" : `${text}.`].filter(Boolean).join(" ");
      announced = text;
      aside = "";
      if (message) live.textContent = message;
    }, REST);
  }

  /** What follows the finger on a slider, and moves nothing else. */
  function paint() {
    const word = words();
    keepHeight(groups.flatMap(({ rows }) => rows.map(({ output }) => output)));
    groups.forEach(({ rows }, number) => {
      rows.forEach(({ key, row, input, output }, at) => {
        const consideration = content().groups[number].considerations[at];
        const position = positions()[key];
        row.classList.toggle("mw-free", position === undefined);
        if (Number(input.value) !== (position ?? 0)) input.value = String(position ?? 0);
        input.setAttribute("aria-valuetext", inWords(position, consideration.full, word));
        // The whole pole stands beside the slider already.
        output.textContent = inWords(position, consideration.short, word);
      });
    });
  }

  function draw() {
    const word = words();
    root.lang = model.get("lang");
    title.textContent = format(word.title, { count: count() });
    intro.textContent = word.intro;
    keys.textContent = word.keys;
    chosen.textContent = statusText();
    reset.textContent = word.reset;
    reset.disabled = Object.keys(positions()).length === 0;
    groups.forEach(({ heading, rows }, number) => {
      const group = content().groups[number];
      heading.textContent = group.title;
      rows.forEach(({ label, left, right, poles }, at) => {
        const consideration = group.considerations[at];
        label.textContent = consideration.question;
        left.textContent = consideration.full.left;
        right.textContent = consideration.full.right;
        poles.textContent = format(word.poles, consideration.full);
      });
    });
    paint();
  }

  listenAtOnce(model, signal, ["positions"], paint);
  listen(model, signal, ["positions", "lang", "content"], () => {
    draw();
    announceAtRest();
  });
  el.append(root);
  announced = statusText();
  draw();

  return () => {
    clearTimeout(resting);
    abort.abort();
    root.remove();
  };
}

export default { render };
