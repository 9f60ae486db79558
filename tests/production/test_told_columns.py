"""On the command line as in Python: every role can be told, and what a row is."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import shop
from helpers.production.__main__ import main, open_shop, parser
from helpers.shop.reading.roles import roles

N = 12
EACH = [i // 2 % 5 for i in range(N)]
LINES = {
    "customer_id": [f"c{i}" if i else "0" for i in EACH],
    "email": [f"u{i // 2 % 4}@x.org" for i in range(N)],
    "order_id": [f"o{i // 2}" for i in range(N)],
    "line_id": range(N),
    "ordered_at": ["2024-03-01", "2024-03-20"] * (N // 2),
    "clock": [f"{8 + i // 2}:15 PM" if i // 2 < 4 else f"0{i // 2}:15 AM" for i in range(N)],
    "quantity": [1 + i % 3 for i in range(N)],
    "category": ["a", "b"] * (N // 2),
    "subcategory": ["d", "e", "f"] * (N // 3),
    "status": ["paid"] * (N - 2) + ["voided"] * 2,
    "cancelled_at": [None] * (N - 4) + ["2024-04-01"] * 2 + [None] * 2,
    "currency": ["EUR"] * (N - 1) + ["USD"],
    "kind": ["sale"] * 3 + ["fee"] + ["sale"] * (N - 4),
    "name": ["Ann Miller", "Ben Smith"] * (N // 2),
    "first_name": ["Ann", "Ben"] * (N // 2),
    "last_name": ["Miller", "Smith"] * (N // 2),
    "consent": ["yes", "no"] * (N // 2),
    "discount": [2.5] + [0.0] * (N - 1),
    "refund": [0.0, 2.0] + [0.0] * (N - 2),
    "returned_quantity": [0, 0, 1] + [0] * (N - 3),
    "shipping": 3.0,
    "tax": 1.0,
    "subtotal": 20.0,
}
MONEY = {
    "unit_price": [10.0 + i for i in range(N)],
    "amount": [10.0 + i for i in range(N)],
    "order_total": [30.0 + i // 2 for i in range(N)],
}
EVENTS = {
    "customer_id": [f"c{i}" for i in EACH],
    "ordered_at": [f"2024-03-01 10:{i:02}:00" for i in range(N)],
    "event_type": ["view", "cart", "purchase"] * (N // 3),
    "visit_id": [f"v{i // 3}" for i in range(N)],
    "device": ["mobile", "desktop"] * (N // 2),
    "source": ["ads", "search"] * (N // 2),
    "unit_price": 5.0,
}
FILES = {
    **{f"lines by {role}": {**LINES, role: cells} for role, cells in MONEY.items()},
    "events": EVENTS,
}


def test_the_files_here_have_every_role():
    assert {role for columns in FILES.values() for role in columns} == set(roles("order"))


@pytest.mark.parametrize("columns", FILES.values(), ids=FILES)
def test_every_role_can_be_told(columns, tmp_path, capsys):
    """Columns whose names say nothing, each told its role, give the shop of the usual names."""
    table = pd.DataFrame(columns)
    usual = shop.read(table)
    names = {role: f"k {place}" for place, role in enumerate(columns)}
    table.rename(columns=names).to_csv(tmp_path / "lines.csv", index=False)
    told = [f"{role}={name}" for role, name in names.items()]
    arguments = ["train", "--shop", str(tmp_path / "lines.csv"), "--out", "m.skops"]
    chosen = parser().parse_args([*arguments, "--most-set-aside", "90%", "--columns", *told])
    found = open_shop(chosen)
    for name, expected in usual.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], expected)
    assert "columns=" not in capsys.readouterr().err


def test_a_table_of_customers_is_refused_with_what_to_do_on_the_shell(tmp_path, capsys):
    table = pd.DataFrame({"customer_id": range(30), "recency": 1, "frequency": 2, "monetary": 3})
    table.to_csv(tmp_path / "customers.csv", index=False)
    arguments = ["train", "--shop", str(tmp_path / "customers.csv"), "--out", str(tmp_path / "m")]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "a model of who buys needs the orders themselves" in said
    assert "--row-is order" in said and "row_is=" not in said


def test_what_a_row_is_can_be_told(tmp_path, capsys):
    both = pd.DataFrame(
        {
            "customer_id": range(30),
            "date": pd.date_range("2024-01-01", periods=30),
            "amount": 5,
            "recency": 1,
        }
    )
    both.to_csv(tmp_path / "both.csv", index=False)
    arguments = ["train", "--shop", str(tmp_path / "both.csv"), "--out", str(tmp_path / "m")]
    assert main(arguments) == 2
    assert "--row-is customer or --row-is order" in capsys.readouterr().err
    assert len(open_shop(parser().parse_args([*arguments, "--row-is", "order"])).purchases) == 30
