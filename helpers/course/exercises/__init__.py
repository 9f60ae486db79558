"""Exercises that answer: `check("05.1", answer)`, `hint("05.1")`, `solution("05.1")`, `progress()`.

A file a chapter (`chapter_05.py`) holds its exercises in `EXERCISES`; `answers.py` reads what was
answered, for all of them. What was answered is kept by `helpers.course.progress`.
"""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import pandas as pd

from helpers.course.exercises.exercise import Exercise, Wrong
from helpers.course.guesses import asking, guessed
from helpers.course.progress import record, stored
from helpers.errors import ReaderError

__all__ = ["Exercise", "Wrong", "check", "hint", "progress", "solution"]

_hints_given: Counter[str] = Counter()
_misses: Counter[str] = Counter()


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
    right, said = exercise.judge(answer)
    if right:
        print(f"{number}: right. {said}")
        record(number, "right")
        return
    _misses[number] += 1
    offer = f' To go on, hint("{number}") gives one step.' if _misses[number] >= 2 else ""
    print(f"{number}: not yet. {said}{offer}")
    record(number, "tried")


def hint(number: str) -> None:
    """Print the next hint, one at a time; after the last one it starts again."""
    hints = find(number).hints
    place = _hints_given[number] % len(hints)
    _hints_given[number] += 1
    print(f"{number}, hint {place + 1} of {len(hints)}: {hints[place]}")


def solution(number: str) -> None:
    """Print one right answer as code, and why it is right. Others may be as good."""
    exercise = find(number)
    print(f"{exercise.solution}\n\n{exercise.why}")


def progress() -> pd.DataFrame:
    """One row per chapter: exercises, right, tried, and minutes left (the sum over those not
    right); guesses, and how many were made and right."""
    kept = stored()
    table = []
    for chapter in sorted({*chapters(), *asking()}, key=_place):
        known = exercises(chapter) if chapter in chapters() else {}
        right = [n for n in known if kept.get(n) == "right"]
        tried = [n for n in known if kept.get(n) == "tried"]
        left = sum(known[n].minutes for n in known if n not in right)
        table.append((chapter, len(known), len(right), len(tried), left, *guessed(chapter)))
    columns = ["chapter", "exercises", "right", "tried", "minutes left"]
    columns += ["guesses", "guessed", "guessed right"]
    return pd.DataFrame(table, columns=columns).set_index("chapter")


def _place(chapter: str) -> str:
    """Where a chapter stands: the primer between 00 and 01."""
    return "00, primer" if chapter == "primer" else chapter
