"""Uplift: learners that find a known effect, curves that judge them, and a library's answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from helpers import evaluation, experiments


def trial(n: int = 4_000, seed: int = 0, noise: float = 0.5) -> dict:
    """A randomized trial with a linear outcome and the linear effect 1 + x0 - x1; P(treated) is .2
    or .7 by the sign of x2, which moves the outcome too."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(n, 3)), columns=["x0", "x1", "x2"])
    propensity = np.where(X["x2"] > 0, 0.7, 0.2)
    treated = rng.random(n) < propensity
    effect = (1 + X["x0"] - X["x1"]).to_numpy()
    y = 2 * X["x2"].to_numpy() + X["x1"].to_numpy() + treated * effect + noise * rng.normal(size=n)
    return {"X": X, "y": y, "treated": treated, "propensity": propensity, "effect": effect}


def test_both_learners_find_a_linear_effect():
    data = trial()
    arguments = data["X"], data["y"], data["treated"]
    two = experiments.TLearner(LinearRegression()).fit(*arguments)
    robust = experiments.DRLearner(LinearRegression(), LinearRegression())
    robust.fit(*arguments, data["propensity"])
    for learner in (two, robust):
        assert np.abs(learner.predict(data["X"]) - data["effect"]).max() < 0.3
    with_it, without = two.predict_arms(data["X"])
    assert np.allclose(with_it - without, two.predict(data["X"]))


def test_the_t_learner_is_two_regressions():
    # closed form: with every interaction in one least-squares fit, the effect is the same
    data = trial(300)
    X, t = data["X"].to_numpy(), data["treated"].astype(float)[:, None]
    design = np.hstack([np.ones((300, 1)), X, t, t * X])
    beta = np.linalg.lstsq(design, data["y"], rcond=None)[0]
    learner = experiments.TLearner(LinearRegression()).fit(data["X"], data["y"], data["treated"])
    assert np.allclose(learner.predict(data["X"]), beta[4] + X @ beta[5:])


def test_propensities_alone_carry_the_mean_effect():
    # the outcome models see noise only, and the arms differ in x2: a plain difference would be
    # wrong
    robust, plain, true = [], [], []
    for seed in range(40):
        data = trial(1_000, seed)
        noise = pd.DataFrame({"noise": np.random.default_rng(seed).normal(size=1_000)})
        learner = experiments.DRLearner(LinearRegression(), LinearRegression(), seed=seed)
        learner.fit(noise, data["y"], data["treated"], data["propensity"])
        robust.append(learner.pseudo_outcome_.mean())
        plain.append(experiments.compare(data["y"], data["treated"]).estimate)
        true.append(data["effect"].mean())
    inside = evaluation.mean_interval(np.subtract(robust, true))
    assert inside.low < 0 < inside.high
    assert np.mean(plain) > np.mean(true) + 1


def test_nobody_is_scored_by_a_model_that_saw_the_customer():
    # a model that remembers every outcome: its residuals would vanish without cross-fitting
    from sklearn.neighbors import KNeighborsRegressor

    data = trial(400)
    robust = experiments.DRLearner(KNeighborsRegressor(1), LinearRegression(), folds=4)
    robust.fit(data["X"], data["y"], data["treated"], data["propensity"])
    two = experiments.TLearner(KNeighborsRegressor(1)).fit(data["X"], data["y"], data["treated"])
    assert np.std(robust.pseudo_outcome_ - two.predict(data["X"])) > 0.5


def test_the_same_seed_gives_the_same_effects_and_another_model_is_left_alone():
    data, outcome = trial(500), LogisticRegression()
    y = (data["y"] > 0).astype(int)
    fits = [
        experiments.DRLearner(outcome, LinearRegression(), seed=3).fit(
            data["X"], y, data["treated"], data["propensity"]
        )
        for _ in range(2)
    ]
    assert (fits[0].predict(data["X"]) == fits[1].predict(data["X"])).all()
    assert not hasattr(outcome, "coef_")


def test_a_perfect_score_has_a_qini_and_a_random_one_has_none():
    data = trial(6_000)
    perfect = experiments.qini(data["effect"], data["y"], data["treated"], data["propensity"])
    chance = np.random.default_rng(1).normal(size=6_000)
    nothing = experiments.qini(chance, data["y"], data["treated"], data["propensity"])
    assert perfect.low > 100 and nothing.low < 0 < nothing.high
    assert (
        experiments.qini(-data["effect"], data["y"], data["treated"], data["propensity"]).high < 0
    )


def test_two_scores_are_compared_on_the_same_customers():
    data = trial(4_000)
    rest = data["y"], data["treated"], data["propensity"]
    blurred = data["effect"] + np.random.default_rng(1).normal(size=4_000)
    one, other = experiments.qini(data["effect"], *rest), experiments.qini(blurred, *rest)
    more = experiments.qini(data["effect"], *rest, other=blurred)
    assert more.estimate == pytest.approx(one.estimate - other.estimate)
    assert more.low > 0 and more.high - more.low < one.high - one.low
    assert experiments.qini(blurred, *rest, other=blurred) == (0, 0, 0)
    with pytest.raises(ValueError, match="must match"):
        experiments.qini(blurred, *rest, other=blurred[:9])


def test_the_qini_curve_ends_at_the_effect_and_is_right_in_between():
    data = trial(40_000, noise=0.1)
    curve = experiments.qini_curve(data["effect"], data["y"], data["treated"], data["propensity"])
    assert curve["gain"].iloc[0] == 0 and curve["share"].iloc[-1] == 1
    assert curve["gain"].iloc[-1] == pytest.approx(1_000 * data["effect"].mean(), rel=0.05)
    best = np.sort(data["effect"])[::-1][:8_000].sum() / 40_000 * 1_000
    assert curve["gain"].iloc[8_000] == pytest.approx(best, rel=0.05)


def test_equal_scores_count_in_proportion():
    data = trial(500)
    curve = experiments.qini_curve(np.zeros(500), data["y"], data["treated"], data["propensity"])
    assert np.allclose(curve["gain"], curve["random"])
    order = np.random.default_rng(0).permutation(500)
    few = np.round(data["effect"])
    same = [
        experiments.qini_curve(few[o], data["y"][o], data["treated"][o], data["propensity"][o])[
            "gain"
        ]
        for o in (np.arange(500), order)
    ]
    assert np.allclose(*same)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"propensity": 0.0}, "no support, no estimate"),
        ({"propensity": np.nan}, "500 propensities are missing or not between"),
        ({"propensity": 1.0}, "no support, no estimate"),
        ({"treated": np.ones(500, dtype=bool)}, "500 of 500 are treated"),
        ({"treated": np.array(["a", "b"] * 250)}, "arm == 'voucher'"),
        ({"treated": np.ones(3, dtype=bool)}, "must match"),
        ({"y": np.full(500, np.nan)}, "500 outcomes are missing"),
    ],
)
def test_what_cannot_be_learned_from_is_a_sentence(change, said):
    data = trial(500) | change
    learner = experiments.DRLearner(LinearRegression(), LinearRegression())
    with pytest.raises(ValueError, match=said):
        learner.fit(data["X"], data["y"], data["treated"], data["propensity"])
    with pytest.raises(ValueError, match=said):
        experiments.qini_curve(data["effect"], data["y"], data["treated"], data["propensity"])


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_scores_that_differ_by_rounding_alone_are_equal(scale):
    data = trial(500)
    few = np.round(data["effect"], 1)
    noise = np.random.default_rng(0).normal(size=500) * 1e-16
    rest = data["y"], data["treated"], data["propensity"]
    exact = experiments.qini_curve(few * scale, *rest)
    pd.testing.assert_frame_equal(experiments.qini_curve((few + noise) * scale, *rest), exact)
    zeros = experiments.qini_curve(noise / 10 + 0.1, *rest)
    assert np.allclose(zeros["gain"], zeros["random"])


def test_a_missing_score_is_a_sentence():
    data = trial(500)
    with pytest.raises(ValueError, match="500 scores are missing"):
        experiments.qini_curve(np.full(500, np.nan), data["y"], data["treated"], 0.5)


def test_econml_finds_the_same_effects():
    """`uv run --with econml==0.17.0 pytest tests/experiments/test_uplift.py` brings the library
    along."""
    pytest.importorskip("econml")
    from econml.dr import DRLearner
    from econml.metalearners import TLearner

    data = trial(6_000)
    X, t = data["X"], data["treated"].astype(int)
    theirs = (
        TLearner(models=LinearRegression()).fit(data["y"], t, X=X.to_numpy()).effect(X.to_numpy())
    )
    ours = experiments.TLearner(LinearRegression()).fit(X, data["y"], data["treated"])
    assert np.allclose(ours.predict(X), theirs)

    robust = DRLearner(
        model_regression=LinearRegression(),
        model_propensity=LogisticRegression(),
        model_final=LinearRegression(),
        cv=5,
        random_state=0,
    )
    theirs = robust.fit(data["y"], t, X=X.to_numpy()).effect(X.to_numpy())
    # theirs fits one outcome model over both arms and learns the propensity, ours two with the
    # known one
    ours = experiments.DRLearner(LinearRegression(), LinearRegression())
    ours = ours.fit(X, data["y"], data["treated"], data["propensity"]).predict(X)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.99
    assert abs(ours.mean() - theirs.mean()) < 0.1
