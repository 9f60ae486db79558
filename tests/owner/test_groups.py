"""Groups, cohorts and two dates: by pandas by hand, and a steady shop raises no alarm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from benchmarks import moved as drawn
from hypothesis import given
from small_shops import AS_OF, PROFILE, shops

from helpers import evaluation, features, segments
from helpers.owner import cohorts, followed, named_groups
from helpers.owner.moved import ALL, FEWER, FRESH, NothingBetween, moved
from helpers.shop import Shop
from helpers.workbench.groups_words import MOVED_WHY

END, QUARTER = drawn.END, pd.Timedelta("91D")


@pytest.fixture(scope="module")
def steady() -> Shop:
    return drawn.draw(drawn.World(whole=False, years=3), 1)


@PROFILE
@given(store=shops())
def test_buyers_are_those_of_the_features(store):
    known = features.build(Shop("s", store.purchases), AS_OF)
    known = known.loc[known["frequency"] > 0, ["recency", "frequency", "monetary"]]
    if known.empty:
        with pytest.raises(ValueError, match="Nobody had bought"):
            named_groups.buyers_at(store, AS_OF)
        return
    found = named_groups.buyers_at(store, AS_OF)
    pd.testing.assert_frame_equal(
        found, known, check_dtype=False, check_index_type=False, check_names=False, rtol=1e-9
    )


def test_the_scale_gives_the_scores_of_rfm_groups(steady):
    buyers = named_groups.buyers_at(steady, END)
    scores = segments.rfm_groups(buyers)
    both = (scores["f"] + scores["m"]) / 2
    found = named_groups.Scale(buyers).names(buyers)
    champions = (scores["r"] == 5) & (both >= 4.5)
    assert ((found == "champions") == champions).all() and champions.any()


def test_own_lines_are_where_they_were_drawn(steady):
    found = named_groups.groups_at(steady, END, named_groups.Cuts(91, 4, 150))
    best = (found["silent"] <= 91) & (found["orders"] >= 4) & (found["spent"] >= 150)
    assert ((found["group"] == "top customers") == best).all() and best.any()
    with pytest.raises(ValueError, match="at least 1"):
        named_groups.groups_at(steady, END, named_groups.Cuts(0, 4, 150))


def test_lapsed_are_those_who_ordered_the_quarter_before_and_not_after(steady):
    before, since = named_groups.a_quarter_ago(steady, END)
    then, lines = END - QUARTER, steady.purchases
    later = set(lines.loc[lines["ordered_at"] >= then, "customer_id"])
    active = before[(before["group"] == "champions") & (before["silent"] <= 91)].index
    lapsed = np.mean([customer not in later for customer in active])
    assert since.loc["champions", "lapsed"] == pytest.approx(lapsed)
    row = since.loc["champions"]
    assert row["spent_low"] < row["spent_each"] < row["spent_high"]
    found = followed.deserves(since, "champions")
    assert found.difference.low > 0
    assert found.members + found.others == len(before)


@pytest.mark.parametrize("every", ["M", "Q"])
def test_cohorts_are_those_of_pandas(steady, every):
    found = cohorts.retention(steady, END, every)
    lines = steady.purchases.assign(p=steady.purchases["ordered_at"].dt.to_period(every))
    lines = lines[lines["p"] < END.to_period(every)]
    first = lines.groupby("customer_id")["p"].min()
    lines["first"] = lines["customer_id"].map(first)
    cohort = found.size.index[2]
    mine = lines[lines["first"] == cohort]
    assert found.size[cohort] == mine["customer_id"].nunique()
    for later in (0, 1, 2):
        there = mine[mine["p"] == cohort + later]
        n = found.size[cohort]
        assert found.share.loc[cohort, later] == there["customer_id"].nunique() / n
        assert found.money.loc[cohort, later] == pytest.approx(there["amount"].sum() / n)
    last = found.share.index[-1]
    assert found.share.loc[last, 0] == 1 and found.share.loc[last].iloc[1:].isna().all()
    assert len(cohorts.as_rows(found)) == int(found.share.notna().sum().sum())


def test_two_dates_count_everybody_once(steady):
    found = moved(steady, END - QUARTER, END)
    buyers = named_groups.buyers_at(steady, END - QUARTER)
    assert found.groups.drop([ALL, FRESH])["customers"].sum() == len(buyers)
    assert found.flows.to_numpy().sum() == len(named_groups.buyers_at(steady, END))
    with pytest.raises(NothingBetween, match="after the first"):
        moved(steady, END, END)


def test_a_steady_shop_raises_no_alarm_and_a_halved_one_does():
    world = drawn.World(whole=False, years=3)
    quiet = [drawn.compare(world, seed)["alarm"] for seed in range(100, 112)]
    assert sum(quiet) <= 3  # by chance alone four of twelve come once in 400 times
    halved = drawn.draw(world._replace(orders=0.5), 100)
    found = moved(halved, END - QUARTER, END)
    assert found.changed and found.groups.loc[ALL, "verdict"] == FEWER


def test_a_young_shop_has_no_band():
    lines = drawn.draw(drawn.World(whole=False, years=3), 1).purchases
    young = Shop("s", lines[lines["ordered_at"] > END - 2 * QUARTER].reset_index(drop=True))
    found = moved(young, END - QUARTER, END)
    assert not found.earlier and not found.changed


def test_the_rows_of_the_benchmark_come_out_again_and_are_those_that_the_words_tell():
    rows = pd.read_csv(drawn.RESULT)
    for file, (whole, years, a_year) in list(drawn.FILES.items())[:4]:
        for change in ("steady", "orders -30%"):
            world = drawn.World(whole, years, a_year, **drawn.CHANGES[change])
            here = rows[(rows["file"] == file) & (rows["change"] == change)].iloc[3]
            found = drawn.compare(world, int(here["seed"]))
            assert found == here[list(found)].to_dict()
    steady = rows.loc[rows["change"] == "steady", "alarm"]
    share = evaluation.proportion_interval(int(steady.sum()), len(steady))
    assert f"Of {len(steady):,} simulated shops" in MOVED_WHY
    said = f"{steady.sum()} showed something outside ({100 * share.estimate:.1f} %, "
    assert f"{said}{100 * share.low:.1f} to {100 * share.high:.1f})" in MOVED_WHY
    fewer = rows[rows["change"] == "orders -30%"].groupby("file")["alarm"].mean() * 100
    small = fewer.drop("cut, 3 years, large")
    assert f"{small.min():.0f} to {small.max():.0f} of 100" in MOVED_WHY
    assert f"{fewer['cut, 3 years, large']:.0f} of 100 with 2,000" in MOVED_WHY
    half = rows[rows["change"] == "orders -50%"].groupby("file")["alarm"].mean() * 100
    assert f"50 % less, {half.min():.0f} to {half.max():.0f}." in MOVED_WHY
