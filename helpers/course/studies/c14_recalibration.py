"""c14: recalibration helps forests and naive Bayes most.

Each learner is fitted on three quarters of the training rows and recalibrated on the rest, by a
sigmoid (Platt 1999), isotonic regression (Zadrozny & Elkan 2002) or a temperature (Guo et al.
2017). The forest is fully grown, as it comes. Brier score of tested rows, before less after: above
0 the recalibration helped.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import brier_score_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers import evaluation, models
from helpers.course import studies
from helpers.course.studies import rare
from helpers.features import coupons

CLAIM = "recalibration helps forests and naive Bayes most"
EXPECTED = (
    "the score falls for the fully grown forest and naive Bayes, hardly for logistic regression "
    "and XGBoost; isotonic regression overfits a few hundred positives"
)
KIND = "test"
CHAPTER = "03"
SEEDS = range(2000, 2030)
DRAWS = 500
LEARNERS = ["random forest", "naive Bayes", "xgboost", "logistic regression"]
METHODS = ["sigmoid", "isotonic", "temperature"]
METRIC = "Brier score"  # a certain 0 that comes true would cost the log-loss without bound


def helped(world: str, name: str) -> dict:
    """The terms of what the sigmoid takes off a learner's score."""
    return studies.minus(world, f"{name}, as it is", f"{name}, sigmoid", METRIC)


CONTRASTS = {
    name: studies.Contrast(
        "Brier score that a sigmoid takes off, mean of forest and naive Bayes minus mean of "
        "XGBoost and logistic regression",
        studies.total(
            studies.average(*[helped(world, learner) for learner in LEARNERS[:2]]),
            studies.average(*[helped(world, learner) for learner in LEARNERS[2:]], weight=-1),
        ),
        above=0.001,
        form="+.4f",
    )
    for name, world in (("exact layer", rare.EXACT), ("coupons", studies.REAL))
}
WAS = "partly"
HISTORY = (
    "Measured first on seeds 0 to 29 in log-loss: on coupons naive Bayes says 0 and 1, so that its "
    "gain there was the clipping at 1e-6, and nothing else. It is the Brier score now, and the "
    "contrast and its margin were named after a look at those rows. The rows are those of seeds "
    "2000 to 2029; on coupons the models are fitted once.",
)


def learner(name: str, seed: int) -> Pipeline:
    """A learner as it comes: the forest fully grown, naive Bayes on standardized columns."""
    if name == "naive Bayes":
        return Pipeline([("prepare", models.prepare("standardize")), ("classifier", GaussianNB())])
    if name == "random forest":
        return models.model(name, seed, n_estimators=50, min_samples_leaf=1)
    return models.model(name, seed)


def calibrated(
    name: str, X: pd.DataFrame, y: np.ndarray, who: pd.Index, X_test: pd.DataFrame, seed: int
) -> dict:
    """The test rows' probabilities, as the learner gives them and by each method; a quarter of the
    customers (`who`, one per row) is held out for it."""
    customers = who.unique()
    held = who.isin(customers[np.random.default_rng(seed).random(len(customers)) < 0.25])
    model = learner(name, seed).fit(X[~held], y[~held])
    result = {"as it is": model.predict_proba(X_test)[:, 1]}
    for method in METHODS:
        mended = CalibratedClassifierCV(FrozenEstimator(model), method=method)
        mended.fit(X[held], y[held])
        result[method] = mended.predict_proba(X_test)[:, 1]
    return result


def run(seed: int) -> dict:
    X, y, X_test, truth = rare.exact(seed)
    result = {}
    with threadpool_limits(limits=1):
        for name in LEARNERS:
            for arm, p in calibrated(name, X, y, X.index, X_test, seed).items():
                score = rare.EXPECTED_SCORES[METRIC](truth, p)
                result[rare.EXACT, f"{name}, {arm}", METRIC] = score
    return result


@lru_cache(maxsize=1)
def on_offers() -> dict[str, np.ndarray]:
    """The probabilities of the tested offers by learner and method, fitted once."""
    train, test = rare.offers()
    outcome = train["redeemed"].to_numpy(dtype=int)
    who = train.index.get_level_values("customer_id")
    result = {}
    with threadpool_limits(limits=1):
        for name in LEARNERS:
            columns = (train[coupons.FEATURES], outcome, who, test[coupons.FEATURES])
            for arm, p in calibrated(name, *columns, seed=0).items():
                result[f"{name}, {arm}"] = p
    return result


def households(seed: int) -> dict:
    rows = rare.drawn_offers(seed)
    redeemed = rare.offers()[1]["redeemed"].to_numpy(dtype=int)[rows]
    return {
        (studies.REAL, arm, METRIC): brier_score_loss(redeemed, p[rows])
        for arm, p in on_offers().items()
    }


def gain(rows: pd.DataFrame, world: str, name: str, method: str) -> evaluation.Interval:
    """Brier score before less after recalibration, paired by seed: above 0 it helped."""
    return studies.interval(rows, world, f"{name}, as it is", METRIC, less=f"{name}, {method}")


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """What each method gains, by learner."""
    found = []
    for name in LEARNERS:
        for method in METHODS:
            gained = gain(rows, world, name, method)
            found.append(studies.Figure(f"gain in Brier score, {name}, {method}", gained, "+.4f"))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    bayes = gain(rows, rare.EXACT, "naive Bayes", "sigmoid")
    return studies.Finding(
        "a sigmoid takes {} off naive Bayes' Brier score",
        studies.Figure("gain in Brier score, naive Bayes, sigmoid", bayes, ".4f"),
        figures(rows, rare.EXACT),
        figures(rows, studies.REAL),
    )
