// The hall on the plane: dots that glide, and arrows from round to round. Geometry first (pure), then the canvas.

import { levels } from "../widgets/plane.js";
import { TANGLE, flows } from "./flows.js";

/** How much of the way to its place a dot goes in a frame of a sixtieth of a second. */
const GLIDE = 0.18;
/** How long arrows take to grow, in milliseconds. */
const GROWING = 1400;

/* ---------- pure ---------- */

/**
 * Where a place lies in a square of `size` by `size`, from its top left.
 * @param {number} person
 * @param {number} group
 * @param {number} size
 * @param {{ minimum: number, maximum: number }} plane
 */
export function at(person, group, size, plane) {
  const scale = size / (plane.maximum - plane.minimum);
  return { x: (group - plane.minimum) * scale, y: (plane.maximum - person) * scale };
}

/**
 * Whether a move crosses a border: from clearly low to clearly high on an axis, or back.
 * @param {number[]} arrow person, group, person, group
 * @param {any} plane
 */
export function crosses([person, group, toPerson, toGroup], plane) {
  return [[person, toPerson], [group, toGroup]].some(([from, to]) => {
    const [was, is] = [levels(from, plane), levels(to, plane)];
    return was.length === 1 && is.length === 1 && was[0] !== is[0];
  });
}

/**
 * Slow, fast, slow.
 * @param {number} part from 0 to 1
 */
export function ease(part) {
  const t = Math.min(1, Math.max(0, part));
  return t * t * (3 - 2 * t);
}

/**
 * How large a dot is, so that a thousand do not hide each other and five are seen from the back row.
 * @param {number} count
 * @param {number} size
 */
export function radius(count, size) {
  return Math.max(size * 0.005, Math.min(size * 0.016, (size * 0.12) / Math.sqrt(count + 1)));
}

/* ---------- the canvas ---------- */

/**
 * @typedef {{ plane: any, dots: number[], arrows: number[][], roles: { look: number, points: number[][] }[],
 *   centre: { person: number, group: number } | null, before: { person: number, group: number } | null }} Shown
 * `before` is where the centre was in the round before
 */

export class Scene {
  #canvas;
  #context;
  #still;
  /** @type {Shown | null} */
  #shown = null;
  #now = new Float64Array(0);
  #frame = 0;
  #last = 0;
  #grown = 1;
  #size = 0;
  /** Free space around the plane, so that a dot on the edge is whole. */
  #margin = 0;
  /** Grown arrows, drawn once: a thousand lines take longer than a frame where there is no graphics card. */
  #layer = document.createElement("canvas");
  #stale = true;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => boolean} still whether nothing may move by itself
   */
  constructor(canvas, still) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.#still = still;
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  #fit() {
    const density = window.devicePixelRatio || 1;
    const side = this.#canvas.clientWidth;
    this.#margin = side * 0.02;
    this.#size = side - 2 * this.#margin;
    this.#canvas.width = this.#canvas.height = Math.round(side * density);
    this.#context.setTransform(density, 0, 0, density, this.#margin * density, this.#margin * density);
    this.repaint();
  }

  /** Draw all anew, in the colours as they are now. */
  repaint() {
    this.#stale = true;
    this.#draw();
  }

  /**
   * @param {Shown} shown
   * @param {boolean} fresh everything is new: dots stand where they are at once, arrows grow
   */
  show(shown, fresh) {
    const grows = shown.arrows.length > 0 && (fresh || !this.#shown?.arrows.length);
    if (shown.arrows !== this.#shown?.arrows) this.#stale = true;
    this.#shown = shown;
    const before = this.#now;
    this.#now = Float64Array.from(shown.dots);
    if (!fresh && !this.#still()) this.#now.set(before.subarray(0, this.#now.length));
    if (grows) this.#grown = this.#still() ? 1 : 0;
    this.#wake();
  }

  #wake() {
    if (!this.#frame) this.#frame = requestAnimationFrame((time) => this.#step(time));
  }

  /** @param {number} time */
  #step(time) {
    this.#frame = 0;
    const passed = this.#last ? Math.min(100, time - this.#last) : 16;
    this.#last = time;
    const { dots } = /** @type {Shown} */ (this.#shown);
    const part = 1 - (1 - GLIDE) ** (passed / 16.7);
    let moving = this.#grown < 1;
    for (let n = 0; n < dots.length; n += 1) {
      const way = dots[n] - this.#now[n];
      if (Math.abs(way) < 0.05) this.#now[n] = dots[n];
      else {
        this.#now[n] += way * part;
        moving = true;
      }
    }
    this.#grown = Math.min(1, this.#grown + passed / GROWING);
    this.#draw();
    if (moving) this.#wake();
    else this.#last = 0;
  }

  #draw() {
    const shown = this.#shown;
    const size = this.#size;
    if (!shown || size <= 0) return;
    const context = this.#context;
    const style = getComputedStyle(this.#canvas);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    context.clearRect(-this.#margin, -this.#margin, size + 2 * this.#margin, size + 2 * this.#margin);
    this.#ground(colour);
    const point = (/** @type {number} */ person, /** @type {number} */ group) => at(person, group, size, shown.plane);
    const r = radius(this.#now.length / 2, size);
    const told = shown.roles.length > 0;
    const moved = shown.arrows.length > 0;

    const tangled = shown.arrows.length > TANGLE;

    if (moved && !tangled) this.#drawArrows(colour, point, r);
    context.beginPath();
    for (let n = 0; n < this.#now.length; n += 2) {
      const { x, y } = point(this.#now[n + 1], this.#now[n]);
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
    }
    context.globalAlpha = told ? 0.25 : tangled ? 0.45 : moved ? 0.9 : 0.72;
    context.fillStyle = told ? colour("quiet") : colour("c0");
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = Math.max(1, r / 5);
    context.strokeStyle = colour("paper");
    context.stroke();

    for (const { look, points } of shown.roles) {
      context.fillStyle = colour(`c${look}`);
      context.strokeStyle = colour("paper");
      context.lineWidth = Math.max(1, r / 5);
      for (const [person, group] of points) {
        const { x, y } = point(person, group);
        context.beginPath();
        mark(context, look, x, y, r * 1.15);
        context.fill();
        context.stroke();
      }
    }
    if (tangled) this.#flows(colour, point);
    if (shown.centre) {
      const to = point(shown.centre.person, shown.centre.group);
      if (shown.before) this.#way(colour, point(shown.before.person, shown.before.group), to);
      this.#centre(colour, to);
    }
  }

  /**
   * A stream for all who went the same way: the more people, the wider, and with their number.
   * @param {(name: string) => string} colour
   * @param {(person: number, group: number) => { x: number, y: number }} point
   */
  #flows(colour, point) {
    const { arrows, plane } = /** @type {Shown} */ (this.#shown);
    const context = this.#context;
    const grown = ease(this.#grown);
    const streams = flows(arrows, plane).map(({ arrow, people }) => {
      const [from, end] = [point(arrow[0], arrow[1]), point(arrow[2], arrow[3])];
      const to = { x: from.x + (end.x - from.x) * grown, y: from.y + (end.y - from.y) * grown };
      return { from, to, people, look: crosses(arrow, plane) ? "c1" : "quiet" };
    });
    const most = Math.max(1, ...streams.map(({ people }) => people));
    for (const { from, to, people, look } of streams) {
      const width = this.#size * (0.008 + (0.036 * people) / most);
      stream(context, from, to, width);
      context.fillStyle = colour(look);
      context.globalAlpha = 0.82;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colour("paper");
      context.lineWidth = Math.max(1, this.#size / 350);
      context.stroke();
    }
    if (grown < 1) return;
    const letter = this.#size * 0.042;
    context.font = `700 ${letter}px ${getComputedStyle(this.#canvas).fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    /** @type {{ x: number, y: number, half: number }[]} */
    const taken = [];
    for (const { from, to, people } of streams.reverse()) {
      const half = context.measureText(String(people)).width / 2 + letter * 0.3;
      // Nearer to where they came from, since where they end others end too; and never over another number.
      const free = (/** @type {{ x: number, y: number }} */ at) =>
        taken.every((one) => Math.abs(one.x - at.x) > one.half + half || Math.abs(one.y - at.y) > letter * 1.3);
      const places = [0.3, 0.5, 0.12, 0.7, 0].map((part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }));
      const { x, y } = places.find(free) ?? places[0];
      taken.push({ x, y, half });
      context.beginPath();
      context.roundRect(x - half, y - letter * 0.65, 2 * half, letter * 1.3, letter * 0.4);
      context.fillStyle = colour("paper");
      context.fill();
      context.fillStyle = colour("ink");
      context.fillText(String(people), x, y);
    }
  }

  /**
   * From where the centre was to where it is.
   * @param {(name: string) => string} colour
   * @param {{ x: number, y: number }} from
   * @param {{ x: number, y: number }} to
   */
  #way(colour, from, to) {
    const context = this.#context;
    const unit = this.#size / 700;
    context.lineCap = "round";
    for (const [look, width] of /** @type {const} */ ([["paper", 8], ["ink", 4]])) {
      context.beginPath();
      context.arc(from.x, from.y, 8 * unit, 0, 2 * Math.PI);
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.strokeStyle = colour(look);
      context.lineWidth = width * unit;
      context.stroke();
    }
    context.lineCap = "butt";
  }

  /** @param {(name: string) => string} colour */
  #ground(colour) {
    const context = this.#context;
    const size = this.#size;
    const { plane } = /** @type {Shown} */ (this.#shown);
    const low = at(plane.border - plane.band, plane.border - plane.band, size, plane);
    const high = at(plane.border + plane.band, plane.border + plane.band, size, plane);
    context.fillStyle = colour("ground");
    const m = this.#margin;
    context.fillRect(-m, -m, size + 2 * m, size + 2 * m);
    context.fillStyle = colour("band");
    context.fillRect(low.x, -m, high.x - low.x, size + 2 * m);
    context.fillRect(-m, high.y, size + 2 * m, low.y - high.y);
    context.strokeStyle = colour("control");
    context.lineWidth = 2;
    context.strokeRect(1 - m, 1 - m, size + 2 * m - 2, size + 2 * m - 2);
  }

  /**
   * @param {(name: string) => string} colour
   * @param {(person: number, group: number) => { x: number, y: number }} point
   * @param {number} r
   */
  #drawArrows(colour, point, r) {
    if (this.#grown < 1) {
      this.#stale = true;
      return this.#arrows(this.#context, colour, point, r);
    }
    if (this.#stale) {
      this.#layer.width = this.#canvas.width;
      this.#layer.height = this.#canvas.height;
      const context = /** @type {CanvasRenderingContext2D} */ (this.#layer.getContext("2d"));
      context.setTransform(this.#context.getTransform());
      this.#arrows(context, colour, point, r);
      this.#stale = false;
    }
    const side = this.#size + 2 * this.#margin;
    this.#context.drawImage(this.#layer, -this.#margin, -this.#margin, side, side);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {(name: string) => string} colour
   * @param {(person: number, group: number) => { x: number, y: number }} point
   * @param {number} r
   */
  #arrows(context, colour, point, r) {
    const { arrows, plane } = /** @type {Shown} */ (this.#shown);
    const grown = ease(this.#grown);
    const over = arrows.map((arrow) => crosses(arrow, plane));
    for (const crossing of [false, true]) {
      context.beginPath();
      arrows.forEach(([person, group, toPerson, toGroup], n) => {
        if (over[n] !== crossing) return;
        const from = point(person, group);
        const end = point(toPerson, toGroup);
        const to = { x: from.x + (end.x - from.x) * grown, y: from.y + (end.y - from.y) * grown };
        const angle = Math.atan2(end.y - from.y, end.x - from.x);
        const head = Math.min(r * 2.4, Math.hypot(end.x - from.x, end.y - from.y) / 2);
        context.moveTo(from.x + r * 0.7, from.y);
        context.arc(from.x, from.y, r * 0.7, 0, 2 * Math.PI);
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
        // The head stands half way, where no dot covers it.
        const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
        for (const turn of [2.6, -2.6]) {
          context.moveTo(middle.x, middle.y);
          context.lineTo(middle.x + head * Math.cos(angle + turn), middle.y + head * Math.sin(angle + turn));
        }
      });
      context.strokeStyle = colour(crossing ? "c1" : "quiet");
      context.lineWidth = Math.max(1, r * (crossing ? 0.42 : 0.26));
      context.globalAlpha = crossing ? 0.95 : 0.75;
      context.stroke();
      context.globalAlpha = 1;
    }
  }

  /**
   * @param {(name: string) => string} colour
   * @param {{ x: number, y: number }} centre
   */
  #centre(colour, { x, y }) {
    const context = this.#context;
    const arm = this.#size * 0.035;
    for (const [look, width] of /** @type {const} */ ([["paper", 9], ["ink", 4.5]])) {
      context.beginPath();
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
      context.strokeStyle = colour(look);
      context.lineWidth = (width * this.#size) / 700;
      context.lineCap = "round";
      context.stroke();
    }
    context.lineCap = "butt";
  }
}

/**
 * A broad arrow: thin where it begins, with a head where it ends.
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number }} from
 * @param {{ x: number, y: number }} to
 * @param {number} width
 */
function stream(context, from, to, width) {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const head = Math.min(length * 0.6, width * 1.3 + 6);
  const neck = { x: to.x - dx * head, y: to.y - dy * head };
  const side = (/** @type {{ x: number, y: number }} */ at, /** @type {number} */ by) => /** @type {const} */ ([at.x - dy * by, at.y + dx * by]);
  context.beginPath();
  context.moveTo(...side(from, width * 0.3));
  context.lineTo(...side(neck, width * 0.5));
  context.lineTo(...side(neck, width * 0.95 + 3));
  context.lineTo(to.x, to.y);
  context.lineTo(...side(neck, -width * 0.95 - 3));
  context.lineTo(...side(neck, -width * 0.5));
  context.lineTo(...side(from, -width * 0.3));
  context.closePath();
}

/**
 * Circle, square, triangle or diamond: a shape for each chair.
 * @param {CanvasRenderingContext2D} context
 * @param {number} look
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function mark(context, look, x, y, r) {
  if (look === 0) context.arc(x, y, r, 0, 2 * Math.PI);
  else if (look === 1) context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else {
    const corners = look === 2 ? [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]] : [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]];
    corners.forEach(([dx, dy], n) => context[n ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
    context.closePath();
  }
}
