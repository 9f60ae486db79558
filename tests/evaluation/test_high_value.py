"""One rule says who is of high value: targets, the oracle and the shop's figures agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import evaluation, shop, simulator, targets
from helpers.simulator.marginals import high_value


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=60),
    st.floats(0.01, 0.99),
)
def test_the_top_share_equals_included_and_nobody_for_nothing(amounts, share):
    values = pd.Series(amounts, dtype=float)
    chosen = evaluation.high_value(values, share)
    sought = max(1, round(share * len(values)))
    border = np.sort(values)[::-1][sought - 1]
    assert list(chosen) == [value >= border and value > 0 for value in values]
    assert list(values >= evaluation.least_high_value(values, share)) == list(chosen)


@pytest.mark.parametrize("share", [0, 1, -0.1, 2])
def test_a_share_outside_is_refused(share):
    with pytest.raises(ValueError, match="share must lie between 0 and 1"):
        evaluation.high_value(pd.Series([1.0]), share)


@pytest.mark.parametrize("cut_off", ["2025-01-01", "2025-07-01"])
def test_target_oracle_and_figures_are_about_the_same_customers(cut_off):
    store = shop.load()
    target = targets.high_value(store, cut_off)
    oracle = simulator.load_truth("oracle").set_index("customer_id")
    oracle = oracle[oracle["cut_off"] == pd.Timestamp(cut_off)]
    assert set(oracle.index) == set(target.index)
    revenue = targets.future(store, cut_off)["revenue"].loc[target.index]
    assert ((revenue > oracle["threshold"].iloc[0] - 0.005) == target).all()
    assert high_value(store, cut_off)[0] == target.sum()
