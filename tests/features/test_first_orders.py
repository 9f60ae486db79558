"""The first orders of a customer."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers import features, simulator


def test_first_orders_see_the_first_orders_only():
    store, _ = simulator.simulate(customers=1_500, seed=5)
    found = features.first_orders(store, "2025-07-01", 2)
    who = found.index[0]
    own = store.purchases[(store.purchases["customer_id"] == who)]
    order = (
        own.groupby("order_id")
        .agg(at=("ordered_at", "min"), amount=("amount", "sum"))
        .sort_values("at")
    )
    assert found.loc[who, "spend"] == pytest.approx(order["amount"].iloc[:2].sum())
    assert found.loc[who, "largest"] == pytest.approx(order["amount"].iloc[:2].max())
    assert found.loc[who, "days"] == pytest.approx(
        (order["at"].iloc[1] - order["at"].iloc[0]) / pd.Timedelta("1D")
    )
    later = replace(store, purchases=store.purchases[store.purchases["ordered_at"] < "2025-07-01"])
    pd.testing.assert_frame_equal(
        features.first_orders(later, "2026-01-01", 2).loc[found.index], found
    )
    with pytest.raises(ValueError, match="at least one"):
        features.first_orders(store, "2025-07-01", 0)
    with pytest.raises(ValueError, match="no customer has 9999 orders"):
        features.first_orders(store, "2025-07-01", 9999)
