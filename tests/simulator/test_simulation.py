"""The tables of a simulated shop: in the schema, consistent, and silent about the truth."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy import stats

from helpers import simulator
from helpers.shop import SCHEMA
from helpers.simulator import world


def test_tables_follow_the_schema_and_tell_nothing_of_the_truth(full):
    shop, truth = full
    assert set(shop.tables) == set(SCHEMA)
    secret = set(truth["customers"].columns) - {"customer_id", "style"}
    for name, table in shop.tables.items():
        assert list(table.columns) == list(SCHEMA[name])
        assert not secret & set(table.columns)
        for column in table.select_dtypes("str"):
            assert not set(world.SEGMENTS) & set(table[column].unique())


def test_orders_and_visits_agree(full):
    shop, _ = full
    ordered = shop.visits[shop.visits["ordered"]]
    from_visits = ordered.groupby(["customer_id", "category"])["visit_id"].nunique()
    from_orders = shop.purchases.groupby(["customer_id", "category"])["order_id"].nunique()
    pd.testing.assert_series_equal(from_visits, from_orders, check_names=False)
    assert ordered["visit_id"].nunique() == shop.purchases["order_id"].nunique()
    assert shop.visits.loc[shop.visits["ordered"], "added_to_cart"].all()
    # An order comes after the start of the visit in which it was placed.
    begin = ordered.groupby("visit_id").first().sort_values(["customer_id", "started_at"])
    order = shop.purchases.groupby("order_id").first().sort_values(["customer_id", "ordered_at"])
    wait = order["ordered_at"].to_numpy() - begin["started_at"].to_numpy()
    assert (wait > np.timedelta64(0)).all()


def test_what_is_known_later_is_recorded_later(full):
    shop, _ = full
    cancelled = shop.purchases.dropna(subset="cancelled_at")
    assert (cancelled["cancelled_at"] > cancelled["ordered_at"]).all()
    assert not cancelled.groupby("order_id")["cancelled_at"].agg(np.ptp).any()
    answered = shop.customers.dropna(subset="answered_at")
    assert (answered["answered_at"] > answered["signed_up_at"]).all()
    assert answered["favorite_category"].notna().all()
    silent = shop.customers[shop.customers["answered_at"].isna()]
    assert silent[list(SCHEMA["customers"])[7:]].isna().all(axis=None)
    assert (shop.campaigns["recorded_at"] > shop.campaigns["assigned_at"]).all()
    assert (shop.impressions["recorded_at"] > shop.impressions["shown_at"]).all()
    first = shop.visits.groupby("customer_id")["started_at"].min()
    known = shop.customers.set_index("customer_id")["signed_up_at"]
    pd.testing.assert_series_equal(first, known, check_names=False)


def test_units(full):
    shop, _ = full
    assert shop.visits["seconds"].min() >= 1
    for table, column in (("purchases", "amount"), ("campaigns", "revenue"), ("campaigns", "cost")):
        values = shop.tables[table][column]
        assert np.allclose(values, values.round(2), rtol=0, atol=1e-9)
        assert (values >= 0).all()
    price = shop.purchases["amount"] / shop.purchases["quantity"]
    assert np.allclose(price, price.round(2), rtol=0, atol=1e-6)
    assert set(shop.purchases["subcategory"]) == set(world.SUBCATEGORIES["subcategory"])
    assert len(world.SUBCATEGORIES) == 40


def test_same_seed_same_tables_other_seed_other_tables(small):
    shop, truth = small
    again, truth_again = simulator.simulate(customers=2000, seed=5)
    other, _ = simulator.simulate(customers=2000, seed=6)
    for name, table in shop.tables.items():
        assert_frame_equal(table, again.tables[name], check_exact=True)
        assert not table.equals(other.tables[name])
    for name, table in truth.items():
        assert_frame_equal(table, truth_again[name], check_exact=True)


@pytest.mark.parametrize("arguments", [{"customers": 10}, {"sep": -0.5}])
def test_what_cannot_be_simulated_is_refused(arguments):
    with pytest.raises(ValueError, match="must"):
        simulator.simulate(**arguments)


def signals(shop, truth) -> pd.Series:
    """Return the p-value of each behavioral figure against the segment."""
    visits = shop.visits.groupby("visit_id").agg(
        customer_id=("customer_id", "first"),
        hour=("started_at", lambda t: t.iloc[0].hour),
        source=("source", "first"),
        landing=("landing_category", "first"),
        seconds=("seconds", "sum"),
        cart=("added_to_cart", "any"),
        ordered=("ordered", "any"),
    )
    # One visit a customer, the first: visits of one customer are not independent.
    first = visits.groupby("customer_id").first()
    by_customer = visits.groupby("customer_id")
    figures = pd.DataFrame(
        {
            "visits": np.log(by_customer.size()),
            "carts": by_customer["cart"].mean(),
            "orders": np.log1p(by_customer["ordered"].sum()),
            "seconds": np.log(by_customer["seconds"].mean()),
            "hour": first["hour"],
            "value": np.log(shop.purchases.groupby("customer_id")["amount"].sum()),
        }
    )
    segment = truth["customers"].set_index("customer_id")["segment"]
    result = {
        name: stats.f_oneway(*[g.dropna() for _, g in column.groupby(segment)]).pvalue
        for name, column in figures.items()
    }
    known = shop.customers.set_index("customer_id")
    texts = [
        first["source"],
        first["landing"],
        known["age_band"],
        known["income_band"],
        known["acquisition_channel"],
        known["answered_at"].notna(),
    ]
    for column in texts:
        result[column.name] = stats.chi2_contingency(pd.crosstab(segment, column)).pvalue
    return pd.Series(result)


def test_segments_show_in_behavior_and_context():
    p = signals(*simulator.simulate(customers=4000, seed=7))
    assert (p < 1e-4).all(), p


def test_without_separation_the_segment_shows_nowhere():
    p = signals(*simulator.simulate(customers=4000, seed=7, sep=0))
    assert p.min() > 0.05 / len(p) / 5, p


def test_drift_moves_buying_and_only_later(small):
    def bought(shop, year):
        visits = shop.visits[shop.visits["started_at"].dt.year == year]
        carts = visits[visits["added_to_cart"]].groupby("visit_id")["ordered"].any()
        return carts.mean()

    drifted, _ = simulator.simulate(customers=2000, seed=5, drift=-2.0)
    assert bought(drifted, 2025) < 0.6 * bought(small[0], 2025)
    early = [
        shop.visits[shop.visits["started_at"] < "2024-01-15"]["ordered"].mean()
        for shop in (small[0], drifted)
    ]
    assert early[0] == pytest.approx(early[1], abs=0.02)
