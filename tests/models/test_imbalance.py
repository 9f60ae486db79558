"""Strategies for rare positives, and the way back to probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline

from helpers import models, simulator
from helpers.course.studies import rare

BALANCED = [name for name in models.STRATEGIES if name != "none"]


@pytest.fixture(scope="module")
def draw() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    return simulator.rare_positives(4_000, seed=5)


def test_the_exact_layer_is_what_it_says():
    X, y, p = simulator.rare_positives(200_000, seed=1)
    again = simulator.rare_positives(200_000, seed=1)
    assert X.equals(again[0]) and (y == again[1]).all() and (p == again[2]).all()
    assert p.mean() == pytest.approx(0.0367, abs=0.001)
    assert y.mean() == pytest.approx(p.mean(), abs=4 * np.sqrt(p.mean() / len(y)))
    assert roc_auc_score(y, p) == pytest.approx(0.765, abs=0.01)
    assert log_loss(y, p) < log_loss(y, np.full(len(y), y.mean()))
    assert simulator.rare_positives(10_000, seed=1, shift=1.0)[2].mean() > 0.07
    for noise in ("x9", "x10"):
        assert abs(np.corrcoef(X[noise], p)[0, 1]) < 0.01


@pytest.mark.parametrize("strategy", models.STRATEGIES)
@pytest.mark.parametrize("name", models.ALGORITHMS)
def test_every_strategy_works_with_every_algorithm(name, strategy, draw):
    X, y, _ = draw
    quick = {"n_estimators": 10} if name in ("random forest", "xgboost") else {}
    quick = {"max_iter": 100, "tol": 1e-2} if name == "neural network" else quick
    model = models.rebalance(models.model(name, **quick), strategy).fit(X, y)
    p = model.predict_proba(X)[:, 1]
    assert p.shape == (len(X),) and ((p >= 0) & (p <= 1)).all()
    if strategy != "none":
        assert p.mean() > 3 * y.mean(), "the balanced world has more positives"


@pytest.mark.parametrize("strategy", BALANCED)
def test_missing_values_flags_and_text_pass_through(strategy, draw):
    X, y, _ = draw
    X = X.assign(
        x1=X["x1"].where(X["x5"] > -1), x6=X["x6"] > 0, channel=np.where(X["x7"] > 0, "a", "b")
    )
    for name in ("logistic regression", "xgboost"):
        p = models.rebalance(models.model(name), strategy).fit(X, y).predict_proba(X)
        assert np.isfinite(p).all()


def test_weights_are_those_of_class_weight_balanced(draw):
    X, y, _ = draw
    model = models.model("logistic regression")
    ours = models.rebalance(model, "class weights").fit(X, y)
    theirs = models.model("logistic regression", class_weight="balanced").fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-3)
    assert not hasattr(model.steps[-1][1], "coef_"), "the model given is not changed"


def test_only_training_rows_are_balanced(draw):
    """A row's probability does not depend on the rows beside it, and no row is added or dropped."""
    X, y, _ = draw
    for strategy in BALANCED:
        model = models.rebalance(models.model("logistic regression"), strategy).fit(X, y)
        whole = model.predict_proba(X)
        assert len(whole) == len(X)
        np.testing.assert_allclose(model.predict_proba(X[:7]), whole[:7])


def test_same_seed_same_model(draw):
    X, y, _ = draw
    for strategy in ("SMOTE", "undersampling"):
        first, same, other = (
            models.rebalance(models.model("logistic regression"), strategy, seed)
            .fit(X, y)
            .predict_proba(X)
            for seed in (1, 1, 2)
        )
        assert (first == same).all() and (first != other).any()


@pytest.mark.parametrize("strategy", models.STRATEGIES)
def test_one_class_is_a_sentence(strategy, draw):
    X, y, _ = draw
    model = models.rebalance(models.model("logistic regression"), strategy)
    with pytest.raises(ValueError, match="positives and negatives, and all 4000 are 0"):
        model.fit(X, np.zeros(len(X), dtype=int))
    with pytest.raises(ValueError, match="needs the outcome"):
        model.fit(X)
    with pytest.raises(ValueError, match="must match"):
        model.fit(X, y[:-1])


def test_too_few_positives_for_smote_is_a_sentence(draw):
    X = draw[0]
    few = np.zeros(len(X), dtype=int)
    few[:5] = 1
    with pytest.raises(ValueError, match="at least 6, and there are 5 of class 1"):
        models.rebalance(models.model("logistic regression"), "SMOTE").fit(X, few)
    few[5] = 1
    models.rebalance(models.model("logistic regression"), "SMOTE").fit(X, few)


def test_what_a_strategy_cannot_do_is_a_sentence(draw):
    X, y, _ = draw
    with pytest.raises(ValueError, match="no strategy 'ADASYN'; there are: none, class weights"):
        models.rebalance(models.model("xgboost"), "ADASYN")
    neighbors = Pipeline([("classifier", KNeighborsClassifier())])
    with pytest.raises(ValueError, match="KNeighborsClassifier takes no weights"):
        models.rebalance(neighbors, "class weights").fit(X, y)
    three = np.arange(len(X)) % 3
    with pytest.raises(ValueError, match="two classes; there are 3"):
        models.rebalance(models.model("logistic regression"), "undersampling").fit(X, three)


@given(st.floats(0, 1), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_the_correction_multiplies_the_odds_and_can_be_undone(p, prevalence, learned):
    [corrected] = models.correct_prior([p], prevalence, learned)
    assert 0 <= corrected <= 1
    [back] = models.correct_prior([corrected], learned, prevalence)
    assert back == pytest.approx(p, abs=1e-9)
    if 0 < p < 1 and 1e-9 < corrected < 1 - 1e-9:
        factor = (prevalence / (1 - prevalence)) / (learned / (1 - learned))
        assert corrected / (1 - corrected) == pytest.approx(p / (1 - p) * factor, rel=1e-6)


def test_the_correction_is_exact_for_a_right_model():
    """Weights on a logistic regression that holds the truth: corrected, it is the plain one."""
    X, y, _ = simulator.rare_positives(50_000, seed=3)
    plain = Pipeline([("classifier", LogisticRegression(C=1e6, max_iter=500))])
    logs = np.log(X[["x1", "x2", "x3"]])
    balanced = models.rebalance(plain, "class weights").fit(logs, y).predict_proba(logs)[:, 1]
    corrected = models.correct_prior(balanced, y.mean())
    expected = plain.fit(logs, y).predict_proba(logs)[:, 1]
    assert np.abs(corrected - expected).mean() < 0.002
    assert np.abs(balanced - expected).mean() > 0.2


def test_wrong_probabilities_and_prevalences_are_sentences():
    for p in ([1.2], [-0.1], [np.nan]):
        with pytest.raises(ValueError, match="no probabilities"):
            models.correct_prior(p, 0.1)
    for prevalence in (0, 1, 3.7):
        with pytest.raises(ValueError, match="between 0 and 1"):
            models.correct_prior([0.5], prevalence)


def test_the_recipe_chooses_by_log_loss_on_folds(draw):
    X, y, truth = draw
    recipe = models.Recipe().fit(X, y)
    assert recipe.chosen_ == recipe.log_loss_.idxmin()
    assert len(recipe.log_loss_) == 6 + 15
    p = recipe.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert np.corrcoef(p[:, 1], truth)[0, 1] > 0.7
    assert set(recipe.predict(X)) <= {0, 1}
    who = np.arange(len(X)) // 2
    grouped = models.Recipe().fit(X[:1_000], y[:1_000], groups=who[:1_000])
    assert not grouped.log_loss_.equals(models.Recipe().fit(X[:1_000], y[:1_000]).log_loss_)


def test_a_recipe_without_enough_positives_is_a_sentence(draw):
    X = draw[0][:100]
    with pytest.raises(ValueError, match="positives and negatives"):
        models.Recipe().fit(X, np.zeros(100, dtype=int))
    with pytest.raises(ValueError, match="3 folds need as many of each class; there are 2"):
        models.Recipe().fit(X, np.repeat([1, 0], [2, 98]))


def test_expected_scores_are_those_of_many_outcomes():
    _, _, _, truth = rare.exact(0)
    truth, p = truth[:2_000], np.sqrt(truth[:2_000])
    rng = np.random.default_rng(0)
    outcomes = [(rng.random(len(truth)) < truth).astype(int) for _ in range(200)]
    for name, score in {"AUC": roc_auc_score, "log loss": log_loss}.items():
        mean = np.mean([score(y, p) for y in outcomes])
        assert rare.EXPECTED_SCORES[name](truth, p) == pytest.approx(mean, abs=0.01)
