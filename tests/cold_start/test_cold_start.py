"""The hybrid, its parts, exploration and audit: arithmetic, order of time, wrong input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers import cold_start, evaluation, features, shop, simulator
from helpers.shop import Shop

K = 4
counts_of = arrays(
    float, st.tuples(st.integers(1, 6), st.just(K)), elements=st.integers(0, 50).map(float)
)


def shares(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(K, 0.8), size=n)


@given(counts_of, st.floats(0.01, 1e4), st.integers(0, 1000))
def test_the_posterior_mean_is_a_distribution_between_counts_and_prior(counts, strength, seed):
    prior = shares(len(counts), seed)
    mean = cold_start.posterior_mean(counts, prior, strength)
    np.testing.assert_allclose(mean.sum(axis=1), 1)
    total = counts.sum(axis=1, keepdims=True)
    own = np.divide(counts, total, out=prior.copy(), where=total > 0)
    assert (mean >= np.minimum(own, prior) - 1e-12).all()
    assert (mean <= np.maximum(own, prior) + 1e-12).all()


@given(counts_of, st.integers(0, 1000))
def test_an_endless_strength_gives_the_prior_and_none_the_counts(counts, seed):
    prior = shares(len(counts), seed)
    np.testing.assert_array_equal(cold_start.posterior_mean(counts, prior, np.inf), prior)
    np.testing.assert_allclose(cold_start.posterior_mean(counts, prior, 1e12), prior, atol=1e-9)
    counts = counts + 1
    own = counts / counts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(cold_start.posterior_mean(counts, prior, 0), own)
    np.testing.assert_allclose(cold_start.posterior_mean(counts, prior, 1e-9), own, atol=1e-8)


@given(
    st.lists(st.integers(0, K - 1), min_size=1, max_size=12),
    st.floats(0.1, 100),
    st.integers(0, 1000),
)
def test_the_marginal_likelihood_is_the_chain_of_predictions(sequence, strength, seed):
    prior, seen, chain = shares(1, seed) * 0.98 + 0.005, np.zeros((1, K)), 0.0
    for event in sequence:
        chain += np.log(cold_start.posterior_mean(seen, prior, strength)[0, event])
        seen[0, event] += 1
    [found] = cold_start.marginal_likelihood(seen, prior, strength)
    assert found == pytest.approx(chain, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("strength", [0.7, 4.0, 25.0])
def test_the_strength_is_recovered(strength):
    rng = np.random.default_rng(0)
    prior = rng.dirichlet(np.full(6, 3.0), size=6_000)
    drawn = rng.standard_gamma(strength * prior)
    taste = drawn / drawn.sum(axis=1, keepdims=True)
    counts = np.array(
        [rng.multinomial(n, p) for n, p in zip(rng.integers(0, 20, len(taste)), taste, strict=True)]
    )
    assert cold_start.fit_strength(counts, prior) == pytest.approx(strength, rel=0.1)
    low, high = cold_start.credible_interval(counts, prior, strength)
    assert ((low <= taste) & (taste <= high)).mean() == pytest.approx(evaluation.LEVEL, abs=0.01)
    chance = cold_start.favorite_chance(counts[:1500], prior[:1500], strength, draws=400)
    np.testing.assert_allclose(chance.sum(axis=1), 1)
    best = chance.argmax(axis=1)
    assert (taste[:1500].argmax(axis=1) == best).mean() == pytest.approx(
        chance.max(axis=1).mean(), abs=0.04
    )


ONE, EVEN = np.ones((2, K)), np.full((2, K), 1 / K)


@pytest.mark.parametrize(
    ("counts", "prior", "strength", "said"),
    [
        (-ONE, EVEN, 1, "numbers from 0 on"),
        (ONE * np.nan, EVEN, 1, "missing"),
        (ONE, EVEN * 2, 1, "sum to one"),
        (ONE, EVEN[:1], 1, "must match"),
        (np.ones(3), np.full(3, 1 / 3), 1, "at least two"),
        (ONE[:0], EVEN[:0], 1, "no customer"),
        (ONE, EVEN, -1, "from 0 on, not -1"),
        (ONE, EVEN, np.nan, "from 0 on, not nan"),
        (ONE * 0, EVEN, 0, "nothing is known"),
    ],
)
def test_what_cannot_be_is_a_sentence(counts, prior, strength, said):
    with pytest.raises(ValueError, match=said):
        cold_start.posterior_mean(counts, prior, strength)


def test_a_strength_needs_somebody_who_came_twice():
    with pytest.raises(ValueError, match="no customer has two events"):
        cold_start.fit_strength(np.eye(K), np.full((K, K), 1 / K))
    with pytest.raises(ValueError, match="above 0"):
        cold_start.marginal_likelihood(ONE, EVEN, 0)
    with pytest.raises(ValueError, match="level"):
        cold_start.credible_interval(ONE, EVEN, 1, level=90)


# a shop


@pytest.fixture(scope="module")
def world() -> tuple[Shop, dict]:
    return simulator.simulate(customers=1_500, seed=5)


@pytest.fixture(scope="module")
def table(world) -> pd.DataFrame:
    return cold_start.moments(world[0])


@pytest.fixture(scope="module")
def sides(table) -> tuple[pd.DataFrame, pd.DataFrame]:
    return cold_start.split(table, "2025-04-01")


@pytest.fixture(scope="module")
def hybrid(sides) -> cold_start.Hybrid:
    return cold_start.Hybrid().fit(sides[0])


def test_a_moment_by_hand(world, table):
    visits = world[0].visits.drop_duplicates("visit_id").sort_values(["customer_id", "started_at"])
    who = table.loc[table["events"] == 5, "customer_id"].iloc[3]
    own = visits[visits["customer_id"] == who].reset_index(drop=True)
    row = table[(table["customer_id"] == who) & (table["events"] == 5)].iloc[0]
    assert (
        row["moment"] == own["started_at"][6] and row["next_category"] == own["landing_category"][6]
    )
    assert (
        row["landing_category"] == own["landing_category"][0] and row["source"] == own["source"][0]
    )
    seen = own["landing_category"][1:6].value_counts()
    for name in cold_start.categories(table):
        assert row["seen_" + name] == seen.get(name, 0)


def test_counts_match_the_number_of_events(table):
    assert (cold_start.counts(table).sum(axis=1) == table["events"]).all()
    assert (cold_start.counts(table, first=True).sum(axis=1) == table["events"] + 1).all()
    assert set(table["events"]) == set(cold_start.LENGTHS)


def test_no_answer_stands_before_it_was_given(world, table):
    when = table[["customer_id"]].merge(world[0].customers, on="customer_id", how="left")[
        "answered_at"
    ]
    told = table["favorite_category"].notna()
    assert told.any() and (when[told] < table.loc[told, "moment"]).all()
    assert (told == table["answered"]).all()
    late = ~told & when.notna().to_numpy()
    assert late.any(), "some answer later, and must not count yet"


def test_the_future_changes_no_moment(world, table):
    """Rows added later leave every earlier moment as it was."""
    store = world[0]
    day = pd.Timestamp("2025-06-01")
    past = replace(store, visits=store.visits[store.visits["started_at"] < day])
    earlier = cold_start.moments(past)
    both = table[table["moment"] < day].reset_index(drop=True)
    pd.testing.assert_frame_equal(earlier, both)


def test_nobody_is_on_both_sides(sides):
    train, test = sides
    day = pd.Timestamp("2025-04-01")
    assert not set(train["customer_id"]) & set(test["customer_id"])
    assert (train["moment"] < day).all() and (train["signed_up_at"] < day).all()
    assert (test["signed_up_at"] >= day).all()


@pytest.mark.parametrize("day", ["2023-01-01", "2027-01-01"])
def test_a_side_without_customers_is_said(table, day):
    with pytest.raises(ValueError, match="sign-ups run from 2024"):
        cold_start.split(table, day)


@pytest.mark.parametrize("lengths", [[], [-1], [1.5]])
def test_lengths_are_whole_numbers(world, lengths):
    with pytest.raises(ValueError, match="whole numbers"):
        cold_start.moments(world[0], lengths)


def test_orders_alone_are_enough(world):
    store = shop.read(world[0].purchases)
    table = cold_start.moments(store)
    assert table["age_band"].isna().all() and not table["answered"].any()
    assert table["landing_category"].notna().all()
    train, test = cold_start.split(table, table["signed_up_at"].median().normalize())
    fitted = cold_start.Hybrid(strength=5).fit(train)
    assert set(fitted.columns_) == {"part_of_day", "landing_category"}
    np.testing.assert_allclose(fitted.predict_proba(test).sum(axis=1), 1)


def test_a_shop_without_a_second_event_or_a_category_is_said(world):
    orders = world[0].purchases
    once = orders.drop_duplicates("customer_id")
    with pytest.raises(ValueError, match="nothing to predict"):
        cold_start.moments(Shop("once", once))
    with pytest.raises(ValueError, match="category"):
        cold_start.moments(Shop("none", orders.assign(category=pd.Series(dtype="str"))))


def test_many_categories_share_other():
    times = pd.date_range("2024-01-01", periods=120, freq="D")
    lines = pd.DataFrame(
        {
            "customer_id": [f"c{i % 10}" for i in range(120)],
            "order_id": range(120),
            "ordered_at": times,
            "category": [f"k{i % 30}" for i in range(120)],
            "amount": 1.0,
        }
    )
    found = cold_start.categories(cold_start.moments(shop.read(lines)))
    assert len(found) == 21 and "other" in found


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


# a visitor


def test_a_visitor_is_a_row(hybrid):
    row = cold_start.visitor(
        hybrid, {"favorite_category": "toys", "age_band": None}, ["home", "toys", "home"]
    )
    assert row["events"].item() == 3 and row["seen_home"].item() == 2 and row["answered"].item()
    before, after = (
        hybrid.predict_proba(cold_start.visitor(hybrid, {}, c))[0] for c in ([], ["toys"] * 3)
    )
    toys = hybrid.categories_.index("toys")
    assert after[toys] > before[toys]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"known": {"favorite_category": "garden"}},
            "'garden' is not an answer to 'favorite_category'",
        ),
        ({"known": {"shoe_size": "38"}}, "'shoe_size' is not asked here"),
        ({"clicks": ["toys", "garden"]}, "'garden' is not a category"),
        ({"customer_id": "C00001"}, "C00001 has been here before"),
        ({"customer_id": "new", "seen_before": ["new"]}, "new has been here before"),
    ],
)
def test_a_wrong_visitor_is_a_sentence(hybrid, arguments, said):
    with pytest.raises(ValueError, match=said):
        cold_start.visitor(hybrid, **arguments)


# exploration


def test_propensities_of_thompson_are_the_shares_of_its_draws():
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.5, 6, (4, K)), rng.uniform(5, 40, (4, K))
    drawn = rng.beta(a, b, size=(40_000, 4, K)).argmax(axis=2)
    observed = np.stack([(drawn == k).mean(axis=0) for k in range(K)], axis=1)
    np.testing.assert_allclose(cold_start.thompson_probabilities(a, b), observed, atol=0.01)


RATES = np.tile([0.05, 0.1, 0.15, 0.4], (300, 1))
FLAT = np.ones_like(RATES)


def test_weighting_by_the_propensity_gives_the_truth_where_plain_means_do_not():
    log = cold_start.play(RATES, FLAT, FLAT, 20, "thompson", seed=1, floor=0.2, propensities=True)
    assert (log.propensity >= 0.2 / K - 1e-12).all()
    for k, truth in enumerate(RATES[0]):
        found = evaluation.mean_interval(
            ((log.arm == k) * log.clicked / log.propensity).mean(axis=1)
        )
        assert found.low - 0.02 < truth < found.high + 0.02


def test_policies_differ_as_they_should():
    lost = {
        policy: cold_start.regret(RATES, cold_start.play(RATES, FLAT, FLAT, 40, policy).arm)
        for policy in ("thompson", "epsilon-greedy", "uniform")
    }
    assert (
        lost["thompson"][-1] < lost["uniform"][-1]
        and lost["epsilon-greedy"][-1] < lost["uniform"][-1]
    )
    assert (np.diff(lost["uniform"]) > 0).all()
    known = cold_start.play(RATES, 50 * RATES, 50 * (1 - RATES), 10, "greedy", propensities=True)
    assert (known.arm == 3).all() and (known.propensity == 1).all()
    anything = cold_start.play(RATES, FLAT, FLAT, 3, "uniform", propensities=True)
    np.testing.assert_allclose(anything.propensity, 1 / K)
    again = (
        cold_start.play(RATES, FLAT, FLAT, 5, seed=3),
        cold_start.play(RATES, FLAT, FLAT, 5, seed=3),
    )
    np.testing.assert_array_equal(again[0].arm, again[1].arm)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policy": "best"}, "no policy 'best'"),
        ({"rates": RATES * 3}, "between 0 and 1"),
        ({"rates": RATES[:5]}, "must match"),
        ({"a": FLAT * 0}, "above 0"),
        ({"rounds": 0}, "at least one round"),
        ({"floor": 2}, "floor from 0 to 1"),
    ],
)
def test_a_wrong_play_is_a_sentence(change, said):
    arguments = {"rates": RATES, "a": FLAT, "b": FLAT, "rounds": 2} | change
    with pytest.raises(ValueError, match=said):
        cold_start.play(**arguments)


def test_click_rates_are_learned_from_impressions(world, sides, hybrid):
    store, truth = world
    old, new = (side[side["events"] == 0] for side in sides)
    shown = store.impressions[store.impressions["recorded_at"] < "2025-04-01"]
    clicks = cold_start.ClickPrior().fit(shown, old, hybrid)
    a, b = clicks.parameters(hybrid.prior(new))
    np.testing.assert_allclose(a + b, clicks.strength_)
    taste = truth["customers"].set_index("customer_id")[["taste_" + c for c in hybrid.categories_]]
    rates = simulator.click_probability(
        taste.loc[new["customer_id"]].to_numpy(dtype=float), np.array(1)
    )
    assert (a / (a + b)).mean() == pytest.approx(rates.mean(), abs=0.03)
    assert np.corrcoef((a / (a + b)).ravel(), rates.ravel())[0, 1] > 0.2
    with pytest.raises(ValueError, match="0 impressions of these customers"):
        cold_start.ClickPrior().fit(shown[:0], old, hybrid)
    with pytest.raises(ValueError, match="0 impressions of these customers"):
        cold_start.ClickPrior().fit(shown.assign(shown_at=pd.Timestamp("2023-01-01")), old, hybrid)


# audit and first orders


def test_the_audit_by_hand():
    group = ["a"] * 4 + ["b"] * 2
    found = cold_start.audit(
        group, [1, 0, 0, 1, 0, 0], [0.5] * 6, [True, True, False, False, False, True], np.arange(6)
    )
    assert found.loc["a", "customers"] == 4 and found.loc["a", "happened"] == 0.5
    assert found.loc["a", "selected"].startswith("0.50 [")
    assert found.loc["b", "predicted − happened"].startswith("+0.50")
    with pytest.raises(ValueError, match="differ in length"):
        cold_start.audit(group, [1], [0.5] * 6, [True] * 6, np.arange(6))
    with pytest.raises(ValueError, match="nobody's average"):
        cold_start.audit(["a", "b", "b"], [1, 0, 0], [0.5] * 3, [True] * 3, [0, 0, 0])


def test_first_orders_see_the_first_orders_only(world):
    store = world[0]
    found = features.first_orders(store, "2025-07-01", 2)
    who = found.index[0]
    own = store.purchases[(store.purchases["customer_id"] == who)]
    order = (
        own.groupby("order_id")
        .agg(at=("ordered_at", "min"), amount=("amount", "sum"))
        .sort_values("at")
    )
    assert found.loc[who, "spend"] == pytest.approx(order["amount"].iloc[:2].sum())
    assert found.loc[who, "largest"] == pytest.approx(order["amount"].iloc[:2].max())
    assert found.loc[who, "days"] == pytest.approx(
        (order["at"].iloc[1] - order["at"].iloc[0]) / pd.Timedelta("1D")
    )
    later = replace(store, purchases=store.purchases[store.purchases["ordered_at"] < "2025-07-01"])
    pd.testing.assert_frame_equal(
        features.first_orders(later, "2026-01-01", 2).loc[found.index], found
    )
    with pytest.raises(ValueError, match="at least one"):
        features.first_orders(store, "2025-07-01", 0)
    with pytest.raises(ValueError, match="no customer has 9999 orders"):
        features.first_orders(store, "2025-07-01", 9999)
