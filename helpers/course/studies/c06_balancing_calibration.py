"""c06: balancing ruins calibration.

A model that learned in a world where half of the customers are positive believes in that world. How
far are its probabilities from the shares that follow?
"""

import numpy as np
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


def finding(rows: pd.DataFrame) -> studies.Finding:
    def said(world: str) -> str:
        """Over the learners: the range of the calibration error and of mean p, by strategy."""
        parts = []
        for strategy in STRATEGIES:
            arms = [f"{name}, {strategy}" for name in LEARNERS]
            error, p = (
                [np.mean(studies.values(rows, world, arm, m)) for arm in arms]
                for m in ("calibration error", "mean p")
            )
            parts.append(
                f"{strategy} {min(error):.3f} to {max(error):.3f} (mean p {min(p):.2f} to "
                f"{max(p):.2f})"
            )
        return "; ".join(parts)

    def xgboost(world: str) -> str:
        return ", ".join(
            f"{s} {worse(rows, world, 'xgboost', s, 'Brier score').text(3, signed=True)}"
            for s in STRATEGIES[1:]
        )

    prevalence = studies.values(rows, rare.EXACT, "true probabilities", "mean p").mean()
    happened = studies.values(rows, studies.REAL, "what happened", "mean p").mean()
    ruined = [
        worse(rows, world, name, s, metric).low > 0
        for world in (rare.EXACT, studies.REAL)
        for name in LEARNERS
        for s in STRATEGIES[1:]
        for metric in ("Brier score", "calibration error")
    ]
    return studies.Finding(
        f"prevalence {prevalence:.3f}; calibration error over three learners: {said(rare.EXACT)}. "
        f"Brier score of XGBoost against none: {xgboost(rare.EXACT)}",
        f"redeemed {happened:.2f}; calibration error: {said(studies.REAL)}. "
        f"Brier score of XGBoost against none: {xgboost(studies.REAL)}",
        "yes" if all(ruined) else "partly" if any(ruined) else "no",
    )
