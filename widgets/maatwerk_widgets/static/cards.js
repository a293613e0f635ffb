// Cards to read and to put on one plane. Geometry first (pure, exported for tests), then the view.

import { format, html, listen, listenAtOnce, svg } from "./dom.js";
import { fromPoint, snap, toPoint } from "./geometry.js";
import { saver } from "./saving.js";

/**
 * @typedef {{ person: number, group: number }} Place
 * @typedef {{ name: string, low: string, high: string }} Axis
 * @typedef {{ minimum: number, maximum: number, person: Axis, group: Axis }} Plane
 * @typedef {{ key: string, abbreviation: string, name: string, meanings: string[], question: string, cite: string,
 *   thought: string }} Practice
 * @typedef {{ words: Record<string, string>, plane: Plane, practices: Practice[] }} Content
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** @type {readonly ["person", "group"]} */
const AXES = ["person", "group"];
/** How long the live region waits for the point to come to rest, in milliseconds. */
const REST = 600;
/** How far a mark reaches from its middle, in CSS pixels: the current one has a ring around it. */
const REACH = 11;
const CURRENT_REACH = 18;
/** About the size of a letter of a mark's name, in CSS pixels. */
const LETTER = { width: 8.5, height: 15 };
/** Keys that move a slider; JupyterLab would take some of them for itself. */
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
/** Five shapes, first full and then open: a mark for each card, so that colour is never alone. */
const SHAPES = [
  "M-8 0A8 8 0 1 1 8 0A8 8 0 1 1-8 0Z",
  "M-7-7H7V7H-7Z",
  "M0-9L8.5 6.5H-8.5Z",
  "M0-9.5L9.5 0L0 9.5L-9.5 0Z",
  "M0-10L2.6-3.4L9.5-3.1L4.1 1.3L5.9 8.1L0 4.2L-5.9 8.1L-4.1 1.3L-9.5-3.1L-2.6-3.4Z",
];

/* ---------- pure ---------- */

/**
 * Where to write each mark's name: beside, under or above it, inside the square, and clear of what is there already
 * as far as that goes. Marks on one spot so get their names around it.
 * @param {(Point & { name: string, reach: number })[]} marks
 * @param {number} size
 * @returns {Point[]} of each name, the middle of its base line
 */
export function placeNames(marks, size) {
  const taken = marks.map(({ x, y, reach }) => ({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach }));
  return marks.map(({ x, y, name, reach }) => {
    const width = name.length * LETTER.width;
    const { height } = LETTER;
    const within = (/** @type {number} */ start, /** @type {number} */ length) => Math.max(0, Math.min(start, size - length));
    const options = [
      [x + reach, y - height / 2],
      [x - reach - width, y - height / 2],
      [x - width / 2, y + reach],
      [x - width / 2, y - reach - height],
      // Where many marks meet, their names stand in a column.
      ...[...marks, ...marks].flatMap((_, n) => [
        [x + reach, y - height / 2 + n * height],
        [x + reach, y - height / 2 - n * height],
        [x - reach - width, y - height / 2 + n * height],
        [x - reach - width, y - height / 2 - n * height],
      ]),
    ].map(([start, above]) => {
      const [left, top] = [within(start, width), within(above, height)];
      return { left, right: left + width, top, bottom: top + height };
    });
    const free = options.filter(
      (o) => !taken.some((t) => o.left < t.right && o.right > t.left && o.top < t.bottom && o.bottom > t.top),
    );
    const [box] = [...free, ...options];
    taken.push(box);
    return { x: (box.left + box.right) / 2, y: box.bottom - 3 };
  });
}

/* ---------- view ---------- */

/**
 * The mark of the nth card.
 * @param {number} number
 * @param {Point} at
 */
function mark(number, at) {
  const open = number >= SHAPES.length ? " mwc-open-mark" : "";
  return svg("path", {
    d: SHAPES[number % SHAPES.length],
    transform: `translate(${at.x} ${at.y})`,
    class: `mwc-mark mw-v${number % SHAPES.length}${open}`,
  });
}

/** @param {number} number */
const icon = (number) =>
  svg("svg", { class: "mwc-icon", viewBox: "-12 -12 24 24", "aria-hidden": "true", focusable: "false" }, [mark(number, { x: 0, y: 0 })]);

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mwc-${Math.random().toString(36).slice(2, 10)}`;

  /** @returns {Content} */
  const content = () => model.get("content");
  const words = () => content().words;
  const plane = () => content().plane;
  /** @returns {Record<string, Place>} */
  const placements = () => model.get("placements");
  const middle = () => (plane().minimum + plane().maximum) / 2;
  const numberOf = (/** @type {string} */ key) => content().practices.findIndex((p) => p.key === key);
  const practice = (/** @type {string} */ key) => content().practices[numberOf(key)];

  /** The card that is open, or "" when none is. */
  let opened = "";
  let announced = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  const title = html("div", { class: "mw-title", id: `${id}-title` });
  const intro = html("p");
  const live = html("p", { class: "mw-hidden", role: "status", "aria-live": "polite" });

  /* --- a drawing of the plane: one in the open card, one of all cards --- */

  const charts = /** @type {ReturnType<typeof chart>[]} */ ([]);
  function chart() {
    const scene = svg("svg", { class: "mwc-scene", focusable: "false" });
    const up = html("div", { class: "mwc-axis" });
    const right = html("div", { class: "mwc-axis mwc-axis-right" });
    const square = html("div", { class: "mwc-square" }, [scene]);
    const whole = html("div", { class: "mwc-chart", "aria-hidden": "true" }, [up, square, right]);
    const one = { whole, square, scene, up, right, side: 320 };
    charts.push(one);
    return one;
  }
  const board = chart();
  const overview = chart();

  /**
   * @param {ReturnType<typeof chart>} one
   * @param {string} current
   */
  function drawChart(one, current) {
    const { side } = one;
    const p = plane();
    const centre = toPoint({ person: middle(), group: middle() }, side, p);
    one.scene.setAttribute("viewBox", `0 0 ${side} ${side}`);
    one.up.textContent = `↑ ${p.person.name}`;
    one.right.textContent = `${p.group.name} →`;
    // The current one comes last, over the others.
    const shown = Object.entries(placements())
      .map(([key, place]) => ({
        key,
        number: numberOf(key),
        name: practice(key).abbreviation,
        reach: key === current ? CURRENT_REACH : REACH,
        ...toPoint(place, side, p),
      }))
      .sort((a, b) => Number(a.key === current) - Number(b.key === current));
    const names = placeNames(shown, side);
    one.scene.replaceChildren(
      svg("rect", { x: 0, y: 0, width: side, height: side, class: "mwc-floor" }),
      svg("path", { d: `M${centre.x} 0V${side}M0 ${centre.y}H${side}`, class: "mwc-middle" }),
      ...shown.flatMap(({ key, number, name, ...at }, n) => [
        ...(key === current ? [svg("circle", { cx: at.x, cy: at.y, r: 16, class: "mwc-halo" })] : []),
        mark(number, at),
        svg("text", { x: names[n].x, y: names[n].y, class: key === current ? "mwc-name mwc-current" : "mwc-name" }, [name]),
      ]),
    );
  }

  /* --- the open card's controls, moved from card to card --- */

  const where = html("h4", { id: `${id}-where` });
  const hint = html("p", { class: "mwc-hint", id: `${id}-hint` });
  const sliders = Object.fromEntries(
    AXES.map((axis) => {
      const input = /** @type {HTMLInputElement} */ (
        html("input", {
          type: "range",
          step: "1",
          id: `${id}-${axis}`,
          class: "mw-range",
          "aria-describedby": `${id}-${axis}-ends ${id}-hint`,
        })
      );
      const label = html("label", { for: input.id });
      const output = html("output", { for: input.id, class: "mw-points", "aria-hidden": "true" });
      // An output is a live region by itself; the range already says its value.
      output.setAttribute("aria-live", "off");
      const low = html("span");
      const high = html("span");
      const ends = html("span", { class: "mw-hidden", id: `${id}-${axis}-ends` });
      const whole = html("div", { class: "mwc-slider" }, [
        html("div", { class: "mwc-slider-head" }, [label, output]),
        input,
        html("div", { class: "mw-ends", "aria-hidden": "true" }, [low, high]),
        ends,
      ]);
      input.addEventListener("input", () => move({ [axis]: snap(Number(input.value), plane()) }), { signal });
      input.addEventListener("change", save, { signal });
      input.addEventListener(
        "keydown",
        (event) => {
          if (event.ctrlKey || event.altKey || event.metaKey) return;
          if (MOVES.includes(event.key)) event.stopPropagation();
          if (event.key !== "Enter") return;
          event.preventDefault();
          event.stopPropagation();
          move({});
          save();
        },
        { signal },
      );
      return [axis, { whole, input, label, output, low, high, ends }];
    }),
  );
  const remove = html("button", { type: "button", class: "mw-button mw-light mwc-remove" });
  const placing = html("div", { class: "mwc-placing", role: "group", "aria-labelledby": where.id }, [
    where,
    hint,
    board.whole,
    ...AXES.map((axis) => sliders[axis].whole),
    remove,
  ]);
  const thoughtTitle = html("h4");
  const yours = html("p", { class: "mwc-yours" });
  const thought = html("p");
  const beside = html("div", { class: "mwc-beside" }, [thoughtTitle, yours, thought]);

  /* --- the cards --- */

  const cards = content().practices.map(({ key }, number) => {
    const name = html("span", { class: "mwc-card-name" });
    const state = html("span", { class: "mwc-state" });
    const body = html("div", { class: "mwc-body", id: `${id}-body-${key}` });
    const button = html("button", { type: "button", "aria-controls": body.id }, [
      icon(number),
      html("span", { class: "mwc-heading" }, [name, " ", state]),
    ]);
    const text = html("div", { class: "mwc-text" });
    body.append(text);
    button.addEventListener(
      "click",
      () => {
        opened = opened === key ? "" : key;
        draw();
        // A card above it may just have closed.
        button.scrollIntoView({ block: "nearest" });
      },
      { signal },
    );
    return { key, name, state, button, body, text, whole: html("section", { class: "mwc-one" }, [html("h3", {}, [button]), body]) };
  });

  const overviewTitle = html("h3", { class: "mwc-overview-title" });
  const empty = html("p", { class: "mwc-empty" });
  const list = html("ul", { class: "mwc-list" });
  const all = html("div", { class: "mwc-all" }, [overview.whole, html("div", {}, [list])]);

  const root = html(
    "div",
    { class: "mw-cards mw", role: "group", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    [
      html("div", { class: "mw-card" }, [
        title,
        intro,
        html("div", { class: "mwc-cards" }, cards.map(({ whole }) => whole)),
        overviewTitle,
        empty,
        all,
        live,
      ]),
    ],
  );

  /* --- what the learner does --- */

  const keep = saver(model, signal, () => ({ placements: placements() }));

  /** @param {Partial<Place>} to */
  function move(to) {
    const from = placements()[opened] ?? { person: middle(), group: middle() };
    model.set("placements", { ...placements(), [opened]: { ...from, ...to } });
    keep.touched();
  }

  // Apart from moving: a drag is one answer, not a hundred.
  function save() {
    keep.save();
    announceAtRest();
  }

  remove.addEventListener(
    "click",
    () => {
      const { [opened]: _gone, ...others } = placements();
      model.set("placements", others);
      keep.save();
      announceAtRest();
      // The button is gone now; whoever used the keyboard goes on with the slider.
      sliders.person.input.focus();
    },
    { signal },
  );

  /** @type {number | null} */
  let dragging = null;
  /** @param {PointerEvent} event */
  function follow(event) {
    const box = board.scene.getBoundingClientRect();
    move(fromPoint({ x: event.clientX - box.left, y: event.clientY - box.top }, box.width, plane()));
  }
  board.square.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || dragging !== null) return;
      event.preventDefault();
      dragging = event.pointerId;
      board.square.setPointerCapture(event.pointerId);
      follow(event);
    },
    { signal },
  );
  board.square.addEventListener("pointermove", (event) => event.pointerId === dragging && follow(event), { signal });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    board.square.addEventListener(
      end,
      (event) => {
        if (event.pointerId !== dragging) return;
        dragging = null;
        save();
      },
      { signal },
    );
  }

  /* --- what is shown --- */

  /** @param {string} key */
  function placeText(key) {
    const place = placements()[key];
    return place ? format(words().at, place) : words().unplaced;
  }

  function announceAtRest() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (!opened) return;
      const card = practice(opened).abbreviation;
      const text = placements()[opened]
        ? format(words().said, { card, place: placeText(opened) })
        : format(words().removed, { card });
      if (text !== announced) live.textContent = text;
      announced = text;
    }, REST);
  }

  /** @param {Practice} one */
  function reading(one) {
    const word = words();
    return [
      html("h4", {}, [one.meanings.length > 1 ? word.readings : word.meaning]),
      ...(one.meanings.length > 1
        ? [html("ol", {}, one.meanings.map((meaning) => html("li", {}, [meaning])))]
        : [html("p", {}, one.meanings)]),
      html("h4", {}, [word.question]),
      html("p", {}, [one.question]),
      html("p", { class: "mw-cite mwc-cite" }, [one.cite]),
    ];
  }

  function drawCards() {
    const word = words();
    cards.forEach(({ key, name, state, button, body, text }, number) => {
      const one = content().practices[number];
      name.textContent = format(word.name, one);
      state.textContent = placeText(key);
      state.classList.toggle("mwc-placed", key in placements());
      button.setAttribute("aria-expanded", String(key === opened));
      body.hidden = key !== opened;
      if (key !== opened) return;
      text.replaceChildren(...reading(one));
      if (placing.parentNode !== body) body.append(placing, beside);
    });
  }

  function drawPlacing() {
    if (!opened) return;
    const word = words();
    const card = practice(opened).abbreviation;
    const place = placements()[opened];
    where.textContent = format(word.where, { card });
    hint.textContent = word.hint;
    placing.classList.toggle("mw-free", !place);
    for (const axis of AXES) {
      const { input, label, output, low, high, ends } = sliders[axis];
      const { name, low: lowest, high: highest } = plane()[axis];
      const points = place?.[axis] ?? middle();
      input.min = String(plane().minimum);
      input.max = String(plane().maximum);
      if (Number(input.value) !== points) input.value = String(points);
      input.setAttribute("aria-valuetext", place ? format(word.value, { points }) : word.unplaced);
      label.textContent = name;
      output.textContent = place ? String(Math.round(points)) : "–";
      low.replaceChildren(html("b", {}, [String(plane().minimum)]), ` ${lowest}`);
      high.replaceChildren(html("b", {}, [String(plane().maximum)]), ` ${highest}`);
      ends.textContent = format(word.ends, { low: lowest, high: highest });
    }
    drawChart(board, opened);
  }

  /** What stands below the square once the card has a place. */
  function drawPlaced() {
    if (!opened) return;
    const word = words();
    const card = practice(opened).abbreviation;
    const place = placements()[opened];
    remove.hidden = !place;
    remove.textContent = format(word.remove, { card });
    beside.hidden = !place;
    thoughtTitle.textContent = word.thought;
    yours.textContent = place ? format(word.yours, { card, place: placeText(opened) }) : "";
    thought.textContent = practice(opened).thought;
  }

  function drawOverview() {
    const word = words();
    const { practices } = content();
    const placed = Object.keys(placements()).length;
    overviewTitle.textContent = `${word.overview} (${format(word.placed, { placed, count: practices.length })})`;
    empty.textContent = word.overview_empty;
    empty.hidden = placed > 0;
    all.hidden = placed === 0;
    list.replaceChildren(
      ...practices.map((one, number) =>
        html("li", one.key in placements() ? {} : { class: "mwc-not-yet" }, [
          icon(number),
          html("span", {}, [format(word.item, { card: one.abbreviation, place: placeText(one.key) })]),
        ]),
      ),
    );
    drawChart(overview, "");
  }

  function draw() {
    const count = content().practices.length;
    root.lang = model.get("lang");
    title.textContent = format(words().title, { count });
    intro.textContent = words().intro;
    drawCards();
    drawPlacing();
    drawPlaced();
    drawOverview();
  }

  // The square and its sliders follow the finger, and move nothing else.
  listenAtOnce(model, signal, ["placements"], drawPlacing);
  listen(model, signal, ["placements", "lang", "content"], draw);

  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const one = charts.find(({ square }) => square === target);
      if (!one || contentRect.width === 0 || contentRect.width === one.side) continue;
      one.side = contentRect.width;
      drawChart(one, one === board ? opened : "");
    }
  });
  for (const { square } of charts) observer.observe(square);
  el.append(root);
  draw();

  return () => {
    clearTimeout(resting);
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
