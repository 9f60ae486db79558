"""What a shop's orders can and cannot answer about its customers: who and how far back."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers import features, lifetime
from helpers.owner.rhythm import LEAST
from helpers.shop import Shop


class Buyers(NamedTuple):
    """Buyers; those who bought again; those with three or more repeat purchases, who have a rhythm;
    the day of the first order; and days from it to the cut-off."""

    buyers: int
    repeaters: int
    regulars: int
    first: pd.Timestamp
    days: int


def buyers(store: Shop, as_of: str | pd.Timestamp) -> Buyers:
    """Count who bought before `as_of`. Raises ValueError where it is no moment in time, or nobody
    did."""
    moment = features.cutoff(as_of)
    past = lifetime.history(store, moment)
    days = int(past["age"].max())
    return Buyers(
        len(past),
        int((past["repeats"] > 0).sum()),
        int((past["repeats"] >= LEAST).sum()),
        moment.normalize() - pd.Timedelta(days, "D"),
        days,
    )
