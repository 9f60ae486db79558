"""The hybrid of answers and behavior, and its rivals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import cold_start


def test_the_hybrid_is_the_formula(sides, hybrid):
    test = sides[1]
    prior, M = hybrid.prior(test), hybrid.strength_
    seen = cold_start.counts(test)
    expected = (seen + M * prior) / (seen.sum(axis=1, keepdims=True) + M)
    np.testing.assert_allclose(hybrid.predict_proba(test), expected)
    start = test[test["events"] == 0]
    np.testing.assert_allclose(hybrid.predict_proba(start), hybrid.prior(start))
    np.testing.assert_allclose(prior, hybrid._predict(test[hybrid.columns_]))


def test_without_columns_the_prior_is_popularity_and_the_first_event_counts(sides):
    train, test = sides
    plain = cold_start.Hybrid([]).fit(train)
    assert len(np.unique(plain.prior(test), axis=0)) == 1
    np.testing.assert_array_equal(plain.counts(test), cold_start.counts(test, first=True))
    forever = cold_start.Hybrid([], strength=np.inf).fit(train)
    np.testing.assert_allclose(forever.predict_proba(test), plain.prior(test))


def test_the_hybrid_beats_both_parts_and_the_oracle_beats_it(world, sides, hybrid):
    train, test = sides
    taste = world[1]["customers"].set_index("customer_id")[
        ["taste_" + c for c in hybrid.categories_]
    ]
    oracle = taste.loc[test["customer_id"]].to_numpy(dtype=float)
    p = {
        "prior": hybrid.prior(test),
        "behavior": cold_start.Hybrid([]).fit(train).predict_proba(test),
        "hybrid": hybrid.predict_proba(test),
        "oracle": oracle / oracle.sum(axis=1, keepdims=True),
    }
    loss = {name: cold_start.log_loss(test, q).mean() for name, q in p.items()}
    assert loss["oracle"] < loss["hybrid"] < min(loss["prior"], loss["behavior"])
    curve = cold_start.warm_up(test, p, against="behavior")
    assert (curve.loc[curve["model"] == "behavior", "estimate"] == 0).all()
    with pytest.raises(ValueError, match="no model 'x'"):
        cold_start.warm_up(test, p, against="x")


def test_an_order_of_rows_changes_nothing(sides, hybrid):
    test = sides[1].sample(50, random_state=1)
    forward, backward = hybrid.predict_proba(test), hybrid.predict_proba(test[::-1])
    np.testing.assert_allclose(forward, backward[::-1])


def test_what_is_not_known_is_averaged_over_customers(sides, hybrid):
    """A field that was never missing in training: the prior is a mean over training customers."""
    test = sides[1][sides[1]["events"] == 0]
    hidden = test.assign(age_band=pd.Series(None, index=test.index, dtype="str"))
    p = hybrid.prior(hidden)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    row = hidden.iloc[[0]]
    profiles = hybrid.profiles_[bool(row["answered"].iloc[0])]
    by_hand = np.mean(
        [hybrid.prior(row.assign(age_band=a))[0] for a in profiles["age_band"]], axis=0
    )
    np.testing.assert_allclose(p[0], by_hand)
    loss = cold_start.log_loss(test, p).mean()
    popular = cold_start.log_loss(test, np.tile(hybrid.popularity_, (len(test), 1))).mean()
    assert cold_start.log_loss(test, hybrid.prior(test)).mean() < loss < popular


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": ["shoe_size"]}, "shoe_size"),
        ({"strength": -1}, "from 0 on"),
        ({"strength": "big"}, "'auto'"),
    ],
)
def test_a_wrong_hybrid_is_a_sentence(sides, options, said):
    with pytest.raises(ValueError, match=said):
        cold_start.Hybrid(**options).fit(sides[0])


def test_nothing_to_learn_from_is_a_sentence(sides):
    with pytest.raises(ValueError, match="no moment"):
        cold_start.Hybrid().fit(sides[0][:0])
    with pytest.raises(ValueError, match="two categories"):
        cold_start.MaskedClassifier(shortest=21).fit(sides[0])


def test_the_masked_classifier_beats_one_trained_on_warm_customers(sides):
    train, test = sides
    start = test[test["events"] == 0]
    loss = [
        cold_start.log_loss(
            start, cold_start.MaskedClassifier(shortest=n).fit(train).predict_proba(start)
        ).mean()
        for n in (0, 10)
    ]
    assert loss[0] < loss[1]


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (lambda p: p[:, :3], "a column a category"),
        (lambda p: p[1:], "a column a category"),
        (lambda p: 2 * p, "sum to one"),
    ],
)
def test_probabilities_must_fit(sides, hybrid, p, said):
    with pytest.raises(ValueError, match=said):
        cold_start.log_loss(sides[1], p(hybrid.predict_proba(sides[1])))
