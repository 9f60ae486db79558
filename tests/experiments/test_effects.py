"""Effects: means and ratios of two arms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers import experiments


@pytest.fixture(scope="module")
def baskets() -> pd.DataFrame:
    """Baskets of customers who differ: customer, amount, treated (by customer)."""
    rng = np.random.default_rng(0)
    size = rng.geometric(0.2, 600)
    who = np.repeat(np.arange(600), size)
    amount = np.exp(rng.normal(3, 0.7, 600))[who] * np.exp(rng.normal(0, 0.4, len(who)))
    return pd.DataFrame(
        {"customer": who, "amount": amount, "treated": (rng.random(600) < 0.5)[who]}
    )


def test_compare_is_welch(baskets):
    spend = baskets.groupby("customer").agg(amount=("amount", "sum"), treated=("treated", "first"))
    found = experiments.compare(spend["amount"], spend["treated"])
    a, b = (spend.loc[spend["treated"] == arm, "amount"] for arm in (True, False))
    test = stats.ttest_ind(a, b, equal_var=False)
    assert found.p_value == pytest.approx(test.pvalue)
    assert found.estimate == pytest.approx(a.mean() - b.mean())
    assert found.low < found.estimate < found.high
    assert found.text(1).startswith("+" if found.estimate > 0 else "-")


def test_the_delta_method_agrees_with_the_bootstrap_by_customer(baskets):
    own = baskets.groupby("customer").agg(
        top=("amount", "sum"), bottom=("amount", "size"), treated=("treated", "first")
    )
    found = experiments.compare_ratio(own["top"], own["bottom"], own["treated"])
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(2_000):
        one = own.iloc[rng.integers(len(own), size=len(own))]
        sums = one.groupby("treated")[["top", "bottom"]].sum()
        ratio = sums["top"] / sums["bottom"]
        drawn.append(ratio[True] - ratio[False])
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(np.std(drawn), rel=0.08)
    naive = experiments.compare(baskets["amount"], baskets["treated"])
    assert naive.high - naive.low < 0.7 * (found.high - found.low)


def test_a_ratio_over_one_each_is_a_mean():
    rng = np.random.default_rng(0)
    values, treated = rng.normal(size=500), np.arange(500) % 2 == 0
    mean, ratio = (
        experiments.compare(values, treated),
        experiments.compare_ratio(values, np.ones(500), treated),
    )
    assert ratio.estimate == pytest.approx(mean.estimate)
    assert ratio.p_value == pytest.approx(mean.p_value, abs=2e-3)


@pytest.mark.filterwarnings("error")
def test_arms_without_any_spread_have_an_answer():
    assert experiments.compare([1, 1, 1, 1], [1, 0, 1, 0]) == (0, 0, 0, 1)
    assert experiments.compare([1, 2, 1, 2], [1, 0, 1, 0]) == (-1, -1, -1, 0)
    assert experiments.compare_ratio([1, 1, 1, 1], [2, 2, 2, 2], [1, 0, 1, 0]).p_value == 1


@pytest.mark.parametrize(
    ("values", "treated", "said"),
    [
        ([1, 2, 3], [True, False], "differ in length"),
        ([1, 2, np.nan, 4], [1, 0, 1, 0], "1 values are missing"),
        ([1, 2, 3, 4], ["a", "b", "a", "b"], "arm == 'voucher'"),
        ([1, 2, 3, 4], [1, 2, 1, 2], "true or false"),
        ([1, 2, 3, 4], [True, True, True, False], "3 treated and 1 others"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_a_sentence(values, treated, said):
    with pytest.raises(ValueError, match=said):
        experiments.compare(values, treated)
    with pytest.raises(ValueError, match=said):
        experiments.compare_ratio(values, np.ones(len(values)), treated)


def test_a_ratio_needs_something_below():
    with pytest.raises(ValueError, match="adds up to 0"):
        experiments.compare_ratio([1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0])
