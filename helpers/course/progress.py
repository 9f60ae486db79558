"""What a learner has done, kept on this machine only: `my_progress.json` in the course's folder, or
where the environment variable COURSE_PROGRESS says. Delete the file to start afresh."""

from __future__ import annotations

import json
import os
from pathlib import Path

from helpers.files import ROOT, write_text


def file() -> Path:
    """Where the progress is kept."""
    return Path(os.environ.get("COURSE_PROGRESS", ROOT / "my_progress.json"))


def stored() -> dict[str, str]:
    """What is kept: {"05.1": "right" or "tried", "guess 05.1": what was guessed}; empty where the
    file is missing or unreadable."""
    try:
        kept = json.loads(file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def record(number: str, outcome: str) -> None:
    """Keep the outcome of an exercise; once right stays right."""
    if stored().get(number) != "right":
        keep(number, outcome)


def keep(name: str, value: str) -> None:
    """Keep a value under a name, atomically. A folder that cannot be written is no reason to fail
    an answer, so it is only said."""
    kept = {**stored(), name: value}
    try:
        write_text(file(), json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False))
    except OSError as error:
        print(f"(Your progress could not be kept: {error.strerror}.)")
