"""Promises kept or not, and when to train anew."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from helpers import evaluation, production


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


def window(rng, n, shock, lost=0.0):
    """Outcomes and propensities of a window whose customers share a shock on the logit."""
    p = rng.beta(0.5, 6, n)
    moved = expit(logit(np.clip(p, 1e-9, 1)) + shock * rng.normal())
    return (rng.random(n) < moved) & (rng.random(n) >= lost), p


def share_of_alarms(rng, shock, windows, looks, lost=0.0):
    alarms = 0
    for seed in range(looks):
        past = [window(rng, 4_000, shock) for _ in range(windows)]
        y, p = window(rng, 4_000, shock, lost)
        alarms += production.health(y, p, 30, 2, draws=99, seed=seed, past=past).alarm
    return evaluation.proportion_interval(alarms, looks)


def test_a_common_shock_is_no_alarm_once_the_past_has_shown_it():
    rng = np.random.default_rng(5)
    assert share_of_alarms(rng, shock=0.15, windows=0, looks=60).low > 0.15
    calm = share_of_alarms(rng, shock=0.15, windows=6, looks=120)
    assert calm.low < 0.05 and calm.high < 0.15
    assert share_of_alarms(rng, shock=0.15, windows=6, looks=30, lost=1 / 2).low > 0.6
    assert share_of_alarms(rng, shock=0.0, windows=6, looks=60).low < 0.05


def test_the_shock_is_found_from_the_past():
    rng = np.random.default_rng(6)
    found = production.common_shock([window(rng, 5_000, 0.3) for _ in range(120)])
    assert found == pytest.approx(0.3, rel=0.2)
    calm = production.common_shock([window(rng, 5_000, 0.0) for _ in range(120)])
    assert calm < 0.02
    with pytest.raises(ValueError, match="three or more, not in 2"):
        production.common_shock([window(rng, 500, 0.0)] * 2)
    with pytest.raises(ValueError, match="one propensity between 0 and 1"):
        production.common_shock([([0, 1], [0.5, 1.5])] * 3)
