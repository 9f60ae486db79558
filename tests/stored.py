"""The notebooks of the course, for tests that go through all of them."""

from __future__ import annotations

from pathlib import Path

from helpers.files import DEEPER, NOTEBOOKS


def name(path: Path) -> str:
    """What a notebook is called, and its source: "05_…", "deeper/05_…"."""
    return path.relative_to(NOTEBOOKS).with_suffix("").as_posix()


CORES = sorted(NOTEBOOKS.glob("*.ipynb"))
# those that are held to the rules of test_reading.py
AT_SIGHT = [path for path in CORES if path.stem != "workbench"]
ALL = [*CORES, *sorted(DEEPER.glob("*.ipynb"))]
