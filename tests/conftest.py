"""What tests of several rooms share: the day's seed, a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pages
import pytest
from playwright.sync_api import Page

# What is drawn for a day's check hangs on the date and on nothing else. TEST_SEED=20261231 repeats
# a day. Set before the workers start: they inherit it, at midnight too.
os.environ.setdefault("TEST_SEED", f"{date.today():%Y%m%d}")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.hypothesis_seed is None:  # Hypothesis reads it in its own pytest_configure
        config.option.hypothesis_seed = os.environ["TEST_SEED"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rooms with the longest files go first: at the end no worker waits for the other."""
    long = ("tests/course/studies/", "tests/workbench/", "tests/browser/", "notebooks/")
    items.sort(key=lambda item: not item.nodeid.startswith(long))


def pytest_report_header() -> str:
    return f"seed of the day: TEST_SEED={os.environ['TEST_SEED']}"


@pytest.fixture(scope="session")
def seed_of_the_day() -> int:
    """The date as a number, 20261231, or what TEST_SEED says."""
    return int(os.environ["TEST_SEED"])


@pytest.fixture(scope="session")
def journey():
    """The Complete Journey, loaded once for all rooms: to be read, not changed."""
    from helpers import shop  # here, for it loads pandas, in the process that only deals out, too

    return shop.load("complete_journey")


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The address of a running JupyterLab and its folder, a copy of the course."""
    folder = tmp_path_factory.mktemp("course")
    with pages.running_lab(folder) as address:
        yield address, folder


@pytest.fixture(scope="module")
def open_page() -> Iterator[Callable[..., Page]]:
    """`open_page(width=1280)` opens an empty page of a headless Chromium.

    For a module only: while Playwright is there, an event loop runs in this thread, and explorers
    tested in the same process would draw later than asked.
    """
    path = pages.browser_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the browser tests must run here")
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    with pages.running_browser(path) as new:
        yield new
