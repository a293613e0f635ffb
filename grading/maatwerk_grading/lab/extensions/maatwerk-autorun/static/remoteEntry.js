// A JupyterLab extension without a build step: a module-federation container written by hand.
// It runs a notebook of the course once it is open and its kernel is ready, and takes hidden code out of sight
// altogether, so that a learner meets neither a play button nor a line of Python. View > Expand All Code
// brings the code back.
// Only notebooks that ask for it (metadata maatwerk.autorun) are run, and only in the JupyterLab that
// `maatwerk start` opens on the learner's own copy: an instructor who opens a submission elsewhere never runs
// anything by opening it.
(() => {
  const NAME = 'maatwerk-autorun';
  const CALM = `
    .maatwerk-course .jp-Cell-inputWrapper:has(.jp-InputPlaceholder),
    .maatwerk-course .jp-OutputPrompt,
    .maatwerk-course .jp-cell-toolbar,
    .maatwerk-course .jp-InputCollapser,
    .maatwerk-course .jp-OutputCollapser,
    .maatwerk-course .jp-Notebook-footer,
    .maatwerk-course > .jp-Toolbar { display: none; }
    /* Or its place would stay empty. */
    .maatwerk-course > .jp-Toolbar { min-height: 0; max-height: 0; }
    /* JupyterLab shows it again on the active cell: a button without a name, and the first stop of Tab. */
    .maatwerk-course .jp-Notebook .jp-Cell .jp-collapseHeadingButton { display: none !important; }
    .maatwerk-course .jp-Notebook { --jp-cell-prompt-width: 1rem; --jp-content-font-size1: 1rem; --jp-content-heading-line-height: 1.25; }
    /* One column in the middle, as wide as what can be done in it; the text is somewhat narrower. */
    .maatwerk-course .jp-Notebook .jp-Cell { max-width: 56rem; margin-inline: auto; }
    .maatwerk-course .jp-CodeCell { padding-block: 0; }
    .maatwerk-course .jp-CodeCell:has(.jp-OutputArea-child) { padding-block: 1rem; }
    /* On a telephone, a heading's longest word has its place. */
    .maatwerk-course .jp-RenderedHTMLCommon h1 { font-size: clamp(1.5rem, 5vw, 2.25rem); }
    .maatwerk-course .jp-RenderedHTMLCommon h2 { font-size: clamp(1.25rem, 4vw, 1.5rem); }
    .maatwerk-course .jp-RenderedHTMLCommon h3 { font-size: 1.1875rem; }
    .maatwerk-course .jp-RenderedHTMLCommon :is(h1, h2, h3) { font-weight: 700; text-wrap: balance; }
    /* The bare number that nbgrader reads: the words above it say the same. */
    .maatwerk-course .jp-OutputArea-executeResult:has([data-mime-type="text/plain"]) { display: none; }
    .maatwerk-course .jp-Notebook .jp-Cell { border-color: transparent; box-shadow: none; }
    .maatwerk-course .jp-MarkdownCell .jp-RenderedHTMLCommon { max-width: 46rem; border: 0; line-height: 1.6; }
    .maatwerk-course .jp-RenderedHTMLCommon { overflow-wrap: break-word; }
    /* What a cell says in words stands below the text, and the points one below the other. */
    .maatwerk-course .jp-CodeCell .jp-RenderedHTMLCommon { max-width: 46rem; padding-inline: 1rem; }
    .maatwerk-course .jp-CodeCell:has(.jp-RenderedHTMLCommon) { padding-block: 0.25rem; }
    .maatwerk-course .jp-RenderedHTMLCommon table { width: 100%; font-size: 0.875rem; }
    .maatwerk-course .jp-RenderedHTMLCommon :is(th, td) { padding: 0.375rem 0.75rem; text-align: start; vertical-align: top; }
    /* The one table is a rubric, of which a telephone has no room for the columns: they stand below each other. */
    @media (max-width: 40rem) {
      .maatwerk-course .jp-CodeCell .jp-RenderedHTMLCommon { padding-inline: 0.25rem; }
      .maatwerk-course .jp-RenderedHTMLCommon thead { display: none; }
      .maatwerk-course .jp-RenderedHTMLCommon tbody tr { display: block; padding-block: 0.5rem; counter-reset: points -1; }
      .maatwerk-course .jp-RenderedHTMLCommon tbody td { display: flex; gap: 0.75rem; padding: 0.125rem 0.5rem; counter-increment: points; }
      .maatwerk-course .jp-RenderedHTMLCommon tbody td:first-child { counter-increment: none; }
      .maatwerk-course .jp-RenderedHTMLCommon tbody td:not(:first-child)::before { flex: none; width: 2rem; font-weight: 700; content: counter(points) " p"; }
    }
    /* As high as JupyterLab reads here: it lays out what stands above a notebook by itself. */
    .maatwerk-way { min-height: 2.75rem; max-height: 2.75rem; border-bottom: 1px solid var(--jp-border-color2); background: var(--jp-layout-color0); }
    .maatwerk-way a { display: block; max-width: 56rem; margin-inline: auto; padding: 0.5rem 1.5rem; color: var(--jp-content-link-color); font-size: 1rem; line-height: 1.75rem; }
    .maatwerk-course .jp-RenderedHTMLCommon blockquote { margin-inline: 0; }
    /* A box that can scroll is a stop for Tab without a name; one that no longer scrolls loses the focus. */
    .maatwerk-course .jp-CodeCell .jp-Cell-outputArea,
    .maatwerk-course .jp-CodeCell .jp-OutputArea-child,
    .maatwerk-course .jp-CodeCell .jp-OutputArea-output,
    .maatwerk-course .jp-CodeCell .jupyter-widgets.widget-box { overflow: visible; }
  `;
  const WORDS = {
    nl: { navigation: 'Navigatie', start: 'Startpagina' },
    en: { navigation: 'Navigation', start: 'Start page' },
  };
  let shared;

  /** A module of the running JupyterLab itself, so that its tokens are the same objects. */
  async function labModule(name) {
    const versions = Object.values(shared[name]);
    const loaded = versions.find((version) => version.loaded) ?? versions[0];
    return (await loaded.get())();
  }

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
    const link = document.createElement('a');
    link.href = await contents.getDownloadUrl(start);
    link.textContent = `← ${words.start}`;
    const node = document.createElement('nav');
    node.className = 'maatwerk-way';
    node.ariaLabel = words.navigation;
    node.append(link);
    panel.contentHeader.addWidget(new Widget({ node }));
  }

  async function plugin() {
    const { INotebookTracker, NotebookActions } = await labModule('@jupyterlab/notebook');
    const { Widget } = await labModule('@lumino/widgets');
    return {
      id: `${NAME}:plugin`,
      autoStart: true,
      requires: [INotebookTracker],
      activate: (app, tracker) => {
        let isFirst = true;
        const style = document.createElement('style');
        style.textContent = CALM;
        document.head.append(style);
        tracker.widgetAdded.connect(async (_tracker, panel) => {
          await panel.context.ready;
          const course = wish(panel);
          if (!course) return;
          panel.addClass('maatwerk-course');
          // Around it JupyterLab speaks English; a screen reader must not read the course so.
          if (course.language) panel.node.lang = course.language;
          const words = WORDS[course.language] ?? WORDS.nl;
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
          if (hasCode(panel)) {
            await NotebookActions.runAll(panel.content, panel.sessionContext);
            panel.content.activeCellIndex = 0;
            panel.content.node.querySelector('.jp-WindowedPanel-outer')?.scrollTo({ top: 0 });
          }
          // Or closing the page would ask about changes that the learner never made. In a browser without a
          // server the notebooks are only to be read: a saved copy would hide the next release of the course.
          if (isOnlyToRead(panel)) unchanged(panel);
          else await panel.context.save();
          // For whoever waits until the widgets on the screen are those of this run.
          panel.addClass('maatwerk-has-run');
        });
      },
    };
  }

  (window._JUPYTERLAB ??= {})[NAME] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const ready = await plugin();
      return () => ({ __esModule: true, default: ready });
    },
  };
})();
