"""What the recommender learns its click rates from."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import production, simulator
from helpers.shop import Shop


@pytest.fixture(scope="module")
def world() -> tuple[Shop, dict]:
    return simulator.simulate(customers=3_000, seed=7_300)


def with_propensity(store: Shop, propensity: object) -> Shop:
    """The shop with another column of propensities in its impressions."""
    impressions = store.impressions.assign(propensity=propensity)
    return Shop(name=store.name, **(store.tables | {"impressions": impressions}))


def first_rates(store: Shop) -> np.ndarray:
    """The expected click rates (K,) of somebody of whom nothing is known."""
    online = production.train_online(store, "2025-10-01")
    nothing = np.zeros(len(online.categories))
    a, b = online.beta(online.shares({}), nothing, nothing)
    return a / (a + b)


def test_click_rates_are_lower_than_the_log_says(world):
    store, truth = world
    taste = truth["customers"].filter(like="taste_").to_numpy(dtype=float)
    true = simulator.click_probability(taste, np.array(1)).mean()
    weighted, logged = first_rates(store).mean(), first_rates(with_propensity(store, 1 / 6)).mean()
    assert logged > weighted * 1.08
    assert abs(weighted - true) < abs(logged - true)


def test_without_propensities_no_click_rates_are_learned(world):
    with pytest.raises(production.ModelError, match="no click rates can be learned: 0 impressions"):
        production.train_online(with_propensity(world[0], np.nan), "2025-10-01")
