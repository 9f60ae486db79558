"""Where the course's files lie, and writing whole or not at all."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
DEEPER = NOTEBOOKS / "deeper"  # for a second reading, a notebook a chapter

OLD = 3_600  # seconds after which a part that nobody writes to any more was left by a kill

Result = TypeVar("Result")


def write_whole(path: Path, write: Callable[[Path], Result]) -> Result:
    """Call `write(beside)` with a new path beside `path`, then move it into place in one step.

    Whoever reads finds the old file or the new one, whole. Each writer has a name of its own, so
    that two at once do not mix; the name keeps the ending, by which some writers tell the format.

    Parts that a writer of this file left when it was killed are removed once they are old.

    Returns what `write` returns. Raises what it raises, and OSError where the folder cannot be
    written; the old file is then untouched and nothing is left beside it.
    """
    _sweep(path)
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


def _sweep(path: Path) -> None:
    """Remove what killed writers of `path` have left beside it."""
    part = re.compile(re.escape(f".{path.stem[:100]}.") + "[0-9a-f]{32}" + re.escape(path.suffix))
    try:
        found = [other for other in path.parent.iterdir() if part.fullmatch(other.name)]
    except OSError:  # `write` will say it
        return
    for other in found:
        try:
            if time.time() - other.stat().st_mtime > OLD:
                other.unlink()
        except OSError:  # another process has just removed it, or it is not ours
            continue


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all, with the same bytes on every system."""
    write_whole(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
