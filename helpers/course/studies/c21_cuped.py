"""c21: what CUPED takes off the variance is ρ², and ρ differs from outcome to outcome.

A simulated shop's active customers are put into two arms at random, 400 times, and nobody gets
anything. How much does the difference of the arms vary from split to split, with CUPED on the same
outcome of the 91 days before, against without? (Bing's "about 50 %" is theirs: Deng, Xu, Kohavi &
Walker 2013.)
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import evaluation, experiments, features, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = (
    "CUPED's gain is ρ²: large where the past predicts (visits, spend of loyal households), "
    "small on sparse outcomes"
)
EXPECTED = (
    "the variance that is left is 1 − ρ²; under half of visits, over four fifths of "
    "sparse orders and spend"
)
KIND = "demonstration"
CHAPTER = "06"
SEEDS = range(40)
DRAWS = 300
SPLITS = 400
OUTCOMES = ["visits", "orders", "spend"]
START = pd.Timestamp("2025-07-01")
LEFT, LINE, LEAST = "variance left over splits", "1 − ρ²", "least detectable effect"
CONTRASTS = {
    name: studies.Contrast(
        f"{what}: {LEFT} minus {LINE}",
        {(world, arm, LEFT): 1.0, (world, arm, LINE): -1.0},
        above=-0.05,
        below=0.05,
    )
    for name, world, arm, what in (
        ("simulated shop", "simulated shop", "orders", "orders"),
        ("households", studies.REAL, "spend", "spend of 90 days"),
    )
}
WAS = "yes"
HISTORY = (
    "The contrast and its margin were named after a look at these rows: a demonstration, whose "
    "worlds were not drawn anew.",
)


def outcomes(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visits, orders and spend of the customers who visited in the 52 weeks before: 91 days before
    the start and 56 days after it."""
    store, _ = simulator.simulate(customers=10_000, seed=seed)
    visits = store.tables["visits"].drop_duplicates("visit_id")[["customer_id", "started_at"]]
    year = visits["started_at"].between(START - pd.Timedelta("364D"), START, inclusive="left")
    active = sorted(visits.loc[year, "customer_id"].unique())

    def window(begin: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        came = visits[visits["started_at"].between(begin, end, inclusive="left")]
        bought = features.standing(store.purchases, begin, end).groupby("customer_id")
        columns = {
            "visits": came["customer_id"].value_counts(),
            "orders": bought["order_id"].nunique(),
            "spend": bought["amount"].sum(),
        }
        return pd.DataFrame(
            {k: v.reindex(active, fill_value=0) for k, v in columns.items()}
        ).astype(float)

    return window(START - pd.Timedelta("91D"), START), window(START, START + pd.Timedelta("56D"))


def variance_left(values: np.ndarray, before: np.ndarray, rng: np.random.Generator) -> float:
    """Variance of the difference of the arms over random splits, with CUPED against without."""
    arms = rng.random((SPLITS, len(values))) < 0.5

    def differences(column: np.ndarray) -> np.ndarray:
        size, total = arms.sum(axis=1), arms @ column
        return total / size - (column.sum() - total) / (len(column) - size)

    return differences(experiments.cuped(values, before)).var() / differences(values).var()


def run(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    before, after = outcomes(seed)
    result = {}
    for name in OUTCOMES:
        past, value = before[name].to_numpy(), after[name].to_numpy()
        result["simulated shop", name, LEFT] = variance_left(value, past, rng)
        result["simulated shop", name, LINE] = 1 - np.corrcoef(past, value)[0, 1] ** 2
    return result


@lru_cache(maxsize=1)
def quarters() -> tuple[np.ndarray, np.ndarray]:
    """What each real household spent in the 90 days before October, and in the 90 after."""
    windows = ("2017-07-03", "2017-10-01"), ("2017-10-01", "2017-12-30")
    before, after = (journey.between(*window)["spend"].to_numpy() for window in windows)
    return before, after


def households(seed: int) -> dict:
    past, value = quarters()
    drawn = studies.resampled(len(past), seed)
    past, value = past[drawn], value[drawn]
    left = variance_left(value, past, np.random.default_rng([1, max(seed, 0)]))
    result = {
        (studies.REAL, "spend", LEFT): left,
        (studies.REAL, "spend", LINE): 1 - np.corrcoef(past, value)[0, 1] ** 2,
    }
    for arm, column in (("spend", value), ("spend, CUPED", experiments.cuped(value, past))):
        result[studies.REAL, arm, LEAST] = experiments.detectable_mean(column) / value.mean()
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for outcome in OUTCOMES:
        for metric in (LEFT, LINE):
            found = studies.interval(rows, "simulated shop", outcome, metric)
            known.append(studies.Figure(f"{outcome}: {metric}", found))

    def real(arm: str, metric: str) -> evaluation.Interval:
        return studies.interval(rows, studies.REAL, arm, metric)

    gone = evaluation.mean_interval(1 - studies.values(rows, "simulated shop", "orders", LEFT))
    return studies.Finding(
        "CUPED takes {} off the variance of sparse orders",
        studies.Figure("orders: variance that CUPED takes off", gone, ".0%"),
        known,
        [
            studies.Figure(f"spend of 90 days: {LEFT}", real("spend", LEFT)),
            studies.Figure(f"spend of 90 days: {LINE}", real("spend", LINE)),
            studies.Figure(f"{LEAST}, without CUPED", real("spend", LEAST), ".1%"),
            studies.Figure(f"{LEAST}, with CUPED", real("spend, CUPED", LEAST), ".1%"),
        ],
    )
