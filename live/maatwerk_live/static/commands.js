// The facilitator's commands: one by one, none without a word, and none carried out late without her knowing.

/** After so many milliseconds without an answer she hears that it is still on its way. */
const SLOW = 3000;
/** After so many it is given another connection. */
const STUCK = 12_000;
/** What is older than this is not sent again: by then she thinks of something else. */
const STALE = 20_000;

/**
 * @typedef {{ make: () => any, what: string, then?: () => void }} Wish `make` gives the command, once it is its turn;
 *   nothing when it is not needed after all. `what` says it in words; `then` is what to do here once it is done
 * @typedef {{ made: any, what: string, then?: () => void, since: number, lost: boolean }} Pending
 * @typedef {object} Ways
 * @property {(message: object) => boolean} send whether it went out
 * @property {() => void} check is anybody there?
 * @property {() => void} reconnect nobody is: begin anew
 * @property {() => number} version of the latest state
 * @property {(key: string, what: string, look: string) => void} say
 */

export class Commands {
  /** @type {Wish[]} */
  #queue = [];
  /** @type {Pending | null} */
  #pending = null;
  /** What she was told is not done, though it may still come through. */
  #doubted = "";
  #doubtedAt = -1;
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];
  #ways;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
  }

  get busy() {
    return this.#pending !== null || this.#queue.length > 0;
  }

  /** @param {Wish} wish */
  give(wish) {
    this.#queue.push(wish);
    this.#next();
  }

  #next() {
    while (!this.#pending && this.#queue.length) {
      const { make, what, then } = /** @type {Wish} */ (this.#queue.shift());
      const made = make();
      if (!made) continue;
      this.#doubted = "";
      const message = { version: this.#ways.version(), ...made };
      if (this.#ways.send(message)) {
        this.#pending = { made: message, what, then, since: Date.now(), lost: false };
        this.#watch();
      } else {
        this.#queue = [];
        this.#ways.say("command_no_line", what, "away");
        this.#ways.check();
      }
    }
  }

  #watch() {
    this.#calm();
    const { what } = /** @type {Pending} */ (this.#pending);
    const slow = setTimeout(() => {
      this.#ways.say("command_slow", what, "away");
      this.#ways.check();
    }, SLOW);
    this.#timers = [slow, setTimeout(() => this.#ways.reconnect(), STUCK)];
  }

  #calm() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  /** It was done. */
  done() {
    const pending = this.#pending;
    this.#calm();
    this.#pending = null;
    if (pending) {
      this.#ways.say("done_command", pending.what, "good");
      pending.then?.();
    }
    this.#next();
  }

  /** It was refused; what was to follow it makes no sense either. */
  refused() {
    this.#calm();
    this.#pending = null;
    this.#queue = [];
  }

  /** The connection is gone. */
  lost() {
    this.#calm();
    if (!this.#pending) return;
    this.#pending.lost = true;
    this.#ways.say("command_slow", this.#pending.what, "away");
  }

  /**
   * There is a new state; after a lost connection it tells what became of the command.
   * @param {number} version
   */
  state(version) {
    const pending = this.#pending;
    if (!pending?.lost) {
      if (this.#doubted && version !== this.#doubtedAt) {
        this.#ways.say("command_late", this.#doubted, "away");
        this.#doubted = "";
      }
      return;
    }
    const { version: asked } = pending.made;
    if (asked !== undefined && asked !== version) {
      // Something was done meanwhile, and most likely this.
      this.#pending = null;
      this.#queue = [];
      this.#ways.say("command_perhaps", pending.what, "away");
    } else if (Date.now() - pending.since < STALE && this.#ways.send(pending.made)) {
      // The same once more: with the version in it, it is never carried out twice.
      pending.lost = false;
      this.#watch();
    } else {
      this.#pending = null;
      this.#queue = [];
      this.#doubted = pending.what;
      this.#doubtedAt = version;
      this.#ways.say("command_not_done", pending.what, "away");
    }
  }
}
