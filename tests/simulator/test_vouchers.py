"""The spring voucher, sent to whom one likes."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulator


@pytest.fixture(scope="module")
def truth():
    campaigns = simulator.load_truth("campaigns")
    return campaigns[campaigns["campaign_id"] == "spring_voucher"].set_index("customer_id")


def flags(value):
    return pd.Series(value, index=simulator.reachable())


def test_everybody_of_the_campaign_can_be_reached(truth):
    assert set(simulator.reachable()) == set(truth.index)


def test_the_profit_to_expect_is_that_of_the_formula(truth):
    people = simulator.load_truth("customers").set_index("customer_id")
    value = np.exp(people.loc[truth.index, "log_value"])
    gain = simulator.voucher_profit(flags(True)) - simulator.voucher_profit(flags(False))
    by_hand = value * (0.3 * truth["p1"] - 0.4 * truth["p0"]) - 0.05
    assert np.allclose(gain[truth.index], by_hand, atol=1e-4)  # stored with seven digits


def test_what_is_drawn_has_the_mean_that_is_expected():
    sent = flags(np.arange(len(simulator.reachable())) % 2 == 0)
    rng = np.random.default_rng(3)
    means = [simulator.voucher_profit(sent, rng).mean() for _ in range(40)]
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - simulator.voucher_profit(sent).mean()) < 4 * error


def test_whoever_is_not_contacted_costs_nothing_and_the_order_of_rows_is_kept():
    backwards = flags(False)[::-1]
    profit = simulator.voucher_profit(backwards)
    assert (profit >= 0).all() and profit.index.equals(backwards.index)


def test_strangers_are_refused():
    with pytest.raises(ValueError, match="reachable"):
        simulator.voucher_profit(pd.Series([True], index=["nobody"]))
