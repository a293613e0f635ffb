// A page without Jupyter that shows a widget over a model in memory: what the participants' page of a workshop does.

/** The least that a widget may count on: get, set, save_changes, on. */
class MemoryModel {
  #values;
  #saved;
  #listeners = new Map();
  saves = 0;

  constructor(values, number) {
    this.number = number;
    this.#values = values;
    this.#saved = structuredClone(values);
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    const changed = JSON.stringify(this.#values[name]) !== JSON.stringify(value);
    this.#values[name] = value;
    if (!changed) return;
    for (const callback of [...(this.#listeners.get(`change:${name}`) ?? [])]) callback();
    for (const callback of [...(this.#listeners.get("change") ?? [])]) callback();
  }

  save_changes() {
    this.saves += 1;
    const changed = Object.entries(this.#values).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(this.#saved[name]),
    );
    this.#saved = structuredClone(this.#values);
    // For a test that passes it on to Python.
    window.outbox?.push([this.number, structuredClone(Object.fromEntries(changed))]);
  }

  /** What Python sent: that is not sent back. */
  receive(values) {
    for (const [name, value] of Object.entries(values)) {
      this.#saved[name] = structuredClone(value);
      this.set(name, value);
    }
  }

  on(event, callback) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(callback);
  }

  off(event, callback) {
    this.#listeners.get(event)?.delete(callback);
  }

  /** What would have reached Python: a `set` that was never saved is not in it. */
  get saved() {
    return this.#saved;
  }

  get listenerCount() {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

/** Load a module the way anywidget does: from a blob, where a relative import cannot resolve. */
async function load(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

window.hosted = { models: [], cleanups: [] };

/** Show one widget, `views` times over the same model; answers with its number. */
window.show = async ({ module, css, state, views, minimal }) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  document.documentElement.lang = state.lang ?? "nl";
  const widget = (await load(module)).default;
  const model = new MemoryModel(state, window.hosted.models.length);
  if (minimal) model.off = undefined;
  const number = window.hosted.models.push(model) - 1;
  for (let view = 0; view < views; view += 1) {
    const el = document.createElement("div");
    document.querySelector("main").append(el);
    window.hosted.cleanups.push(await widget.render({ model, el }));
  }
  return number;
};

window.hostReady = true;
