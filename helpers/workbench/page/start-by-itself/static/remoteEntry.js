// The workbench's page starts by itself: when it is opened, when it is loaded again (its kernel
// still has the workbench, with everything that was loaded), and when its kernel was replaced. Of
// the notebooks only the workbench's own is run so, and only by the launcher's server.
(() => {
  const NOTEBOOK = 'notebooks/workbench.ipynb';
  const DIED =
    'The work ended unexpectedly (was the memory enough?), and what was loaded with it. ' +
    'The workbench has started again: load your file again.';
  const sleep = ms => new Promise(done => setTimeout(done, ms));

  async function run(app, panel) {
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info; // the Idle sign alone comes too early
    await app.commands.execute('notebook:run-all-cells');
    panel.context.model.dirty = false; // there is nothing in it to be saved, or to be asked about
  }

  async function start(app) {
    await app.restored;
    while (!app.shell.currentWidget?.sessionContext) {
      await sleep(100);
    }
    const panel = app.shell.currentWidget;
    if (panel.context.path !== NOTEBOOK) {
      return;
    }
    await run(app, panel);
    let died = false;
    let replaced = false;
    panel.sessionContext.statusChanged.connect(async (_, status) => {
      died ||= status === 'autorestarting' || status === 'dead';
      replaced ||= died || status === 'restarting';
      if (replaced && status === 'idle') {
        const message = died ? DIED : '';
        died = replaced = false;
        await run(app, panel);
        if (message) {
          const options = { autoClose: false };
          app.commands.execute('apputils:notify', { message, type: 'warning', options });
        }
      }
    });
  }

  const plugin = {
    id: 'start-by-itself:plugin',
    description: 'Runs the workbench when its page is opened.',
    autoStart: true,
    activate: app => {
      start(app).catch(error => console.error('The workbench did not start by itself.', error));
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['start-by-itself'] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin }))
  };
})();
