// Two ways to speak with the server, the same to who uses them: a websocket, and plain HTTP for networks that let no
// websocket through (long polling; see docs/live-protocol.md).

/** A socket that does not open within so many milliseconds never does: something on the way holds it back. */
const OPENS_WITHIN = 4000;
/** How long an answer to a request may take; the server answers within ten seconds. */
const ANSWERS_WITHIN = 15000;
/** So many messages go in one request at most. */
const TOGETHER = 40;

/**
 * @typedef {{ send: (message: object) => boolean, close: () => void }} Wire `send` says whether it went out
 * @typedef {{ message: (message: any) => void, closed: (held: boolean) => void }} End what is told to who uses it:
 *   `closed` comes once, never after `close()`; `held` when it was held back on the way, not refused
 * @typedef {(kind: string, hello: object, end: End) => Wire} Open
 */

/** @type {Open} */
export function overSocket(kind, hello, end) {
  const url = new URL(`ws/${kind}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.hash = "";
  const socket = new WebSocket(url);
  let over = false;
  const finish = (/** @type {boolean} */ held) => {
    if (over) return;
    over = true;
    clearTimeout(opening);
    end.closed(held);
  };
  const opening = setTimeout(() => {
    finish(true);
    socket.close();
  }, OPENS_WITHIN);
  socket.onopen = () => {
    clearTimeout(opening);
    if (!over) socket.send(JSON.stringify(hello));
  };
  socket.onmessage = ({ data }) => {
    if (!over) end.message(JSON.parse(data));
  };
  socket.onclose = () => finish(false);
  return {
    send(message) {
      if (over || socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    // At once: where nobody is at the other end, a browser waits long for an answer to its goodbye.
    close() {
      over = true;
      clearTimeout(opening);
      socket.close();
    },
  };
}

/**
 * Of the messages in an answer, those that were not heard yet. Pure.
 * @param {{ upto: number, messages: any[] }} answer
 * @param {number} highest the number of the last message heard so far
 */
export function fresh({ upto, messages }, highest) {
  return messages.slice(Math.max(0, highest - (upto - messages.length)));
}

/**
 * What to say in one request: the oldest messages; of places and divisions that a newer one overtakes, only the newest.
 * Pure.
 * @param {any[]} waiting
 * @returns {[any[], any[]]} what goes, and what waits for the next request
 */
export function bundle(waiting) {
  const overtaken = (/** @type {any} */ one, /** @type {number} */ n) =>
    ["place", "weigh", "ping"].includes(one.t) && waiting.slice(n + 1).some((later) => later.t === one.t && later.round === one.round);
  const left = waiting.filter((one, n) => !overtaken(one, n));
  return [left.slice(0, TOGETHER), left.slice(TOGETHER)];
}

/** @type {Open} */
export function overHttp(kind, hello, end) {
  const url = new URL(`talk/${kind}`, location.href);
  url.hash = "";
  const stop = new AbortController();
  let id = "";
  let highest = 0;
  let speaking = false;
  /** @type {any[]} */
  let waiting = [];

  function finish() {
    if (stop.signal.aborted) return;
    stop.abort();
    end.closed(false);
  }

  /** @param {object} request */
  async function post(request) {
    const late = setTimeout(finish, ANSWERS_WITHIN);
    try {
      const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), signal: stop.signal, cache: "no-store", credentials: "omit" });
      const read = await answer.json();
      if (answer.status === 403 && read.reason === "origin") hear({ upto: 1, messages: [{ t: "bye", reason: "origin" }] });
      else if (answer.ok) hear(read);
      else finish();
    } catch {
      // No network, no server, or no answer that can be read: as a socket that closed.
      finish();
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {{ id?: string, upto: number, messages: any[] }} answer */
  function hear(answer) {
    if (stop.signal.aborted) return;
    id ||= answer.id ?? "";
    const news = fresh(answer, highest);
    highest = Math.max(highest, answer.upto);
    for (const message of news) {
      if (stop.signal.aborted) return;
      end.message(message);
      if (message.t === "bye") finish();
    }
  }

  async function keepListening() {
    while (!stop.signal.aborted) await post({ t: "talk", id, after: highest });
  }

  async function speak() {
    if (speaking || !id) return;
    speaking = true;
    while (waiting.length && !stop.signal.aborted) {
      const [now, later] = bundle(waiting);
      waiting = later;
      await post({ t: "talk", id, after: highest, say: now.map((one) => JSON.stringify(one)) });
    }
    speaking = false;
  }

  post({ t: "talk_hello", hello }).then(() => {
    keepListening();
    speak();
  });
  return {
    send(message) {
      if (stop.signal.aborted) return false;
      waiting.push(message);
      speak();
      return true;
    },
    close: () => stop.abort(),
  };
}
