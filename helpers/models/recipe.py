"""The course's recipe for probabilities: unlike models, the choice left to log-loss on training
folds."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_union
from sklearn.preprocessing import (
    PolynomialFeatures,
    QuantileTransformer,
    SplineTransformer,
    StandardScaler,
)

from helpers.models.catalogue import Checked, check_target, model
from helpers.models.preparation import prepare


def bends(C: float = 0.003) -> Checked:
    """Logistic regression that can bend: every column by its rank (as a normal quantile), then
    curves (splines) of each and products of all pairs, held together by a strong penalty (small
    `C`)."""
    ranks = QuantileTransformer(n_quantiles=200, output_distribution="normal", subsample=None)
    curves = SplineTransformer(5, degree=2, knots="quantile", extrapolation="linear")
    steps = [
        ("prepare", prepare(None)),
        ("ranks", ranks),
        ("bends", make_union(curves, PolynomialFeatures(2, include_bias=False))),
        ("scale", StandardScaler()),
        ("classifier", LogisticRegression(C=C, max_iter=500)),
    ]
    return Checked(steps)


def slow_trees(seed: int = 0) -> Checked:
    """XGBoost that learns slowly: 400 trees of two questions each, every one on half of the
    rows."""
    return model(
        "xgboost",
        seed,
        n_estimators=400,
        learning_rate=0.03,
        max_depth=2,
        subsample=0.5,
        min_child_weight=5,
    )


def candidates(seed: int = 0) -> dict[str, Pipeline]:
    """The models among which `Recipe` chooses, by name."""
    return {
        "logistic regression": model("logistic regression", seed),
        "xgboost": model("xgboost", seed),
        "slow trees": slow_trees(seed),
        "bends, C .001": bends(0.001),
        "bends, C .003": bends(0.003),
        "bends, C .01": bends(0.01),
    }


class Recipe(ClassifierMixin, BaseEstimator):
    """The candidate, or the average of two, with the smallest log-loss on training folds.

    Attributes after `fit`: `log_loss_` (a Series by the candidate's name, "a + b" for an average,
    smallest first), `chosen_` (its first name), `models_` (the fitted models that are averaged).
    """

    def __init__(self, seed: int = 0, folds: int = 3):
        self.seed = seed
        self.folds = folds

    def fit(self, X: pd.DataFrame, y: Any, groups: ArrayLike | None = None) -> Recipe:
        """Choose on folds, then fit the choice on all rows. `groups` (n,) says whose row each is:
        rows of one customer stay in one fold. Raises ValueError for one class, or too few
        positives."""
        check_target(X, y)
        y = np.asarray(y).astype(int)
        if (rarer := np.bincount(y).min()) < self.folds:
            raise ValueError(f"{self.folds} folds need as many of each class; there are {rarer}")
        known = candidates(self.seed)
        folds = (
            StratifiedKFold(self.folds, shuffle=True, random_state=self.seed)
            if groups is None
            else GroupKFold(self.folds)
        )
        p = {
            name: cross_val_predict(m, X, y, groups=groups, cv=folds, method="predict_proba")[:, 1]
            for name, m in known.items()
        }
        p |= {f"{a} + {b}": (p[a] + p[b]) / 2 for a, b in combinations(known, 2)}
        self.log_loss_ = pd.Series({name: log_loss(y, q) for name, q in p.items()}).sort_values()
        self.chosen_ = self.log_loss_.index[0]
        self.models_ = [clone(known[name]).fit(X, y) for name in self.chosen_.split(" + ")]
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities (n, 2)."""
        return np.mean([fitted.predict_proba(X) for fitted in self.models_], axis=0)

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """The likelier class (n,)."""
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)
