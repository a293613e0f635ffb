// The board in a notebook: what Python heard from the server, on the same screen as the board's own page.

import { html } from "../widgets/dom.js";
import { Screen } from "./screen.js";

/**
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void, off?: (event: string, callback: () => void) => void }} Model
 */

/** Whether the notebook around it is dark: JupyterLab says so; elsewhere the system's wish counts. */
function notebookTheme() {
  const { jpThemeLight } = document.body.dataset;
  return jpThemeLight && (jpThemeLight === "false" ? "dark" : "light");
}

/**
 * A place of its own for a board: its looks stay in, the notebook's stay out.
 * @param {HTMLElement} el
 * @param {string} looks
 * @param {string} name what it is called for who does not see it
 */
export function boxed(el, looks, name) {
  const host = html("div", { class: "mw-live", role: "region", "aria-label": name });
  const theme = notebookTheme();
  if (theme) host.dataset.theme = theme;
  const frame = html("div");
  const board = html("div", { class: "board hosted" }, [frame]);
  host.attachShadow({ mode: "open" }).append(html("style", {}, [looks]), board);
  el.append(host);
  return { host, board, screen: new Screen(frame, host) };
}

/**
 * A button that lets the board fill the screen, and that says so.
 * @param {HTMLElement} host
 * @param {string} words
 */
export function fullScreen(host, words) {
  const button = html("button", { type: "button", class: "main" }, [words]);
  button.addEventListener("click", () => host.requestFullscreen());
  return button;
}

/** @param {{ model: Model, el: HTMLElement }} given */
function render({ model, el }) {
  const { host, board, screen } = boxed(el, model.get("looks"), model.get("content").words.title);
  const { words } = model.get("content");
  const links = html("p", { class: "links" });
  const bar = html("div", { class: "tools" }, [links, fullScreen(host, words.full_screen)]);
  const problem = html("p", { role: "alert", class: "problem-above" });
  board.before(bar, problem);
  let whole = 0;

  function drawBoard() {
    const seen = model.get("board");
    if (!seen.version && seen.version !== 0) return;
    // What was kept since long ago tells nothing about the server's clock.
    const ahead = whole ? seen.now - Date.now() : 0;
    screen.show(seen, model.get("content"), { fresh: whole !== seen.whole, ahead });
    whole = seen.whole;
  }

  function drawAround() {
    const stage = model.get("stage");
    problem.textContent = model.get("problem");
    links.replaceChildren(...(stage ? [html("a", { href: new URL(stage, location.href).href, target: "_blank", rel: "noreferrer" }, [words.open_stage])] : []));
    bar.hidden = !stage;
    board.hidden = !stage;
  }

  const listeners = /** @type {const} */ ([["change:board", drawBoard], ["change:stage", drawAround], ["change:problem", drawAround]]);
  for (const [event, callback] of listeners) model.on(event, callback);
  drawAround();
  drawBoard();
  // Python begins when somebody looks, and where they look from.
  if (model.get("origin") !== location.origin) {
    model.set("origin", location.origin);
    model.save_changes();
  }
  return () => {
    for (const [event, callback] of listeners) model.off?.(event, callback);
    screen.close();
  };
}

export default { render };
