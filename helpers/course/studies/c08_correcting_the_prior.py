"""c08: correcting the prior mends logistic regression, not trees.

Profit at the threshold cost / gain: of the plain model, of the balanced one as it is, and of the
balanced one with its probabilities led back to the prevalence of the training rows.
"""

import numpy as np
import pandas as pd

from helpers import evaluation, models
from helpers.course import studies
from helpers.course.studies import rare

CLAIM = "correcting the prior mends a balanced logistic regression, not balanced trees"
EXPECTED = (
    "corrected logistic regression as good as the plain one; corrected forest and XGBoost below"
)
CHAPTER = "03"
SEEDS = range(30)
LEARNERS = ["logistic regression", "random forest", "xgboost"]
BALANCED = ["class weights", "SMOTE", "undersampling"]
METRIC = "profit per 1,000"


def run(seed: int) -> dict:
    _, y, _, truth = rare.exact(seed)
    border = evaluation.best_threshold(rare.GAIN, rare.COST)
    result = {}
    for name in LEARNERS:
        arms = {f"{name}, none": rare.on_exact(seed, name)}
        for strategy in BALANCED:
            p = rare.on_exact(seed, name, strategy)
            arms[f"{name}, {strategy}"] = p
            arms[f"{name}, {strategy}, corrected"] = models.correct_prior(p, y.mean())
        for arm, p in arms.items():
            result[rare.EXACT, arm, METRIC] = rare.profit(truth, p > border)
    return result


def lost(rows: pd.DataFrame, name: str, strategy: str) -> evaluation.Interval:
    """Profit of the balanced and corrected model less that of the plain one, paired by seed."""
    plain, mended = (
        studies.values(rows, rare.EXACT, arm, METRIC)
        for arm in (f"{name}, none", f"{name}, {strategy}, corrected")
    )
    return evaluation.mean_interval(mended - plain)


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for name in LEARNERS:
        for strategy in ("none", "SMOTE"):
            profit = studies.interval(rows, rare.EXACT, f"{name}, {strategy}", METRIC)
            known.append(studies.Figure(f"{METRIC}, {name}, {strategy}", profit, ".0f"))
        for strategy in BALANCED:
            change = lost(rows, name, strategy)
            what = f"{name}, {strategy}, corrected minus plain"
            known.append(studies.Figure(what, change, "+.0f"))

    plain = studies.values(rows, rare.EXACT, "logistic regression, none", METRIC)
    mended, broken = [], []
    for strategy in BALANCED:
        change = lost(rows, "logistic regression", strategy)
        mended.append(change.low > -0.05 * np.mean(plain))
        for name in LEARNERS[1:]:
            broken.append(lost(rows, name, strategy).high < 0)
    left = studies.interval(
        rows, rare.EXACT, "xgboost, none", METRIC, less="xgboost, SMOTE, corrected"
    )
    return studies.Finding(
        "after SMOTE, a corrected XGBoost still loses {} per 1,000",
        studies.Figure("xgboost, plain minus SMOTE, corrected", left, ".0f"),
        studies.verdict(all(mended) and all(broken), any(mended) and any(broken)),
        known,
    )
