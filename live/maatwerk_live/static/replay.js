// A workshop once more, step by step: the same screen as the board, and what it shows in words.

import { format, html } from "../widgets/dom.js";
import { boxed, fullScreen } from "./board_widget.js";
import { aloud } from "./says.js";

/**
 * What a step shows, for who does not see it.
 * @param {any} seen
 * @param {any} content
 * @returns {string[]}
 */
export function inWords(seen, content) {
  const { words } = content;
  if (!seen.arguments?.length) return aloud(seen.picture, content);
  return seen.arguments.map((/** @type {any} */ one) => `${words[`heard_${one.side}`]}: ${one.text} (${format(words.votes, { votes: one.votes ?? 0 })})`);
}

/** @param {{ model: any, el: HTMLElement }} given */
function render({ model, el }) {
  const content = model.get("content");
  const { words } = content;
  const steps = model.get("steps");
  const { host, board, screen } = boxed(el, model.get("looks"), words.replay);
  const range = /** @type {HTMLInputElement} */ (html("input", { type: "range", id: "step", min: "0", max: String(steps.length - 1), step: "1" }));
  const back = html("button", { type: "button" }, [words.step_back]);
  const on = html("button", { type: "button" }, [words.step_on]);
  const title = html("p", { class: "step-title" });
  const says = html("div", { class: "says-all" });
  const bar = html("div", { class: "tools" }, [back, html("label", { class: "hidden", for: "step" }, [words.replay_step]), range, on, fullScreen(host, words.full_screen)]);
  board.before(title, bar);
  board.after(says);
  let shown = -1;

  function draw() {
    const at = model.get("at");
    if (at === shown || !steps[at]) return;
    shown = at;
    const { title: name, board: seen } = steps[at];
    title.textContent = format(words.replay_at, { step: at + 1, steps: steps.length, title: name });
    range.value = String(at);
    range.setAttribute("aria-valuetext", title.textContent);
    // Not `disabled`: that would take the focus away from who works by keyboard.
    back.setAttribute("aria-disabled", String(at === 0));
    on.setAttribute("aria-disabled", String(at === steps.length - 1));
    says.replaceChildren(...inWords(seen, content).map((line) => html("p", {}, [line])));
    screen.show(seen, content, { fresh: true, ahead: 0 });
  }

  /** @param {number} to */
  function go(to) {
    if (!steps[to]) return;
    model.set("at", to);
    model.save_changes();
    draw();
  }

  range.addEventListener("input", () => go(Number(range.value)));
  back.addEventListener("click", () => go(model.get("at") - 1));
  on.addEventListener("click", () => go(model.get("at") + 1));
  // JupyterLab takes keys for commands of its own.
  host.addEventListener("keydown", (event) => event.stopPropagation());
  model.on("change:at", draw);
  draw();
  return () => {
    model.off?.("change:at", draw);
    screen.close();
  };
}

export default { render };
