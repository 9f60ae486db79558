"""The check of a score: on shuffled outcomes it should be chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from helpers.evaluation.auditing import sides
from helpers.evaluation.auditing.comparing import Table
from helpers.evaluation.auditing.report import Finding
from helpers.evaluation.intervals import mean_interval

BY_CHANCE = 0.001  # how often a pipeline that learns nothing is taken for one that leaks


def shuffled_scores(
    evaluate: Callable[[pd.DataFrame, pd.Series], float],
    X: pd.DataFrame,
    y: pd.Series,
    rows: Table,
    chance: float,
    shuffles: int,
    seed: int,
    step: Callable[[], Any],
) -> tuple[list[Finding], str]:
    """The score on the outcomes as they are, and on `shuffles` of them; chance is what a score
    without any knowledge has.

    A finding where the mean of the shuffled scores lies above chance (one-sided t test at a
    thousandth); and a note that says the score on the real outcomes, and the permutation p-value.
    """
    rng, scores = np.random.default_rng(seed), []
    real = float(evaluate(X.copy(), y.copy()))
    for _ in range(shuffles):
        scores.append(float(evaluate(X.copy(), dealt(y, rows, rng))))
        step()
    found = mean_interval(np.array(scores))
    p = (1 + sum(score >= real for score in scores)) / (shuffles + 1)
    note = (
        f"Score {real:.2f}; on {shuffles} shuffles of the outcomes {found.text()}, "
        f"permutation p-value {p:.2f}."
    )
    spread = np.std(scores) > 1e-9
    if spread:
        above = stats.ttest_1samp(scores, chance, alternative="greater").pvalue < BY_CHANCE
    else:
        above = found.estimate > chance + 1e-9
    if not above:
        return [], note
    what = f"outcomes shuffled, and the score is still {found.text()}, not {chance:g}"
    return [Finding("outcomes shuffled", "score", what, len(X), len(X))], note


def dealt(y: pd.Series, rows: Table, rng: np.random.Generator) -> pd.Series:
    """The outcomes dealt anew: within each snapshot; without snapshots, all rows of a customer
    that had one outcome get one outcome again, so that a copy of a row still tells of it."""
    customers, snapshots = rows.customers, rows.snapshots
    if snapshots.notna().all():
        new = y.copy()
        for places in snapshots.groupby(snapshots.to_numpy()).indices.values():
            new.iloc[places] = rng.permutation(y.iloc[places])
        return new
    by_customer = pd.Series(y.to_numpy()).groupby(customers)
    one = by_customer.first()
    if len(one) < len(y) and (one.loc[customers].to_numpy() == y.to_numpy()).all():
        other = pd.Series(rng.permutation(one), index=one.index)
        return pd.Series(other.loc[customers].to_numpy(), index=y.index, name=y.name)
    return pd.Series(rng.permutation(y), index=y.index, name=y.name)


def scorer(model: Any, split: Any, rows: Table) -> Callable[[Any, Any], float]:
    """AUC of a copy of the model on the test side of the split: the mean over its folds."""

    def evaluate(X: pd.DataFrame, y: pd.Series) -> float:
        scores = []
        for fold in sides.folds(split, X, y, rows.customers):
            if fold.train.y is None or fold.test.y is None:
                raise ValueError("the split must return the outcomes as well")
            fitted = clone(model).fit(fold.train.X, fold.train.y)
            scores.append(roc_auc_score(fold.test.y, _predicted(fitted, fold.test.X)))
        return float(np.mean(scores))

    return evaluate


def _predicted(model: Any, X: pd.DataFrame) -> np.ndarray:
    if hasattr(model, "predict_proba"):
        return model.predict_proba(X)[:, 1]
    if hasattr(model, "decision_function"):
        return model.decision_function(X)
    return model.predict(X)
