"""Campaigns: what they did is known, and what an analyst can measure agrees."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulator


def standard_error(values: pd.Series) -> float:
    return values.std() / np.sqrt(len(values))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_randomized_arms_differ_by_the_true_uplift(seed):
    shop, truth = simulator.simulate(customers=8000, seed=seed)
    rows = shop.campaigns.merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "spring_voucher"]
    assert (rows["propensity"] == 0.5).all()
    treated, control = (
        rows.loc[rows["treated"] == arm, "converted"].astype(float) for arm in (True, False)
    )
    error = np.hypot(standard_error(treated), standard_error(control))
    assert abs(treated.mean() - control.mean() - rows["uplift"].mean()) < 3 * error


def test_the_selected_campaign_looks_better_than_it_is(full):
    shop, truth = full
    rows = shop.campaigns.merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "autumn_best_customers"]
    arm = rows.groupby("treated")["converted"].mean()
    assert arm[True] - arm[False] > rows.loc[rows["treated"], "uplift"].mean() + 0.04
    # Its propensities are honest: those treated are as many as they say.
    groups = rows.groupby(pd.cut(rows["propensity"], [0, 0.1, 0.5, 0.75, 1]), observed=True)
    off = groups["treated"].mean() - groups["propensity"].mean()
    spread = np.sqrt(groups["propensity"].apply(lambda p: (p * (1 - p)).sum())) / groups.size()
    assert (off.abs() < 4 * spread).all()


def test_campaign_outcomes_are_those_of_the_purchases(full):
    shop, _ = full
    rows = shop.campaigns.merge(shop.purchases, on="customer_id")
    after, before = (
        rows["ordered_at"] >= rows["assigned_at"],
        rows["ordered_at"] < rows["recorded_at"],
    )
    revenue = rows[after & before].groupby(["campaign_id", "customer_id"])["amount"].sum()
    table = shop.campaigns.set_index(["campaign_id", "customer_id"])
    expected = revenue.reindex(table.index, fill_value=0)
    assert np.allclose(table["revenue"], expected, atol=1e-6)
    assert (table["converted"] == (expected > 0)).all()
    cost = table["treated"] * (0.05 + 0.1 * table["revenue"])
    assert np.allclose(table["cost"], cost, atol=0.0051)


def test_true_profit_is_the_mean_of_measured_profit(full):
    shop, truth = full
    rows = shop.campaigns.merge(truth["campaigns"], on=["campaign_id", "customer_id"])
    rows = rows[rows["campaign_id"] == "spring_voucher"]
    profit = 0.40 * rows["revenue"] - rows["cost"]
    treated, control = profit[rows["treated"]], profit[~rows["treated"]]
    error = np.hypot(standard_error(treated), standard_error(control))
    assert abs(treated.mean() - control.mean() - rows["profit_uplift"].mean()) < 4 * error


def test_oracle_is_calibrated_where_no_campaign_interferes(full):
    shop, truth = full
    oracle = truth["oracle"][truth["oracle"]["cut_off"] == "2025-07-01"]
    begin = pd.Timestamp("2025-07-01")
    kept = shop.purchases[shop.purchases["cancelled_at"].isna()]
    inside = kept["ordered_at"].between(begin, begin + pd.Timedelta(weeks=26))
    revenue = kept[inside].groupby("customer_id")["amount"].sum()
    revenue = revenue.reindex(oracle["customer_id"], fill_value=0).to_numpy()
    for predicted, happened in (
        (oracle["p_order"], revenue > 0),
        (oracle["p_high_value"], revenue > oracle["threshold"].to_numpy()),
        (oracle["expected_revenue"], revenue),
    ):
        rest = pd.Series(happened - predicted.to_numpy())
        assert abs(rest.mean()) < 4 * standard_error(rest)
    bins = pd.qcut(oracle["p_order"].to_numpy(), 10, duplicates="drop")
    groups = pd.DataFrame({"p": oracle["p_order"].to_numpy(), "y": revenue > 0}).groupby(
        bins, observed=True
    )
    means = groups.mean()
    spread = np.sqrt(means["p"] * (1 - means["p"]) / groups.size()) + 1e-6
    assert ((means["y"] - means["p"]).abs() < 5 * spread).all()
    assert (revenue[~oracle["alive"].to_numpy()] == 0).all()
