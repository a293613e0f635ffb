// What a page keeps: a widget's model without Jupyter, and what one phone keeps of one room.

/** The least that a widget counts on: get, set, save_changes, on, off. */
export class MemoryModel {
  #values;
  #listeners = new Map();

  /**
   * @param {Record<string, any>} values
   * @param {() => void} saved
   */
  constructor(values, saved) {
    this.#values = values;
    this.save_changes = saved;
  }

  /** @param {string} name */
  get(name) {
    return this.#values[name];
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  set(name, value) {
    if (JSON.stringify(this.#values[name]) === JSON.stringify(value)) return;
    this.#values[name] = value;
    for (const callback of [...(this.#listeners.get(`change:${name}`) ?? [])]) callback();
  }

  /**
   * @param {string} event
   * @param {() => void} callback
   */
  on(event, callback) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(callback);
  }

  /**
   * @param {string} event
   * @param {() => void} callback
   */
  off(event, callback) {
    this.#listeners.get(event)?.delete(callback);
  }
}

/** How long what is kept in the tab may lag behind, in milliseconds: browsers stop who writes there too often. */
const LAG = 1000;

/**
 * What this phone keeps of one room: who it is, and what the server did not acknowledge yet. Where a browser blocks
 * storage, the tab's own history keeps it: a reload is the same person there too. It is in no address, so that whoever
 * passes the address on does not pass on who they are.
 */
export class Memory {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lagging;

  /** @param {string} code */
  constructor(code) {
    this.name = `maatwerk.live.${code}`;
    /** @type {{ secret?: string, key?: string, seq: number, waiting: any[] }} */
    this.kept = { seq: 0, waiting: [] };
    Object.assign(this.kept, stored(this.name) ?? history.state?.[this.name]);
    addEventListener("pagehide", () => this.#lagging && this.#keepInTab());
  }

  keep() {
    if (store(this.name, this.kept)) return;
    this.#lagging ??= setTimeout(() => this.#keepInTab(), this.kept.secret === history.state?.[this.name]?.secret ? LAG : 0);
  }

  #keepInTab() {
    clearTimeout(this.#lagging);
    this.#lagging = undefined;
    try {
      history.replaceState({ ...history.state, [this.name]: this.kept }, "");
    } catch {
      // A browser that keeps nothing at all still takes part, for as long as the page is open.
    }
  }

  /** Nobody is this person any more. */
  forget() {
    this.kept = { seq: 0, waiting: [] };
    this.keep();
  }

  /**
   * Give a message its number, and keep it until it is acknowledged. A newer place overtakes an older one.
   * @param {any} message
   */
  add(message) {
    const overtakes = ["place", "weigh", "role"].includes(message.t);
    this.kept.waiting = this.kept.waiting.filter((one) => !overtakes || one.t !== message.t || one.round !== message.round);
    this.kept.seq += 1;
    const numbered = { ...message, seq: this.kept.seq };
    this.kept.waiting.push(numbered);
    this.keep();
    return numbered;
  }

  /** @param {number} seq */
  acknowledged(seq) {
    this.kept.waiting = this.kept.waiting.filter((one) => one.seq > seq);
    this.kept.seq = Math.max(this.kept.seq, seq);
    this.keep();
  }

  /** @param {number} seq */
  drop(seq) {
    this.kept.waiting = this.kept.waiting.filter((one) => one.seq !== seq);
    this.keep();
  }
}

/**
 * What was kept under a name; nothing where the browser keeps nothing.
 * @param {string} name
 * @returns {any}
 */
export function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {any} value
 * @returns {boolean} whether the browser keeps it
 */
export function store(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function wipe(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // There is nothing then.
  }
}
