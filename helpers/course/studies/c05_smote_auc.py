"""c05: SMOTE and class weights do not raise a strong learner's AUC.

On known truth no model can rank better than the true probabilities do (the Bayes AUC); where is the
room that balancing could fill? On coupon offers the question is average precision, paired.
"""

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
    best = studies.interval(rows, rare.EXACT, "true probabilities", "AUC")
    known = [studies.Figure("AUC of the true probabilities", best, ".3f")]
    for name in (*STRONG, "decision tree"):
        plain = studies.interval(rows, rare.EXACT, f"{name}, none", "AUC")
        known.append(studies.Figure(f"AUC of {name}", plain, ".3f"))
    for name in (*STRONG, "decision tree"):
        for strategy in STRATEGIES[1:]:
            change = gain(rows, rare.EXACT, name, strategy)
            known.append(studies.Figure(f"AUC, {name}, {strategy} minus none", change, "+.3f"))

    real = []
    for name in STRONG:
        for strategy in STRATEGIES[1:]:
            change = gain(rows, studies.REAL, name, strategy)
            what = f"average precision, coupons, {name}, {strategy} minus none"
            real.append(studies.Figure(what, change, "+.3f"))

    raised = []
    for world in METRICS:
        for name in STRONG:
            for strategy in STRATEGIES[1:]:
                raised.append(gain(rows, world, name, strategy).low > 0)
    lost = studies.interval(rows, rare.EXACT, "xgboost, none", "AUC", less="xgboost, SMOTE")
    return studies.Finding(
        "SMOTE costs XGBoost {} of AUC",
        studies.Figure("AUC, xgboost, none minus SMOTE", lost, ".3f"),
        studies.verdict(not any(raised), not all(raised)),
        known,
        real,
    )
