"""Scores of which only the ranking counts, drawn again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import average_precision_score, roc_auc_score

Score = Callable[[np.ndarray, np.ndarray], float]


def average_precision(y: ArrayLike, p: ArrayLike) -> float:
    """The mean, over the positives, of the share of positives among all rows ranked as high or
    higher: what `sklearn.metrics.average_precision_score` gives, without the checks that would make
    a bootstrap take three times as long. NaN without any positive."""
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    order = np.argsort(-p, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)  # of each group of equal p
    found = np.cumsum(y[order])[ends]
    gained = np.diff(found, prepend=0.0)
    return float(gained @ (found / (ends + 1)) / found[-1]) if found[-1] else float("nan")


def from_ranks(
    score: Score, y: np.ndarray, predictions: Sequence[np.ndarray]
) -> tuple[Score, list[np.ndarray]]:
    """The same score in a form that is quick to draw, and each prediction (n,) in the form that it
    takes.

    AUC and average precision, scikit-learn's or ours, need no more than how many positives and
    negatives stand at each rank. So the rows are sorted once, and a draw only counts them. Any
    other score, and what scikit-learn would refuse, is handed back as it is.
    """
    counted = {
        roc_auc_score: _auc,
        average_precision_score: _average_precision,
        average_precision: _average_precision,
    }
    two_classes = y.dtype.kind in "biu" and np.isin(y, (0, 1)).all()
    if score in counted and two_classes and all(np.isfinite(p).all() for p in predictions):
        ranks = [np.unique(p, return_inverse=True)[1] for p in predictions]
        return counted[score], [2 * rank + y for rank in ranks]
    return score, list(predictions)


def _at_each_rank(ranked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many negatives, and how many positives, stand at each rank, from the lowest; `ranked` is
    twice the rank, and one more for a positive (n,)."""
    counts = np.bincount(ranked, minlength=ranked.max() // 2 * 2 + 2)
    return counts[::2], counts[1::2]


def _auc(y: np.ndarray, ranked: np.ndarray) -> float:
    """The share of pairs in which the positive stands above the negative; equal ones count half."""
    negatives, positives = _at_each_rank(ranked)
    below = np.cumsum(negatives) - negatives / 2
    return float((positives * below).sum() / (positives.sum() * negatives.sum()))


def _average_precision(y: np.ndarray, ranked: np.ndarray) -> float:
    """`average_precision` from ranks (n,)."""
    negatives, positives = (counts[::-1] for counts in _at_each_rank(ranked))
    found = np.cumsum(positives)
    seen = found + np.cumsum(negatives)  # the highest rank has a row: above 0
    return float((positives * (found / seen)).sum() / found[-1])
