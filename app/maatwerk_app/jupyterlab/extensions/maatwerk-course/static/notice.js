// It says in the language of the course what JupyterLab would say in English, in a window over the page: that Python or
// the server is gone, or that something else is amiss. What was typed stays in sight, to be copied.

import { element, isCalm, languageOf, words } from './page.js';

// The way to Python often comes back by itself; in milliseconds.
const PATIENCE = 4000;
// JupyterLab tells twice that Python is gone: by its state, and in a window.
const MOMENT = 500;
const IS_GONE = /dead|restarting|terminating/;

export async function plugin(labModule) {
  const calm = await isCalm(labModule);
  const say = await words(labModule);
  const { INotebookTracker } = await labModule('@jupyterlab/notebook');
  const { Dialog } = await labModule('@jupyterlab/apputils');
  return {
    id: 'maatwerk-course:notice',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (_app, tracker) => {
      if (!calm) return;
      let notice;
      let panelOf;

      function show(panel, title, text) {
        notice?.remove();
        panelOf = panel;
        const language = languageOf(panel) || document.documentElement.lang;
        const reload = element('button', { type: 'button', onclick: () => location.reload() }, say(language).lost_reload);
        notice = element('div', { className: 'maatwerk-notice', lang: language });
        notice.setAttribute('role', 'alert');
        document.body.append(notice);
        notice.append(element('h2', {}, title), element('p', {}, text), element('p', {}, reload));
      }

      function lost(panel, isLost) {
        if (isLost && panelOf !== panel) show(panel, say(languageOf(panel)).lost_title, say(languageOf(panel)).lost_text);
        else if (!isLost && panelOf === panel) {
          notice?.remove();
          notice = panelOf = undefined;
        }
      }

      function watch(panel) {
        const context = panel.sessionContext;
        let waiting;
        let isGone = false;
        const look = () => {
          clearTimeout(waiting);
          // Only what has run can be lost; and a Python that comes in the place of one that died knows no widget.
          if (panel.isDisposed || panel !== tracker.currentWidget || !panel.hasClass('maatwerk-has-run')) return;
          const kernel = context.session?.kernel;
          isGone ||= !kernel || IS_GONE.test(context.kernelDisplayStatus) || IS_GONE.test(kernel.status);
          const isAway = kernel?.connectionStatus !== 'connected';
          if (isAway && !isGone) waiting = setTimeout(() => lost(panel, true), PATIENCE);
          else lost(panel, isGone);
        };
        context.statusChanged.connect(look);
        context.connectionStatusChanged.connect(look);
        context.kernelChanged.connect(look);
        panel.disposed.connect(() => lost(panel, false));
      }
      tracker.widgetAdded.connect((_tracker, panel) => watch(panel));

      Dialog.tracker.widgetAdded.connect((_tracker, dialog) => {
        dialog.node.style.display = 'none';
        setTimeout(() => {
          const parts = [...dialog.node.querySelectorAll('.jp-Dialog-header, .jp-Dialog-body')];
          const said = parts.map((part) => part.textContent.trim()).join('. ');
          dialog.reject();
          const panel = tracker.currentWidget;
          const { amiss_title: title, amiss_text: text } = say(languageOf(panel) || document.documentElement.lang);
          if (!notice) show(panel, title, text.replace('{said}', said));
        }, MOMENT);
      });
    },
  };
}
