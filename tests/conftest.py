"""What the tests in a real browser share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for `import browser` in every mode

import browser  # noqa: E402


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The address of a running JupyterLab and its folder, a copy of the course."""
    folder = tmp_path_factory.mktemp("course")
    with browser.running_lab(folder) as address:
        yield address, folder


@pytest.fixture(scope="session")
def open_page() -> Iterator[Callable[..., Page]]:
    """`open_page(width=1280)` opens an empty page of a headless Chromium."""
    path = browser.browser_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the browser tests must run here")
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    with browser.running_browser(path) as new:
        yield new
