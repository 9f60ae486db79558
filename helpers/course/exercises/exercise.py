"""What an exercise is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Wrong(Exception):
    """A wrong answer; the message names the likely mistake."""


@dataclass(frozen=True)
class Exercise:
    """An exercise: how long it takes, what kind of answer it expects, its hints, a right answer as
    code, and `check(answer)`, which returns why the answer is right or raises `Wrong`."""

    minutes: int
    expects: str
    hints: tuple[str, ...]
    solution: str
    check: Callable[[object], str]
