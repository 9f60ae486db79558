"""What the checks of chapter 05 accept and refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from judged import judged
from sklearn.cluster import KMeans

from helpers import segments, simulator
from helpers.files import ROOT


@pytest.fixture(scope="module")
def dirty() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "customer_behavior_dirty.csv")


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "customer_behavior.csv")[segments.FEATURES]


def usable(table: pd.DataFrame) -> pd.DataFrame:
    return table.dropna().query("recency >= 0 and monetary >= 0 and frequency < 900")


@pytest.mark.parametrize(
    "clean",
    [
        lambda d: usable(d).drop_duplicates("customer_id"),
        lambda d: usable(d).drop_duplicates("customer_id", keep="last"),
        lambda d: usable(d).drop_duplicates("customer_id", keep=False),
        lambda d: usable(d.drop_duplicates()).drop_duplicates("customer_id", keep=False),
        lambda d: usable(d).groupby("customer_id").max(),
        lambda d: (
            usable(d).drop_duplicates("customer_id").sample(frac=1, random_state=0).iloc[:, ::-1]
        ),
    ],
)
def test_05_1_accepts_every_way_of_dropping(dirty, clean):
    assert judged("05.1", clean(dirty)).startswith("right")


@pytest.mark.parametrize(
    ("clean", "reply"),
    [
        (lambda d: absolute(d.fillna(0)).query("frequency < 900"), "recency is 0"),
        (
            lambda d: d.fillna(d[segments.FEATURES].median()).query(
                "recency >= 0 and monetary >= 0"
            ),
            "the median",
        ),
        (lambda d: absolute(d.dropna()).query("frequency < 900"), "-5 means 5"),
        (
            lambda d: (
                d.dropna().assign(recency=lambda t: t["recency"].clip(0)).query("monetary >= 0")
            ),
            "-5 means 5",
        ),
        (
            lambda d: (
                d.dropna()
                .query("recency >= 0 and monetary >= 0")
                .assign(frequency=lambda t: t["frequency"].clip(upper=100))
            ),
            "1,250,000",
        ),
        (lambda d: usable(d).groupby("customer_id").mean(), "20 customers have figures"),
        (
            lambda d: (
                usable(d)
                .drop_duplicates("customer_id")
                .assign(monetary=lambda t: np.log1p(t["monetary"]))
            ),
            "come later",
        ),
        (
            lambda d: (
                usable(d)
                .drop_duplicates("customer_id")
                .assign(customer_id=lambda t: "X" + t["customer_id"])
            ),
            "not in the file",
        ),
        (lambda d: usable(d).drop_duplicates("customer_id").head(3_700), "Only 3,700"),
        (lambda d: usable(d).drop(columns="customer_id"), "lost the columns customer_id"),
    ],
)
def test_05_1_refuses_what_is_invented_or_changed(dirty, clean, reply):
    said = judged("05.1", clean(dirty))
    assert reply in said and not said.startswith("right")


def absolute(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**table[segments.FEATURES].abs()).drop_duplicates("customer_id")


def test_05_1_refuses_the_clean_file():
    said = judged("05.1", pd.read_csv(ROOT / "data" / "customer_behavior.csv"))
    assert "120 customers with a missing value" in said


def test_05_2_refuses_the_truth_and_what_leaves_a_step_out(figures):
    truth = simulator.load_truth("customer_behavior")["segment"]
    assert "no shop has them" in judged("05.2", truth)
    assert "logged without scaling" in judged(
        "05.2", KMeans(4, n_init=10, random_state=1).fit_predict(np.log1p(figures))
    )
    recipe = segments.assign(figures, 4, "standardize")
    assert judged("05.2", recipe).startswith("ARI to the truth is 0.47. These were standardized")
    shuffled = np.random.default_rng(0).permutation(truth)
    assert "in the order of the file" in judged("05.2", shuffled)
    assert "one label per customer" in judged("05.2", recipe[:-1])
    assert "segments here is 5" in judged("05.2", segments.assign(figures, 5))
    assert "missing" in judged("05.2", pd.Series(recipe).where(recipe < 3))


@pytest.mark.parametrize("kind", [list, pd.Series, pd.Categorical, np.asarray, pd.DataFrame])
@pytest.mark.parametrize("names", [[3, 2, 1, 0], ["vip", "new", "lapsed", "bargain"]])
def test_05_2_takes_labels_of_any_kind(figures, kind, names):
    labels = segments.assign(figures, 4)
    assert judged("05.2", kind([names[label] for label in labels])).startswith("right")


def test_05_2_takes_another_algorithm_without_the_logarithm(figures):
    assert judged("05.2", segments.assign(figures, 4, "standardize", "ward")).startswith("right")


@pytest.mark.parametrize("answer", [1, 1.0, np.int64(1), np.float64(1), [1], "1"])
def test_05_4_takes_every_one(answer):
    assert judged("05.4", answer).startswith("right")


@pytest.mark.parametrize("answer", [0, 0.0, np.int64(0), None, "none", "None"])
def test_05_4_tells_how_to_say_none(answer):
    assert "No segments is k = 1" in judged("05.4", answer)


@pytest.mark.parametrize("answer", [True, "1 or 2", 1.5, 11, -1, float("nan"), [1, 2]])
def test_05_4_asks_for_a_whole_number(answer):
    assert "a whole number from 1 to 10" in judged("05.4", answer)


def test_05_4_is_about_a_file_without_segments_whose_elbow_says_four():
    mystery = pd.read_csv(ROOT / "data" / "colleague.csv")[segments.FEATURES]
    assert segments.knee(segments.inertias(mystery, transform="standardize")) == 4
    assert segments.choose_k(segments.gap(mystery, references=5)) == 1
    assert all("never say 1" in judged("05.4", np.int64(k)) for k in range(2, 11))
