"""Whom a treatment moves: learners of its effect, and curves that judge them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.model_selection import StratifiedKFold

from helpers import evaluation
from helpers.experiments.effects import none_missing, true_or_false

CLIP = 0.01  # a propensity nearer to 0 or 1 than this is none to learn from
DIGITS = 12  # of the largest score: what differs beyond them does so by rounding, and is equal


class TLearner(BaseEstimator):
    """Two models, one per arm; the effect is the difference of what they predict.

    `outcome` is a scikit-learn classifier (its P(1) is used) or regressor, with its pipeline.
    """

    def __init__(self, outcome: Any):
        self.outcome = outcome

    def fit(self, X: pd.DataFrame, y: ArrayLike, treated: ArrayLike) -> TLearner:
        """Learn from customers (n, features), outcomes (n,), and arms (n,) of true or false. Raises
        ValueError where lengths differ or an arm is empty."""
        y, treated, _ = _checked(X, y, treated, 0.5)
        self.treated_ = clone(self.outcome).fit(X[treated], y[treated])
        self.control_ = clone(self.outcome).fit(X[~treated], y[~treated])
        return self

    def predict_arms(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """What to expect of each customer with the treatment (n,) and without (n,)."""
        return predict(self.treated_, X), predict(self.control_, X)

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Effects (n,) in the unit of the outcome."""
        treated, control = self.predict_arms(X)
        return treated - control


class DRLearner(BaseEstimator):
    """A model of the doubly robust pseudo-outcome (Kennedy 2023, "Towards optimal doubly robust
    estimation of heterogeneous causal effects"): right if the outcome models or the propensities
    are.

    `outcome` as for the T-learner, cross-fitted: a customer's pseudo-outcome comes from models that
    have not seen that customer. `effect` is a regressor that is fitted to the pseudo-outcomes.
    """

    def __init__(self, outcome: Any, effect: Any, folds: int = 5, seed: int = 0):
        self.outcome = outcome
        self.effect = effect
        self.folds = folds
        self.seed = seed

    def fit(
        self, X: pd.DataFrame, y: ArrayLike, treated: ArrayLike, propensity: ArrayLike = 0.5
    ) -> DRLearner:
        """As the T-learner; `propensity` is the known P(treated), a number or (n,). Raises
        ValueError for propensities missing or too near to 0 or 1: no support, no estimate."""
        y, treated, e = _checked(X, y, treated, propensity)
        first, second = np.empty(len(y)), np.empty(len(y))
        # arms and, for a rare outcome, its classes are spread over the folds
        strata = treated * 2 + (y if is_classifier(self.outcome) else 0)
        folds = StratifiedKFold(self.folds, shuffle=True, random_state=self.seed)
        for learn, score in folds.split(X, strata):
            model = TLearner(self.outcome).fit(X.iloc[learn], y[learn], treated[learn])
            first[score], second[score] = model.predict_arms(X.iloc[score])
        residual = np.where(treated, (y - first) / e, -(y - second) / (1 - e))
        self.pseudo_outcome_ = first - second + residual
        self.effect_ = clone(self.effect).fit(X, self.pseudo_outcome_)
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Effects (n,) in the unit of the outcome."""
        return self.effect_.predict(X)


def qini_curve(
    score: ArrayLike, y: ArrayLike, treated: ArrayLike, propensity: ArrayLike = 0.5
) -> pd.DataFrame:
    """What treating the best-scored share of customers brings, against a random share as large.

    The effect of a customer is estimated by t (y - m) / e - (1 - t) (y - m) / (1 - e) with m the
    mean outcome, and summed from the best score on; equal scores count in proportion. (Radcliffe
    2007's incremental gains, with weights in place of a rescaled control arm.)

    Args:
        score: (n,) the higher, the sooner treated; of customers that the scorer has not seen.
        y, treated, propensity: As for `DRLearner.fit`.

    Returns:
        n + 1 rows, columns `share` (0 to 1), `gain` and `random`, both in outcome per 1,000
        customers.

    Raises:
        ValueError: As `DRLearner.fit`, or missing scores.
    """
    score = np.asarray(score, dtype=float)
    y, treated, e = _checked(score, y, treated, propensity)
    none_missing(score, "scores")
    effect = np.where(treated, 1 / e, -1 / (1 - e)) * (y - y.mean())
    return _curve(score, effect)


def qini(
    score: ArrayLike,
    y: ArrayLike,
    treated: ArrayLike,
    propensity: ArrayLike = 0.5,
    other: ArrayLike | None = None,
    draws: int = 200,
    seed: int = 0,
) -> evaluation.Interval:
    """The area between the Qini curve and its random line, with a bootstrap interval by customer.

    In outcome per 1,000 customers, not divided by the area of a perfect score; 0 for a score that
    says nothing about the effect. With `other`, a second score (n,), the paired difference: this
    area less the other's, on the same draws. The interval is that of the customers who judge: the
    scores are taken as they are. The rest as for `qini_curve`.
    """
    scores = [np.asarray(s, dtype=float) for s in (score, other) if s is not None]
    y, treated, e = [_checked(s, y, treated, propensity) for s in scores][0]

    def area(rows: np.ndarray) -> float:
        areas = [_area(qini_curve(s[rows], y[rows], treated[rows], e[rows])) for s in scores]
        return areas[0] - sum(areas[1:])

    everybody = np.arange(len(y))
    drawn = [area(rows) for rows in evaluation.resample(everybody, draws, seed)]
    return evaluation.Interval(area(everybody), *evaluation.drawn_ends(drawn))


def predict(model: Any, X: pd.DataFrame) -> np.ndarray:
    """P(1) of a classifier, the prediction of a regressor (n,)."""
    return model.predict_proba(X)[:, 1] if is_classifier(model) else model.predict(X)


def _curve(score: np.ndarray, effect: np.ndarray) -> pd.DataFrame:
    scale = np.abs(score[np.isfinite(score)]).max(initial=0.0) or 1.0
    group = np.unique(-np.round(score / scale, DIGITS), return_inverse=True)[1]
    shared = (np.bincount(group, effect) / np.bincount(group))[np.sort(group)]
    gain = np.concatenate([[0.0], np.cumsum(shared)]) * 1_000 / len(score)
    share = np.linspace(0, 1, len(score) + 1)
    return pd.DataFrame({"share": share, "gain": gain, "random": gain[-1] * share})


def _area(curve: pd.DataFrame) -> float:
    return float(np.trapezoid(curve["gain"] - curve["random"], curve["share"]))


def _checked(X: Any, y: ArrayLike, treated: ArrayLike, propensity: ArrayLike) -> tuple:
    y, treated = np.asarray(y, dtype=float), np.asarray(treated)
    if not len(X) == len(y) == len(treated):
        raise ValueError(
            f"{len(X)} customers, {len(y)} outcomes, {len(treated)} arms: they must match"
        )
    none_missing(y, "outcomes")
    arms = true_or_false(treated)
    if not 0 < arms.sum() < len(arms):
        raise ValueError(f"{arms.sum()} of {len(arms)} are treated: without both arms no effect")
    e = np.broadcast_to(np.asarray(propensity, dtype=float), y.shape)
    if not ((e >= CLIP) & (e <= 1 - CLIP)).all():
        wrong = int((~((e >= CLIP) & (e <= 1 - CLIP))).sum())
        raise ValueError(
            f"{wrong} propensities are missing or not between {CLIP} and {1 - CLIP}: "
            "no support, no estimate"
        )
    return y, arms, e
