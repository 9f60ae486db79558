"""The click prior and the truth, in shops that show more of what a customer likes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import cold_start, simulator

CUTOFF = "2025-04-01"
SEEDS = range(7_200, 7_206)


class NewShop:
    """A simulated shop: its hybrid, its log of impressions, and the true click rates."""

    def __init__(self, seed: int):
        self.store, truth = simulator.simulate(customers=4_000, seed=seed)
        train, test = cold_start.split(cold_start.moments(self.store), CUTOFF)
        self.old, self.new = train[train["events"] == 0], test[test["events"] == 0]
        self.hybrid = cold_start.Hybrid().fit(train)
        names = ["taste_" + name for name in self.hybrid.categories_]
        self.taste = truth["customers"].set_index("customer_id")[names].astype(float)
        impressions = self.store.impressions
        self.shown = impressions[impressions["recorded_at"] < CUTOFF]

    def rates(self, table: pd.DataFrame) -> np.ndarray:
        """The true click rates at the first position (n, K)."""
        taste = self.taste.loc[table["customer_id"]].to_numpy()
        return simulator.click_probability(taste, np.array(1))

    def learned(self, shown: pd.DataFrame, table: pd.DataFrame) -> tuple[np.ndarray, float]:
        """The prior means (n, K) and their strength, from the impressions `shown`."""
        prior = cold_start.ClickPrior().fit(shown, self.old, self.hybrid)
        a, b = prior.parameters(self.hybrid.prior(table))
        return a / (a + b), prior.strength_


@pytest.fixture(scope="module")
def shops() -> list[NewShop]:
    return [NewShop(seed) for seed in SEEDS]


def in_standard_errors(gaps: list[float]) -> float:
    return float(np.mean(gaps) / (np.std(gaps, ddof=1) / len(gaps) ** 0.5))


def test_the_prior_mean_is_the_truth_although_the_log_is_not(shops):
    weighted, plain = [], []
    for shop in shops:
        truth = shop.rates(shop.new).mean()
        weighted.append(shop.learned(shop.shown, shop.new)[0].mean() - truth)
        as_if_equal = shop.shown.assign(propensity=1 / len(shop.hybrid.categories_))
        plain.append(shop.learned(as_if_equal, shop.new)[0].mean() - truth)
    assert abs(in_standard_errors(weighted)) < 3
    assert in_standard_errors(plain) > 3, "without weights it is too high"


def test_the_strength_is_that_of_the_true_rates(shops):
    gaps = []
    for shop in shops:
        mean, strength = shop.learned(shop.shown, shop.old)
        spread = ((shop.rates(shop.old) - mean) ** 2).sum() / (mean * (1 - mean)).sum()
        gaps.append(1 / (strength + 1) - spread)  # the variance of a beta is m (1 - m) / (M + 1)
    assert abs(in_standard_errors(gaps)) < 3


def test_equal_propensities_change_nothing_of_the_likelihood(shops):
    """Where everything was shown equally often, the weighted strength is that of the counts."""
    shop = shops[0]
    shown = shop.shown.assign(propensity=1 / len(shop.hybrid.categories_))
    fitted = cold_start.ClickPrior().fit(shown, shop.old, shop.hybrid)
    since = shop.old.set_index("customer_id")["moment"].reindex(shown["customer_id"]).to_numpy()
    first = shown[(shown["shown_at"].to_numpy() >= since) & (shown["position"] == 1).to_numpy()]
    tried = first.groupby(["customer_id", "category"])["clicked"].agg(["sum", "size"]).reset_index()
    a, b = fitted.parameters(shop.hybrid.prior(shop.old))
    rows = pd.Index(shop.old["customer_id"]).get_indexer(tried["customer_id"])
    columns = pd.Index(shop.hybrid.categories_).get_indexer(tried["category"])
    mean = (a / (a + b))[rows, columns]
    counts = np.column_stack([tried["sum"], tried["size"] - tried["sum"]])
    by_counts = cold_start.fit_strength(counts, np.column_stack([mean, 1 - mean]))
    assert fitted.strength_ == pytest.approx(by_counts, rel=1e-3)


def test_impressions_without_a_propensity_are_passed_over(shops):
    shop = shops[0]
    half = shop.shown.assign(propensity=shop.shown["propensity"].mask(shop.shown.index % 2 == 0))
    mean, strength = shop.learned(half, shop.new)
    again, same = shop.learned(shop.shown[shop.shown.index % 2 == 1], shop.new)
    np.testing.assert_array_equal(mean, again)
    assert strength == same
    with pytest.raises(ValueError, match="with a propensity above 0"):
        shop.learned(shop.shown.assign(propensity=np.nan), shop.new)
