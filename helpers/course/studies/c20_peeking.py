"""c20: looking again and again inflates false positives; an always-valid test may be looked at.

New customers of a simulated shop come in the order of their sign-up, are put into two arms that get
the same, and are asked whether they ordered within 14 days. Real households come with their first
basket in March; the value is that basket's. A seed makes 200 splits; an experiment stops at the
first look with p < .05. The price is power: a rise that a fixed test finds in 80 % of experiments.
"""

import numpy as np
import pandas as pd

from helpers import evaluation, experiments, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = "peeking inflates false positives; an always-valid test does not"
EXPECTED = (
    "false alarms: one look 5 %, 10 looks near 20 %, 100 looks above 30 %; always valid at most 5 %"
)
KIND = "demonstration"
CHAPTER = "06"
SEEDS = range(40)
SPLITS, CUSTOMERS = 200, 10_000
WORLD, ALARMS, FOUND = "simulated shop", "share of A/A tests stopped", "share of real effects found"
PEEKS = ["1 look", "10 looks", "100 looks"]
VALID = "always valid, 100 looks"
CONTRASTS = {
    WORLD: studies.Contrast(
        f"{ALARMS}, 100 looks minus always valid",
        studies.minus(WORLD, PEEKS[-1], VALID, ALARMS),
        above=0.10,
    ),
    "households": studies.Contrast(
        f"{ALARMS}, 28 looks minus always valid",
        studies.minus(studies.REAL, "28 looks", "always valid, 28 looks", ALARMS),
        above=0.10,
        again=True,
    ),
}
WAS = "yes"
HISTORY = (
    "The contrast and its margin were named after a look at these rows: a demonstration, whose "
    "worlds were not drawn anew.",
)


def first_orders(seed: int) -> np.ndarray:
    """Whether each new customer (n,) ordered within 14 days, in the order of sign-up."""
    store, _ = simulator.simulate(customers=CUSTOMERS, seed=seed)
    people = store.tables["customers"].query("signed_up_at < '2025-12-17'")
    orders = people.merge(store.purchases[["customer_id", "ordered_at"]], on="customer_id")
    soon = orders["ordered_at"] < orders["signed_up_at"] + pd.Timedelta("14D")
    people = people.sort_values("signed_up_at", kind="stable")
    return people["customer_id"].isin(orders.loc[soon, "customer_id"]).to_numpy(dtype=float)


def stopped(estimate: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The share of experiments (looks, s) with p < .05 at any look by the ordinary test."""
    return (np.abs(estimate) > evaluation.critical_value() * error).any(axis=0).mean()


def run(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    values = first_orders(seed)
    arms = rng.random((len(values), SPLITS)) < 0.5
    looks = np.linspace(len(values) // 100, len(values), 100).astype(int)
    estimate, error = experiments.running(values, arms, looks)
    # the effect that one look at the end would find in 80 % of experiments is the effect hoped for
    base = values.mean()
    scale = base * experiments.detectable(base, len(values) // 2)
    result = {}
    for arm, every in zip(PEEKS, (100, 10, 1), strict=True):
        chosen = slice(every - 1, None, every)
        result[WORLD, arm, ALARMS] = stopped(estimate[chosen], error[chosen])
    valid = experiments.always_valid(estimate, error, scale)
    result[WORLD, VALID, ALARMS] = (valid.p_value[-1] < 0.05).mean()

    more = arms & (values == 0)[:, None] & (rng.random(arms.shape) < scale / (1 - base))
    estimate, error = experiments.running(values[:, None] + more, arms, looks)
    result[WORLD, "1 look", FOUND] = stopped(estimate[-1:], error[-1:])
    valid = experiments.always_valid(estimate, error, scale)
    result[WORLD, VALID, FOUND] = (valid.p_value[-1] < 0.05).mean()
    return result | households(rng)


def households(rng: np.random.Generator) -> dict:
    """28 daily looks at the first basket of each household in March."""
    march = journey.baskets()
    march = march[march["ordered_at"].between("2017-03-01", "2017-03-29", inclusive="left")]
    first = march.drop_duplicates("customer_id")
    day = (first["ordered_at"] - pd.Timestamp("2017-03-01")).dt.days
    looks = np.unique(day.to_numpy().searchsorted(np.arange(28), side="right"))
    values, arms = first["amount"].to_numpy(), rng.random((len(first), SPLITS)) < 0.5
    estimate, error = experiments.running(values, arms, looks)
    valid = experiments.always_valid(estimate, error, scale=experiments.detectable_mean(values))
    return {
        (studies.REAL, "1 look", ALARMS): stopped(estimate[-1:], error[-1:]),
        (studies.REAL, "28 looks", ALARMS): stopped(estimate, error),
        (studies.REAL, "always valid, 28 looks", ALARMS): (valid.p_value[-1] < 0.05).mean(),
    }


def finding(rows: pd.DataFrame) -> studies.Finding:
    def share(world: str, arm: str, metric: str = ALARMS) -> evaluation.Interval:
        return evaluation.mean_interval(studies.values(rows, world, arm, metric))

    known, real = [], []
    for arm in (*PEEKS, VALID):
        known.append(studies.Figure(f"{ALARMS}, {arm}", share(WORLD, arm), ".3f"))
    for arm in ("1 look", VALID):
        known.append(studies.Figure(f"{FOUND}, {arm}", share(WORLD, arm, FOUND)))
    for arm in ("1 look", "28 looks", "always valid, 28 looks"):
        real.append(studies.Figure(f"{ALARMS}, {arm}", share(studies.REAL, arm), ".3f"))
    return studies.Finding(
        "100 looks stop {} of experiments without an effect",
        studies.Figure(f"{ALARMS}, 100 looks", share(WORLD, "100 looks"), ".0%"),
        known,
        real,
        note=studies.SPLIT_AGAIN,
    )
