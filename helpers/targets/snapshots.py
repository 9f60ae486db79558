"""Features and targets of several cut-offs, one below the other."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from helpers import features
from helpers.shop import Opened, Shop
from helpers.targets.definitions import (
    already_high_value,
    future_of,
    high_value,
    newly,
)
from helpers.targets.windows import HALF_YEAR, window


def snapshots(
    store: Shop | Opened,
    cutoffs: Iterable[str | pd.Timestamp],
    horizon: str | pd.Timedelta = HALF_YEAR,
    share: float = 0.10,
) -> pd.DataFrame:
    """Return features and targets of several cut-offs, one below the other.

    The same customer stands at several cut-offs, and windows may overlap: rows of one customer
    are not independent. Cross-validate with `groups=frame.index.get_level_values("customer_id")`.
    For a test in time, let every training window close before the test cut-off.

    The two shrunk columns are shrunk within each cut-off; `features.ShrinkRates()` at the head of
    a pipeline replaces that by what the training rows say. Columns by category are those of the
    earliest cut-off, so that none tells of a later time.

    Args:
        store: The shop.
        cutoffs: The cut-offs, in any order, none twice.
        horizon: Length of each window.
        share: As for `high_value`.

    Returns:
        Indexed by (`cutoff`, `customer_id`), sorted: the columns of `features.build`, then
        `active` (any visit or order in the 365 days before) and the targets `future_orders`,
        `future_revenue`, `future_bought`, `high_value`, `newly_high_value`. The last two are asked
        of the active only, and False for the others.
    """
    if isinstance(cutoffs, (str, pd.Timestamp)):
        raise ValueError("cutoffs must be a list of cut-offs, not a single one")
    moments = sorted(window(store, cutoff, horizon)[0] for cutoff in cutoffs)
    if not moments or len(set(moments)) < len(moments):
        raise ValueError("cutoffs must hold at least one cut-off, and none twice")
    categories = features.browsed_categories(store, moments[0])
    parts = {}
    for moment in moments:
        known = features.build(store, moment, categories=categories)
        known.attrs = {}
        targets = future_of(store, moment, horizon, known.index).add_prefix("future_")
        high = high_value(store, moment, horizon, share)
        new = newly(high, already_high_value(store, moment, share))
        asked = {
            "active": known.index.isin(high.index),
            high.name: high.reindex(known.index, fill_value=False),
            new.name: new.reindex(known.index, fill_value=False),
        }
        parts[moment] = known.join(targets).assign(**asked)
    order = ["active", "future_orders", "future_revenue", "future_bought", "high_value"]
    stacked = pd.concat(parts, names=["cutoff", "customer_id"])
    rest = stacked.columns.difference([*order, "newly_high_value"], sort=False)
    return stacked[[*rest, *order, "newly_high_value"]]
