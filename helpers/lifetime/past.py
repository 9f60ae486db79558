"""The purchases of each buyer before a cut-off, and what came after it."""

from __future__ import annotations

import pandas as pd

from helpers import features, targets
from helpers.shop import Shop

DAY = pd.Timedelta("1D")


def history(store: Shop, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return the purchases of each buyer strictly before `as_of`, as these models want them.

    All orders of a calendar day count as one purchase, and an order lies on the day on which it
    began. An order cancelled before `as_of` is out.

    Returns:
        Indexed by `customer_id` (sorted), buyers only: `repeats` (x: purchases after the first),
        `last` (t_x: days from the first to the last), `age` (T: days from the first to `as_of`),
        `value` (currency: mean amount of a purchase).

    Raises:
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    lines = features.standing(store.purchases, None, moment)
    days = lines.assign(day=_began(lines).dt.normalize())
    if days.empty:
        raise ValueError(f"nobody bought before {moment}: there is no history to learn from")
    days = days.groupby(["customer_id", "day"], as_index=False)["amount"].sum()
    past = days.groupby("customer_id").agg(
        first=("day", "min"),
        last=("day", "max"),
        purchases=("day", "size"),
        spent=("amount", "sum"),
    )
    return pd.DataFrame(
        {
            "repeats": past["purchases"] - 1,
            "last": (past["last"] - past["first"]) / DAY,
            "age": (moment - past["first"]) / DAY,
            "value": past["spent"] / past["purchases"],
        }
    )


def _began(lines: pd.DataFrame) -> pd.Series:
    """When the order of each line began: lines on both sides of midnight are one purchase.

    A number that comes back more than a day later is that of another order.
    """
    at = lines["ordered_at"]
    first = at.groupby([lines["customer_id"], lines["order_id"]]).transform("min")
    return first.where(at - first <= DAY, at)


def purchases_after(
    store: Shop, as_of: str | pd.Timestamp, horizon: str | pd.Timedelta
) -> pd.Series:
    """Return on how many days each customer of `history` bought in [as_of, as_of + horizon): what
    `expected_orders` foretells. (customers,) of int. An order cancelled within the horizon is out.

    Raises ValueError like `targets.future`, or where nobody bought before `as_of`.
    """
    targets.future(store, as_of, horizon)  # refuses a window that the shop has not seen whole
    start = features.cutoff(as_of)
    lines = features.standing(store.purchases, None, start + pd.Timedelta(horizon))
    began = _began(lines)
    began = began[began >= start]
    days = began.dt.normalize().groupby(lines["customer_id"]).nunique()
    known = history(store, as_of).index
    return days.reindex(known, fill_value=0).rename("purchases").astype("int64")
