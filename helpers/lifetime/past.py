"""The purchases of each buyer before a cut-off, and what came after it."""

from __future__ import annotations

import pandas as pd

from helpers import features, targets
from helpers.shop import Shop


def history(store: Shop, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return the purchases of each buyer strictly before `as_of`, as these models want them.

    All orders of a calendar day count as one purchase. An order cancelled before `as_of` is out.

    Returns:
        Indexed by `customer_id` (sorted), buyers only: `repeats` (x: purchases after the first),
        `last` (t_x: days from the first to the last), `age` (T: days from the first to `as_of`),
        `value` (currency: mean amount of a purchase).

    Raises:
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    lines = features.standing(store.purchases, None, moment)
    days = lines.assign(day=lines["ordered_at"].dt.normalize())
    if days.empty:
        raise ValueError(f"nobody bought before {moment}: there is no history to learn from")
    days = days.groupby(["customer_id", "day"], as_index=False)["amount"].sum()
    past = days.groupby("customer_id").agg(
        first=("day", "min"),
        last=("day", "max"),
        purchases=("day", "size"),
        spent=("amount", "sum"),
    )
    day = pd.Timedelta("1D")
    return pd.DataFrame(
        {
            "repeats": past["purchases"] - 1,
            "last": (past["last"] - past["first"]) / day,
            "age": (moment - past["first"]) / day,
            "value": past["spent"] / past["purchases"],
        }
    )


def purchases_after(
    store: Shop, as_of: str | pd.Timestamp, horizon: str | pd.Timedelta
) -> pd.Series:
    """Return on how many days each customer of `history` bought in [as_of, as_of + horizon): what
    `expected_orders` foretells. (customers,) of int. An order cancelled within the horizon is out.

    Raises ValueError like `targets.future`, or where nobody bought before `as_of`.
    """
    targets.future(store, as_of, horizon)  # refuses a window that the shop has not seen whole
    start = features.cutoff(as_of)
    lines = features.standing(store.purchases, start, start + pd.Timedelta(horizon))
    days = lines["ordered_at"].dt.normalize().groupby(lines["customer_id"]).nunique()
    known = history(store, as_of).index
    return days.reindex(known, fill_value=0).rename("purchases").astype("int64")
