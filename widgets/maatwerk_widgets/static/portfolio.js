// The portfolio. Python writes its HTML, every word of it escaped; here it is shown and saved.

import { html, listen } from "./dom.js";

/**
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void, off?: (event: string, callback: () => void) => void }} Model
 */

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  /** @type {Record<string, string>} */
  const words = model.get("content");
  const notices = html("div", { class: "mwm-notices" });
  const save = html("button", { type: "button", class: "mw-button mw-main" }, [words.save]);
  const said = html("p", { class: "mwm-said", role: "status" });
  const page = html("div", {});
  const root = html("div", { class: "mw-portfolio mw mw-card", lang: model.get("lang") }, [
    notices,
    html("div", { class: "mwm-saving" }, [save, html("p", {}, [words.save_help]), said]),
    page,
  ]);

  /** @param {string} name */
  function count(name) {
    model.set(name, model.get(name) + 1);
    model.save_changes();
  }

  function show() {
    page.innerHTML = model.get("html");
    notices.replaceChildren(...model.get("notices").map((/** @type {string} */ one) => html("p", {}, [one])));
  }

  function report() {
    const { text = "", file = "" } = model.get("saved");
    said.replaceChildren(text, ...(file ? [" ", html("a", { href: file }, [file])] : []));
  }

  // A tab that comes into sight again: the learner may have answered something elsewhere.
  let seen = false;
  const watch = new IntersectionObserver((entries) => {
    const now = entries.some((entry) => entry.isIntersecting);
    if (now && !seen) count("looked");
    seen = now;
  });
  const onSave = () => count("pressed");

  show();
  save.addEventListener("click", onSave);
  listen(model, signal, ["html", "notices"], show);
  listen(model, signal, ["saved"], report);
  el.append(root);
  watch.observe(root);
  return () => {
    watch.disconnect();
    abort.abort();
    root.remove();
  };
}

export default { render };
