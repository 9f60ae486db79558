"""The blind review and the usefulness of segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from helpers import segments, simulator


@pytest.fixture(scope="module")
def behavior() -> pd.DataFrame:
    return simulator.customer_behavior(1_000, seed=3)[0][segments.FEATURES]


@pytest.fixture(scope="module")
def review(behavior) -> segments.Review:
    return segments.prepare_review(behavior, k=4, held_out=60, seed=1)


def test_a_review_is_blind_and_complete(review):
    assert set(review.key["source"]) == {"real", "twin", "random"}
    assert "source" not in review.cards and "source" not in review.customers
    assert "card" not in review.customers
    assert review.cards.groupby("set").size().to_list() == [4, 4, 4]
    assert review.customers.index.equals(review.key.index) and len(review.key) == 180


def test_the_order_of_the_sets_changes_with_the_seed(behavior):
    orders = {
        tuple(segments.prepare_review(behavior, 4, seed=s).key["source"].unique()) for s in range(8)
    }
    assert len(orders) > 2


def test_cards_are_the_medians_of_customers_who_were_not_held_out(behavior):
    review = segments.prepare_review(behavior, k=1, held_out=400, seed=1)
    for name, source in review.key.groupby("set")["source"].first().items():
        if source == "twin":
            continue
        shown = review.customers.loc[name]
        rest = behavior.merge(shown.drop_duplicates(), how="left", indicator=True).query(
            "_merge == 'left_only'"
        )
        pd.testing.assert_series_equal(
            review.cards.loc[name].iloc[0], rest[segments.FEATURES].median(), check_names=False
        )


def test_the_cards_do_not_tell_the_sets_apart_by_their_sizes(behavior, review):
    assert list(review.cards) == list(behavior)


def test_afterwards_it_is_told_which_set_was_which(review):
    table = segments.kappa(review, segments.nearest_card(review))
    assert table["set"].to_dict() == {
        source: name for name, source in review.key.groupby("set")["source"].first().items()
    }


def test_kappa_agrees_with_scikit_learn_and_finds_the_random_set(review):
    answers = segments.nearest_card(review, blur=0.5)
    table = segments.kappa(review, answers)
    for source, group in review.key.join(answers).groupby("source"):
        assert table.loc[source, "kappa"] == pytest.approx(
            cohen_kappa_score(group["card"], group["answer"])
        )
    assert (table["low"] <= table["kappa"]).all() and (table["kappa"] <= table["high"]).all()
    assert table.loc["random", "low"] < 0.1 < 0.5 < table.loc["real", "low"]


def test_perfect_agreement_of_few_is_not_certainty(review):
    answers = review.key["card"].groupby("set").head(10).rename("answer")
    table = segments.kappa(review, answers)
    assert (table["answered"] == 10).all() and (table["kappa"] == 1).all()
    assert (table["low"] < 0.8).all()


def test_no_answers_give_no_kappa(review):
    nothing = pd.Series(pd.NA, index=review.key.index, dtype="Int64")
    assert segments.kappa(review, nothing)["kappa"].isna().all()


def test_too_few_customers_are_named(behavior):
    with pytest.raises(ValueError, match="too few"):
        segments.prepare_review(behavior.head(30), k=4)


def test_usefulness_tells_a_signal_from_none(behavior):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, len(behavior))
    by_label = pd.Series(labels + rng.normal(scale=0.5, size=len(labels)), behavior.index)
    found = segments.usefulness(behavior, labels, by_label)
    assert found.r2["segments"] > 0.7 and found.gain.low > 0.5
    by_features = np.log1p(behavior["monetary"]) + rng.normal(scale=0.2, size=len(behavior))
    found = segments.usefulness(behavior, labels, by_features)
    assert found.r2["features"] > 0.8 and abs(found.gain.estimate) < 0.01


def test_usefulness_wants_the_same_customers(behavior):
    with pytest.raises(ValueError, match="same customers"):
        segments.usefulness(behavior, np.zeros(len(behavior)), behavior["monetary"].iloc[::-1])
