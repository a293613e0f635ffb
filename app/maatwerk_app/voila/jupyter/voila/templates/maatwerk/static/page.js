// What a page of the course does itself: where its links lead, and what it says when something is amiss.
// Loaded before Voilà's own script.
(() => {
  /** How long the connection may be away before the learner is told, in milliseconds: it often comes back. */
  const PATIENCE = 4000;
  /** How long Python may take to start. */
  const START = 90000;
  const GLOSSARY = '07-begrippen.ipynb';

  // While Python starts, Voilà calls this to keep the connection open.
  window.voila_heartbeat = () => {};

  // Voilà would stop Python before the page has sent what was typed last, even when the page stays after all.
  window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation());
  window.addEventListener('pagehide', () => {
    const told = document.getElementById('jupyter-config-data');
    if (!told) return;
    const form = new FormData();
    form.append('_xsrf', document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? '');
    navigator.sendBeacon(`${document.body.dataset.baseUrl}api/shutdown/${JSON.parse(told.textContent).kernelId}`, form);
  });
  // A page that the browser kept: its Python is gone.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());

  /** Send a link where it leads on these pages. */
  function lead(link) {
    const to = new URL(link.href, location.href);
    const course = to.origin === location.origin && to.pathname.includes('/voila/render/');
    if (!course) return;
    if (to.pathname.endsWith('.html')) {
      // A portfolio: the server shows it to who is logged in.
      link.href = to.href.replace('/voila/render/', '/files/');
    } else if (to.pathname.endsWith(GLOSSARY) && !location.pathname.endsWith(GLOSSARY)) {
      // Whoever looks up a word stays in the chapter.
      link.target = 'maatwerk-begrippen';
    }
  }
  document.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element && event.target.closest('a[href]');
      if (link) lead(link);
    },
    true,
  );

  document.addEventListener('DOMContentLoaded', () => {
    const words = JSON.parse(document.getElementById('maatwerk-words').textContent);
    const loading = document.getElementById('maatwerk-loading');
    const parts = document.querySelector('main');

    function html(tag, attributes, ...children) {
      const element = Object.assign(document.createElement(tag), attributes);
      element.append(...children);
      return element;
    }

    let notice;
    function lost(isLost) {
      if (isLost === Boolean(notice)) return;
      notice?.remove();
      notice = undefined;
      if (!isLost) return;
      loading.remove();
      const reload = html('button', { type: 'button', onclick: () => location.reload() }, words.lost_reload);
      notice = html('div', { className: 'said lost' });
      notice.setAttribute('role', 'alert');
      document.body.append(notice);
      notice.append(html('h2', {}, words.lost_title), html('p', {}, words.lost_text), html('p', {}, reload));
    }

    /** Tell when the way to Python is gone, and when it is back. */
    function watch(kernel) {
      let waiting;
      const look = () => {
        clearTimeout(waiting);
        const isDead = /dead|restarting|terminating/.test(kernel.status);
        const isAway = kernel.connectionStatus !== 'connected';
        if (isAway && !isDead) waiting = setTimeout(() => lost(true), PATIENCE);
        else lost(isDead);
      };
      kernel.connectionStatusChanged.connect(look);
      kernel.statusChanged.connect(look);
      look();
    }

    /** Say in words what Python could not make: Voilà lets nothing else through under this name. */
    function explain(error) {
      error.replaceChildren(html('p', { className: 'said' }, words.broken));
      error.removeAttribute('data-mime-type');
    }

    const began = Date.now();
    let kernel;
    function see() {
      parts.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]').forEach(explain);
      const found = window.jupyterapp?.widgetManager?.kernel;
      if (found && !kernel) watch((kernel = found));
      const isWaiting = !kernel || parts.querySelector('.voila-skeleton-container');
      if (!isWaiting) loading.remove();
      else if (!kernel && Date.now() - began > START) lost(true);
      return isWaiting;
    }
    new MutationObserver(see).observe(parts, { childList: true, subtree: true });
    const waiting = setInterval(() => see() || clearInterval(waiting), 250);
  });
})();
