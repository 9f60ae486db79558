"""c18: uplift in orders is not uplift in profit.

The randomized voucher gives 10 % off to everybody who uses it, those who would have ordered anyway
among them. Policies learned on one half of the customers are judged on the other half by the true
effect of the voucher on each customer's expected profit.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers.course import studies
from helpers.course.studies import vouchers

CLAIM = "uplift in orders is not uplift in profit"
EXPECTED = (
    "mailing where profit is expected to rise beats mailing where orders are, and mailing everybody"
)
KIND = "test"
CHAPTER = "06"
SEEDS = range(6000, 6030)
WORLD, METRIC = "simulated shop", "profit per 1,000 customers"
ARMS = [
    "everybody",
    "propensity, top 20 %",
    "orders rise",
    "profit rises",
    "orders rise (oracle)",
    "profit rises (oracle)",
]
CONTRASTS = {
    WORLD: studies.Contrast(
        f"{METRIC}, mailed where profit rises minus where orders rise",
        studies.minus(WORLD, "profit rises", "orders rise", METRIC),
        above=10.0,
        form="+.0f",
    ),
}
WAS = "yes"
HISTORY = (
    "Measured on seeds 0 to 29; the contrast and its margin were named after a look at those "
    "rows. Since then new worlds were drawn: the rows are those of seeds 6000 to 6029.",
)


def run(seed: int) -> dict:
    made = vouchers.campaign(seed)
    judge = made.rows[~made.learn]
    with threadpool_limits(limits=1):
        mailed, control, profit = vouchers.learned(made)
    policies = {
        "everybody": np.ones(len(judge), dtype=bool),
        "propensity, top 20 %": vouchers.top(control),
        "orders rise": mailed > control,
        "profit rises": profit > 0,
        "orders rise (oracle)": judge["uplift"] > 0,
        "profit rises (oracle)": judge["profit_uplift"] > 0,
    }
    effect = judge["profit_uplift"].to_numpy(dtype=float)
    return {(WORLD, name, METRIC): 1_000 * np.mean(effect * policies[name]) for name in ARMS}


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for arm in ARMS:
        profit = studies.interval(rows, WORLD, arm, METRIC)
        known.append(studies.Figure(f"{METRIC}, mailed: {arm}", profit, "+.0f"))
    learned = studies.interval(rows, WORLD, "profit rises", METRIC, less="orders rise")
    contrast = "mailed where profit rises minus where orders rise"
    known.append(studies.Figure(contrast, learned, "+.0f"))
    return studies.Finding(
        "choosing by orders loses {} of profit per 1,000 customers",
        studies.Figure(contrast, learned, ".0f"),
        known,
        note="Profit is counted against mailing nobody.",
    )
