"""Every input row has exactly one fate, and no money appears or disappears."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import shop

AMOUNTS = {
    "5.00": 5.0,
    "0": 0.0,
    "1,250.75": 1250.75,
    "-3.10": -3.1,
    "": 0.0,
    "free": 0.0,
    "$12.40": 12.4,
    "(2.00)": -2.0,
}
DATES = ["2024-01-31", "2023-12-24 18:30:00", "", "no idea", "2999-01-01", "1900-01-01"]

rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "", "null"]),
        st.sampled_from(["1", "2", "C3", ""]),
        st.sampled_from(DATES),
        st.sampled_from(list(AMOUNTS)),
        st.sampled_from(["paid", "cancelled", "Refunded", ""]),
        st.sampled_from(["", "2024-02-01"]),
    ),
    max_size=25,
)


def messy(cells):
    """A frame with one good row at the end, so that something can always be read."""
    good = ("z", "9", "2024-01-30", "5.00", "paid", "")
    names = ["customer_id", "order_id", "ordered_at", "amount", "status", "cancelled_at"]
    frame = pd.DataFrame([*cells, good], columns=names, dtype="str")
    return frame.assign(subcategory=[f"row {i}" for i in range(len(frame))])


@settings(max_examples=12, deadline=None)
@given(rows)
def test_every_row_has_one_fate_and_money_is_conserved(cells):
    frame = messy(cells)
    before = frame.copy(deep=True)
    store = shop.read(frame)
    went = [*store.purchases["subcategory"], *store.set_aside["subcategory"]]
    assert sorted(went) == sorted(frame["subcategory"])
    assert store.report.rows == len(frame) == store.report.fates["rows"].sum()
    counted = store.report.fates.query("fate == 'purchases'")["rows"].sum()
    assert counted == len(store.purchases)
    total = frame["amount"].map(AMOUNTS).sum()
    aside = sum(AMOUNTS[written] for written in store.set_aside["amount"])
    assert store.purchases["amount"].sum() + aside == pytest.approx(total)
    assert (store.purchases["amount"] >= 0).all()
    assert store.purchases[list(shop.REQUIRED["purchases"])].notna().all(axis=None)
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=8, deadline=None)
@given(rows)
def test_a_file_and_its_frame_give_the_same_shop(tmp_path_factory, cells):
    frame = messy(cells)
    path = tmp_path_factory.mktemp("fates") / "orders.csv"
    frame.to_csv(path, index=False)
    from_file, from_frame = shop.read(path), shop.read(frame)
    pd.testing.assert_frame_equal(from_file.purchases, from_frame.purchases)
    # Lines of the file start at 2, below its header; rows of a frame at 1.
    assert from_file.set_aside["row"].tolist() == [row + 1 for row in from_frame.set_aside["row"]]


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([12.5, 20.0, 7.25]), st.integers(2, 4), st.booleans()),
        min_size=3,
        max_size=8,
    )
)
def test_a_repeated_order_total_is_counted_once(orders):
    lines = [
        (f"c{number}" if known or line else "", number, "2024-01-31", total, f"{number}.{line}")
        for number, (total, size, known) in enumerate(orders)
        for line in range(size)
    ]
    names = ["customer_id", "order_id", "ordered_at", "Order total", "subcategory"]
    store = shop.read(pd.DataFrame(lines, columns=names))
    assert store.purchases["amount"].sum() == pytest.approx(sum(total for total, *_ in orders))
    assert store.report.fates["rows"].sum() == len(lines)
    assert any("repeats the total" in warning for warning in store.report.warnings)


events = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", ""]),
        st.sampled_from(["view", "cart", "purchase", "wave", ""]),
        st.sampled_from(["2024-01-31 10:00:00", "2024-01-31 10:20:00", "2024-01-31 12:00:00", "x"]),
        st.sampled_from(["1.5", "", "-2"]),
        st.sampled_from(["s1", "s2", ""]),
        st.sampled_from(["a", "b", ""]),
    ),
    max_size=20,
)


@settings(max_examples=12, deadline=None)
@given(events)
def test_every_event_has_one_fate(cells):
    good = ("u9", "purchase", "2024-01-31 10:00:00", "1.5", "s9", "a")
    names = ["user_id", "event_type", "event_time", "price", "user_session", "category"]
    store = shop.read(pd.DataFrame([*cells, good], columns=names, dtype="str"))
    counts = store.report.fates.groupby("fate")["rows"].sum()
    assert counts.sum() == store.report.rows == len(cells) + 1
    assert counts["purchases"] == len(store.purchases)
    assert counts.get("set aside", 0) == len(store.set_aside)
    key = ["customer_id", "visit_id", "category"]
    assert not store.visits.duplicated(key).any()
    assert store.visits["seconds"].between(0, 1800 * 20).all()
    bought = store.visits[store.visits["ordered"]]
    assert set(bought["customer_id"]) == set(store.purchases["customer_id"])


def test_duplicates_need_a_line_number_to_be_set_aside():
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b"],
            "order_id": ["1", "1", "2"],
            "amount": [5, 5, 6],
            "ordered_at": ["2024-01-31"] * 3,
        }
    )
    kept = shop.read(frame)
    assert len(kept.purchases) == 3
    assert any("equal to another one" in warning for warning in kept.report.warnings)
    numbered = shop.read(frame.assign(line_id=[1, 1, 1]))
    assert numbered.set_aside[["row", "reason"]].to_numpy().tolist() == [[2, "duplicate"]]
    different = shop.read(frame.assign(line_id=[1, 2, 1]))
    assert different.set_aside.empty


def test_totals_that_differ_within_an_order_are_line_amounts():
    frame = pd.DataFrame(
        {
            "customer_id": list("aabb"),
            "order_id": [1, 1, 2, 2],
            "Total": [5, 6, 7, 7],
            "ordered_at": ["2024-01-31"] * 4,
        }
    )
    store = shop.read(frame)
    assert store.purchases["amount"].sum() == 25
    assert "differs within orders" in " ".join(store.report.warnings)
    told = shop.read(frame.query("order_id == 2"), columns={"order_total": "Total"})
    assert told.purchases["amount"].tolist() == [7, 0]


def test_orders_without_a_number_are_a_customer_at_a_time():
    frame = pd.DataFrame(
        {
            "customer_id": list("aaab"),
            "amount": [1, 2, 3, 4],
            "ordered_at": ["2024-01-31 10:00", "2024-01-31 10:00", "2024-01-31 11:00"] * 1
            + ["2024-01-31 10:00"],
        }
    )
    orders = shop.read(frame).purchases["order_id"]
    assert orders[0] == orders[1] and orders.nunique() == 3


def test_a_role_can_be_switched_off():
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "amount": [1, 2],
            "ordered_at": ["2024-01-31"] * 2,
            "status": ["cancelled", "paid"],
        }
    )
    assert len(shop.read(frame).purchases) == 1
    assert len(shop.read(frame, columns={"status": None}).purchases) == 2


def test_rows_with_too_many_cells_are_set_aside_and_short_ones_filled(tmp_path):
    path = tmp_path / "ragged.csv"
    path.write_text(
        "customer_id,ordered_at,amount,category\n"
        + '1,2024-01-31,5,"two\nlines"\n'
        + "1,2024-01-31,5\n"
        + "2,2024-01-31,1,000,toys\n"
        + "2,2024-01-31,7,toys\n" * 3
        + "2,soon,7,toys\n"
    )
    store = shop.read(path)
    assert store.set_aside[["row", "reason"]].to_numpy().tolist() == [
        [5, "more cells than columns"],
        [9, "unreadable date"],
    ]
    assert store.purchases["amount"].tolist() == [5, 5, 7, 7, 7]
    assert store.purchases["category"].isna().tolist() == [False, True, False, False, False]


def test_the_report_fits_a_terminal():
    frame = messy([("a", "1", "no idea", "free", "paid", "")] * 3)
    text = str(shop.read(frame.rename(columns={"amount": "Betrag", "customer_id": "Kunde"})).report)
    assert max(map(len, text.splitlines())) <= 100
    assert "'Betrag'" in text and "unreadable date" in text


def test_dates_in_the_future_and_of_mixed_formats(tmp_path):
    path = tmp_path / "dates.csv"
    dates = [
        "2024-01-31",
        "13.02.2024",
        "Feb 25, 2024 10:00",
        "2999-01-01",
        "31.02.2024",
        "03/14/2024",
    ]
    lines = [
        f"c{i},{date},1" if "," not in date else f'c{i},"{date}",1' for i, date in enumerate(dates)
    ]
    path.write_text("customer_id,ordered_at,amount\n" + "\n".join(lines) + "\n")
    store = shop.read(path)
    assert store.purchases["ordered_at"].dt.strftime("%m-%d").tolist() == [
        "01-31",
        "02-13",
        "02-25",
    ]
    assert store.set_aside[["row", "reason"]].to_numpy().tolist() == [
        [5, "date in the future"],
        [6, "unreadable date"],
        [7, "unreadable date"],
    ]
    assert any("mixes both" in said for said in store.report.warnings)


def test_half_a_million_rows(tmp_path):
    n = 500_000
    rng = np.random.default_rng(0)
    at = np.datetime64("2024-01-01T00:00:00") + np.sort(rng.integers(0, 600 * 86_400, n)).astype(
        "m8[s]"
    )
    nobody = np.arange(n) % 1_000 == 0
    customer = pa.array(rng.integers(0, 200_000, n), mask=nobody)
    amount = rng.lognormal(3, 1, n).round(2)
    amount[1::1_000] *= -1
    table = pa.table({"Customer ID": customer, "Order Date": at, "Amount": amount})
    pyarrow.csv.write_csv(table, tmp_path / "large.csv")
    store = shop.read(tmp_path / "large.csv")
    counts = store.report.fates.set_index("reason")["rows"]
    assert counts.to_dict() == {"": n - 1_000, "no customer": 500, "negative amount": 500}
    assert len(store.purchases) == n - 1_000 and len(store.set_aside) == 1_000
    usable = (amount >= 0) & ~nobody
    assert store.purchases["amount"].sum() == pytest.approx(amount[usable].sum())
