"""c07: the threshold cost / gain beats .5, and beats balancing first.

Whoever is contacted costs 2; a positive among them brings 30. Contacting pays above p = 2/30.
Profit is what it comes to on average, given the true probabilities; contacting just those whose
true probability is above 2/30 is the ceiling.
"""

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.course import studies
from helpers.course.studies import rare

CLAIM = "the threshold cost / gain beats .5"
EXPECTED = (
    "at .5 next to nobody is contacted; at cost / gain most of the oracle's profit is reached"
)
CHAPTER = "03"
SEEDS = range(30)
LEARNERS = ["logistic regression", "random forest", "xgboost"]
METRIC = "profit per 1,000"
ORACLE = "oracle"


def run(seed: int) -> dict:
    truth = rare.exact(seed)[3]
    border = evaluation.best_threshold(rare.GAIN, rare.COST)
    contacted = {
        ORACLE: truth > border,
        "everybody": np.ones(len(truth), dtype=bool),
        "xgboost, class weights, .5": rare.on_exact(seed, "xgboost", "class weights") > 0.5,
        "xgboost, SMOTE, .5": rare.on_exact(seed, "xgboost", "SMOTE") > 0.5,
    }
    for name in LEARNERS:
        p = rare.on_exact(seed, name)
        contacted |= {f"{name}, .5": p > 0.5, f"{name}, cost / gain": p > border}
    return {(rare.EXACT, arm, METRIC): rare.profit(truth, who) for arm, who in contacted.items()}


def profit(rows: pd.DataFrame, arm: str) -> np.ndarray:
    """Profit per 1,000 by seed."""
    return studies.values(rows, rare.EXACT, arm, METRIC)


def finding(rows: pd.DataFrame) -> studies.Finding:
    gains = {
        name: evaluation.mean_interval(
            profit(rows, f"{name}, cost / gain") - profit(rows, f"{name}, .5")
        )
        for name in LEARNERS
    }
    arms = [
        "everybody",
        "xgboost, .5",
        "xgboost, SMOTE, .5",
        "xgboost, class weights, .5",
        "xgboost, cost / gain",
        ORACLE,
    ]
    share = profit(rows, "xgboost, cost / gain").mean() / profit(rows, ORACLE).mean()
    better = [gain.low > 0 for gain in gains.values()]
    return studies.Finding(
        f"profit per 1,000 at gain {rare.GAIN:.0f}, cost {rare.COST:.0f}: "
        + "; ".join(f"{arm} {evaluation.mean_interval(profit(rows, arm)).text(0)}" for arm in arms)
        + f" (XGBoost at cost / gain: {share:.0%} of the oracle). cost / gain − .5: "
        + "; ".join(f"{name} {gain.text(0, signed=True)}" for name, gain in gains.items()),
        "",
        "yes" if all(better) else "partly" if any(better) else "no",
    )
