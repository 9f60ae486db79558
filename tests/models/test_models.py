"""Every pipeline of the catalogue works on awkward tables, or says in a sentence why it cannot; a
search can be stopped and continued."""

from __future__ import annotations

import importlib
import os

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import (
    GroupKFold,
    ParameterGrid,
    ParameterSampler,
    RandomizedSearchCV,
    StratifiedKFold,
    cross_val_predict,
)
from sklearn.tree import DecisionTreeClassifier

from helpers import models

NAMES = [*models.ALGORITHMS, "average of three"]


def pipeline(name: str):
    return models.average() if name == "average of three" else models.model(name)


def table(rows: int = 300, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Columns of every kind, gaps among them, and an outcome that two of them tell something
    about."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "spend": rng.lognormal(3, 1, rows),
            "recency": np.where(rng.random(rows) < 0.2, np.nan, rng.integers(0, 300, rows)),
            "never": rng.random(rows) < 0.3,
            "orders": rng.integers(0, 9, rows),
            "constant": 1.0,
            "missing": np.nan,
            "region": pd.Series(rng.choice(["north", "south", None], rows), dtype="str"),
        }
    )
    y = (np.log(X["spend"]) + X["orders"] / 3 + rng.normal(0, 1, rows)) > 5
    return X, y.rename("y")


@pytest.mark.parametrize("name", NAMES)
def test_constant_missing_and_unseen_values_are_taken(name):
    X, y = table()
    new = table(50, seed=1)[0].astype({"orders": float})
    new["region"] = pd.Series([None] + ["east"] * 49, dtype="str")
    new.loc[0, ["spend", "recency", "orders"]] = np.nan  # a customer of whom nothing is known
    p = pipeline(name).fit(X, y).predict_proba(new)
    assert p.shape == (50, 2) and np.isfinite(p).all() and np.allclose(p.sum(axis=1), 1)


@pytest.mark.parametrize("name", NAMES)
def test_it_learns_and_the_same_seed_learns_the_same(name):
    X, y = table()
    new, y_new = table(seed=1)
    first = pipeline(name).fit(X, y).predict_proba(new)[:, 1]
    assert roc_auc_score(y_new, first) > 0.75
    assert (pipeline(name).fit(X, y).predict_proba(new)[:, 1] == first).all()


@pytest.mark.parametrize("name", NAMES)
def test_thirty_rows_are_enough_to_fit(name):
    X, y = table(30)
    assert pipeline(name).fit(X, y).predict_proba(X).shape == (30, 2)


@pytest.mark.parametrize("name", NAMES)
def test_one_positive_in_a_fold_is_enough(name):
    X, _ = table(100)
    y = np.zeros(100, dtype=bool)
    y[[3, 60]] = True  # two in all: one to learn from, one to score
    p = cross_val_predict(pipeline(name), X, y, cv=StratifiedKFold(2), method="predict_proba")
    assert np.isfinite(p).all()


@pytest.mark.parametrize("name", models.ALGORITHMS)
def test_what_cannot_teach_is_said_in_a_sentence(name):
    X, y = table(40)
    for case, target, said in (
        (X, np.zeros(40, bool), "all 40 are False"),
        (X[[]], y, "no feature"),
        (X, y[:30], "40 rows of features and 30 outcomes"),
        (X, y.astype(float).where(y), "outcomes are missing"),
        (X.head(0), y.head(0), "no row"),
        (X, None, "pass y"),
    ):
        with pytest.raises(ValueError, match=said):
            models.model(name).fit(case, target)


def test_everything_that_learns_sees_the_training_rows_only():
    X, y = table()
    other = X.assign(spend=X["spend"] * 1_000)
    fitted = models.model("logistic regression").fit(X, y)
    before = fitted.predict_proba(X)
    fitted.predict_proba(other)  # scoring other rows teaches nothing
    assert (fitted.predict_proba(X) == before).all()


def test_parameters_scales_and_names():
    assert models.model("xgboost", max_depth=7)["classifier"].max_depth == 7
    for wrong in (
        lambda: models.model("svm"),
        lambda: models.space("svm"),
        lambda: models.model("xgboost", scale="cubic"),
        lambda: models.model("logistic regression", depth=3),
    ):
        with pytest.raises(ValueError):
            wrong()


@pytest.mark.parametrize("name", models.ALGORITHMS)
def test_every_search_space_fits_its_pipeline(name):
    X, y = table(120)
    for candidate in ParameterSampler(models.space(name), 3, random_state=0):
        models.model(name).set_params(**candidate).fit(X, y)


def test_one_column_ranks_as_the_column_and_knows_its_direction():
    X, y = table()
    p = models.OneColumn("spend").fit(X, y).predict_proba(X)[:, 1]
    assert roc_auc_score(y, p) == pytest.approx(roc_auc_score(y, X["spend"]), abs=0.002)
    recency = models.OneColumn("recency", largest_first=False).fit(X, y)
    missing = X["recency"].isna()
    assert recency.values(X)[missing].max() < recency.values(X)[~missing].min()
    assert set(recency.predict(X)) <= {False, True}
    with pytest.raises(ValueError, match="no column 'money'; there are: spend"):
        models.OneColumn("money").fit(X, y)


# --- search ---------------------------------------------------------------------------------------


module = importlib.import_module("helpers.models.search")  # the package shows its function only


class Stops:
    """A scoring that presses Ctrl-C at its n-th call."""

    def __init__(self, after: int):
        self.left = after

    def __call__(self, *arguments):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return average_precision_score(arguments[2], arguments[0].predict_proba(arguments[1])[:, 1])


@pytest.fixture(scope="module")
def searched():
    X, y = table()
    return {
        "estimator": models.model("logistic regression"),
        "candidates": models.settings("logistic regression", 6, seed=3),
        "X": X,
        "y": y,
        "groups": np.arange(300) // 2,
        "folds": 3,
    }


def test_a_search_is_what_scikit_learn_finds(searched):
    found = models.search(**searched)
    reference = RandomizedSearchCV(
        searched["estimator"],
        models.space("logistic regression"),
        n_iter=6,
        random_state=3,
        scoring="average_precision",
        cv=GroupKFold(3, shuffle=True, random_state=0),
    ).fit(searched["X"], searched["y"], groups=searched["groups"])
    np.testing.assert_allclose(found["score"], reference.cv_results_["mean_test_score"])
    assert models.best(found) == reference.best_params_
    assert np.allclose(found["se"], found.filter(like="fold").sem(axis=1))


def test_a_stopped_search_keeps_what_is_done_and_goes_on(searched, monkeypatch, capsys):
    whole = models.search(**searched)
    monkeypatch.setattr(module, "get_scorer", lambda name: Stops(after=8))
    part = models.search(**searched)
    assert "2 of 6 settings" in capsys.readouterr().out, (
        "eight scores are two settings of three folds"
    )
    assert len(part) == 2
    monkeypatch.undo()
    counted = []
    original = module._score
    monkeypatch.setattr(module, "_score", lambda *a: counted.append(1) or original(*a))
    pd.testing.assert_frame_equal(models.search(**searched, done=part), whole)
    assert len(counted) == 4, "what was done is not done again"


def test_a_search_stopped_at_once_gives_an_empty_table(searched, monkeypatch, capsys):
    monkeypatch.setattr(module, "get_scorer", lambda name: Stops(after=0))
    nothing = models.search(**searched)
    assert nothing.empty and "0 of 6" in capsys.readouterr().out
    monkeypatch.undo()
    assert len(models.search(**searched, done=nothing)) == 6


def test_the_first_settings_of_a_longer_search_are_the_same():
    short, long = (models.settings("xgboost", n, seed=1) for n in (3, 8))
    assert long[:3] == short


def test_the_bar_shows_only_if_asked(searched, capsys):
    few = searched | {"candidates": [{}]}
    models.search(**few)
    assert capsys.readouterr().err == ""
    models.search(**few, progress=True)
    assert "search" in capsys.readouterr().err


def test_what_cannot_be_searched_is_said(searched):
    with pytest.raises(ValueError, match="no setting"):
        models.search(**searched | {"candidates": []})
    done = models.search(**searched | {"candidates": [{}]})
    with pytest.raises(ValueError, match="other folds"):
        models.search(**searched | {"folds": 4}, done=done)
    with pytest.raises(ValueError, match="classifier__C.: -1"):
        models.search(**searched | {"candidates": [{"classifier__C": -1.0}]})
    with pytest.raises(ValueError, match="all 150|cannot be scored"):
        models.search(**searched | {"y": np.zeros(300, bool)})


def test_the_simplest_within_one_standard_error():
    found = pd.DataFrame(
        {
            "params": [{"depth": d, "leaf": leaf} for d, leaf in ((1, 5), (2, 5), (2, 9), (4, 5))],
            "score": [0.40, 0.46, 0.455, 0.47],
            "se": [0.02] * 4,
        }
    )
    assert models.best(found) == {"depth": 4, "leaf": 5}
    assert models.simplest_within_one_se(found, ["depth", "-leaf"]) == {"depth": 2, "leaf": 9}
    assert models.simplest_within_one_se(found, ["depth", "leaf"]) == {"depth": 2, "leaf": 5}


def test_a_grid_over_an_estimator_of_another_kind(searched):
    X = searched["X"][["spend", "orders"]]
    found = models.search(
        DecisionTreeClassifier(), ParameterGrid({"max_depth": [1, 3]}), X, searched["y"], folds=2
    )
    assert list(found["params"]) == [{"max_depth": 1}, {"max_depth": 3}]


# --- published results ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sessions() -> tuple[pd.DataFrame, pd.Series]:
    """The Online Shoppers sessions (Sakar et al. 2018, UCI), from the user's own copy."""
    path = os.environ.get("ONLINE_SHOPPERS_CSV")
    if not path:
        pytest.skip("ONLINE_SHOPPERS_CSV names no copy of UCI's online_shoppers_intention.csv")
    frame = pd.read_csv(path)
    return frame.drop(columns="Revenue"), frame["Revenue"]


def auc(X: pd.DataFrame, y: pd.Series) -> float:
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    p = cross_val_predict(models.model("xgboost"), X, y, cv=folds, method="predict_proba")[:, 1]
    return float(np.mean([roc_auc_score(y.iloc[test], p[test]) for _, test in folds.split(X, y)]))


def test_the_published_auc_and_its_collapse_without_page_values(sessions):
    X, y = sessions
    assert len(X) == 12_330 and y.sum() == 1_908
    assert auc(X, y) == pytest.approx(0.93, abs=0.01)
    # the one column that is computed from completed transactions
    assert auc(X.drop(columns="PageValues"), y) < 0.83
