"""c06: balancing ruins calibration.

A model that learned in a world where half of the customers are positive believes in that world. How
far are its probabilities from the shares that follow?
"""

from itertools import product

import pandas as pd
from sklearn.metrics import brier_score_loss

from helpers import evaluation
from helpers.course import studies
from helpers.course.studies import rare

CLAIM = "SMOTE, class weights and undersampling ruin calibration"
EXPECTED = (
    "mean p many times the prevalence; Brier score and calibration error far above those without"
)
KIND = "demonstration"
CHAPTER = "03"
SEEDS = range(6000, 6030)
DRAWS = 300
LEARNERS = ["logistic regression", "random forest", "xgboost"]
STRATEGIES = ["none", "class weights", "SMOTE", "undersampling"]
METRICS = ["mean p", "Brier score", "calibration error"]


def contrast(world: str) -> studies.Contrast:
    """How much larger the calibration error is with balancing: the mean over all."""
    pairs = product(LEARNERS, STRATEGIES[1:])
    parts = [studies.minus(world, f"{n}, {s}", f"{n}, none", METRICS[2]) for n, s in pairs]
    what = "calibration error, balanced minus plain, mean of three learners and three strategies"
    return studies.Contrast(what, studies.average(*parts), above=0.05)


CONTRASTS = {"exact layer": contrast(rare.EXACT), "coupons": contrast(studies.REAL)}
WAS = "yes"
HISTORY = (
    "Measured on seeds 0 to 29; the contrast and its margin were named after a look at those "
    "rows. Since then new worlds were drawn: the rows are those of seeds 6000 to 6029. On "
    "coupons the models are now fitted once.",
)


def run(seed: int) -> dict:
    truth = rare.exact(seed)[3]
    result = {
        (rare.EXACT, "true probabilities", m): rare.EXPECTED_SCORES[m](truth, truth)
        for m in METRICS
    }
    for name in LEARNERS:
        for strategy in STRATEGIES:
            arm = f"{name}, {strategy}"
            p = rare.on_exact(seed, name, strategy)
            for metric in METRICS:
                result[rare.EXACT, arm, metric] = rare.EXPECTED_SCORES[metric](truth, p)
    return result


def households(seed: int) -> dict:
    rows = rare.drawn_offers(seed)
    redeemed = rare.offers()[1]["redeemed"].to_numpy(dtype=float)[rows]
    result = {(studies.REAL, "what happened", "mean p"): redeemed.mean()}
    for name in LEARNERS:
        for strategy in STRATEGIES:
            arm = f"{name}, {strategy}"
            p = rare.on_offers(name, strategy)[rows]
            result[studies.REAL, arm, "mean p"] = p.mean()
            result[studies.REAL, arm, "Brier score"] = brier_score_loss(redeemed, p)
            result[studies.REAL, arm, "calibration error"] = evaluation.calibration_error(
                redeemed, p
            )
    return result


def worse(rows: pd.DataFrame, world: str, name: str, strategy: str, metric: str):
    """How much larger a score is with a strategy than without, paired by seed."""
    return studies.interval(rows, world, f"{name}, {strategy}", metric, less=f"{name}, none")


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """Calibration error and mean p of every learner by strategy, and XGBoost's Brier score."""
    found = []
    for metric in ("calibration error", "mean p"):
        for strategy in STRATEGIES:
            for name in LEARNERS:
                value = studies.interval(rows, world, f"{name}, {strategy}", metric)
                found.append(studies.Figure(f"{metric}, {name}, {strategy}", value, ".3f"))
    for strategy in STRATEGIES[1:]:
        change = worse(rows, world, "xgboost", strategy, "Brier score")
        found.append(studies.Figure(f"Brier score, xgboost, {strategy} minus none", change, "+.3f"))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    prevalence = studies.interval(rows, rare.EXACT, "true probabilities", "mean p")
    redeemed = studies.interval(rows, studies.REAL, "what happened", "mean p")
    error = studies.interval(rows, rare.EXACT, "xgboost, SMOTE", "calibration error")
    return studies.Finding(
        "after SMOTE, XGBoost's probabilities are off by {}",
        studies.Figure("calibration error, xgboost, SMOTE", error),
        [studies.Figure("prevalence", prevalence, ".3f"), *figures(rows, rare.EXACT)],
        [studies.Figure("coupons redeemed", redeemed, ".3f"), *figures(rows, studies.REAL)],
    )
