"""The parts of the studies of the simulator's knobs, each against another way to its figure."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from helpers import cold_start, experiments, simulator
from helpers.course import studies
from helpers.course.studies import vouchers
from helpers.simulator import Knobs

pulled, contribution, drifting, groups, many = (
    studies.study(claim) for claim in ("c33", "c34", "c36", "c37", "c38")
)


@pytest.fixture(scope="module")
def made():
    return vouchers.campaign(5, 3_000, Knobs(pull_forward=0.5))


def test_the_read_out_at_eight_weeks_is_that_of_the_campaign_table(made):
    rows = made.rows
    profit = 1_000 * (0.40 * rows["revenue"] - rows["cost"])
    effect = experiments.compare(profit, rows["treated"])
    estimate, half = pulled.read_out(made.store, 8)
    assert estimate == pytest.approx(effect.estimate, abs=5)  # costs are stored to the cent
    assert half == pytest.approx((effect.high - effect.low) / 2, abs=5)


def test_the_long_run_is_in_the_rows_only_where_something_is_pulled_forward(made):
    assert (made.rows["profit_uplift_26"] <= made.rows["profit_uplift"] + 1e-6).all()
    assert "profit_uplift_26" not in vouchers.campaign(5, 300).rows


def test_policies_do_not_look_at_the_customers_they_are_judged_on(made):
    before = pulled.mailed_by(made)
    spoiled = made.rows.copy()
    outcomes = ["converted", "treated", "revenue", "cost"]
    judge = np.flatnonzero(~made.learn)
    spoiled.loc[spoiled.index[judge], outcomes] = made.rows[outcomes].iloc[judge[::-1]].to_numpy()
    after = pulled.mailed_by(made._replace(rows=spoiled))
    for name in pulled.POLICIES:
        assert (before[name] == after[name]).all(), name


def test_contribution_is_the_margin_of_what_stays_less_the_handling_of_what_comes_back():
    day = pd.Timestamp("2025-07-01")
    lines = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "b"],
            "category": ["fashion", "electronics", "toys", "beauty", "beauty"],
            "amount": [100.0, 200.0, 50.0, 10.0, 30.0],
            "ordered_at": day - pd.to_timedelta([5, 5, 400, 3, -1], unit="D"),
            "cancelled_at": [
                pd.NaT,
                day - pd.Timedelta("1D"),
                pd.NaT,
                day + pd.Timedelta("1D"),
                pd.NaT,
            ],
        }
    )
    found = contribution.earned(_Lines(lines), Knobs(margins=1.0), day - pd.Timedelta("30D"), day)
    assert found.loc["a"].tolist() == pytest.approx([100.0, 100 * 0.50 - contribution.HANDLING])
    assert found.loc["b"].tolist() == pytest.approx([10.0, 10 * 0.55])  # sent back later: not known


class _Lines:
    """A shop that is nothing but its order lines."""

    def __init__(self, purchases: pd.DataFrame):
        self.purchases = purchases


def test_the_rate_of_a_mix_is_what_its_lines_bring_on_average():
    store, _ = simulator.simulate(8_000, seed=5, knobs=(knobs := Knobs(returns=1.0, margins=1.0)))
    start = pd.Timestamp("2024-01-01")
    end = pd.Timestamp("2025-07-01")
    found = contribution.earned(store, knobs, start, end).sum()
    lines = store.purchases[store.purchases["ordered_at"] < end]
    spent = lines.groupby("category")["amount"].sum()[list(contribution.CATEGORIES)]
    mix = (spent / spent.sum()).to_numpy()[None]
    rate = contribution.rate(mix, knobs, store, "2025-07-01")[0]
    assert found["contribution"] / found["revenue"] == pytest.approx(rate, rel=0.06)


def test_nothing_is_forgotten_without_a_half_life():
    store, _ = simulator.simulate(1_000, seed=5)
    table = cold_start.moments(store)
    assert np.allclose(drifting.faded(store, table, np.inf), cold_start.counts(table))
    faded = drifting.faded(store, table, 30.0)
    assert (faded <= cold_start.counts(table) + 1e-9).all() and faded.sum() > 0


def test_a_rule_that_knows_the_rates_loses_nothing_and_chance_loses_what_it_must():
    rng = np.random.default_rng(0)
    rates = [rng.dirichlet(np.ones(6), 500) / 5] * 30
    known = drifting.play("greedy", rates, 1e6 * rates[0], 1e6 * (1 - rates[0]), 1.0, rng)
    assert known == pytest.approx(0.0, abs=1e-6)
    flat = np.ones_like(rates[0])
    lost = drifting.play("Thompson", rates, flat, 5 * flat, 1.0, rng)
    at_random = 30 * (rates[0].max(axis=1) - rates[0].mean(axis=1)).mean()
    assert 0 < lost < at_random


def test_promises_that_are_true_are_off_by_nothing():
    uplift = np.random.default_rng(0).normal(0.01, 0.02, 1_000)
    found = groups.judged(uplift, uplift)
    assert found[groups.OFF] == pytest.approx(0) and found[groups.PROMISED] == pytest.approx(0)
    assert found[groups.BEST] == pytest.approx(1_000 * np.sort(uplift)[-200:].mean())
    # twice the promise: the same Qini, and off by the mean size of the groups' effects
    assert groups.judged(2 * uplift, uplift)[groups.OFF] > 10
    assert np.bincount(groups.fifths(uplift)).tolist() == [200] * 5


def test_p_values_are_those_of_welch():
    rng = np.random.default_rng(0)
    values = rng.exponential(size=(2_000, 3))
    arms = rng.random((2_000, 4)) < 0.5
    found = many.p_values(values, arms)
    for split in range(4):
        arm = arms[:, split]
        wanted = stats.ttest_ind(values[arm], values[~arm], equal_var=False).pvalue
        assert found[split] == pytest.approx(wanted, rel=0.02, abs=1e-4)


def test_holm_is_that_of_statsmodels():
    p = np.random.default_rng(0).random((8, 7)) ** 3  # theirs takes a twentieth of a second each
    for row, found in zip(p, many.holm(p), strict=True):
        assert (found == multipletests(row, alpha=0.05, method="holm")[0]).all()


def test_the_metrics_are_those_of_the_tables():
    store, _ = simulator.simulate(1_000, seed=5)
    values, channel = many.metrics(store)
    assert values.shape == (len(channel), 20) and np.isfinite(values).all()
    end = many.START + pd.Timedelta(many.DAYS, "D")
    looks = store.visits["started_at"].between(many.START, end, inclusive="left")
    seen = store.visits["customer_id"].isin(store.visits.loc[~looks, "customer_id"])
    assert 0 < values[:, 7].sum() <= store.visits[looks & seen]["seconds"].sum()
    assert set(values[:, 0]) == {0.0, 1.0}
    assert ((values[:, 0] == 1) == (values[:, 1] > 0)).all()


@pytest.mark.parametrize("claim", ["c33", "c34", "c35", "c36", "c37", "c38"])
def test_a_study_of_a_knob_shows_a_curve_over_three_settings(claim):
    module = studies.study(claim)
    name = {"c33": "PULLED", "c34": "APART", "c35": "IDENTIFIED", "c36": "DRIFTS"}
    name |= {"c37": "SIZES", "c38": "FAMILIES"}
    settings = getattr(module, name[claim])
    assert len(settings) >= 3
    worlds = set(studies.rows(claim)["world"])
    if hasattr(module, "world"):
        assert worlds == {module.world(setting) for setting in settings}
