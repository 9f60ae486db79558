"""A new model comes to work in steps: in the shadow, on a few, against the old one; some get
none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from helpers import evaluation, experiments

STAGES = {"shadow": 0.0, "canary": 0.05, "A/B": 0.5}  # share of the customers under the challenger
HOLD_OUT = 0.05
IN_STEP = 0.5  # a challenger that contacts half as many, or twice as many, is looked at by a person


class Verdict(NamedTuple):
    """Whether the challenger goes on, the figure that decides (profit per 1,000 customers, with its
    interval), and the reason in words."""

    go: bool
    difference: evaluation.Interval
    why: str

    def __str__(self) -> str:
        return (
            f"{'go on' if self.go else 'stop'}: {self.why} "
            f"({self.difference.text(-1, signed=True)} per 1,000)"
        )


def groups(
    customer_ids: Iterable, name: str, stage: str, year: int, hold_out: float = HOLD_OUT
) -> pd.Series:
    """Who decides about each customer: "challenger", "champion", or nobody ("hold-out"); by hash.

    The hold-out is the same in every roll-out of a year, so that it can be asked after it what all
    models together have brought. The next year draws another one: nobody goes without for ever, and
    customers who were left out for long would no longer be like the others. Who is under the
    challenger in the canary stays so in the A/B test.

    Args:
        customer_ids: (n,) ids, each once.
        name: Of this roll-out; another name draws other customers.
        stage: A name of STAGES.
        year: Whose hold-out it is, such as 2025.

    Raises:
        ValueError: An unknown stage, or as `experiments.assign`.
    """
    if stage not in STAGES:
        raise ValueError(f"no stage {stage!r}; there are: {', '.join(STAGES)}")
    ids = pd.Index(customer_ids)
    nobody = {"hold-out": hold_out, "in": 1 - hold_out}
    held = experiments.assign(ids, f"global hold-out {year}", nobody) == "hold-out"
    share = STAGES[stage]
    if share:
        arms = experiments.assign(ids, name, {"challenger": share, "champion": 1 - share})
    else:
        arms = pd.Series("champion", index=ids, dtype="str")
    return arms.mask(held, "hold-out").rename("group")


def shadow(
    champion: ArrayLike,
    challenger: ArrayLike,
    y: ArrayLike,
    gain: float,
    cost: float,
    tolerance: float = 0.0,
) -> Verdict:
    """Both models score everybody, and only the champion's scores are used.

    Once outcomes are known, compare what each would have brought (p above cost / gain is
    contacted). The challenger goes on if its scores are usable, it contacts a similar number of
    customers, and its profit per 1,000 is surely not lower by more than `tolerance`. The same
    customers judge both: a paired difference. It assumes that the contact pays on positives
    whatever else we do; what a contact changes, only the A/B test says.

    Args:
        champion, challenger: Propensities (n,).
        y: Outcomes (n,), 0 or 1.
    """
    old, new = np.asarray(champion, dtype=float), np.asarray(challenger, dtype=float)
    y = np.asarray(y, dtype=float)
    if not ((new >= 0) & (new <= 1)).all():
        bad = int((~((new >= 0) & (new <= 1))).sum())
        return Verdict(
            False, evaluation.Interval(np.nan, np.nan, np.nan), f"{bad} scores are unusable"
        )
    threshold = evaluation.best_threshold(gain, cost)
    before, after = old > threshold, new > threshold
    difference = evaluation.mean_interval(1_000 * (after * 1.0 - before) * (y * gain - cost))
    ratio = after.mean() / max(before.mean(), 1e-12)
    if not IN_STEP <= ratio <= 1 / IN_STEP:
        return Verdict(False, difference, f"it contacts {ratio:.1f} times as many customers")
    if difference.low < -tolerance:
        return Verdict(False, difference, "on past orders it may bring less than the champion")
    return Verdict(True, difference, "on past orders it brings no less than the champion")


def canary(
    profit: ArrayLike, group: ArrayLike, level: float = 0.025, draws: int = 999, seed: int = 0
) -> Verdict:
    """Stop if the challenger's few customers bring so much less that chance does so in `level` of
    cases.

    A canary finds what breaks, not what is a little worse. Profit is skewed and the customers are
    few: an interval by t would stop harmless canaries too often, so customers are exchanged at
    random instead (a permutation test, exact at any size). Customers who got lost on the way are
    something that broke as well: their share is checked first.

    Args:
        profit: Of each customer (n,), contacts paid.
        group: As `groups` gives it (n,).
        level: The share of harmless canaries that is stopped.
    """
    difference = between(profit, group, "challenger", "champion")
    group, profit = np.asarray(group, dtype=object), np.asarray(profit, dtype=float)
    if not (ratio := _planned(group, "canary")).ok:
        return Verdict(False, difference, str(ratio))
    few, others = profit[group == "challenger"], profit[group == "champion"]
    rng, both = np.random.default_rng(seed), np.concatenate([few, others])
    # without replacement: a random group as large; its mean decides, the total being the same
    drawn = np.array([rng.choice(both, len(few), replace=False).mean() for _ in range(draws)])
    p = (1 + (drawn <= few.mean()).sum()) / (draws + 1)
    if p <= level:
        return Verdict(False, difference, f"the few customers under it bring less, p = {p:.3f}")
    return Verdict(True, difference, f"no harm is proven, p = {p:.2f}")


def ab(profit: ArrayLike, group: ArrayLike) -> Verdict:
    """The challenger becomes champion if it surely brings more per 1,000 customers.

    The share of customers in each group is checked first. For one look, on the day that was
    planned: asked every night, it finds a winner where there is none (chapter 06). Arguments as for
    `canary`.
    """
    difference = between(profit, group, "challenger", "champion")
    if not (ratio := _planned(group, "A/B")).ok:
        return Verdict(False, difference, str(ratio))
    if difference.low <= 0:
        return Verdict(False, difference, "it is not proven better: the champion stays")
    return Verdict(True, difference, "it brings more: it is the champion now")


def _planned(group: ArrayLike, stage: str) -> experiments.RatioCheck:
    """Whether challenger and champion have the shares of the stage; the hold-out is set apart."""
    arms = pd.Series(np.asarray(group, dtype=object))
    planned = {"challenger": STAGES[stage], "champion": 1 - STAGES[stage]}
    return experiments.check_ratio(arms[arms.isin(list(planned))], planned)


def between(profit: ArrayLike, group: ArrayLike, one: str, other: str) -> evaluation.Interval:
    """Profit per 1,000 customers of group `one` less that of group `other`, with Welch's interval.

    Raises ValueError where one of them has fewer than two customers.
    """
    profit, group = np.asarray(profit, dtype=float), np.asarray(group, dtype=object)
    a, b = 1_000 * profit[group == one], 1_000 * profit[group == other]
    if min(len(a), len(b)) < 2:
        raise ValueError(f"{len(a)} customers in {one!r} and {len(b)} in {other!r}: too few")
    found = stats.ttest_ind(a, b, equal_var=False).confidence_interval(evaluation.LEVEL)
    return evaluation.Interval(float(a.mean() - b.mean()), float(found.low), float(found.high))
