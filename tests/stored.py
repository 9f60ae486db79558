"""The notebooks of the course, for tests that go through all of them."""

from __future__ import annotations

from pathlib import Path

from helpers.files import DEEPER, NOTEBOOKS


def name(path: Path) -> str:
    """What a notebook is called, and its source: "05_…", "deeper/05_…"."""
    return path.relative_to(NOTEBOOKS).with_suffix("").as_posix()


# those that are held to the rules of test_reading.py
SHORT = ("primer", "01_choosing_algorithms", "04_cold_start", "05_customer_segments")
AT_SIGHT = [NOTEBOOKS / f"{known}.ipynb" for known in SHORT]
CORES = sorted(NOTEBOOKS.glob("*.ipynb"))
ALL = [*CORES, *sorted(DEEPER.glob("*.ipynb"))]
