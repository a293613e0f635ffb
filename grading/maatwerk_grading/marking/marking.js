// The marking page. What stands in a field is 'saved' only once the server has answered that it kept just that.
//
// A person's comment ends with a line that holds the chosen levels, '[rubric: gronden=2, prijs=1]'; the same line is
// read by maatwerk_grading/rubric_levels.py. The field shows the comment without it.
(() => {
  "use strict";

  /**
   * @typedef {{ id: string, name: string, auto_score: number | null, manual_score: number | null,
   *   extra_credit: number | null, max_score: number, needs_manual_grade: boolean }} Grade
   * @typedef {{ id: string, name: string, manual_comment: string | null, auto_comment: string | null }} Comment
   * @typedef {{ formgrader: string, submission: string, language: string, words: Record<string, string>,
   *   names: Record<string, string>, refused: boolean }} Settings
   * @typedef {{ kind: "grade" | "comment", cell: string, id: string, kept: string, busy: boolean,
   *   failed: string }} Kept
   */

  /** @type {Settings} */
  const settings = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("settings")).textContent ?? "");
  const QUIET_MS = 700;
  const LEVELS = /(?:^|\n)[ \t]*\[rubric: ([a-z0-9_-]+=\d{1,3}(?:, [a-z0-9_-]+=\d{1,3})*)\]\s*$/;

  /** @type {Map<string, Grade>} */
  const grades = new Map();
  /** @type {Map<string, Map<string, number>>} */
  const levels = new Map();
  /** @type {Map<string, Kept>} */
  const things = new Map();
  /** @type {Map<string, number>} */
  const timers = new Map();
  let leaving = false;

  /** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
  function say(key, values = {}) {
    return settings.words[key].replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
  }

  /** @param {number} value @returns {string} */
  function written(value) {
    const text = String(Math.round(value * 100) / 100);
    return settings.language === "nl" ? text.replace(".", ",") : text;
  }

  /** A number as somebody types it; null for nothing, NaN for what is none. @param {string} text @returns {number | null} */
  function read(text) {
    const trimmed = text.trim();
    if (trimmed === "") return null;
    return /^\d+([.,]\d*)?$|^[.,]\d+$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : NaN;
  }

  /** @template {Element} E @param {string} selector @param {ParentNode} [within] @returns {E[]} */
  const all = (selector, within = document) => /** @type {E[]} */ ([...within.querySelectorAll(selector)]);
  /** @template {Element} E @param {string} attribute @param {string} cell @returns {E | null} */
  const of = (attribute, cell) => document.querySelector(`[${attribute}="${CSS.escape(cell)}"]`);
  /** @param {string} cell @returns {HTMLInputElement | null} */
  const scoreOf = (cell) => document.querySelector(`input.score[data-cell="${CSS.escape(cell)}"]`);
  /** @param {string} cell @returns {HTMLInputElement | null} */
  const extraOf = (cell) => document.querySelector(`input.extra-credit[data-cell="${CSS.escape(cell)}"]`);
  /** @param {string} cell @returns {HTMLTextAreaElement | null} */
  const commentOf = (cell) => document.querySelector(`textarea[data-cell="${CSS.escape(cell)}"]`);

  // --- the server ------------------------------------------------------------------------------------------------

  /** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} */
  async function ask(path, options = {}) {
    const token = document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "";
    let answer;
    try {
      answer = await fetch(`${settings.formgrader}/api/${path}`, {
        credentials: "same-origin",
        ...options,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-XSRFToken": token },
      });
    } catch {
      throw new Error(say("reason_network"));
    }
    // Whoever was logged out is sent to another page, which answers well.
    if (!answer.ok || answer.redirected) throw new Error(say("reason_status", { status: answer.status }));
    try {
      return await answer.json();
    } catch {
      throw new Error(say("reason_other"));
    }
  }

  /** What the fields hold now, as the server is told. @param {Kept} thing @returns {string} */
  function wanted(thing) {
    if (thing.kind === "comment") return JSON.stringify({ manual_comment: commentText(thing.cell) });
    const grade = /** @type {Grade} */ (grades.get(thing.cell));
    const score = scoreOf(thing.cell);
    const extra = extraOf(thing.cell);
    return JSON.stringify({
      manual_score: score ? read(score.value) : grade.manual_score,
      extra_credit: extra ? read(extra.value) : grade.extra_credit,
    });
  }

  /** @param {string} cell @returns {string} */
  function commentText(cell) {
    const words = commentOf(cell)?.value.trim() ?? "";
    const chosen = [...(levels.get(cell) ?? [])].map(([key, points]) => `${key}=${points}`);
    return chosen.length ? `${words}\n\n[rubric: ${chosen.join(", ")}]`.trim() : words;
  }

  /** @param {Kept} thing @param {boolean} [anyway] @returns {Promise<void>} */
  async function save(thing, anyway = false) {
    if (thing.busy || !valid(thing.cell)) return show(thing.cell);
    const body = wanted(thing);
    if (body === thing.kept && !anyway) {
      thing.failed = "";
      return show(thing.cell);
    }
    thing.busy = true;
    thing.failed = "";
    show(thing.cell);
    try {
      const answer = await ask(`${thing.kind}/${thing.id}`, { method: "PUT", body });
      const sent = JSON.parse(body);
      for (const [field, value] of Object.entries(sent)) {
        if ((answer[field] ?? null) !== value && !(value === "" && !answer[field])) throw new Error(say("reason_other"));
      }
      thing.kept = body;
      if (thing.kind === "grade") grades.set(thing.cell, { .../** @type {Grade} */ (grades.get(thing.cell)), ...answer });
      thing.busy = false;
    } catch (error) {
      thing.busy = false;
      thing.failed = error instanceof Error ? error.message : String(error);
    }
    show(thing.cell);
    sums();
    // What was typed meanwhile.
    if (!thing.failed && wanted(thing) !== thing.kept) await save(thing);
  }

  /** Save what has changed, and wait for it; whether all is saved. @returns {Promise<boolean>} */
  async function flush() {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    await Promise.all([...things.values()].map((thing) => save(thing)));
    while ([...things.values()].some((thing) => thing.busy)) await new Promise((done) => setTimeout(done, 20));
    return !unsaved().length;
  }

  /** @returns {Kept[]} */
  const unsaved = () =>
    [...things.values()].filter((one) => one.busy || one.failed || !valid(one.cell) || wanted(one) !== one.kept);

  // --- what is shown ---------------------------------------------------------------------------------------------

  /** @param {string} cell @returns {boolean} */
  function valid(cell) {
    const grade = grades.get(cell);
    let well = true;
    for (const [field, most, words] of /** @type {[HTMLInputElement | null, number, string][]} */ ([
      [scoreOf(cell), grade?.max_score ?? 0, "invalid"],
      [extraOf(cell), Infinity, "invalid_extra"],
    ])) {
      if (!field || !grade) continue;
      const value = read(field.value);
      const good = value === null || (value >= 0 && value <= most);
      const told = of("data-problem", field.classList.contains("score") ? cell : `${cell}-extra`);
      if (good) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
      if (told) {
        told.textContent = good ? note(cell, field) : say(words, { maximum: written(most) });
        told.classList.toggle("note", good);
      }
      well &&= good;
    }
    return well;
  }

  /** That the points are not the sum of the levels, when they are not. @param {string} cell @param {HTMLInputElement} field */
  function note(cell, field) {
    const sum = complete(cell);
    const value = field.classList.contains("score") ? read(field.value) : null;
    return sum !== null && value !== null && value !== sum ? say("differs", { points: written(sum) }) : "";
  }

  /** The sum of the levels, once there is one for each criterion. @param {string} cell @returns {number | null} */
  function complete(cell) {
    const chosen = levels.get(cell);
    const asked = all(`[data-text="${CSS.escape(cell)}"] fieldset`).length;
    if (!chosen || !asked || chosen.size < asked) return null;
    return [...chosen.values()].reduce((sum, points) => sum + points, 0);
  }

  /** @param {string} cell */
  function show(cell) {
    const mine = [...things.values()].filter((one) => one.cell === cell);
    const place = of("data-status", cell);
    const failed = mine.find((one) => one.failed);
    const state = failed
      ? "failed"
      : mine.some((one) => one.busy)
        ? "saving"
        : !valid(cell) || mine.some((one) => wanted(one) !== one.kept)
          ? "typing"
          : "saved";
    if (place instanceof HTMLElement) {
      const touched = place.dataset.state !== undefined || state !== "saved";
      if (touched) {
        place.dataset.state = state;
        place.textContent = say(`state_${state}`, { reason: failed?.failed ?? "" });
      }
    }
    const grade = grades.get(cell);
    const field = scoreOf(cell);
    if (grade && field) {
      field.classList.toggle("needs_manual_grade", grade.needs_manual_grade);
      field.placeholder = grade.auto_score === null ? "" : written(grade.auto_score);
    }
    const todo = of("data-todo", cell);
    if (todo instanceof HTMLElement) todo.hidden = !grade?.needs_manual_grade;
    const again = of("data-again", cell);
    if (again instanceof HTMLElement) again.hidden = !(grade?.needs_manual_grade && grade.manual_score !== null);
    const clear = of("data-clear", cell);
    if (clear instanceof HTMLElement) clear.hidden = !levels.get(cell)?.size;
    overall();
  }

  function overall() {
    const status = /** @type {HTMLElement} */ (document.getElementById("status"));
    const retry = /** @type {HTMLElement} */ (document.getElementById("retry"));
    const failed = [...things.values()].find((one) => one.failed);
    const open = unsaved();
    const focused = document.activeElement === retry;
    retry.hidden = !failed;
    if (focused && retry.hidden) document.getElementById("texts")?.focus();
    status.classList.toggle("failed", !!failed);
    let text = "";
    if (failed) text = say("state_failed", { reason: failed.failed });
    else if (open.some((one) => one.busy)) text = say("state_saving");
    else if (open.length) text = say("state_typing");
    else if (status.dataset.touched) {
      text = say("state_saved_at", {
        time: new Date().toLocaleTimeString(settings.language, { hour: "2-digit", minute: "2-digit" }),
      });
    }
    if (failed || open.length) status.dataset.touched = "yes";
    // Said aloud only when it is another thing: not the time of every save.
    if (status.textContent !== text && !leaving) status.textContent = text;
  }

  /** @param {Grade} grade @returns {number} */
  const worth = (grade) => (grade.manual_score ?? grade.auto_score ?? 0) + (grade.extra_credit ?? 0);

  function sums() {
    const texts = new Set(all("[data-text]").map((one) => /** @type {HTMLElement} */ (one).dataset.text));
    const computed = [...grades.values()].filter((one) => !texts.has(one.name));
    /** @param {Grade[]} some */
    const sum = (some) => ({
      points: written(some.reduce((total, one) => total + worth(one), 0)),
      maximum: written(some.reduce((total, one) => total + one.max_score, 0)),
    });
    const told = document.querySelector("[data-sum]");
    if (told && !settings.refused) told.textContent = say("computed", sum(computed));
    const total = document.querySelector("[data-total]");
    if (total) total.textContent = say("total", sum([...grades.values()]));
    for (const one of computed) {
      const place = of("data-auto", one.name);
      if (place) place.textContent = one.auto_score === null ? "—" : written(one.auto_score);
    }
  }

  /** What the computer could not mark stands among what is to be marked. */
  function moveOpen() {
    const texts = new Set(all("[data-text]").map((one) => /** @type {HTMLElement} */ (one).dataset.text));
    const open = [...grades.values()].filter((one) => one.needs_manual_grade && !texts.has(one.name));
    if (settings.refused || !open.length) return;
    for (const grade of open) {
      const row = of("data-row", grade.name);
      if (row) document.getElementById("open-rows")?.append(row);
    }
    /** @type {HTMLElement} */ (document.getElementById("open")).hidden = false;
  }

  // --- levels ----------------------------------------------------------------------------------------------------

  /** @param {string} cell @param {string} criterion @param {number | null} points */
  function choose(cell, criterion, points) {
    const before = levels.get(cell) ?? new Map();
    /** @type {Map<string, number>} */
    const chosen = new Map();
    // In the order of the rubric.
    for (const field of all(`[data-text="${CSS.escape(cell)}"] fieldset`)) {
      const key = /** @type {HTMLElement} */ (field).dataset.criterion ?? "";
      const value = key === criterion ? points : (before.get(key) ?? null);
      if (value !== null) chosen.set(key, value);
    }
    levels.set(cell, chosen);
    const field = scoreOf(cell);
    const sum = complete(cell);
    if (field && sum !== null) field.value = written(sum);
    show(cell);
    for (const thing of things.values()) if (thing.cell === cell) void save(thing);
  }

  /** @param {string} cell */
  function drawLevels(cell) {
    for (const field of all(`[data-text="${CSS.escape(cell)}"] fieldset`)) {
      const chosen = levels.get(cell)?.get(/** @type {HTMLElement} */ (field).dataset.criterion ?? "");
      for (const radio of all("input", field)) {
        /** @type {HTMLInputElement} */ (radio).checked = Number(/** @type {HTMLInputElement} */ (radio).value) === chosen;
      }
    }
  }

  /** @param {KeyboardEvent} event */
  function levelKey(event) {
    const radio = event.target;
    if (!(radio instanceof HTMLInputElement) || radio.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
    const field = /** @type {HTMLElement} */ (radio.closest("fieldset"));
    const text = /** @type {HTMLElement} */ (radio.closest("[data-text]"));
    const cell = text.dataset.text ?? "";
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      choose(cell, field.dataset.criterion ?? "", null);
      drawLevels(cell);
      return;
    }
    const digit = /^[0-9]$/.test(event.key) ? event.key : "";
    const level = /** @type {HTMLInputElement | null} */ (digit && field.querySelector(`input[value="${digit}"]`));
    if (!level) return;
    event.preventDefault();
    level.checked = true;
    choose(cell, field.dataset.criterion ?? "", Number(digit));
    const following = field.nextElementSibling;
    if (following instanceof HTMLElement) first(following)?.focus();
    else commentOf(cell)?.focus();
  }

  /** Where Tab would arrive in a criterion. @param {HTMLElement} field @returns {HTMLElement | null} */
  const first = (field) => field.querySelector("input:checked") ?? field.querySelector("input");

  // --- getting about ---------------------------------------------------------------------------------------------

  /** Which of the texts the focus is in. @returns {number} */
  function current() {
    const texts = all("[data-text]");
    return Math.max(0, texts.findIndex((one) => one.contains(document.activeElement)));
  }

  /** @param {string} where @param {number} [index] */
  async function go(where, index = current()) {
    leaving = true;
    const saved = await flush();
    leaving = false;
    overall();
    if (!saved) {
      /** @type {HTMLElement} */ (document.getElementById("status")).textContent = say("stay");
      return;
    }
    leaving = true;
    window.location.href = `${settings.formgrader}/submissions/${settings.submission}/${where}?index=${index}`;
  }

  /** @param {KeyboardEvent} event */
  function pageKey(event) {
    if (event.key === "Escape" && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (!event.ctrlKey || event.altKey || event.metaKey) return;
    const suffix = event.shiftKey ? "_incorrect" : "";
    if (event.code === "Period" || event.key === ".") {
      event.preventDefault();
      void go(`next${suffix}`);
    } else if (event.code === "Comma" || event.key === ",") {
      event.preventDefault();
      void go(`prev${suffix}`);
    } else if (event.shiftKey && event.code === "KeyF") {
      event.preventDefault();
      void flag();
    }
  }

  async function flag() {
    const button = /** @type {HTMLElement} */ (document.getElementById("flag"));
    try {
      const answer = await ask(`submitted_notebook/${settings.submission}/flag`, { method: "POST" });
      button.textContent = `${say("flag")}. ${say(answer.flagged ? "flagged" : "unflagged")}`;
    } catch (error) {
      button.textContent = `${say("flag")}. ${say("state_failed", { reason: error instanceof Error ? error.message : "" })}`;
    }
  }

  function arrive() {
    const texts = all("[data-text]");
    const index = Number(new URLSearchParams(window.location.search).get("index")) || 0;
    const text = texts[Math.min(Math.max(0, index), texts.length - 1)];
    const field = text?.querySelector("fieldset");
    const target = field instanceof HTMLElement ? first(field) : text?.querySelector(".score, .comment");
    if (target instanceof HTMLElement) {
      text.scrollIntoView({ block: "start", behavior: "instant" });
      target.focus({ preventScroll: true });
    }
  }

  // --- beginning -------------------------------------------------------------------------------------------------

  /** @param {Kept} thing @param {boolean} [soon] */
  function changed(thing, soon = false) {
    show(thing.cell);
    const key = `${thing.kind} ${thing.cell}`;
    clearTimeout(timers.get(key));
    timers.set(key, window.setTimeout(() => void save(thing), soon ? 0 : QUIET_MS));
  }

  /** @param {"grade" | "comment"} kind @param {{ id: string, name: string }} one */
  function keep(kind, one) {
    /** @type {Kept} */
    const thing = { kind, cell: one.name, id: one.id, kept: "", busy: false, failed: "" };
    things.set(`${kind} ${one.name}`, thing);
    thing.kept = wanted(thing);
    const fields = kind === "comment" ? [commentOf(one.name)] : [scoreOf(one.name), extraOf(one.name)];
    for (const field of fields) {
      field?.addEventListener("input", () => changed(thing));
      field?.addEventListener("change", () => changed(thing, true));
    }
  }

  /** @param {string} cell @returns {string} */
  const nameOf = (cell) => settings.names[cell] ?? cell;

  /** A row for what is not in the notebook that was handed in. @param {Grade} grade */
  function addRow(grade) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("row"));
    const made = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    for (const one of [made, ...all("*", made)]) {
      for (const attribute of [...one.attributes]) {
        if (!attribute.value.includes("CELL")) continue;
        const named = attribute.name === "aria-label" ? nameOf(grade.name) : grade.name;
        attribute.value = attribute.value.replace("CELL", () => named);
      }
    }
    /** @type {HTMLElement} */ (made.querySelector(".name")).textContent = nameOf(grade.name);
    const out = made.querySelector(".scored");
    if (out?.lastChild) out.lastChild.textContent = ` ${say("out_of", { maximum: written(grade.max_score) })}`;
    document.getElementById("rows")?.append(made);
  }

  async function begin() {
    const query = `submission_id=${encodeURIComponent(settings.submission)}`;
    /** @type {[Grade[], Comment[]]} */
    const [given, said] = await Promise.all([ask(`grades?${query}`), ask(`comments?${query}`)]);
    for (const grade of given) {
      grades.set(grade.name, grade);
      if (!scoreOf(grade.name)) addRow(grade);
      const field = /** @type {HTMLInputElement} */ (scoreOf(grade.name));
      field.value = grade.manual_score === null ? "" : written(grade.manual_score);
      const extra = extraOf(grade.name);
      if (extra) extra.value = grade.extra_credit === null ? "" : written(grade.extra_credit);
    }
    for (const comment of said) {
      const field = commentOf(comment.name);
      if (!field) continue;
      const text = comment.manual_comment ?? "";
      const found = text.match(LEVELS);
      field.value = found ? text.slice(0, found.index).trim() : text.trim();
      if (found) {
        levels.set(comment.name, new Map(found[1].split(", ").map((pair) => {
          const [key, points] = pair.split("=");
          return [key, Number(points)];
        })));
      }
      drawLevels(comment.name);
    }
    for (const grade of given) keep("grade", grade);
    for (const comment of said) if (commentOf(comment.name)) keep("comment", comment);
    for (const grade of given) show(grade.name);
    sums();
    moveOpen();
    /** @type {HTMLElement} */ (document.getElementById("computed")).hidden = !given.length;
    for (const radio of all(".rubric input")) {
      radio.addEventListener("change", () => {
        const input = /** @type {HTMLInputElement} */ (radio);
        const text = /** @type {HTMLElement} */ (input.closest("[data-text]"));
        const field = /** @type {HTMLElement} */ (input.closest("fieldset"));
        choose(text.dataset.text ?? "", field.dataset.criterion ?? "", Number(input.value));
      });
    }
    for (const button of all("[data-clear]")) {
      button.addEventListener("click", () => {
        const cell = /** @type {HTMLElement} */ (button).dataset.clear ?? "";
        levels.set(cell, new Map());
        drawLevels(cell);
        show(cell);
        const thing = things.get(`comment ${cell}`);
        if (thing) void save(thing);
      });
    }
    for (const button of all("[data-keep]")) {
      button.addEventListener("click", () => {
        const thing = things.get(`grade ${/** @type {HTMLElement} */ (button).dataset.keep}`);
        if (thing) void save(thing, true);
      });
    }
    for (const link of all("[data-go]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        void go(/** @type {HTMLElement} */ (link).dataset.go ?? "", 0);
      });
    }
    document.addEventListener("keydown", levelKey);
    document.getElementById("retry")?.addEventListener("click", () => void flush());
    window.addEventListener("online", () => void flush());
    window.addEventListener("beforeunload", (event) => {
      if (unsaved().length) event.preventDefault();
    });
    overall();
    arrive();
    document.documentElement.dataset.ready = "true";
  }

  document.addEventListener("keydown", pageKey);
  document.getElementById("flag")?.addEventListener("click", () => void flag());
  begin().catch((error) => {
    const status = /** @type {HTMLElement} */ (document.getElementById("status"));
    status.classList.add("failed");
    status.textContent = say("load_failed", { reason: error instanceof Error ? error.message : String(error) });
  });
})();
