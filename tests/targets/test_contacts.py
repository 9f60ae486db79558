"""A list of whom to contact, from somebody's own orders, or a sentence that says why not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers import shop, simulator
from helpers.errors import ReaderError
from helpers.targets import contacts


@pytest.fixture(scope="module")
def store():
    return simulator.simulate(customers=3_000, seed=5)[0]


@pytest.fixture(scope="module")
def orders_only(store):
    return replace(store, visits=None, customers=None, campaigns=None, impressions=None)


def test_the_comparison_names_counts_and_intervals(orders_only):
    found = contacts.compare(orders_only, budget=100)
    assert len(found) == 8 and found.index[5].startswith("hit rate, ")
    assert int(found["high-value customers, test"].replace(",", "")) >= contacts.LEAST
    assert found["model minus column"].startswith(("+", "-"))


def test_the_list_ends_in_a_file_that_is_never_replaced(orders_only, tmp_path):
    path = tmp_path / "my_contacts.csv"
    listed = contacts.contact_list(orders_only, budget=40, file=path)
    assert list(listed) == ["customer_id", "score", "contact"]
    assert (listed["contact"] == "yes").sum() == 40 and listed["contact"].iloc[39] == "yes"
    assert listed["score"].is_monotonic_decreasing and listed["customer_id"].is_unique
    written = pd.read_csv(path, dtype={"customer_id": str})
    pd.testing.assert_frame_equal(written, listed, check_dtype=False)
    with pytest.raises(ReaderError, match="exists, and was left"):
        contacts.contact_list(orders_only, budget=10, file=path)
    assert len(pd.read_csv(path)) == len(listed)
    with pytest.raises(ReaderError, match="was not written"):
        contacts.contact_list(orders_only, budget=10, file=tmp_path / "none" / "my.csv")


def test_nothing_is_written_where_it_was_not_asked_for(orders_only, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    by_column = contacts.contact_list(orders_only, budget=40, rank_by="monetary")
    assert list(tmp_path.iterdir()) == []
    assert set(by_column["contact"]) == {"yes", "no"}


def test_by_cost_and_gain_a_contact_pays(orders_only):
    listed = contacts.contact_list(orders_only, cost=3, gain=10)
    chosen = listed["contact"] == "yes"
    assert chosen.equals(listed["score"] > 0.3) and chosen.any() and not chosen.all()
    by_budget = contacts.contact_list(orders_only, budget=int(chosen.sum()))
    pd.testing.assert_frame_equal(listed, by_budget)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "one of the two"),
        ({"budget": 10, "cost": 2, "gain": 30}, "one of the two"),
        ({"cost": 2}, "one of the two"),
        ({"cost": 40, "gain": 30}, "nobody is worth it"),
        ({"cost": 29.99, "gain": 30}, "the highest score"),
        ({"cost": -1, "gain": 30}, "not below"),
        ({"cost": "2", "gain": 30}, "The cost is a number"),
        ({"cost": 2, "gain": True}, "The gain is a number"),
    ],
)
def test_what_is_no_rule_is_said(orders_only, asked, said):
    with pytest.raises(contacts.ContactError, match=said):
        contacts.contact_list(orders_only, **asked)


def test_what_was_said_of_the_last_quarter_stands_beside_what_happened(orders_only):
    tested = contacts.tested(orders_only)
    assert list(tested) == ["p", "high_value"] and tested.index.name == "customer_id"
    assert tested.index.is_unique and tested["p"].between(0, 1).all()
    assert tested["high_value"].sum() >= contacts.LEAST
    above = tested["p"] > tested["p"].median()
    assert tested["high_value"][above].mean() > 2 * tested["high_value"][~above].mean()


@pytest.mark.parametrize("budget", [0, -1, 2.5, True, "all", 10**6])
def test_a_budget_is_a_number_of_customers(orders_only, budget):
    with pytest.raises(contacts.ContactError, match="budget"):
        contacts.contact_list(orders_only, budget=budget)


def test_an_unknown_column_is_named(orders_only):
    with pytest.raises(contacts.ContactError, match="'monetary'"):
        contacts.contact_list(orders_only, budget=10, rank_by="monetry")


def test_too_few_of_high_value_are_refused(orders_only):
    few = orders_only.purchases["customer_id"].unique()[:150]
    lines = orders_only.purchases[orders_only.purchases["customer_id"].isin(few)]
    small = replace(orders_only, purchases=lines)
    with pytest.raises(contacts.ContactError, match="50 are needed"):
        contacts.compare(small, 10)
    with pytest.raises(contacts.ContactError, match="50 are needed"):
        contacts.contact_list(small, 10)
    with pytest.raises(contacts.ContactError, match="50 are needed"):
        contacts.tested(small)
    with pytest.raises(contacts.ContactError, match="50 are needed"):
        contacts.contact_list(small, rank_by="recency", cost=2, gain=30)
    by_recency = contacts.contact_list(small, 10, "recency")
    last = lines.groupby("customer_id")["ordered_at"].max()
    first = by_recency["customer_id"].iloc[:10]
    assert last[first].min() >= last.drop(first).max(), "a column needs no model: the latest first"


def test_half_a_year_of_orders_is_refused(orders_only):
    lines = orders_only.purchases
    late = lines[lines["ordered_at"] >= lines["ordered_at"].max() - pd.Timedelta("180D")]
    with pytest.raises(contacts.ContactError, match="nine months"):
        contacts.compare(replace(orders_only, purchases=late), 10)
    with pytest.raises(ReaderError, match="no orders"):
        contacts.compare(replace(orders_only, purchases=lines.head(0)), 10)


def test_a_table_without_orders_is_refused():
    frame = pd.DataFrame({"CustomerID": range(200), "Income": range(200), "Recency": range(200)})
    with pytest.raises(ReaderError, match="orders"):
        contacts.compare(shop.read(frame), 10)


def test_a_table_with_one_row_a_customer_is_told_where_to_go():
    people = shop.read(pd.DataFrame({"customer": range(40), "spend": range(40)}), row_is="customer")
    for refused in (contacts.compare, contacts.contact_list):
        with pytest.raises(ReaderError, match="one row a customer.*chapter 05"):
            refused(people, budget=10)
    with pytest.raises(ReaderError, match="one row a customer.*chapter 05"):
        contacts.tested(people)
