// It opens the links between the course's notebooks. JupyterLab does that for links in a text, but not for those
// inside a widget, which would load the whole page again; and it forgets the heading that a link names when the
// notebook was not open yet.

const PATIENCE = { tries: 100, wait: 100 };

/** The file of the course that a link leads to, and the heading in it; null when it leads elsewhere. */
function target(link, panel) {
  const [written, heading = ''] = link.getAttribute('href').split('#');
  // JupyterLab has turned a link in a text into the address of the file; one in a widget is as we wrote it.
  const file = /^(?:.*\/files\/)?([^?]+\.(?:ipynb|html))(?:\?.*)?$/.exec(written);
  if (!file || (/^[a-z]+:/.test(written) && !written.includes('/files/'))) return null;
  const folder = written.includes('/files/') ? '' : panel.context.path.replace(/[^/]*$/, '');
  return { path: folder + decodeURIComponent(file[1]), heading: decodeURIComponent(heading) };
}

/** Scroll to a heading once it is there, and let the keyboard go on from it. */
async function arrive(panel, heading) {
  await panel.context.ready;
  const name = CSS.escape(heading);
  for (let n = 0; n < PATIENCE.tries && !panel.isDisposed; n += 1) {
    const found = panel.content.node.querySelector(`[data-jupyter-id="${name}"], [id="${name}"]`);
    if (found) {
      found.tabIndex = -1;
      found.focus({ preventScroll: true });
      found.scrollIntoView();
      panel.node.dispatchEvent(new Event('maatwerk-arrived'));
      return;
    }
    await new Promise((done) => setTimeout(done, PATIENCE.wait));
  }
}

export async function plugin(labModule) {
  const { INotebookTracker } = await labModule('@jupyterlab/notebook');
  return {
    id: 'maatwerk-course:links',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      document.addEventListener(
        'click',
        async (event) => {
          const link = event.target instanceof Element && event.target.closest('.maatwerk-course a[href]');
          if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
          const panel = tracker.find((one) => one.node.contains(link));
          const to = panel && target(link, panel);
          if (!to) return;
          event.preventDefault();
          event.stopPropagation();
          const opened = await app.commands.execute('docmanager:open', { path: to.path });
          if (opened && to.heading) await arrive(opened, to.heading);
        },
        true,
      );
    },
  };
}
