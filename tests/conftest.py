"""A JupyterLab on 127.0.0.1 and a Chromium to look at it, for the tests in a real browser."""

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
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


def browser_path() -> str | None:
    """The first Chromium found on this machine, or where BROWSER_PATH says."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The address of a running JupyterLab and its folder, a copy of the course."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("notebooks", "data"):
        shutil.copytree(ROOT / name, folder / name)
    settings = tmp_path_factory.mktemp("settings")
    overrides = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    (settings / "overrides.json").write_text(json.dumps(overrides))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "helpers.widgets.workbench"),
        *("--no-browser", "--ip=127.0.0.1", f"--port={port}"),
        *("--allow-root", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"),
        *("--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"),
        f"--LabApp.app_settings_dir={settings}",
    ]
    environment = {**os.environ, "COURSE_PROGRESS": str(folder / "my_progress.json")}
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail(f"JupyterLab did not start: {(folder / 'server.log').read_text()[-2000:]}")
        yield address, folder
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def open_page() -> Iterator[Callable[..., Page]]:
    """`open_page(width=1280)` opens an empty page of a headless Chromium."""
    path = browser_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the browser tests must run here")
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    with sync_playwright() as play:
        arguments = ["--disable-background-networking", "--no-first-run"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")
        browser = play.chromium.launch(executable_path=path, args=arguments)

        def new(width: int = 1280, height: int = 900) -> Page:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(60_000)
            return page

        yield new
        browser.close()
