"""The simulated shop has the figures of ordinary shops."""

import pytest

from helpers import simulator


def test_every_figure_lies_in_its_band(full):
    table = simulator.marginals(*full)
    assert len(table) == 21
    assert table["inside"].all(), table[~table["inside"]]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_bands_do_not_hang_on_the_seed(seed):
    table = simulator.marginals(*simulator.simulate(seed=seed))
    assert table["inside"].all(), table[~table["inside"]]


def test_marginals_see_a_figure_out_of_its_band(small):
    shop, truth = small
    shop.purchases["amount"] *= 2
    try:
        assert not simulator.marginals(shop, truth).loc["order value, mean", "inside"]
    finally:
        shop.purchases["amount"] /= 2


def test_high_value_is_not_the_same_as_ordering_at_all():
    oracle = simulator.load_truth("oracle")
    assert (oracle["threshold"] > 20).all()
    assert (oracle["p_high_value"] < oracle["p_order"] + 1e-6).all()
