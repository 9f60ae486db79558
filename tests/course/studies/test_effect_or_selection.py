"""c28: noise does not help the claim, and a drift before the start is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.course import studies

C28 = studies.study("c28")


def changed(rows: pd.DataFrame, arm: str, values: np.ndarray) -> pd.DataFrame:
    """The rows with other values of an arm, seed by seed."""
    rows = rows.copy()
    chosen = rows["arm"] == arm
    assert chosen.sum() == len(values), arm
    rows.loc[chosen, "value"] = values
    return rows


@pytest.fixture
def as_expected() -> pd.DataFrame:
    """Rows under which all came as expected."""
    rows = studies.rows("c28")
    noise = np.random.default_rng(0).normal(size=rows["seed"].nunique())
    rows = changed(rows, "truth", -7 + 0 * noise)
    rows = changed(rows, "truth, overlap", 5 + 0 * noise)
    rows = changed(rows, "difference in differences", -7 + noise)
    rows = changed(rows, "weighted by propensity", -7 + noise)
    rows = changed(rows, "overlap weights", 5 + noise)
    for number in C28.CAMPAIGNS:
        rows = changed(rows, f"campaign {number}, difference in differences", noise)
    return rows


def test_an_interval_that_holds_zero_is_not_near_zero(as_expected):
    arm = "campaign 18, difference in differences"
    assert studies.verdict("c28", as_expected) == "yes"
    noise = np.random.default_rng(1).normal(size=as_expected["seed"].nunique())
    noise = 60 * (noise - noise.mean())
    mean = as_expected.loc[as_expected["arm"] == arm, "value"].mean()
    assert studies.verdict("c28", changed(as_expected, arm, mean + noise)) == "partly"


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
