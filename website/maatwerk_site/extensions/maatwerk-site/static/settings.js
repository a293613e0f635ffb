// It stands in for JupyterLab's own registry of settings, which compiles the rules of each part's settings to a
// function as the course opens. A page that may do that, may run any text as code. Nobody changes settings here, so
// nothing has to be checked: only the defaults are filled in.

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

export async function plugin(labModule) {
  const { ISettingConnector, ISettingRegistry, SettingRegistry } = await labModule('@jupyterlab/settingregistry');
  return {
    id: 'maatwerk-site:settings',
    autoStart: true,
    requires: [ISettingConnector],
    provides: ISettingRegistry,
    activate: async (app, connector) => {
      const known = (await connector.list('active')).values;
      return new SettingRegistry({ connector, validator, plugins: known.filter(({ id }) => app.hasPlugin(id)) });
    },
  };
}
