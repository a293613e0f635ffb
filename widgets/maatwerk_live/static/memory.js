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

/** What this phone keeps of one room: who it is, and what the server did not acknowledge yet. */
export class Memory {
  /** @param {string} code */
  constructor(code) {
    this.name = `maatwerk.live.${code}`;
    /** @type {{ secret?: string, key?: string, seq: number, waiting: any[] }} */
    this.kept = { seq: 0, waiting: [] };
    try {
      Object.assign(this.kept, JSON.parse(localStorage.getItem(this.name) ?? "{}"));
    } catch {
      // A browser that keeps nothing still takes part, for as long as the page is open.
    }
  }

  keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.kept));
    } catch {
      // As above.
    }
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
