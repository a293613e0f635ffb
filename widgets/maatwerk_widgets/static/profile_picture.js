// A profile: draws what a plotly figure of markers and annotations says, with the same in words beside it.

import { html, listen, svg } from "./dom.js";

/**
 * @typedef {{ name: string, x: number[], y: number[], marker: { color: string, symbol: string } }} Trace
 * @typedef {{ x: number, y: number, ax?: number, text?: string, xanchor?: "left" | "right", showarrow: boolean }} Annotation
 * @typedef {{ data: Trace[], layout: { annotations: Annotation[], showlegend: boolean,
 *   xaxis: { range: [number, number], dtick: number }, yaxis: { tickvals: number[] } } }} Figure
 * @typedef {{ title: string, lines: string[], figure: Figure }} Content
 * @typedef {{ get: (name: string) => any, on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** Of one row, and of what is left free around the rows, in CSS pixels. */
const ROW = 46;
const MARGIN = 12;
/** From the top of a row to its line: above it stand the names of the poles. */
const LINE = 30;
/** How far an arrow stays away from the middle of a mark. */
const CLEAR = 10;

/* ---------- pure ---------- */

/**
 * Where a point of the figure comes in a picture of this width.
 * @param {{ x: number, y: number }} at
 * @param {Figure} figure
 * @param {number} width
 */
export function toPoint(at, figure, width) {
  const [low, high] = figure.layout.xaxis.range;
  return {
    x: MARGIN + ((at.x - low) / (high - low)) * (width - 2 * MARGIN),
    y: -at.y * ROW + LINE,
  };
}

/* ---------- view ---------- */

/**
 * @param {Trace} trace
 * @param {{ x: number, y: number }} at
 */
function mark({ marker }, { x, y }) {
  return marker.symbol === "diamond-open"
    ? svg("path", { d: `M${x - 10} ${y}L${x} ${y - 10}L${x + 10} ${y}L${x} ${y + 10}Z`, fill: "#ffffff", stroke: marker.color, "stroke-width": 2.5 })
    : svg("circle", { cx: x, cy: y, r: 6, fill: marker.color });
}

/**
 * @param {Figure} figure
 * @param {number} width
 */
function rows(figure, width) {
  const { range, dtick } = figure.layout.xaxis;
  return figure.layout.yaxis.tickvals.flatMap((y) => {
    const [from, to] = range.map((x) => toPoint({ x, y }, figure, width));
    const ticks = [];
    for (let x = range[0]; x <= range[1]; x += dtick) {
      const at = toPoint({ x, y }, figure, width);
      const half = x === 0 ? 7 : 4;
      ticks.push(svg("path", { d: `M${at.x} ${at.y - half}V${at.y + half}`, class: "mwq-rule" }));
    }
    return [svg("path", { d: `M${from.x} ${from.y}H${to.x}`, class: "mwq-rule" }), ...ticks];
  });
}

/**
 * @param {Annotation} annotation
 * @param {Figure} figure
 * @param {number} width
 * @param {string} arrowhead
 */
function annotated(annotation, figure, width, arrowhead) {
  const at = toPoint(annotation, figure, width);
  if (!annotation.showarrow || annotation.ax === undefined) {
    const left = annotation.xanchor === "left";
    return svg("text", { x: left ? 2 : width - 2, y: at.y - 14, "text-anchor": left ? "start" : "end" }, [annotation.text ?? ""]);
  }
  const from = toPoint({ x: annotation.ax, y: annotation.y }, figure, width);
  const way = Math.sign(at.x - from.x);
  return svg("path", { d: `M${from.x + way * CLEAR} ${at.y}H${at.x - way * CLEAR}`, class: "mwq-arrow", "marker-end": arrowhead });
}

/** @param {Trace} trace */
const sample = (trace) =>
  html("span", { class: "mwq-label" }, [
    svg("svg", { viewBox: "-12 -12 24 24", class: "mwq-sample", "aria-hidden": "true", focusable: "false" }, [mark(trace, { x: 0, y: 0 })]),
    trace.name,
  ]);

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mwq-${Math.random().toString(36).slice(2, 10)}`;
  const title = html("h3", { class: "mwq-title" });
  const labels = html("p", { class: "mwq-labels", "aria-hidden": "true" });
  const scene = svg("svg", { class: "mwq-scene", focusable: "false" });
  const picture = html("div", { class: "mwq-picture", "aria-hidden": "true" }, [scene]);
  const words = html("ul", { class: "mwq-words" });
  const root = html("section", { class: "mw-profile-picture mw mw-card" }, [title, labels, html("div", { class: "mwq-columns" }, [picture, words])]);
  let width = 320;

  function draw() {
    /** @type {Partial<Content>} */
    const { title: heading, lines, figure } = model.get("content");
    root.lang = model.get("lang");
    root.hidden = !figure;
    if (!figure || !lines || !heading) return;
    title.textContent = heading;
    labels.hidden = !figure.layout.showlegend;
    labels.replaceChildren(...figure.data.map(sample));
    words.replaceChildren(...lines.map((line) => html("li", {}, [line])));
    const height = figure.layout.yaxis.tickvals.length * ROW;
    picture.style.height = `${height}px`;
    scene.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const arrowhead = `url(#${id}-arrow)`;
    scene.replaceChildren(
      svg("defs", {}, [
        svg("marker", { id: `${id}-arrow`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, [
          svg("path", { d: "M1 1L9 5L1 9", class: "mwq-arrow" }),
        ]),
      ]),
      ...rows(figure, width),
      ...figure.layout.annotations.map((one) => annotated(one, figure, width, arrowhead)),
      ...figure.data.flatMap((trace) => trace.x.map((x, n) => mark(trace, toPoint({ x, y: trace.y[n] }, figure, width)))),
    );
  }

  listen(model, signal, ["content"], draw);
  const observer = new ResizeObserver(([entry]) => {
    if (entry.contentRect.width === 0 || entry.contentRect.width === width) return;
    width = entry.contentRect.width;
    draw();
  });
  observer.observe(picture);
  el.append(root);
  draw();

  return () => {
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
