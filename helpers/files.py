"""Where the course's files lie, and writing whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"

Result = TypeVar("Result")


def write_whole(path: Path, write: Callable[[Path], Result]) -> Result:
    """Call `write(beside)` with a new path beside `path`, then move it into place in one step.

    Whoever reads finds the old file or the new one, whole. Each writer has a name of its own, so
    that two at once do not mix; the name keeps the ending, by which some writers tell the format.

    Returns what `write` returns. Raises what it raises, and OSError where the folder cannot be
    written; the old file is then untouched and nothing is left beside it.
    """
    beside = path.with_name(f".{path.stem[:100]}.{uuid4().hex}{path.suffix}")
    try:
        result = write(beside)
        with beside.open(
            "r+b"
        ) as file:  # on the disk before it takes the place: the power may fail
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return result


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all, with the same bytes on every system."""
    write_whole(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
