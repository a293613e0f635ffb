// The start page: what was answered in this browser, and whether the browser will keep it. It reads the course's
// own database and changes nothing in it.

const PATIENCE = 500;
const { words, database, language } = JSON.parse(document.getElementById("maatwerk-words").textContent);

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** A file as JupyterLite keeps it: text, or base64 when it does not know the kind. */
function contents({ content, format }) {
  if (typeof content !== "string") return content;
  if (format !== "base64") return JSON.parse(content);
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** What these answers files hold, as far as they are there. @param {string[]} files @returns {Promise<Map<string, any>>} */
async function kept(files) {
  const books = new Map();
  // Opening a database that is not there would make it, and the course would find it without its parts.
  const known = (await indexedDB.databases?.()) ?? [];
  if (!known.some((one) => one.name === database)) return books;
  const opened = await done(indexedDB.open(database));
  try {
    const store = opened.transaction("files").objectStore("files");
    const found = await Promise.all(files.map((file) => done(store.get(file))));
    files.forEach((file, number) => found[number] && books.set(file, contents(found[number])));
  } finally {
    opened.close();
  }
  return books;
}

async function showProgress() {
  const rows = [...document.querySelectorAll("[data-answers]")];
  const books = await kept([...new Set(rows.map((row) => row.dataset.answers))]).catch(() => new Map());
  let isBegun = false;
  for (const row of rows) {
    const answers = books.get(row.dataset.answers)?.answers ?? {};
    const asked = row.dataset.key ? [answers[row.dataset.key]] : Object.values(answers);
    const begun = asked.some((fields) => Object.keys(fields ?? {}).length > 0);
    row.querySelector(".state").textContent = begun ? words.progress_begun : "";
    isBegun ||= begun;
  }
  if (!isBegun) return;
  document.getElementById("open").textContent = words.open_again;
  // ISO 8601: the last in the alphabet is the last in time.
  const last = new Date([...books.values()].map((book) => book.saved_at).sort().at(-1));
  const when = last.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  document.getElementById("progress").textContent = words.progress_saved.replace("{when}", when);
}

async function showStorage() {
  const said = document.getElementById("storage");
  /** @param {string} text @param {boolean} warns */
  const tell = (text, warns) => {
    said.textContent = text;
    said.classList.toggle("warn", warns);
    said.hidden = false;
  };
  if (!isSecureContext || !("serviceWorker" in navigator) || !("indexedDB" in window)) {
    tell(words.storage_none, true);
    return;
  }
  // Some browsers ask the learner, and answer only after that: say here what the question is for.
  const asks = setTimeout(() => tell(words.storage_asked, false), PATIENCE);
  const kept = await navigator.storage?.persist?.().catch(() => false);
  clearTimeout(asks);
  tell(kept ? words.storage_kept : words.storage_maybe, !kept);
}

showStorage();
// Also when the browser kept this page and shows it again.
addEventListener("pageshow", showProgress);
