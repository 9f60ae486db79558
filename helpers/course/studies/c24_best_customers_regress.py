"""c24: today's best customers regress.

Of the buyers of one period, who is among the top 20 % by spend, and how many of these are among the
top 20 % (of the same customers) in the next? In the simulated shop the periods are years, and the
true expected spend is known; among real households they are half-years.
"""

from functools import lru_cache

import pandas as pd

from helpers import features, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = (
    "today's best customers regress: most of the top 20 % are not the top 20 % of the next period"
)
EXPECTED = (
    "a third stay in the simulated shop; more, but not all, among households that buy every week"
)
KIND = "test"
CHAPTER = "03"
SEEDS = range(2000, 2030)
DRAWS = 500
SIMULATED = "simulated shop"
YEARS = pd.Timestamp("2025-01-01"), pd.Timestamp("2026-01-01")
BEST = 0.20
ARM = "top 20 % by spend"
CONTRASTS = {
    name: studies.Contrast(
        "share of the top 20 % that stays",
        studies.alone(world, ARM, "share that stays"),
        below=0.5,
        form=".2f",
    )
    for name, world in ((SIMULATED, SIMULATED), ("households", studies.REAL))
}
WAS = "partly"
HISTORY = (
    "Measured first on seeds 0 to 29, with the same rule. The rows are those of seeds 2000 to "
    "2029; among households the center is now all of them.",
)


def regression(before: pd.Series, after: pd.Series) -> dict[str, float]:
    """What became of the top 20 % of the buyers (index: customers; values: spend)."""
    before = before[before > 0]
    after = after.reindex(before.index, fill_value=0.0)
    rank_before, rank_after = (
        s.rank(pct=True, ascending=False, method="first") for s in (before, after)
    )
    best, best_after = rank_before <= BEST, (rank_after <= BEST) & (after > 0)
    return {
        "share that stays": best_after[best].mean(),
        "share that buys again": (after[best] > 0).mean(),
        "spend kept by the best": after[best].sum() / before[best].sum(),
        "spend kept by the others": after[~best].sum() / before[~best].sum(),
    }


@lru_cache(maxsize=1)
def half_years() -> tuple[pd.Series, pd.Series]:
    """What each household spent in either half of the year."""
    lines = journey.real().purchases
    late = lines["ordered_at"] >= "2017-07-01"
    spent = [part.groupby("customer_id")["amount"].sum() for part in (lines[~late], lines[late])]
    everybody = spent[0].index.union(spent[1].index)
    return spent[0].reindex(everybody, fill_value=0.0), spent[1].reindex(everybody, fill_value=0.0)


def run(seed: int) -> dict:
    store, _ = simulator.simulate(customers=10_000, seed=seed)
    years = [
        features.standing(store.purchases, None, YEARS[0]),
        features.standing(store.purchases, *YEARS),
    ]
    spent = [part.groupby("customer_id")["amount"].sum() for part in years]
    return {(SIMULATED, ARM, metric): value for metric, value in regression(*spent).items()}


def households(seed: int) -> dict:
    before, after = half_years()
    drawn = studies.resampled(len(before), seed)
    before, after = (s.iloc[drawn].reset_index(drop=True) for s in (before, after))
    return {(studies.REAL, ARM, metric): v for metric, v in regression(before, after).items()}


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """Who stays, who buys again, and what is kept of the spend."""
    found = []
    for metric, what in (
        ("share that stays", "share of the top 20 % that stays"),
        ("share that buys again", "share of the top 20 % that buys again"),
        ("spend kept by the best", "spend after / before, the top 20 %"),
        ("spend kept by the others", "spend after / before, the others"),
    ):
        found.append(studies.Figure(what, studies.interval(rows, world, ARM, metric)))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    stays = studies.interval(rows, SIMULATED, ARM, "share that stays")
    return studies.Finding(
        "{} of the best fifth are the best fifth a year later",
        studies.Figure("share of the top 20 % that stays", stays, ".0%"),
        figures(rows, SIMULATED),
        figures(rows, studies.REAL),
        note="In the simulated shop from year to year, among households between half-years.",
    )
