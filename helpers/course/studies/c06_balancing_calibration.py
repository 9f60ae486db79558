"""c06: balancing ruins calibration.

A model that learned in a world where half of the customers are positive believes in that world. How
far are its probabilities from the shares that follow?
"""

import pandas as pd
from sklearn.metrics import brier_score_loss

from helpers import evaluation
from helpers.course import studies
from helpers.course.studies import rare

CLAIM = "SMOTE, class weights and undersampling ruin calibration"
EXPECTED = (
    "mean p many times the prevalence; Brier score and calibration error far above those without"
)
CHAPTER = "03"
SEEDS = range(30)
LEARNERS = ["logistic regression", "random forest", "xgboost"]
STRATEGIES = ["none", "class weights", "SMOTE", "undersampling"]
METRICS = ["mean p", "Brier score", "calibration error"]


def run(seed: int) -> dict:
    truth = rare.exact(seed)[3]
    result = {
        (rare.EXACT, "true probabilities", m): rare.EXPECTED_SCORES[m](truth, truth)
        for m in METRICS
    }
    rows = rare.drawn_offers(seed)
    redeemed = rare.offers()[1]["redeemed"].to_numpy(dtype=float)[rows]
    result[studies.REAL, "what happened", "mean p"] = redeemed.mean()
    for name in LEARNERS:
        for strategy in STRATEGIES:
            arm = f"{name}, {strategy}"
            p = rare.on_exact(seed, name, strategy)
            for metric in METRICS:
                result[rare.EXACT, arm, metric] = rare.EXPECTED_SCORES[metric](truth, p)
            p = rare.on_offers(seed, name, strategy)[rows]
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
    ruined = []
    for world in (rare.EXACT, studies.REAL):
        for name in LEARNERS:
            for strategy in STRATEGIES[1:]:
                for metric in ("Brier score", "calibration error"):
                    ruined.append(worse(rows, world, name, strategy, metric).low > 0)
    error = studies.interval(rows, rare.EXACT, "xgboost, SMOTE", "calibration error")
    return studies.Finding(
        "after SMOTE, XGBoost's probabilities are off by {}",
        studies.Figure("calibration error, xgboost, SMOTE", error),
        studies.verdict(all(ruined), any(ruined)),
        [studies.Figure("prevalence", prevalence, ".3f"), *figures(rows, rare.EXACT)],
        [studies.Figure("coupons redeemed", redeemed, ".3f"), *figures(rows, studies.REAL)],
    )
