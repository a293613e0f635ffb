// 'Saved' is said only after Python answered that the file was written. One rule for every widget, in every host:
//
// * What is changed is kept in this browser until Python has taken it, also over a reload.
// * Each edit has a revision; Python answers with it once the file was written.
// * Three seconds without an answer is 'not saved yet': beside the widget, and in one bar for the whole page.
// * What was left behind is offered to Python when the page is opened again; the store merges it.
//
// Each widget has this module in a copy of its own; what they share stands on the window.

import { html, listenAtOnce } from "./dom.js";
import { atRest } from "./press.js";

/**
 * @typedef {Record<string, unknown>} Values of the traits, or of the fields in the answers file
 * @typedef {{ place: string, key: string, field: string, base: Values, words: Record<string, string>, lang: string }} Keeping
 * @typedef {{ revision: string, state: "saved" | "failed" | "refused" | "seen", base: Values }} Taken
 * @typedef {{ page: string, at: number, values: Values, base: Values, sent: { revision: string, values: Values }[] }} Draft
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: () => void) => void,
 *   off?: (event: string, callback: () => void) => void }} Model
 * @typedef {"clean" | "pending" | "late"} State
 * @typedef {{ keeping: Keeping, model: Model, base: Values, edit: Draft | null, revision: string, sentAt: number,
 *   offers: string[], offering: string, send: () => void, failed: boolean,
 *   unsent: boolean }} Field
 * @typedef {{ place?: string, key?: string, fields?: string[] }} Watched
 * @typedef {{ state: string, text: string, at?: string }} Said
 * @typedef {{ id: string, fields: Map<string, Field>, followers: Set<() => void>, late: boolean,
 *   keeps: boolean, count: number, channel: BroadcastChannel | null, check: () => void, changed: () => void,
 *   taken: (field: Field, taken: Taken) => void, offer: (field: Field) => void }} Page
 */

const SHARED = Symbol.for("maatwerk.saving");
/** How long Python may take to answer before the learner is told, in milliseconds. */
export const PATIENCE = 3000;
/** How often what was not answered is sent again. */
const AGAIN = 5000;
/** A timer that comes so much too late: the computer slept, and Python has had no time either. */
const SLEPT = 1500;
/** Without locks a browser cannot tell whether the page that left a draft is still open; after this it is not. */
const LEFT = 10_000;
/** How many unanswered edits are remembered. */
const MOST_SENT = 12;
const DRAFTS = "maatwerk:draft:";

/* ---------- what stays in the browser ---------- */

/**
 * Where the drafts of a field are kept in this browser; each page has its own.
 * @param {Keeping} keeping
 */
export function draftsOf({ place, key, field }) {
  return `${DRAFTS}${JSON.stringify([place, key, field])}:`;
}

/**
 * Write, or take away with `null`; whether that could be done.
 * @param {string} name
 * @param {Draft | null} draft
 */
function keepDraft(name, draft) {
  try {
    if (draft) localStorage.setItem(name, JSON.stringify(draft));
    else localStorage.removeItem(name);
    return true;
  } catch {
    return false; // Blocked, or full.
  }
}

/**
 * @param {string} name
 * @returns {Draft | null}
 */
function readDraft(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name) ?? "null");
    const isDraft = draft && typeof draft.values === "object" && typeof draft.base === "object";
    return isDraft ? { ...draft, sent: Array.isArray(draft.sent) ? draft.sent : [] } : null;
  } catch {
    return null;
  }
}

/** @param {string} start @returns {string[]} */
function draftNames(start) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(start));
  } catch {
    return [];
  }
}

/** Nothing that was typed stays in this browser: the learner erased all answers. */
export function eraseDrafts() {
  for (const name of draftNames(DRAFTS)) keepDraft(name, null);
  const shared = /** @type {{ [SHARED]?: Page }} */ (/** @type {unknown} */ (window))[SHARED];
  for (const field of shared?.fields.values() ?? []) {
    field.edit = null;
    field.offers = [];
  }
  shared?.changed();
}

/** The pages that are still open; `null` when this browser cannot tell. @returns {Promise<Set<string> | null>} */
async function openPages() {
  if (!navigator.locks) return null;
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name ?? ""));
}

/* ---------- what all widgets on a page share ---------- */

/** @returns {Page} */
function thePage() {
  const shared = /** @type {{ [SHARED]?: Page }} */ (/** @type {unknown} */ (window));
  return (shared[SHARED] ??= makePage());
}

/** @returns {Page} */
function makePage() {
  /** @type {Page} */
  const page = {
    id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
    fields: new Map(),
    followers: new Set(),
    late: false,
    keeps: true,
    count: 0,
    channel: typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("maatwerk.saving"),
    check,
    changed,
    taken,
    offer,
  };
  const bar = makeBar(page);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let due = 0;

  // As long as this page is open it holds a lock by its name: no other page takes its drafts.
  navigator.locks?.request(lockOf(page.id), () => new Promise(() => {})).catch(() => undefined);

  function changed() {
    const all = [...page.fields.values()];
    page.late = all.some((field) => stateOf(field) === "late");
    bar();
    for (const follower of page.followers) follower();
  }

  /** See what has not been answered in time, and look again when the next may be. */
  function check() {
    clearTimeout(timer);
    const now = Date.now();
    const slept = due > 0 && now - due > SLEPT;
    const waiting = [...page.fields.values()].filter((field) => isOpen(field) && field.sentAt);
    // After a sleep Python gets its time anew.
    if (slept) for (const field of waiting) field.sentAt = Math.max(field.sentAt, now - PATIENCE + 1500);
    changed();
    if (waiting.length === 0) return void (due = 0);
    const next = Math.min(...waiting.map(({ sentAt }) => (now - sentAt < PATIENCE ? sentAt + PATIENCE : now + AGAIN)));
    due = next;
    timer = setTimeout(() => {
      for (const field of page.fields.values()) if (stateOf(field) === "late") field.send();
      check();
    }, Math.max(50, next - now));
  }

  /**
   * @param {Field} field
   * @param {Taken} said
   */
  function taken(field, said) {
    if (said.state === "seen") {
      // What stands in the file by now; what is being changed here was changed on top of the older.
      if (!field.edit) field.base = said.base;
      return;
    }
    const isOffered = said.revision !== "" && said.revision === field.offering;
    const isAnswer = isOffered || (said.revision !== "" && said.revision === field.revision);
    if (said.state === "saved") {
      field.base = said.base;
      // What is typed is typed on top of what was sent from here, and not of what an earlier page left.
      const at = field.edit?.sent.findIndex(({ revision }) => revision === said.revision) ?? -1;
      if (field.edit && at >= 0) {
        field.edit = { ...field.edit, base: said.base, sent: field.edit.sent.slice(at + 1) };
      }
      page.channel?.postMessage({ place: field.keeping.place, key: field.keeping.key });
    }
    if (!isAnswer) return;
    field.failed = said.state === "failed" || (said.state === "refused" && !isOffered);
    if (field.failed) return check();
    field.sentAt = 0;
    if (isOffered) {
      field.offering = "";
      for (const name of field.offers.splice(0, 1)) keepDraft(name, null);
      if (field.offers.length > 0) return offer(field);
      if (field.edit) return field.send();
    } else if (!field.unsent) {
      // What was typed after it was sent is still to come.
      field.edit = null;
      keepDraft(draftsOf(field.keeping) + page.id, null);
    }
    check();
  }

  /** Offer Python what an earlier page could not save: the oldest first. @param {Field} field */
  function offer(field) {
    const draft = readDraft(field.offers[0]);
    if (!draft) {
      for (const name of field.offers.splice(0, 1)) keepDraft(name, null);
      if (field.offers.length > 0) return offer(field);
      if (field.edit) return field.send();
      return check();
    }
    field.offering = `${page.id}:${(page.count += 1)}`;
    field.sentAt ||= Date.now();
    const sent = draft.sent.map(({ values }) => values);
    field.model.set("offered", { revision: field.offering, values: draft.values, base: draft.base, sent });
    field.model.save_changes();
    check();
  }

  /** Python looks into the file: somebody else wrote in it. @param {(field: Field) => boolean} concerned */
  function look(concerned) {
    const seen = new Set();
    for (const field of page.fields.values()) {
      const { place, key } = field.keeping;
      const one = `${place} ${key}`;
      if (seen.has(one) || !concerned(field)) continue;
      seen.add(one);
      field.model.set("looked", (field.model.get("looked") ?? 0) + 1);
      field.model.save_changes();
    }
  }
  page.channel?.addEventListener("message", ({ data }) =>
    look(({ keeping, edit }) => !edit && keeping.place === data.place && keeping.key === data.key),
  );
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look(({ edit }) => !edit);
  });
  // Another page took over what this one could not save.
  window.addEventListener("storage", (event) => {
    if (event.newValue !== null || !event.key?.startsWith(DRAFTS) || !event.key.endsWith(`:${page.id}`)) return;
    for (const field of page.fields.values()) {
      if (draftsOf(field.keeping) + page.id === event.key) field.edit = null;
    }
    check();
  });
  // Where nothing can be kept in the browser, leaving loses it: then the browser asks.
  window.addEventListener("beforeunload", (event) => {
    if (!page.keeps && page.late) event.preventDefault();
  });
  return page;
}

/** @param {string} id */
const lockOf = (id) => `maatwerk:page:${id}`;

/** Whether something of it has not been saved. @param {Field} field */
const isOpen = ({ edit, offers }) => edit !== null || offers.length > 0;

/** @param {Field} field @returns {State} */
function stateOf(field) {
  if (!isOpen(field)) return "clean";
  const { failed, sentAt } = field;
  return failed || (sentAt > 0 && Date.now() - sentAt >= PATIENCE) ? "late" : "pending";
}

/**
 * The bar below the page; answers with what brings it up to date.
 * @param {Page} page
 */
function makeBar(page) {
  /** @type {HTMLElement | undefined} */
  let bar;
  const text = html("p", { role: "status" });
  const reload = html("button", { type: "button", class: "mw-button mw-main" });
  reload.addEventListener("click", () => location.reload());
  return () => {
    const late = [...page.fields.values()].find((field) => stateOf(field) === "late");
    if (!late) {
      bar?.remove();
      bar = undefined;
      text.textContent = "";
      return;
    }
    const { words, lang } = late.keeping;
    const said = page.keeps ? words.late_kept : words.late_not_kept;
    if (!bar) {
      bar = html("div", { class: "mw mw-bar", lang }, [html("strong", {}, [words.late]), text, reload]);
      document.body.append(bar);
    }
    reload.textContent = words.reload;
    // Said once, politely: a live region must be there before its words are.
    if (text.textContent !== said) setTimeout(() => bar && (text.textContent = said), 50);
  };
}

/* ---------- for a widget ---------- */

/**
 * Keeps what a widget's reader changes. Where nothing is kept (a phone in a workshop, a page without Python) it sends
 * and nothing more.
 * @param {Model} model
 * @param {AbortSignal} signal of the view's clean-up
 * @param {() => Values} values of the traits that were changed here and that Python did not confirm
 * @returns {{ touched: () => void, save: () => void }} `touched` for what will be sent later, as while typing
 */
export function saver(model, signal, values) {
  const plain = atRest(signal, () => model.save_changes());
  let changed = false;
  let kept = keptBy(model, signal, values);
  // Voilà may draw a widget before Python has said where its answers are kept: what was changed meanwhile counts too.
  if (!kept) {
    listenAtOnce(model, signal, ["keeping"], () => {
      kept ??= keptBy(model, signal, values);
      if (kept && changed) kept.save();
      changed = false;
    });
  }
  return {
    touched: () => {
      changed = true;
      kept?.touched();
    },
    save: () => {
      changed = true;
      if (kept) kept.save();
      else plain();
    },
  };
}

/**
 * The same once Python has said where the answers are kept; `null` before that.
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {() => Values} values
 * @returns {{ touched: () => void, save: () => void } | null}
 */
function keptBy(model, signal, values) {
  /** @type {Keeping | undefined} */
  const keeping = model.get("keeping");
  if (!keeping?.place) return null;
  const page = thePage();
  const id = draftsOf(keeping);
  const known = page.fields.get(id);
  /** @type {Field} */
  const field =
    known && known.model === model
      ? known
      : { keeping, model, base: keeping.base, edit: null, revision: "", sentAt: 0, offers: [], offering: "", send, failed: false, unsent: false };
  if (field !== known) {
    page.fields.set(id, field);
    // Python began anew below an open page: what the old one did not answer is offered to the new one.
    if (known?.edit) {
      keepDraft(`${id}${page.id}:${(page.count += 1)}`, known.edit);
      keepDraft(id + page.id, null);
    }
    void claim();
  }

  async function claim() {
    const open = await openPages();
    const own = (/** @type {string} */ name) => name.slice(id.length).startsWith(`${page.id}:`);
    const left = draftNames(id)
      .map((name) => ({ name, draft: readDraft(name) }))
      .filter(({ name, draft }) => {
        if (!draft || own(name)) return true;
        if (draft.page === page.id) return false;
        return open ? !open.has(lockOf(draft.page)) : Date.now() - draft.at > LEFT;
      })
      .sort((a, b) => (a.draft?.at ?? 0) - (b.draft?.at ?? 0));
    if (left.length === 0 || page.fields.get(id) !== field) return;
    field.offers = left.map(({ name }) => name);
    page.offer(field);
  }

  function touched() {
    const base = field.edit?.base ?? field.base;
    field.edit = { page: page.id, at: Date.now(), values: values(), base, sent: field.edit?.sent ?? [] };
    field.failed = false;
    field.unsent = true;
    page.keeps = keepDraft(id + page.id, field.edit);
    page.changed();
  }

  /** The first sending sets the clock; what is sent after that, unanswered, does not set it back. */
  function send() {
    // First what was left behind: Python answers that before it gets what is newer.
    if (field.offers.length > 0) {
      if (!field.offering || stateOf(field) === "late") page.offer(field);
      return;
    }
    if (!field.edit) return model.save_changes();
    field.revision = `${page.id}:${(page.count += 1)}`;
    field.sentAt ||= Date.now();
    field.unsent = false;
    // What Python wrote just before it went away must not be taken for somebody else's.
    field.edit.sent = [...field.edit.sent, { revision: field.revision, values: field.edit.values }].slice(-MOST_SENT);
    page.keeps = keepDraft(id + page.id, field.edit);
    // Python may have said something else meanwhile.
    for (const [trait, value] of Object.entries(field.edit.values)) model.set(trait, value);
    // The values stand in it once more: other messages may have brought them before they were to count.
    model.set("edited", { revision: field.revision, base: field.edit.base, values: field.edit.values });
    model.save_changes();
    page.check();
  }

  const sendAtRest = atRest(signal, send);
  listenAtOnce(model, signal, ["taken"], () => page.taken(field, model.get("taken")));
  return {
    touched,
    save: () => {
      touched();
      sendAtRest();
    },
  };
}

/**
 * Follow the state of what is kept: the latest of all fields that are watched.
 * @param {Model} model `watches`: a key of an answers file, and which of its fields; without any, all of them
 * @param {AbortSignal} signal of the view's clean-up
 * @param {(state: State, words: Record<string, string>) => void} show
 */
export function followSaving(model, signal, show) {
  let follows = false;
  const begin = () => {
    if (follows || !model.get("watches")?.place) return;
    follows = true;
    follow(model, signal, show);
  };
  begin();
  // As with `keeping`: it may come after the widget was drawn.
  listenAtOnce(model, signal, ["watches"], begin);
}

/**
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {(state: State, words: Record<string, string>) => void} show
 */
function follow(model, signal, show) {
  const page = thePage();
  const look = () => {
    /** @type {Watched} */
    const { place, key, fields = [] } = model.get("watches");
    const mine = [...page.fields.values()].filter(
      ({ keeping }) =>
        keeping.place === place && keeping.key === key && (fields.length === 0 || fields.includes(keeping.field)),
    );
    const states = mine.map(stateOf);
    const state = states.includes("late") ? "late" : states.includes("pending") ? "pending" : "clean";
    show(state, mine[0]?.keeping.words ?? {});
  };
  page.followers.add(look);
  signal.addEventListener("abort", () => page.followers.delete(look));
  look();
}

/**
 * What a mark beside a widget says: Python's word, unless something has not been saved.
 * @param {Said} said by Python
 * @param {State} state
 * @param {Record<string, string>} words
 * @param {string} lang
 * @returns {Said}
 */
export function saidOf(said, state, words, lang) {
  if (state === "pending") return { state: "pending", text: words.pending };
  if (said.state === "error") return said;
  if (state === "late") return { state: "error", text: words.late };
  if (said.state !== "saved" || !said.at || !words.saved) return said;
  // By the learner's clock: the server may be in another time zone.
  const time = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(said.at));
  return { ...said, text: words.saved.replace("{time}", time) };
}
