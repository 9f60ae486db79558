"""A box for a number as people write it: 0.5 or 0,5; what is none is said, not changed."""

from __future__ import annotations

import re
from typing import Any

import ipywidgets as widgets

THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


class Amount(widgets.Text):
    """A text box for a number from `low` to `high`. (The browser's own box for numbers leaves out
    the comma of 0,5 where it speaks another language, and nobody sees it.)"""

    def __init__(self, number: float, low: float, high: float, **options: Any):
        self.low, self.high = low, high
        super().__init__(f"{number:.10g}", continuous_update=False, **options)

    @property
    def number(self) -> float:
        """The number that stands there. Raises ValueError with a sentence where it is none, or out
        of range."""
        text = self.value.strip().replace(" ", "")
        try:  # 1,000 and 1.000 may be a thousand, or one
            number = float("nan" if THOUSANDS.fullmatch(text) else text.replace(",", "."))
        except ValueError:
            number = float("nan")
        if not self.low <= number <= self.high:
            raise ValueError(
                f"{self.description}: write a number from {self.low:g} to {self.high:.10g} without "
                f"signs for thousands; there stands “{self.value}”."
            )
        return number

    @number.setter
    def number(self, number: float) -> None:
        self.value = f"{number:.10g}"
