// The plane: a decision's place, by pointer or keyboard. Geometry first (pure, exported for tests), then the view.

import { format, html, listen, listenAtOnce, svg } from "./dom.js";
import { fromPoint, snap, toPoint } from "./geometry.js";
import { keepHeight } from "./press.js";
import { saver } from "./saving.js";

/**
 * @typedef {{ person: number, group: number }} Place
 * @typedef {{ name: string, low: string, high: string }} Axis
 * @typedef {{ minimum: number, maximum: number, border: number, band: number, person: Axis, group: Axis }} Plane
 * @typedef {"low" | "high"} Level
 * @typedef {{ key: string, numeral: string, name: string, for_whom: string, meaning: string, person: Level,
 *   group: Level, cite: string, own_cite: string, own_numeral: string }} Variant
 * @typedef {Place & { label: string }} Earlier
 * @typedef {{ words: Record<string, string>, plane: Plane, variants: Variant[],
 *   perspectives: { key: string, name: string }[],
 *   statements: Record<string, Record<string, { voordeel: string, nadeel: string }>> }} Content
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** @type {readonly ["person", "group"]} */
const AXES = ["person", "group"];
const BIG_STEP = 10;
/** How long the live region waits for the point to come to rest, in milliseconds. */
const REST = 450;
/** A mark for each variant, so that colour is never alone. */
const SHAPES = ["●", "■", "▲", "◆"];

/* ---------- pure ---------- */

/**
 * Low, high, or both within the band around the border.
 * @param {number} points
 * @param {Plane} plane
 * @returns {Level[]}
 */
export function levels(points, plane) {
  if (Math.abs(points - plane.border) <= plane.band) return ["low", "high"];
  return points < plane.border ? ["low"] : ["high"];
}

/**
 * The variant at a place, or the two or four that it lies between.
 * @param {Place} place
 * @param {Plane} plane
 * @param {Variant[]} variants
 */
export function variantsAt(place, plane, variants) {
  const persons = levels(place.person, plane);
  const groups = levels(place.group, plane);
  return variants.filter((v) => persons.includes(v.person) && groups.includes(v.group));
}

/**
 * Where a key brings the point, or null when the key is not ours. Arrows move along the axis that they point along,
 * whichever of the two sliders has focus; the other keys move along the slider's own axis.
 * @param {Place} place
 * @param {{ key: string, shiftKey?: boolean, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean }} press
 * @param {"person" | "group"} axis
 * @param {Plane} plane
 * @returns {Place | null}
 */
export function step(place, press, axis, plane) {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const size = press.shiftKey ? BIG_STEP : 1;
  /** @type {Record<string, Partial<Place>>} */
  const moves = {
    ArrowLeft: { group: place.group - size },
    ArrowRight: { group: place.group + size },
    ArrowDown: { person: place.person - size },
    ArrowUp: { person: place.person + size },
    PageDown: { [axis]: place[axis] - BIG_STEP },
    PageUp: { [axis]: place[axis] + BIG_STEP },
    Home: { [axis]: plane.minimum },
    End: { [axis]: plane.maximum },
  };
  if (!Object.hasOwn(moves, press.key)) return null;
  const moved = { ...place, ...moves[press.key] };
  return { person: snap(moved.person, plane), group: snap(moved.group, plane) };
}

/**
 * "a, b and c".
 * @param {string[]} items
 * @param {string} and
 */
export function join(items, and) {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${and} ${items[items.length - 1]}`;
}

/**
 * A line from one point to another that stops short of both marks; null when they (nearly) touch.
 * @param {{ x: number, y: number }} from
 * @param {{ x: number, y: number }} to
 * @param {number} before
 * @param {number} after
 */
export function between(from, to, before, after) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < before + after + 8) return null;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return {
    x1: from.x + dx * before,
    y1: from.y + dy * before,
    x2: to.x - dx * after,
    y2: to.y - dy * after,
  };
}

/* ---------- view ---------- */

/**
 * What lies under the point: the told variants with the band between them, or only the middle of both axes.
 * @param {Plane} plane
 * @param {Variant[]} told
 * @param {string[]} active keys of the variants at the point
 * @param {number} side
 * @param {string} id
 */
function groundParts(plane, told, active, side, id) {
  const at = (/** @type {number} */ points) => toPoint({ person: points, group: points }, side, plane);
  const middle = at(plane.border);
  const frame = svg("rect", { x: 0, y: 0, width: side, height: side, class: "mwp-frame" });
  if (told.length === 0) {
    return [
      svg("rect", { x: 0, y: 0, width: side, height: side, class: "mwp-blank" }),
      svg("path", { d: `M${middle.x} 0V${side}M0 ${middle.y}H${side}`, class: "mwp-middle" }),
      frame,
    ];
  }
  const quadrants = told.map((variant, number) => {
    const [x, width] = variant.group === "low" ? [0, middle.x] : [middle.x, side - middle.x];
    const [y, height] = variant.person === "high" ? [0, middle.y] : [middle.y, side - middle.y];
    const state = active.includes(variant.key) ? " mwp-active" : "";
    return svg("rect", { x, y, width, height, class: `mwp-quadrant mwp-v${number}${state}` });
  });
  const [low, high] = [at(plane.border - plane.band), at(plane.border + plane.band)];
  const cross =
    `M${low.x} 0H${high.x}V${high.y}H${side}V${low.y}H${high.x}V${side}H${low.x}V${low.y}H0V${high.y}H${low.x}Z`;
  const hatch = svg("pattern", { id: `${id}-hatch`, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, [
    svg("rect", { width: 7, height: 7, class: "mwp-hatch-ground" }),
    svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, class: "mwp-hatch-line" }),
  ]);
  return [
    svg("defs", {}, [hatch]),
    ...quadrants,
    svg("path", { d: cross, fill: `url(#${id}-hatch)`, class: "mwp-band" }),
    frame,
  ];
}

/**
 * The earlier placements, numbered in their order, with an arrow from each to the next and to the present one.
 * @param {{ x: number, y: number, label: string }[]} marks
 * @param {{ x: number, y: number } | null} present
 * @param {number} side
 * @param {string} id
 */
function trailParts(marks, present, side, id) {
  const stops = present ? [...marks, present] : marks;
  const arrows = stops.slice(1).flatMap((to, n) => {
    const line = between(stops[n], to, 12, to === present ? 22 : 13);
    return line ? [svg("line", { ...line, class: "mwp-trail", "marker-end": `url(#${id}-arrow)` })] : [];
  });
  const head = svg("marker", { id: `${id}-arrow`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 11, markerHeight: 11, markerUnits: "userSpaceOnUse", orient: "auto" }, [
    svg("path", { d: "M1 1 L9 5 L1 9", class: "mwp-arrow-head" }),
  ]);
  const numbers = marks.flatMap((mark, n) => [
    svg("circle", { cx: mark.x, cy: mark.y, r: 10, class: "mwp-mark" }),
    svg("text", { x: mark.x, y: mark.y + 4, class: "mwp-mark-number" }, [String(n + 1)]),
  ]);
  // Names would cover each other where there are more, or the point itself; the list below has them all.
  const [only] = marks.length === 1 && (arrows.length > 0 || !present) ? marks : [];
  return [svg("defs", {}, [head]), ...arrows, ...numbers, ...(only ? [markLabel(only, present, side)] : [])];
}

/**
 * The name of an earlier placement, on the side that its arrow does not leave from and never off the drawing.
 * @param {{ x: number, y: number, label: string }} mark
 * @param {{ x: number, y: number } | null} present
 * @param {number} side
 */
function markLabel(mark, present, side) {
  const leavesUp = present !== null && present.y < mark.y;
  const below = mark.y < 30 || (leavesUp && mark.y < side - 30);
  const anchor = mark.x < side * 0.3 ? "start" : mark.x > side * 0.7 ? "end" : "middle";
  const x = mark.x + (anchor === "start" ? -9 : anchor === "end" ? 9 : 0);
  return svg("text", { x, y: mark.y + (below ? 25 : -16), class: "mwp-mark-label", "text-anchor": anchor }, [mark.label]);
}

/**
 * The point itself, with lines to both sliders.
 * @param {{ x: number, y: number }} at
 * @param {boolean} placed
 * @param {number} side
 */
function pointParts(at, placed, side) {
  const free = placed ? "" : " mwp-free";
  return [
    svg("path", { d: `M${at.x} ${side}V${at.y}H0`, class: `mwp-guide${free}` }),
    svg("g", { class: `mwp-point${free}` }, [
      svg("circle", { cx: at.x, cy: at.y, r: 20, class: "mwp-halo" }),
      svg("circle", { cx: at.x, cy: at.y, r: 12, class: "mwp-dot" }),
      svg("circle", { cx: at.x, cy: at.y, r: 4, class: "mwp-pip" }),
    ]),
  ];
}

/**
 * What tells the present point from the earlier ones.
 * @param {{ x: number, y: number }} at
 * @param {number} side
 * @param {string} word
 */
function nowLabel(at, side, word) {
  // Towards the middle: the names stand in the corners.
  const y = at.y + (at.y > side / 2 ? -26 : 36);
  const anchor = at.x < side * 0.15 ? "start" : at.x > side * 0.85 ? "end" : "middle";
  return svg("text", { x: at.x, y, class: "mwp-mark-label mwp-now-label", "text-anchor": anchor }, [word]);
}

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mwp-${Math.random().toString(36).slice(2, 10)}`;

  const place = () => ({ person: model.get("person"), group: model.get("group") });
  /** @returns {Content} */
  const content = () => model.get("content");
  const plane = () => content().plane;
  const words = () => content().words;
  /** @returns {Variant[]} */
  const here = () => variantsAt(place(), plane(), content().variants);
  const names = (/** @type {Variant[]} */ variants) => join(variants.map((v) => v.name), words().and);
  const shape = (/** @type {Variant} */ variant) =>
    SHAPES[content().variants.findIndex((v) => v.key === variant.key) % SHAPES.length];
  const tells = () => model.get("reveal") !== "nothing";
  const active = () => (model.get("placed") && tells() ? here().map((v) => v.key) : []);

  const title = html("div", { class: "mw-title mwp-title", id: `${id}-title` });
  const hint = html("p", { class: "mwp-hint" });
  const done = html("p", { class: "mwp-hint" });
  const keys = html("p", { class: "mwp-keys", id: `${id}-keys` });
  const placeHere = html("button", { type: "button", class: "mw-button mw-main mwp-place" });
  // Its room stays when the point is placed: what stands below it may not jump away from under the finger.
  const invite = html("div", { class: "mwp-invite" }, [html("div", { class: "mwp-hints" }, [hint, done]), placeHere]);
  const now = html("p", { class: "mwp-now" });
  const live = html("p", { class: "mw-hidden", role: "status", "aria-live": "polite" });

  const ground = svg("svg", { class: "mwp-scene", focusable: "false" });
  const scene = svg("svg", { class: "mwp-scene", focusable: "false" });
  const corners = html("div", { class: "mwp-corners" });
  // From back to front: the quadrants, their names, and the marks, so that a name never hides a mark.
  const drawing = html("div", { class: "mwp-drawing", "aria-hidden": "true" }, [ground, corners, scene]);
  const legend = html("div", { class: "mwp-legend", "aria-hidden": "true" });

  const axes = Object.fromEntries(
    AXES.map((axis) => {
      const input = /** @type {HTMLInputElement} */ (
        html("input", {
          type: "range",
          step: "1",
          id: `${id}-${axis}`,
          class: `mw-range mwp-range-${axis}`,
          "aria-describedby": `${id}-${axis}-ends ${id}-keys`,
        })
      );
      if (axis === "person") input.setAttribute("aria-orientation", "vertical");
      const label = html("label", { for: input.id });
      // The range says its value itself.
      const output = html("span", { class: "mw-points", "aria-hidden": "true" });
      const low = html("span", { class: "mwp-end" });
      const high = html("span", { class: "mwp-end" });
      const spoken = html("span", { class: "mwp-meaning-of-ends", id: `${id}-${axis}-ends` });
      return [axis, { input, label, output, low, high, spoken }];
    }),
  );
  const head = (/** @type {"person" | "group"} */ axis) =>
    html("div", { class: `mwp-head mwp-head-${axis}` }, [axes[axis].label, axes[axis].output, axes[axis].spoken]);
  const ends = (/** @type {"person" | "group"} */ axis) =>
    html("div", { class: `mwp-ends-place-${axis}`, "aria-hidden": "true" }, [
      html("div", { class: `mw-ends mwp-ends-${axis}` }, [axes[axis].low, axes[axis].high]),
    ]);

  const board = html("div", { class: "mwp-board" }, [
    head("person"),
    ends("person"),
    html("div", { class: "mwp-rail" }, [axes.person.input]),
    html("div", { class: "mwp-field" }, [drawing]),
    axes.group.input,
    ends("group"),
    head("group"),
  ]);
  const earlierTitle = html("p", { class: "mwp-earlier-title" });
  const earlierList = html("ul");
  const earlier = html("div", { class: "mwp-earlier" }, [earlierTitle, earlierList]);
  const left = html("div", { class: "mwp-left" }, [invite, board, legend, keys, earlier]);
  const panel = html("div", { class: "mwp-panel" });
  const right = html("div", { class: "mwp-right" }, [now, panel]);
  const root = html(
    "div",
    // JupyterLab would take arrow keys for moving between cells.
    { class: "mw-plane mw", role: "group", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    [html("div", { class: "mw-card" }, [title, html("div", { class: "mwp-columns" }, [left, right]), live])],
  );

  /** The side of the drawing in CSS pixels, so that marks and letters keep their size on every screen. */
  let side = 400;
  let shownGround = "";
  let shownPanel = "";
  let shownCorners = "";
  let announced = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** What to say besides the variants, once the point rests. */
  let aside = "";

  const keep = saver(model, signal, () => ({
    person: model.get("person"),
    group: model.get("group"),
    placed: model.get("placed"),
  }));

  /** @param {Place} to */
  function move(to) {
    const from = place();
    if (model.get("placed") && from.person === to.person && from.group === to.group) return;
    model.set("person", to.person);
    model.set("group", to.group);
    model.set("placed", true);
    keep.save();
  }

  function whereText() {
    const variants = here();
    const word = words();
    return variants.length === 1
      ? format(word.here_one, { variant: variants[0].name })
      : format(word.here_between, { variants: names(variants) });
  }

  /** @param {number} points */
  function valueText(points) {
    const word = words();
    if (!tells()) return format(word.value, { points });
    const variants = here();
    return variants.length === 1
      ? format(word.value_one, { points, variant: variants[0].name })
      : format(word.value_between, { points, variants: names(variants) });
  }

  function announceAtRest() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const where = tells() && model.get("placed") ? whereText() : "";
      const fresh = where === announced ? "" : `${where}.`;
      announced = where;
      const message = [aside, fresh].filter((part) => part && part !== ".").join(" ");
      aside = "";
      if (message) live.textContent = message;
    }, REST);
  }

  function drawScene() {
    const p = plane();
    const at = toPoint(place(), side, p);
    const placed = model.get("placed");
    /** @type {Earlier[]} */
    const earlierPlaces = model.get("earlier");
    const marks = earlierPlaces.map((one) => ({ ...toPoint(one, side, p), label: one.label }));
    const [guide, point] = pointParts(at, placed, side);
    const parts = [
      guide,
      ...trailParts(marks, placed ? at : null, side, id),
      point,
      ...(placed && marks.length > 0 ? [nowLabel(at, side, words().now)] : []),
    ];
    const told = tells() ? content().variants : [];
    const floor = JSON.stringify([p, told.map((v) => v.key), active(), side]);
    if (floor !== shownGround) {
      shownGround = floor;
      ground.setAttribute("viewBox", `0 0 ${side} ${side}`);
      ground.replaceChildren(...groundParts(p, told, active(), side, id));
    }
    scene.setAttribute("viewBox", `0 0 ${side} ${side}`);
    scene.replaceChildren(...parts);
    makeRoom();
  }

  /** A variant's name moves out of the way of the label of a point in its corner. */
  function makeRoom() {
    const names = /** @type {HTMLElement[]} */ ([...corners.querySelectorAll(".mwp-corner")]);
    const moved = names.filter((corner) => corner.style.marginBlock);
    for (const corner of moved) corner.style.marginBlock = "";
    const shown = [...scene.querySelectorAll(".mwp-mark-label")];
    if (shown.length === 0) return;
    // First all that is measured, then all that is written: each change between two measures costs a layout.
    const labels = shown.map((label) => label.getBoundingClientRect());
    const { top, bottom } = drawing.getBoundingClientRect();
    const room = names.map((corner) => {
      const name = corner.getBoundingClientRect();
      const above = name.top - top < bottom - name.bottom;
      return labels
        .filter((label) => label.left < name.right && label.right > name.left && label.top < name.bottom && label.bottom > name.top)
        .map((label) => (above ? label.bottom - top : bottom - label.top));
    });
    names.forEach((corner, n) => {
      if (room[n].length > 0) corner.style.marginBlock = `${Math.max(0, ...room[n])}px`;
    });
  }

  function drawCorners() {
    const current = active();
    const key = JSON.stringify([current, content().variants, tells(), words().band]);
    if (key === shownCorners) return;
    shownCorners = key;
    const shown = tells() ? content().variants : [];
    const looks = shown.map((variant, number) => `mwp-v${number}${current.includes(variant.key) ? " mwp-active" : ""}`);
    const named = (/** @type {Variant} */ variant) => [
      html("span", { class: "mwp-shape" }, [shape(variant)]),
      html("span", {}, [`${variant.numeral}.`, html("span", { class: "mwp-corner-name" }, [` ${variant.name}`])]),
    ];
    corners.replaceChildren(
      ...shown.map((variant, n) =>
        html("div", { class: `mwp-corner mwp-corner-${variant.person}-${variant.group} ${looks[n]}` }, named(variant)),
      ),
      ...(tells() ? [html("div", { class: "mwp-band-label" }, [words().band])] : []),
    );
    // The same for a screen on which the names do not fit in the drawing; the style shows one of the two.
    legend.replaceChildren(
      ...shown.map((variant, n) => html("div", { class: looks[n] }, named(variant))),
      ...(tells() ? [html("div", {}, [html("span", { class: "mwp-swatch" }), html("span", {}, [words().band])])] : []),
    );
  }

  function drawAxes() {
    const p = plane();
    const word = words();
    for (const axis of AXES) {
      const { input, label, output, low, high, spoken } = axes[axis];
      const points = place()[axis];
      input.min = String(p.minimum);
      input.max = String(p.maximum);
      if (input.value !== String(points)) input.value = String(points);
      input.setAttribute("aria-valuetext", valueText(points));
      label.textContent = p[axis].name;
      output.textContent = String(Math.round(points));
      low.replaceChildren(html("b", {}, [String(p.minimum)]), ` ${p[axis].low}`);
      high.replaceChildren(html("b", {}, [String(p.maximum)]), ` ${p[axis].high}`);
      spoken.textContent = format(word.ends, p[axis]);
    }
  }

  function drawEarlier() {
    /** @type {Earlier[]} */
    const marks = model.get("earlier");
    earlier.hidden = marks.length === 0;
    earlierTitle.textContent = words().earlier;
    earlierList.replaceChildren(
      ...marks.map((one, n) => {
        const variants = variantsAt(one, plane(), content().variants);
        const where = tells()
          ? `, ${variants.length === 1 ? variants[0].name : format(words().here_between_short, { variants: names(variants) })}`
          : "";
        return html("li", {}, [
          html("span", { class: "mwp-number", "aria-hidden": "true" }, [String(n + 1)]),
          html("span", {}, [format(words().earlier_at, { ...one }) + where]),
        ]);
      }),
    );
  }

  /** @param {Variant} variant */
  function sides(variant) {
    const word = words();
    const statements = content().statements[variant.key];
    // Roles said aloud: the style shows this table as blocks on a narrow screen, and browsers then forget them.
    return html("table", { role: "table", class: "mwp-sides" }, [
      html("caption", {}, [format(word.sides, { variant: variant.name }), html("span", { class: "mw-cite" }, [` (${variant.own_cite})`])]),
      html("thead", { role: "rowgroup" }, [
        html("tr", { role: "row" }, [
          html("th", { scope: "col", role: "columnheader" }, [word.perspective]),
          html("th", { scope: "col", role: "columnheader" }, [html("span", { "aria-hidden": "true", class: "mwp-plus" }, ["+"]), word.advantage]),
          html("th", { scope: "col", role: "columnheader" }, [html("span", { "aria-hidden": "true", class: "mwp-minus" }, ["−"]), word.disadvantage]),
        ]),
      ]),
      html(
        "tbody",
        { role: "rowgroup" },
        content().perspectives.map((perspective) =>
          html("tr", { role: "row" }, [
            html("th", { scope: "row", role: "rowheader" }, [perspective.name]),
            html("td", { role: "cell", "data-side": `+ ${word.advantage}` }, [statements[perspective.key].voordeel]),
            html("td", { role: "cell", "data-side": `− ${word.disadvantage}` }, [statements[perspective.key].nadeel]),
          ]),
        ),
      ),
    ]);
  }

  /**
   * @param {Variant} variant
   * @param {boolean} alone
   * @param {boolean} open
   */
  function card(variant, alone, open) {
    const word = words();
    const number = content().variants.findIndex((v) => v.key === variant.key);
    const name = html("span", { class: "mwp-name" }, [
      html("span", { class: "mwp-shape", "aria-hidden": "true" }, [shape(variant)]),
      html("span", {}, [variant.name]),
    ]);
    /** @type {Node[]} */
    const body = [
      html("p", { class: "mwp-meta" }, [
        html("span", {}, [html("b", {}, [`${word.for_whom}: `]), variant.for_whom]),
        html("span", { class: "mw-cite" }, [` (${format(word.source, { cite: variant.cite, numeral: variant.numeral })})`]),
      ]),
      html("p", { class: "mwp-meaning" }, [variant.meaning]),
      sides(variant),
    ];
    if (variant.own_numeral !== variant.numeral) {
      body.push(html("p", { class: "mwp-note" }, [format(word.other_numeral, { cite: variant.own_cite, numeral: variant.own_numeral })]));
    }
    const look = `mwp-variant mwp-v${number}`;
    if (alone) return html("section", { class: look }, [html("h3", {}, [name]), ...body]);
    return html("details", open ? { class: look, open: "" } : { class: look }, [html("summary", {}, [html("h4", {}, [name])]), html("div", { class: "mwp-body" }, body)]);
  }

  function drawPanel() {
    const reveal = model.get("reveal");
    const placed = model.get("placed");
    const variants = here();
    root.classList.toggle("mwp-bare", reveal !== "all");
    now.hidden = reveal === "nothing";
    now.textContent = now.hidden || !placed ? "" : whereText();
    panel.hidden = reveal !== "all";
    const key = JSON.stringify([placed, reveal, variants.map((v) => v.key), content().variants, words()]);
    // Left alone while nothing changes: a reader's place and what was opened stay as they are.
    if (key === shownPanel) return;
    shownPanel = key;
    if (panel.hidden) return panel.replaceChildren();
    if (!placed) return panel.replaceChildren(html("p", { class: "mw-empty" }, [words().panel_empty]));
    panel.replaceChildren(...variants.map((variant) => card(variant, variants.length === 1, variants.length === 2)));
  }

  /** What follows the finger and moves nothing else. */
  function paint() {
    keepHeight([right, now, legend]);
    root.classList.toggle("mw-free", !model.get("placed"));
    drawAxes();
    drawCorners();
    drawScene();
    drawPanel();
  }

  function draw() {
    const word = words();
    title.textContent = word.title;
    hint.textContent = word.hint_free;
    done.textContent = word.hint_placed;
    keys.textContent = word.hint_keys;
    placeHere.textContent = word.place_here;
    root.lang = model.get("lang");
    if (!model.get("placed")) invite.hidden = false;
    invite.classList.toggle("mwp-accepted", Boolean(model.get("placed")));
    drawEarlier();
    paint();
  }

  /* --- what the learner does --- */

  for (const axis of AXES) {
    const { input } = axes[axis];
    input.addEventListener("input", () => move({ ...place(), [axis]: snap(Number(input.value), plane()) }), { signal });
    input.addEventListener(
      "keydown",
      (event) => {
        const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
        const to = event.key === "Enter" && plain ? place() : step(place(), event, axis, plane());
        if (to === null) return;
        event.preventDefault();
        event.stopPropagation();
        const other = axis === "person" ? "group" : "person";
        // The slider with focus says its own value; what moved on the other axis must be said for it.
        if (to[other] !== place()[other]) aside = `${plane()[other].name}: ${to[other]}.`;
        move({ person: snap(to.person, plane()), group: snap(to.group, plane()) });
      },
      { signal },
    );
  }

  placeHere.addEventListener(
    "click",
    () => {
      const at = { person: snap(place().person, plane()), group: snap(place().group, plane()) };
      aside = format(words().placed, at);
      move(at);
      // The button is gone now; whoever used the keyboard goes on with the slider.
      axes.group.input.focus();
    },
    { signal },
  );

  /** @type {number | null} */
  let dragging = null;
  /** @param {PointerEvent} event */
  function follow(event) {
    const box = scene.getBoundingClientRect();
    move(fromPoint({ x: event.clientX - box.left, y: event.clientY - box.top }, box.width, plane()));
  }
  drawing.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || dragging !== null) return;
      event.preventDefault();
      dragging = event.pointerId;
      drawing.setPointerCapture(event.pointerId);
      root.classList.add("mwp-dragging");
      follow(event);
    },
    { signal },
  );
  drawing.addEventListener("pointermove", (event) => event.pointerId === dragging && follow(event), { signal });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    drawing.addEventListener(
      end,
      (event) => {
        if (event.pointerId !== dragging) return;
        dragging = null;
        root.classList.remove("mwp-dragging");
      },
      { signal },
    );
  }

  /* --- what the model says --- */

  listenAtOnce(model, signal, ["person", "group", "placed"], () => {
    paint();
    announceAtRest();
  });
  listen(model, signal, ["placed", "earlier", "reveal", "lang", "content"], () => {
    draw();
    announceAtRest();
  });

  const observer = new ResizeObserver(([entry]) => {
    const width = entry.contentRect.width;
    if (width > 0 && width !== side) {
      side = width;
      drawScene();
    }
  });
  observer.observe(drawing);
  el.append(root);
  announced = tells() && model.get("placed") ? whereText() : "";
  // Whoever chose before needs no invitation.
  invite.hidden = Boolean(model.get("placed"));
  draw();

  return () => {
    clearTimeout(resting);
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
