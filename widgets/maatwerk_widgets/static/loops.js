// The dynamics as circles to walk round. Geometry first (pure, exported for tests), then the view.

import { format, html, listen, svg } from "./dom.js";

/**
 * @typedef {{ x: number, y: number }} Point
 * @typedef {Point & { width: number, height: number }} Box  its middle and its size
 * @typedef {"+" | "-"} Sign
 * @typedef {"more" | "less"} Direction
 * @typedef {{ source: string, target: string, sign: Sign }} Arrow
 * @typedef {Arrow & { moves: Direction, headline: string, why: string, cite: string }} Step
 * @typedef {{ key: string, label: string, polarity: "reinforcing" | "balancing", name: string, kind: string,
 *   gist: string, cite: string, starts: Direction, start: string, steps: Step[], end: string, count: string }} Loop
 * @typedef {{ key: string, name: string, meaning: string, in: string[], out: string[] }} Quantity
 * @typedef {{ height: number, at: Record<string, [number, number]>, bend?: Record<string, number> }} Layout
 * @typedef {{ key: string, label: string, title: string, loops: string[], quantities: Quantity[], arrows: Arrow[],
 *   layouts: { wide: Layout, narrow: Layout } }} View
 * @typedef {{ words: Record<string, string>, views: View[], loops: Loop[] }} Content
 * @typedef {{ view: string, loop: string, step: number }} At
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** Below this width of the drawing, in pixels, its narrow layout is used. */
const NARROW = 640;
/** How far an arrow stays from the box that it points at, in pixels. */
const GAP = 3;
const BEND = -0.08;
/** A shorter arrow than this has its sign beside it, without the word: there is no room on it. */
const SHORT = 90;
const BESIDE = 15;
/** How far a sign stays from the edge of the drawing: half the line around it, when that is thick. */
const EDGE = 2;
const SAMPLES = 80;

/* ---------- pure ---------- */

/**
 * The point at a part `t` (0 to 1) of a curve with one control point.
 * @param {Point} from
 * @param {Point} control
 * @param {Point} to
 * @param {number} t
 * @returns {Point}
 */
export function along(from, control, to, t) {
  const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
  return { x: a * from.x + b * control.x + c * to.x, y: a * from.y + b * control.y + c * to.y };
}

/**
 * @param {Point} point
 * @param {Box} box
 * @param {number} margin
 */
export function within(point, box, margin) {
  return (
    Math.abs(point.x - box.x) <= box.width / 2 + margin && Math.abs(point.y - box.y) <= box.height / 2 + margin
  );
}

/**
 * A curve from one box to another, cut off where it leaves the one and reaches the other; and the place of its sign.
 * A bend is a part of its length, to the left of its direction. Null when the boxes touch.
 * @param {Box} from
 * @param {Box} to
 * @param {number} bend
 * @returns {{ points: Point[], sign: Point, short: boolean } | null}
 */
export function curve(from, to, bend) {
  const control = {
    x: (from.x + to.x) / 2 + (to.y - from.y) * bend * 2,
    y: (from.y + to.y) / 2 - (to.x - from.x) * bend * 2,
  };
  const whole = Array.from({ length: SAMPLES + 1 }, (_, n) => along(from, control, to, n / SAMPLES));
  const points = whole.filter((point) => !within(point, from, GAP) && !within(point, to, GAP));
  if (points.length < 2) return null;
  const [first, middle, last] = [points[0], points[Math.floor(points.length / 2)], points[points.length - 1]];
  const length = Math.hypot(last.x - first.x, last.y - first.y);
  if (length >= SHORT) return { points, sign: middle, short: false };
  const [dx, dy] = [(last.x - first.x) / length, (last.y - first.y) / length];
  return { points, sign: { x: middle.x + dy * BESIDE, y: middle.y - dx * BESIDE }, short: true };
}

/**
 * @param {Point[]} points
 */
export function path(points) {
  return points.map((point, n) => `${n ? "L" : "M"}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("");
}

/**
 * Which way each quantity has moved after `step` arrows of a loop; what was not reached yet is left out.
 * @param {Loop} loop
 * @param {number} step
 * @returns {Record<string, Direction>}
 */
export function moved(loop, step) {
  /** @type {Record<string, Direction>} */
  const found = { [loop.steps[0].source]: loop.starts };
  for (const one of loop.steps.slice(0, step)) found[one.target] = one.moves;
  return found;
}

/* ---------- view ---------- */

const SIGNS = { "+": "+", "-": "−" };
const SIGN_NAMES = { "+": "plus", "-": "minus" };
const ARROWS = { more: "▲", less: "▼" };

/**
 * The words of a name, each of which is broken only when it does not fit on a line by itself.
 * @param {string} name
 */
function whole(name) {
  return name.split(" ").flatMap((word, n) => [n ? " " : "", html("span", { class: "mwk-word" }, [word])]);
}

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mwk-${Math.random().toString(36).slice(2, 10)}`;

  /** @returns {Content} */
  const content = () => model.get("content");
  const words = () => content().words;
  /** @returns {At} */
  const at = () => model.get("at");
  const view = () => /** @type {View} */ (content().views.find((one) => one.key === at().view));
  const loop = () => /** @type {Loop} */ (content().loops.find((one) => one.key === at().loop));
  const known = (/** @type {string} */ key) => /** @type {Loop} */ (content().loops.find((one) => one.key === key));

  const title = html("div", { class: "mw-title mwk-title", id: `${id}-title` });
  const note = html("p", { class: "mwk-note" });
  const views = html("fieldset", { class: "mwk-views" });
  const loops = html("fieldset", { class: "mwk-loops" });
  const drawing = svg("svg", { class: "mwk-arrows", "aria-hidden": "true", focusable: "false" });
  const boxes = html("div", { class: "mwk-boxes", role: "group" });
  const stage = html("div", { class: "mwk-stage" }, [drawing, boxes]);
  const legend = html("div", { class: "mwk-legend" });
  const about = html("div", { class: "mwk-about", role: "status" });
  const walk = html("div", { class: "mwk-walk", "aria-live": "polite" });
  const next = /** @type {HTMLButtonElement} */ (html("button", { type: "button", class: "mw-button mw-main" }));
  const back = /** @type {HTMLButtonElement} */ (html("button", { type: "button", class: "mw-button" }));
  const text = html("details", { class: "mwk-text" });
  const root = html(
    "div",
    // JupyterLab would take keys for moving between cells.
    { class: "mw-loops mw", role: "group", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    [
      html("div", { class: "mw-card" }, [
        title,
        note,
        views,
        html("div", { class: "mwk-columns" }, [
          loops,
          html("div", { class: "mwk-picture" }, [stage, legend, about]),
          html("div", { class: "mwk-side" }, [walk, html("div", { class: "mw-buttons" }, [next, back])]),
        ]),
        text,
      ]),
    ],
  );

  let shownView = "";
  let shownWalk = "";
  /** The quantity that the reader asked about. */
  let asked = "";

  /** @param {Partial<At>} to */
  function go(to) {
    model.set("at", { ...at(), ...to });
    model.save_changes();
  }

  /* --- what to see --- */

  /**
   * @param {string} group
   * @param {string} value
   * @param {boolean} checked
   * @param {(Node | string)[]} label
   */
  function radio(group, value, checked, label) {
    const input = html("input", { type: "radio", name: `${id}-${group}`, value, ...(checked ? { checked: "" } : {}) });
    return html("label", { class: "mw-option mwk-option" }, [input, html("span", {}, label)]);
  }

  /** @param {Loop} one */
  const badge = (one) => html("span", { class: `mwk-badge mwk-${one.polarity}` }, [one.label]);

  function drawChoices() {
    const word = words();
    const all = content().views;
    views.hidden = all.length < 2;
    views.replaceChildren(
      html("legend", {}, [word.views]),
      html("div", { class: "mwk-options" }, all.map((one) => radio("view", one.key, one.key === at().view, [one.label]))),
    );
    loops.replaceChildren(
      html("legend", {}, [word.choose]),
      html(
        "div",
        { class: "mwk-options" },
        view().loops.map((key) => {
          const one = known(key);
          return radio("loop", key, key === at().loop, [
            badge(one),
            html("span", { class: "mwk-option-name" }, [one.name, html("span", { class: "mwk-kind" }, [` (${one.kind})`])]),
          ]);
        }),
      ),
    );
  }

  function drawBoxes() {
    boxes.setAttribute("aria-label", words().picture);
    boxes.replaceChildren(
      ...view().quantities.map((one) =>
        html("button", { type: "button", class: "mwk-box", "data-key": one.key, "aria-expanded": "false" }, [
          html("span", { class: "mwk-box-name" }, whole(one.name)),
          html("span", { class: "mwk-moved" }),
        ]),
      ),
    );
  }

  /** Where things stand now: boxes by the layout, arrows by the boxes. */
  function drawStage() {
    const width = stage.clientWidth;
    if (width === 0) return;
    const layout = width < NARROW ? view().layouts.narrow : view().layouts.wide;
    // Before anything is measured: its boxes have another size.
    stage.classList.toggle("mwk-broad", width >= NARROW);
    stage.style.height = `${layout.height}rem`;
    const height = stage.clientHeight;
    const step = at().step;
    const here = loop();
    const found = moved(here, step);
    const inLoop = new Set(here.steps.map((one) => one.source));
    /** @type {Record<string, Box>} */
    const placed = {};
    for (const box of /** @type {NodeListOf<HTMLElement>} */ (boxes.querySelectorAll(".mwk-box"))) {
      const key = /** @type {string} */ (box.dataset.key);
      const [x, y] = layout.at[key];
      box.style.left = `${x}%`;
      box.style.top = `${y}%`;
      box.classList.toggle("mwk-outside", !inLoop.has(key));
      box.classList.toggle("mwk-asked", key === asked);
      box.setAttribute("aria-expanded", String(key === asked));
      const direction = found[key];
      box.classList.toggle("mwk-reached", Boolean(direction));
      const mark = /** @type {HTMLElement} */ (box.querySelector(".mwk-moved"));
      mark.hidden = !direction;
      mark.textContent = direction ? `${ARROWS[direction]} ${words()[direction]}` : "";
      placed[key] = { x: (x / 100) * width, y: (y / 100) * height, width: box.offsetWidth, height: box.offsetHeight };
    }
    const order = here.steps.map((one) => `${one.source}-${one.target}`);
    /** @type {Node[]} */
    const lines = [];
    /** @type {Node[]} */
    const signs = [];
    for (const arrow of view().arrows) {
      const key = `${arrow.source}-${arrow.target}`;
      const line = curve(placed[arrow.source], placed[arrow.target], layout.bend?.[key] ?? BEND);
      if (line === null) continue;
      const place = order.indexOf(key);
      const state = place < 0 ? "outside" : place === step - 1 ? "now" : place < step ? "walked" : "ahead";
      const look = `mwk-${SIGN_NAMES[arrow.sign]} mwk-${state}`;
      const head = `url(#${id}-${state}-${SIGN_NAMES[arrow.sign]})`;
      const drawn = svg("path", { d: path(line.points), class: `mwk-arrow ${look}`, "marker-end": head });
      // From back to front: what matters now lies on top.
      const add = state === "outside" ? "unshift" : "push";
      lines[add](drawn);
      signs[add](sign(arrow, line.sign, look, line.short));
    }
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawing.replaceChildren(svg("defs", {}, ["outside", "ahead", "walked", "now"].flatMap(heads)), ...lines, ...signs);
  }

  /** @param {string} state */
  function heads(state) {
    return Object.values(SIGN_NAMES).map((name) =>
      svg(
        "marker",
        { id: `${id}-${state}-${name}`, viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 12, markerHeight: 12, markerUnits: "userSpaceOnUse", orient: "auto" },
        [svg("path", { d: "M1 1 L9 5 L1 9", class: `mwk-head mwk-${name} mwk-${state}` })],
      ),
    );
  }

  /**
   * @param {Arrow} arrow
   * @param {Point} place
   * @param {string} look
   * @param {boolean} short
   */
  function sign(arrow, place, look, short) {
    const word = words()[SIGN_NAMES[arrow.sign]];
    const wide = !short && (view().key !== "all" || look.includes("mwk-now"));
    const written = svg("text", { y: 4.5 }, [
      svg("tspan", { class: "mwk-sign-mark" }, [SIGNS[arrow.sign]]),
      ...(wide ? [svg("tspan", { class: "mwk-sign-word", dx: 4 }, [word])] : []),
    ]);
    const half = wide ? 17 + word.length * 3.7 : 11;
    // Somewhat beside its arrow rather than cut off at the edge.
    const x = Math.max(half + EDGE, Math.min(stage.clientWidth - half - EDGE, place.x));
    const y = Math.max(10 + EDGE, Math.min(stage.clientHeight - 10 - EDGE, place.y));
    const group = svg("g", { class: `mwk-sign ${look}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    group.append(svg("rect", { x: -half, y: -10, width: 2 * half, height: 20, rx: 10 }), written);
    return group;
  }

  function drawLegend() {
    const word = words();
    const line = (/** @type {Sign} */ sign, /** @type {string} */ what) =>
      html("li", {}, [
        html("span", { class: `mwk-legend-sign mwk-${SIGN_NAMES[sign]}` }, [`${SIGNS[sign]} ${word[SIGN_NAMES[sign]]}`]),
        html("span", {}, [what]),
      ]);
    legend.replaceChildren(
      html("ul", {}, [line("+", word.legend_plus), line("-", word.legend_minus)]),
      html("p", {}, [word.legend_kinds]),
    );
  }

  function drawAbout() {
    const one = view().quantities.find((quantity) => quantity.key === asked);
    about.hidden = !one;
    if (!one) return about.replaceChildren();
    const word = words();
    const list = (/** @type {string} */ head, /** @type {string[]} */ items) =>
      items.length ? [html("p", { class: "mwk-about-head" }, [head]), html("ul", {}, items.map((item) => html("li", {}, [item])))] : [];
    const close = html("button", { type: "button", class: "mw-button mw-light mwk-close" }, [word.close]);
    about.replaceChildren(
      html("p", {}, [html("b", {}, [`${one.name}: `]), one.meaning]),
      ...list(word.about_in, one.in),
      ...list(word.about_out, one.out),
      close,
    );
  }

  function drawWalk() {
    const word = words();
    const { step } = at();
    const here = loop();
    const count = here.steps.length;
    next.textContent = step === 0 ? word.next_first : step < count ? word.next : word.next_last;
    back.textContent = word.back;
    back.disabled = step === 0;
    const key = JSON.stringify([at(), content().words]);
    // The same words again would be read out again.
    if (key === shownWalk) return;
    shownWalk = key;
    const head = html("p", { class: "mwk-walk-loop" }, [badge(here), html("b", {}, [here.name])]);
    if (step === 0) {
      walk.replaceChildren(
        head,
        html("p", {}, [here.gist, " ", html("span", { class: "mw-cite" }, [here.cite])]),
        html("p", { class: "mwk-headline" }, [here.start]),
      );
      return;
    }
    const now = here.steps[step - 1];
    walk.replaceChildren(
      head,
      html("p", { class: "mwk-count" }, [format(word.step, { number: step, count })]),
      html("p", { class: "mwk-headline" }, [now.headline]),
      html("p", {}, [now.why, " ", html("span", { class: "mw-cite" }, [now.cite])]),
      ...(step === count ? [html("p", { class: "mwk-end" }, [`${here.end} ${here.count}`])] : []),
    );
  }

  function drawText() {
    const open = text.hasAttribute("open");
    text.replaceChildren(
      html("summary", {}, [words().as_text]),
      ...view().loops.map(known).map((one) =>
        html("section", {}, [
          html("h4", {}, [badge(one), ` ${one.name} (${one.kind})`]),
          html("p", {}, [one.gist, " ", html("span", { class: "mw-cite" }, [one.cite])]),
          html(
            "ol",
            {},
            one.steps.map((step) =>
              html("li", {}, [html("b", {}, [step.headline]), " ", step.why, " ", html("span", { class: "mw-cite" }, [step.cite])]),
            ),
          ),
          html("p", {}, [`${one.end} ${one.count}`]),
        ]),
      ),
    );
    text.toggleAttribute("open", open);
  }

  function draw() {
    root.lang = model.get("lang");
    title.textContent = view().title;
    note.textContent = words().note;
    root.classList.toggle("mwk-every", at().view === "all");
    const key = JSON.stringify([at().view, content()]);
    if (key !== shownView) {
      shownView = key;
      asked = "";
      drawBoxes();
      drawLegend();
      drawText();
    }
    drawChoices();
    drawWalk();
    drawAbout();
    drawStage();
  }

  /* --- what the reader does --- */

  views.addEventListener(
    "change",
    (event) => {
      const chosen = /** @type {HTMLInputElement} */ (event.target).value;
      const to = /** @type {View} */ (content().views.find((one) => one.key === chosen));
      go({ view: to.key, loop: to.loops[0], step: 0 });
      focusChoice("view");
    },
    { signal },
  );
  loops.addEventListener(
    "change",
    (event) => {
      go({ loop: /** @type {HTMLInputElement} */ (event.target).value, step: 0 });
      focusChoice("loop");
    },
    { signal },
  );
  next.addEventListener("click", () => go({ step: at().step < loop().steps.length ? at().step + 1 : 0 }), { signal });
  back.addEventListener(
    "click",
    () => {
      go({ step: Math.max(0, at().step - 1) });
      // A button that can do nothing more may not keep the focus.
      if (at().step === 0) next.focus();
    },
    { signal },
  );
  boxes.addEventListener(
    "click",
    (event) => {
      const box = /** @type {HTMLElement} */ (event.target).closest(".mwk-box");
      if (!(box instanceof HTMLElement)) return;
      asked = asked === box.dataset.key ? "" : box.dataset.key ?? "";
      drawAbout();
      drawStage();
    },
    { signal },
  );
  about.addEventListener(
    "click",
    (event) => {
      if (!(/** @type {HTMLElement} */ (event.target).closest(".mwk-close"))) return;
      const box = boxes.querySelector(".mwk-asked");
      asked = "";
      drawAbout();
      drawStage();
      if (box instanceof HTMLElement) box.focus();
    },
    { signal },
  );

  /** The choices were drawn anew; the one that was chosen keeps the focus. @param {"view" | "loop"} group */
  function focusChoice(group) {
    /** @type {HTMLInputElement | null} */ (root.querySelector(`input[name="${id}-${group}"]:checked`))?.focus();
  }

  /* --- what the model says --- */

  listen(model, signal, ["at", "content", "lang"], draw);
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (stage.clientWidth === width) return;
    width = stage.clientWidth;
    drawStage();
  });
  observer.observe(stage);
  el.append(root);
  draw();

  return () => {
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
