"""Who the best customers are: what they spent, and what is expected of them."""

from __future__ import annotations

import pandas as pd

from helpers import features, lifetime
from helpers.shop import Shop

YEAR = 365  # days
TOP = 0.1  # of all customers: who counts as one of the best
NEW = 182  # days since the first purchase
QUIET, RISING = "was big, quiet now", "new, rising"


def best(store: Shop, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return all buyers before `as_of`, those who spent most first.

    What is expected is BG/NBD's number of purchases in the next 365 days times Gamma-Gamma's value
    of one (`helpers.lifetime`); NaN where nobody bought twice, because then nothing is known of it.

    Returns:
        By `customer_id`: `spent`, `purchases`, `last_order` (day), `expected` (currency, in the
        next 365 days), `note` (text: of the tenth who spent most, whoever is expected to spend less
        than the middle customer of that tenth does by half or more is "was big, quiet now"; of the
        tenth with the highest expectation, whoever came in the last 182 days and is not in the
        other tenth is "new, rising").

    Raises:
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    past = lifetime.history(store, moment)
    purchases = past["repeats"].astype("int64") + 1
    table = pd.DataFrame(
        {
            "spent": (past["value"] * purchases).round(2),
            "purchases": purchases,
            "last_order": moment.normalize() - pd.to_timedelta(past["age"] - past["last"], "D"),
            "expected": expected(past),
            "note": "",
        }
    )
    size = max(1, round(TOP * len(table)))
    by_spent = table["spent"].nlargest(size).index
    by_expected = table["expected"].nlargest(size).index
    middle = table.loc[by_spent, "expected"].median()
    quiet = by_spent[table.loc[by_spent, "expected"] < middle / 2]
    fresh = by_expected[past.loc[by_expected, "age"] <= NEW]
    table.loc[quiet, "note"] = QUIET
    table.loc[fresh.difference(by_spent), "note"] = RISING
    return table.sort_values("spent", ascending=False, kind="stable")


def expected(past: pd.DataFrame, days: float = YEAR) -> pd.Series:
    """What each customer of a history is expected to spend in the next `days`; NaN where nobody
    bought twice, or nobody's purchases were worth anything."""
    try:
        orders = lifetime.BetaGeometric.fit(past).expected_orders(past, days)
        value = lifetime.GammaGamma.fit(past).expected_value(past)
    except ValueError:  # both say so where the history tells nothing
        return pd.Series(float("nan"), past.index, name="expected")
    return (orders * value).rename("expected")
