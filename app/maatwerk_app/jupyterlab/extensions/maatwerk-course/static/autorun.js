// It runs a notebook of the course once it is open and its kernel is ready, and takes hidden code out of sight
// altogether, so that a learner meets neither a play button nor a line of Python. View > Expand All Code
// brings the code back.
// Only notebooks that ask for it (metadata maatwerk.autorun) are run, and only in the JupyterLab that
// `maatwerk start` opens on the learner's own copy: an instructor who opens a submission elsewhere never runs
// anything by opening it.

import { element, isCalm, words as wordsIn } from './page.js';

/** What the notebook says of itself, when it is one of the course. */
function wish(panel) {
  const found = panel.content.model?.getMetadata('maatwerk');
  return found && found.autorun ? found : null;
}

/** Where there is nothing to run, nothing should move either: the reader may have come for one heading. */
function hasCode(panel) {
  return panel.content.widgets.some((cell) => cell.model.type === 'code');
}

/** As in a browser without a server. */
function isOnlyToRead(panel) {
  return panel.context.contentsModel?.writable === false;
}

/** The notebook holds nothing that is worth keeping, now or after a later run. */
function unchanged(panel) {
  const clean = () => {
    if (panel.context.model.dirty) panel.context.model.dirty = false;
  };
  panel.context.model.stateChanged.connect(clean);
  clean();
}

/** Above an assignment stands the way back; where it was fetched apart from the course, there is none. */
async function leadBack(panel, words, contents, Widget) {
  const start = panel.context.path.replace(/[^/]+\/[^/]+$/, '00-start.ipynb');
  const found = await contents.get(start, { content: false }).catch(() => null);
  if (!found || panel.isDisposed) return;
  const link = element('a', { href: await contents.getDownloadUrl(start) }, `← ${words.start}`);
  const node = element('nav', { className: 'maatwerk-way', ariaLabel: words.navigation }, link);
  panel.contentHeader.addWidget(new Widget({ node }));
}

/** Tells from now on whether somebody has begun to read or to fill in: then nothing may move under their hands. */
function inUse(node) {
  const begun = new AbortController();
  for (const sign of ['wheel', 'pointerdown', 'keydown', 'maatwerk-arrived']) {
    node.addEventListener(sign, () => begun.abort(), { capture: true, passive: true, signal: begun.signal });
  }
  return () => begun.signal.aborted;
}

/** Show the beginning. JupyterLab goes to the last cell that it ran, with its focus too: the next key would scroll. */
function begin(panel) {
  panel.content.activeCellIndex = 0;
  panel.content.node.querySelector('.jp-WindowedPanel-outer')?.scrollTo({ top: 0 });
  if (panel.node.contains(document.activeElement)) panel.content.widgets[0].node.focus({ preventScroll: true });
}

/** Before there is a notebook: JupyterLab measures its parts when it shows them. */
function styled() {
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.href = new URL('course.css', import.meta.url).href;
  document.head.append(sheet);
  return new Promise((done) => {
    sheet.addEventListener('load', done);
    sheet.addEventListener('error', done);
  });
}

export async function plugin(labModule) {
  await styled();
  const calm = await isCalm(labModule);
  const say = await wordsIn(labModule);
  const { INotebookTracker, NotebookActions } = await labModule('@jupyterlab/notebook');
  const { Widget } = await labModule('@lumino/widgets');
  return {
    id: 'maatwerk-course:autorun',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      let isFirst = true;
      tracker.widgetAdded.connect(async (_tracker, panel) => {
        await panel.context.ready;
        const course = wish(panel);
        if (!course) return;
        panel.addClass('maatwerk-course');
        // The bar above it takes no place any more; JupyterLab measures its parts only when it is asked to.
        panel.fit();
        // Around it JupyterLab speaks English; a screen reader must not read the course so.
        if (course.language) panel.node.lang = course.language;
        const words = say(course.language);
        if (course.assignment) leadBack(panel, words, app.serviceManager.contents, Widget);
        const opensTheCourse = isFirst;
        isFirst = false;
        if (opensTheCourse) {
          await app.restored;
          // One column, the text: a line of links above and below it leads on.
          app.shell.collapseLeft?.();
          app.shell.collapseRight?.();
        }
        await panel.sessionContext.ready;
        if (panel.isDisposed) return;
        const isInUse = inUse(panel.node);
        if (hasCode(panel)) {
          await NotebookActions.runAll(panel.content, panel.sessionContext);
          if (!isInUse()) begin(panel);
        }
        // Or closing the page would ask about changes that the learner never made. The answers are no part of a
        // notebook: as a calm page it is only read, and two windows need not quarrel over it. In a browser without
        // a server a saved copy would even hide the next release of the course.
        if (calm || isOnlyToRead(panel)) unchanged(panel);
        else await panel.context.save();
        // For whoever waits until the widgets on the screen are those of this run.
        panel.addClass('maatwerk-has-run');
      });
    },
  };
}
