// Pages without a browser: the module that says 'saved', as it is, over as little of a browser as it uses. A test in
// Python says on each line what happens, and hears on one line what came of it. Time is the test's.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import vm from "node:vm";

const source = readFileSync(process.argv[2], "utf8");
const stored = new Map();
const channels = new Set();
const open = new Set();
const pages = new Map();
let storageIsFull = false;

class Clock {
  now = 1_700_000_000_000;
  timers = new Map();
  count = 0;

  /** Run what is due; after a sleep all of it is due at once. */
  advance(milliseconds, asleep) {
    const until = this.now + milliseconds;
    if (asleep) this.now = until;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      if (!asleep) this.now = Math.max(this.now, due[1].at);
      due[1].callback();
    }
    this.now = until;
  }
}

const element = () => ({
  setAttribute() {},
  append() {},
  remove() {},
  addEventListener() {},
  textContent: "",
});

class Page {
  constructor(name) {
    this.clock = new Clock();
    this.clock.now += pages.size;
    this.outbox = [];
    this.models = new Map();
    this.listeners = new Map();
    const page = this;
    const storage = new Proxy(
      {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => {
          if (storageIsFull) throw new Error("QuotaExceededError");
          stored.set(key, value);
        },
        removeItem: (key) => {
          if (!stored.delete(key)) return;
          for (const other of pages.values()) if (other !== page) other.fire("storage", { key, newValue: null });
        },
      },
      { ownKeys: () => [...stored.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) },
    );
    class Channel {
      constructor() {
        channels.add([page, this]);
        this.heard = [];
      }
      addEventListener(_event, callback) {
        this.heard.push(callback);
      }
      postMessage(data) {
        for (const [owner, channel] of channels) {
          if (owner !== page) for (const callback of channel.heard) callback({ data });
        }
      }
    }
    const listen = (event, callback) => {
      page.listeners.set(event, [...(page.listeners.get(event) ?? []), callback]);
    };
    const window = { addEventListener: listen };
    this.window = window;
    const context = vm.createContext({
      window,
      document: { addEventListener: listen, hidden: false, createElement: element, body: element() },
      localStorage: storage,
      navigator: {
        locks: {
          request: (lock) => (open.add(lock), (page.lock = lock), new Promise(() => {})),
          query: async () => ({ held: [...open].map((lock) => ({ name: lock })) }),
        },
      },
      BroadcastChannel: Channel,
      AbortController,
      location: { reload() {} },
      Date: class extends Date {
        static now() {
          return page.clock.now;
        }
      },
      setTimeout: (callback, after = 0) => {
        page.clock.timers.set(++page.clock.count, { at: page.clock.now + after, callback });
        return page.clock.count;
      },
      clearTimeout: (number) => page.clock.timers.delete(number),
      Intl,
    });
    this.module = vm.runInContext(`${source.replaceAll(/^export (const \{.*|default .*)$/gm, "")};\nm`, context);
    this.name = name;
  }

  fire(event, data) {
    for (const callback of this.listeners.get(event) ?? []) callback(data);
  }

  /** A widget of a Python: its traits, and which of them the reader changes. */
  show(number, state, traits) {
    const abort = new AbortController();
    const heard = new Map();
    const model = {
      values: state,
      changed: {},
      get: (name) => model.values[name],
      set: (name, value) => {
        model.values[name] = value;
        model.changed[name] = value;
      },
      save_changes: () => {
        const { changed } = model;
        model.changed = {};
        if (Object.keys(changed).length > 0) this.outbox.push([number, JSON.parse(JSON.stringify(changed))]);
      },
      on: (event, callback) => heard.set(event, [...(heard.get(event) ?? []), callback]),
      receive: (name, value) => {
        model.values[name] = value;
        for (const callback of heard.get(`change:${name}`) ?? []) callback();
      },
    };
    const saver = this.module.saver(model, abort.signal, () =>
      Object.fromEntries(traits.map((name) => [name, model.get(name)])),
    );
    const shown = { model, saver, state: "clean", abort };
    const { place, key, field } = state.keeping;
    const watching = { ...model, get: () => ({ place, key, fields: [field] }) };
    this.module.followSaving(watching, abort.signal, (now) => (shown.state = now));
    this.models.set(number, shown);
  }

  close() {
    open.delete(this.lock);
    for (const one of channels) if (one[0] === this) channels.delete(one);
  }
}

const does = {
  open: ({ page }) => {
    pages.get(page)?.close();
    pages.set(page, new Page(page));
  },
  close: ({ page }) => {
    pages.get(page)?.close();
    pages.delete(page);
  },
  show: ({ page, number, state, traits }) => {
    const at = pages.get(page);
    for (const [old, shown] of at.models) {
      if (state.keeping.field !== shown.model.get("keeping").field) continue;
      shown.abort.abort();
      at.models.delete(old);
    }
    at.show(number, state, traits);
  },
  edit: ({ page, number, values, rests }) => {
    const { model, saver } = pages.get(page).models.get(number);
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    if (rests) saver.save();
    else saver.touched();
  },
  take: ({ page }) => pages.get(page).outbox.splice(0),
  tell: ({ page, told }) => {
    for (const [number, name, value] of told) pages.get(page).models.get(number)?.model.receive(name, value);
  },
  states: ({ page }) =>
    Object.fromEntries([...pages.get(page).models].map(([number, { state, model }]) => [number, [state, model.values]])),
  time: ({ page, milliseconds, asleep }) => pages.get(page).clock.advance(milliseconds, asleep),
  storage: ({ full }) => (storageIsFull = full),
  drafts: () => [...stored.values()],
  clear: () => {
    for (const page of pages.values()) page.close();
    pages.clear();
    stored.clear();
    storageIsFull = false;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...given } = JSON.parse(line);
  const said = does[what](given);
  // What was promised meanwhile comes first.
  for (let n = 0; n < 4; n += 1) await new Promise((done) => setImmediate(done));
  process.stdout.write(`${JSON.stringify(said ?? null)}\n`);
}
