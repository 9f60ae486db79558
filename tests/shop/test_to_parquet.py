"""A text file becomes Parquet piece by piece: the same rows and fates as read whole."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from helpers import features, shop
from helpers.errors import NotWritten
from helpers.shop import ShopError
from helpers.shop.reading.pieces import Form, cut

PIECE = 20_000  # bytes: a hundred kilobytes in several pieces


def orders(lines: int = 3_000, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    order = np.sort(rng.integers(0, lines // 3, lines))
    people = rng.integers(0, 200, lines // 3)[order]
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        np.sort(rng.integers(0, 400, lines // 3)), "D"
    )
    price = rng.integers(100, 9_999, lines) / 100
    frame = pd.DataFrame(
        {
            "order_id": order,
            "customer_id": pd.Series(people).map("k{}".format),
            "date": at[order].strftime("%Y-%m-%d"),
            "category": rng.choice(["shoes, warm", 'a "quoted" one', "hats"], lines),
            "price": pd.Series(price).map("{:.2f}".format),
        }
    )
    frame.loc[rng.random(lines) < 0.01, "customer_id"] = None
    frame.loc[rng.random(lines) < 0.01, "price"] = "see note"
    return frame


@pytest.fixture
def file(tmp_path) -> Path:
    orders().to_csv(tmp_path / "orders.csv", index=False)
    return tmp_path / "orders.csv"


def same(opened, whole):
    found, expected = features.build(opened, "2025-01-01"), features.build(whole, "2025-01-01")
    assert_frame_equal(found, expected, check_index_type=False)


@pytest.mark.parametrize("packed", [False, True])
def test_pieces_give_what_the_whole_file_gives(file, tmp_path, packed):
    whole = shop.read(file)
    if packed:
        file = file.with_name("orders.csv.gz")
        file.write_bytes(gzip.compress((tmp_path / "orders.csv").read_bytes()))
    report = shop.to_parquet(file, tmp_path / "shop", piece=PIECE)
    assert len(list((tmp_path / "shop" / "purchases").iterdir())) > 4
    opened = shop.open(tmp_path / "shop")
    same(opened, whole)
    assert report.rows == whole.report.rows == report.fates["rows"].sum()
    counts = ["fate", "reason", "rows"]
    assert_frame_equal(
        report.fates[counts].sort_values(counts, ignore_index=True),
        whole.report.fates[counts].sort_values(counts, ignore_index=True),
    )
    aside = pd.read_parquet(tmp_path / "shop" / "set_aside").sort_values("row", key=pd.to_numeric)
    assert aside["row"].astype(int).tolist() == sorted(whole.set_aside["row"])
    assert "read in" in (tmp_path / "shop" / "report.txt").read_text()


def test_no_order_is_cut_and_no_quoted_line_break(tmp_path):
    rows = ["order,note\n"]
    for number in range(400):
        rows += [f'{number // 7},"a\nb, ""c"""\n', f"{number // 7},plain\n"]
    text = "".join(rows).encode()
    (tmp_path / "t.csv").write_bytes(text)
    pieces = list(cut(tmp_path / "t.csv", Form(b"order,note\n", ",", 0), size=500))
    assert len(pieces) > 10
    assert b"".join(piece.text.removeprefix(b"order,note\n") for piece in pieces) == text[11:]
    seen: set[str] = set()
    for piece in pieces:
        (tmp_path / "p.csv").write_bytes(piece.text)
        there = set(pd.read_csv(tmp_path / "p.csv")["order"].astype(str))
        assert not there & seen
        seen |= there
        assert text[: text.index(piece.text[11:60])].count(b"\n") == piece.lines_before + 1


def test_orders_without_a_number_stay_apart(tmp_path):
    frame = orders().drop(columns="order_id")
    frame.to_csv(tmp_path / "orders.csv", index=False)
    shop.to_parquet(tmp_path / "orders.csv", tmp_path / "shop", piece=PIECE)
    same(shop.open(tmp_path / "shop"), shop.read(tmp_path / "orders.csv"))


def test_visits_without_a_number_stay_apart(tmp_path):
    rows = [
        {"user_id": f"u{n % 40}", "event_time": pd.Timestamp("2024-01-01") + pd.Timedelta(n, "h"),
         "event_type": "purchase" if n % 9 == 0 else "view", "category": "a", "price": 5.0}
        for n in range(2_000)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "events.csv", index=False)
    shop.to_parquet(tmp_path / "events.csv", tmp_path / "shop", piece=PIECE)
    assert len(list((tmp_path / "shop" / "visits").iterdir())) > 2
    opened, whole = shop.open(tmp_path / "shop"), shop.read(tmp_path / "events.csv")
    found, expected = features.build(opened, "2025-01-01"), features.build(whole, "2025-01-01")
    assert found["visits"].sum() == expected["visits"].sum() == len(whole.visits)


def test_a_file_that_changes_its_ways_is_refused_and_leaves_nothing(tmp_path):
    early = orders().assign(date=lambda t: pd.to_datetime(t["date"]).dt.strftime("%d/%m/%Y"))
    late = orders(seed=4).assign(date=lambda t: pd.to_datetime(t["date"]).dt.strftime("%m/%d/%Y"))
    late["order_id"] += 10_000
    pd.concat([early, late]).to_csv(tmp_path / "orders.csv", index=False)
    with pytest.raises(ShopError, match="read otherwise than its beginning.*'date'"):
        shop.to_parquet(tmp_path / "orders.csv", tmp_path / "shop", piece=PIECE)
    assert [entry.name for entry in tmp_path.iterdir()] == ["orders.csv"]


def test_nothing_is_overwritten(file, tmp_path):
    (tmp_path / "shop").mkdir()
    with pytest.raises(NotWritten, match="is there already"):
        shop.to_parquet(file, tmp_path / "shop")
    with pytest.raises(NotWritten, match="does not exist"):
        shop.to_parquet(file, tmp_path / "no" / "shop")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "there is nothing in it"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"1,2,3\n4,5,6\n7,8,9\n", "columns have no names"),
        (b"customer_id,date,amount\n", "has a header and no rows"),
        (
            b"customer_id,income\na,1\nb,2\nc,3\n",
            "no column was recognized as the time of the order",
        ),
    ],
)
def test_what_is_no_table_of_orders_is_said(tmp_path, data, words):
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(ShopError, match=words):
        shop.to_parquet(tmp_path / "t.csv", tmp_path / "shop")


def test_a_warning_of_many_pieces_is_said_once(tmp_path):
    frame = orders()
    frame.loc[::100, "price"] = "-1.00"
    frame.to_csv(tmp_path / "orders.csv", index=False)
    report = shop.to_parquet(tmp_path / "orders.csv", tmp_path / "shop", piece=PIECE)
    [said] = [text for text in report.warnings if "negative amounts" in text]
    assert "(And so in " in said and "other pieces.)" in said
