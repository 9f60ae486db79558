"""The bootstrap by customer: a customer is drawn with all of their rows, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.evaluation.intervals import Interval, drawn_ends
from helpers.evaluation.ranking import Score, from_ranks

DRAWS = 200


def resample(customers: ArrayLike, draws: int = DRAWS, seed: int = 0) -> Iterator[np.ndarray]:
    """Yield `draws` arrays of row numbers: customers drawn with replacement, each with all rows.

    `customers` (n,) says whose row each is; pass `range(n)` where each row is a customer.
    """
    codes, who = np.unique(np.asarray(customers), return_inverse=True)
    order = np.argsort(who, kind="stable")
    count = np.bincount(who, minlength=len(codes))
    start = np.cumsum(count) - count
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = rng.integers(len(codes), size=len(codes))
        if len(order) == len(codes):
            yield order[drawn]
            continue
        lengths = count[drawn]
        first = np.repeat(start[drawn] - (np.cumsum(lengths) - lengths), lengths)
        yield order[first + np.arange(lengths.sum())]


def interval(
    score: Score,
    y: ArrayLike,
    p: ArrayLike,
    customers: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval:
    """`score(y, p)` with its percentile bootstrap interval by customer (rows are customers by
    default). Raises ValueError where `y` and `p` differ in length."""
    drawn = drawn_scores(score, y, [p], customers, draws, seed)[:, 0]
    return Interval(float(score(np.asarray(y), np.asarray(p))), *drawn_ends(drawn))


def difference(
    score: Score,
    y: ArrayLike,
    p: ArrayLike,
    other: ArrayLike,
    customers: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval:
    """`score(y, p) - score(y, other)`, both on the same draws of customers: a paired difference.

    Raises ValueError where the lengths differ.
    """
    drawn = drawn_scores(score, y, [p, other], customers, draws, seed)
    y, p, other = np.asarray(y), np.asarray(p), np.asarray(other)
    estimate = float(score(y, p) - score(y, other))
    return Interval(estimate, *drawn_ends(drawn[:, 0] - drawn[:, 1]))


def drawn_scores(
    score: Score,
    y: ArrayLike,
    predictions: Sequence[ArrayLike],
    customers: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> np.ndarray:
    """`score` of each prediction on the same draws of customers: (draws, predictions).

    A draw without a single positive, or negative, has no score and is passed over. Raises
    ValueError where the lengths differ.
    """
    y = np.asarray(y)
    columns = [np.asarray(p, dtype=float) for p in predictions]
    lengths = {len(p) for p in columns} | {len(y)}
    if len(lengths) > 1:
        raise ValueError(
            f"what happened and what was predicted differ in length: {sorted(lengths)}"
        )
    score, columns = from_ranks(score, y, columns)
    found = []
    for rows in resample(np.arange(len(y)) if customers is None else customers, draws, seed):
        drawn = y[rows]
        if y.dtype.kind == "f" or (drawn != drawn[0]).any():
            found.append([score(drawn, column[rows]) for column in columns])
    return np.array(found)
