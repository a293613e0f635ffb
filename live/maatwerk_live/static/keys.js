// Single keys as shortcuts. They rest while somebody types, and can be put off altogether (WCAG 2.1.4).

/**
 * @param {Record<string, () => void>} actions by key, in small letters
 * @returns {{ on: boolean }} put `on` to false to leave all keys alone
 */
export function shortcuts(actions) {
  const asked = { on: true };
  document.addEventListener("keydown", (event) => {
    if (!asked.on || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input:not([type=checkbox]), textarea, select")) return;
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
  return asked;
}
