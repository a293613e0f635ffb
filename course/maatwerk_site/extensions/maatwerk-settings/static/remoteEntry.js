// A JupyterLab extension without a build step: a module-federation container written by hand.
// It stands in for JupyterLab's own registry of settings, which compiles the rules of each part's settings to a
// function as the course opens. A page that may do that, may run any text as code. Nobody changes settings here, so
// nothing has to be checked: only the defaults are filled in.
(() => {
  const NAME = 'maatwerk-settings';
  let shared;

  /** A module of the running JupyterLab itself, so that its tokens are the same objects. */
  async function labModule(name) {
    const versions = Object.values(shared[name]);
    const loaded = versions.find((version) => version.loaded) ?? versions[0];
    return (await loaded.get())();
  }

  /** Give every setting that was not chosen its default, at every depth. */
  function filled(schema, data) {
    for (const [name, rule] of Object.entries(schema.properties ?? {})) {
      if (data[name] === undefined && rule.default !== undefined) data[name] = structuredClone(rule.default);
      if (data[name] && typeof data[name] === 'object') filled(rule, data[name]);
    }
    return data;
  }

  const validator = {
    validateData(plugin, populate = true) {
      const user = JSON.parse(plugin.raw);
      if (populate) plugin.data = { user, composite: filled(plugin.schema, structuredClone(user)) };
      return null;
    },
  };

  async function plugin() {
    const { ISettingConnector, ISettingRegistry, SettingRegistry } = await labModule('@jupyterlab/settingregistry');
    return {
      id: `${NAME}:plugin`,
      autoStart: true,
      requires: [ISettingConnector],
      provides: ISettingRegistry,
      activate: async (app, connector) => {
        const known = (await connector.list('active')).values;
        return new SettingRegistry({ connector, validator, plugins: known.filter(({ id }) => app.hasPlugin(id)) });
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
