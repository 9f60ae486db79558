"""SMOTE and undersampling as steps of a pipeline, by imbalanced-learn. `rebalance` makes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.impute import SimpleImputer

from helpers.models.catalogue import check_target

NEIGHBORS = 5  # SMOTE draws a new positive between a positive and one of its nearest five


class Resampled(Pipeline):
    """A pipeline that resamples its training rows, and says in a sentence why it cannot."""

    def fit(self, X: pd.DataFrame, y: Any = None, **params: Any) -> Resampled:
        """Fit every step; rows are resampled here and never in `predict`.

        Raises ValueError for one class only, more than two, or too few positives for SMOTE.
        """
        check_target(X, y)
        counts = pd.Series(np.asarray(y)).value_counts()
        if len(counts) > 2:
            raise ValueError(f"balancing is for two classes; there are {len(counts)}")
        if "SMOTE" in self.named_steps and counts.min() <= NEIGHBORS:
            raise ValueError(
                f"SMOTE draws between a row and its {NEIGHBORS} nearest of the same class: it "
                f"needs at least {NEIGHBORS + 1}, and there are {counts.min()} of class "
                f"{counts.idxmin()}"
            )
        return super().fit(X, y, **params)


def resampled(steps: list[tuple[str, Any]], strategy: str, seed: int) -> Resampled:
    """The steps as a pipeline in which "SMOTE" or "undersampling" stands before the classifier."""
    if strategy == "undersampling":
        sampler = RandomUnderSampler(random_state=seed)
    else:
        sampler = SMOTE(k_neighbors=NEIGHBORS, random_state=seed)
        # it cannot draw between missing values
        steps = [
            *steps[:-1],
            ("fill", SimpleImputer(strategy="median", add_indicator=True)),
            steps[-1],
        ]
    return Resampled([*steps[:-1], (strategy, sampler), steps[-1]])
