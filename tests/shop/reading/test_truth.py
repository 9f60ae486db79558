"""Hypothesis makes the file, an independent computation says the truth."""

from __future__ import annotations

import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import shop
from helpers.shop.reading.amounts import to_number, to_text
from helpers.shop.reading.time_parts import to_clock, to_seconds
from helpers.shop.reading.times import to_time

NOW = pd.Timestamp("2026-01-01")
quick = settings(max_examples=10, deadline=None)
cents = st.integers(1, 10_000_000)
dates = st.dates(pd.Timestamp("1995-01-01").date(), pd.Timestamp("2025-12-31").date())


def shown(value, thousands, decimal):
    """An amount of cents as people write it."""
    text = f"{value // 100:,}".replace(",", thousands)
    return f"{text}{decimal}{value % 100:02d}"


@quick
@given(
    st.lists(cents, min_size=1, max_size=8),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", "."), ("", ",")]),
    st.sampled_from(["{}", "€ {}", "{} EUR", "${}", "{} zł", "{} TL", "US $ {}", "Rp {}"]),
    st.lists(st.sampled_from(["", "see note, please", "Hr. Maier", "1,2,3", "12 pieces"])),
)
def test_amounts_between_remarks(values, signs, money, remarks):
    cells = [money.format(shown(value, *signs)) for value in values]
    read = to_number(pd.Series([*cells, *remarks], dtype="str"))
    assert read.numbers[: len(cells)].tolist() == pytest.approx([v / 100 for v in values])
    assert read.numbers[len(cells) :].isna().all() and read.certain


@quick
@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=1))
def test_whole_numbers_are_exact_text_in_every_dtype(numbers):
    expected = [None if number is None else str(number) for number in numbers]
    arrays = [pd.array(numbers, dtype="Int64"), pd.array(numbers, dtype="int64[pyarrow]")]
    columns = [pd.Series(array) for array in arrays] + [pd.Series(numbers, dtype=object)]
    for column in columns:
        text = to_text(column)
        assert [None if pd.isna(cell) else cell for cell in text] == expected


@quick
@given(st.lists(st.times(), min_size=1), st.sampled_from(["%H:%M:%S", "%I:%M:%S %p", "%H.%M.%S"]))
def test_clocks_come_back(times, pattern):
    cells = pd.Series([at.strftime(pattern) for at in times])
    expected = [at.hour * 3600 + at.minute * 60 + at.second for at in times]
    assert (to_clock(cells) / pd.Timedelta(seconds=1)).tolist() == expected


@quick
@given(
    st.lists(st.integers(0, 86_399), min_size=1),
    st.sampled_from(
        ["{h:02d}:{m:02d}:{s:02d}", "{h}h {m}m {s}s", "{t} s", "{t}", "{h} hrs {m} min {s} sec"]
    ),
)
def test_durations_come_back(seconds, pattern):
    cells = [pattern.format(h=t // 3600, m=t // 60 % 60, s=t % 60, t=t) for t in seconds]
    assert to_seconds(pd.Series(cells)).tolist() == seconds


@quick
@given(
    st.lists(dates, min_size=1),
    st.sampled_from(["%d-%b-%Y", "%d%b%Y", "%b-%d-%Y", "%d/%B/%Y", "%B %d, %Y", "%a, %d %b %Y"]),
)
def test_dates_with_names_of_months_come_back(days, pattern):
    read = to_time(pd.Series([day.strftime(pattern) for day in days]), now=NOW)
    assert not read.undecided and read.times.tolist() == [pd.Timestamp(day) for day in days]


@quick
@given(st.lists(dates, min_size=1, max_size=20), st.booleans())
def test_day_and_month_are_right_or_asked_about(days, day_first):
    pattern = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    cells = pd.Series([day.strftime(pattern) for day in days])
    read = to_time(cells, now=NOW)
    told = to_time(cells, day_first, now=NOW)
    truth = [pd.Timestamp(day) for day in days]
    assert told.times.tolist() == truth
    if not read.undecided and read.day_first == day_first:
        assert read.times.tolist() == truth


orders = st.lists(
    st.tuples(
        st.sampled_from("abc"),  # customer
        st.lists(st.tuples(st.integers(1, 5), st.integers(100, 9_999)), min_size=1, max_size=3),
        st.integers(0, 99),  # discount in percent of the order
        st.integers(0, 99),  # refund in percent of what is left
    ),
    min_size=1,
    max_size=8,
)


@quick
@given(orders, st.booleans())
def test_the_revenue_of_shopify_is_net_of_discounts_and_refunds(made, full):
    rows, truth = [], {}
    for number, (customer, lines, off, back) in enumerate(made):
        gross = sum(pieces * price for pieces, price in lines)
        discount = gross * off // 100
        refund = (gross - discount) * back // 100
        truth[f"#{number}"] = (gross - discount - refund) / 100
        for line, (pieces, price) in enumerate(lines):
            first = line == 0
            rows.append(
                {
                    "Name": f"#{number}",
                    "Email": f"{customer}@x.org",
                    "Financial Status": "paid" if first else None,
                    "Subtotal": f"{(gross - discount) / 100:.2f}" if first else None,
                    "Discount Amount": f"{discount / 100:.2f}" if first else None,
                    "Created at": "2024-01-05 10:22:33 -0500",
                    "Lineitem quantity": str(pieces),
                    "Lineitem price": f"{price / 100:.2f}",
                    "Refunded Amount": f"{refund / 100:.2f}" if first else None,
                    "Receipt Number": None,
                }
            )
    cells = pd.DataFrame(rows).astype("str")
    store = shop.read(cells if full else cells.drop(columns="Subtotal"))
    sums = store.purchases.groupby("order_id")["amount"].sum()
    wanted = pd.Series(truth)
    found = sums.reindex(wanted.index).fillna(0.0)
    # each line is rounded to the cent
    assert (found - wanted).abs().max() <= 0.005 * max(len(lines) for _, lines, *_ in made) + 0.006


@quick
@given(
    st.lists(
        st.tuples(st.sampled_from(["0", "7", "8", "9"]), st.integers(0, 5), st.integers(1, 99)),
        min_size=1,
        max_size=25,
    )
)
def test_guests_are_as_many_people_as_emails(made):
    rows = [
        (str(i), "2024-01-31", who, f"g{mail}@x.org" if who == "0" else f"r{who}@x.org", money)
        for i, (who, mail, money) in enumerate(made)
    ]
    names = ["order_id", "date", "customer_id", "email", "amount"]
    cells = pd.DataFrame(rows, columns=names)
    truth = cells.groupby("email")["amount"].sum()
    guests = cells.loc[cells["customer_id"] == "0", "email"].nunique()
    store = shop.read(cells)
    if guests > 1:
        assert store.purchases["customer_id"].nunique() == len(truth)
    found = store.purchases.groupby("customer_id")["amount"].sum()
    assert found.sum() == pytest.approx(truth.sum())
    if guests > 1:
        assert sorted(found) == pytest.approx(sorted(truth))


@quick
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 999)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 15), st.integers(1, 9_999)), min_size=1, max_size=25),
)
def test_orders_and_lines_are_joined_as_pandas_joins_them(tmp_path_factory, heads, lines):
    folder = tmp_path_factory.mktemp("joined")
    head = pd.DataFrame(heads, columns=["customer_id", "note"])
    head.insert(0, "order_id", range(len(head)))
    head["date"] = "2024-01-31"
    line = pd.DataFrame(lines, columns=["order_id", "price"])
    head.to_csv(folder / "orders.csv", index=False)
    line.to_csv(folder / "order_items.csv", index=False)
    truth = line.merge(head, on="order_id").groupby("customer_id")["price"].sum()
    if truth.empty:
        with pytest.raises(shop.ShopError):
            shop.read(folder)
        return
    store = shop.read(folder)
    found = store.purchases.groupby("customer_id")["amount"].sum()
    assert found.to_dict() == pytest.approx(truth.to_dict())
    assert store.report.fates["rows"].sum() == len(head) + len(line)
    assert len(store.set_aside) == store.report.fates.query("fate == 'set aside'")["rows"].sum()


@quick
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.integers(1, 20), st.integers(100, 999), st.integers(0, 25)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_pieces_returned_are_taken_off(made):
    names = ["customer_id", "quantity", "price", "return_quantity"]
    cells = pd.DataFrame(made, columns=names).assign(date="2024-01-31")
    cells["price"] /= 100
    left = (cells["quantity"] - cells["return_quantity"]).clip(lower=0)
    truth = (left * cells["price"]).sum()
    if not (left > 0).any():
        with pytest.raises(shop.ShopError, match="returned in full"):
            shop.read(cells)
        return
    store = shop.read(cells)
    assert store.purchases["amount"].sum() == pytest.approx(truth)
    assert store.purchases["quantity"].sum() == left.sum()


@quick
@given(
    st.lists(st.text(string.ascii_letters + "äöüßéèçñ", min_size=1, max_size=12), min_size=1),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_customers_of_western_europe_keep_their_names(
    tmp_path_factory, names, written_in, separator
):
    names = [name for name in names if name.lower() not in ("nan", "na", "none", "null", "nat")]
    names = [f"{name} Müller" for name in names] or ["Müller"]
    path = tmp_path_factory.mktemp("west") / "orders.csv"
    cells = pd.DataFrame({"customer": names, "date": "2024-01-31", "amount": "5.00"})
    cells.to_csv(path, index=False, sep=separator, encoding=written_in)
    assert shop.read(path).purchases["customer_id"].tolist() == names


@quick
@given(st.lists(st.floats(0, 1e6).map(lambda value: round(value, 2)), min_size=1, max_size=10))
def test_a_frame_a_csv_a_sheet_and_a_parquet_give_the_same_shop(tmp_path_factory, amounts):
    folder = tmp_path_factory.mktemp("kinds")
    n = len(amounts)
    cells = pd.DataFrame(
        {
            "customer_id": pd.array([*range(1, n), None] if n > 1 else [1], dtype="Int64"),
            "order_id": np.arange(n) + 10**12,
            "ordered_at": pd.Timestamp("2024-01-31 10:00"),
            "amount": amounts,
        }
    )
    cells.to_csv(folder / "a.csv", index=False)
    cells.to_parquet(folder / "a.parquet")
    cells.to_excel(folder / "a.xlsx", index=False)
    truth = shop.read(cells).purchases
    assert truth["amount"].sum() == pytest.approx(sum(amounts[: max(n - 1, 1)]))
    for path in folder.iterdir():
        pd.testing.assert_frame_equal(shop.read(path).purchases, truth, obj=path.suffix)
