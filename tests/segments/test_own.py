"""The customers of one's own shop as a table for segments, and the list that comes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import segments, shop
from helpers.errors import ReaderError


@pytest.fixture
def orders() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    days = pd.to_timedelta(rng.integers(0, 300, 400), "D")
    return pd.DataFrame(
        {
            "customer": [f"0{number}" for number in rng.integers(10, 90, 400)],
            "date": pd.Timestamp("2025-01-01") + days,
            "amount": rng.lognormal(3, 1, 400).round(2),
        }
    )


def test_orders_without_categories_say_what_is_left_out(orders, capsys):
    table = segments.customer_table(shop.read(orders))
    said = capsys.readouterr().out
    assert list(table) == ["recency", "frequency", "monetary"]
    assert said.startswith(f"{len(table)} customers with an order up to 2025-10-")
    assert "Left out: category_interest_score (the same for all)." in said
    assert len(np.unique(segments.assign(table, 3))) == 3


def test_a_table_with_one_row_a_customer_is_taken_as_it_is(capsys):
    rng = np.random.default_rng(0)
    customers = pd.DataFrame(
        {
            "CustomerID": [f"C{i}" for i in range(100)],
            "Recency": rng.integers(1, 300, 100),
            "Income": rng.normal(50_000, 9_000, 100).round(),
            "app": np.arange(100) < 4,
        }
    )
    table = segments.customer_table(shop.read(customers))
    assert "Recency" in table and "Income" in table and table.index[0] == "C0"
    assert "100 customers. Columns used: " in capsys.readouterr().out


def test_what_cannot_be_segmented_is_said(orders):
    few = orders[orders["customer"].isin(orders["customer"].unique()[:3])]
    with pytest.raises(ReaderError, match="3 customers"):
        segments.customer_table(shop.read(few))
