// Handing in: a button to the teacher, or a file that the browser saves.

import { html, listen } from "./dom.js";

/**
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void, off?: (event: string, callback: () => void) => void }} Model
 */

/**
 * The words around the place where a link belongs.
 * @param {string} words with `{file}` in it
 * @param {Node} link
 * @returns {(Node | string)[]}
 */
function around(words, link) {
  const [before, after] = words.split("{file}");
  return [before, link, after];
}

/**
 * @param {{ model: Model, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const abort = new AbortController();
  const { signal } = abort;
  /** @type {Record<string, string>} */
  const words = model.get("content");
  const teacher = model.get("teacher");
  const submit = html("button", { type: "button", class: "mw-button mw-main" }, [words.teacher_button]);
  const download = html("button", { type: "button", class: teacher ? "mw-button" : "mw-button mw-main" }, [
    teacher ? words.copy_button : words.file_button,
  ]);
  const buttons = html("div", { class: "mw-buttons" }, teacher ? [submit, download] : [download]);
  const text = html("p", { class: "mwh-text" });
  const again = html("p", { class: "mwh-again" });
  const said = html("div", { class: "mwh-said", role: "status" }, [text, again]);
  const root = html("section", { class: "mw-hand-in mw mw-card", lang: model.get("lang") }, [
    html("h2", { class: "mw-title" }, [words.title]),
    html("p", {}, [teacher ? words.teacher_intro : words.file_intro]),
    buttons,
    said,
  ]);
  let address = "";
  // Only the view in which a button was pressed saves a file.
  let pressed = false;

  /** @param {string} name */
  function count(name) {
    // Pressed twice is still once.
    if (pressed) return;
    pressed = true;
    root.classList.remove("mwh-failed");
    text.textContent = words.busy;
    again.replaceChildren();
    model.set(name, model.get(name) + 1);
    model.save_changes();
  }

  /** @param {string} name of the file */
  function offer(name) {
    // Bytes come as a DataView; a page without Jupyter may give what a Blob takes too.
    const file = new Blob([model.get("file")], { type: "application/zip" });
    address = URL.createObjectURL(file);
    const link = html("a", { href: address, download: name }, [name]);
    again.replaceChildren(...around(words.again, link));
    if (pressed) link.click();
  }

  function show() {
    const { text: done = "", name = "", failed = false } = model.get("said");
    text.textContent = done;
    root.classList.toggle("mwh-failed", failed);
    again.replaceChildren();
    if (address) URL.revokeObjectURL(address);
    address = "";
    if (name) offer(name);
    pressed = false;
  }

  const onSubmit = () => count("submitted");
  const onDownload = () => count("downloaded");
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    // JupyterLab has keys of its own, such as D D to delete a cell.
    event.stopPropagation();
  };

  show();
  submit.addEventListener("click", onSubmit);
  download.addEventListener("click", onDownload);
  root.addEventListener("keydown", onKey);
  listen(model, signal, ["said"], show);
  el.append(root);
  return () => {
    if (address) URL.revokeObjectURL(address);
    abort.abort();
    root.remove();
  };
}

export default { render };
