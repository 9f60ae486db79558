"""c31: a recipe chosen on training folds reaches four fifths of what the truth would earn.

`models.Recipe` never sees the formula of the exact layer: it tries logistic regression, logistic
regression that can bend, XGBoost and slowly learning XGBoost, and the averages of two, and takes
what has the smallest log-loss on its own folds. Compared at the same threshold, cost / gain, with
XGBoost as the library sets it, XGBoost as the catalogue sets it, and the oracle.
"""

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, log_loss
from threadpoolctl import threadpool_limits
from xgboost import XGBClassifier

from helpers import evaluation, models, simulator
from helpers.course import studies
from helpers.course.studies import rare
from helpers.features import coupons

CLAIM = (
    "a recipe chosen by log-loss on training folds earns 80 % of what the truth would, "
    "XGBoost as it comes far less"
)
EXPECTED = "80 % of the oracle's profit; more than XGBoost with any fixed settings"
CHAPTER = "03"
SEEDS = range(30)
TRAIN = 20_000
PLAIN, CATALOGUE, RECIPE, ORACLE = (
    "XGBoost as it comes",
    "XGBoost of the catalogue",
    "recipe",
    "oracle",
)
PROFIT = "profit per 1,000"


def arms(X: pd.DataFrame, y: np.ndarray, X_test: pd.DataFrame, seed: int, groups=None) -> dict:
    """The test rows' probabilities by arm."""
    plain = models.model("xgboost", seed)
    plain.set_params(classifier=XGBClassifier(random_state=seed, n_jobs=1, verbosity=0))
    recipe = models.Recipe(seed).fit(X, y, groups)
    fitted = {
        PLAIN: plain.fit(X, y),
        CATALOGUE: models.model("xgboost", seed).fit(X, y),
        RECIPE: recipe,
    }
    return {arm: model.predict_proba(X_test)[:, 1] for arm, model in fitted.items()}


def run(seed: int) -> dict:
    X, y, _ = simulator.rare_positives(TRAIN, seed=2 * seed)
    X_test, _, truth = simulator.rare_positives(rare.TEST, seed=2 * seed + 1)
    border = evaluation.best_threshold(rare.GAIN, rare.COST)
    train, test = rare.offers()
    rows = rare.drawn_offers(seed)
    redeemed = test["redeemed"].to_numpy(dtype=int)[rows]
    with threadpool_limits(limits=1):
        exact = arms(X, y, X_test, seed)
        outcome, households = (
            train["redeemed"].astype(int),
            train.index.get_level_values("customer_id"),
        )
        real = arms(train[coupons.FEATURES], outcome, test[coupons.FEATURES], seed, households)
    result = {
        (rare.EXACT, arm, PROFIT): rare.profit(truth, p > border)
        for arm, p in {**exact, ORACLE: truth}.items()
    }
    for arm, p in real.items():
        result[studies.REAL, arm, "average precision"] = average_precision_score(redeemed, p[rows])
        result[studies.REAL, arm, "log loss"] = log_loss(redeemed, p[rows])
    return result


def profit(rows: pd.DataFrame, arm: str) -> np.ndarray:
    """Profit per 1,000 by seed."""
    return studies.values(rows, rare.EXACT, arm, PROFIT)


def finding(rows: pd.DataFrame) -> studies.Finding:
    share = {
        arm: evaluation.mean_interval(100 * profit(rows, arm) / profit(rows, ORACLE))
        for arm in (PLAIN, CATALOGUE, RECIPE)
    }
    gain = {
        arm: evaluation.mean_interval(profit(rows, RECIPE) - profit(rows, arm))
        for arm in (PLAIN, CATALOGUE)
    }

    def real(metric: str, arm: str) -> str:
        ours, theirs = (studies.values(rows, studies.REAL, a, metric) for a in (RECIPE, arm))
        return evaluation.bootstrap_interval(ours - theirs).text(3, signed=True)

    earned = {
        a: evaluation.mean_interval(profit(rows, a)).text(0)
        for a in (PLAIN, CATALOGUE, RECIPE, ORACLE)
    }
    reached = share[RECIPE].low >= 80
    return studies.Finding(
        f"{TRAIN:,} training rows; profit per 1,000: "
        + "; ".join(f"{arm} {text}" for arm, text in earned.items())
        + "; in % of the oracle: "
        + ", ".join(f"{arm} {interval.text(0)}" for arm, interval in share.items())
        + f"; recipe − as it comes {gain[PLAIN].text(0, signed=True)}, − catalogue "
        f"{gain[CATALOGUE].text(0, signed=True)}",
        "coupons, recipe less XGBoost: average precision "
        + ", ".join(f"{real('average precision', a)} ({a.removeprefix('XGBoost ')})" for a in gain)
        + "; log-loss "
        + ", ".join(f"{real('log loss', a)} ({a.removeprefix('XGBoost ')})" for a in gain),
        "yes"
        if reached and min(g.low for g in gain.values()) > 0
        else "partly"
        if reached
        else "no",
    )
