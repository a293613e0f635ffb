// What the parts of this extension share: whether JupyterLab is a calm page here, and what it says.

/** What JupyterLab was told with the page, by the server or by the site. */
async function told(labModule, name) {
  const { PageConfig } = await labModule('@jupyterlab/coreutils');
  return PageConfig.getOption(name);
}

/** Whether there is one page in sight and nothing around it; otherwise somebody asked for the whole of JupyterLab. */
export async function isCalm(labModule) {
  return (await told(labModule, 'maatwerkIsCalm')) === 'true';
}

/** The part of the address in which the whole of JupyterLab is there; empty where there is none. */
export function full(labModule) {
  return told(labModule, 'maatwerkFull');
}

/** Gives the words in the language of a notebook. */
export async function words(labModule) {
  const all = JSON.parse((await told(labModule, 'maatwerkWords')) || '{}');
  return (language) => all[language] ?? all.nl ?? {};
}

/** The language of the notebook in a panel, when it is one of the course. */
export function languageOf(panel) {
  return panel?.content.model?.getMetadata('maatwerk')?.language;
}

/** @param {string} tag @param {object} properties @param {(Node | string)[]} children */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
