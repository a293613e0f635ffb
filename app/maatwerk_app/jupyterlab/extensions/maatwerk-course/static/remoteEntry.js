// A JupyterLab extension without a build step: a module-federation container written by hand.
// It shows the notebooks of the course as pages, wherever a learner has them.
(() => {
  const NAME = 'maatwerk-course';
  const PLUGINS = ['autorun', 'links', 'address', 'notice'];
  const here = document.currentScript.src;
  let shared;

  /** A module of the running JupyterLab itself, so that its tokens are the same objects. */
  async function labModule(name) {
    const versions = Object.values(shared[name]);
    const loaded = versions.find((version) => version.loaded) ?? versions[0];
    return (await loaded.get())();
  }

  async function load(name) {
    const { plugin } = await import(new URL(`${name}.js`, here).href);
    return plugin(labModule);
  }

  (window._JUPYTERLAB ??= {})[NAME] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const plugins = await Promise.all(PLUGINS.map(load));
      return () => ({ __esModule: true, default: plugins });
    },
  };
})();
