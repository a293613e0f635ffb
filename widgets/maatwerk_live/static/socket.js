// A websocket that comes back by itself, and the small things that all three pages need.

const NEVER_AGAIN = ["unknown_code", "forbidden", "locked", "full", "elsewhere", "gone"];
const SLOWEST = 8000;
/** When an answer does not come for so long, the connection is made anew. */
const PATIENCE = 15000;

/**
 * What stands after `#` in the address: a room's code, and a key or token.
 * @returns {{ code: string, key: string }}
 */
export function fromAddress() {
  const [code = "", key = ""] = location.hash.slice(1).split(".");
  return { code: code.toUpperCase(), key };
}

/**
 * Words, plane and loyalties in one language.
 * @param {string} lang
 */
export async function loadContent(lang) {
  const answer = await fetch(`content/${lang}.json`);
  return answer.json();
}

/** The reader's language, as far as the course has it. */
export function readersLanguage() {
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "nl";
}

/**
 * Speak with the server until it says goodbye for good.
 * @param {string} path such as `ws/phone`
 * @param {() => object} hello the first message of each connection
 * @param {{ message: (message: any) => void, away: () => void, bye: (reason: string) => void }} hears
 * @returns {{ send: (message: object) => boolean, expect: (waiting: boolean) => void }} `send` says whether there was
 *   a connection; `expect` says whether an answer is awaited
 */
export function connect(path, hello, hears) {
  /** @type {WebSocket} */
  let socket;
  let tries = 0;
  let impatient = 0;

  /** @param {boolean} waiting */
  function expect(waiting) {
    clearTimeout(impatient);
    if (waiting) impatient = setTimeout(() => socket.close(), PATIENCE);
  }

  function open() {
    let farewell = "";
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.hash = "";
    socket = new WebSocket(url);
    expect(true);
    socket.onopen = () => socket.send(JSON.stringify(hello()));
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.t === "bye") {
        farewell = message.reason;
        hears.bye(farewell);
      } else {
        tries = 0;
        expect(false);
        hears.message(message);
      }
    };
    socket.onclose = () => {
      expect(false);
      if (NEVER_AGAIN.includes(farewell)) return;
      if (!farewell) hears.away();
      const least = { busy: 2000, again: 1000 }[farewell] ?? 0;
      const wait = tries === 0 && !farewell ? 0 : Math.min(SLOWEST, 500 * 2 ** tries);
      tries += 1;
      // Some chance, so that a whole hall does not come back in one moment.
      setTimeout(open, least + wait * (0.5 + Math.random()));
    };
  }

  open();
  return {
    expect,
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}

/**
 * The time left on the clock, as `m:ss`; empty when it does not run.
 * @param {number | undefined} ends by the server's clock, in milliseconds
 * @param {number} ahead how far the server's clock is ahead of ours
 */
export function timeLeft(ends, ahead) {
  if (!ends) return "";
  const seconds = Math.max(0, Math.ceil((ends - ahead - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
