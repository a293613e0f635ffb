// A radar: draws what a plotly figure of `scatterpolar` lines says, with the same in words beside it.

import { html, listen, svg } from "./dom.js";

/**
 * @typedef {{ name: string, r: number[], line: { color: string, dash: string }, marker: { symbol: string } }} Trace
 * @typedef {Trace & { theta: string[] }} NamedTrace
 * @typedef {{ data: NamedTrace[], layout: { polar: { radialaxis: { range: [number, number], dtick: number } } } }} Figure
 * @typedef {{ title: string, texts: Record<string, string>, figure: Figure }} Content
 * @typedef {{ get: (name: string) => any, on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

const WIDTH = 364;
const HEIGHT = 206;
const CENTRE = { x: WIDTH / 2, y: 112 };
const RADIUS = 80;
/** The marks of the loyalties, as beside their points. */
const SHAPES = ["●", "■", "▲", "◆", "★"];
/** @type {Record<string, string>} */
const DASHES = { solid: "none", dash: "7 5" };

/* ---------- pure ---------- */

/**
 * Where a value lies on the nth of `count` spokes, clockwise from the top.
 * @param {number} n
 * @param {number} count
 * @param {number} share of the spoke, from 0 at the centre to 1
 */
export function onSpoke(n, count, share) {
  const angle = (2 * Math.PI * n) / count - Math.PI / 2;
  return {
    x: CENTRE.x + RADIUS * share * Math.cos(angle),
    y: CENTRE.y + RADIUS * share * Math.sin(angle),
  };
}

/**
 * The rings to draw, from small to large.
 * @param {Figure} figure
 */
export function rings(figure) {
  const { range, dtick } = figure.layout.polar.radialaxis;
  return Array.from({ length: Math.round(range[1] / dtick) }, (_, n) => (n + 1) * dtick);
}

/** @param {{ x: number, y: number }[]} points */
const path = (points) => `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;

/* ---------- view ---------- */

/**
 * A name beside the end of its spoke, growing away from the web.
 * @param {string} name
 * @param {number} n
 * @param {{ x: number, y: number }} at
 */
function label(name, n, at) {
  const shape = svg("tspan", { class: `mwr-shape mw-v${n}` }, [SHAPES[n % SHAPES.length]]);
  if (Math.abs(at.x - CENTRE.x) < 1) return text({ x: at.x, y: at.y - 10 }, "middle", [shape, ` ${name}`]);
  const out = Math.sign(at.x - CENTRE.x);
  const anchor = out > 0 ? "start" : "end";
  if (at.y > CENTRE.y) return text({ x: at.x - 24 * out, y: at.y + 20 }, anchor, [shape, ` ${name}`]);
  const x = at.x + 7 * out;
  return text({ x, y: at.y - 12 }, anchor, [shape, svg("tspan", { x, dy: 16 }, [name])]);
}

/**
 * @param {{ x: number, y: number }} at
 * @param {"start" | "middle" | "end"} anchor
 * @param {(Node | string)[]} children
 */
const text = (at, anchor, children) => svg("text", { ...at, "text-anchor": anchor }, children);

/** @param {Figure} figure */
function web(figure) {
  const maximum = figure.layout.polar.radialaxis.range[1];
  const names = figure.data[0].theta.slice(0, -1);
  const spokes = names.map((_, n) => n);
  const ring = (/** @type {number} */ share) => path(spokes.map((n) => onSpoke(n, names.length, share)));
  return [
    ...rings(figure).map((value) => svg("path", { d: ring(value / maximum), class: "mwr-ring" })),
    ...spokes.map((n) => svg("path", { d: path([CENTRE, onSpoke(n, names.length, 1)]), class: "mwr-ring" })),
    ...names.map((name, n) => label(name, n, onSpoke(n, names.length, 1))),
  ];
}

/** @param {Figure} figure */
function scale(figure) {
  const values = rings(figure);
  return values.map((value) =>
    svg("text", { x: CENTRE.x + 4, y: CENTRE.y - (RADIUS * value) / values[values.length - 1] + 13, class: "mwr-tick" }, [
      String(value),
    ]),
  );
}

/**
 * @param {Trace} trace
 * @param {{ x: number, y: number }[]} points
 */
function line(trace, points) {
  const { color, dash } = trace.line;
  return [
    svg("path", { d: path(points), fill: color, "fill-opacity": 0.12, stroke: color, "stroke-width": 2.5, "stroke-dasharray": DASHES[dash], "stroke-linejoin": "round" }),
    ...points.map(({ x, y }) =>
      trace.marker.symbol === "square-open"
        ? svg("rect", { x: x - 4.5, y: y - 4.5, width: 9, height: 9, fill: "#ffffff", stroke: color, "stroke-width": 2.5 })
        : svg("circle", { cx: x, cy: y, r: 5, fill: color }),
    ),
  ];
}

/** @param {Figure} figure */
function lines(figure) {
  const maximum = figure.layout.polar.radialaxis.range[1];
  return figure.data.flatMap((trace) => {
    const values = trace.r.slice(0, -1);
    return line(trace, values.map((value, n) => onSpoke(n, values.length, value / maximum)));
  });
}

/** @param {Trace} trace */
const sample = (trace) =>
  svg("svg", { viewBox: "0 0 48 12", class: "mwr-sample", "aria-hidden": "true", focusable: "false" }, [
    ...line(trace, [{ x: 2, y: 6 }, { x: 46, y: 6 }]).slice(0, 1),
    ...line(trace, [{ x: 24, y: 6 }]).slice(1),
  ]);

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  const title = html("h3", { class: "mwr-title" });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mwr-picture", "aria-hidden": "true", focusable: "false" });
  const words = html("div", { class: "mwr-words" });
  const root = html("section", { class: "mw-radar mw mw-card" }, [title, html("div", { class: "mwr-columns" }, [picture, words])]);

  function draw() {
    /** @type {Partial<Content>} */
    const { title: heading, texts, figure } = model.get("content");
    root.lang = model.get("lang");
    root.hidden = !figure;
    if (!figure || !texts || !heading) return;
    title.textContent = heading;
    picture.replaceChildren(...web(figure), ...lines(figure), ...scale(figure));
    words.replaceChildren(
      ...figure.data.map((trace) =>
        html("p", {}, [...(trace.name ? [sample(trace), html("b", {}, [trace.name]), html("br")] : []), texts[trace.name]]),
      ),
    );
  }

  listen(model, signal, ["content"], draw);
  el.append(root);
  draw();

  return () => {
    abort.abort();
    root.remove();
  };
}

export default { render };
