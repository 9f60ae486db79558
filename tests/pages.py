"""A JupyterLab on 127.0.0.1 and a Chromium to look at it, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from helpers.files import ROOT

# In every Python process of the server: to whom it speaks beyond this machine.
WATCH = """
import os, sys

def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0] or ""
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    own = host in ("", "localhost", "::1", "0.0.0.0", "::") or host.startswith("127.")
    with open(os.environ["WATCHED"], "a") as log:
        log.write(f"{'own' if own else 'OTHER'} {event} {host}\\n")

sys.addaudithook(_watch)
"""

expect.set_options(timeout=60_000)  # milliseconds; on a busy machine five seconds are few

BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]

READY = """async () => {
  const sleep = ms => new Promise(done => setTimeout(done, ms));
  while (!window.jupyterapp?.shell.currentWidget?.sessionContext)
    await sleep(200);
  const context = jupyterapp.shell.currentWidget.sessionContext;
  await context.ready;
  await context.session.kernel.info;
}"""
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
FOUND = """() => axe.run('.workbench', { resultTypes: ['violations'] }).then(result =>
  result.violations.filter(found => ['serious', 'critical'].includes(found.impact))
    .map(found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 200)).join('; ')}`))"""
COUNTS = """() => jupyterapp.shell.currentWidget.content.model.cells
  ? Array.from(jupyterapp.shell.currentWidget.content.model.cells)
      .filter(cell => cell.type === 'code')
      .map(cell => [cell.executionCount, Array.from({length: cell.outputs.length},
        (_, i) => cell.outputs.get(i).type)])
  : []"""


def browser_path() -> str | None:
    """The first Chromium found on this machine, or where BROWSER_PATH says."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def running_lab(folder: Path) -> Iterator[str]:
    """A JupyterLab, as the workbench's launcher starts it, over a copy of the course in `folder`:
    its address. Raises RuntimeError with the end of its log where it does not start."""
    for name in ("notebooks", "data"):
        shutil.copytree(ROOT / name, folder / name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "helpers.workbench"),
        *("--no-browser", "--ip=127.0.0.1", f"--port={port}"),
        *("--allow-root", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"),
        "--LabApp.expose_app_in_browser=True",
    ]
    (folder / "watch").mkdir()
    (folder / "watch" / "sitecustomize.py").write_text(WATCH)
    watched = [str(folder / "watch"), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "COURSE_PROGRESS": str(folder / "my_progress.json"),
        "PYTHONPATH": os.pathsep.join(filter(None, watched)),
        "WATCHED": str(folder / "watch" / "spoken_to.txt"),
    }
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, folder / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(60)


def _wait_for(address: str, log: Path) -> None:
    for _ in range(400):  # seconds on an idle machine
        try:
            urllib.request.urlopen(f"{address}/api", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text()[-2000:]}")


@contextmanager
def running_browser(path: str) -> Iterator[Callable[..., Page]]:
    """A headless Chromium: `new(width, height)` opens an empty page."""
    arguments = ["--disable-background-networking", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=arguments)

        def new(width: int = 1280, height: int = 900) -> Page:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(60_000)
            return page

        yield new
        browser.close()


def open_notebook(page: Page, address: str, name: str, view: str = "lab") -> None:
    """Open a notebook and wait until its kernel answers: the Idle sign alone comes too early."""
    page.goto(f"{address}/{view}/tree/notebooks/{name}?reset")
    page.evaluate(READY)


def open_workbench(page: Page, address: str) -> None:
    """Open the workbench, which starts by itself; wait until it is there."""
    page.goto(f"{address}/doc/tree/notebooks/workbench.ipynb?reset")
    page.get_by_role("tab", name="Your file").wait_for(timeout=180_000)  # five seconds when idle


def end_kernels(address: str) -> None:
    """End all kernels of the server: the next workbench is a new one."""
    with urllib.request.urlopen(f"{address}/api/sessions") as answer:
        sessions = json.load(answer)
    for session in sessions:
        place = f"{address}/api/sessions/{session['id']}"
        token = {"Cookie": "_xsrf=tests", "X-XSRFToken": "tests"}
        ask = urllib.request.Request(place, method="DELETE", headers=token)
        urllib.request.urlopen(ask).close()


def run_all(page: Page) -> list:
    """Run every cell; wait until all have run; their (count, output types)."""
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(
        f"() => {{ const counts = ({COUNTS})(); "
        "return counts.length && counts.every(c => c[0] > 0); }",
        timeout=600_000,  # half a minute on an idle machine
    )
    return page.evaluate(COUNTS)


def shuts_out(page: Page) -> list[str]:
    """What axe finds serious or critical in the workbench as it is seen now: what shuts out a
    screen reader, the keyboard, or whoever sees little."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE)
    return page.evaluate(FOUND)
