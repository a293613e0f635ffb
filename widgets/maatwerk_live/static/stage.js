// The facilitator's screen: a plain first version with every command.

import { connect, format, fromAddress, html, loadContent } from "./socket.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const { code, key } = fromAddress();
const ASKS = ["role", "place", "weigh", "argue"];
const CLOCK = 120;

/** @type {any} */
let stage = null;
/** @type {any} */
let content = null;
/** Commands go one by one: each must know what the one before came to. */
let queue = [];
let busy = false;

const status = html("p", { role: "status" });
const counts = html("p", { class: "counts" });
const controls = html("div", { class: "controls" });
const list = html("div", { class: "arguments" });

const line = connect("ws/stage", () => ({ t: "hello_stage", v: 1, code, token: key }), {
  message: hear,
  away() {
    busy = false;
    queue = [];
    if (content) status.textContent = content.words.bye_again;
  },
  bye(reason) {
    status.textContent = content ? content.words[`bye_${reason}`] : reason;
    if (!main.contains(status)) main.append(status);
  },
});

/** @param {any} message */
async function hear(message) {
  if (message.t === "stage") {
    stage = message;
    if (content?.lang !== stage.board.lang) {
      content = { ...(await loadContent(stage.board.lang)), lang: stage.board.lang };
      document.documentElement.lang = content.lang;
      document.title = content.words.title;
      build();
    }
    draw();
  } else if (message.t === "done" || message.t === "refused") {
    busy = false;
    status.textContent = message.t === "refused" ? content.words[`reason_${message.reason}`] : "";
    next();
  } else if (message.t === "tick" && stage) {
    Object.assign(stage.board, { people: message.people, placed: message.placed, weighed: message.weighed });
    drawCounts();
  } else if (message.t === "picture" && stage) {
    Object.assign(stage.board, { picture: message.picture, arguments: message.arguments ?? [] });
    drawArguments();
  }
}

/** @param {() => object} make gives the command, once it is its turn */
function command(make) {
  queue.push(make);
  next();
}

function next() {
  if (busy || !queue.length) return;
  busy = line.send({ version: stage.board.version, ...queue.shift()() });
}

const button = (name, make) => {
  const element = html("button", { type: "button", "data-command": name });
  element.addEventListener("click", () => command(make));
  return element;
};

const select = /** @type {HTMLSelectElement} */ (html("select", { id: "case" }));
const typed = /** @type {HTMLInputElement} */ (html("input", { id: "typed", maxlength: "120" }));
const boxes = Object.fromEntries(ASKS.map((ask) => [ask, /** @type {HTMLInputElement} */ (html("input", { type: "checkbox" }))]));
boxes.place.checked = true;
const asks = () => ASKS.filter((ask) => boxes[ask].checked);

const buttons = {
  open: button("open", () => (typed.value.trim() ? { t: "open_typed", title: typed.value.trim(), asks: asks() } : { t: "open", case: select.value, asks: asks() })),
  open_again: button("open_again", () => ({ t: "again", asks: asks() })),
  hide: button("hide", () => ({ t: "hide", on: !stage.board.hidden })),
  close: button("close", () => ({ t: stage.board.phase === "open" ? "close" : "reopen" })),
  timer: button("timer", () => ({ t: "timer", seconds: stage.board.ends ? 0 : CLOCK })),
  lock: button("lock", () => ({ t: "lock", on: !stage.board.locked })),
  reset: button("reset", () => ({ t: "reset" })),
  undo: button("undo", () => ({ t: "undo" })),
  end: button("end", () => ({ t: "end" })),
};

function build() {
  const { words } = content;
  const link = html("a", { href: stage.board_link, target: "_blank", rel: "noreferrer" }, [words.board_link]);
  select.replaceChildren(...stage.cases.map((one) => html("option", { value: one.key }, [one.title[content.lang]])));
  controls.replaceChildren(
    html("p", {}, [html("label", { for: "case" }, [words.case]), select]),
    html("p", {}, [html("label", { for: "typed" }, [words.typed]), typed]),
    html("fieldset", {}, [html("legend", {}, [words.asks]), ...ASKS.map((ask) => html("label", {}, [boxes[ask], words[`ask_${ask}`]]))]),
    ...Object.values(buttons),
  );
  main.replaceChildren(html("h1", {}, [words.title]), html("p", {}, [format(words.join_at, stage.board.joining), " ", link]), status, counts, controls, html("h2", {}, [words.arguments]), list);
}

function draw() {
  const { words } = content;
  const { board } = stage;
  const names = {
    open: words.open,
    open_again: words.open_again,
    hide: board.hidden ? words.reveal : words.hide,
    close: board.phase === "open" ? words.close : words.reopen,
    timer: board.ends ? words.timer_stop : format(words.timer, { seconds: CLOCK }),
    lock: board.locked ? words.unlock : words.lock,
    reset: words.reset,
    undo: words.undo,
    end: words.end,
  };
  for (const [name, words_] of Object.entries(names)) buttons[name].textContent = words_;
  for (const name of ["open_again", "close", "timer", "reset"]) buttons[name].toggleAttribute("disabled", !board.round);
  buttons.undo.toggleAttribute("disabled", !stage.can_undo);
  if (stage.trouble) status.textContent = words.trouble;
  drawCounts();
  drawArguments();
}

function drawCounts() {
  const { words } = content;
  const { board } = stage;
  counts.textContent = [format(words.people, board), format(words.placed, board), format(words.weighed, board)].join(" · ");
}

function drawArguments() {
  const { words } = content;
  list.replaceChildren(
    ...(stage.board.arguments ?? []).map((one) => {
      const act = (standing, text) => {
        const element = html("button", { type: "button" }, [text]);
        element.addEventListener("click", () => command(() => ({ t: "moderate", argument: one.id, standing, version: undefined })));
        return element;
      };
      const toggle = one.standing === "waiting" ? act("shown", words.show) : act("waiting", words.take_back);
      return html("p", { class: one.side }, [`${words[`side_${one.side}`]}: ${one.text} (${one.votes ?? 0}) `, toggle, act("removed", words.remove)]);
    }),
  );
}
