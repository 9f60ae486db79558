"""What the studies of rare positives share: learners by strategies, on known truth and on coupons.

On the exact layer (`simulator.rare_positives`) the true probability p of every customer is known,
and scores are what they come to on average over outcomes: each customer counts as a positive with
weight p and as a negative with weight 1 - p. On the coupon offers of The Complete Journey, models
learn from the campaigns that had ended when the first tested one began.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from helpers import evaluation, models, simulator
from helpers.course.studies.measuring import FULL
from helpers.features import coupons

EXACT = "exact layer"
TRAIN, TEST = 10_000, 25_000
GAIN, COST = 30.0, 2.0  # what a positive brings and a contact costs, in the studies of profit
TEST_STARTS = pd.Timestamp("2017-08-08")  # about half of the offers come later
LEARNERS = ["logistic regression", "decision tree", "random forest", "xgboost"]


def learner(name: str, seed: int = 0) -> Pipeline:
    """A learner by name, its columns logged and standardized: trees do not mind, and SMOTE measures
    distances. The forest has 30 trees; the decision tree is grown until leaves of five."""
    if name == "naive Bayes":
        return Pipeline([("prepare", models.prepare("log")), ("classifier", GaussianNB())])
    if name == "decision tree":
        tree = DecisionTreeClassifier(min_samples_leaf=5, random_state=seed)
        return Pipeline([("prepare", models.prepare("log")), ("classifier", tree)])
    fewer = {"n_estimators": 30} if name == "random forest" else {}
    return models.model(name, seed, scale="log", **fewer)


@lru_cache(maxsize=2)
def exact(seed: int) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame, np.ndarray]:
    """Customers to learn from and their outcome; customers to test on and their true
    probability."""
    X, y, _ = simulator.rare_positives(TRAIN, seed=2 * seed)
    X_test, _, truth = simulator.rare_positives(TEST, seed=2 * seed + 1)
    return X, y, X_test, truth


@lru_cache(maxsize=64)
def on_exact(seed: int, name: str, strategy: str = "none") -> np.ndarray:
    """The probabilities (TEST,) that a learner gives the test customers of a draw."""
    X, y, X_test, _ = exact(seed)
    with threadpool_limits(limits=1):
        model = models.rebalance(learner(name, seed), strategy, seed).fit(X, y)
        return model.predict_proba(X_test)[:, 1]


def expected(score, truth: np.ndarray, p: np.ndarray) -> float:
    """The value of a scikit-learn score of `p` (n,) when outcomes are drawn from `truth` (n,)."""
    outcome = np.repeat([1, 0], len(truth))
    weight = np.concatenate([truth, 1 - truth])
    return float(score(outcome, np.concatenate([p, p]), sample_weight=weight))


EXPECTED_SCORES = {
    "AUC": lambda truth, p: expected(roc_auc_score, truth, p),
    "average precision": lambda truth, p: expected(average_precision_score, truth, p),
    "log loss": lambda truth, p: expected(log_loss, truth, np.clip(p, 1e-6, 1 - 1e-6)),
    "Brier score": lambda truth, p: expected(brier_score_loss, truth, p),
    "calibration error": evaluation.calibration_error,  # takes shares as well as outcomes
    "mean p": lambda truth, p: float(np.mean(p)),
}


def profit(truth: np.ndarray, contacted: ArrayLike) -> float:
    """Expected profit per 1,000 customers of contacting `contacted` (n,)."""
    return evaluation.profit(truth, contacted, GAIN, COST)


@lru_cache(maxsize=1)
def offers() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The coupon offers to learn from (ended before the test begins) and to test on."""
    table = coupons.coupon_offers()
    return table[table["ends"] < TEST_STARTS], table[table["starts"] >= TEST_STARTS]


@lru_cache(maxsize=64)
def on_offers(name: str, strategy: str = "none") -> np.ndarray:
    """The probabilities that a learner, fitted once, gives the tested offers."""
    train, test = offers()
    with threadpool_limits(limits=1):
        model = models.rebalance(learner(name), strategy, 0)
        model.fit(train[coupons.FEATURES], train["redeemed"].astype(int))
        return model.predict_proba(test[coupons.FEATURES])[:, 1]


@lru_cache(maxsize=2)
def drawn_offers(seed: int) -> np.ndarray:
    """The row numbers of the tested offers of a bootstrap of households; all of them, each once,
    by the seed of the full sample."""
    households = offers()[1].index.get_level_values("customer_id")
    if seed == FULL:
        return np.arange(len(households))
    return next(evaluation.resample(households, draws=1, seed=seed))
