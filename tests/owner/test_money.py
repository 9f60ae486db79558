"""Money one recognizes: the same shop from two shop systems gives the same figures, to the cent,
and the steps add up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from one_shop import Truth, as_german, as_shopify, one_shop

from helpers import features, owner, shop
from helpers.shop import Shop
from helpers.workbench.health import health

slow = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # a shop of twenty customers cannot be made smaller
)


@pytest.fixture(scope="module")
def truth() -> Truth:
    return one_shop()


def read(text: str | bytes, folder: Path) -> Shop:
    path = folder / "orders.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return shop.read(path)


def standing(store: Shop) -> pd.DataFrame:
    return features.standing(store.purchases, None, features.end_of(store))


def as_the_truth(store: Shop, truth: Truth) -> None:
    lines, expected = standing(store), truth.standing
    assert lines["order_id"].nunique() == len(expected)
    assert lines["customer_id"].nunique() == expected["customer"].nunique()
    by_order = lines.groupby("order_id")["amount"].sum()
    assert lines["amount"].sum() == pytest.approx(expected["goods"].sum() / 100, abs=1e-6)
    assert sorted(by_order.round(2)) == sorted((expected["goods"] / 100).round(2))


def adds_up(store: Shop) -> None:
    steps = store.report.money
    what = [step.what for step in steps]
    parts = steps[: what.index("counted")]
    lines = standing(store)
    assert sum(step.money for step in parts) == pytest.approx(lines["amount"].sum(), abs=1e-6)
    counted = steps[len(parts)]
    assert counted.money == pytest.approx(lines["amount"].sum(), abs=1e-6)
    assert counted.number == lines["order_id"].nunique()
    if "shop system" in what:
        added = steps[what.index("counted") : what.index("shop system")]
        total = steps[what.index("shop system")]
        assert sum(step.money for step in added) == pytest.approx(total.money, abs=1e-6)
    table = owner.money(store)
    assert table["total"].iloc[len(parts)] == round(lines["amount"].sum(), 2)


def test_one_shop_from_two_systems_is_one_shop(truth, tmp_path):
    shopify = read(as_shopify(truth), tmp_path)
    as_the_truth(shopify, truth)
    tables = [owner.money(shopify)]
    for notes in ("number", "column", "text"):
        german = read(as_german(truth, notes), tmp_path)
        as_the_truth(german, truth)
        tables.append(owner.money(german))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])
    assert tables[0]["total"].iloc[-1] == truth.shop_system / 100


def test_the_rows_of_the_table_by_hand(truth, tmp_path):
    table = owner.money(read(as_shopify(truth), tmp_path)).set_index("what")
    lines, orders = truth.lines, truth.orders
    of_line = orders.loc[lines["order"]].reset_index(drop=True)
    gross = lines["price"] * lines["quantity"]
    assert table["number"].iloc[0] == len(lines) and table["of"].iloc[0] == "lines"
    expected = {
        "all lines": gross.sum(),
        "− canceled or voided": -gross[of_line["voided"]].sum(),
        "− refunded, whole orders": -lines["paid"][of_line["whole"]].sum(),
        "− refunded in part": -orders["refund"][~orders["whole"]].sum(),
        "− discounts": -lines["discount"][~of_line["voided"]].sum(),
        "= what counts here": truth.standing["goods"].sum(),
        "+ shipping": truth.standing["shipping"].sum(),
        "= what the shop system shows": truth.shop_system,
    }
    assert list(table.index) == list(expected)
    assert table["sum"].tolist() == pytest.approx([cents / 100 for cents in expected.values()])
    assert table.loc["− refunded, whole orders", "number"] == orders["whole"].sum()
    assert table.loc["− canceled or voided", "number"] == orders["voided"].sum()


def test_credit_notes_by_amount_alone_and_what_the_file_does_not_tell(truth, tmp_path):
    store = read(as_german(truth, "amount"), tmp_path)
    orders = truth.orders
    parts = orders["refund"][~orders["whole"]].sum() / 100
    lines, expected = standing(store), truth.standing
    assert lines["order_id"].nunique() == len(expected)
    left = truth.standing["goods"].sum() / 100 + parts
    assert lines["amount"].sum() == pytest.approx(left, abs=1e-6)
    said = [text for text in store.report.warnings if "nothing says of which sale" in text]
    assert len(said) == 1 and f"{parts:,.2f}" in said[0]
    html = owner.page(store)
    assert "Money you will recognize" in html and f"{parts:,.2f} were paid back" in html
    adds_up(store)


def test_an_order_stands_until_its_credit_note(truth, tmp_path):
    store = read(as_german(truth, "column"), tmp_path)
    number, order = next(truth.orders[truth.orders["whole"]].iterrows())
    lines = store.purchases[store.purchases["order_id"] == str(20_000 + number)]
    assert lines["cancelled_at"].unique() == order["back_at"]


def test_a_file_without_the_price_of_a_piece_says_the_same_of_what_counts(truth, tmp_path):
    store = read(as_german(truth, "number", priced=False), tmp_path)
    as_the_truth(store, truth)
    adds_up(store)
    assert any("off the amounts already, as the totals show" in s for s in store.report.remarks)


@slow
@given(
    seed=st.integers(0, 999),
    tax=st.sampled_from([0.0, 0.08]),
    refunds=st.sampled_from([0.0, 0.05, 0.3]),
    notes=st.sampled_from(["number", "column", "text"]),
)
def test_the_steps_add_up_whatever_the_shop(seed, tax, refunds, notes, tmp_path):
    drawn = one_shop(seed, customers=20, tax=tax, refunds=refunds)
    for text in (as_shopify(drawn), as_german(drawn, notes)):
        store = read(text, tmp_path)
        as_the_truth(store, drawn)
        adds_up(store)
        assert owner.money(store)["total"].iloc[-1] == pytest.approx(drawn.shop_system / 100)


@slow
@given(seed=st.integers(0, 999), data=st.data())
def test_the_steps_add_up_whatever_rows_are_left_out(seed, data, tmp_path):
    """Cells are emptied and rows repeated at random: what is left out is a step of its own."""
    cells = pd.read_csv(
        pd.io.common.BytesIO(as_german(one_shop(seed, 20), "amount")),
        sep=";",
        encoding="cp1252",
        dtype=str,
        keep_default_na=False,
    )
    rows = data.draw(st.lists(st.integers(0, len(cells) - 1), min_size=1, max_size=20))
    for row in rows:
        column = data.draw(st.sampled_from(["Kundennummer", "Bestelldatum", "Betrag", "Menge"]))
        cells.loc[row, column] = data.draw(st.sampled_from(["", "?", "abc"]))
    store = shop.read(pd.concat([cells, cells.head(3)], ignore_index=True))
    adds_up(store)


def test_the_first_screen_counts_what_stands(truth, tmp_path):
    for text in (as_shopify(truth), as_german(truth)):
        store = read(text, tmp_path)
        lines, expected = standing(store), truth.standing
        _, facts = health(store)
        assert facts.loc["orders", "value"] == f"{len(expected):,}"
        assert facts.loc["customers", "value"] == f"{expected['customer'].nunique():,}"
        assert facts.loc["revenue", "value"] == f"{expected['goods'].sum() / 100:,.0f}"
        out = len(store.purchases) - len(lines)
        assert facts.loc["canceled lines that were kept, not counted above", "value"] == f"{out:,}"
        best = owner.best(store, features.end_of(store))
        assert len(best) == expected["customer"].nunique()
        assert best["spent"].sum() == pytest.approx(expected["goods"].sum() / 100, abs=0.01)


def test_a_shop_that_was_not_read_has_a_short_table():
    purchases = pd.DataFrame(
        {
            "customer_id": ["a", "b", "b"],
            "order_id": ["1", "2", "3"],
            "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-09"]),
            "amount": [10.0, 4.0, 5.0],
            "cancelled_at": pd.to_datetime([None, "2024-01-03", None]),
        }
    )
    store = Shop("s", shop.conform(purchases, "purchases"))
    table = owner.money(store)
    assert table["what"].tolist() == ["all lines", "− canceled or voided", "= what counts here"]
    assert table["sum"].tolist() == [19.0, -4.0, 15.0]
    assert table["total"].tolist() == [19.0, 15.0, 15.0]
    assert "Nothing is known of refunds" in owner.page(store)


def test_a_file_without_such_columns_says_so(tmp_path):
    text = "customer,order id,date,amount\na,1,2024-01-05,10\nb,2,2024-01-06,5\n"
    store = read(text, tmp_path)
    assert owner.money(store)["what"].tolist() == ["all lines", "= what counts here"]
    assert "The file holds no refunds" in owner.page(store)


def test_the_total_of_an_order_gives_the_same_account(tmp_path):
    """Told that the total of the order is its money: credit notes come off, canceled orders and
    refunds stand with their sums, and the end is the shop system's."""
    truth = one_shop(3, customers=400)
    for name, text, total in (
        ("shopify.csv", as_shopify(truth), "Total"),
        ("deutsch.csv", as_german(truth), "Gesamtbetrag"),
    ):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        store = shop.read(path, {"order_total": total})
        table = owner.money(store).set_index("what")
        orders = truth.orders
        asked = pd.Series({number: truth.total_of(number) for number in orders.index}) / 100
        voided = orders["voided"]
        assert table.loc["all lines", "sum"] == pytest.approx(asked.sum(), abs=0.01)
        assert table.loc["− canceled or voided", "sum"] == pytest.approx(
            -asked[voided].sum(), abs=0.01
        )
        back = table.index.str.startswith("− refunded")
        assert table.loc[back, "number"].sum() == ((orders["refund"] > 0) & ~voided).sum()
        assert table.loc["= what counts here", "sum"] == pytest.approx(
            truth.shop_system / 100, abs=0.01
        )
        assert not any("refund" in said for said in store.report.warnings), store.report.warnings
