"""Intervals cover what they should and refuse what they cannot do; scores, splits and money."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from helpers import evaluation
from helpers.evaluation import ranking


def test_the_mean_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    draws = rng.normal(3, 1, size=(2_000, 10))
    intervals = [evaluation.mean_interval(row) for row in draws]
    covered = np.mean([i.low <= 3 <= i.high for i in intervals])
    assert 0.935 < covered < 0.965


def test_one_repetition_gives_no_interval():
    with pytest.raises(ValueError, match="at least two"):
        evaluation.mean_interval(np.array([1.0]))
    with pytest.raises(ValueError, match="at least two folds"):
        evaluation.corrected_interval(np.array([1.0]), 4, 1)


def test_the_proportion_interval_works_at_the_ends():
    assert evaluation.proportion_interval(0, 30).low == 0
    assert 0.05 < evaluation.proportion_interval(0, 30).high < 0.2
    assert evaluation.proportion_interval(30, 30).high == 1


def test_the_ends_of_drawn_values_are_percentiles():
    assert evaluation.drawn_ends(np.arange(1001.0)).tolist() == [25, 975]


def test_drawn_values_and_a_normal_error_give_the_same_interval():
    drawn = np.random.default_rng(0).normal(size=(100_000, 2))
    half = evaluation.critical_value()
    np.testing.assert_allclose(
        evaluation.drawn_ends(drawn, axis=0).T, [[-half, half]] * 2, rtol=0.02
    )
    assert evaluation.critical_value(4) > evaluation.critical_value(400) > half


def test_text():
    interval = evaluation.Interval(0.5, 0.25, 0.75)
    assert interval.text() == "0.50 [0.25, 0.75]"
    assert interval.text(1, signed=True) == "+0.5 [+0.2, +0.8]"


def test_the_corrected_interval_is_the_published_formula():
    """Nadeau & Bengio 2003: variance of the differences times (1/K + n_test/n_train), K - 1
    degrees."""
    d = np.array([0.02, 0.01, 0.04, -0.01, 0.03])
    error = np.sqrt((1 / 5 + 20 / 80) * d.var(ddof=1))
    found = evaluation.corrected_interval(d, train=80, test=20)
    assert found == pytest.approx((0.018, *(0.018 + error * stats.t.ppf([0.025, 0.975], 4))))
    plain = evaluation.mean_interval(d)
    # five folds: the half-width grows by the root of 1 + K/(K - 1) = 2.25
    assert found.high - found.low == pytest.approx(1.5 * (plain.high - plain.low))


# --- scores ---------------------------------------------------------------------------------------

OUTCOMES = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])),
    min_size=2,
    max_size=60,
)


@given(OUTCOMES)
def test_average_precision_is_scikit_learns(rows):
    y, p = map(np.array, zip(*rows, strict=True))
    found = evaluation.average_precision(y, p)
    if y.any():
        assert found == pytest.approx(average_precision_score(y, p))
    else:
        assert np.isnan(found)


@given(OUTCOMES)
def test_a_draw_counts_what_scikit_learn_sorts(rows):
    y, p = map(np.array, zip(*rows, strict=True))
    scores = [roc_auc_score, average_precision_score, evaluation.average_precision]
    for score in scores if 0 < y.sum() < len(y) else []:
        quick, [ranks] = ranking.from_ranks(score, y, [p])
        assert quick is not score
        assert quick(y, ranks) == pytest.approx(score(y, p), abs=1e-12)


def test_what_scikit_learn_refuses_is_left_to_it():
    y, p = np.array([0, 1, 1]), np.array([0.1, np.nan, 0.3])
    with pytest.raises(ValueError, match="NaN"):
        evaluation.interval(roc_auc_score, y, p)
    with pytest.raises(ValueError, match="Only one class|multi_class|multiclass"):
        evaluation.interval(roc_auc_score, np.array([0, 1, 2, 1]), np.arange(4))
    kept, [same] = ranking.from_ranks(evaluation.lift, y, [p])
    assert kept is evaluation.lift and same is p


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_ndcg_is_scikit_learns_ties_included(seed, k):
    rng = np.random.default_rng(seed)
    relevance, scores = rng.poisson(0.5, (6, 7)), rng.integers(0, 4, (6, 7)).astype(float)
    found = evaluation.ndcg(relevance, scores, k)
    for row, value in enumerate(found):
        if relevance[row].any():
            assert value == pytest.approx(ndcg_score(relevance[[row]], scores[[row]], k=k))
        else:
            assert np.isnan(value)


def test_lift_by_hand_and_with_ties():
    y = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    assert evaluation.lift(y, np.arange(10)[::-1], budget=0.2) == pytest.approx(5)
    assert evaluation.lift(y, np.arange(10), budget=0.2) == 0
    assert evaluation.lift(y, np.ones(10), budget=0.2) == pytest.approx(1), (
        "all equal: as by chance"
    )
    # the border runs through four equal ones, of which half are positives
    p = np.array([0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0])
    assert evaluation.lift(y, p, budget=0.2) == pytest.approx(2.5)
    assert np.isnan(evaluation.lift(np.zeros(5), np.arange(5)))
    for budget in (0, 1.1, -1):
        with pytest.raises(ValueError, match="budget"):
            evaluation.lift(y, p, budget)


@given(st.integers(0, 1_000))
def test_lift_does_not_depend_on_the_order_of_the_rows(seed):
    rng = np.random.default_rng(seed)
    y, p = rng.random(50) < 0.3, rng.integers(0, 5, 50) / 5
    y[0] = True
    order = rng.permutation(50)
    assert evaluation.lift(y, p, 0.1) == pytest.approx(evaluation.lift(y[order], p[order], 0.1))


def test_the_calibration_table_is_scikit_learns_curve():
    rng = np.random.default_rng(0)
    p = rng.random(2_000)
    y = rng.random(2_000) < p**2
    table = evaluation.calibration_table(y, p)
    observed, predicted = calibration_curve(y, p, n_bins=10, strategy="quantile")
    np.testing.assert_allclose(table["observed"], observed, atol=0.01)
    np.testing.assert_allclose(table["predicted"], predicted, atol=0.01)
    assert table["rows"].sum() == 2_000
    assert (table["low"] <= table["observed"]).all() and (table["observed"] <= table["high"]).all()
    error = (table["rows"] * (table["observed"] - table["predicted"]).abs()).sum() / 2_000
    assert evaluation.calibration_error(y, p) == pytest.approx(error)


def test_equal_probabilities_stay_in_one_group():
    table = evaluation.calibration_table([0, 1, 0, 1], [0.3] * 4)
    assert len(table) == 1 and table["observed"].item() == 0.5
    assert evaluation.calibration_error([0, 1, 0, 1], [0.5] * 4) == 0


# --- the bootstrap by customer --------------------------------------------------------------------


def test_a_customer_is_drawn_with_all_rows_or_not_at_all():
    customers = np.array(["a", "b", "a", "c", "c", "c"])
    for rows in evaluation.resample(customers, draws=50, seed=1):
        drawn = np.bincount(rows, minlength=6)
        assert drawn[0] == drawn[2] and drawn[3] == drawn[4] == drawn[5]
        assert drawn[0] + drawn[1] + drawn[3] == 3, "as many customers as there are"


def test_a_row_a_customer_is_the_plain_bootstrap():
    [rows] = evaluation.resample(range(1_000), draws=1)
    assert len(rows) == 1_000 and 600 < len(np.unique(rows)) < 665  # 63.2 %


def test_repeated_rows_widen_the_interval_only_if_customers_are_told():
    rng = np.random.default_rng(0)
    y = rng.random(300) < 0.3
    p = y * 0.3 + rng.random(300)
    often, who = np.tile(y, 9), np.tile(np.arange(300), 9)

    def width(**options):
        found = evaluation.interval(roc_auc_score, often, np.tile(p, 9), **options)
        return found.high - found.low

    single = evaluation.interval(roc_auc_score, y, p)
    assert width(customers=who) == pytest.approx(single.high - single.low, rel=0.2)
    assert width() < 0.5 * width(customers=who)


def test_the_difference_is_paired():
    rng = np.random.default_rng(0)
    y = rng.random(500) < 0.2
    p = y * 0.5 + rng.random(500)
    nearly = p + rng.normal(0, 0.01, 500)
    found = evaluation.difference(roc_auc_score, y, nearly, p)
    alone = evaluation.interval(roc_auc_score, y, p)
    assert found.low <= found.estimate <= found.high
    assert found.high - found.low < 0.1 * (alone.high - alone.low)
    same = evaluation.difference(roc_auc_score, y, p, p)
    assert tuple(same) == (0, 0, 0)


def test_draws_without_a_positive_are_passed_over_and_lengths_must_match():
    y = np.array([1, 0, 0, 0, 0])
    drawn = evaluation.resampling.drawn_scores(roc_auc_score, y, [np.arange(5)], draws=100)
    assert 0 < len(drawn) < 100
    with pytest.raises(ValueError, match="differ in length"):
        evaluation.interval(roc_auc_score, y, np.arange(4))


def test_the_scoreboard_is_tidy_and_agrees_with_its_parts():
    rng = np.random.default_rng(0)
    y = rng.random(400) < 0.2
    predictions = {"b": np.clip(y * 0.2 + rng.random(400), 0, 1), "a": rng.random(400)}
    board = evaluation.scoreboard(y, predictions, against="a", draws=50)
    assert list(board["model"]) == ["b"] * 3 + ["a"] * 3, "in the given order"
    assert list(board["score"][:3]) == ["AUC", "average precision", "log loss"]
    row = board.iloc[0]
    alone = evaluation.interval(roc_auc_score, y, predictions["b"], draws=50)
    paired = evaluation.difference(roc_auc_score, y, predictions["b"], predictions["a"], draws=50)
    assert tuple(row[["estimate", "low", "high"]]) == pytest.approx(tuple(alone))
    assert tuple(row[["difference", "difference_low", "difference_high"]]) == pytest.approx(
        tuple(paired)
    )
    assert board[board["model"] == "a"]["difference"].isna().all()
    for wrong, said in (
        ({"scores": ["accuracy"]}, "no score"),
        ({"against": "c"}, "no model 'c'"),
    ):
        with pytest.raises(ValueError, match=said):
            evaluation.scoreboard(y, predictions, **wrong)
    with pytest.raises(ValueError, match="same outcome"):
        evaluation.scoreboard(np.zeros(400), predictions)


def test_the_scoreboard_as_text():
    rng = np.random.default_rng(0)
    y, p = rng.random(200) < 0.4, rng.random(200)
    board = evaluation.scoreboard(y, {"a": p, "b": 1 - p}, ["AUC"], against="a", draws=20)
    shown = evaluation.text_table(board)
    assert list(shown.index) == ["a", "b"] and list(shown.columns) == ["AUC", "difference"]
    assert shown.loc["a", "AUC"] == evaluation.interval(roc_auc_score, y, p, draws=20).text()
    assert shown.loc["a", "difference"] == "" and shown.loc["b", "difference"].startswith(
        ("+", "-")
    )
    plain = evaluation.text_table(evaluation.scoreboard(y, {"a": p}, draws=5))
    assert list(plain.columns) == ["AUC", "average precision", "log loss"]


# --- splits in time -------------------------------------------------------------------------------


def snapshots(*cutoffs: str) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [pd.to_datetime(cutoffs), ["a", "b"]], names=["cutoff", "customer_id"]
    )
    return pd.DataFrame({"x": range(len(index))}, index=index)


def test_only_windows_that_had_closed_are_learned_from():
    frame = snapshots("2024-10-01", "2024-12-31", "2025-01-01", "2025-07-01")
    train, test = evaluation.time_split(frame, "2025-07-01", "182D")
    used = train.index.get_level_values("cutoff").unique().strftime("%Y-%m-%d")
    assert list(used) == ["2024-10-01", "2024-12-31"], "181 days are one too few"
    assert len(test) == 2


def test_the_split_refuses_what_would_leak():
    frame = snapshots("2025-03-01", "2025-07-01")
    with pytest.raises(ValueError, match="no window of 182D had closed by 2025-07-01.*2024-12-31"):
        evaluation.time_split(frame, "2025-07-01", "182D")
    with pytest.raises(
        ValueError, match="no rows at the cut-off 2025-06-01; there are: 2025-03-01"
    ):
        evaluation.time_split(frame, "2025-06-01", "90D")


# --- money ----------------------------------------------------------------------------------------


def test_the_threshold_is_cost_over_gain():
    assert evaluation.best_threshold(30, 2) == pytest.approx(2 / 30)
    for gain, cost in ((0, 1), (-1, 0), (10, -1), (1, 2)):
        with pytest.raises(ValueError):
            evaluation.best_threshold(gain, cost)


def test_profit_by_hand():
    y, contacted = [1, 0, 1, 0], [True, True, False, False]
    assert evaluation.profit(y, contacted, gain=30, cost=2) == pytest.approx(1_000 * (28 - 2) / 4)
    assert evaluation.profit(y, [False] * 4, 30, 2) == 0
    per_customer = evaluation.profit(y, contacted, gain=[10, 20, 30, 40], cost=[1, 2, 3, 4])
    assert per_customer == pytest.approx(1_000 * (9 - 2) / 4)


def test_the_curve_is_the_profit_at_each_threshold_and_peaks_at_cost_over_gain():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 9, 50_000).round(3)
    y = rng.random(50_000) < p
    curve = evaluation.profit_curve(y, p, gain=30, cost=2)
    for _, row in curve.iloc[::17].iterrows():
        contacted = p > row["threshold"]
        assert row["contacted"] == pytest.approx(contacted.mean())
        assert row["profit"] == pytest.approx(evaluation.profit(y, contacted, 30, 2))
    best = curve.loc[curve["profit"].idxmax(), "threshold"]
    assert best == pytest.approx(evaluation.best_threshold(30, 2), abs=0.03)
