"""Exercises that answer: `check("05.1", answer)`, `hint("05.1")`, `solution("05.1")`, `progress()`.

A file a chapter (`chapter_05.py`) holds its exercises in `EXERCISES`. What was answered is kept in
`my_progress.json` in the course's folder (or where the environment variable COURSE_PROGRESS says),
on this machine only; delete the file to start afresh.
"""

from __future__ import annotations

import importlib
import json
import os
from collections import Counter
from pathlib import Path

import pandas as pd

from helpers.course.exercises.exercise import Exercise, Wrong
from helpers.errors import ReaderError
from helpers.files import ROOT, write_text

__all__ = ["Exercise", "Wrong", "check", "hint", "progress", "solution"]

_hints_given: Counter[str] = Counter()


class UnknownExercise(ReaderError, ValueError):
    """A number that no exercise has."""


def chapters() -> list[str]:
    """The chapters that have exercises, in order: ["00", "05", …]."""
    return sorted(path.stem[-2:] for path in Path(__file__).parent.glob("chapter_[0-9][0-9].py"))


def exercises(chapter: str) -> dict[str, Exercise]:
    """The exercises of a chapter by their number, in order."""
    return importlib.import_module(f"helpers.course.exercises.chapter_{chapter}").EXERCISES


def find(number: str) -> Exercise:
    """The exercise with this number. Raises UnknownExercise, which names those there are."""
    known = [n for chapter in chapters() for n in exercises(chapter)]
    if number not in known:
        raise UnknownExercise(f"there is no exercise {number!r}; there are: {', '.join(known)}")
    return exercises(number[:2])[number]


def check(number: str, answer: object = ...) -> None:
    """Print whether `answer` is right, why, or what the likely mistake is. An answer that is still
    `...` counts as not answered. Right answers are kept for `progress`."""
    exercise = find(number)
    if answer is ...:
        print(f"{number}: not answered yet. Put your answer in place of the three dots.")
        return
    try:
        reason = exercise.check(answer)
    except Wrong as mistake:
        print(f"{number}: not yet. {mistake}")
        record(number, "tried")
    except Exception:  # an answer of an unforeseen kind must not end in a traceback
        print(
            f"{number}: this answer could not be examined: it is of type {type(answer).__name__}. "
            f"Expected: {exercise.expects}."
        )
        record(number, "tried")
    else:
        print(f"{number}: right. {reason}")
        record(number, "right")


def hint(number: str) -> None:
    """Print the next hint, one at a time; after the last one it starts again."""
    hints = find(number).hints
    place = _hints_given[number] % len(hints)
    _hints_given[number] += 1
    print(f"{number}, hint {place + 1} of {len(hints)}: {hints[place]}")


def solution(number: str) -> None:
    """Print one right answer as code. Others may be as good."""
    print(find(number).solution)


def file() -> Path:
    """Where the progress is kept."""
    return Path(os.environ.get("COURSE_PROGRESS", ROOT / "my_progress.json"))


def stored() -> dict[str, str]:
    """What is kept: {"05.1": "right" or "tried"}; empty where the file is missing or unreadable."""
    try:
        kept = json.loads(file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def record(number: str, outcome: str) -> None:
    """Keep an outcome, atomically; once right stays right. A folder that cannot be written is no
    reason to fail an answer, so it is only said."""
    kept = stored()
    if kept.get(number) == "right":
        return
    kept[number] = outcome
    try:
        write_text(file(), json.dumps(dict(sorted(kept.items())), indent=1))
    except OSError as error:
        print(f"(Your progress could not be kept: {error.strerror}.)")


def progress() -> pd.DataFrame:
    """One row per chapter: exercises, right, tried, and minutes left (the sum over those not
    right)."""
    kept = stored()
    table = []
    for chapter in chapters():
        known = exercises(chapter)
        right = [n for n in known if kept.get(n) == "right"]
        tried = [n for n in known if kept.get(n) == "tried"]
        left = sum(known[n].minutes for n in known if n not in right)
        table.append((chapter, len(known), len(right), len(tried), left))
    columns = ["chapter", "exercises", "right", "tried", "minutes left"]
    return pd.DataFrame(table, columns=columns).set_index("chapter")
