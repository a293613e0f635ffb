// A connection that comes back by itself, and the small things that all three pages need.

import { overHttp, overSocket } from "./wires.js";

const NEVER_AGAIN = ["unknown_code", "forbidden", "locked", "full", "elsewhere", "gone", "removed", "origin"];
const SLOWEST = 8000;
/** When an awaited answer does not come for so long, in milliseconds, the connection is made anew. */
const PATIENCE = 15000;
/** The server says something every twelve seconds at least; after so much silence nobody is there. */
const SILENCE = 15000;
/** How long it may take to say that it is there, when it is asked. */
const ANSWER = 3000;
/** A connection that is back this soon was never away, for who looks at the page. */
const QUIETLY = 1500;
/** Where websockets do not get through, one is tried again after so long. */
const ONCE_MORE = 60_000;
/** A second between two looks at the clock; when it was much longer, the machine slept. */
const LOOKS = 1000;
const WAY = "maatwerk.live.way";

/**
 * What stands after `#` in the address: a room's code, and a key or token.
 * @returns {{ code: string, key: string }}
 */
export function fromAddress() {
  const [code = "", key = ""] = location.hash.slice(1).split(".");
  return { code: decoded(code).toUpperCase(), key };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Another room's address in the same tab is another room: a browser alone would change nothing but the address. */
export function obeyAddress() {
  addEventListener("hashchange", () => location.reload());
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
 * @typedef {object} Hears
 * @property {(message: any) => void} message
 * @property {() => void} away the connection is gone, and not back soon: say so
 * @property {(reason: string) => void} bye
 * @property {() => void} [lost] the connection is gone, as of now
 */

/**
 * Speak with the server until it says goodbye for good: by websocket, or over plain HTTP where none gets through.
 * @param {string} kind `phone`, `board` or `stage`
 * @param {() => object} hello the first message of each connection
 * @param {Hears} hears
 * @returns {{ send: (message: object) => boolean, expect: (waiting: boolean) => void, check: () => void,
 *   reconnect: () => void }} `send` says whether there was a connection; `expect` says whether an answer is awaited;
 *   `check` asks whether anybody is there, `reconnect` takes for granted that nobody is
 */
export function connect(kind, hello, hears) {
  /** @type {import("./wires.js").Wire | null} */
  let wire = null;
  let way = recalled() === "http" ? "http" : "socket";
  /** How often in a row a socket did not get through. */
  let refused = 0;
  let tries = 0;
  /** When something was heard last on this connection; 0: nothing yet. */
  let heard = 0;
  let farewell = "";
  let over = false;
  let looked = Date.now();
  let triedSocket = Date.now();
  /** @type {Record<"retry" | "impatient" | "asked" | "away", ReturnType<typeof setTimeout> | undefined>} */
  const timers = { retry: undefined, impatient: undefined, asked: undefined, away: undefined };

  /** @param {keyof typeof timers} name */
  function calm(name) {
    clearTimeout(timers[name]);
    timers[name] = undefined;
  }

  /** @param {boolean} waiting */
  function expect(waiting) {
    calm("impatient");
    if (waiting && wire) timers.impatient = setTimeout(drop, PATIENCE);
  }

  function open() {
    calm("retry");
    farewell = "";
    heard = 0;
    const open_ = way === "http" ? overHttp : overSocket;
    wire = open_(kind, hello(), { message: hear, closed });
    expect(true);
  }

  /** @param {any} message */
  function hear(message) {
    heard = Date.now();
    calm("asked");
    if (message.t === "bye") {
      farewell = message.reason;
      hears.bye(farewell);
      return;
    }
    calm("away");
    tries = 0;
    refused = 0;
    if (message.t === "beat") return;
    expect(false);
    remember(way);
    hears.message(message);
  }

  /** @param {boolean} [held] */
  function closed(held = false) {
    const anything = heard > 0;
    wire?.close();
    wire = null;
    calm("impatient");
    calm("asked");
    hears.lost?.();
    if (NEVER_AGAIN.includes(farewell)) {
      over = true;
      calm("away");
      return;
    }
    // Twice nothing was heard over a socket: perhaps something on the way lets none through. And back again, since
    // the same is heard of a server that is not there.
    if (way === "http" && !anything) way = "socket";
    else if (way === "socket" && !anything && (refused += held ? 2 : 1) >= 2) way = "http";
    if (way === "http") triedSocket = Date.now();
    if (!farewell && !timers.away) timers.away = setTimeout(() => hears.away(), QUIETLY);
    const least = { busy: 2000, trouble: 2000, again: 1000 }[farewell] ?? 0;
    const wait = tries < 2 && !farewell ? 100 * tries : Math.min(SLOWEST, 500 * 2 ** tries);
    tries += 1;
    // Some chance, so that a whole hall does not come back in one moment.
    timers.retry = setTimeout(open, least + wait * (0.5 + Math.random()));
  }

  /** Nobody is at the other end: begin anew. */
  function drop() {
    if (wire) closed();
  }

  /** The page may have slept, or somebody doubts: is anybody there? */
  function check() {
    if (over) return;
    if (!wire) {
      // Whoever looks at the page need not wait for the next try.
      if (timers.retry && !farewell) open();
    } else if (heard && !timers.asked) {
      if (!wire.send({ t: "ping" })) drop();
      else timers.asked = setTimeout(drop, ANSWER);
    }
  }

  /** A socket beside what works over plain HTTP; once it is answered, it takes over. */
  function trySocket() {
    triedSocket = Date.now();
    const trial = overSocket(kind, { t: "ping" }, {
      message() {
        trial.close();
        if (way !== "http" || !wire || over) return;
        way = "socket";
        wire.close();
        hears.lost?.();
        open();
      },
      closed() {},
    });
  }

  setInterval(() => {
    const now = Date.now();
    const slept = now - looked > 5 * LOOKS;
    looked = now;
    if (over || !wire || !heard) return;
    if (slept) check();
    else if (now - heard > SILENCE) drop();
    else if (way === "http" && now - triedSocket > ONCE_MORE) trySocket();
  }, LOOKS);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check());
  for (const event of ["online", "pageshow", "focus"]) addEventListener(event, check);
  // Another network may let sockets through.
  addEventListener("online", () => way === "http" && wire && !over && trySocket());

  open();
  return { expect, check, reconnect: drop, send: (message) => wire?.send(message) ?? false };
}

/** Which way worked last in this tab. */
function recalled() {
  try {
    return sessionStorage.getItem(WAY);
  } catch {
    return null;
  }
}

/** @param {string} way */
function remember(way) {
  try {
    if (sessionStorage.getItem(WAY) !== way) sessionStorage.setItem(WAY, way);
  } catch {
    // A browser that keeps nothing finds out anew.
  }
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
