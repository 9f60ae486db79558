"""The audit names planted leaks, lets clean pipelines pass, changes nothing, and says what it
could not look at."""

import itertools

import numpy as np
import pandas as pd
import pytest
from evaluation.audited import clean, held_out, later, leaks
from evaluation.audited.parts import CUT_OFF, KNOWN, STORE, once_a_shop, rfm, target
from sklearn.model_selection import KFold

from helpers import evaluation, features
from helpers.evaluation.auditing import pasts
from helpers.shop import EVENT_TIME

MOMENT = pd.Timestamp(CUT_OFF)
DAY = pd.Timedelta(days=1)
CASES = [*leaks.LEAKS, *clean.CLEAN, *held_out.LEAKS, *held_out.CLEAN]
CASES += [*later.LEAKS, *later.CLEAN]


CHANGES = ["deleted", "swapped", "recorded_later", "at_the_instant", "later", "shuffled", "renamed"]


@pytest.fixture(autouse=True, scope="module")
def changed_once():
    """Each changed shop is made once for all tests, for the audit hands out copies; and honest
    features are computed once of each. A shop gets a mark of its own whenever it is made."""
    made, marks = {}, itertools.count()

    def once(change):
        def remembered(store, *how):
            by = [
                tuple(zip(x.index, x, strict=True)) if isinstance(x, pd.Series) else x for x in how
            ]
            key = (change.__name__, id(store), *by)
            if key not in made:
                shop = change(store, *how)
                shop.purchases.attrs["mark"] = next(marks)
                made[key] = store, shop  # a store that is kept keeps its id
            return made[key][1]

        return remembered

    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            patch.setattr(pasts, name, once(getattr(pasts, name)))
        patch.setattr(features, "build", once_a_shop(features.build))
        patch.setitem(STORE.purchases.attrs, "mark", next(marks))
        yield
    KNOWN.clear()


def audit(build, **given):
    return evaluation.audit(build, STORE, CUT_OFF, progress=False, **{"shuffles": 5, **given})


def result(report, name: str) -> str:
    """What came of a check."""
    return next(check.result for check in report.checks if check.name == name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_leaks_are_named_and_clean_pipelines_pass(case):
    report = audit(case.build, **case.given)
    assert set(report.named) == case.named, str(report)
    assert report.clean == (not case.named)


def test_a_column_without_a_single_value_is_said_to_show_nothing():
    """No recommendation was shown before this cut-off: clicks are missing throughout."""
    report = audit(held_out.click_before_recorded)
    assert report.clean
    assert any(note.startswith("clicks: one value throughout") for note in report.notes)


def test_what_is_drawn_without_a_seed_is_said_and_not_accused():
    def build(store, cut_off):
        table = rfm(store, cut_off)
        return table.assign(drawn=np.random.default_rng().normal(size=len(table)))

    report = audit(build)
    assert report.clean
    assert any(note.startswith("drawn: differs when run again") for note in report.notes)


def test_rounding_is_no_leak_and_a_millionth_of_a_percent_more_is_one():
    def noisy(size):
        def build(store, cut_off):
            table = rfm(store, cut_off)
            return table.assign(monetary=table["monetary"] * (1 + size * len(store.visits)))

        return build

    assert audit(noisy(1e-12)).clean
    assert audit(noisy(1e-8)).named == ["monetary"]


def test_the_shop_stays_as_it_is_whatever_the_code_does():
    before = {name: table.copy() for name, table in STORE.tables.items()}

    def careless(store, cut_off):
        store.purchases["amount"] = 0.0
        store.visits.loc[:, "seconds"] = 0
        return store.customers.set_index("customer_id")[["region"]]

    audit(careless)
    for name, table in STORE.tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_code_that_fails_without_a_future_is_a_finding_of_its_own():
    def build(store, cut_off):
        after = store.purchases[store.purchases["ordered_at"] >= cut_off]
        return rfm(store, cut_off).assign(first=after["amount"].iloc[0])

    report = audit(build)
    assert "(rows)" in report.named and "IndexError" in str(report)


def test_customers_known_only_in_the_future_are_named():
    def build(store, cut_off):
        everybody = pd.Index(store.visits["customer_id"].unique(), name="customer_id")
        return rfm(store, cut_off).reindex(everybody)

    assert audit(build).named == ["(rows)"]


def test_a_table_of_another_shop_is_told_by_names_that_the_given_one_does_not_have():
    report = audit(held_out.another_shop)
    assert report.findings[0].check == "customers renamed"
    assert "outside the shop" in report.findings[0].what


def test_a_copy_under_another_name_and_index_is_found_and_idle_customers_are_no_copies():
    def copied(X, y):
        X, y = X.reset_index(drop=True), y.reset_index(drop=True)
        return X.iloc[::2], pd.concat([X.iloc[1::2], X.iloc[:40:2]]), y.iloc[::2], None

    report = audit(rfm, target=target, split=copied)
    assert result(report, "no twins across") == "found"

    def idle(store, cut_off):
        table = rfm(store, cut_off)
        return table[["frequency", "monetary"]].where(table["frequency"] > 1, 0)

    halves = {"split": lambda X: (np.arange(0, len(X), 2), np.arange(1, len(X), 2))}
    assert audit(idle, **halves).clean


def test_an_index_that_was_reset_accuses_nobody():
    def split(X, y):
        X, y = X.drop(columns="customer_id"), y
        parts = X.iloc[::2], X.iloc[1::2], y.iloc[::2], y.iloc[1::2]
        return [part.reset_index(drop=True) for part in parts]

    def numbered(store, cut_off):
        return rfm(store, cut_off).reset_index()

    report = audit(numbered, target=target, split=split)
    assert report.clean, str(report)
    assert result(report, "customers on one side") == "could not run"


def test_train_windows_that_end_after_the_test_cut_off_are_named():
    def by_last(frame):
        last = frame.index.get_level_values("cutoff").max()
        test = frame.index.get_level_values("cutoff") == last
        return frame[~test], frame[test]

    given = {"target": "bought", "split": by_last}
    assert audit(leaks.snapshots, **given, horizon="91D").clean
    report = audit(leaks.snapshots, **given, horizon="182D")
    assert report.named == ["split"] and "window of train outcomes" in str(report)


def test_a_snapshot_that_knows_what_came_after_it_is_named():
    def build(store, cut_off):
        table = leaks.snapshots(store, cut_off).drop(columns="bought")
        total = rfm(store, cut_off)["monetary"]
        return table.assign(total=total.reindex(table.index.get_level_values(1)).to_numpy())

    report = audit(build)
    assert report.named == ["total"] and report.findings[0].check == "snapshots"
    assert [check.name for check in report.checks].count("snapshots") == 1


def test_a_household_on_both_sides_is_named():
    given = {"split": KFold(3, shuffle=True, random_state=0)}
    assert audit(rfm, **given).clean
    report = audit(rfm, **given, groups=held_out.households(STORE))
    assert report.named == ["split"] and "households" in str(report)


def test_what_could_not_run_says_why():
    report = audit(rfm, split=leaks.smote_before)
    why = {check.name: check.why for check in report.checks if check.result == "could not run"}
    for name in ("customers on one side", "no twins across", "fitted on train only"):
        assert "give target as well" in why[name]
    assert why["outcomes shuffled"] == "neither model nor evaluate was given"
    late = evaluation.audit(rfm, STORE, "2026-03-01", progress=False)
    assert result(late, "future deleted") == "could not run"
    assert "could not run" in late.verdict


def test_what_cannot_be_audited_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="whose rows these are"):
        audit(lambda store, cut_off: pd.DataFrame({"x": [1.0, 2.0]}))
    with pytest.raises(ValueError, match="not a int"):
        audit(lambda store, cut_off: 3)
    with pytest.raises(ValueError, match="gave no row"):
        audit(lambda store, cut_off: rfm(store, cut_off).iloc[:0])
    for wrong in (20250101, "2025-01-01 00:00+01:00", None):
        with pytest.raises(ValueError, match="without time zone"):
            evaluation.audit(rfm, STORE, wrong)


def test_the_report_shows_names_as_text():
    def build(store, cut_off):
        total = store.purchases.groupby("customer_id")["amount"].sum()
        table = rfm(store, cut_off)
        return table.assign(**{"<img src=x>": total.reindex(table.index)})

    report = audit(build)
    page = report._repr_html_()
    assert "<img" not in page and "&lt;img src=x&gt;" in page
    assert list(report.table()["where"]) == ["<img src=x>"]
    assert "future swapped" in report.findings[0].also


def test_a_score_that_beats_chance_on_shuffled_outcomes_says_so_in_figures():
    report = audit(rfm, target=target, evaluate=lambda X, y: 0.7)
    assert report.named == ["score"] and "0.70 [0.70, 0.70]" in report.findings[0].what


def test_a_deleted_future_leaves_the_past_and_nothing_recorded_later():
    past = pasts.deleted(STORE, MOMENT)
    for name, table in past.tables.items():
        for column in table.columns[
            [pd.api.types.is_datetime64_any_dtype(d) for d in table.dtypes]
        ]:
            assert not (table[column] >= MOMENT).any()
        whole = STORE.tables[name]
        assert len(table) == (whole[EVENT_TIME[name]] < MOMENT).sum()
    early = pasts.deleted(STORE, pd.Timestamp("2024-11-01"))
    assert len(early.campaigns) and not early.campaigns["converted"].any()
    people = early.customers
    assert people.loc[people["answered_at"].isna(), "price_attitude"].isna().all()
    assert people["price_attitude"].notna().any()


def test_half_of_what_was_recorded_in_time_is_recorded_later():
    """A tenth of the vouchers held none that was redeemed, in two of four shops of 300 to 600."""
    late = pasts.recorded_later(STORE, MOMENT, 0)
    was, now = ((shop.campaigns["recorded_at"] < MOMENT).sum() for shop in (STORE, late))
    assert now == was // 2


@pytest.mark.parametrize("change", ["swapped", "instant"])
def test_another_future_has_the_same_past(change):
    if change == "swapped":
        other = pasts.swapped(STORE, MOMENT, 3)
    else:
        other = pasts.at_the_instant(STORE, MOMENT)
    for name, table in pasts.deleted(other, MOMENT).tables.items():
        pd.testing.assert_frame_equal(table, pasts.deleted(STORE, MOMENT).tables[name])
        assert not table.equals(other.tables[name]) or name == "campaigns"
    for name, table in other.tables.items():
        assert len(table) == len(STORE.tables[name])


def test_a_larger_shop_is_sampled_with_all_rows_of_its_customers():
    few = pasts.sample(STORE, 100, seed=0)
    ids = pasts.customer_ids(few)
    assert len(ids) == 100
    for name, table in few.tables.items():
        assert len(table) == STORE.tables[name]["customer_id"].isin(ids).sum()
