"""What the service's log says of a fault: one line, and no more than one a second of a kind."""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import Path

FRAMES = 4  # of a fault that are named, the innermost first
LONGEST = 500  # characters of a line


class OneLine(logging.Formatter):
    """A record as one line; an exception by its name, its text, and where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(super().format(record).split())[:LONGEST]

    def formatException(self, ei) -> str:
        error = ei[1]
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames)]
        return f"{type(error).__name__}: {error} ({' < '.join(places)})"


class Sparing(logging.Filter):
    """Lets through one record a second from each place in the code; the next says how many it held
    back: a flood of faults must not fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, int], float] = {}
        self._held: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._last.get(place, -1.0) < 1.0:
            self._held[place] = self._held.get(place, 0) + 1
            return False
        self._last[place] = now
        if held := self._held.pop(place, 0):
            record.msg = f"{record.msg} (and {held:,} more like it)"
        return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"sparing": {"()": Sparing}},
    "formatters": {
        "one line": {"()": OneLine, "fmt": "%(asctime)s %(levelname)s: %(message)s"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["sparing"],
            "formatter": "one line",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},  # uvicorn's and asyncio's too
}
