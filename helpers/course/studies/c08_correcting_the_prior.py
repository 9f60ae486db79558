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
    def said(name: str) -> str:
        plain, worst = (
            np.mean(studies.values(rows, rare.EXACT, f"{name}, {s}", METRIC))
            for s in ("none", "SMOTE")
        )
        steps = ", ".join(f"{s} {lost(rows, name, s).text(0, signed=True)}" for s in BALANCED)
        return f"{name} {plain:.0f} plain, {worst:.0f} after SMOTE; corrected less plain: {steps}"

    plain = np.mean(studies.values(rows, rare.EXACT, "logistic regression, none", METRIC))
    mended = [lost(rows, "logistic regression", s).low > -0.05 * plain for s in BALANCED]
    broken = [lost(rows, name, s).high < 0 for name in LEARNERS[1:] for s in BALANCED]
    return studies.Finding(
        "profit per 1,000: " + "; ".join(said(name) for name in LEARNERS),
        "",
        "yes" if all(mended) and all(broken) else "partly" if any(mended) and any(broken) else "no",
    )
