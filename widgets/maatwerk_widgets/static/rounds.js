// The game of the dynamics: dials and a picture. Geometry first (pure, exported for tests), then the view.
// Python plays the rounds; nothing is computed here but where things are drawn.

import { format, html, listen, listenAtOnce, svg } from "./dom.js";
import { atRest } from "./press.js";
import { saver } from "./saving.js";

/**
 * @typedef {{ key: string, name: string, short: string, low: string, high: string, cite: string }} Dial
 * @typedef {{ key: string, name: string, short: string, meaning: string }} Stock
 * @typedef {{ words: Record<string, string>, length: number, dials: Dial[], stocks: Stock[],
 *   pictures: { title: string, stocks: string[] }[],
 *   formulas: { stock: string, meaning: string,
 *     flows: { effect: string, formula: string, name: string, cite: string }[] }[],
 *   patterns: { name: string, when: string, cite: string }[] }} Content
 * @typedef {{ rounds: string, new: { name: string, told: string }[], lines: string[] }} Phase
 * @typedef {{ status: string, dials: Record<string, number>, lines: Record<string, number[]>,
 *   before: Record<string, number[]>, phases: Phase[],
 *   compared: { dials?: string, head?: string, stocks?: string[] }, predicted: string }} Shown
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 * @typedef {{ width: number, height: number, left: number, right: number, top: number, bottom: number,
 *   length: number }} Frame
 */

const FULL = 100;
/** How long the notebook may stay silent, in milliseconds. */
const PATIENCE = 4000;
/** A mark at every so many rounds: the shape tells lines apart where colour does not. */
const MARK_EVERY = 4;
/** Room that a label at the end of a line takes, in pixels. */
const LABEL_HEIGHT = 17;
/** A picture that is narrower, in pixels, has its names below it: at the end of a line stands the number only. */
const NARROW = 420;
const LOOKS = [
  { shape: "circle", dash: "" },
  { shape: "square", dash: "9 4" },
  { shape: "triangle", dash: "3 4" },
  { shape: "diamond", dash: "12 4 2 4" },
];

/* ---------- pure ---------- */

/**
 * Where a value after a round lies in the picture.
 * @param {number} round
 * @param {number} value
 * @param {Frame} frame
 */
export function toPoint(round, value, frame) {
  const across = frame.width - frame.left - frame.right;
  const down = frame.height - frame.top - frame.bottom;
  return { x: frame.left + (round / frame.length) * across, y: frame.top + (1 - value / FULL) * down };
}

/**
 * A line through all values, the first of which stands at round 0.
 * @param {number[]} values
 * @param {Frame} frame
 */
export function path(values, frame) {
  return values
    .map((value, round) => {
      const { x, y } = toPoint(round, value, frame);
      return `${round ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

/**
 * Labels moved apart until none lies over another: as near to their own place as that allows, in the same order, and
 * within `low` and `high`.
 * @param {number[]} wanted
 * @param {number} room  what one label takes
 * @param {number} low
 * @param {number} high
 * @returns {number[]}
 */
export function spread(wanted, room, low, high) {
  const order = wanted.map((_, n) => n).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const placed = wanted.map((place) => Math.min(high, Math.max(low, place)));
  // Down until nothing overlaps; then up again from the lower edge.
  order.forEach((n, at) => {
    if (at > 0) placed[n] = Math.max(placed[n], placed[order[at - 1]] + room);
  });
  let floor = high;
  for (const n of [...order].reverse()) {
    placed[n] = Math.min(placed[n], floor);
    floor = placed[n] - room;
  }
  return placed;
}

/* ---------- view ---------- */

/**
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {string} look
 */
function mark(shape, x, y, look) {
  const corners = {
    square: `M${x - 4.5} ${y - 4.5}h9v9h-9Z`,
    triangle: `M${x} ${y - 6}L${x + 5.5} ${y + 4}H${x - 5.5}Z`,
    diamond: `M${x} ${y - 6.5}L${x + 6.5} ${y}L${x} ${y + 6.5}L${x - 6.5} ${y}Z`,
  };
  if (shape === "circle") return svg("circle", { cx: x, cy: y, r: 5, class: look });
  return svg("path", { d: corners[/** @type {keyof typeof corners} */ (shape)], class: look });
}

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mwg-${Math.random().toString(36).slice(2, 10)}`;

  /** @returns {Content} */
  const content = () => model.get("content");
  const words = () => content().words;
  /** @returns {Shown} */
  const shown = () => model.get("shown");
  /** @returns {Record<string, number>} */
  const settings = () => model.get("settings");
  const stock = (/** @type {string} */ key) => /** @type {Stock} */ (content().stocks.find((one) => one.key === key));

  const button = (look = "") =>
    /** @type {HTMLButtonElement} */ (html("button", { type: "button", class: `mw-button ${look}` }));
  const title = html("div", { class: "mw-title", id: `${id}-title` });
  const note = html("p", { class: "mwg-note" });
  const predictLabel = html("label", { for: `${id}-prediction` });
  const predict = /** @type {HTMLSelectElement} */ (html("select", { id: `${id}-prediction`, class: "mw-select" }));
  const dialsTitle = html("legend");
  const dials = html("fieldset", { class: "mwg-dials" }, [dialsTitle]);
  const one = button("mw-main");
  const all = button("mw-main");
  const restart = button();
  const keep = button();
  const keptWords = html("p", { class: "mwg-kept", role: "status" });
  const status = html("p", { class: "mwg-status", role: "status" });
  const pictures = html("div", { class: "mwg-pictures", "aria-hidden": "true" });
  const ghosts = html("p", { class: "mwg-ghosts" });
  const whatTitle = html("h3");
  const phases = html("ol", { class: "mwg-phases" });
  const predicted = html("p", { class: "mwg-predicted" });
  const what = html("section", { class: "mwg-what" }, [whatTitle, predicted, phases]);
  const compareTitle = html("h3");
  const compareLines = html("div");
  const compare = html("section", { class: "mwg-compare" }, [compareTitle, compareLines]);
  const numbers = html("details", { class: "mwg-numbers" });
  const formulas = html("details", { class: "mwg-formulas" });
  const live = html("p", { class: "mw-hidden", role: "status", "aria-live": "polite" });
  const root = html(
    "div",
    // JupyterLab would take arrow keys for moving between cells.
    { class: "mw-rounds mw", role: "group", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    [
      html("div", { class: "mw-card" }, [
        title,
        note,
        html("div", { class: "mwg-columns" }, [
          html("div", { class: "mwg-controls" }, [
            html("div", { class: "mwg-predict" }, [predictLabel, predict]),
            dials,
            html("div", { class: "mw-buttons" }, [one, all, restart]),
            html("div", { class: "mw-buttons" }, [keep]),
            keptWords,
          ]),
          html("div", { class: "mwg-outcome" }, [status, pictures, ghosts]),
        ]),
        html("div", { class: "mwg-told" }, [what, compare]),
        numbers,
        formulas,
        live,
      ]),
    ],
  );

  /** @type {Record<string, { input: HTMLInputElement, label: HTMLElement, output: HTMLElement, low: HTMLElement,
   *   high: HTMLElement }>} */
  const dialParts = {};
  let shownContent = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silent;

  /** Ask the notebook for rounds; it is the one that plays. @param {number} number */
  function ask(number) {
    model.set("played", number);
    model.save_changes();
    clearTimeout(silent);
    silent = setTimeout(() => {
      status.textContent = words().waiting;
    }, PATIENCE);
  }

  /* --- what to see --- */

  function drawDials() {
    const fresh = content().dials.map((dial) => {
      const input = /** @type {HTMLInputElement} */ (
        html("input", {
          type: "range",
          min: "0",
          max: String(FULL),
          step: "5",
          class: "mw-range",
          id: `${id}-${dial.key}`,
          "data-key": dial.key,
          "aria-describedby": `${id}-${dial.key}-ends`,
        })
      );
      const label = html("label", { for: input.id }, [dial.name]);
      const output = html("output", { for: input.id, class: "mw-points" });
      // An output is a live region by itself; the range already says its value.
      output.setAttribute("aria-live", "off");
      const low = html("span", {}, [dial.low]);
      const high = html("span", {}, [dial.high]);
      dialParts[dial.key] = { input, label, output, low, high };
      return html("div", { class: "mwg-dial" }, [
        html("div", { class: "mwg-dial-head" }, [label, output]),
        input,
        html("div", { class: "mw-ends", id: `${id}-${dial.key}-ends` }, [low, high]),
      ]);
    });
    dials.replaceChildren(dialsTitle, ...fresh);
  }

  /** Where the dials stand: that follows the finger, and moves nothing else. */
  function drawDialsAt() {
    for (const [key, { input, output }] of Object.entries(dialParts)) {
      const points = settings()[key];
      if (input.value !== String(points)) input.value = String(points);
      input.setAttribute("aria-valuetext", format(words().value, { points }));
      output.textContent = String(points);
    }
  }

  function drawSettings() {
    drawDialsAt();
    predict.value = model.get("prediction");
    keptWords.textContent = model.get("kept_words");
  }

  function drawPrediction() {
    const option = (/** @type {string} */ value, /** @type {string} */ label) => html("option", { value }, [label]);
    predict.replaceChildren(
      option("", words().prediction_none),
      ...content().stocks.map((stock) => option(stock.key, stock.name)),
    );
  }

  /** Whether a dial was turned since the last round. */
  function turned() {
    const { dials } = shown();
    return Object.keys(dials).some((key) => dials[key] !== settings()[key]);
  }

  function drawStatus() {
    clearTimeout(silent);
    const played = model.get("played");
    const { length } = content();
    one.disabled = all.disabled = played >= length;
    restart.disabled = played === 0;
    const turning = played > 0 && played < length && turned();
    const said = turning ? format(words().turning, { round: played + 1 }) : shown().status;
    // The same words again would be read out again.
    if (status.textContent !== said) status.textContent = said;
  }

  /** @param {{ title: string, stocks: string[] }} picture */
  function names(picture) {
    return html(
      "ul",
      { class: "mwg-names" },
      picture.stocks.map((key, n) =>
        html("li", {}, [
          svg("svg", { width: 34, height: 16, viewBox: "0 0 34 16", focusable: "false" }, [
            svg("path", { d: "M0 8H34", class: `mwg-line mwg-c${n}`, "stroke-dasharray": LOOKS[n % LOOKS.length].dash }),
            mark(LOOKS[n % LOOKS.length].shape, 17, 8, `mwg-mark mwg-c${n}`),
          ]),
          stock(key).short,
        ]),
      ),
    );
  }

  /**
   * @param {{ title: string, stocks: string[] }} picture
   * @param {HTMLElement} place
   */
  function drawPicture(picture, place) {
    const width = place.clientWidth || 320;
    const { length } = content();
    const narrow = width < NARROW;
    /** @type {Frame} */
    const frame = { width, height: 250, left: 30, right: narrow ? 52 : 138, top: 12, bottom: 34, length };
    const { lines, before } = shown();
    /** @type {Node[]} */
    const parts = [];
    for (const value of [0, 50, FULL]) {
      const { y } = toPoint(0, value, frame);
      parts.push(svg("line", { x1: frame.left, x2: width - frame.right, y1: y, y2: y, class: "mwg-grid" }));
      parts.push(svg("text", { x: frame.left - 6, y: y + 4, class: "mwg-tick", "text-anchor": "end" }, [String(value)]));
    }
    for (let round = 0; round <= length; round += MARK_EVERY) {
      const { x, y } = toPoint(round, 0, frame);
      parts.push(svg("line", { x1: x, x2: x, y1: y, y2: y + 5, class: "mwg-grid" }));
      parts.push(svg("text", { x, y: y + 18, class: "mwg-tick", "text-anchor": "middle" }, [String(round)]));
    }
    const axis = toPoint(length, 0, frame);
    parts.push(svg("text", { x: axis.x + (narrow ? 10 : 14), y: axis.y + 18, class: "mwg-tick" }, [words().axis]));
    for (const key of picture.stocks) {
      if (before[key]) parts.push(svg("path", { d: path(before[key], frame), class: "mwg-before" }));
    }
    const ends = picture.stocks.map((key) => toPoint(lines[key].length - 1, lines[key][lines[key].length - 1], frame));
    const labels = spread(ends.map(({ y }) => y), LABEL_HEIGHT, frame.top, frame.height - frame.bottom);
    picture.stocks.forEach((key, n) => {
      const { shape, dash } = LOOKS[n % LOOKS.length];
      const values = lines[key];
      parts.push(svg("path", { d: path(values, frame), class: `mwg-line mwg-c${n}`, "stroke-dasharray": dash }));
      values.forEach((value, round) => {
        if (round % MARK_EVERY !== 0 && round !== values.length - 1) return;
        const { x, y } = toPoint(round, value, frame);
        parts.push(mark(shape, x, y, `mwg-mark mwg-c${n}`));
      });
      // The label stands at the right edge, so that it never lies over a line; a thread leads to it.
      const edge = width - frame.right;
      const last = ends[n];
      parts.push(svg("path", { d: `M${last.x + 7} ${last.y}L${Math.max(edge + 4, last.x + 8)} ${labels[n]}H${edge + 7}`, class: "mwg-thread" }));
      parts.push(mark(shape, edge + 15, labels[n], `mwg-mark mwg-c${n}`));
      const points = Math.round(values[values.length - 1]);
      const label = narrow ? String(points) : format(words().label, { stock: stock(key).short, points });
      parts.push(svg("text", { x: edge + 25, y: labels[n] + 4, class: "mwg-label" }, [label]));
    });
    const drawn = svg("svg", { viewBox: `0 0 ${width} ${frame.height}`, width, height: frame.height, focusable: "false" }, parts);
    return narrow ? [drawn, names(picture)] : [drawn];
  }

  function drawPictures() {
    const wanted = content().pictures;
    if (pictures.children.length !== wanted.length) {
      pictures.replaceChildren(...wanted.map((one) => html("div", { class: "mwg-picture" }, [html("p", { class: "mwg-picture-title" }, [one.title]), html("div")])));
    }
    wanted.forEach((one, n) => {
      const place = /** @type {HTMLElement} */ (pictures.children[n].lastElementChild);
      place.replaceChildren(...drawPicture(one, place));
    });
    ghosts.hidden = Object.keys(shown().before).length === 0;
    ghosts.textContent = words().previous;
  }

  function drawTold() {
    const word = words();
    const { phases: told, compared } = shown();
    whatTitle.textContent = word.what;
    what.hidden = told.length === 0;
    phases.replaceChildren(
      ...told.map((phase) =>
        html("li", {}, [
          html("p", { class: "mwg-rounds" }, [phase.rounds]),
          html("div", {}, [
            ...phase.new.map((one) => html("p", {}, [html("b", {}, [one.name]), ` ${one.told}`])),
            ...phase.lines.map((line) => html("p", {}, [line])),
          ]),
        ]),
      ),
    );
    predicted.textContent = shown().predicted;
    predicted.hidden = shown().predicted === "";
    compareTitle.textContent = word.compare;
    compare.hidden = !compared.head;
    compareLines.replaceChildren(
      html("p", {}, [compared.dials ?? ""]),
      html("p", {}, [compared.head ?? ""]),
      html("ul", {}, (compared.stocks ?? []).map((line) => html("li", {}, [line]))),
    );
  }

  function drawNumbers() {
    const word = words();
    const { lines } = shown();
    const rounds = Object.values(lines)[0].length;
    const cell = (/** @type {string} */ tag, /** @type {string} */ text, /** @type {Record<string, string>} */ more = {}) => html(tag, more, [text]);
    const table = html("table", {}, [
      html("thead", {}, [
        html("tr", {}, [cell("th", word.head, { scope: "col" }), ...content().stocks.map((one) => cell("th", one.short, { scope: "col" }))]),
      ]),
      html(
        "tbody",
        {},
        Array.from({ length: rounds }, (_, round) =>
          html("tr", {}, [
            cell("th", round === 0 ? word.start : String(round), { scope: "row" }),
            ...content().stocks.map((one) => cell("td", String(Math.round(lines[one.key][round])))),
          ]),
        ),
      ),
    ]);
    // It may be wider than the screen: then it scrolls, and the keyboard must be able to scroll it.
    const scroller = html("div", { class: "mwg-scroll", tabindex: "0", role: "region", "aria-label": word.numbers }, [table]);
    numbers.replaceChildren(html("summary", {}, [word.numbers]), scroller);
  }

  function drawFormulas() {
    const word = words();
    formulas.replaceChildren(
      html("summary", {}, [word.formulas]),
      html("p", {}, [word.formula_how]),
      ...content().formulas.map((one) =>
        html("section", {}, [
          html("h4", {}, [one.stock]),
          html("p", { class: "mwg-meaning" }, [one.meaning]),
          html(
            "ul",
            {},
            one.flows.map((flow) =>
              html("li", {}, [
                html("span", { class: "mwg-formula" }, [`${flow.effect}: `, html("code", {}, [flow.formula])]),
                html("span", { class: "mwg-why" }, [`${flow.name} `, html("span", { class: "mw-cite" }, [flow.cite])]),
              ]),
            ),
          ),
        ]),
      ),
      html("section", {}, [
        html("h4", {}, [word.patterns]),
        html(
          "ul",
          {},
          content().patterns.map((one) =>
            html("li", {}, [html("b", {}, [`${one.name}: `]), `${one.when} `, html("span", { class: "mw-cite" }, [one.cite])]),
          ),
        ),
      ]),
    );
  }

  function draw() {
    const key = JSON.stringify(content());
    const word = words();
    if (key !== shownContent) {
      shownContent = key;
      root.lang = model.get("lang");
      title.textContent = word.title;
      note.textContent = word.note;
      predictLabel.textContent = word.prediction;
      dialsTitle.textContent = word.dials;
      one.textContent = word.play_one;
      all.textContent = word.play_all;
      restart.textContent = word.restart;
      keep.textContent = word.keep;
      drawPrediction();
      drawDials();
      drawFormulas();
    }
    drawSettings();
    drawStatus();
    drawPictures();
    drawTold();
    drawNumbers();
  }

  /** Say what the last round brought: where it stands, and the newest phase when it is new. */
  let announced = 0;
  function announce() {
    const { phases: told } = shown();
    const last = told[told.length - 1];
    if (last && told.length !== announced) {
      const fresh = last.new.flatMap((one) => [one.name, one.told]);
      live.textContent = [`${last.rounds}.`, ...fresh, ...last.lines].join(" ");
    }
    announced = told.length;
  }

  /* --- what the player does --- */

  const send = atRest(signal, () => model.save_changes());
  const answers = saver(model, signal, () => ({ kept: model.get("kept"), prediction: model.get("prediction") }));

  dials.addEventListener(
    "input",
    (event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      model.set("settings", { ...settings(), [String(input.dataset.key)]: Number(input.value) });
      send();
    },
    { signal },
  );
  dials.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  predict.addEventListener(
    "change",
    () => {
      model.set("prediction", predict.value);
      answers.save();
    },
    { signal },
  );
  one.addEventListener("click", () => ask(Math.min(content().length, model.get("played") + 1)), { signal });
  all.addEventListener("click", () => ask(content().length), { signal });
  restart.addEventListener(
    "click",
    () => {
      ask(0);
      // A button that can do nothing more may not keep the focus.
      one.disabled = false;
      one.focus();
    },
    { signal },
  );
  keep.addEventListener(
    "click",
    () => {
      model.set("kept", { ...settings() });
      answers.save();
    },
    { signal },
  );

  /* --- what the model says --- */

  listenAtOnce(model, signal, ["settings"], drawDialsAt);
  listen(model, signal, ["settings", "prediction", "kept_words"], () => (drawSettings(), drawStatus()));
  listen(model, signal, ["shown"], () => (drawStatus(), drawPictures(), drawTold(), drawNumbers(), announce(), keepFocus()));
  listen(model, signal, ["content"], draw);

  /** A button that has just been switched off gives the focus to the one that still does something. */
  function keepFocus() {
    if (document.activeElement === document.body || one.matches(":disabled:focus") || all.matches(":disabled:focus")) {
      if (lastPressed && !restart.disabled) restart.focus();
    }
    lastPressed = false;
  }
  let lastPressed = false;
  for (const pressed of [one, all]) pressed.addEventListener("click", () => (lastPressed = true), { signal });

  let width = 0;
  const observer = new ResizeObserver(() => {
    if (pictures.clientWidth === width) return;
    width = pictures.clientWidth;
    drawPictures();
  });
  observer.observe(pictures);
  el.append(root);
  draw();
  announced = shown().phases.length;

  return () => {
    clearTimeout(silent);
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
