// A table of the essay. Python writes its HTML, every word of it escaped.

/**
 * @param {{ model: { get: (name: string) => any }, el: HTMLElement }} context
 * @returns {() => void} the clean-up
 */
function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "mw-table mw mw-card";
  root.lang = model.get("lang");
  root.innerHTML = model.get("html");
  el.append(root);
  return () => root.remove();
}

export default { render };
