"""The read-out of somebody's own experiment, and what it says of tables that cannot be read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import experiments, quote, shop
from helpers.errors import ReaderError


@pytest.fixture
def table() -> pd.DataFrame:
    """1,000 customers: customer_id, arm, orders (more in the voucher's arm), before, spend."""
    rng = np.random.default_rng(0)
    ids = [f"C{i}" for i in range(1_000)]
    arm = experiments.assign(ids, "x", {"control": 0.5, "voucher": 0.5}).to_numpy()
    before = rng.poisson(3, 1_000)
    orders = rng.poisson(before + (arm == "voucher"))
    return pd.DataFrame(
        {
            "customer_id": ids,
            "arm": arm,
            "orders": orders,
            "before": before,
            "spend": orders * rng.lognormal(3, 0.5, 1_000),
        }
    )


def refused(said: str, table, **options) -> None:
    with pytest.raises(experiments.ExperimentError, match=said) as found:
        experiments.read_out(table, **{"outcome": "orders"} | options)
    assert isinstance(found.value, ReaderError)


def test_the_effect_is_that_of_compare(table):
    found = experiments.read_out(table, "orders", guardrails="spend")
    effect = experiments.compare(table["orders"], table["arm"] == "voucher")
    first = found.iloc[0]
    assert list(first[["effect", "low", "high"]]) == pytest.approx(effect[:3])
    assert list(found["role"]) == ["primary", "guardrail"]
    assert first["reading"] == "above zero"
    assert first["customers"] == (table["arm"] == "voucher").sum()
    control = table.loc[table["arm"] == "control", "orders"]
    assert first["control_mean"] == pytest.approx(control.mean())


def test_the_past_makes_the_interval_narrower(table):
    plain = experiments.read_out(table, "orders").iloc[0]
    adjusted = experiments.read_out(table, "orders", before=["before"]).iloc[0]
    assert adjusted["high"] - adjusted["low"] < 0.8 * (plain["high"] - plain["low"])
    assert adjusted["control_mean"] == plain["control_mean"], "as it was, not as it is adjusted"


def test_true_and_false_are_numbers_and_zero_stays_inside(table):
    rng = np.random.default_rng(1)
    table["clicked"] = rng.random(len(table)) < 0.3
    assert experiments.read_out(table, "clicked")["reading"].tolist() == ["includes zero"]
    table["fewer"] = -table["orders"]
    assert experiments.read_out(table, "fewer")["reading"].tolist() == ["below zero"]


def test_three_arms_are_compared_with_the_control_and_pay_for_it(table):
    table["arm"] = np.resize(["control", "a", "b"], 1_000)
    found = experiments.read_out(table, "orders")
    assert list(found["arm"]) == ["a", "b"]
    part = table[table["arm"] != "b"]
    two = experiments.compare(part["orders"], part["arm"] == "a")
    assert found.loc[0, "high"] > two.high, "Bonferroni"


def test_other_shares_are_named(table):
    part = table[(table["arm"] == "control") | (np.arange(1_000) % 4 == 0)]
    refused("Stop the read-out.*shares=", part)
    share = (part["arm"] == "control").mean()
    shares = {"control": share, "voucher": 1 - share}
    assert len(experiments.read_out(part, "orders", shares=shares)) == 1
    refused("planned shares: the shares must add up to 1", part, shares={"control": 0.5})
    refused("no share was planned for the arm 'voucher'", part, shares={"control": 1.0})


@pytest.mark.parametrize("missing", ["customer_id", "arm", "orders"])
def test_a_missing_column_is_named(table, missing):
    refused(f"no column '{missing}'.*rename", table.drop(columns=missing))
    refused("no column 'past'", table, before="past")
    refused("Did you mean 'spend'", table, guardrails=["spent"])


def test_what_cannot_be_read_is_said(table):
    refused("'C0' stands there more than once", pd.concat([table, table.head(1)]))
    refused("1 customer without an arm", table.assign(arm=table["arm"].where(table.index > 0)))
    refused("one arm only", table[table["arm"] == "control"])
    refused("an arm 'old'; the arms are: control, voucher", table, control="old")
    refused("holds no numbers", table.assign(orders="yes"))
    refused(
        "1 customer without a value", table.assign(orders=table["orders"].where(table.index > 0))
    )
    refused("1 row without", table.assign(customer_id=table["customer_id"].where(table.index > 0)))
    refused("Too few to read", table.assign(orders=np.arange(1_000) < 5))
    refused("Too few to read", table.groupby("arm").head(8))


def test_a_guardrail_of_hardly_anybody_says_so(table):
    table["complaints"] = (np.arange(1_000) < 5) * 1
    found = experiments.read_out(table, "orders", guardrails=["complaints"])
    assert found.loc[1, "reading"] == "too few to read" and np.isnan(found.loc[1, "effect"])


def test_a_file_read_by_the_shop_is_taken_and_orders_are_not(table, tmp_path):
    table.to_csv(tmp_path / "my_test.csv", index=False)
    mine = shop.read(tmp_path / "my_test.csv")
    found = experiments.read_out(mine, "orders")
    assert found["effect"].tolist() == experiments.read_out(table, "orders")["effect"].tolist()
    refused("holds orders, and no arms", orders(20))


def test_the_read_out_is_written(table, tmp_path, capsys):
    quote.save_list(experiments.read_out(table, "orders"), tmp_path / "read_out.csv")
    assert "1 rows written" in capsys.readouterr().out
    assert pd.read_csv(tmp_path / "read_out.csv").loc[0, "metric"] == "orders"


def orders(customers: int) -> shop.Shop:
    """Orders of 10 on every day of 2025, by customers in turn."""
    days = pd.date_range("2025-01-01", "2025-12-31")
    whose = [f"C{i % customers}" for i in range(len(days))]
    return shop.read(pd.DataFrame({"customer_id": whose, "date": days, "amount": 10.0}))


def test_outcomes_are_summed_from_orders():
    arms = pd.DataFrame({"customer_id": ["C1", "C3", "new"], "arm": ["a", "b", "a"]})
    found = experiments.outcomes(orders(20), arms, "2025-07-01", days=40, before=20)
    assert found["ordered"].tolist() == [1, 1, 0]
    assert found["spend"].tolist() == [20.0, 20.0, 0.0], "two rounds of twenty days"
    assert found["spend_before"].tolist() == [10.0, 10.0, 0.0]
    without = experiments.outcomes(orders(20), arms, "2025-07-01", days=40, before=None)
    assert list(without) == ["customer_id", "arm", "ordered", "spend"]


def test_a_canceled_order_is_none():
    store = orders(20)
    store.purchases["cancelled_at"] = store.purchases["ordered_at"]
    arms = pd.DataFrame({"customer_id": ["C1"], "arm": ["a"]})
    found = experiments.outcomes(store, arms, "2025-07-01", days=40)
    assert found.loc[0, ["ordered", "spend", "spend_before"]].tolist() == [0, 0.0, 0.0]


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"start": "2025-12-01"}, "end on 2025-12-31.*fewer days"),
        ({"start": "2025-02-01"}, "begin on 2025-01-01.*before=None"),
        ({"arms": pd.DataFrame({"customer_id": ["C1"]})}, "no column 'arm'"),
        (
            {"arms": pd.DataFrame({"customer_id": ["C1", "C1"], "arm": ["a", "b"]})},
            "more than once",
        ),
        ({"arms": pd.DataFrame({"customer_id": [1], "arm": ["a"]})}, "written alike.*'C0'"),
    ],
)
def test_orders_that_do_not_fit_are_said(changes, said):
    arms = pd.DataFrame({"customer_id": ["C1"], "arm": ["a"]})
    options = {"arms": arms, "start": "2025-07-01"} | changes
    with pytest.raises(experiments.ExperimentError, match=said):
        experiments.outcomes(orders(20), **options)


def test_a_table_of_customers_has_no_orders(table):
    mine = shop.read(table)
    with pytest.raises(experiments.ExperimentError, match="one row a customer, and no orders"):
        experiments.outcomes(mine, table, "2025-07-01")


def test_the_arms_of_a_campaign_are_named():
    store = shop.load()
    arms = experiments.campaign_arms(store, "spring_voucher")
    campaigns = store.campaigns.query("campaign_id == 'spring_voucher'")
    assert list(arms) == ["customer_id", "arm"]
    assert (arms["arm"] == "treated").sum() == campaigns["treated"].sum()
    with pytest.raises(experiments.ExperimentError, match="there are: autumn"):
        experiments.campaign_arms(store, "summer")


def test_a_shop_without_campaigns_says_so(table):
    for mine in (orders(20), shop.read(table)):
        with pytest.raises(experiments.ExperimentError, match="no table of campaigns"):
            experiments.campaign_arms(mine, "spring_voucher")
