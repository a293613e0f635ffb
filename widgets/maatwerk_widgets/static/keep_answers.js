// Downloading the answers as one file, and putting such a file back. Python packs and unpacks; here a file
// goes out or comes in.

import { html, listen } from "./dom.js";

/**
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void, off?: (event: string, callback: () => void) => void }} Model
 */

// Python refuses what is larger when it is unpacked; this keeps a wrong choice from filling the memory.
const LARGEST = 10_000_000;

/**
 * @param {string} base64
 * @returns {Uint8Array}
 */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function base64Of(bytes) {
  let text = "";
  // By piece: a function takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

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
  const id = `mwz-${++views}`;
  const all = html("button", { type: "button", class: "mw-button mw-main mwz-all" }, [words.all]);
  const file = /** @type {HTMLInputElement} */ (
    html("input", {
      type: "file",
      id: `${id}-file`,
      class: "mwz-file",
      accept: ".zip,application/zip",
      "aria-describedby": `${id}-help`,
    })
  );
  const said = html("p", { class: "mwz-said" });
  const notices = html("div", { class: "mwz-notices" });
  const root = html("section", { class: "mw-keep mw mw-card", lang: model.get("lang") }, [
    html("h3", { class: "mw-title" }, [words.title]),
    html("p", {}, [words.intro]),
    all,
    html("h4", { class: "mwz-head" }, [words.back]),
    html("p", { id: `${id}-help` }, [words.back_help]),
    html("label", { for: `${id}-file`, class: "mwz-label" }, [words.choose]),
    file,
    html("div", { role: "status" }, [said, notices]),
  ]);
  // Only the view in which the download was asked for gets the file.
  let asked = 0;

  /**
   * @param {string} text
   * @param {string[]} [more]
   */
  function say(text, more = []) {
    said.textContent = text;
    notices.replaceChildren(...more.map((one) => html("p", {}, [one])));
  }

  const onAll = () => {
    asked = model.get("downloaded") + 1;
    model.set("downloaded", asked);
    model.save_changes();
  };
  const onPacked = () => {
    const { name, data, count } = model.get("packed");
    if (count !== asked) return;
    const blob = new Blob([/** @type {BlobPart} */ (bytesOf(data))], { type: "application/zip" });
    const address = URL.createObjectURL(blob);
    html("a", { href: address, download: name }).click();
    // Not at once: a browser may still be reading.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  const onFile = async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    if (chosen.size > LARGEST) {
      say(words.too_large);
    } else {
      const data = base64Of(new Uint8Array(await chosen.arrayBuffer()));
      model.set("given", { data, count: (model.get("given").count ?? 0) + 1 });
      model.save_changes();
    }
    // So that the same file can be chosen again.
    file.value = "";
  };
  const onSaid = () => {
    const { text, notices: more } = model.get("said");
    say(text, more);
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => event.stopPropagation(); // JupyterLab has keys of its own.

  all.addEventListener("click", onAll);
  file.addEventListener("change", onFile);
  root.addEventListener("keydown", onKey);
  listen(model, signal, ["packed"], onPacked);
  listen(model, signal, ["said"], onSaid);
  el.append(root);
  return () => {
    abort.abort();
    root.remove();
  };
}

export default { render };
