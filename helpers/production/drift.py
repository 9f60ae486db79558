"""Has the input changed? The population stability index, and what chance makes of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

BINS = 10
DRAWS = 199  # with level .05 the tenth largest of 199 draws and the data: an exact test
LARGEST = 5_000  # customers a side: more would make an alarm of differences too small to matter


class Drift(NamedTuple):
    """`table`: a row per column, largest surprise first: psi, by_chance (its mean without drift), p
    (adjusted for the number of columns); `p` of the whole, `alarm`: p <= level."""

    table: pd.DataFrame
    p: float
    alarm: bool


def psi(reference: ArrayLike, current: ArrayLike, bins: int = BINS) -> float:
    """Population stability index of `current` (m,) against `reference` (n,).

    Σ (q − p) ln(q / p) over the bins, p and q the shares of reference and current, each count
    raised by ½ so that an empty bin is no infinity. Bins are the quantiles of the reference; equal
    values stay in one bin, missing ones have their own, text has a bin a level.
    """
    reference, current = pd.Series(np.asarray(reference)), pd.Series(np.asarray(current))
    codes = _codes(reference, pd.concat([reference, current]), bins)
    levels = codes.max() + 1
    first, second = np.split(codes, [len(reference)])
    counts = np.bincount(first, minlength=levels), np.bincount(second, minlength=levels)
    return float(psi_of_counts(*counts, np.array([0]))[0])


def psi_by_chance(n: int, m: int, bins: int = BINS, level: float | None = None) -> float:
    """What the PSI is without any drift: its mean, or with `level` the value passed by that share.

    Without drift PSI / (1/n + 1/m) is nearly chi-squared with bins − 1 degrees of freedom (Yurdakul
    2018, "Statistical properties of the population stability index"). Good from about ten customers
    a bin on.
    """
    free = bins - 1
    return (1 / n + 1 / m) * (free if level is None else float(stats.chi2.ppf(1 - level, free)))


def drift(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    level: float = 0.05,
    bins: int = BINS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Drift:
    """Do two groups of customers differ in any column? One alarm for all columns together.

    Bins are the quantiles of both groups together. Each PSI is compared with the spread that chance
    gives it; the largest surprise is compared with the largest of `draws` random exchanges of
    customers between the groups (a permutation test with the maximum as statistic: Westfall & Young
    1993). So without drift the alarm comes at `level`, however many columns there are and however
    they hang together. A customer (by index) who stands on both sides is kept on one, drawn at
    random: the two sides must be independent of each other.

    Args:
        reference: (n, columns), the customers that the model learned from, indexed by customer.
        current: (m, columns), those of now; more than 5,000 a side are sampled.
        level: The share of false alarms that is accepted, per look.

    Raises:
        ValueError: Fewer than ten customers a bin on a side, or columns of the reference are
            missing.
    """
    if lacking := [name for name in reference if name not in current]:
        raise ValueError(f"the current customers lack the columns {', '.join(map(str, lacking))}")
    rng = np.random.default_rng(seed)
    groups = [_at_most(frame, rng) for frame in _apart(reference, current[list(reference)], rng)]
    n, m = map(len, groups)
    if min(n, m) < 10 * bins:
        raise ValueError(
            f"{min(n, m)} customers on a side are too few for {bins} bins: take fewer bins"
        )
    pooled = pd.concat(groups)
    codes = [_codes(pooled[name], pooled[name], bins) for name in reference]
    levels = np.array([column.max() + 1 for column in codes])
    starts = np.cumsum(levels) - levels
    flat = np.column_stack(codes) + starts
    total = np.bincount(flat.ravel(), minlength=levels.sum())

    def statistic(rows: np.ndarray) -> np.ndarray:
        first = np.bincount(flat[rows].ravel(), minlength=levels.sum())
        return psi_of_counts(first, total - first, starts)

    by_chance = np.maximum(levels - 1, 1) * (1 / n + 1 / m)
    spread = np.sqrt(2 * np.maximum(levels - 1, 1)) * (1 / n + 1 / m)
    found = statistic(np.arange(n))
    surprise = (found - by_chance) / spread
    largest = np.array(
        [((statistic(rng.permutation(n + m)[:n]) - by_chance) / spread).max() for _ in range(draws)]
    )
    p = (1 + (largest[None, :] >= surprise[:, None]).sum(axis=1)) / (draws + 1)
    table = pd.DataFrame({"psi": found, "by_chance": by_chance, "p": p}, index=list(reference))
    table = table.iloc[np.argsort(-surprise, kind="stable")].rename_axis("column")
    return Drift(table, float(p.min()), bool(p.min() <= level))


def _apart(
    reference: pd.DataFrame, current: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames, each customer of both on one side only. An index that only counts names
    nobody."""
    if isinstance(reference.index, pd.RangeIndex) or isinstance(current.index, pd.RangeIndex):
        return reference, current
    both = reference.index.intersection(current.index)
    first = rng.random(len(both)) < 0.5
    return reference.drop(index=both[~first]), current.drop(index=both[first])


def _at_most(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    if len(frame) <= LARGEST:
        return frame
    return frame.iloc[np.sort(rng.choice(len(frame), LARGEST, replace=False))]


def _codes(cut_by: pd.Series, values: pd.Series, bins: int) -> np.ndarray:
    """The bin of each value (n,), from 0, by the quantiles of `cut_by`; missing ones have the
    last."""
    if pd.api.types.is_numeric_dtype(values):
        known = cut_by.dropna().to_numpy(dtype=float)
        shares = np.linspace(0, 1, bins + 1)[1:-1]
        edges = np.unique(np.quantile(known, shares)) if len(known) else np.empty(0)
        codes = np.searchsorted(edges, values.to_numpy(dtype=float), side="left")
        codes[values.isna().to_numpy()] = len(edges) + 1
        return np.unique(codes, return_inverse=True)[1]
    return np.unique(values.fillna("(missing)").astype(str), return_inverse=True)[1]


def psi_of_counts(first: np.ndarray, second: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """PSI (columns,) from the counts (levels,) of both groups; `starts` (columns,) says where each
    column's bins begin. Every count is raised by ½."""
    sizes = np.diff(np.append(starts, len(first)))
    p, q = (
        (counts + 0.5) / np.repeat(np.add.reduceat(counts + 0.5, starts), sizes)
        for counts in (first, second)
    )
    return np.add.reduceat((q - p) * np.log(q / p), starts)
