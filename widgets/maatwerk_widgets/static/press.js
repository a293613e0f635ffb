// While a finger or a button is down, nothing on the page may move: what would change the layout waits until it is
// lifted. And what is dragged is sent once it rests, not at every step.
//
// Each widget has this module in a copy of its own; what they share stands on the window.

/** @typedef {{ down: Map<number, string>, waiting: Map<object, () => void>, settled: Set<() => void> }} Presses */

const SHARED = Symbol.for("maatwerk.presses");
/** How long a finger that is down must keep still before what it chose is sent, in milliseconds. */
const REST = 150;
/** After a touch the browser may still send the events of a mouse to what lies there, in milliseconds. */
const AFTER_TOUCH = 60;

/** @returns {Presses} */
function presses() {
  const page = /** @type {{ [SHARED]?: Presses }} */ (/** @type {unknown} */ (window));
  return (page[SHARED] ??= watch());
}

/** @returns {Presses} */
function watch() {
  /** @type {Presses} */
  const shared = { down: new Map(), waiting: new Map(), settled: new Set() };
  const { down, waiting, settled } = shared;
  const settle = () => {
    if (down.size > 0) return;
    const callbacks = [...waiting.values()];
    waiting.clear();
    for (const callback of callbacks) callback();
  };
  /** @param {PointerEvent} event */
  const lift = (event) => {
    if (!down.delete(event.pointerId) || down.size > 0) return;
    // The widget that is dragged hears first that this was the end.
    setTimeout(() => {
      for (const send of [...settled]) send();
    });
    // Not at once: the click still has to find what was pressed.
    setTimeout(settle, event.pointerType === "touch" ? AFTER_TOUCH : 0);
  };
  const lost = () => {
    down.clear();
    for (const send of [...settled]) send();
    settle();
  };
  const options = { capture: true, passive: true };
  window.addEventListener("pointerdown", (event) => down.set(event.pointerId, event.pointerType), options);
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    window.addEventListener(end, lift, options);
  }
  // Some ends are never told: a menu or a list of the system took the pointer away.
  window.addEventListener(
    "pointermove",
    (event) => event.pointerType === "mouse" && event.buttons === 0 && down.size > 0 && lost(),
    options,
  );
  window.addEventListener("blur", (event) => event.target === window && lost(), options);
  for (const gone of ["dragend", "pagehide"]) window.addEventListener(gone, lost, options);
  window.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && lost(), options);
  return shared;
}

/** Whether a finger or a button is down. */
export function pressed() {
  return presses().down.size > 0;
}

/**
 * Call back now, or when what is down was lifted: once, with the last callback that was given for the same token.
 * @param {object} token
 * @param {() => void} callback
 */
export function whenLifted(token, callback) {
  if (pressed()) presses().waiting.set(token, callback);
  else callback();
}

/**
 * Makes of `send` what may be called at every step: it sends at once or, while something is down, as soon as that
 * rests or is lifted. What still waits goes along when the page or the widget goes.
 * @param {AbortSignal} signal of the clean-up
 * @param {() => void} send
 */
export function atRest(signal, send) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  const { settled } = presses();
  const now = () => {
    clearTimeout(resting);
    settled.delete(now);
    send();
  };
  signal.addEventListener("abort", () => settled.has(now) && now());
  return () => {
    if (!pressed()) return now();
    settled.add(now);
    clearTimeout(resting);
    resting = setTimeout(now, REST);
  };
}

/**
 * While something is down, keep these parts as high as they are, however long their texts become.
 * @param {HTMLElement[]} parts
 */
export function keepHeight(parts) {
  if (!pressed()) return;
  for (const part of parts.filter((one) => !one.style.height)) {
    part.style.height = `${part.getBoundingClientRect().height}px`;
    part.style.overflow = "clip";
    whenLifted(part, () => (part.style.height = part.style.overflow = ""));
  }
}
