"""Days on which customers bought, and what they spent: what every answer begins with."""

from __future__ import annotations

import pandas as pd

from helpers import features
from helpers.shop import Shop


def days_of(store: Shop, moment: pd.Timestamp) -> pd.DataFrame:
    """A row for each day on which a customer bought before a moment: customer_id, day, amount;
    sorted by both."""
    lines = features.standing(store.purchases, None, moment)
    days = lines.assign(day=lines["ordered_at"].dt.normalize())
    return days.groupby(["customer_id", "day"], as_index=False)["amount"].sum()


def spent_by(store: Shop, moment: pd.Timestamp) -> pd.Series:
    """What each customer had spent before a moment, in the shop's currency."""
    lines = features.standing(store.purchases, None, moment)
    return lines.groupby("customer_id")["amount"].sum().rename("spent")
