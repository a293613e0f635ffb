// Erasing every answer, in two steps: what goes, and whether you are sure.

import { html, listen } from "./dom.js";
import { eraseDrafts } from "./saving.js";

/**
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void, off?: (event: string, callback: () => void) => void }} Model
 */

let views = 0;

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  /** @type {Record<string, string>} */
  const words = model.get("content");
  const id = `mwe-sure-${++views}`;
  const ask = html("button", { type: "button", class: "mw-button mwe-ask" }, [words.ask]);
  const question = html("h4", { class: "mwe-question", id, tabindex: "-1" }, [words.sure]);
  const files = html("ul", { class: "mwe-files" });
  const yes = html("button", { type: "button", class: "mw-button mw-main mwe-yes" }, [words.yes]);
  const no = html("button", { type: "button", class: "mw-button" }, [words.no]);
  const panel = html("div", { class: "mwe-panel", role: "group", "aria-labelledby": id, hidden: "" }, [
    question,
    html("p", {}, [words.what]),
    html("p", {}, [words.close]),
    html("p", { class: "mwe-head" }, [words.files]),
    files,
    html("div", { class: "mw-buttons" }, [no, yes]),
  ]);
  const said = html("p", { class: "mwe-said", tabindex: "-1" });
  const gone = html("ul", { class: "mwe-files" });
  const problems = html("div", { class: "mwe-problems" });
  const live = html("div", { role: "status" }, [said, gone, problems]);
  const root = html("section", { class: "mw-erase mw mw-card", lang: model.get("lang") }, [
    html("h3", { class: "mw-title" }, [words.title]),
    html("p", {}, [words.intro]),
    ask,
    panel,
    live,
  ]);
  // Only the view in which the question was asked shows it.
  let asking = false;

  /** @param {string} name */
  function count(name) {
    model.set(name, model.get(name) + 1);
    model.save_changes();
  }

  function list() {
    /** @type {string[]} */
    const names = model.get("files");
    files.replaceChildren(...names.map((name) => html("li", {}, [name])));
    if (!asking) return;
    if (names.length === 0) {
      close();
      say(words.nothing);
      ask.focus();
      return;
    }
    panel.hidden = false;
    ask.hidden = true;
    question.focus();
  }

  /**
   * @param {string} text
   * @param {string[]} [names] of files that are gone
   * @param {string[]} [wrong]
   */
  function say(text, names = [], wrong = []) {
    said.textContent = text;
    gone.replaceChildren(...names.map((name) => html("li", {}, [name])));
    problems.replaceChildren(...wrong.map((one) => html("p", {}, [one])));
  }

  function close() {
    asking = false;
    panel.hidden = true;
    ask.hidden = false;
  }

  const onAsk = () => {
    say("");
    asking = true;
    count("asked");
  };
  const onNo = () => {
    close();
    say(words.kept);
    ask.focus();
  };
  const onYes = () => {
    close();
    count("confirmed");
  };
  const onAsked = () => list();
  const onSaid = () => {
    const { text, files, problems } = model.get("said");
    say(text, files, problems);
    // Nor does anything stay in this browser that had yet to be saved.
    if (problems.length === 0) eraseDrafts();
    said.focus();
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    // JupyterLab has keys of its own, such as D D to delete a cell.
    event.stopPropagation();
    if (event.key === "Escape" && !panel.hidden) onNo();
  };

  list();
  ask.addEventListener("click", onAsk);
  no.addEventListener("click", onNo);
  yes.addEventListener("click", onYes);
  root.addEventListener("keydown", onKey);
  listen(model, signal, ["listed"], onAsked);
  listen(model, signal, ["said"], onSaid);
  el.append(root);
  return () => {
    abort.abort();
    root.remove();
  };
}

export default { render };
