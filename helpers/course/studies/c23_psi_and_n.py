"""c23: what a PSI of .1 or .25 means depends on the number of customers.

On known truth: a column of normals, reference and current week of n customers each, without drift
and with a shift of a fifth of a standard deviation. Beside the two rules of thumb stands the alarm
that knows its null distribution. On real households: two random groups of the same quarter, by
spend.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import evaluation, features, production
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = (
    "PSI's rules of thumb, .1 and .25, depend on the number of customers; an alarm that "
    "knows its null does not"
)
EXPECTED = (
    "without drift the .1 rule alarms often at 200 customers and never at 5,000, where it misses "
    "a shift of .2 SD that the calibrated alarm finds; the calibrated one alarms in 5 % at any size"
)
KIND = "demonstration"
CHAPTER = "07"
SEEDS = range(30)
SIZES = [200, 1_000, 5_000]
WEEKS = 100  # per seed, so that a share has a second digit
SHIFT = 0.2
RULES = ["PSI > 0.1", "PSI > 0.25", "calibrated at 5 %"]
NONE, SHIFTED = "no drift", "shift of 0.2 SD"
HOUSEHOLDS = 200
COLUMNS = ["monetary", "frequency", "recency", "category_interest_score"]
CONTRASTS = {
    "no drift": studies.Contrast(
        f"share of alarms, {RULES[0]}, n = {SIZES[0]} minus n = {SIZES[-1]}",
        {
            (NONE, RULES[0], f"share of alarms, n = {SIZES[0]}"): 1.0,
            (NONE, RULES[0], f"share of alarms, n = {SIZES[-1]}"): -1.0,
        },
        above=0.1,
        form="+.2f",
    ),
    "households": studies.Contrast(
        f"share of alarms, n = {HOUSEHOLDS}, {RULES[0]} minus {RULES[2]}",
        studies.minus(studies.REAL, RULES[0], RULES[2], f"share of alarms, n = {HOUSEHOLDS}"),
        above=0.1,
        form="+.2f",
        again=True,
    ),
}
WAS = "yes"
HISTORY = (
    "The contrast and its margin were named after a look at these rows: a demonstration, whose "
    "worlds were not drawn anew.",
)


@lru_cache(maxsize=1)
def buyers() -> pd.DataFrame:
    """Features of the households on 1 October; those who bought."""
    store = journey.real()
    return features.build(store, "2017-10-01").query("frequency > 0")[COLUMNS]


def alarms(value: float, n: int) -> dict[str, bool]:
    """Which rules raise an alarm at this PSI of two groups of n."""
    calibrated = value > production.psi_by_chance(n, n, level=0.05)
    return dict(zip(RULES, (value > 0.1, value > 0.25, calibrated), strict=True))


def run(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    result = {}
    for world, shift in ((NONE, 0.0), (SHIFTED, SHIFT)):
        for n in SIZES:
            found = []
            for _ in range(WEEKS):
                reference, current = rng.normal(size=n), rng.normal(shift, size=n)
                found.append(alarms(production.psi(reference, current), n))
            for rule in RULES:
                result[world, rule, f"share of alarms, n = {n}"] = np.mean([f[rule] for f in found])
    real = buyers()
    found, together = [], []
    for week in range(WEEKS):
        drawn = rng.choice(len(real), 2 * HOUSEHOLDS, replace=False)
        one, other = (real.iloc[part] for part in np.split(drawn, 2))
        found.append(alarms(production.psi(one["monetary"], other["monetary"]), HOUSEHOLDS))
        together.append(production.drift(one, other, draws=99, seed=week).alarm)
    for rule in RULES:
        result[studies.REAL, rule, "share of alarms, n = 200"] = np.mean([f[rule] for f in found])
    result[studies.REAL, "four columns, one alarm", "share of alarms, n = 200"] = np.mean(together)
    return result


def share(rows: pd.DataFrame, world: str, rule: str, n: int) -> evaluation.Interval:
    """Share of weeks with an alarm; seeds are independent."""
    return evaluation.mean_interval(studies.values(rows, world, rule, f"share of alarms, n = {n}"))


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for world in (NONE, SHIFTED):
        for rule in RULES:
            for n in SIZES:
                what = f"{world}, {rule}, n = {n:,}"
                known.append(studies.Figure(what, share(rows, world, rule, n)))
    real = []
    for rule in (RULES[0], "four columns, one alarm"):
        real.append(studies.Figure(rule, share(rows, studies.REAL, rule, HOUSEHOLDS)))

    small = share(rows, NONE, RULES[0], SIZES[0])
    return studies.Finding(
        "200 customers, no drift: PSI > 0.1 alarms in {} of weeks",
        studies.Figure(f"{NONE}, {RULES[0]}, n = {SIZES[0]}", small, ".0%"),
        known,
        real,
        note="Figures are the shares of weeks with an alarm; on real shoppers, of random pairs of "
        f"groups of {HOUSEHOLDS}. {studies.SPLIT_AGAIN}",
    )
