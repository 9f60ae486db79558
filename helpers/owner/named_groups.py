"""RFM groups by name, and whether each behaves as its name says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import evaluation, features, segments
from helpers.errors import ReaderError
from helpers.shop import Shop
from helpers.targets import future

QUARTER = pd.Timedelta("91D")

# From the score of recency (5: the fifth who bought last) and the mean of those of frequency and
# money: the first rule that holds. The names are those that shop owners know from their shop
# system; where it draws the lines is its own affair, these are ours.
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


class TooYoung(ReaderError, ValueError):
    """A shop without a quarter to look at what its groups did next."""


def groups_at(store: Shop, moment: pd.Timestamp) -> pd.DataFrame:
    """Each buyer's `group` at a moment and money `spent` before it, by `customer_id`."""
    known = features.build(store, moment)
    known = known[known["frequency"] > 0]
    scores = segments.rfm_groups(known)
    both = (scores["f"] + scores["m"]) / 2
    inside = [
        scores["r"].between(first, last) & both.between(low, high)
        for _name, first, last, low, high in RULES
    ]
    names = np.select(inside, NAMES, "")  # the rules leave no pair of scores without a name
    return pd.DataFrame({"group": names, "spent": known["monetary"]}, scores.index)


def groups(store: Shop, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return the groups of today, and beside each what the group of this name did last quarter.

    Returns:
        By group, in the order of `RULES`, only those with customers today or a quarter ago:
        `customers`, `share_of_spent` (of all money so far), and of the group as it was 91 days
        before `as_of`: `before` (customers), `ordered` (share that ordered in the quarter, with
        `low` and `high`), `spent_each` (mean spend in it).

    Raises:
        TooYoung: The first order lies less than two quarters back.
        ValueError: `as_of` is no moment in time, or nobody bought before it.
    """
    moment = features.cutoff(as_of)
    then = moment - QUARTER
    first = store.purchases["ordered_at"].min()
    if not first < then - QUARTER:
        raise TooYoung(
            f"The orders of {store.name} begin on {first:%Y-%m-%d}: half a year is needed to see "
            "what a group did in the quarter after."
        )
    today, before = groups_at(store, moment), groups_at(store, then)
    after = future(store, then, QUARTER).reindex(before.index)
    rows = {}
    for name in NAMES:
        now, past = today[today["group"] == name], after[before["group"] == name]
        if now.empty and past.empty:
            continue
        ordered = (np.nan, np.nan, np.nan)
        if len(past):
            ordered = evaluation.proportion_interval(int(past["bought"].sum()), len(past))
        rows[name] = {
            "customers": len(now),
            "share_of_spent": now["spent"].sum() / today["spent"].sum(),
            "before": len(past),
            "ordered": ordered[0],
            "low": ordered[1],
            "high": ordered[2],
            "spent_each": past["revenue"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
