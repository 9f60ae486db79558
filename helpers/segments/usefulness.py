"""Do segments tell something about the future that their features do not?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import bootstrap
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from helpers.evaluation import LEVEL, Interval
from helpers.segments.clustering import transformer


class Usefulness(NamedTuple):
    """r2: share of the outcome's variance explained on customers left out, by what it was predicted
    from; gain: what segments add to the features; against_quantiles: segments less quantiles of
    spend. Both are differences in R² with a bootstrap by customer, the fitted models held fixed."""

    r2: pd.Series
    gain: Interval
    against_quantiles: Interval

    def differences(self) -> str:
        """Both differences in R² with their intervals, a line each."""
        return (
            f"segments minus quantiles of monetary:  {self.against_quantiles.text(signed=True)}\n"
            f"features + segments minus features:    {self.gain.text(3, signed=True)}"
        )


def usefulness(frame: pd.DataFrame, labels: np.ndarray, outcome: pd.Series) -> Usefulness:
    """Compare segments with what they were made from, as predictors of a later `outcome`.

    frame: customers × features from before a cut-off, with `monetary`; labels: (n,) segments;
    outcome: (n,) what happened after it. Linear models, five folds: dummies of the segments,
    dummies of as many quantiles of each feature, the log1p-standardized features, features with
    segments.
    The segments themselves were fitted on all customers, without their outcomes. Raises ValueError
    where the indexes of frame and outcome differ.
    """
    if not frame.index.equals(outcome.index):
        raise ValueError("frame and outcome must hold the same customers in the same order")
    k = len(np.unique(labels))
    groups = pd.get_dummies(pd.Series(labels, frame.index), prefix="segment", dtype=float)
    folds = KFold(5, shuffle=True, random_state=0)

    def predicted(table: pd.DataFrame, scaled: bool = False) -> np.ndarray:
        model = make_pipeline(transformer("log" if scaled else "raw"), LinearRegression())
        return cross_val_predict(model, table, outcome, cv=folds)

    def quantiles(column: pd.Series) -> pd.DataFrame:
        return pd.get_dummies(pd.qcut(column.rank(method="first"), k, labels=False), dtype=float)

    predictions = {"segments": predicted(groups)}
    predictions |= {f"quantiles of {name}": predicted(quantiles(frame[name])) for name in frame}
    predictions |= {
        "features": predicted(frame, scaled=True),
        "features + segments": predicted(frame.join(groups), scaled=True),
    }
    return Usefulness(
        pd.Series({name: r2_score(outcome, p) for name, p in predictions.items()}, name="R²"),
        _difference(outcome, predictions["features + segments"], predictions["features"]),
        _difference(outcome, predictions["segments"], predictions["quantiles of monetary"]),
    )


def _difference(outcome: pd.Series, more: np.ndarray, less: np.ndarray) -> Interval:
    """The difference in R² of two predictions, paired, with its bootstrap interval by customer."""

    def statistic(y, a, b):
        return r2_score(y, a) - r2_score(y, b)

    data = (outcome.to_numpy(), more, less)
    found = bootstrap(
        data,
        statistic,
        paired=True,
        vectorized=False,
        n_resamples=500,
        batch=1,  # the draws of all customers at once would fill the memory
        confidence_level=LEVEL,
        method="percentile",
        rng=0,
    )
    return Interval(statistic(*data), *found.confidence_interval)
