"""Strategies against imbalance, each inside the pipeline, so that only training rows are balanced.

    models.rebalance(models.model("xgboost"), "SMOTE").fit(X, y)

and the correction of the probabilities that such a model gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import has_fit_parameter

from helpers.models.catalogue import Checked, check_target


class Weighted(Checked):
    """A pipeline whose classifier gives each row the weight that makes both classes equally heavy.

    The same as `class_weight="balanced"`, for classifiers without that parameter too (XGBoost,
    naive Bayes).
    """

    def fit(self, X: pd.DataFrame, y: Any = None, **params: Any) -> Weighted:
        """Fit every step. Raises ValueError where the classifier takes no weights, or one class
        only."""
        check_target(X, y)
        name, classifier = self.steps[-1]
        if not has_fit_parameter(classifier, "sample_weight"):
            kind = type(classifier).__name__
            raise ValueError(f"{kind} takes no weights; SMOTE or undersampling would be possible")
        weight = compute_sample_weight("balanced", y)
        return super().fit(X, y, **params, **{f"{name}__sample_weight": weight})


STRATEGIES = ("none", "class weights", "SMOTE", "undersampling")


def rebalance(model: Pipeline, strategy: str, seed: int = 0) -> Pipeline:
    """The pipeline with a strategy against imbalance in it, unfitted: both classes end equally
    common.

    Args:
        model: A pipeline whose last step is the classifier; it is not changed. The strategy works
            on what the steps before give.
        strategy: "none", "class weights" (rows weigh more the rarer their class), "SMOTE" (new
            positives between neighboring ones, missing values filled before: Chawla et al. 2002) or
            "undersampling" (as many negatives as positives, drawn at random).
        seed: For the drawing.

    Raises ValueError for an unknown strategy. Probabilities are then those of a world in which half
    the rows are positive; `correct_prior` leads back.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"no strategy {strategy!r}; there are: {', '.join(STRATEGIES)}")
    steps = _flat(clone(model))
    if strategy == "none":
        return Checked(steps)
    if strategy == "class weights":
        return Weighted(steps)
    # imported here: it takes longer than the rest of this room, and few chapters need it
    from helpers.models import resampling

    return resampling.resampled(steps, strategy, seed)


def _flat(pipeline: Pipeline) -> list[tuple[str, Any]]:
    """The steps of a pipeline, those of pipelines in it included: imbalanced-learn nests none."""
    steps: list[tuple[str, Any]] = []
    for name, step in pipeline.steps:
        steps += _flat(step) if isinstance(step, Pipeline) else [(name, step)]
    return steps


def correct_prior(p: ArrayLike, prevalence: float, learned: float = 0.5) -> np.ndarray:
    """Probabilities (n,) of a model that learned at another prevalence, led back to `prevalence`.

    The odds are multiplied by those of the true prevalence and divided by those of the learned one
    (after Dal Pozzolo et al. 2015). Exact where the model was right in the balanced world; an
    approximation for SMOTE, which draws a world of its own, and for trees that stop early.

    Raises ValueError where a probability or a prevalence is out of range.
    """
    p = np.asarray(p, dtype=float)
    if not (0 < prevalence < 1 and 0 < learned < 1):
        raise ValueError(f"a prevalence lies between 0 and 1, not {prevalence} and {learned}")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("these are no probabilities: some are missing or outside 0 to 1")
    positive = p * prevalence / learned
    return positive / (positive + (1 - p) * (1 - prevalence) / (1 - learned))
