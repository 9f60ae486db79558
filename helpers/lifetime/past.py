"""The purchases of each buyer before a cut-off, and what came after it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import features, targets
from helpers.lifetime.expressions import define_history
from helpers.shop import Customers, Opened, Shop, ShopError

DAY = pd.Timedelta("1D")


def history(
    store: Shop | Opened | Customers, as_of: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return the purchases of each buyer strictly before `as_of`, as these models want them.

    All orders of a calendar day count as one purchase, and an order lies on the day on which it
    began. An order cancelled before `as_of` is out. A table with one row a customer says the
    history itself: up to when it was made, so without `as_of`, and in its own unit of time; see
    `summed_up`.

    Returns:
        Indexed by `customer_id` (sorted), buyers only: `repeats` (x: purchases after the first),
        `last` (t_x: days from the first to the last), `age` (T: days from the first to `as_of`),
        `value` (currency: mean amount of a purchase).

    Raises:
        ValueError: `as_of` is no moment in time, or nobody bought before it.
        ShopError: A table with one row a customer lacks a column for it.
    """
    if isinstance(store, Customers):
        if as_of is not None:
            raise store.no_orders(f"a history up to {as_of}")
        return summed_up(store)
    if as_of is None:
        raise ValueError("as_of= is missing: the day up to which the history goes")
    moment = features.cutoff(as_of)
    if isinstance(store, Opened):
        past = features.fetch(store, define_history(store.tables, moment))
        if past.empty:
            raise _nobody(moment)
        return past.set_index("customer_id").sort_index()
    days = purchase_days(store, moment)
    if days.empty:
        raise _nobody(moment)
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


def purchase_days(store: Shop, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return the purchases of `history` one by one: a row for each day on which an order of a
    customer began before `as_of`, with `customer_id`, `day` and `amount` (currency), sorted."""
    lines = features.standing(store.purchases, None, features.cutoff(as_of))
    days = lines.assign(day=_began(lines).dt.normalize())
    return days.groupby(["customer_id", "day"], as_index=False)["amount"].sum()


def _nobody(moment: pd.Timestamp) -> ValueError:
    return ValueError(f"nobody bought before {moment}: there is no history to learn from")


def _began(lines: pd.DataFrame) -> pd.Series:
    """When the order of each line began: lines on both sides of midnight are one purchase.

    A number that comes back more than a day later is that of another order.
    """
    at = lines["ordered_at"]
    first = at.groupby([lines["customer_id"], lines["order_id"]]).transform("min")
    return first.where(at - first <= DAY, at)


def summed_up(customers: Customers) -> pd.DataFrame:
    """Return the history that a table with one row a customer holds, columns as `history`.

    From `repeats`, `last` and `tenure` (how these models count: from the first purchase on); else
    from `frequency`, `recency` and `tenure` (repeats = frequency - 1, last = tenure - recency).
    Orders of one day count as the table counts them. `value` is NaN where the money spent in all is
    not known. Customers without any purchase, or of whom something is not known, are left out.

    Raises:
        ShopError: A column is missing, or a history is impossible.
    """
    what = "a history of purchases"
    if {"repeats", "last"} & set(customers.roles):
        past = customers.known("repeats", "last", "tenure", for_what=what)
        past = past.rename(columns={"tenure": "age"})
    else:
        known = customers.known("frequency", "recency", "tenure", for_what=what)
        known = known[~(known["frequency"] <= 0)]
        past = pd.DataFrame(
            {
                "repeats": known["frequency"] - 1,
                "last": known["tenure"] - known["recency"],
                "age": known["tenure"],
            }
        )
    past = past.dropna()
    possible = (past["repeats"] >= 0) & past["last"].between(0, past["age"]) & (past["age"] > 0)
    possible &= (past["repeats"] > 0) | (past["last"] == 0)
    if not possible.all():
        wrong = past[~possible].iloc[0]
        raise ShopError(
            f"customer {possible.idxmin()!r} cannot be: {wrong['repeats']:g} purchases after the "
            f"first, {wrong['last']:g} from the first to the last, {wrong['age']:g} since the "
            "first",
            file=customers.name,
            expected="0 <= last <= age, and last = 0 without a second purchase; of "
            f"{len(past):,} customers {int((~possible).sum()):,} are otherwise",
            remedy="leave these customers out, or say what the columns are: "
            'columns={"repeats": "...", "last": "...", "tenure": "..."}',
        )
    if "monetary" in customers.roles:
        spent = customers.known("monetary", for_what=what)["monetary"]
        value = spent.loc[past.index] / (past["repeats"] + 1)
    else:
        value = pd.Series(float("nan"), past.index)
    return past.assign(value=value)


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


def checked(past: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeats, last and age of a history, (n,) each. Raises ValueError where it is impossible."""
    x, last, age = (past[name].to_numpy(dtype=float) for name in ("repeats", "last", "age"))
    possible = (x >= 0) & (last >= 0) & (last <= age) & (age > 0) & ((x > 0) | (last == 0))
    if not possible.all():
        wrong = past.index[np.argmin(possible)]
        raise ValueError(
            f"the history of customer {wrong} is impossible: 0 <= last <= age, age above 0 and "
            "repeats not below 0 (last is 0 without repeats) must hold"
        )
    return x, last, age
