// The workbench's page starts by itself: when it is opened, when it is loaded again (its kernel
// still has the workbench, with everything that was loaded), and when its kernel was replaced. Of
// the notebooks only the workbench's own is run so, and only by the launcher's server.
//
// On that page, and on no other, JupyterLab's menus, bars and the cells are out of sight, until
// "Show the notebook" is pressed, and a file can be dropped anywhere.
(() => {
  const NOTEBOOK = 'notebooks/workbench.ipynb';
  const DIED =
    'The work ended unexpectedly (was the memory enough?), and what was loaded with it. ' +
    'The workbench has started again: load your file again.';
  const BARS = ['jp-top-panel', 'jp-menu-panel', 'jp-bottom-panel'];
  const PLAIN = 'workbench-page'; // the class of the page while the notebook is out of sight
  const FOOT = 30; // pixels at the bottom
  const STYLE = `
    body.${PLAIN} { background: var(--jp-layout-color1, white); }
    body.${PLAIN} :is(#jp-top-panel, #jp-menu-panel, #jp-bottom-panel, .jp-SideBar),
    body.${PLAIN} .jp-NotebookPanel-toolbar,
    body.${PLAIN} .jp-Notebook :is(.jp-MarkdownCell, .jp-Cell-inputWrapper, .jp-OutputPrompt),
    body.${PLAIN} .jp-Notebook :is(.jp-Collapser, .jp-CellResizeHandle, .jp-Notebook-footer),
    body.${PLAIN} .jp-Notebook :is(.jp-OutputArea-promptOverlay, .jp-cell-toolbar),
    body.${PLAIN} :is(.jp-WindowedPanel-scrollbar, .jp-Notebook-footer, .lm-DockPanel-tabBar) {
      display: none !important;
    }
    body.${PLAIN} #main { bottom: ${FOOT}px; }
    body.${PLAIN} .jp-NotebookPanel .jp-Notebook { top: 0 !important; height: 100% !important; }
    body.${PLAIN} .jp-NotebookPanel-notebook { --jp-notebook-padding: 8px; }
    body.${PLAIN} .jp-Notebook :is(.jp-Cell, .jp-OutputArea, .jp-OutputArea-child) {
      border: 0; padding: 0; margin: 0; outline: 0 !important; box-shadow: none !important; }
    body.${PLAIN} .jp-Notebook .jp-Cell::before { display: none; }
    body.${PLAIN} .jp-WindowedPanel-outer { overflow-x: hidden; }
    body.${PLAIN} .jp-WindowedPanel-inner { max-width: 1080px; margin: 0 auto; }
    body.${PLAIN} .jp-OutputArea-output { padding: 0; overflow-x: hidden; }
    body.${PLAIN}.workbench-over .jp-Notebook { outline: 3px dashed #0072b2; outline-offset: -6px; }
    body:not(.${PLAIN}) #workbench-start { display: none; }
    #workbench-start { position: fixed; top: 35%; left: 0; right: 0; text-align: center; z-index: 9;
      font: 18px system-ui, sans-serif; color: #444; }
    #workbench-foot { position: fixed; bottom: 0; left: 0; right: 0; height: ${FOOT}px; z-index: 9;
      display: flex; gap: 1em; align-items: center; padding: 0 12px; font: 13px system-ui, sans-serif;
      color: #444; background: #f3f3f3; border-top: 1px solid #ccc; box-sizing: border-box; }
    #workbench-foot button { font: inherit; color: #004a86; text-decoration: underline; border: 0;
      background: none; cursor: pointer; padding: 4px 0; white-space: nowrap; }
    #workbench-foot span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    body:not(.${PLAIN}) #workbench-foot { left: auto; border-left: 1px solid #ccc; }
    body:not(.${PLAIN}) #workbench-foot span { display: none; }`;
  const sleep = ms => new Promise(done => setTimeout(done, ms));

  // JupyterLab's view of a single document: elsewhere the reader wants JupyterLab
  // (a second window has a workspace of its own in its address)
  const ours = () =>
    /\/doc\/(workspaces\/[^/]+\/)?tree\/(.*)$/.exec(decodeURI(location.pathname))?.[2] === NOTEBOOK;

  let foot = null; // the line at the bottom: a word on where the data are, and the button
  let waiting = null; // the word that stands there until the workbench does
  let shell = null;

  function show(plain) {
    document.body.classList.toggle(PLAIN, plain);
    // keys that delete and insert cells where cells are seen do nothing here
    document.body.toggleAttribute('data-lm-suppress-shortcuts', plain);
    foot.querySelector('button').textContent = plain ? 'Show the notebook' : 'Hide the notebook';
    for (const bar of shell ? bars(shell) : []) {
      bar[plain ? 'hide' : 'show'](); // or their place would stay, empty
    }
    window.dispatchEvent(new Event('resize'));
  }

  function bars(shell) {
    const parts = [...shell.layout];
    const middle = parts.find(part => part.id === 'jp-main-content-panel');
    const sides = [...(middle?.layout ?? [])].filter(part => part.hasClass('jp-SideBar'));
    return [...parts.filter(part => BARS.includes(part.id)), ...sides];
  }

  function dress() {
    const style = document.createElement('style');
    style.textContent = STYLE;
    document.head.append(style);
    foot = document.createElement('footer');
    foot.id = 'workbench-foot';
    foot.innerHTML = '<span>Nothing leaves this computer.</span><button type="button"></button>';
    foot.querySelector('button').onclick = () => show(!document.body.classList.contains(PLAIN));
    waiting = document.createElement('p');
    waiting.id = 'workbench-start';
    waiting.textContent = 'The workbench is starting …';
    waiting.setAttribute('role', 'status');
    document.body.append(waiting, foot);
    show(true);
    takeDrops();
    watch();
  }

  // A file that is dropped goes the way of one that is chosen. The upload button makes its own
  // input of files and opens it on a click: for this one click the input gets the files instead.
  function hand(files) {
    const button = document.querySelector('.workbench-drop');
    if (!button || button.disabled) {
      return;
    }
    HTMLInputElement.prototype.click = function () {
      this.files = files;
      this.dispatchEvent(new Event('change'));
    };
    try {
      button.click();
    } finally {
      delete HTMLInputElement.prototype.click; // the one of every element is there again
    }
  }

  function takeDrops() {
    const plain = () => document.body.classList.contains(PLAIN);
    const over = on => document.body.classList.toggle('workbench-over', on);
    window.addEventListener('dragover', event => {
      if (plain()) {
        event.preventDefault(); // else the browser would leave the page and open the file
        over(true);
      }
    }, true);
    window.addEventListener('dragleave', event => over(event.relatedTarget !== null), true);
    window.addEventListener('drop', event => {
      over(false);
      if (plain()) {
        event.preventDefault();
        event.stopPropagation();
        if (event.dataTransfer.files.length) {
          hand(event.dataTransfer.files);
        }
      }
    }, true);
  }

  // What a button has brought about stands under it, often below the page's edge: a sentence that
  // comes soon after a click is scrolled to. A slider's handle gets the name of its slider.
  const SOON = 5000; // milliseconds
  let clicked = 0;

  function watch() {
    const heard = event => {
      const act = event.target.closest?.('.workbench button:not(.workbench-link)');
      clicked = act && !act.closest('.lm-TabBar') ? Date.now() : 0;
    };
    window.addEventListener('click', heard, true);
    new MutationObserver(() => {
      for (const handle of document.querySelectorAll('.noUi-handle:not([aria-label])')) {
        const label = handle.closest('.widget-slider')?.querySelector('.widget-label');
        handle.setAttribute('aria-label', label?.textContent.trim() || 'value');
      }
      if (Date.now() - clicked < SOON) {
        reveal();
      }
    }).observe(document.body, { childList: true, subtree: true });
  }

  let told = new WeakSet(); // sentences that were there

  function reveal() {
    for (const said of document.querySelectorAll('.workbench :is([role=alert], [role=status])')) {
      const fresh = !told.has(said);
      told.add(said);
      const box = said.getBoundingClientRect();
      const bar = said.closest('.widget-hbox')?.querySelector('.widget-hprogress, .progress');
      if (fresh && !bar && box.height && box.bottom > innerHeight - FOOT) {
        said.style.scrollMarginBottom = `${2 * FOOT}px`;
        said.scrollIntoView({ block: 'center' });
        clicked = 0;
        return;
      }
    }
  }

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
    if (foot) {
      shell = app.shell;
      shell.collapseLeft?.();
      shell.collapseRight?.();
      show(true);
    }
    try {
      await run(app, panel);
    } finally {
      waiting?.remove();
    }
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
      if (ours()) {
        dress();
      }
      start(app).catch(error => console.error('The workbench did not start by itself.', error));
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['start-by-itself'] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin }))
  };
})();
