"""Hypothesis makes the file, pandas says the truth: the same orders in files of several forms."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import shop

quick = settings(max_examples=8, deadline=None)
cents = st.integers(1, 99_999)
made = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 700), st.lists(cents, min_size=1, max_size=3)),
    min_size=2,
    max_size=9,
)
START = pd.Timestamp("2022-01-01")


def flat(orders):
    """A row a line: customer 00001 to 00009, day, pieces, cents."""
    rows = [
        (f"{who:05d}", number, START + pd.Timedelta(day, "D"), 1 + line, price)
        for number, (who, day, prices) in enumerate(orders)
        for line, price in enumerate(prices)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "order_id", "date", "quantity", "cents"])


def same_money(store, cells):
    truth = cells.groupby("customer_id")["cents"].sum() / 100
    found = store.purchases.groupby("customer_id")["amount"].sum()
    assert found.to_dict() == pytest.approx(truth.to_dict())
    assert store.report.fates["rows"].sum() == store.report.rows


@quick
@given(made, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_columns_held_apart_by_blanks(tmp_path_factory, orders, newline, named):
    cells = flat(orders)
    lines = [
        f" {who} {day:%Y%m%d} {pieces:2d} {money / 100:7.2f}"
        for who, _, day, pieces, money in cells.itertuples(index=False)
    ]
    head = [" customer_id date quantity amount"] if named else []
    path = tmp_path_factory.mktemp("blanks") / "cdnow.txt"
    path.write_bytes(newline.join([*head, *lines, ""]).encode())
    store = shop.read(path)
    same_money(store, cells)
    assert store.purchases["quantity"].sum() == cells["quantity"].sum()
    assert store.purchases["ordered_at"].tolist() == cells["date"].tolist()


@quick
@given(made, st.sampled_from([",", ";", "\t"]), st.booleans(), st.sampled_from(["", ";;", ",,,"]))
def test_lines_quoted_as_a_whole(tmp_path_factory, orders, separator, quoted, after):
    cells = flat(orders)
    table = cells.assign(amount=cells["cents"] / 100, note='say "x", please').drop(columns="cents")
    text = table.to_csv(index=False, sep=separator, float_format="%.2f", date_format="%Y-%m-%d")
    head, *lines = text.splitlines()
    whole = ['"' + line.replace('"', '""') + '"' + after for line in (head, *lines)]
    path = tmp_path_factory.mktemp("quoted") / "orders.csv"
    path.write_text("\n".join([whole[0] if quoted else head, *whole[1:]]) + "\n")
    store = shop.read(path)
    same_money(store, cells)
    assert set(store.purchases["order_id"]) == set(cells["order_id"].astype("str"))


@quick
@given(made, st.sampled_from(["list", "lines", "within"]))
def test_lines_within_orders_of_json(tmp_path_factory, orders, form):
    cells = flat(orders)
    records = [
        {
            "id": number,
            "customer": {"id": int(rows["customer_id"].iloc[0])},
            "created_at": f"{rows['date'].iloc[0]:%Y-%m-%dT%H:%M:%SZ}",
            "total": f"{rows['cents'].sum() / 100:.2f}",
            "line_items": [
                {"id": i, "quantity": int(pieces), "total": f"{money / 100:.2f}"}
                for i, (pieces, money) in enumerate(
                    zip(rows["quantity"], rows["cents"], strict=True)
                )
            ],
        }
        for number, rows in cells.groupby("order_id")
    ]
    text = {
        "list": json.dumps(records, indent=1),
        "lines": "\n".join(json.dumps(record) for record in records),
        "within": json.dumps({"orders": records, "page": 1}),
    }[form]
    path = tmp_path_factory.mktemp("json") / "orders.json"
    path.write_text(text)
    store = shop.read(path)
    same_money(store, cells.assign(customer_id=cells["customer_id"].str.lstrip("0")))
    assert store.purchases["order_id"].tolist() == cells["order_id"].astype("str").tolist()
    assert store.purchases["quantity"].tolist() == cells["quantity"].tolist()


@quick
@given(made, st.integers(1, 3))
def test_a_workbook_with_several_sheets(tmp_path_factory, orders, parts):
    cells = flat(orders)
    table = cells.assign(amount=cells["cents"] / 100).drop(columns="cents")
    path = tmp_path_factory.mktemp("sheets") / "orders.xlsx"
    with pd.ExcelWriter(path) as book:
        for part in range(parts):
            rows = table[table["order_id"] % parts == part]
            if part == 0 or len(rows):
                rows.to_excel(book, sheet_name=f"Part {part}", index=False)
        pd.DataFrame({"made by": ["us"]}).to_excel(book, sheet_name="Notes", index=False)
    same_money(shop.read(path), cells)


@quick
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(0, 5_000),
            st.sampled_from(["view", "cart", "purchase", "refund"]),
        ),
        min_size=1,
        max_size=25,
    ),
    st.booleans(),
)
def test_a_log_of_events_is_counted_as_pandas_counts_it(events, prices):
    log = pd.DataFrame(events, columns=["user_id", "minute", "event_type"])
    log["event_time"] = START + pd.to_timedelta(log["minute"], unit="min")
    if prices:
        log["price"] = 2.5
    told = log.drop(columns="minute")
    kinds = log["event_type"].value_counts()
    if not {"view", "cart"} & set(kinds.index) or "purchase" not in kinds:
        return  # orders and refunds alone, or nothing bought: other tests
    store = shop.read(told)
    bought = log[log["event_type"] == "purchase"]
    assert store.purchases.groupby("customer_id").size().to_dict() == (
        bought.groupby("user_id").size().to_dict()
    )
    assert store.purchases["amount"].sum() == (2.5 * len(bought) if prices else 0)
    seen = log[log["event_type"] != "refund"].sort_values(["user_id", "minute"])
    pause = seen.groupby("user_id")["minute"].diff()
    assert store.visits["visit_id"].nunique() == int((pause.isna() | (pause > 30)).sum())
    assert len(store.set_aside) == kinds.get("refund", 0)


@quick
@given(
    st.lists(
        st.tuples(st.sampled_from(["$", "€", "£", "US $", "Rp "]), st.integers(0, 999)), min_size=1
    )
)
def test_several_currencies_are_added_up_one_by_one(amounts):
    cells = pd.DataFrame(amounts, columns=["sign", "whole"])
    cells["sign"] = cells["sign"].str.strip()
    written = [f"{sign}{whole}.50" for sign, whole in amounts]
    n = len(cells)
    store = shop.read(
        pd.DataFrame({"customer_id": range(n), "date": ["2024-01-31"] * n, "amount": written})
    )
    sums = (cells["whole"] + 0.5).groupby(cells["sign"].replace({"US $": "$", "Rp": "RP"})).sum()
    said = " ".join(store.report.warnings)
    assert store.purchases["amount"].sum() == pytest.approx(sums.sum())
    for sign, total in sums.items():
        assert (f"{sign} {total:,.2f}" in said) is (len(sums) > 1)
