"""What a study found, as data: figures with their intervals, and a headline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from helpers import evaluation

KINDS = ("demonstration", "test")
VERDICTS = ("yes", "partly", "open", "no")
SPLIT_AGAIN = (
    "On real shoppers the same households are split at random again and again: the interval says "
    "how exactly these splits show a figure, not how it would differ for other households."
)  # the note of studies that do so


class Figure(NamedTuple):
    """A figure in words, with its 95 % interval and the format of its numbers: one of Python's,
    such as ".2f", "+.3f" (with its sign) or ".0%"."""

    what: str
    interval: evaluation.Interval
    form: str = ".2f"

    def short(self) -> str:
        """The estimate alone: `0.71`."""
        return format(self.interval.estimate, self.form)

    def text(self) -> str:
        """The estimate with its interval: `0.71 [0.70, 0.72]`."""
        low, high = format(self.interval.low, self.form), format(self.interval.high, self.form)
        return f"{self.short()} [{low}, {high}]"


def count(what: str, happened: np.ndarray) -> Figure:
    """How often something happened (n,) of bool: the share, its Wilson interval, and hits of n."""
    hits, n = int(np.sum(happened)), len(happened)
    return Figure(f"{what}: {hits} of {n}", evaluation.proportion_interval(hits, n))


class Finding(NamedTuple):
    """What a study found.

    `sentence` has a `{}` where the most telling `figure` stands; `known` are the figures where the
    truth is known, `real` those of real shoppers, where there are any; `note` is what a reader of
    them should know. Whether the claim is borne out is told by the study's `CONTRASTS`.
    """

    sentence: str
    figure: Figure
    known: Sequence[Figure]
    real: Sequence[Figure] = ()
    note: str = ""

    @property
    def headline(self) -> str:
        """The finding in at most 60 characters: "SMOTE costs XGBoost 0.033 of AUC"."""
        return self.sentence.format(self.figure.short())

    @property
    def measured(self) -> str:
        """The headline with the interval of its figure."""
        return self.sentence.format(self.figure.text())
