// What was saved, what deserves attention, and what the reasoning is worth so far.

import { html, listen } from "./dom.js";

/**
 * @typedef {{ title: string, points: string, mark: "full" | "part" | "none", feedback: string, cite: string }} Outcome
 * @typedef {{ words: Record<string, string>, scored: boolean }} Content
 * @typedef {{ get: (name: string) => any, on: (event: string, callback: () => void) => void,
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
  const status = html("p", { class: "mwb-status", role: "status" });
  const notices = html("div", { class: "mwb-notices", role: "alert" });
  const title = html("h3", { class: "mw-title" });
  const explain = html("p", {});
  const empty = html("p", { class: "mw-empty mwb-empty" });
  const list = html("ul", { class: "mwb-outcomes" });
  const total = html("p", { class: "mwb-total" });
  const scores = html("section", { class: "mw-card" }, [title, explain, empty, list, total]);
  const root = html("div", { class: "mw-feedback mw" }, [notices, scores, status]);

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

  function drawStatus() {
    const said = model.get("status");
    status.dataset.state = said.state;
    // The same words again would be read out again.
    if (status.textContent !== said.text) status.textContent = said.text;
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

  listen(model, signal, ["status"], drawStatus);
  listen(model, signal, ["notices"], drawNotices);
  listen(model, signal, ["outcomes", "total"], drawScores);
  el.append(root);
  drawScores();
  drawNotices();
  drawStatus();

  return () => {
    abort.abort();
    root.remove();
  };
}

export default { render };
