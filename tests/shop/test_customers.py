"""What a table of customers is good for, and what it says of the rest."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import features, lifetime, production, segments, shop, targets
from helpers.files import DATA


@pytest.fixture(scope="module")
def customers() -> shop.Customers:
    return shop.read(DATA / "customer_behavior.csv")


def test_segments_take_its_features(customers):
    table = customers.features()
    assert list(table) == ["recency", "frequency", "monetary", "category_interest_score"]
    labels = segments.assign(table.head(500), k=3)
    assert segments.profile(table.head(500), labels)["customers"].sum() == 500


def test_customers_with_a_missing_value_are_left_out_of_the_features_that_have_it():
    some = shop.read(
        pd.DataFrame({"customer_id": list("abc"), "recency": [1, None, 3], "frequency": [4, 5, 6]})
    )
    assert some.features().index.tolist() == ["a", "c"]
    assert some.features(["frequency"]).index.tolist() == ["a", "b", "c"]


def test_a_column_that_is_no_number_is_refused_with_a_sentence(customers):
    with pytest.raises(shop.ShopError, match="is not there. Did you mean 'monetary'?"):
        customers.features(["monetry"])
    empty = shop.read(pd.DataFrame({"customer_id": ["a"], "recency": [1], "frequency": [None]}))
    with pytest.raises(shop.ShopError, match="'frequency': the column holds no numbers"):
        empty.features(["frequency"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda table: features.build(table, "2025-07-01"),
        lambda table: targets.future(table, "2025-07-01", "91D"),
        lambda table: production.train(table, None, "91D", "me", print),
        lambda table: table.visits,
    ],
    ids=["features", "targets", "model", "visits"],
)
def test_what_needs_orders_says_so(customers, ask):
    with pytest.raises(shop.ShopError, match="needs the orders themselves") as caught:
        ask(customers)
    assert "a row per order" in str(caught.value) and "customer_behavior.csv" in str(caught.value)


def test_what_lacks_a_column_names_it(customers):
    with pytest.raises(shop.ShopError, match="days since the first order .tenure."):
        lifetime.history(customers)
    said = " ".join(customers.notes)
    assert "RFM groups: yes" in said and "BG/NBD): no" in said and "orders themselves" in said


def test_it_shows_itself_and_its_report(customers):
    assert "4,000 rows" in repr(customers)
    assert "4,000  customers" in str(customers.report)
