"""Recommendations: propensities, clicks, and the value of a policy."""

import numpy as np
import pandas as pd
import pytest

from helpers.simulator import world

TASTES = [f"taste_{name}" for name in world.CATEGORIES]


def test_true_taste_decides_the_landing(full):
    shop, truth = full
    first = shop.visits.drop_duplicates("customer_id")
    taste = truth["customers"].set_index("customer_id").loc[first["customer_id"], TASTES]
    landed = pd.get_dummies(first["landing_category"])[list(world.CATEGORIES)]
    off = landed.to_numpy() - taste.to_numpy()
    assert (np.abs(off.mean(axis=0)) < 4 * off.std(axis=0) / np.sqrt(len(off))).all()


def test_propensities_are_those_of_the_policy(full):
    shop, _ = full
    shown = shop.impressions
    assert shown["propensity"].nunique() > 20
    assert shown["propensity"].min() > 0.03
    for category, rows in shown.groupby("category"):
        # Where the policy is right, 1/propensity counts every impression once per category.
        weight = rows["propensity"].rdiv(1).sum() / len(shown)
        assert weight == pytest.approx(1, abs=0.03), category


@pytest.mark.parametrize("policy", ["uniform", "popularity", "taste", "best_taste"])
def test_inverse_propensities_find_the_value_of_a_policy(full, policy):
    shop, truth = full
    shown = shop.impressions
    taste = truth["customers"].set_index("customer_id").loc[shown["customer_id"], TASTES].to_numpy()
    column = shown["category"].map({name: i for i, name in enumerate(world.CATEGORIES)}).to_numpy()
    rows = np.arange(len(shown))
    chance = {
        "uniform": np.full(len(shown), 1 / 6),
        "popularity": world.POPULARITY[column],
        "taste": taste[rows, column],
        "best_taste": (taste.argmax(axis=1) == column).astype(float),
    }[policy]
    reward = pd.Series(chance / shown["propensity"].to_numpy() * shown["clicked"].to_numpy())
    value = truth["policies"].set_index("policy").loc[policy, "value"]
    by_customer = (reward - value).groupby(shown["customer_id"].to_numpy()).sum()
    error = np.sqrt((by_customer**2).sum()) / len(shown)
    assert abs(reward.mean() - value) < 4 * error
    assert 4 * error < 0.15 * value


def test_clicks_follow_position_and_feedback_comes_from_a_few(full):
    shop, truth = full
    shown = shop.impressions
    rate = shown.groupby("position")["clicked"].mean()
    assert rate.is_monotonic_decreasing
    assert rate[2] / rate[1] == pytest.approx(0.7, abs=0.06)
    raters = truth["customers"].set_index("customer_id")["rater"]
    spoke = shown["rating"].notna() | shown["hidden"]
    assert raters[shown.loc[spoke, "customer_id"]].all()
    assert raters.mean() < 0.2
    # Biased: rated impressions were clicked far more often than the rest.
    assert shown.loc[shown["rating"].notna(), "clicked"].mean() > 3 * shown["clicked"].mean()
