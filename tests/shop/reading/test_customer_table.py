"""A table with one row a customer: every row one fate, columns by what they hold, and sums of
orders that agree with the orders themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import lifetime, segments, shop

DAY = pd.Timedelta("1D")

orders = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 400), st.integers(1, 9_000)),
    min_size=8,
    max_size=40,
).map(
    lambda rows: pd.DataFrame(
        [
            (f"c{who}", pd.Timestamp("2023-01-01") + day * DAY, cents / 100)
            for who, day, cents in rows
        ],
        columns=["customer_id", "ordered_at", "amount"],
    )
)


def summed_up(lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp]:
    """The purchases (days with an order) of each customer, by pandas alone."""
    as_of = lines["ordered_at"].max() + DAY
    by = lines.groupby("customer_id")
    table = pd.DataFrame(
        {
            "first": by["ordered_at"].min(),
            "last": by["ordered_at"].max(),
            "days": by["ordered_at"].nunique(),
            "spent": by["amount"].sum().round(2),
        }
    )
    return table, as_of


def forms(table: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """The same customers as people write them."""
    age, last = (as_of - table["first"]) / DAY, (table["last"] - table["first"]) / DAY
    web = table["days"] // 2
    return {
        "dates": pd.DataFrame(
            {
                "last_order_date": table["last"].dt.strftime("%Y-%m-%d"),
                "first_order_date": table["first"].dt.strftime("%Y-%m-%d"),
                "total_orders": table["days"],
                "total_spent": table["spent"],
            }
        ),
        "days": pd.DataFrame(
            {
                "Recency": (as_of - table["last"]) / DAY,
                "Frequency": table["days"],
                "Monetary": table["spent"],
                "Tenure": age,
            }
        ),
        "lifetimes": pd.DataFrame({"frequency": table["days"] - 1, "recency": last, "T": age}),
        "btyd": pd.DataFrame({"x": table["days"] - 1, "t.x": last, "T.cal": age}),
        "ways": pd.DataFrame(
            {
                "NumWebPurchases": web,
                "NumStorePurchases": table["days"] - web,
                "last_order_date": table["last"].dt.strftime("%Y-%m-%d"),
                "first_order_date": table["first"].dt.strftime("%Y-%m-%d"),
                "lifetime_value": table["spent"],
            }
        ),
    }


@settings(max_examples=10, deadline=None)
@given(orders, st.sampled_from(["dates", "days", "lifetimes", "btyd", "ways"]))
def test_the_history_of_the_customers_is_that_of_their_orders(lines, form):
    table, as_of = summed_up(lines)
    truth = lifetime.history(shop.read(lines.assign(order_id=range(len(lines)))), as_of)
    written = forms(table, as_of)[form].reset_index()
    customers = shop.read(written)
    if form == "lifetimes" and table["days"].min() > 1:  # nobody bought once: it is asked
        customers = shop.read(written, {"repeats": "frequency", "last": "recency"})
    found = lifetime.history(customers)
    money = form not in ("lifetimes", "btyd")
    columns = ["repeats", "last", "age", *(["value"] if money else [])]
    pd.testing.assert_frame_equal(found[columns], truth[columns], check_dtype=False)
    if money:
        groups = segments.rfm_groups(customers)
        assert groups.index.tolist() == table.index.tolist()


cells = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "", "null"]),
        st.sampled_from(["3", "1,200.5", "", "n/a", "many"]),
        st.sampled_from(["2", "7", ""]),
    ),
    max_size=12,
)


@settings(max_examples=10, deadline=None)
@given(cells)
def test_every_row_has_one_fate(rows):
    good = [(f"z{i}", "4", "1") for i in range(20)]
    table = pd.DataFrame([*rows, *good], columns=["customer_id", "recency", "frequency"], dtype=str)
    table["note"] = [f"row {i}" for i in range(len(table))]
    before = table.copy(deep=True)
    found = shop.read(table)
    assert sorted([*found.table["note"], *found.set_aside["note"]]) == sorted(table["note"])
    fates = found.report.fates.groupby("fate")["rows"].sum()
    assert fates.sum() == found.report.rows == len(table)
    assert fates["customers"] == len(found.table) == found.table.index.nunique()
    assert fates.get("set aside", 0) == len(found.set_aside)
    assert set(found.set_aside["reason"]) <= {"no customer", "repeats a customer"}
    pd.testing.assert_frame_equal(table, before)


def read(**columns) -> shop.Customers:
    size = max(len(cells) for cells in columns.values() if isinstance(cells, list))
    ids = {} if "customer_id" in columns else {"customer_id": [f"c{i}" for i in range(size)]}
    return shop.read(pd.DataFrame({**ids, **columns}), row_is="customer")


def test_columns_are_what_they_hold():
    found = read(
        money=["1.234,50 €", "2,00 €", "", "n/a"],
        zip=["01234", "90210", "55555", "12345"],
        word=["x", None, "y", "z"],
        mixed=["1", "2", "3", "four"],
        seen=pd.to_datetime(["2024-01-31"] * 4),
    ).table
    assert found["money"].tolist()[:2] == [1234.5, 2.0] and found["money"].isna().sum() == 2
    assert found["zip"].tolist() == ["01234", "90210", "55555", "12345"], "a code is no number"
    assert found["word"].isna().tolist() == [False, True, False, False]
    assert found["mixed"].tolist() == ["1", "2", "3", "four"], "a quarter is no number"
    assert pd.api.types.is_datetime64_any_dtype(found["seen"])


def test_few_unreadable_cells_are_missing_and_said():
    found = read(score=[*map(str, range(30)), "unknown?"])
    assert found.table["score"].isna().sum() == 1
    assert any("'unknown?'" in warning for warning in found.report.warnings)


def test_without_a_customer_column_rows_have_numbers():
    found = shop.read(pd.DataFrame({"recency": [1, 2], "frequency": [3, 4], "monetary": [5, 6]}))
    assert found.table.index.tolist() == ["1", "2"]
    assert any("the number of the row" in warning for warning in found.report.warnings)


def test_repeats_with_other_values_are_said():
    found = read(customer_id=["a", "b", "c", "a", "c"], recency=[1, 2, 3, 1, 9], frequency=1)
    assert found.set_aside[["row", "reason"]].to_numpy().tolist() == [
        [4, "repeats a customer"],
        [5, "repeats a customer"],
    ]
    assert any("1 row of customers who had one already" in w for w in found.report.warnings)


def test_two_columns_for_one_role_are_not_chosen_between():
    found = read(total_spent=[1, 2], lifetime_value=[3, 4], recency=[1, 2])
    assert "monetary" not in found.roles
    assert any("two columns could be monetary" in warning for warning in found.report.warnings)
    frame = found.table.reset_index()
    assert shop.read(frame, {"monetary": "total_spent"}).roles["monetary"] == "total_spent"


def test_a_name_does_not_make_a_role():
    found = read(
        frequency=[1.5, 2.25, 3.0], monetary=["a", "b", "c"], last_order_date=["x", "y", "z"]
    )
    assert dict(found.roles) == {}
    assert len(found.report.warnings) == 3


def test_recency_and_frequency_beside_a_tenure_are_told_apart_or_asked():
    since_last = read(recency=[9, 3, 7], frequency=[1, 4, 1], tenure=[9, 8, 7])
    assert since_last.roles["frequency"] == "frequency"
    from_first = read(recency=[0, 3, 0], frequency=[0, 4, 0], T=[9, 8, 7])
    assert from_first.roles["last"] == "recency" and "recency" not in from_first.roles
    both = read(recency=[2, 3, 5], frequency=[3, 4, 2], T=[9, 8, 7])
    assert set(both.roles) == {"tenure"}
    assert any("Nothing decides" in warning for warning in both.report.warnings)
    too_short = read(recency=[9, 3, 5], frequency=[3, 4, 2], tenure=[3, 4, 5])
    assert set(too_short.roles) == {"recency", "frequency"}


def test_the_mean_of_a_summary_is_not_the_money_spent():
    found = read(frequency=[0, 4], recency=[0, 3], T=[9, 8], monetary_value=[0, 12.5])
    assert "monetary" not in found.roles
    assert any("the mean of the purchases" in warning for warning in found.report.warnings)
    assert lifetime.history(found)["value"].isna().all()


def test_dates_in_the_future_and_undecided_ones():
    found = read(last_order_date=["2024-01-31", "2999-01-01", "2024-01-30"])
    assert found.table["recency"].tolist()[::2] == [1.0, 2.0]
    assert np.isnan(found.table["recency"].iloc[1])
    with pytest.raises(shop.ShopError, match="day/month or month/day"):
        read(last_order_date=["03/04/2024", "05/04/2024"])


def test_deals_are_no_way_to_buy():
    found = read(NumDealsPurchases=[9, 9], NumWebPurchases=[1, 2], NumStorePurchases=[3, 4])
    assert found.table["frequency"].tolist() == [4.0, 6.0]


def test_customers_called_null_are_customers():
    found = read(customer_id=["Ann Lee", "Null", "Bo Ek", "Cy Oz"], recency=[1, 2, 3, 4])
    assert found.table.index.tolist() == ["Ann Lee", "Null", "Bo Ek", "Cy Oz"]


def test_the_decimal_sign_of_one_column_decides_for_the_others():
    found = read(monetary=["12,50", "8,00"], score=["1,234", "2,500"])
    assert found.table["score"].tolist() == [1.234, 2.5]
    with pytest.raises(shop.ShopError, match="thousands or decimals"):
        read(score=["1,234", "2,500"])
