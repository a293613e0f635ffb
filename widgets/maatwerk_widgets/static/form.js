// A calm form in numbered steps. What counts comes first (pure, exported for tests), then the view.
//
// Two traits keep typing safe. `values` is what Python holds; `edits` is what was changed here. The form never sends
// back a value that nobody touched, so it cannot undo what another tab saved meanwhile; and it never shows an older
// value of Python's over newer typing.

import { format, html, listen, textWidth } from "./dom.js";
import { followSaving, saidOf, saver } from "./saving.js";

/**
 * @typedef {{ key: string, label: string, note?: string }} Option
 * @typedef {{ label: string, options: Option[] }} Group
 * @typedef {{ key: string, label: string, groups: Group[] }} Cell
 * @typedef {{ key: string, kind: "choice" | "select" | "text" | "grid", label: string, help: string,
 *   groups?: Group[], rows?: { key: string, label: string, cells: Cell[] }[], lines?: number, limit?: number,
 *   inLine?: boolean }} Question
 * @typedef {{ number: number, title: string, intro: string, questions: Question[], action?: string }} Step
 * @typedef {{ words: Record<string, string>, steps: Step[] }} Content
 * @typedef {import("./saving.js").State} State
 * @typedef {import("./saving.js").Said} Said
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** How long typing may rest before it is sent, in milliseconds. */
const REST = 350;
/** Who goes on typing is not kept waiting longer, in milliseconds. */
const LONGEST = 2000;
/** What a list keeps free beside its words, in CSS pixels. */
const SELECT_PADDING = 52;

/* ---------- pure ---------- */

/**
 * Whether two JSON values are the same; nothing chosen and never touched are the same too.
 * @param {unknown} a
 * @param {unknown} b
 */
export function same(a, b) {
  const plain = (/** @type {unknown} */ value) => JSON.stringify(value ?? "");
  return plain(a) === plain(b);
}

/**
 * A grid's value with one cell changed; a cell without a choice is left out.
 * @param {Record<string, Record<string, string>> | undefined} value
 * @param {string} row
 * @param {string} column
 * @param {string} choice
 */
export function withCell(value, row, column, choice) {
  const cells = { ...value?.[row], [column]: choice };
  if (choice === "") delete cells[column];
  const rows = { ...value, [row]: cells };
  if (Object.keys(cells).length === 0) delete rows[row];
  return rows;
}

/**
 * Follows what was sent and what Python confirmed, so that an echo of older typing is never shown.
 */
export class Pending {
  /** @type {Map<string, unknown>} */
  #sent = new Map();

  /**
   * @param {string} key
   * @param {unknown} value
   */
  sent(key, value) {
    this.#sent.set(key, value);
  }

  /**
   * Whether Python's value for `key` may be shown. Confirms what was sent when it is the same.
   * @param {string} key
   * @param {unknown} value
   */
  accepts(key, value) {
    if (!this.#sent.has(key)) return true;
    if (!same(this.#sent.get(key), value)) return false;
    this.#sent.delete(key);
    return true;
  }

  get keys() {
    return [...this.#sent.keys()];
  }
}

/* ---------- view ---------- */

/** @typedef {{ element: HTMLElement, show: (value: any) => void, flush?: () => void }} Control */

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  // Two modules on one page share no counter: each is loaded from its own blob.
  const id = `mwf-${Math.random().toString(36).slice(2, 10)}`;
  const pending = new Pending();
  /** @type {Content} */
  let content = model.get("content");
  /** @type {Map<string, Control>} */
  let controls = new Map();
  /** @type {HTMLElement[]} */
  let marks = [];
  /** What depends on the width: a turned screen, a folded side bar. @type {(() => void)[]} */
  let fits = [];
  const body = html("div", { class: "mwf-steps" });
  const reply = html("div", { class: "mwf-reply", role: "status" });
  // JupyterLab would take letters and arrows for commands.
  const root = html("div", { class: "mw-form mw", "data-lm-suppress-shortcuts": "true" }, [body]);

  const valueOf = (/** @type {string} */ key) => model.get("values")[key];

  /**
   * @param {string} key
   * @param {unknown} value
   */
  function send(key, value) {
    if (!pending.keys.includes(key) && same(valueOf(key), value)) return;
    edit(key, value);
    keep.save();
  }

  /**
   * What was changed here, sent or not.
   * @param {string} key
   * @param {unknown} value
   */
  function edit(key, value) {
    pending.sent(key, value);
    model.set("edits", { ...model.get("edits"), [key]: value });
  }

  // Only what Python has not confirmed: it may hold something newer of all the rest.
  const keep = saver(model, signal, () => ({
    edits: Object.fromEntries(pending.keys.map((key) => [key, model.get("edits")[key]])),
  }));

  /* --- the controls --- */

  /**
   * @param {Question} question
   * @returns {Control}
   */
  function textControl(question) {
    const name = `${id}-${question.key}`;
    const area = /** @type {HTMLTextAreaElement} */ (
      html("textarea", {
        id: name,
        class: "mwf-text",
        rows: String(question.lines ?? 4),
        spellcheck: "true",
        ...(question.help ? { "aria-describedby": `${name}-help` } : {}),
      })
    );
    // Nothing that is pasted is cut off: it is all kept, and it is said by how much it is too long.
    const limit = question.limit ?? 20000;
    const long = html("p", { class: "mwf-long", "aria-live": "polite" });
    const measure = () => {
      const over = area.value.length - limit;
      const said = over > 0 ? format(content.words.too_long, { length: area.value.length, limit, over }) : "";
      if (long.textContent !== said) long.textContent = said;
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let resting;
    let typing = false;
    let since = 0;
    const grow = () => {
      area.style.height = "auto";
      if (area.scrollHeight > 0) area.style.height = `${area.scrollHeight + 4}px`;
    };
    const flush = () => {
      clearTimeout(resting);
      if (!typing) return;
      typing = false;
      // A longest length that falls within a sign leaves half of one, which cannot be sent.
      send(question.key, text());
    };
    const text = () => area.value.toWellFormed();
    area.addEventListener(
      "input",
      () => {
        if (!typing) since = Date.now();
        typing = true;
        grow();
        measure();
        edit(question.key, text());
        keep.touched();
        clearTimeout(resting);
        resting = setTimeout(flush, Math.max(0, Math.min(REST, since + LONGEST - Date.now())));
      },
      { signal },
    );
    area.addEventListener("blur", flush, { signal });
    fits.push(grow);
    return {
      element: html("div", { class: "mwf-question" }, [
        html("label", { for: name, class: "mwf-label" }, [question.label]),
        ...help(question, `${name}-help`),
        area,
        long,
      ]),
      flush,
      show(value) {
        const text = value ?? "";
        if (typing || area.value === text) return;
        const focused = document.activeElement === area;
        const [start, end] = [area.selectionStart, area.selectionEnd];
        area.value = text;
        if (focused) area.setSelectionRange(Math.min(start, text.length), Math.min(end, text.length));
        grow();
        measure();
      },
    };
  }

  /**
   * @param {Question} question
   * @param {string} name
   */
  function help(question, name) {
    return question.help ? [html("p", { class: "mwf-help", id: name }, [question.help])] : [];
  }

  /**
   * @param {string} name
   * @param {Group[]} groups
   * @param {string} describedBy
   */
  function selectBox(name, groups, describedBy) {
    const option = (/** @type {Option} */ one) => html("option", { value: one.key }, [one.label]);
    const select = /** @type {HTMLSelectElement} */ (
      html("select", { id: name, class: "mw-select", ...(describedBy ? { "aria-describedby": describedBy } : {}) }, [
        html("option", { value: "" }, [content.words.choose]),
        ...groups.flatMap((group) =>
          group.label
            ? [html("optgroup", { label: group.label }, group.options.map(option))]
            : group.options.map(option),
        ),
      ])
    );
    // A closed list cuts a long sentence off; here it can be read in full. A screen reader has it from the list.
    const chosen = html("p", { class: "mwf-chosen", "aria-hidden": "true" });
    const labels = new Map(groups.flatMap((group) => group.options.map((one) => [one.key, one.label])));
    const fit = () => {
      const label = labels.get(select.value) ?? "";
      chosen.hidden = label === "" || textWidth(label, select) <= select.clientWidth - SELECT_PADDING;
    };
    const show = (/** @type {string | undefined} */ value) => {
      select.value = value && labels.has(value) ? value : "";
      chosen.textContent = labels.get(select.value) ?? "";
      select.classList.toggle("mwf-filled", select.value !== "");
      fit();
    };
    fits.push(fit);
    show("");
    return { select, chosen, show };
  }

  /**
   * @param {Question} question
   * @returns {Control}
   */
  function selectControl(question) {
    const name = `${id}-${question.key}`;
    const { select, chosen, show } = selectBox(name, question.groups ?? [], question.help ? `${name}-help` : "");
    select.addEventListener(
      "change",
      () => {
        show(select.value);
        send(question.key, select.value);
      },
      { signal },
    );
    return {
      element: html("div", { class: "mwf-question" }, [
        html("label", { for: name, class: "mwf-label" }, [question.label]),
        ...help(question, `${name}-help`),
        select,
        chosen,
      ]),
      show,
    };
  }

  /**
   * @param {Question} question
   * @returns {Control}
   */
  function choiceControl(question) {
    const name = `${id}-${question.key}`;
    /** @type {HTMLInputElement[]} */
    const inputs = [];
    const option = (/** @type {Option} */ one) => {
      const input = /** @type {HTMLInputElement} */ (
        html("input", {
          type: "radio",
          name,
          value: one.key,
          id: `${name}-${one.key}`,
          ...(one.note ? { "aria-describedby": `${name}-${one.key}-note` } : {}),
        })
      );
      input.addEventListener("change", () => send(question.key, input.value), { signal });
      inputs.push(input);
      return html("label", { class: "mw-option mwf-option", for: input.id }, [
        input,
        html("span", { class: "mwf-option-words" }, [
          html("span", { class: "mwf-option-name" }, [one.label]),
          ...(one.note
            ? [html("span", { class: "mwf-note", id: `${name}-${one.key}-note`, "aria-hidden": "true" }, [one.note])]
            : []),
        ]),
      ]);
    };
    const groups = (question.groups ?? []).map((group) =>
      group.label
        ? html("fieldset", { class: "mwf-group" }, [html("legend", {}, [group.label]), ...group.options.map(option)])
        : html("div", { class: question.inLine ? "mwf-scale" : "mwf-plain" }, group.options.map(option)),
    );
    return {
      element: html(
        "fieldset",
        { class: "mwf-question mwf-choice", ...(question.help ? { "aria-describedby": `${name}-help` } : {}) },
        [
          html("legend", { class: "mwf-label" }, [question.label]),
          ...help(question, `${name}-help`),
          html("div", { class: "mwf-groups" }, groups),
        ],
      ),
      show(value) {
        for (const input of inputs) input.checked = input.value === value;
      },
    };
  }

  /**
   * @param {Question} question
   * @returns {Control}
   */
  function gridControl(question) {
    const name = `${id}-${question.key}`;
    /** @type {Record<string, Record<string, string>>} */
    let current = {};
    /** @type {{ row: string, column: string, show: (value: string | undefined) => void }[]} */
    const cells = [];
    const rows = (question.rows ?? []).map((row) =>
      html("fieldset", { class: "mwf-row" }, [
        html("legend", {}, [row.label]),
        html(
          "div",
          { class: "mwf-cells" },
          row.cells.map((cell) => {
            const box = selectBox(`${name}-${row.key}-${cell.key}`, cell.groups, "");
            box.select.addEventListener(
              "change",
              () => {
                box.show(box.select.value);
                current = withCell(current, row.key, cell.key, box.select.value);
                send(question.key, current);
              },
              { signal },
            );
            cells.push({ row: row.key, column: cell.key, show: box.show });
            return html("div", { class: `mwf-cell mwf-${cell.key}` }, [
              html("label", { for: box.select.id }, [cell.label]),
              box.select,
              box.chosen,
            ]);
          }),
        ),
      ]),
    );
    return {
      element: html(
        "fieldset",
        { class: "mwf-question mwf-grid", ...(question.help ? { "aria-describedby": `${name}-help` } : {}) },
        [html("legend", { class: "mwf-label" }, [question.label]), ...help(question, `${name}-help`), ...rows],
      ),
      show(value) {
        current = value ?? {};
        for (const cell of cells) cell.show(current[cell.row]?.[cell.column]);
      },
    };
  }

  const builders = { text: textControl, select: selectControl, choice: choiceControl, grid: gridControl };

  /* --- the steps --- */

  /** @param {Step} step */
  function stepElement(step) {
    const mark = html("p", { class: "mwf-status" });
    marks.push(mark);
    const title = step.title
      ? [
          html("div", { class: "mwf-head" }, [
            html("h3", {}, [
              ...(step.number ? [html("span", { class: "mw-number" }, [format(content.words.step, step)]), " "] : []),
              html("span", { class: "mwf-title" }, [step.title]),
            ]),
            mark,
          ]),
        ]
      : [];
    const intro = step.intro ? [html("p", { class: "mwf-intro" }, [step.intro])] : [];
    const questions = step.questions.map((question) => {
      const control = builders[question.kind](question);
      controls.set(question.key, control);
      return control.element;
    });
    const action = step.action ? [button(step.action), reply] : [];
    const bare = step.questions.length === 0 ? " mwf-bare" : "";
    return html("section", { class: `mw-card mwf-step${bare}` }, [...title, ...intro, ...questions, ...action]);
  }

  /** @param {string} label */
  function button(label) {
    const element = html("button", { type: "button", class: "mw-button mw-main mwf-action" }, [label]);
    element.addEventListener(
      "click",
      () => {
        for (const control of controls.values()) control.flush?.();
        model.set("pressed", model.get("pressed") + 1);
        model.save_changes();
      },
      { signal },
    );
    return element;
  }

  function build() {
    content = model.get("content");
    controls = new Map();
    marks = [];
    fits = [];
    root.lang = model.get("lang");
    body.replaceChildren(...content.steps.map(stepElement));
  }

  function drawValues() {
    for (const [key, control] of controls) {
      if (pending.accepts(key, valueOf(key))) control.show(valueOf(key));
    }
  }

  function drawStatus() {
    /** @type {Said} */
    const said = saidOf(model.get("status"), state, stateWords, root.lang);
    for (const mark of marks) {
      mark.hidden = !said.text;
      mark.dataset.state = said.state;
      mark.textContent = said.text;
    }
  }

  function drawReply() {
    /** @type {Said} */
    const said = model.get("reply");
    reply.dataset.state = said.state;
    reply.textContent = said.text;
  }

  function drawAll() {
    flushAll();
    build();
    for (const [key, control] of controls) control.show(valueOf(key));
    drawStatus();
    drawReply();
  }

  function flushAll() {
    for (const control of controls.values()) control.flush?.();
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (plain && !["Tab", "Escape"].includes(event.key)) event.stopPropagation();
    },
    { signal },
  );
  // Whatever way the page goes out of sight, the last words go along.
  document.addEventListener("visibilitychange", () => document.hidden && flushAll(), { signal });
  window.addEventListener("pagehide", flushAll, { signal });
  window.addEventListener("beforeunload", flushAll, { signal });

  /** @type {State} */
  let state = "clean";
  /** @type {Record<string, string>} */
  let stateWords = {};
  followSaving(model, signal, (now, said) => {
    state = now;
    stateWords = said;
    drawStatus();
  });
  listen(model, signal, ["values"], drawValues);
  listen(model, signal, ["content"], drawAll);
  listen(model, signal, ["status"], drawStatus);
  listen(model, signal, ["reply"], drawReply);
  const observer = new ResizeObserver(() => fits.forEach((fit) => fit()));
  observer.observe(root);
  el.append(root);
  drawAll();

  return () => {
    flushAll();
    observer.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
