"""What decides about a claim: in each world one contrast, named before its rows were drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.course.studies.findings import Figure
from helpers.course.studies.intervals import drawn_interval
from helpers.course.studies.measuring import REAL, full_sample, values

Arm = tuple[str, str, str]  # world, arm, metric


def alone(world: str, arm: str, metric: str, weight: float = 1.0) -> dict[Arm, float]:
    """The terms of a contrast that is one arm's metric, times `weight`."""
    return {(world, arm, metric): weight}


def minus(world: str, arm: str, less: str, metric: str) -> dict[Arm, float]:
    """The terms of a paired difference: the metric of `arm` less that of `less`."""
    return {(world, arm, metric): 1.0, (world, less, metric): -1.0}


def total(*parts: Mapping[Arm, float], weight: float = 1.0) -> dict[Arm, float]:
    """The terms of several contrasts added up, times `weight`."""
    found: dict[Arm, float] = {}
    for part in parts:
        for arm, factor in part.items():
            found[arm] = found.get(arm, 0.0) + weight * factor
    return found


def average(*parts: Mapping[Arm, float], weight: float = 1.0) -> dict[Arm, float]:
    """The terms of the mean of several contrasts, times `weight`."""
    return total(*parts, weight=weight / len(parts))


class Contrast(NamedTuple):
    """A weighted sum of figures of the same seed, and the region of it that bears a claim out.

    `terms` are the weights by (world, arm, metric): those of `minus` for a paired difference.
    The claim holds where the contrast lies `above` one margin, `below` another, or between both
    (equivalence). Of real shoppers, `kept` is the share of the households in a draw, where they
    are drawn without replacement, and `again` says that the same households are split at random
    again and again, so that the interval is that of a mean of repetitions.
    """

    what: str
    terms: Mapping[Arm, float]
    above: float = -math.inf
    below: float = math.inf
    form: str = "+.3f"
    kept: float | None = None
    again: bool = False

    def values(self, rows: pd.DataFrame) -> np.ndarray:
        """The contrast of each seed or draw (n,). Raises KeyError for an arm without rows."""
        parts = [weight * values(rows, *arm) for arm, weight in self.terms.items()]
        return np.sum(parts, axis=0)

    def interval(self, rows: pd.DataFrame) -> evaluation.Interval:
        """The contrast with its 95 % interval, as `studies.interval` has it."""
        drawn = self.values(rows)
        if self.again or not any(world == REAL for world, _, _ in self.terms):
            return evaluation.mean_interval(drawn)
        whole = [weight * full_sample(rows, *arm) for arm, weight in self.terms.items()]
        return drawn_interval(drawn, float(np.sum(whole)), self.kept)

    def figure(self, rows: pd.DataFrame) -> Figure:
        """The contrast in words with its interval."""
        return Figure(self.what, self.interval(rows), self.form)

    def verdict(self, rows: pd.DataFrame) -> str:
        """ "yes" where the whole interval lies in the region, "no" where all of it lies outside,
        "open" where the rows do not tell."""
        _, low, high = self.interval(rows)
        if self.above < low and high < self.below:
            return "yes"
        if high <= self.above or low >= self.below:
            return "no"
        return "open"

    def region(self) -> str:
        """The region in words: "above +0.050", "between -0.020 and +0.020"."""
        low, high = format(self.above, self.form), format(self.below, self.form)
        if math.isinf(self.above):
            return f"below {high}"
        return f"above {low}" if math.isinf(self.below) else f"between {low} and {high}"


def together(verdicts: Sequence[str]) -> str:
    """The verdict on a claim by those of its worlds: theirs where they agree; "partly" where it is
    borne out in some of them; otherwise "no" where one refutes it, or "open"."""
    if len(set(verdicts)) == 1:
        return verdicts[0]
    if "yes" in verdicts:
        return "partly"
    return "no" if "no" in verdicts else "open"
