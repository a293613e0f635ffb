// What was saved, what deserves attention, and what the reasoning is worth so far.

import { html, listen } from "./dom.js";
import { followSaving, saidOf } from "./saving.js";

/**
 * @typedef {{ title: string, points: string, mark: "full" | "part" | "none", feedback: string, cite: string }} Outcome
 * @typedef {{ words: Record<string, string>, scored: boolean }} Content
 * @typedef {{ field: string, mine: string, other: string }} Conflict
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void, on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 */

/** Never colour alone: a sign, and the words beside it. */
const SIGNS = { full: "✓", part: "◐", none: "○" };

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  /** @returns {Content} */
  const content = () => model.get("content");
  const status = html("p", { class: "mwb-status" });
  // Said apart from what is seen: that changes with every word that is typed.
  const spoken = html("p", { class: "mw-hidden", role: "status" });
  const conflicts = html("div", { class: "mwb-conflicts" });
  const notices = html("div", { class: "mwb-notices", role: "alert" });
  const title = html("h3", { class: "mw-title" });
  const explain = html("p", {});
  const empty = html("p", { class: "mw-empty mwb-empty" });
  const list = html("ul", { class: "mwb-outcomes" });
  const total = html("p", { class: "mwb-total" });
  const scores = html("section", { class: "mw-card" }, [title, explain, empty, list, total]);
  const root = html("div", { class: "mw-feedback mw" }, [notices, conflicts, scores, html("div", { class: "mwb-foot" }, [status]), spoken]);

  /** @param {Outcome} outcome */
  function item(outcome) {
    return html("li", { class: `mwb-outcome mwb-${outcome.mark}` }, [
      html("span", { class: "mwb-sign", "aria-hidden": "true" }, [SIGNS[outcome.mark]]),
      html("div", { class: "mwb-words" }, [
        html("p", { class: "mwb-head" }, [
          html("b", {}, [outcome.title]),
          " ",
          html("span", { class: "mwb-mark" }, [content().words[`mark_${outcome.mark}`]]),
          " ",
          html("span", { class: "mwb-points" }, [outcome.points]),
        ]),
        html("p", { class: "mwb-text" }, [
          outcome.feedback,
          ...(outcome.cite ? [" ", html("span", { class: "mw-cite" }, [`(${outcome.cite})`])] : []),
        ]),
      ]),
    ]);
  }

  /** @type {import("./saving.js").State} */
  let state = "clean";
  /** @type {Record<string, string>} */
  let words = {};

  function drawStatus() {
    const said = saidOf(model.get("status"), state, words, model.get("lang"));
    status.dataset.state = said.state;
    status.textContent = said.text;
    // The same words again would be read out again.
    if (said.state !== "pending" && spoken.textContent !== said.text) spoken.textContent = said.text;
  }

  function drawConflicts() {
    const { words: word } = content();
    /** @type {Conflict[]} */
    const wanted = model.get("conflicts");
    const button = (/** @type {string} */ text, /** @type {string} */ field, /** @type {boolean} */ other) => {
      const element = html("button", { type: "button", class: `mw-button${other ? "" : " mw-main"}` }, [text]);
      element.addEventListener("click", () => {
        model.set("chosen", { field, other, count: (model.get("chosen").count ?? 0) + 1 });
        model.save_changes();
      });
      return element;
    };
    const version = (/** @type {string} */ title, /** @type {string} */ text) =>
      html("div", { class: "mwb-version" }, [html("h4", {}, [title]), html("p", { class: "mwb-version-text" }, [text])]);
    conflicts.replaceChildren(
      ...wanted.map(({ field, mine, other }) =>
        html("section", { class: "mwb-conflict mw-card" }, [
          html("h3", { class: "mw-title" }, [word.conflict]),
          html("p", {}, [word.conflict_text]),
          html("div", { class: "mwb-versions" }, [version(word.conflict_mine, mine), version(word.conflict_other, other)]),
          html("div", { class: "mw-buttons" }, [button(word.keep_mine, field, false), button(word.take_other, field, true)]),
        ]),
      ),
    );
  }

  function drawNotices() {
    /** @type {string[]} */
    const wanted = model.get("notices");
    const shown = [...notices.children].map((one) => one.textContent);
    if (JSON.stringify(wanted) === JSON.stringify(shown)) return;
    notices.replaceChildren(...wanted.map((text) => html("p", {}, [text])));
  }

  function drawScores() {
    const { words, scored } = content();
    /** @type {Outcome[]} */
    const outcomes = model.get("outcomes");
    root.lang = model.get("lang");
    scores.hidden = !scored;
    title.textContent = words.title;
    explain.textContent = words.explain;
    empty.textContent = words.empty;
    empty.hidden = outcomes.length > 0;
    list.hidden = outcomes.length === 0;
    list.replaceChildren(...outcomes.map(item));
    total.textContent = model.get("total");
    total.hidden = !model.get("total");
  }

  followSaving(model, signal, (now, said) => {
    state = now;
    words = said;
    drawStatus();
  });
  listen(model, signal, ["conflicts"], drawConflicts);
  listen(model, signal, ["status"], drawStatus);
  listen(model, signal, ["notices"], drawNotices);
  listen(model, signal, ["outcomes", "total"], drawScores);
  el.append(root);
  drawScores();
  drawNotices();
  drawConflicts();
  drawStatus();

  return () => {
    abort.abort();
    root.remove();
  };
}

export default { render };
