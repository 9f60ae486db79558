"""c05: SMOTE and class weights do not raise a strong learner's AUC.

On known truth no model can rank better than the true probabilities do (the Bayes AUC); where is the
room that balancing could fill? On coupon offers the question is average precision, paired.
"""

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from helpers import evaluation
from helpers.course import studies
from helpers.course.studies import rare

CLAIM = "SMOTE, class weights and undersampling do not raise a strong learner's AUC"
EXPECTED = "no gain for logistic regression, forest and XGBoost; a gain for a single decision tree"
CHAPTER = "03"
SEEDS = range(30)
STRONG = ["logistic regression", "random forest", "xgboost"]
STRATEGIES = ["none", "class weights", "SMOTE", "undersampling"]
METRICS = {rare.EXACT: "AUC", studies.REAL: "average precision"}


def run(seed: int) -> dict:
    truth = rare.exact(seed)[3]
    auc = rare.EXPECTED_SCORES["AUC"]
    result = {(rare.EXACT, "true probabilities", "AUC"): auc(truth, truth)}
    rows = rare.drawn_offers(seed)
    redeemed = rare.offers()[1]["redeemed"].to_numpy()[rows]
    for strategy in STRATEGIES:
        for name in rare.LEARNERS:
            p = rare.on_exact(seed, name, strategy)
            result[rare.EXACT, f"{name}, {strategy}", "AUC"] = auc(truth, p)
        for name in STRONG:
            p = rare.on_offers(seed, name, strategy)[rows]
            score = average_precision_score(redeemed, p)
            result[studies.REAL, f"{name}, {strategy}", "average precision"] = score
    return result


def gain(rows: pd.DataFrame, world: str, name: str, strategy: str) -> evaluation.Interval:
    """What a strategy adds to a learner's score, paired by seed."""
    arm, plain = f"{name}, {strategy}", f"{name}, none"
    return studies.interval(rows, world, arm, METRICS[world], less=plain)


def finding(rows: pd.DataFrame) -> studies.Finding:
    def said(world: str, names: list[str]) -> str:
        """Learner by learner the changes, in the order of STRATEGIES."""
        return "; ".join(
            f"{name} "
            + ", ".join(gain(rows, world, name, s).text(3, signed=True) for s in STRATEGIES[1:])
            for name in names
        )

    order = ", ".join(STRATEGIES[1:])
    best = studies.values(rows, rare.EXACT, "true probabilities", "AUC").mean()
    plain = {
        name: np.mean(studies.values(rows, rare.EXACT, f"{name}, none", "AUC"))
        for name in [*STRONG, "decision tree"]
    }
    raised = [
        gain(rows, world, name, s).low > 0
        for world in METRICS
        for name in STRONG
        for s in STRATEGIES[1:]
    ]
    scores = ", ".join(f"{name} {auc:.3f}" for name, auc in plain.items())
    return studies.Finding(
        f"AUC of the true probabilities {best:.3f}, {scores}. Change by {order}: "
        f"{said(rare.EXACT, [*STRONG, 'decision tree'])}",
        f"change in average precision of coupon redemption: {said(studies.REAL, STRONG)}",
        "no" if all(raised) else "partly" if any(raised) else "yes",
    )
