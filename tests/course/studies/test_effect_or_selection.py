"""c28: noise does not help the claim, and a drift before the start is shown."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.course import studies

C28 = studies.study("c28")


def test_an_interval_that_holds_zero_is_not_near_zero():
    contrast, rows = C28.CONTRASTS["households"], studies.rows("c28")
    arm = f"campaign {C28.CAMPAIGNS[-1]}, difference in differences"
    chosen = (rows["arm"] == arm) & (rows["seed"] >= 0)
    noise = np.random.default_rng(0).normal(size=chosen.sum())
    for deviation, verdict in ((5, "yes"), (60, "open")):
        rows.loc[rows["arm"] == arm, "value"] = 0.0
        rows.loc[chosen, "value"] = deviation * noise
        found = contrast.interval(rows)
        assert found.low < 0 < found.high
        assert contrast.verdict(rows) == verdict


def test_the_windows_before_the_start_are_those_of_the_year():
    tables = C28.campaigns()
    assert [column for column in tables[13] if column != "targeted"] == [-4, -3, -2, -1, 0]
    assert [column for column in tables[8] if column != "targeted"] == [-2, -1, 0]
    shown = {figure.what: figure.interval for figure in C28.finding(studies.rows("c28")).real}
    fell = shown["spend per household, campaign 18, trend to window -1"]
    assert fell.high < 0, "recipients and others did not go alike before the start"


def test_a_spread_covers_the_true_one():
    rng = np.random.default_rng(2)
    found = [C28.spread(rng.normal(0, 3, 30)) for _ in range(400)]
    covered = np.mean([interval.low < 3 < interval.high for interval in found])
    assert covered == pytest.approx(0.95, abs=0.035)
