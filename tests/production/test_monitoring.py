"""The alarms keep their promise: seldom false, and right when something happens."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import evaluation, production, widgets
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


def test_the_promise_alarm_is_false_as_often_as_it_says():
    rng = np.random.default_rng(1)
    p = rng.beta(0.5, 6, 1_500)
    alarms = [
        production.health(rng.random(1_500) < p, p, 30, 2, draws=199, seed=s).alarm
        for s in range(300)
    ]
    found = evaluation.proportion_interval(sum(alarms), 300)
    assert found.low < 0.05 < found.high


@pytest.mark.parametrize(
    ("spoiled", "named"),
    [
        (lambda rng, y, p: (y & (rng.random(len(y)) < 0.6), p), "share that ordered"),
        (lambda rng, y, p: (y, rng.permutation(p)), "AUC"),
        (lambda rng, y, p: (y, np.clip(p * 3, 0, 1)), "profit per 1,000"),
        (
            lambda rng, y, p: (y, np.clip((p - p.mean()) * 0.3 + p.mean(), 0, 1)),
            "calibration error",
        ),
    ],
)
def test_the_promise_alarm_names_what_broke(spoiled, named):
    rng = np.random.default_rng(2)
    p = rng.beta(0.5, 6, 4_000)
    found = production.health(*spoiled(rng, rng.random(4_000) < p, p), 30, 2)
    assert found.alarm and found.table.loc[named, "p"] <= 0.05


def test_health_by_hand():
    rng = np.random.default_rng(3)
    p = rng.beta(0.5, 6, 3_000)
    y = rng.random(3_000) < p
    found = production.health(y, p, 30, 2).table["observed"]
    assert found["share that ordered"] == pytest.approx(y.mean())
    assert found["profit per 1,000"] == pytest.approx(evaluation.profit(y, p > 2 / 30, 30, 2))
    assert found["AUC"] == pytest.approx(evaluation.SCORES["AUC"](y, p))
    assert found["calibration error"] == pytest.approx(evaluation.calibration_error(y, p), rel=0.02)


def test_health_is_shown_with_the_digits_it_deserves():
    rng = np.random.default_rng(3)
    p = rng.beta(0.5, 6, 3_000)
    found = production.health(rng.random(3_000) < p, p, 30, 2)
    shown = found.shown()
    profit = shown.loc["profit per 1,000", "observed"]
    assert profit.endswith("0") and float(profit.replace(",", "")) == round(
        found.table.loc["profit per 1,000", "observed"], -1
    )
    assert shown.loc["AUC", "observed"] == f"{found.table.loc['AUC', 'observed']:.3f}"
    assert (
        evaluation.Interval(-173.2, -4.0, 1_112.0).text(-1) == "-170 [0, 1110]"
        and "." not in found.missing()
    )
    assert (
        found._replace(lost=evaluation.Interval(-170.0, -240.0, -110.0)).missing()
        == "170 [110, 240] more than promised"
    )


def test_health_refuses_what_it_cannot_judge():
    with pytest.raises(ValueError, match="one propensity between 0 and 1"):
        production.health([0, 1], [0.5, 1.5], 30, 2)
    with pytest.raises(ValueError, match="nothing can be compared"):
        production.health([0, 0], [0.5, 0.5], 30, 2)


def test_the_trigger_wants_two_alarms_and_a_loss_that_matters():
    rng = np.random.default_rng(4)
    p = rng.beta(0.5, 6, 5_000)
    y = rng.random(5_000) < p
    good = production.health(y, p, 30, 2)
    bad = production.health(y & (rng.random(5_000) < 0.5), p, 30, 2)
    more = production.health(y | (rng.random(5_000) < 0.1), p, 30, 2)
    assert not good.alarm and bad.alarm and more.alarm
    assert production.retrain([good, bad, bad], 100, 5_000)
    for looks in ([bad], [good, bad], [bad, good], [more, more], [more, bad], []):
        assert not production.retrain(looks, 100, 5_000)
    assert not production.retrain([bad, bad], 1e9, 5_000), "too little to pay for a training"


def test_every_control_of_the_explorer_moves_its_table():
    made = widgets.drift_explorer()
    for name, value in {
        "reference": 5_000,
        "current": 1_000,
        "shift": 0.4,
        "threshold": 0.05,
    }.items():
        before = made.table.value
        made.controls[name].value = value
        assert made.message.value == "" and made.table.value != before, name
    made.controls["shift"].value = 0.0
    assert "calibrated at 5 %" in made.table.value
