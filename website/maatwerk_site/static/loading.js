// What stands before the course while it loads: which step it is at, and a bar once there is something to read.
// It looks at the page only, and needs nothing of JupyterLab.

const PATIENCE = 60_000;
const words = JSON.parse(document.getElementById("maatwerk-words").textContent);
const notebook = new URL(location.href).searchParams.get("path") ?? "";
const language = /(^|\/)en\//.test(notebook) ? "en" : "nl";
const say = words[language];
document.documentElement.lang = language;

const STEPS = ["program", "chapter", "python"];
const box = document.createElement("div");
box.id = "maatwerk-loading";

const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
picture.setAttribute("viewBox", "0 0 100 100");
picture.setAttribute("class", "picture");
picture.setAttribute("aria-hidden", "true");
// The plane of the course, with a dot that looks for its place.
for (const [name, attributes] of [
  ["rect", { x: 4, y: 4, width: 92, height: 92, fill: "#fff", stroke: "#14212b", "stroke-width": 3 }],
  ["path", { d: "M50 4V96M4 50H96", stroke: "#ccd4da", "stroke-width": 2 }],
  ["circle", { r: 9, class: "dot" }],
]) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
  picture.append(shape);
}

const title = document.createElement("h1");
title.textContent = say.title;
const list = document.createElement("ol");
const items = STEPS.map((step) => {
  const item = document.createElement("li");
  item.textContent = say[step];
  list.append(item);
  return item;
});
const note = document.createElement("p");
note.setAttribute("role", "status");
box.append(picture, title, list, note);
document.body.append(box);

let at = -1;
/** @param {number} step */
function reached(step) {
  if (step <= at) return;
  at = step;
  items.forEach((item, number) => {
    item.className = number < step ? "done" : number === step ? "now" : "";
    if (number === step) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  if (step === 2) {
    box.classList.add("bar");
    note.textContent = say.read;
  }
}
reached(0);

/** Not found: an old bookmark, for instance. */
function missing() {
  const back = document.createElement("a");
  back.href = say.home;
  back.textContent = say.back;
  title.textContent = say.missing;
  list.remove();
  note.replaceChildren(back);
}

const slow = setTimeout(() => (note.textContent = say.slow), PATIENCE);
const watch = new MutationObserver(() => {
  // JupyterLab makes it that of its menus, which are not there.
  if (document.documentElement.lang !== language) document.documentElement.lang = language;
  if (document.querySelector(".jp-LabShell")) reached(1);
  if (document.querySelector(".maatwerk-course .jp-MarkdownOutput, .jp-Notebook .jp-MarkdownOutput")) reached(2);
  const isMissing = document.querySelector(".maatwerk-is-missing");
  // Or JupyterLab has something to say.
  if (!isMissing && !document.querySelector(".maatwerk-has-run, .jp-Dialog")) return;
  watch.disconnect();
  clearTimeout(slow);
  if (isMissing) missing();
  else box.remove();
});
watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
