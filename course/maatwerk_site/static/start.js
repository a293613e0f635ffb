// The start page: what was answered in this browser, and whether the browser will keep it. It reads the course's
// own database and changes nothing in it.

const PATIENCE = 500;
const { words, database, language, titles } = JSON.parse(document.getElementById("maatwerk-words").textContent);

/** The answers file of the language, or null. @returns {Promise<any>} */
async function answers() {
  // Opening a database that is not there would make it, and the course would find it without its parts.
  const known = (await indexedDB.databases?.()) ?? [];
  if (!known.some((one) => one.name === database)) return null;
  const opened = await new Promise((done, failed) => {
    const request = indexedDB.open(database);
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  try {
    const read = opened.transaction("files").objectStore("files").get(`${language}/answers.json`);
    const file = await new Promise((done, failed) => {
      read.onsuccess = () => done(read.result);
      read.onerror = () => failed(read.error);
    });
    if (!file) return null;
    if (typeof file.content !== "string") return file.content;
    if (file.format !== "base64") return JSON.parse(file.content);
    const bytes = Uint8Array.from(atob(file.content), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } finally {
    opened.close();
  }
}

async function showProgress() {
  const said = document.getElementById("progress");
  const book = await answers().catch(() => null);
  const begun = Object.entries(titles).filter(([key]) => Object.keys(book?.answers?.[key] ?? {}).length > 0);
  if (begun.length === 0) {
    said.textContent = words.progress_none;
    return;
  }
  document.getElementById("open").textContent = words.open_again;
  const list = document.createElement("ul");
  for (const [, title] of begun) {
    const item = document.createElement("li");
    item.textContent = title;
    list.append(item);
  }
  said.textContent = words.progress_some;
  said.after(list);
  const when = new Date(book.saved_at);
  if (Number.isNaN(when.getTime())) return;
  const last = document.createElement("p");
  last.className = "quiet";
  const day = when.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  last.textContent = words.progress_saved.replace("{when}", day);
  list.after(last);
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

showProgress();
showStorage();
