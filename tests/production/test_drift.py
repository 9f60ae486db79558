"""Drift: the alarm is false as often as it says, and sees what moved."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import evaluation, production
from helpers.widgets.drift import simulated_psi


def table(rng, n: int, shift: float = 0.0) -> pd.DataFrame:
    """Columns of every kind that hang together: numbers, counts full of ties, gaps, text, flags."""
    x = rng.normal(shift, 1, n)
    return pd.DataFrame(
        {
            "number": x,
            "nearly the same": x + 0.1 * rng.normal(size=n),
            "count": rng.poisson(0.5, n),
            "gaps": np.where(rng.random(n) < 0.2, np.nan, rng.normal(size=n)),
            "text": rng.choice(["a", "b", "c"], n),
            "flag": rng.random(n) < 0.3,
            "constant": 1.0,
        }
    )


def test_the_drift_alarm_is_false_as_often_as_it_says():
    rng = np.random.default_rng(0)
    weeks = 400
    alarms = [
        production.drift(table(rng, 150), table(rng, 120), draws=99, seed=w).alarm
        for w in range(weeks)
    ]
    found = evaluation.proportion_interval(sum(alarms), weeks)
    assert found.low < 0.05 < found.high


def test_the_drift_alarm_sees_a_shift_and_names_the_column():
    rng = np.random.default_rng(0)
    moved = table(rng, 500)
    moved["count"] += rng.random(500) < 0.4
    found = production.drift(table(rng, 500), moved)
    assert found.alarm and found.table.index[0] == "count" and found.table["p"].iloc[0] == found.p
    assert (found.table.loc[["text", "constant"], "p"] > 0.05).all()
    assert found.table["p"].between(1 / 200, 1).all()


def test_customers_on_both_sides_are_kept_on_one():
    rng = np.random.default_rng(0)
    everybody = table(rng, 2_000).set_axis([f"C{i}" for i in range(2_000)])
    same = production.drift(everybody, everybody)
    assert not same.alarm
    assert same.table["psi"].max() > 0.001, "two halves differ; the same customers would not"
    assert production.drift(everybody, everybody.assign(number=lambda t: t["number"] + 0.5)).alarm


def test_what_cannot_be_compared_is_a_sentence():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="too few for 10 bins"):
        production.drift(table(rng, 99), table(rng, 500))
    with pytest.raises(ValueError, match="lack the columns text"):
        production.drift(table(rng, 200), table(rng, 200).drop(columns="text"))


# eighths, so that doubling is exact; the smallest floats lose digits when a quantile lies between
# them
measured = st.integers(-8_000_000, 8_000_000).map(lambda eighths: eighths / 8)


@given(
    values=st.lists(measured, min_size=20, max_size=60),
    others=st.lists(measured, min_size=20, max_size=60),
)
@settings(max_examples=50, deadline=None)
def test_psi_is_never_negative_and_blind_to_order_and_scale(values, others):
    value = production.psi(values, others)
    assert value >= 0 and np.isfinite(value)
    assert production.psi(values[::-1], others[::-1]) == pytest.approx(value)
    assert production.psi(np.array(values) * 2, np.array(others) * 2) == pytest.approx(value)


def test_psi_of_known_shares():
    """With a bin a value: p = (.5, .5), q = (.8, .2), counts raised by a half."""
    p, q = np.array([500.5, 500.5]) / 1_001, np.array([800.5, 200.5]) / 1_001
    by_hand = ((q - p) * np.log(q / p)).sum()
    reference, current = [0] * 500 + [1] * 500, [0] * 800 + [1] * 200
    assert production.psi(reference, current) == pytest.approx(by_hand)
    names = np.array(["no", "yes"])
    assert production.psi(names[reference], names[current]) == pytest.approx(by_hand)
    gaps = np.where(np.array(current) == 1, np.nan, 0.0)
    assert production.psi(np.where(np.array(reference) == 1, np.nan, 0.0), gaps) == pytest.approx(
        by_hand
    )


@pytest.mark.parametrize(("n", "m"), [(200, 200), (2_000, 300)])
def test_the_null_of_the_psi_is_the_formula_and_the_explorer(n, m):
    rng = np.random.default_rng(0)
    drawn = np.array([production.psi(rng.normal(size=n), rng.normal(size=m)) for _ in range(1_500)])
    assert drawn.mean() == pytest.approx(production.psi_by_chance(n, m), rel=0.06)
    passed = (drawn > production.psi_by_chance(n, m, level=0.05)).mean()
    assert 0.03 < passed < 0.07
    assert simulated_psi(n, m, 0.0).mean() == pytest.approx(drawn.mean(), rel=0.06)
    shifted = [production.psi(rng.normal(size=n), rng.normal(0.3, 1, m)) for _ in range(500)]
    assert simulated_psi(n, m, 0.3).mean() == pytest.approx(np.mean(shifted), rel=0.08)
