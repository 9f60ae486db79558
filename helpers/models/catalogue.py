"""Algorithms as pipelines, each with the space in which to search its parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import loguniform, randint, uniform
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import QuantileTransformer

from helpers.models.preparation import prepare


class Checked(Pipeline):
    """A scikit-learn pipeline that says in a sentence why it cannot learn."""

    def fit(self, X: pd.DataFrame, y: Any = None, **params: Any) -> Checked:
        """Fit every step. Raises ValueError where there are no rows, no column, or only one
        class."""
        check_target(X, y)
        return super().fit(X, y, **params)


def check_target(X: pd.DataFrame, y: Any) -> None:
    """Raise ValueError where (X, y) cannot teach a classifier anything."""
    if y is None:
        raise ValueError("a classifier needs the outcome of each row: pass y")
    outcome = pd.Series(np.asarray(y))
    if len(outcome) != len(X):
        raise ValueError(f"{len(X)} rows of features and {len(outcome)} outcomes: they must match")
    if X.shape[1] == 0:
        raise ValueError("there is no feature to learn from")
    if outcome.isna().any():
        raise ValueError(f"{outcome.isna().sum()} outcomes are missing: leave those rows out")
    if outcome.nunique() < 2:
        only = f"all {len(outcome)} are {outcome.iloc[0]}" if len(outcome) else "there is no row"
        raise ValueError(f"learning needs positives and negatives, and {only}")


class OneColumn(ClassifierMixin, BaseEstimator):
    """The baseline: customers ranked by one column, the larger the likelier.

    The rank becomes a probability by logistic regression on the column's quantiles; missing counts
    as the lowest. `largest_first=False` turns the order around (recency: the smaller the likelier).
    """

    def __init__(self, column: str = "monetary", largest_first: bool = True):
        self.column = column
        self.largest_first = largest_first

    def fit(self, X: pd.DataFrame, y: Any) -> OneColumn:
        """Learn the probability by rank. Raises ValueError where the column is not there."""
        if self.column not in X:
            raise ValueError(
                f"no column {self.column!r}; there are: {', '.join(map(str, X.columns))}"
            )
        check_target(X, y)
        self.classes_ = np.unique(y)
        values = self.values(X)
        self.quantiles_ = QuantileTransformer(n_quantiles=min(1_000, len(X)), subsample=None)
        self.regression_ = LogisticRegression().fit(self.quantiles_.fit_transform(values), y)
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities (n, 2)."""
        return self.regression_.predict_proba(self.quantiles_.transform(self.values(X)))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """The likelier class (n,)."""
        return self.classes_[(self.predict_proba(X)[:, 1] > 0.5).astype(int)]

    def values(self, X: pd.DataFrame) -> np.ndarray:
        """The column (n, 1), larger is likelier, missing below everything."""
        values = X[[self.column]].to_numpy(dtype=float)
        values = values if self.largest_first else -values
        lowest = np.nanmin(values, initial=0.0) - 1 if np.isnan(values).any() else 0.0
        return np.where(np.isnan(values), lowest, values)


class Algorithm(NamedTuple):
    """The classifier for a seed, the scale it wants, whether gaps are filled, its search space."""

    classifier: Callable[[int], ClassifierMixin]
    scale: str | None
    impute: bool
    space: dict[str, Any]


def _boosted_trees(seed: int) -> ClassifierMixin:
    from xgboost import XGBClassifier  # here: whoever fits another algorithm does not wait for it

    return XGBClassifier(
        n_estimators=200,
        learning_rate=0.05,
        max_depth=3,
        min_child_weight=10,
        subsample=0.8,
        colsample_bytree=0.5,
        random_state=seed,
        n_jobs=1,
        verbosity=0,
    )


# Regularized beyond the libraries' defaults: rare outcomes of a shop are noisy, and default trees
# fit the noise (chapter 01 shows it). One thread each, so that results do not depend on the
# machine.
ALGORITHMS: dict[str, Algorithm] = {
    "logistic regression": Algorithm(
        lambda seed: LogisticRegression(C=0.1, max_iter=2_000, random_state=seed),
        scale="log",
        impute=True,
        space={"C": loguniform(1e-4, 1e1)},
    ),
    "random forest": Algorithm(
        lambda seed: RandomForestClassifier(
            n_estimators=100, min_samples_leaf=20, max_features="sqrt", random_state=seed, n_jobs=1
        ),
        scale=None,
        impute=True,
        space={"min_samples_leaf": randint(2, 100), "max_features": uniform(0.1, 0.9)},
    ),
    "xgboost": Algorithm(
        _boosted_trees,
        scale=None,
        impute=False,
        space={
            "n_estimators": randint(50, 500),
            "learning_rate": loguniform(0.01, 0.3),
            "max_depth": randint(1, 8),
            "min_child_weight": loguniform(1, 100),
            "reg_lambda": loguniform(0.1, 100),
        },
    ),
    "neural network": Algorithm(
        # stops when the training loss does; `early_stopping` would judge by accuracy, which a rare
        # outcome makes worthless
        lambda seed: MLPClassifier(
            (32,),
            alpha=1.0,
            learning_rate_init=2e-3,
            tol=1e-3,
            n_iter_no_change=5,
            max_iter=300,
            random_state=seed,
        ),
        scale="log",
        impute=True,
        space={
            "hidden_layer_sizes": [(8,), (32,), (64,), (32, 16)],
            "alpha": loguniform(1e-3, 1e1),
            "learning_rate_init": loguniform(5e-4, 1e-2),
        },
    ),
}


def model(name: str, seed: int = 0, scale: str | None = "default", **parameters: Any) -> Checked:
    """The pipeline of an algorithm: `prepare`, then the classifier.

    Args:
        name: A name of ALGORITHMS.
        seed: For what is random in it; the same seed gives the same model.
        scale: As for `prepare`; "default" is what the algorithm wants.
        parameters: Of the classifier (`C=1.0`), in place of the catalogue's.

    Raises:
        ValueError: An unknown name, scale or parameter.
    """
    chosen = _algorithm(name)
    classifier = chosen.classifier(seed).set_params(**parameters)
    scale = chosen.scale if scale == "default" else scale
    return Checked([("prepare", prepare(scale, chosen.impute)), ("classifier", classifier)])


def space(name: str) -> dict[str, Any]:
    """The search space of an algorithm: lists and scipy distributions by the name of the parameter
    in the pipeline (`classifier__C`), for any search of scikit-learn. Raises ValueError for an
    unknown name."""
    return {f"classifier__{key}": values for key, values in _algorithm(name).space.items()}


def average(
    names: tuple[str, ...] = ("logistic regression", "random forest", "xgboost"), seed: int = 0
) -> VotingClassifier:
    """The plain average of the probabilities of unlike models: the thing to beat."""
    return VotingClassifier([(name, model(name, seed)) for name in names], voting="soft")


def _algorithm(name: str) -> Algorithm:
    if name not in ALGORITHMS:
        raise ValueError(f"no algorithm {name!r}; there are: {', '.join(ALGORITHMS)}")
    return ALGORITHMS[name]
