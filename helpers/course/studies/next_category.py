"""What comes next, where the hybrid's model of customers is wrong, and for real baskets.

The hybrid takes a customer's events for independent draws from one taste, and the simulated shop
makes them so. Two worlds break that: an event often repeats the one before it, or a taste changes
for good. And the baskets of The Complete Journey follow no model at all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import cold_start, shop
from helpers.course import studies
from helpers.course.studies import journey

STICKS, CHANGES = "categories stick", "tastes change"
REPEAT = 0.5  # chance that a visit begins where the last one began
SPRING = pd.Timestamp("2017-04-01")  # learned before it, judged from it on
PARTS = ["prior", "behavior", "hybrid"]


def broken(store: shop.Shop, world: str, seed: int) -> shop.Shop:
    """The same shop, its visits beginning in other categories.

    "categories stick": a visit begins where the customer's last one began in half of the cases, and
    where it did otherwise. "tastes change": from a visit on, drawn for each customer, the
    categories are those of another customer, drawn for each as well.
    """
    rng = np.random.default_rng([seed, 15])
    order = ["customer_id", "started_at", "visit_id"]
    visits = store.tables["visits"]
    each = visits.drop_duplicates("visit_id")[[*order, "landing_category"]].sort_values(order)
    starts = np.flatnonzero(~each["customer_id"].duplicated().to_numpy())
    ends = np.r_[starts[1:], len(each)]
    old = each["landing_category"].to_numpy(dtype=object)
    new = old.copy()
    other = rng.permutation(len(starts))
    for i, (begin, end) in enumerate(zip(starts, ends, strict=True)):
        if world == STICKS:
            repeats = rng.random(end - begin) < REPEAT
            for k in range(begin + 1, end):
                if repeats[k - begin]:
                    new[k] = new[k - 1]
        else:
            change = rng.integers(begin, end)
            theirs = old[starts[other[i]] : ends[other[i]]]
            new[change:end] = rng.choice(theirs, size=end - change)
    begins = pd.Series(new, each["visit_id"])
    return replace(store, visits=visits.assign(landing_category=visits["visit_id"].map(begins)))


def parts(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """P(next category) (n, K) of the hybrid and of its parts."""
    hybrid = cold_start.Hybrid().fit(train)
    behavior = cold_start.Hybrid([]).fit(train)
    found = hybrid.prior(test), behavior.predict_proba(test), hybrid.predict_proba(test)
    return dict(zip(PARTS, found, strict=True))


@lru_cache(maxsize=1)
def baskets() -> pd.DataFrame:
    """Log-loss of the category with most money in the next basket: a row a household, a column by
    (part, baskets seen). Learned from one half of the households before April; judged on the other
    half, whose history begins in April."""
    panel = journey.real()
    lines = panel.purchases
    ids = np.sort(lines["customer_id"].unique())
    learn = np.random.default_rng(0).permutation(ids)[: len(ids) // 2]
    old, late = lines["customer_id"].isin(learn), lines["ordered_at"] >= SPRING
    moments = cold_start.moments(replace(panel, purchases=lines[old != late]))
    sides = [moments[moments["customer_id"].isin(learn) == side] for side in (True, False)]
    train, test = (side.reset_index(drop=True) for side in sides)
    found: dict[tuple[str, int], pd.Series] = {}
    for part, p in parts(train, test).items():
        losses = test.assign(loss=cold_start.log_loss(test, p))
        table = losses.pivot_table("loss", "customer_id", "events")
        found |= {(part, int(events)): table[events] for events in table}
    return pd.DataFrame(found)


def basket_rows(seed: int) -> dict:
    """Rows of a study: the mean log-loss of each part, by baskets seen, on a bootstrap of the
    households."""
    table = baskets()
    drawn = table.iloc[studies.resampled(len(table), seed)].mean()
    return {
        (studies.REAL, part, f"log-loss, {events} events"): drawn[part, events]
        for part, events in table
    }
