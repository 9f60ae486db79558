"""What an exercise is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Wrong(Exception):
    """A wrong answer; the message names the likely mistake."""


class Unreadable(Wrong):
    """An answer of another kind than was asked for; the message says what it is."""


@dataclass(frozen=True)
class Exercise:
    """An exercise: how long it takes, what kind of answer it expects, its hints, a right answer as
    code, two sentences why it is right, and `check(answer)`, which returns what to say to a right
    answer or raises `Wrong`."""

    minutes: int
    expects: str
    hints: tuple[str, ...]
    solution: str
    why: str
    check: Callable[[object], str]

    def judge(self, answer: object) -> tuple[bool, str]:
        """Whether the answer is right, and what to say to it, in one line."""
        try:
            return True, self.check(answer)
        except Unreadable as mistake:
            return False, f"{mistake} The answer is {self.expects}."
        except Wrong as mistake:
            return False, str(mistake)
        except Exception as error:  # an answer of an unforeseen kind must not end in a traceback
            said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
            return False, (
                f"An answer of type {type(answer).__name__} could not be examined ({said}). "
                f"The answer is {self.expects}."
            )
