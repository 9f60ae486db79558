"""c26: demographics fade after a few events; group gaps stay without them.

On known truth: what age band, income band and region add to survey, context and behavior, in
log-loss of the next visit's category, by visits seen. Then a decision: the fifth of the new
customers with the highest probability of "home" gets its catalog. Its gap is the share of those of
55 and over who get it less the share of those under 35, with demographics and without; calibration
is what was predicted less what happened, by the same two groups. On real households: the AUC of the
top fifth by spend.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import cold_start, evaluation
from helpers.course import studies
from helpers.course.studies import newcomers

CLAIM = "demographics fade after a few events; gaps between age groups stay without them"
EXPECTED = (
    "gain in log-loss at 0 events, little at 10; without demographics the gap in who is "
    "chosen is smaller, not gone, and calibration by age worse"
)
KIND = "test"
CHAPTER = "04"
SEEDS = range(6000, 6030)
DRAWS = 300
CUSTOMERS = 8_000
WITHOUT = [name for name in cold_start.COLUMNS if name not in cold_start.GROUPS["demographics"]]
ARMS = {"with demographics": cold_start.COLUMNS, "without": WITHOUT}
CATEGORY, CHOSEN = "home", 0.2
YOUNG, OLD = ["18-24", "25-34"], ["55-64", "65+"]
CONTRASTS = {
    "simulated shop": studies.Contrast(
        f"chosen for {CATEGORY}, old minus young, by a model without demographics",
        studies.alone("simulated shop", "without", "chosen, old − young, 0 events"),
        above=0.05,
        form="+.2f",
    ),
    "households": studies.Contrast(
        "AUC that demographics add, ten baskets seen",
        studies.minus(studies.REAL, "both", "baskets", "AUC, 10 baskets"),
        below=0.01,
    ),
}
WAS = "yes"
HISTORY = (
    "Measured on seeds 0 to 29, and judged by six intervals, none of them of the households. "
    "The contrasts and margins were named after a look at those rows. Since then new worlds "
    "were drawn: the rows are those of seeds 6000 to 6029.",
)


def run(seed: int) -> dict:
    with threadpool_limits(limits=1):
        world = newcomers.world(CUSTOMERS, seed)
        result: dict[tuple[str, str, str], float] = {}
        for arm, columns in ARMS.items():
            p = cold_start.Hybrid(columns).fit(world.train).predict_proba(world.test)
            for row in cold_start.warm_up(world.test, {arm: p}).itertuples():
                result["simulated shop", arm, f"log-loss, {row.events} events"] = row.estimate
            result |= gaps(world.test, p[:, world.taste.columns.get_loc(CATEGORY)], arm)
        # what a shop that knew everybody's taste would do
        result |= gaps(
            world.test,
            world.taste_of(world.test)[:, world.taste.columns.get_loc(CATEGORY)],
            "oracle",
        )
    return result


def households(seed: int) -> dict:
    return newcomers.household_rows(seed)


def gaps(test: pd.DataFrame, p: np.ndarray, arm: str) -> dict:
    """Who is chosen, and how well probabilities hold, of the old less the young, by events."""
    result = {}
    for events in (0, 3, 10):
        rows = (test["events"] == events).to_numpy()
        part, score = test[rows], p[rows]
        chosen = score >= np.quantile(score, 1 - CHOSEN)
        error = score - (part["next_category"] == CATEGORY).to_numpy()
        old, young = part["age_band"].isin(OLD).to_numpy(), part["age_band"].isin(YOUNG).to_numpy()
        for name, values in (("chosen", chosen), ("predicted − happened", error)):
            gap = values[old].mean() - values[young].mean()
            result["simulated shop", arm, f"{name}, old − young, {events} events"] = gap
    return result


def gain(rows: pd.DataFrame, events: int) -> np.ndarray:
    """What demographics take off the log-loss, over the seeds."""
    metric = f"log-loss, {events} events"
    values = {arm: studies.values(rows, "simulated shop", arm, metric) for arm in ARMS}
    return values["without"] - values["with demographics"]


def gap(rows: pd.DataFrame, arm: str, name: str = "chosen", events: int = 0) -> np.ndarray:
    """The gap between old and young in an arm, over the seeds."""
    return studies.values(rows, "simulated shop", arm, f"{name}, old − young, {events} events")


def real(rows: pd.DataFrame, baskets: int) -> evaluation.Interval:
    """What demographics add to the AUC after so many baskets."""
    return studies.interval(rows, studies.REAL, "both", f"AUC, {baskets} baskets", less="baskets")


def finding(rows: pd.DataFrame) -> studies.Finding:
    gains, known = {}, []
    for n in (0, 3, 10, 20):
        gains[n] = evaluation.mean_interval(gain(rows, n))
        what = f"log-loss that demographics take off, visits seen {n}"
        known.append(studies.Figure(what, gains[n], ".3f"))
    chosen, error = {}, {}
    for arm in (*ARMS, "oracle"):
        chosen[arm] = gap(rows, arm)
        what = f"chosen for {CATEGORY}, old minus young, {arm}"
        known.append(studies.Figure(what, evaluation.mean_interval(chosen[arm]), "+.2f"))
    for arm in ARMS:
        error[arm] = gap(rows, arm, "predicted − happened")
        what = f"predicted minus happened, old minus young, {arm}"
        known.append(studies.Figure(what, evaluation.mean_interval(error[arm]), "+.2f"))
    told = []
    for k in newcomers.BASKETS:
        what = f"AUC of the top fifth by spend that demographics add, baskets seen {k}"
        told.append(studies.Figure(what, real(rows, k), "+.3f"))

    left = evaluation.mean_interval(chosen["without"])
    return studies.Finding(
        "without age, {} more old than young customers see home",
        studies.Figure(f"chosen for {CATEGORY}, old minus young, without", left),
        known,
        told,
    )
