// The board's own page.

import { format } from "../widgets/dom.js";
import { Screen } from "./screen.js";
import { connect, fromAddress, loadContent, obeyAddress } from "./socket.js";

const { code, key } = fromAddress();
const screen = new Screen(/** @type {HTMLElement} */ (document.querySelector("main")), document.documentElement);

/** @type {any} */
let board = null;
/** @type {any} */
let content = null;
let ahead = 0;

obeyAddress();
connect("board", () => ({ t: "hello_board", v: 1, code, key }), {
  message: hear,
  away: () => screen.complain(content?.words.away),
  bye: (reason) => screen.complain(content ? format(content.words[`bye_${reason}`], { origin: location.origin }) : reason),
});

/** @param {any} message */
async function hear(message) {
  const fresh = message.t === "board";
  if (fresh) {
    // What is left out is nobody.
    board = { here: 0, ...message };
    ahead = message.now - Date.now();
    if (content?.lang !== message.lang) {
      content = { ...(await loadContent(message.lang)), lang: message.lang };
      document.documentElement.lang = message.lang;
      document.title = content.words.title;
    }
    screen.complain(board.trouble ? content.words.trouble_board : "");
  } else if (board && message.round === (board.round?.id ?? 0)) {
    if (message.t === "tick") {
      Object.assign(board, { people: message.people, here: message.here ?? 0, placed: message.placed, weighed: message.weighed });
      const changed = message.dots ?? [];
      for (let n = 0; n < changed.length && board.dots; n += 3) {
        board.dots[2 * changed[n]] = changed[n + 1];
        board.dots[2 * changed[n] + 1] = changed[n + 2];
      }
    } else if (message.t === "picture") {
      Object.assign(board, { picture: message.picture, arguments: message.arguments ?? [] });
    }
  }
  if (board && content) screen.show(board, content, { fresh, ahead });
}
