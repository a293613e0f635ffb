// Five loyalties share a hundred points. What counts comes first (pure, exported for tests), then the view.

import { format, html, listen } from "./dom.js";
import { saver } from "./saving.js";

/**
 * @typedef {{ key: string, name: string, short: string, asks: string, dilemma: string, cite: string }} Loyalty
 * @typedef {{ words: Record<string, string>, total: number, loyalties: Loyalty[] }} Content
 * @typedef {Record<string, number>} Weights
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

const STEP = 5;
/** How long the live region waits for the typing to end, in milliseconds. */
const REST = 600;
/** A mark for each loyalty, so that colour is never alone; the style gives each a pattern as well. */
const SHAPES = ["●", "■", "▲", "◆", "★"];

/* ---------- pure ---------- */

/**
 * What is typed, as whole points from 0 to the total; nothing (or no number) is 0.
 * @param {string | number} typed
 * @param {number} total
 */
export function toPoints(typed, total) {
  const number = Math.round(Number(typed));
  return Number.isFinite(number) ? Math.min(total, Math.max(0, number)) : 0;
}

/**
 * How many points are left to divide; negative when too many were.
 * @param {Weights} weights
 * @param {number} total
 */
export function remaining(weights, total) {
  return total - Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}

/**
 * The loyalties with the most points: two, or more where others share the second place. One without points never
 * counts, so that there may also be one or none.
 * @param {Weights} weights
 * @param {string[]} order
 */
export function heaviest(weights, order) {
  const withPoints = order.map((key) => weights[key]).filter((weight) => weight > 0).sort((a, b) => b - a);
  if (withPoints.length === 0) return [];
  const least = withPoints[Math.min(1, withPoints.length - 1)];
  return order.filter((key) => weights[key] >= least);
}

/**
 * What is still to be done with the points, in words.
 * @param {number} left
 * @param {number} total
 * @param {Record<string, string>} words
 */
export function status(left, total, words) {
  if (left === 0) return format(words.done, { total });
  if (left > 0) return format(words.remaining, { remaining: left, total });
  return left === -1 ? words.over_one : format(words.over, { over: -left });
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
  const id = `mwl-${Math.random().toString(36).slice(2, 10)}`;

  /** @returns {Content} */
  const content = () => model.get("content");
  const words = () => content().words;
  /** @returns {Weights} */
  const weights = () => model.get("weights");
  const keys = () => content().loyalties.map((loyalty) => loyalty.key);

  const title = html("div", { class: "mw-title", id: `${id}-title` });
  const intro = html("p", {});
  const whole = html("div", { class: "mwl-whole", "aria-hidden": "true" });
  const left = html("p", { class: "mwl-left" });
  const reset = html("button", { type: "button", class: "mw-button mw-light" });
  const top = html("div", { class: "mwl-top" }, [left, reset]);
  const live = html("p", { class: "mw-hidden", role: "status", "aria-live": "polite" });
  const tensionTitle = html("h3");
  const tensionText = html("p", { class: "mwl-tension-text" });
  const questions = html("ul", { class: "mwl-questions" });
  const tension = html("section", { class: "mwl-tension" }, [tensionTitle, tensionText, questions]);

  const rows = content().loyalties.map(({ key }, number) => {
    const input = /** @type {HTMLInputElement} */ (
      html("input", {
        type: "number",
        inputmode: "numeric",
        step: "1",
        min: "0",
        id: `${id}-${key}`,
        class: "mwl-number",
        "aria-describedby": `${id}-${key}-asks`,
      })
    );
    const label = html("label", { for: input.id });
    const name = html("span", { class: "mwl-name" });
    const spoken = html("span", { class: "mw-hidden" });
    label.append(spoken, name);
    const short = html("span", { class: "mwl-short" });
    const asks = html("span", { class: "mwl-asks", id: `${id}-${key}-asks` });
    const less = html("button", { type: "button", class: "mwl-step" }, ["−"]);
    const more = html("button", { type: "button", class: "mwl-step" }, ["+"]);
    const bar = html("div", { class: "mwl-fill" });
    const row = html("div", { class: `mwl-row mw-v${number} mwl-v${number}` }, [
      html("span", { class: "mwl-shape", "aria-hidden": "true" }, [SHAPES[number % SHAPES.length]]),
      html("div", { class: "mwl-words" }, [label, " ", short, asks]),
      html("div", { class: "mwl-control" }, [less, input, more]),
      html("div", { class: "mwl-bar", "aria-hidden": "true" }, [bar]),
    ]);

    input.addEventListener("input", () => give(key, toPoints(input.value, content().total)), { signal });
    // While somebody types, the field is theirs; afterwards it shows what counts.
    input.addEventListener("blur", () => (input.value = String(weights()[key])), { signal });
    // Scrolling the page over a field with focus must not change an answer.
    input.addEventListener("wheel", () => input.blur(), { signal, passive: true });
    input.addEventListener(
      "keydown",
      (event) => {
        const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
        if (plain && !["Tab", "Escape", "Enter"].includes(event.key)) event.stopPropagation();
      },
      { signal },
    );
    less.addEventListener("click", () => give(key, toPoints(weights()[key] - STEP, content().total)), { signal });
    more.addEventListener("click", () => give(key, toPoints(weights()[key] + STEP, content().total)), { signal });
    return { key, row, input, name, spoken, short, asks, less, more, bar };
  });

  const root = html(
    "div",
    { class: "mw-loyalties mw", role: "group", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    [
      html("div", { class: "mw-card" }, [
        title,
        intro,
        html("div", { class: "mwl-sum" }, [whole, top]),
        html("div", { class: "mwl-rows" }, rows.map(({ row }) => row)),
        tension,
        live,
      ]),
    ],
  );

  let shownTension = "";
  let announced = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let aside = "";

  const keep = saver(model, signal, () => ({ weights: weights() }));

  /**
   * @param {string} key
   * @param {number} points
   */
  function give(key, points) {
    if (weights()[key] === points) return draw();
    model.set("weights", { ...weights(), [key]: points });
    keep.save();
  }

  reset.addEventListener(
    "click",
    () => {
      aside = words().was_reset;
      model.set("weights", Object.fromEntries(keys().map((key) => [key, 0])));
      keep.save();
      announceAtRest();
    },
    { signal },
  );

  const statusText = () => status(remaining(weights(), content().total), content().total, words());

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

  function drawWhole() {
    const { total } = content();
    const given = total - remaining(weights(), total);
    const scale = 100 / Math.max(total, given);
    whole.replaceChildren(
      ...rows.map(({ key }, number) => {
        const part = html("div", { class: `mwl-part mw-v${number} mwl-v${number}` }, weights()[key] >= 6 ? [html("span", {}, [SHAPES[number % SHAPES.length]])] : []);
        part.style.width = `${weights()[key] * scale}%`;
        return part;
      }),
    );
    const limit = html("div", { class: "mwl-limit" });
    limit.style.left = `${total * scale}%`;
    if (given > total) whole.append(limit);
  }

  function drawTension() {
    const word = words();
    const heavy = heaviest(weights(), keys());
    const shown = content().loyalties.filter((loyalty) => heavy.includes(loyalty.key));
    const key = JSON.stringify([heavy, heavy.map((k) => weights()[k]), content()]);
    if (key === shownTension) return;
    shownTension = key;
    tensionTitle.textContent = word.tension;
    const text = [word.tension_none, word.tension_one, word.tension_two][shown.length] ?? word.tension_tied;
    tensionText.textContent = format(text, { count: shown.length });
    questions.hidden = shown.length === 0;
    questions.classList.toggle("mwl-pair", shown.length === 2);
    questions.replaceChildren(
      ...shown.map((loyalty) => {
        const number = keys().indexOf(loyalty.key);
        const points = weights()[loyalty.key];
        return html("li", { class: `mwl-question mw-v${number} mwl-v${number}` }, [
          html("p", { class: "mwl-who" }, [
            html("span", { class: "mwl-shape", "aria-hidden": "true" }, [SHAPES[number % SHAPES.length]]),
            html("b", {}, [loyalty.name]),
            html("span", { class: "mwl-weight" }, [points === 1 ? word.points_one : format(word.points, { points })]),
          ]),
          html("p", { class: "mwl-dilemma" }, [loyalty.dilemma]),
          html("p", { class: "mw-cite mwl-cite" }, [loyalty.cite]),
        ]);
      }),
    );
  }

  function draw() {
    const word = words();
    const { total, loyalties } = content();
    const rest = remaining(weights(), total);
    root.lang = model.get("lang");
    root.classList.toggle("mwl-over", rest < 0);
    root.classList.toggle("mwl-done", rest === 0);
    title.textContent = word.title;
    intro.textContent = word.intro;
    left.textContent = statusText();
    reset.textContent = word.reset;
    rows.forEach(({ key, input, name, spoken, short, asks, less, more, bar }, number) => {
      const loyalty = loyalties[number];
      const points = weights()[key];
      const fill = { name: loyalty.name };
      spoken.textContent = format(word.points_for, { name: "" });
      name.textContent = loyalty.name;
      short.textContent = loyalty.short;
      short.hidden = loyalty.short === loyalty.name;
      asks.textContent = loyalty.asks;
      less.setAttribute("aria-label", format(word.less, fill));
      more.setAttribute("aria-label", format(word.more, fill));
      input.max = String(total);
      const typing = root.getRootNode() instanceof Document && document.activeElement === input;
      const typed = input.value === "" && points === 0 && typing;
      if (!typed && input.value !== String(points)) input.value = String(points);
      bar.style.width = `${(points / total) * 100}%`;
    });
    drawWhole();
    drawTension();
  }

  listen(model, signal, ["weights", "lang", "content"], () => {
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
