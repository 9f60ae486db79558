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

from helpers.evaluation import Interval
from helpers.segments.clustering import transformer


class Usefulness(NamedTuple):
    """r2: share of the outcome's variance explained on customers left out, by what it was predicted
    from; gain: what segments add to the features (difference in R², bootstrap by customer)."""

    r2: pd.Series
    gain: Interval


def usefulness(frame: pd.DataFrame, labels: np.ndarray, outcome: pd.Series) -> Usefulness:
    """Compare segments with what they were made from, as predictors of a later `outcome`.

    frame: customers × features from before a cut-off, with `monetary`; labels: (n,) segments;
    outcome: (n,) what happened after it. Linear models, five folds: dummies of the segments, dummies
    of as many quantiles of spend, the log1p-standardized features, features with segments.
    Raises ValueError where the indexes of frame and outcome differ.
    """
    if not frame.index.equals(outcome.index):
        raise ValueError("frame and outcome must hold the same customers in the same order")
    k = len(np.unique(labels))
    groups = pd.get_dummies(pd.Series(labels, frame.index), prefix="segment", dtype=float)
    ranks = frame["monetary"].rank(method="first")
    quantiles = pd.get_dummies(pd.qcut(ranks, k, labels=False), prefix="quantile", dtype=float)
    folds = KFold(5, shuffle=True, random_state=0)

    def predicted(table: pd.DataFrame, scaled: bool) -> np.ndarray:
        model = make_pipeline(transformer("log" if scaled else "raw"), LinearRegression())
        return cross_val_predict(model, table, outcome, cv=folds)

    predictions = {
        "segments": predicted(groups, scaled=False),
        "quantiles of spend": predicted(quantiles, scaled=False),
        "features": predicted(frame, scaled=True),
        "features + segments": predicted(frame.join(groups), scaled=True),
    }
    r2 = pd.Series({name: r2_score(outcome, p) for name, p in predictions.items()}, name="R²")

    def difference(y, more, less):
        return r2_score(y, more) - r2_score(y, less)

    data = (outcome.to_numpy(), predictions["features + segments"], predictions["features"])
    found = bootstrap(
        data, difference, paired=True, vectorized=False, n_resamples=500, method="percentile", rng=0
    )
    return Usefulness(r2, Interval(difference(*data), *found.confidence_interval))
