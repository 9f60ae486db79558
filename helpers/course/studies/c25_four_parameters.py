"""c25: four parameters (BG/NBD) rank repeat buyers as well as machine learning.

Customers with a purchase before the cut-off; the outcome is whether, and on how many days, they buy
in the time after it. BG/NBD is fitted to the purchases before the cut-off and needs no outcomes.
Customers of the simulated shop leave at any moment, and BG/NBD lets them leave only after an order:
beside it stands Pareto/NBD, also of four parameters, which does not.
Machine learning learns from an earlier cut-off whose time had passed, from the same purchases
(recency, frequency, monetary, rate, tenure) or from every feature, visits included where the shop
has them. For ranking: logistic regression and XGBoost. For the total: XGBoost on counts (Poisson).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from xgboost import XGBRegressor

from helpers import evaluation, features, lifetime, models, shop, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = "four parameters (BG/NBD) rank repeat buyers as well as machine learning"
EXPECTED = (
    "AUC within .01 of machine learning on the same purchases; where visits were logged, which "
    "it cannot take, machine learning is ahead; its total is as near as that of machine learning"
)
KIND = "test"
CHAPTER = "02"
SEEDS = range(2000, 2030)
DRAWS = 300
KNOWN = "simulated shop"
FOUR, PARETO = "BG/NBD", "Pareto/NBD"
SAME = ["logistic regression, purchases", "xgboost, purchases"]
MORE = ["logistic regression, every feature", "xgboost, every feature"]
COUNTS = ["Poisson trees, purchases", "Poisson trees, every feature"]
PURCHASES = ["recency", "frequency", "monetary", "order_rate", "tenure"]
MARGIN = 0.01  # of AUC: what counts as "as well"
CONTRASTS = {
    name: studies.Contrast(
        f"AUC, {FOUR} minus {other}", studies.minus(world, FOUR, other, "AUC"), above=-MARGIN
    )
    for name, world, other in (
        ("simulated shop, same purchases", KNOWN, SAME[0]),
        ("simulated shop, with visits", KNOWN, MORE[0]),
        ("households", studies.REAL, MORE[0]),
    )
}
WAS = "no"
HISTORY = (
    "Measured first on seeds 0 to 29, and compared with whichever learner came out best. The "
    "contrasts were named after a look at those rows, and Pareto/NBD was added. The rows are those "
    "of seeds 2000 to 2029.",
)


class Setting(NamedTuple):
    """The cut-off to learn from, that of the test, the time after each."""

    learn: pd.Timestamp
    test: pd.Timestamp
    horizon: pd.Timedelta


SETTINGS = {
    KNOWN: Setting(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-07-01"), pd.Timedelta("181D")),
    studies.REAL: Setting(
        pd.Timestamp("2017-09-03"), pd.Timestamp("2017-10-01"), pd.Timedelta("28D")
    ),
}


def forecasts(store: shop.Shop, setting: Setting) -> tuple[pd.Series, dict[str, np.ndarray]]:
    """Purchases of each buyer after the test cut-off, and what was foretold by arm: an expected
    number, or a probability that ranks."""
    early, late = (features.build(store, day).query("frequency > 0") for day in setting[:2])
    learned, actual = (lifetime.purchases_after(store, day, setting.horizon) for day in setting[:2])
    past = lifetime.history(store, setting.test)
    days = setting.horizon / pd.Timedelta("1D")
    found = {
        FOUR: lifetime.BetaGeometric.fit(past).expected_orders(past, days).to_numpy(),
        PARETO: lifetime.ParetoNBD.fit(past).expected_orders(past, days).to_numpy(),
    }
    every = [name for name in late if name in early and early[name].notna().any()]
    for columns, classifiers, regressor in ((PURCHASES, SAME, COUNTS[0]), (every, MORE, COUNTS[1])):
        for arm in classifiers:
            model = models.model(arm.split(",")[0]).fit(early[columns], learned > 0)
            found[arm] = model.predict_proba(late[columns])[:, 1]
        trees = models.ALGORITHMS["xgboost"].classifier(0).get_params()
        trees = XGBRegressor(**trees | {"objective": "count:poisson"})
        trees.fit(early[columns].astype(float), learned)
        found[regressor] = trees.predict(late[columns].astype(float))
    return actual, found


@lru_cache(maxsize=1)
def real() -> tuple[pd.Series, dict[str, np.ndarray]]:
    return forecasts(journey.real(), SETTINGS[studies.REAL])


def scores(world: str, actual: np.ndarray, found: dict[str, np.ndarray]) -> dict:
    result = {(world, "share", "bought again"): (actual > 0).mean()}
    for arm, values in found.items():
        result[world, arm, "AUC"] = roc_auc_score(actual > 0, values)
        if arm in (FOUR, PARETO, *COUNTS):
            result[world, arm, "error of the total"] = values.sum() / actual.sum() - 1
    return result


def run(seed: int) -> dict:
    store, _ = simulator.simulate(customers=6_000, seed=seed)
    actual, found = forecasts(store, SETTINGS[KNOWN])
    return scores(KNOWN, actual.to_numpy(), found)


def households(seed: int) -> dict:
    actual, found = real()
    rows = studies.resampled(len(actual), seed)
    drawn = {arm: values[rows] for arm, values in found.items()}
    return scores(studies.REAL, actual.to_numpy()[rows], drawn)


def best(rows: pd.DataFrame, world: str, arms: list[str]) -> str:
    """The arm with the highest AUC on average."""
    return max(arms, key=lambda arm: studies.values(rows, world, arm, "AUC").mean())


def behind(rows: pd.DataFrame, world: str, arm: str, arms: list[str]) -> evaluation.Interval:
    """AUC of a model of four parameters less that of the best of `arms`, paired."""
    return studies.interval(rows, world, arm, "AUC", less=best(rows, world, arms))


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """How well BG/NBD ranks, how far behind the best of others, and the errors of the totals."""
    found = []
    for arm in (FOUR, PARETO):
        what = f"AUC, {arm} minus the better of logistic regression and XGBoost"
        found += [
            studies.Figure(f"AUC, {arm}", studies.interval(rows, world, arm, "AUC")),
            studies.Figure(f"{what}, same purchases", behind(rows, world, arm, SAME), "+.3f"),
            studies.Figure(f"{what}, every feature", behind(rows, world, arm, MORE), "+.3f"),
        ]
    for arm in (FOUR, PARETO, COUNTS[0]):
        error = studies.interval(rows, world, arm, "error of the total")
        found.append(studies.Figure(f"error of the total, {arm}", error, "+.0%"))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    other = best(rows, KNOWN, MORE)
    ahead = studies.interval(rows, KNOWN, other, "AUC", less=FOUR)
    return studies.Finding(
        "with visits, machine learning is {} of AUC ahead",
        studies.Figure(f"AUC, {other} minus {FOUR}", ahead, ".3f"),
        figures(rows, KNOWN),
        figures(rows, studies.REAL),
    )
