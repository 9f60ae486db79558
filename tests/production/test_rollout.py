"""Shadow, canary, A/B: groups, and when to go on."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import evaluation, production


def test_groups_are_nested_and_the_hold_out_is_the_same():
    ids = [f"C{i:05d}" for i in range(20_000)]
    stages = {
        stage: production.groups(ids, "spring", stage, 2025)
        for stage in ("shadow", "canary", "A/B")
    }
    held = {stage: set(g.index[g == "hold-out"]) for stage, g in stages.items()}
    assert held["shadow"] == held["canary"] == held["A/B"]
    assert (
        set(ids)
        > held["A/B"]
        == set((other := production.groups(ids, "autumn", "A/B", 2025)).index[other == "hold-out"])
    )
    few, half = (set(stages[s].index[stages[s] == "challenger"]) for s in ("canary", "A/B"))
    assert few < half and not (stages["shadow"] == "challenger").any()
    assert (stages["A/B"] == "challenger").mean() == pytest.approx(0.475, abs=0.02)
    assert (stages["A/B"] != other).mean() > 0.4, "another roll-out draws other customers"
    with pytest.raises(ValueError, match="no stage 'live'"):
        production.groups(ids, "spring", "live", 2025)


def test_the_next_year_holds_out_others():
    held = {}
    for year in (2025, 2026):
        group = production.groups(range(40_000), "spring", "A/B", year)
        held[year] = set(group.index[group == "hold-out"])
    both = len(held[2025] & held[2026]) / len(held[2025])
    assert both == pytest.approx(0.05, abs=0.02), "as many as chance puts into both"


def test_the_shadow_lets_a_better_challenger_on_and_stops_what_is_broken():
    rng = np.random.default_rng(0)
    p = rng.beta(0.5, 5, 20_000)
    y = rng.random(len(p)) < p
    rough = np.where(rng.permutation(p) > 0.05, 0.1, 0.01)
    assert production.shadow(rough, p, y, 20, 1).go
    worse = production.shadow(p, rng.permutation(p), y, 20, 1)
    assert not worse.go and "may bring less" in str(worse)
    assert "times as many" in production.shadow(p, np.full(len(p), 0.9), y, 20, 1).why
    broken = np.where(rng.random(len(p)) < 0.01, np.nan, p)
    assert "scores are unusable" in production.shadow(p, broken, y, 20, 1).why


def skewed_profit(rng, size: int) -> np.ndarray:
    return (rng.random(size) < 0.05) * np.exp(rng.normal(3, 1, size))


def test_a_harmless_canary_is_seldom_stopped_and_a_harmful_one_is():
    rng = np.random.default_rng(0)
    group = np.repeat(["challenger", "champion"], [200, 3_800])
    harmless = [
        production.canary(skewed_profit(rng, 4_000), group, draws=199).go for _ in range(200)
    ]
    assert (
        np.mean(harmless) > 0.94
    )  # 0.975 is promised; 200 draws leave 0.022 for two standard errors
    # what an interval by t would do: more than twice as many as it says
    by_t = [
        production.between(skewed_profit(rng, 4_000), group, "challenger", "champion").high < 0
        for _ in range(1_000)
    ]
    assert evaluation.proportion_interval(sum(by_t), 1_000).low > 0.05
    harm = skewed_profit(rng, 4_000) - 5.0 * (group == "challenger")
    assert not production.canary(harm, group).go
    lost = (group == "challenger") & (rng.random(len(group)) < 0.5)
    assert "Stop the read-out" in production.canary(harm[~lost], group[~lost]).why


def test_the_ab_test_needs_proof_and_the_planned_shares():
    rng = np.random.default_rng(0)
    group = production.groups(range(20_000), "x", "A/B", 2025).to_numpy()
    profit = skewed_profit(rng, 20_000)
    assert not production.ab(profit, group).go
    better = production.ab(profit + 1.0 * (group == "challenger"), group)
    assert better.go and better.difference.low > 0
    lost = (group == "challenger") & (rng.random(len(group)) < 0.2)
    assert "Stop the read-out" in production.ab(profit[~lost], group[~lost]).why
    with pytest.raises(ValueError, match="too few"):
        production.between([1.0], ["champion"], "champion", "hold-out")
