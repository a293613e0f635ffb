// It begins the Python of the notebook in the address while JupyterLab is still starting: most devices can do both at
// a time. It lets no notebook have a Python that cannot keep its answers, nor the Python of another one.

import { named } from '../../maatwerk-course/static/address.js';

const KERNEL = '@jupyterlite/pyodide-kernel-extension:kernel';
// A browser that takes longer gets its Python all the same: then saving says that it failed.
const PATIENCE = 10_000;

/** Until the service worker, by which Python keeps its files, is at work; rejects where a browser has none. */
async function atWork(manager) {
  if (!navigator.serviceWorker) throw new Error('no service worker');
  await manager.ready;
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== 'activated') {
    await new Promise((done) => active.addEventListener('statechange', done, { once: true }));
  }
}

/**
 * Python waits for each answer about its files. JupyterLite gives none when the browser could not do what was asked
 * (the disk is full, another window took the file away), and Python would wait for ever.
 */
function answerAlways(manager) {
  const files = manager._driveContentsProcessor;
  const usual = files.processDriveRequest.bind(files);
  const failed = (error) => ({ maatwerkFailed: String(error) });
  files.processDriveRequest = (request) => {
    const late = new Promise((done) => setTimeout(() => done(failed('no answer')), PATIENCE));
    const answer = usual(request).catch(async (error) => {
      // What is gone already need not be taken away.
      const isGone = request.method === 'rmdir' && !(await usual({ ...request, method: 'lookup' })).ok;
      return isGone ? null : failed(error);
    });
    return Promise.race([answer.catch(failed), late]);
  };
}

/** JupyterLite takes two notebooks with the same name for one, and each chapter has the same name in both languages. */
function knownByPath(sessions) {
  const start = sessions.startNew.bind(sessions);
  sessions.startNew = (asked, ...more) => start({ ...asked, name: asked.path }, ...more);
}

export async function plugin(labModule) {
  const { IKernelSpecs } = await labModule('@jupyterlite/services');
  const { IServiceWorkerManager } = await labModule('@jupyterlite/apputils');
  return {
    id: 'maatwerk-site:python',
    autoStart: true,
    requires: [IKernelSpecs, IServiceWorkerManager],
    // JupyterLab opens no notebook before this is done: it finds the session, or one that waits as long.
    activate: async (app, specs, manager) => {
      const { sessions } = app.serviceManager;
      knownByPath(sessions);
      answerAlways(manager);
      await app.activatePlugin(KERNEL);
      const spec = specs.specs.kernelspecs.python;
      const create = specs.factories.get('python');
      const late = new Promise((done) => setTimeout(done, PATIENCE));
      // JupyterLite does not wait. A Python that starts before the service worker is at work keeps nothing; and one
      // that starts while it gets to work may wait for it as long as it waits for that.
      const settled = Promise.race([atWork(manager), late]).catch(() => undefined);
      specs.register({ spec, create: (options) => settled.then(() => create(options)) });
      const path = named();
      if (!path?.endsWith('.ipynb')) return;
      const early = await sessions.startNew({ path, type: 'notebook', kernel: { name: 'python' } });
      // This end of the line hangs up: it knows no widgets, and would refuse them.
      early.dispose();
    },
  };
}
