// A notebook is a page: the address names it, and Back goes to the one before.

import { element, full, isCalm, languageOf, words } from './page.js';

// Each notebook with parts to fill in has a Python of its own, which a telephone has no room for many times.
const STAY_OPEN = 3;
// How JupyterLab calls it that a file is opened, by a link for instance.
const OPEN = 'docmanager:open';
const HEADING = /^# +(.+)$/m;

// Where a server names a notebook in the address.
const ON_A_SERVER = /^(.*\/lab)(?:\/workspaces\/([\w-]+))?(?:\/tree\/(.*))?$/;
const FIRST = '00-start.ipynb';

/** The address taken apart, where there is a server; a site without one has files only, and names the notebook after them. */
function onServer() {
  return ON_A_SERVER.exec(location.pathname);
}

/** The notebook that the address names. */
export function named() {
  const server = onServer();
  if (!server) return new URL(location.href).searchParams.get('path');
  return server[3] ? decodeURIComponent(server[3]) : FIRST;
}

/** The address of a notebook, in the part of JupyterLab in which one is, or in another one. */
function addressOf(path, workspace) {
  const address = new URL(location.href);
  const server = onServer();
  address.hash = '';
  if (server) {
    const space = workspace ?? server[2];
    const file = path.split('/').map(encodeURIComponent).join('/');
    address.pathname = `${server[1]}${space ? `/workspaces/${space}` : ''}/tree/${file}`;
    address.search = '';
  } else address.searchParams.set('path', path);
  return address;
}

/** Go to a page, as far as the address and Back are concerned. */
function arrived(path) {
  if (path !== named()) history.pushState(null, '', addressOf(path));
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

/** Below the page stands the way to the whole of JupyterLab, and there the way back. */
function leadElsewhere(panel, say, workspace, calm) {
  const link = element('a', { href: addressOf(panel.context.path, calm ? workspace : '').href }, calm ? say.full : say.calm);
  const node = element('nav', { className: 'maatwerk-elsewhere', ariaLabel: say.around }, link);
  (panel.content.node.querySelector('.jp-WindowedPanel-outer') ?? panel.content.node).append(node);
}

export async function plugin(labModule) {
  const calm = await isCalm(labModule);
  const say = await words(labModule);
  const workspace = await full(labModule);
  const { INotebookTracker } = await labModule('@jupyterlab/notebook');
  if (calm) document.body.classList.add('maatwerk-calm');
  return {
    id: 'maatwerk-course:address',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      if (workspace) {
        tracker.widgetAdded.connect(async (_tracker, panel) => {
          await panel.context.ready;
          if (languageOf(panel)) leadElsewhere(panel, say(languageOf(panel)), workspace, calm);
        });
      }
      if (!calm) return;
      app.restored.then(() => {
        app.shell.mode = 'single-document';
      });
      // JupyterLab's own part that does this opens what was open before as well.
      const follow = () => app.commands.execute(OPEN, { path: named(), isAddress: true });
      const isMissing = () => {
        document.body.classList.add('maatwerk-is-missing');
      };
      app.started.then(follow).catch(isMissing);
      addEventListener('popstate', follow);
      // At once, and not when it is there: by then the reader may have gone back twice.
      app.commands.commandExecuted.connect((_commands, { id, args }) => {
        if (id === OPEN && !args.isAddress) arrived(args.path);
      });
      let latest = [];
      let title = document.title;
      let language = document.documentElement.lang;
      // JupyterLab calls the page after the file, each time that something changes, and takes its language for that of
      // its menus, which are not there.
      const entitle = () => {
        if (document.title !== title) document.title = title;
        if (document.documentElement.lang !== language) document.documentElement.lang = language;
      };
      const watch = new MutationObserver(entitle);
      watch.observe(document.querySelector('title'), { childList: true });
      watch.observe(document.documentElement, { attributeFilter: ['lang'] });
      tracker.currentChanged.connect(async (_tracker, panel) => {
        await panel?.context.ready;
        if (!panel || panel !== tracker.currentWidget) return;
        title = `${headed(panel)} · Maatwerk`;
        language = languageOf(panel) || language;
        entitle();
        latest = [panel, ...latest.filter((one) => one !== panel && !one.isDisposed)];
        for (const old of latest.splice(STAY_OPEN)) close(old, () => latest.includes(old));
      });
    },
  };
}
