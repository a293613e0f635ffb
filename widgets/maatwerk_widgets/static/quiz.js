// Closed questions, one at a time. What is right is known in Python only: this module shows a question, hands in an
// answer with how sure the learner is, and shows what came back.

import { format, html, listen, svg, textWidth } from "./dom.js";
import { PATIENCE, saver } from "./saving.js";

/**
 * @typedef {{ key: string, text: string }} Named
 * @typedef {{ name: string, low: string, high: string }} Axis
 * @typedef {{ key: string, kind: "choice" | "matching" | "ordering" | "placing", ask: string, given: string,
 *   options?: Named[], rows?: Named[], axes?: { person: Axis, group: Axis } }} Item
 * @typedef {{ words: Record<string, string>, items: Item[], confidences: Named[] }} Content
 * @typedef {{ response: any, confidence: string, state: string, title: string, text: string, fit: string,
 *   right: string[] }} Result
 * @typedef {{ response: any, confidence: string }} Draft
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** How far one step on an axis of the plane goes, in points. */
const STEP = 5;
/** What a list keeps free beside its words, in CSS pixels. */
const SELECT_PADDING = 52;
/** Never colour alone. */
const SIGNS = { right: "✓", partial: "◐", wrong: "○" };

/* ---------- pure ---------- */

/**
 * A list with one of its members a place further (`by` 1) or back (`by` -1); the same list at its ends.
 * @param {string[]} list
 * @param {number} from
 * @param {number} by
 */
export function moved(list, from, by) {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const next = [...list];
  [next[from], next[to]] = [next[to], next[from]];
  return next;
}

/**
 * Where on the plane a point of a square lies, in steps; the square's top left is (0, 0).
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @returns {{ person: number, group: number }}
 */
export function placed(x, y, size) {
  const points = (/** @type {number} */ part) =>
    Math.min(100, Math.max(0, Math.round((part * 100) / STEP) * STEP));
  return { person: points(1 - y / size), group: points(x / size) };
}

/**
 * The first item without a result, or the last one.
 * @param {Item[]} items
 * @param {Record<string, Result>} results
 */
export function firstOpen(items, results) {
  const open = items.findIndex((item) => !(item.key in results));
  return open < 0 ? Math.max(0, items.length - 1) : open;
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
  const id = `mwq-${Math.random().toString(36).slice(2, 10)}`;
  /** @type {Content} */
  const content = model.get("content");
  const { words, items } = content;
  /** @returns {Record<string, Result>} */
  const results = () => model.get("results");
  /** What was filled in and not yet handed in. @type {Map<string, Draft>} */
  const drafts = new Map();
  /** Answered items that are being tried once more. @type {Set<string>} */
  const again = new Set();
  let current = firstOpen(items, results());
  let waitingFor = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  /** What depends on the width. @type {(() => void)[]} */
  let fits = [];

  const card = html("div", { class: "mw-card" });
  const prompt = html("p", { class: "mwq-prompt", role: "alert" });
  const spoken = html("p", { class: "mw-hidden", role: "status" });
  const ending = html("section", { class: "mw-card mwq-ending" });
  // JupyterLab would take letters and arrows for commands.
  const root = html("div", { class: "mw-quiz mw", "data-lm-suppress-shortcuts": "true" }, [card, ending, spoken]);
  root.lang = model.get("lang");

  /** @param {Item} item */
  const result = (item) => (again.has(item.key) ? undefined : results()[item.key]);

  /** @param {Item} item */
  function draft(item) {
    const known = drafts.get(item.key);
    if (known) return known;
    const order = item.kind === "ordering" ? (item.options ?? []).map((one) => one.key) : undefined;
    const fresh = { response: order ?? (item.kind === "choice" ? null : {}), confidence: "" };
    drafts.set(item.key, fresh);
    return fresh;
  }

  /* --- handing in --- */

  const keep = saver(model, signal, () => ({ submitted: model.get("submitted") }));

  /** @param {Item} item */
  function handIn(item) {
    const { response, confidence } = draft(item);
    waitingFor = (model.get("submitted").number ?? 0) + 1;
    prompt.textContent = "";
    model.set("submitted", { number: waitingFor, item: item.key, response, confidence });
    keep.save();
    clearTimeout(patience);
    patience = setTimeout(() => (prompt.textContent = words.waiting), PATIENCE);
  }

  function onReply() {
    const { number, text } = model.get("reply");
    if (number !== waitingFor) return;
    clearTimeout(patience);
    waitingFor = 0;
    prompt.textContent = text;
    if (text) return;
    const item = items[current];
    again.delete(item.key);
    drafts.delete(item.key);
    draw();
    /** @type {HTMLElement | null} */ (card.querySelector(".mwq-feedback"))?.focus();
  }

  /* --- the four kinds --- */

  /**
   * @param {Item} item
   * @param {Draft} given
   * @param {Result | undefined} done
   */
  function choiceControl(item, given, done) {
    return html(
      "div",
      { class: "mwq-options" },
      (item.options ?? []).map((one) => {
        const input = radio(`${id}-answer`, one.key, given.response === one.key, () => (given.response = one.key));
        const right = done?.right.includes(one.key);
        const marks = [
          ...(right ? [tag("right", words.good)] : []),
          ...(done && done.response === one.key ? [tag("yours", words.yours)] : []),
        ];
        return html("label", { class: `mw-option${right ? " mwq-is-right" : ""}` }, [
          input,
          html("span", { class: "mwq-option-text" }, [one.text, ...marks.flatMap((mark) => [" ", mark])]),
        ]);
      }),
    );
  }

  /**
   * @param {string} kind
   * @param {string} text
   */
  function tag(kind, text) {
    return html("span", { class: `mwq-tag mwq-tag-${kind}` }, [text]);
  }

  /**
   * @param {string} name
   * @param {string} value
   * @param {boolean} checked
   * @param {() => void} chosen
   */
  function radio(name, value, checked, chosen) {
    const input = /** @type {HTMLInputElement} */ (html("input", { type: "radio", name, value }));
    input.checked = checked;
    input.addEventListener("change", chosen, { signal });
    return input;
  }

  /**
   * @param {Item} item
   * @param {Draft} given
   * @param {Result | undefined} done
   */
  function matchingControl(item, given, done) {
    const rows = (item.rows ?? []).map((row, number) => {
      const name = `${id}-row-${number}`;
      const select = /** @type {HTMLSelectElement} */ (
        html("select", { id: name, class: "mw-select" }, [
          html("option", { value: "" }, [words.choose]),
          ...(item.options ?? []).map((one) => html("option", { value: one.key }, [one.text])),
        ])
      );
      select.value = given.response?.[row.key] ?? "";
      // A closed list cuts a long name off; here it can be read in full. A screen reader has it from the list.
      const chosen = html("p", { class: "mwq-chosen", "aria-hidden": "true" });
      const fit = () => {
        const text = select.value ? select.selectedOptions[0].textContent ?? "" : "";
        chosen.textContent = text;
        chosen.hidden = text === "" || textWidth(text, select) <= select.clientWidth - SELECT_PADDING;
      };
      select.addEventListener(
        "change",
        () => {
          const { [row.key]: _, ...others } = given.response;
          given.response = select.value ? { ...others, [row.key]: select.value } : others;
          fit();
        },
        { signal },
      );
      fits.push(fit);
      const good = done?.right.includes(row.key);
      const mark = done ? [" ", good ? tag("right", words.good) : tag("other", words.other)] : [];
      return html("div", { class: "mwq-row" }, [
        html("label", { for: name }, [row.text, ...mark]),
        html("div", {}, [select, chosen]),
      ]);
    });
    return html("div", { class: "mwq-rows" }, rows);
  }

  /**
   * @param {Item} item
   * @param {Draft} given
   */
  function orderingControl(item, given) {
    const texts = new Map((item.options ?? []).map((one) => [one.key, one.text]));
    const list = html("ol", { class: "mwq-order" });
    const fill = () => {
      list.replaceChildren(
        ...given.response.map((/** @type {string} */ key, /** @type {number} */ at) =>
          html("li", {}, [
            html("span", { class: "mwq-at", "aria-hidden": "true" }, [`${at + 1}`]),
            html("span", { class: "mwq-step" }, [texts.get(key) ?? key]),
            mover(key, at, -1, "up", "↑"),
            mover(key, at, 1, "down", "↓"),
          ]),
        ),
      );
    };
    /**
     * @param {string} key
     * @param {number} at
     * @param {number} by
     * @param {"up" | "down"} way
     * @param {string} arrow
     */
    function mover(key, at, by, way, arrow) {
      const step = texts.get(key) ?? key;
      const last = moved(given.response, at, by) === given.response;
      const button = html(
        "button",
        {
          type: "button",
          class: "mwq-move",
          "aria-label": format(words[way], { step }),
          "data-move": `${key} ${way}`,
          // Stays reachable at the ends, so that the focus is never lost under a pressed key.
          ...(last ? { "aria-disabled": "true" } : {}),
        },
        [html("span", { "aria-hidden": "true" }, [arrow])],
      );
      button.addEventListener(
        "click",
        () => {
          given.response = moved(given.response, at, by);
          fill();
          /** @type {HTMLElement | null} */ (list.querySelector(`[data-move="${key} ${way}"]`))?.focus();
          const number = given.response.indexOf(key) + 1;
          spoken.textContent = format(words.moved, { number, total: given.response.length, step });
        },
        { signal },
      );
      return button;
    }
    fill();
    return list;
  }

  /**
   * @param {Item} item
   * @param {Draft} given
   * @param {Result | undefined} done
   */
  function placingControl(item, given, done) {
    const axes = /** @type {{ person: Axis, group: Axis }} */ (item.axes);
    const dot = svg("circle", { r: 5, class: "mwq-dot" });
    const corners = (done?.right ?? []).map((corner) => {
      const [person, group] = corner.split("-");
      const [x, y] = [group === "high" ? 50 : 0, person === "high" ? 0 : 50];
      const sign = svg("text", { x: x + 25, y: y + 25, class: "mwq-corner-sign" });
      sign.textContent = SIGNS.right;
      return svg("g", {}, [svg("rect", { x, y, width: 50, height: 50, class: "mwq-corner" }), sign]);
    });
    const square = svg("svg", { viewBox: "-6 -6 112 112", class: "mwq-square", "aria-hidden": "true" }, [
      svg("rect", { x: 0, y: 0, width: 100, height: 100, class: "mwq-field" }),
      svg("path", { d: "M50 0V100M0 50H100", class: "mwq-border" }),
      ...corners,
      dot,
    ]);
    /** @type {(() => void)[]} */
    const shows = [];
    const show = () => {
      for (const one of shows) one();
      const { person, group } = given.response;
      dot.setAttribute("visibility", person === undefined && group === undefined ? "hidden" : "visible");
      dot.setAttribute("cx", String(group ?? 50));
      dot.setAttribute("cy", String(100 - (person ?? 50)));
    };
    const slider = (/** @type {"person" | "group"} */ axis) => {
      const name = `${id}-${axis}`;
      const input = /** @type {HTMLInputElement} */ (
        html("input", { type: "range", id: name, min: "0", max: "100", step: String(STEP), class: "mwq-range" })
      );
      const output = html("output", { class: "mwq-points", for: name, "data-room": words.unset });
      shows.push(() => {
        const points = given.response[axis];
        input.value = String(points ?? 50);
        const said = points === undefined ? words.unset : format(words.points, { points });
        input.setAttribute("aria-valuetext", said);
        output.textContent = said;
      });
      input.addEventListener(
        "input",
        () => {
          given.response = { ...given.response, [axis]: Number(input.value) };
          show();
        },
        { signal },
      );
      return html("div", { class: "mwq-axis" }, [
        html("div", { class: "mwq-beside" }, [html("label", { for: name }, [axes[axis].name]), output]),
        input,
        html("div", { class: "mw-ends" }, [
          html("span", {}, [`0: ${axes[axis].low}`]),
          html("span", {}, [`100: ${axes[axis].high}`]),
        ]),
      ]);
    };
    const put = (/** @type {PointerEvent} */ event) => {
      const box = square.getBoundingClientRect();
      const edge = (box.width * 6) / 112;
      given.response = placed(event.clientX - box.left - edge, event.clientY - box.top - edge, box.width - 2 * edge);
      show();
    };
    if (!done) {
      square.addEventListener(
        "pointerdown",
        (event) => {
          const pointer = /** @type {PointerEvent} */ (event);
          square.setPointerCapture(pointer.pointerId);
          put(pointer);
        },
        { signal },
      );
      square.addEventListener(
        "pointermove",
        (event) => {
          const pointer = /** @type {PointerEvent} */ (event);
          if (square.hasPointerCapture(pointer.pointerId)) put(pointer);
        },
        { signal },
      );
    }
    const control = html("div", { class: "mwq-plane" }, [
      square,
      html("div", { class: "mwq-axes" }, [slider("person"), slider("group")]),
    ]);
    show();
    return control;
  }

  const controls = {
    choice: choiceControl,
    matching: matchingControl,
    ordering: orderingControl,
    placing: placingControl,
  };

  /* --- the card --- */

  function draw() {
    fits = [];
    card.hidden = items.length === 0;
    if (card.hidden) {
      root.replaceChildren(html("p", { class: "mw-card" }, [words.empty]), ending);
      return;
    }
    const item = items[current];
    const done = result(item);
    const given = done ? { response: done.response, confidence: done.confidence } : draft(item);
    const question = html("fieldset", { class: "mwq-question" }, [
      html("legend", {}, [
        html("span", { class: "mwq-ask" }, [item.ask]),
        ...(item.given ? [" ", html("span", { class: "mwq-given" }, [item.given])] : []),
      ]),
      controls[item.kind](item, given, done),
    ]);
    const sure = html("fieldset", { class: "mwq-sure" }, [
      html("legend", {}, [words.confidence]),
      html(
        "div",
        { class: "mwq-sures" },
        content.confidences.map((one) =>
          html("label", { class: "mw-option" }, [
            radio(`${id}-sure`, one.key, given.confidence === one.key, () => (given.confidence = one.key)),
            html("span", {}, [one.text]),
          ]),
        ),
      ),
    ]);
    for (const set of [question, sure]) /** @type {HTMLFieldSetElement} */ (set).disabled = done !== undefined;
    prompt.textContent = "";
    card.replaceChildren(
      ...(items.length > 1 ? [head()] : []),
      question,
      sure,
      ...(done ? [feedback(done)] : [prompt]),
      actions(item, done),
    );
    for (const fit of fits) fit();
    drawEnding();
  }

  function head() {
    const title = html("h3", { class: "mw-number mwq-number", tabindex: "-1" }, [
      format(words.number, { number: current + 1, total: items.length }),
    ]);
    const steps = items.map((item, at) => {
      const state = results()[item.key]?.state ?? "";
      const sign = SIGNS[/** @type {keyof typeof SIGNS} */ (state)] ?? "";
      return html("span", { class: `mwq-bead${at === current ? " mwq-here" : ""}`, "data-state": state }, [sign]);
    });
    return html("div", { class: "mwq-head" }, [title, html("div", { class: "mwq-beads", "aria-hidden": "true" }, steps)]);
  }

  /** @param {Result} done */
  function feedback(done) {
    const sign = SIGNS[/** @type {keyof typeof SIGNS} */ (done.state)];
    return html(
      "div",
      { class: "mwq-feedback", role: "group", "aria-label": done.title, tabindex: "-1", "data-state": done.state },
      [
        html("p", { class: "mwq-outcome" }, [html("span", { "aria-hidden": "true" }, [`${sign} `]), done.title]),
        html("p", { class: "mwq-text" }, [done.text]),
        html("p", { class: "mwq-fit" }, [done.fit]),
      ],
    );
  }

  /**
   * @param {Item} item
   * @param {Result | undefined} done
   */
  function actions(item, done) {
    const buttons = [];
    if (!done) buttons.push(button("mw-main", words.check, () => handIn(item)));
    const more = current < items.length - 1 && !model.get("stopped");
    if (more) buttons.push(button(done ? "mw-main" : "", words.next, () => go(current + 1)));
    if (done) buttons.push(button("", words.again, () => tryAgain(item)));
    if (current > 0) buttons.push(button("", words.previous, () => go(current - 1)));
    return html("div", { class: "mw-buttons mwq-actions" }, buttons);
  }

  /**
   * @param {string} look
   * @param {string} text
   * @param {() => void} press
   */
  function button(look, text, press) {
    const element = html("button", { type: "button", class: `mw-button ${look}` }, [text]);
    element.addEventListener("click", press, { signal });
    return element;
  }

  /** @param {number} to */
  function go(to) {
    current = to;
    draw();
    /** @type {HTMLElement | null} */ (card.querySelector(".mwq-number"))?.focus();
  }

  /** @param {Item} item */
  function tryAgain(item) {
    again.add(item.key);
    draw();
    /** @type {HTMLElement | null} */ (card.querySelector("input, select, button"))?.focus();
  }

  function drawEnding() {
    /** @type {string[]} */
    const lines = model.get("ending");
    ending.hidden = lines.length === 0;
    ending.replaceChildren(
      html("h3", {}, [words.summary]),
      html("ul", {}, lines.map((line) => html("li", {}, [line]))),
    );
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (plain && !["Tab", "Escape"].includes(event.key)) event.stopPropagation();
    },
    { signal },
  );

  // What is being answered here waits for its reply; anything else came from elsewhere.
  const onResults = () => waitingFor || draw();
  listen(model, signal, ["results"], onResults);
  listen(model, signal, ["reply"], onReply);
  listen(model, signal, ["ending"], drawEnding);
  listen(model, signal, ["stopped"], () => !waitingFor && draw());
  const observer = new ResizeObserver(() => fits.forEach((fit) => fit()));
  observer.observe(root);
  el.append(root);
  draw();
  drawEnding();

  return () => {
    clearTimeout(patience);
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
