"""RFM groups by name, or by one's own cut points, and whether each behaves as its name says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import features
from helpers.errors import ReaderError
from helpers.owner.followed import follow
from helpers.segments.rfm import COLUMNS as RFM
from helpers.shop import Shop

QUARTER = pd.Timedelta("91D")
FIFTHS = 5  # scores go from 1 to 5
PROSPECTS = "prospects"

# From the score of recency (5: the fifth who bought last) and the mean of those of frequency and
# money: the first rule that holds. The names are those of Shopify's RFM groups, which say in words
# what each is ("very recent purchases, many orders, and the most spend"); the lines are ours.
RULES = (
    ("champions", 5, 5, 4.5, 5),
    ("loyal", 4, 5, 3.5, 5),
    ("new", 5, 5, 1, 2),
    ("active", 4, 5, 2.5, 3.5),
    ("promising", 4, 5, 1, 2.5),
    ("needs attention", 3, 3, 2.5, 5),
    ("almost lost", 3, 3, 1, 2.5),
    ("previously loyal", 1, 2, 4.5, 5),
    ("at risk", 1, 2, 3, 4.5),
    ("dormant", 1, 2, 1, 2.5),
)
"""Name, lowest and highest recency, lowest and highest mean of the other two."""
NAMES = [rule[0] for rule in RULES]

# of one's own cut points: bought lately?, often?, for much? -> the name
OWN = {
    (True, True, True): "top customers",
    (True, True, False): "frequent buyers",
    (True, False, True): "big spenders",
    (True, False, False): "all others who bought lately",
    (False, True, True): "top customers, now silent",
    (False, True, False): "frequent buyers, now silent",
    (False, False, True): "big spenders, now silent",
    (False, False, False): "all others who are silent",
}


class Cuts(NamedTuple):
    """One's own cut points: lately is within so many `days`, often are so many `orders` or more,
    much is so much `money` or more."""

    days: float
    orders: int
    money: float


class TooYoung(ReaderError, ValueError):
    """A shop without a quarter to look at what its groups did next."""


class Scale:
    """Where a customer stands among those of one date: the scores of `segments.rfm_groups`, also
    for customers of another date, by the cut points of the first."""

    def __init__(self, buyers: pd.DataFrame):
        self._sorted = [np.sort(column) for column in _better(buyers)]

    def names(self, buyers: pd.DataFrame) -> np.ndarray:
        """The group's name of each: (n,) text."""
        scores = []
        for there, column in zip(self._sorted, _better(buyers), strict=True):
            below = np.searchsorted(there, column)
            scores.append(np.minimum(below * FIFTHS // len(there) + 1, FIFTHS))
        return _named(scores[0], (scores[1] + scores[2]) / 2)


class OwnScale:
    """The same by one's own cut points, which no date moves."""

    def __init__(self, cuts: Cuts):
        if not (cuts.days > 0 and cuts.orders >= 1 and cuts.money >= 0):
            raise ValueError("Days and orders are at least 1, and money is not negative.")
        self._cuts = cuts

    def names(self, buyers: pd.DataFrame) -> np.ndarray:
        """The group's name of each: (n,) text."""
        lately = buyers["recency"] <= self._cuts.days
        often = buyers["frequency"] >= self._cuts.orders
        much = buyers["monetary"] >= self._cuts.money
        return np.array([OWN[key] for key in zip(lately, often, much, strict=True)], dtype=object)


def order_of(cuts: Cuts | None) -> list[str]:
    """All names, in the order in which they are shown."""
    return NAMES if cuts is None else list(OWN.values())


def scale_of(buyers: pd.DataFrame, cuts: Cuts | None) -> Scale | OwnScale:
    """By fifths of these buyers, or by one's own cut points."""
    return Scale(buyers) if cuts is None else OwnScale(cuts)


def buyers_at(store: Shop, moment: pd.Timestamp) -> pd.DataFrame:
    """Recency, frequency, monetary of those with an order that stands at a moment, by
    `customer_id`: as `features.build` has them, in a tenth of the time. Raises ValueError where
    there is nobody."""
    lines = features.standing(
        store.purchases, None, moment, ["customer_id", "order_id", "ordered_at", "amount"]
    )
    if lines["customer_id"].isna().all():
        raise ValueError(f"Nobody had bought before {moment:%Y-%m-%d}.")
    lines = lines.assign(cents=(lines["amount"] * 100).round().astype("int64"))
    grouped = lines.groupby("customer_id")
    known = pd.DataFrame(
        {
            "recency": (moment - grouped["ordered_at"].max().dt.round("s")) / pd.Timedelta("1D"),
            "frequency": grouped["order_id"].nunique(),
            "monetary": grouped["cents"].sum() / 100,
        }
    )
    return known.set_axis(known.index.astype("str"))


def groups_at(store: Shop, moment: pd.Timestamp, cuts: Cuts | None = None) -> pd.DataFrame:
    """Each buyer's `group` at a moment, with `orders`, `spent` and `silent` (days since the last
    order) up to it, by `customer_id`; by fifths of all buyers, or by one's own cut points."""
    known = buyers_at(store, moment)
    return pd.DataFrame(
        {
            "group": scale_of(known, cuts).names(known),
            "orders": known["frequency"],
            "spent": known["monetary"],
            "silent": known["recency"],
        },
        known.index,
    )


def prospects_at(store: Shop, moment: pd.Timestamp) -> pd.Index:
    """Who is known at a moment, by an account or a visit, and has no order; a file of orders alone
    knows nobody of them."""
    if set(store.tables) == {"purchases"}:
        return pd.Index([], name="customer_id")
    return features.known_customers(store, moment).difference(buyers_at(store, moment).index)


def of_today(
    store: Shop, as_of: str | pd.Timestamp, cuts: Cuts | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the customers as `groups_at` gives them, and what each group is.

    Returns:
        The first by `customer_id`. The second by group, in the order shown, those with customers:
        `customers`, `orders` and `silent` (of the middle customer), `share_of_spent` (of all
        money).
    """
    customers = groups_at(store, features.cutoff(as_of), cuts)
    grouped = customers.groupby("group")
    table = pd.DataFrame(
        {
            "customers": grouped.size(),
            "orders": grouped["orders"].median(),
            "silent": grouped["silent"].median(),
            "share_of_spent": grouped["spent"].sum() / customers["spent"].sum(),
        }
    )
    return customers, table.loc[[name for name in order_of(cuts) if name in table.index]]


def a_quarter_ago(
    store: Shop, as_of: str | pd.Timestamp, cuts: Cuts | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the groups as they were 91 days before `as_of`, and what each did since.

    Returns:
        The customers as `groups_at` gives them, and `followed.follow` of them.

    Raises:
        TooYoung: The first order lies less than two quarters back.
    """
    then = features.cutoff(as_of) - QUARTER
    first = store.purchases["ordered_at"].min()
    if not first < then - QUARTER:
        raise TooYoung(
            f"The orders of {store.name} begin on {first:%Y-%m-%d}: half a year is needed to see "
            "what a group did in the quarter after."
        )
    before = groups_at(store, then, cuts)
    return before, follow(store, then, QUARTER, before)


def groups(store: Shop, as_of: str | pd.Timestamp, cuts: Cuts | None = None) -> pd.DataFrame:
    """Return the groups of today, and beside each what the group of this name did last quarter.

    Args:
        store: The shop; orders that stand strictly before `as_of` count.
        as_of: The cut-off.
        cuts: One's own cut points; by default the groups of `RULES`, by fifths of all buyers.

    Returns:
        By group, in the order shown, only those with customers today or a quarter ago: `customers`,
        `share_of_spent` (of all money so far), `orders` and `silent` (days) of the middle customer,
        and of the group as it was 91 days before `as_of` what `followed.follow` says: `before`
        (customers), `ordered` with `low` and `high`, `spent_each`, `lapsed` with their ends.

    Raises:
        TooYoung: The first order lies less than two quarters back.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    _, since = a_quarter_ago(store, as_of, cuts)
    _, now = of_today(store, as_of, cuts)
    both = now.join(since, how="outer")
    both = both.loc[[name for name in order_of(cuts) if name in both.index]]
    none = {"customers": 0, "before": 0, "share_of_spent": 0.0}
    both = both.fillna(none).astype({"customers": "int64", "before": "int64"})
    return both.rename_axis("group")


def _better(buyers: pd.DataFrame) -> list[np.ndarray]:
    """Recency, frequency, money, each so that more is better."""
    recency, frequency, money = (buyers[name].to_numpy(float) for name in RFM)
    return [-recency, frequency, money]


def _named(recency: np.ndarray, both: np.ndarray) -> np.ndarray:
    inside = [
        (recency >= first) & (recency <= last) & (both >= low) & (both <= high)
        for _name, first, last, low, high in RULES
    ]
    # the rules leave no pair of scores without a name
    return np.select(inside, NAMES, "").astype(object)
