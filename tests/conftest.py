"""What the tests in a real browser share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pages
import pytest
from playwright.sync_api import Page


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The address of a running JupyterLab and its folder, a copy of the course."""
    folder = tmp_path_factory.mktemp("course")
    with pages.running_lab(folder) as address:
        yield address, folder


@pytest.fixture(scope="session")
def open_page() -> Iterator[Callable[..., Page]]:
    """`open_page(width=1280)` opens an empty page of a headless Chromium."""
    path = pages.browser_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the browser tests must run here")
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    with pages.running_browser(path) as new:
        yield new
