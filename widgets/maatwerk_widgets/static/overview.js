// How far the learner is: every chapter as a link, with a bar and the same in words.

import { html, listen } from "./dom.js";

/**
 * @typedef {"new" | "busy" | "done"} State
 * @typedef {{ href: string, title: string, state: State, state_text: string, done: number, total: number,
 *   count: string, parts: { state: State, text: string }[] }} Row
 * @typedef {{ title: string, summary: string, done: number, total: number, chapters: Row[], notices: string[],
 *   live: string, next: { href: string, label: string, text: string },
 *   practice: { title: string, text: string, href: string, label: string } }} Content
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void, off?: (event: string, callback: () => void) => void }} Model
 */

/** Never colour alone: a sign, and the words beside it. */
const SIGNS = { new: "○", busy: "◐", done: "✓" };

/** @param {State} state */
const sign = (state) => html("span", { class: `mwo-sign mwo-${state}`, "aria-hidden": "true" }, [SIGNS[state]]);

/**
 * A bar without words of its own: they stand beside it.
 * @param {number} done
 * @param {number} total
 */
function bar(done, total) {
  const share = total ? (100 * done) / total : 0;
  const filled = html("div", { class: "mwo-filled" });
  filled.style.width = `${share}%`;
  return html("div", { class: "mwo-bar", "aria-hidden": "true" }, [filled]);
}

/** @param {Row} row */
function item(row) {
  const parts = row.parts.map(({ state, text }) => html("li", {}, [sign(state), ` ${text}`]));
  return html("li", { class: "mwo-chapter" }, [
    html("div", { class: "mwo-head" }, [
      html("a", { class: "mwo-link", href: row.href }, [row.title]),
      html("p", { class: `mwo-state mwo-${row.state}` }, [sign(row.state), ` ${row.state_text}`]),
    ]),
    html("div", { class: "mwo-progress" }, [
      bar(row.done, row.total),
      html("p", { class: "mwo-count" }, [row.count]),
    ]),
    html("ul", { class: "mwo-parts" }, parts),
  ]);
}

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  const root = html("section", { class: "mw-overview mw mw-card", lang: model.get("lang") });

  function show() {
    /** @type {Content} */
    const content = model.get("content");
    // Where somebody was with the keyboard stays where they are.
    const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    const { next, practice } = content;
    root.replaceChildren(
      html("h3", { class: "mw-title" }, [content.title]),
      ...content.notices.map((notice) => html("p", { class: "mwo-notice" }, [notice])),
      html("div", { class: "mwo-progress mwo-all" }, [
        bar(content.done, content.total),
        html("p", { class: "mwo-count" }, [content.summary]),
      ]),
      html("p", { class: "mwo-next" }, [
        ...(next.text ? [next.text, " "] : []),
        html("a", { class: "mw-button mw-main", href: next.href }, [next.label]),
      ]),
      html("ol", { class: "mwo-chapters" }, content.chapters.map(item)),
      html("p", { class: "mwo-live" }, [content.live]),
      html("div", { class: "mwo-practice" }, [
        html("h4", {}, [practice.title]),
        html("p", {}, [practice.text, " ", html("a", { class: "mwo-link", href: practice.href }, [practice.label])]),
      ]),
    );
    if (focused) {
      const again = [...root.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
      again?.focus({ preventScroll: true });
    }
  }

  // A tab that comes into sight again: the learner may have answered something elsewhere.
  let seen = false;
  const watch = new IntersectionObserver((entries) => {
    const now = entries.some((entry) => entry.isIntersecting);
    if (now && !seen) look();
    seen = now;
  });
  const look = () => {
    if (document.visibilityState !== "visible") return;
    model.set("looked", model.get("looked") + 1);
    model.save_changes();
  };

  show();
  listen(model, signal, ["content"], show);
  el.append(root);
  watch.observe(root);
  document.addEventListener("visibilitychange", look, { signal });
  return () => {
    watch.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
