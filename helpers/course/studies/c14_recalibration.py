"""c14: recalibration helps forests and naive Bayes most.

Each learner is fitted on three quarters of the training rows and recalibrated on the rest, by a
sigmoid (Platt 1999), isotonic regression (Zadrozny & Elkan 2002) or a temperature (Guo et al.
2017). The forest is fully grown, as it comes. Log-loss of tested rows, before less after: above 0
the recalibration helped.
"""

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import log_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers import evaluation, models
from helpers.course import studies
from helpers.course.studies import rare
from helpers.features import coupons

CLAIM = "recalibration helps forests and naive Bayes most"
EXPECTED = (
    "log-loss falls for the fully grown forest and naive Bayes, hardly for logistic regression and "
    "XGBoost; isotonic regression overfits a few hundred positives"
)
CHAPTER = "03"
SEEDS = range(30)
LEARNERS = ["random forest", "naive Bayes", "xgboost", "logistic regression"]
METHODS = ["sigmoid", "isotonic", "temperature"]
METRIC = "log loss"


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
    train, test = rare.offers()
    rows = rare.drawn_offers(seed)
    redeemed = test["redeemed"].to_numpy(dtype=int)[rows]
    outcome = train["redeemed"].to_numpy(dtype=int)
    households = train.index.get_level_values("customer_id")
    result = {}
    with threadpool_limits(limits=1):
        for name in LEARNERS:
            for arm, p in calibrated(name, X, y, X.index, X_test, seed).items():
                score = rare.EXPECTED_SCORES[METRIC](truth, p)
                result[rare.EXACT, f"{name}, {arm}", METRIC] = score
            columns = (train[coupons.FEATURES], outcome, households, test[coupons.FEATURES])
            for arm, p in calibrated(name, *columns, seed).items():
                score = log_loss(redeemed, np.clip(p[rows], 1e-6, 1 - 1e-6))
                result[studies.REAL, f"{name}, {arm}", METRIC] = score
    return result


def gain(rows: pd.DataFrame, world: str, name: str, method: str) -> evaluation.Interval:
    """Log-loss before less after recalibration, paired by seed: above 0 it helped."""
    return studies.interval(rows, world, f"{name}, as it is", METRIC, less=f"{name}, {method}")


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """What each method gains, by learner."""
    found = []
    for name in LEARNERS:
        for method in METHODS:
            gained = gain(rows, world, name, method)
            found.append(studies.Figure(f"gain in log-loss, {name}, {method}", gained, "+.3f"))
    return found


def borne_out(rows: pd.DataFrame, world: str) -> bool:
    """The sigmoid helps the first two, and more than it helps the other two."""
    gains = [gain(rows, world, name, "sigmoid") for name in LEARNERS]
    most = max(found.high for found in gains[2:])
    return min(found.low for found in gains[:2]) > max(0, most)


def finding(rows: pd.DataFrame) -> studies.Finding:
    worlds = [borne_out(rows, rare.EXACT), borne_out(rows, studies.REAL)]
    forest = gain(rows, rare.EXACT, "random forest", "sigmoid")
    return studies.Finding(
        "a sigmoid takes {} off the log-loss of a forest",
        studies.Figure("gain in log-loss, random forest, sigmoid", forest, ".3f"),
        studies.verdict(all(worlds), any(worlds)),
        figures(rows, rare.EXACT),
        figures(rows, studies.REAL),
        note="On coupons naive Bayes says 0 and 1: its gain depends on the clipping (at 1e-6).",
    )
