// A notebook is a page: the address names it, and Back goes to the one before.

// Each notebook with parts to fill in has a Python of its own, which a telephone has no room for many times.
const STAY_OPEN = 3;
// How JupyterLab calls it that a file is opened, by a link for instance.
const OPEN = 'docmanager:open';
const HEADING = /^# +(.+)$/m;

/** The notebook that the address names. */
export function named() {
  return new URL(location.href).searchParams.get('path');
}

/** Go to a page, as far as the address and Back are concerned. */
function arrived(path) {
  if (path === named()) return;
  const address = new URL(location.href);
  address.searchParams.set('path', path);
  history.pushState(null, '', address);
}

/** The heading with which a notebook begins. */
function headed(panel) {
  const first = panel.content.widgets.find((cell) => HEADING.test(cell.model.sharedModel.source));
  return first ? HEADING.exec(first.model.sharedModel.source)[1] : panel.title.label;
}

/** Close a notebook with its Python, once that has done all that it was asked: nothing typed may be lost. */
async function close(panel, isBack) {
  await panel.sessionContext.ready;
  await panel.sessionContext.session?.kernel?.requestKernelInfo();
  if (isBack()) return;
  await panel.sessionContext.shutdown();
  panel.dispose();
}

export async function plugin(labModule) {
  const { INotebookTracker } = await labModule('@jupyterlab/notebook');
  return {
    id: 'maatwerk-site:address',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      // Without a server nobody else opens what the address names.
      const follow = () => app.commands.execute(OPEN, { path: named(), isAddress: true });
      const isMissing = () => document.body.classList.add('maatwerk-is-missing');
      app.started.then(follow).catch(isMissing);
      addEventListener('popstate', follow);
      // At once, and not when it is there: by then the reader may have gone back twice.
      app.commands.commandExecuted.connect((_commands, { id, args }) => {
        if (id === OPEN && !args.isAddress) arrived(args.path);
      });
      let latest = [];
      let title = document.title;
      // JupyterLab calls the page after the file, each time that something changes.
      const entitle = () => {
        if (document.title !== title) document.title = title;
      };
      new MutationObserver(entitle).observe(document.querySelector('title'), { childList: true });
      tracker.currentChanged.connect(async (_tracker, panel) => {
        await panel?.context.ready;
        if (!panel || panel !== tracker.currentWidget) return;
        title = `${headed(panel)} · Maatwerk`;
        entitle();
        latest = [panel, ...latest.filter((one) => one !== panel && !one.isDisposed)];
        for (const old of latest.splice(STAY_OPEN)) close(old, () => latest.includes(old));
      });
    },
  };
}
