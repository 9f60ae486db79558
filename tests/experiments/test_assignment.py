"""Assignment by hash, and the check of the sample ratio."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from helpers import experiments

HALF = {"control": 0.5, "voucher": 0.5}


@pytest.fixture(scope="module")
def customers() -> list[str]:
    return [f"C{i:06d}" for i in range(20_000)]


def test_an_assignment_is_the_same_on_every_machine_and_day():
    arms = experiments.assign([f"C00000{i}" for i in range(1, 7)], "spring", HALF)
    assert "".join(arms.str[0]) == "vcccvv"


def test_shares_are_kept_and_experiments_are_independent(customers):
    shares = {"control": 0.7, "a": 0.2, "b": 0.1}
    first = experiments.assign(customers, "first", shares)
    second = experiments.assign(customers, "second", shares)
    assert experiments.check_ratio(first, shares).ok and experiments.check_ratio(second, shares).ok
    assert stats.chi2_contingency(pd.crosstab(first, second)).pvalue > 0.001


@given(
    names=st.lists(st.text(min_size=1), unique=True, min_size=1, max_size=50),
    name=st.text("ab:1", min_size=1),
)
def test_order_and_company_do_not_matter(names, name):
    arms = experiments.assign(names, name, HALF)
    again = experiments.assign(names[::-1], name, HALF)
    assert arms.to_dict() == again.to_dict()
    assert experiments.assign(names[:1], name, HALF).iloc[0] == arms.iloc[0]


def test_a_larger_share_keeps_who_was_treated(customers):
    few = experiments.assign(customers, "roll-out", {"voucher": 0.1, "control": 0.9}) == "voucher"
    more = experiments.assign(customers, "roll-out", {"voucher": 0.5, "control": 0.5}) == "voucher"
    assert more[few].all()


def test_numbers_and_their_text_are_the_same_customer():
    numbers = experiments.assign(range(100), "x", HALF)
    text = experiments.assign([str(i) for i in range(100)], "x", HALF)
    assert numbers.tolist() == text.tolist()
    assert experiments.assign(pd.Index([7], name="household"), "x", HALF).index.name == "household"
    assert experiments.assign([], "x", HALF).empty


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"control": 0.5, "voucher": 0.6}, "add up to 1, not to 1.1"),
        ({"control": 1.0, "voucher": 0.0}, "'voucher' must be above 0"),
        ({"control": 1.2, "voucher": -0.2}, "'voucher' must be above 0"),
        ({"control": 0.5, "voucher": np.nan}, "above 0"),
        ({"control": "half"}, "must be a number"),
        ({}, "a dict such as"),
        ([0.5, 0.5], "a dict such as"),
    ],
)
def test_wrong_shares_are_a_sentence(shares, said):
    with pytest.raises(ValueError, match=said):
        experiments.assign(["a"], "x", shares)
    with pytest.raises(ValueError, match=said):
        experiments.check_ratio(["control"], shares)


@pytest.mark.parametrize(
    ("ids", "name", "said"),
    [
        (["a", "b", "a"], "x", "'a' stands there twice"),
        (["a", None], "x", "1 of 2 customer ids are missing"),
        (["a"], " ", "a name of its own"),
        (["a"], None, "a name of its own"),
    ],
)
def test_wrong_customers_or_names_are_a_sentence(ids, name, said):
    with pytest.raises(ValueError, match=said):
        experiments.assign(ids, name, HALF)


def test_the_ratio_check_is_the_chi_squared_test():
    arms = ["control"] * 5_210 + ["voucher"] * 4_790
    found = experiments.check_ratio(arms, HALF)
    assert found.p_value == pytest.approx(stats.chi2.sf((210**2 / 5_000) * 2, 1))
    assert not found.ok and "Stop the read-out" in str(found)
    fair = experiments.check_ratio(["control"] * 5_010 + ["voucher"] * 4_990, HALF)
    assert fair.ok and "may go on" in str(fair)


def test_an_arm_nobody_is_in_counts_and_an_unplanned_one_is_named():
    assert not experiments.check_ratio(["control"] * 100, HALF).ok
    with pytest.raises(ValueError, match="no share was planned for the arm 'other'"):
        experiments.check_ratio(["other"], HALF)
    with pytest.raises(ValueError, match="1 customers have no arm"):
        experiments.check_ratio(["control", None], HALF)
    with pytest.raises(ValueError, match="no customer in any arm"):
        experiments.check_ratio([], HALF)


def test_the_ratio_check_alarms_as_rarely_as_it_says():
    rng = np.random.default_rng(0)
    counts = rng.binomial(10_000, 0.5, size=4_000)
    p = stats.chisquare(np.column_stack([counts, 10_000 - counts]), axis=1).pvalue
    assert (p < 0.001).mean() < 0.003
