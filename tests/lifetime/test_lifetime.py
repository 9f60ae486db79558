"""BG/NBD and Gamma-Gamma: published values, an independent integral, truths that are found
again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution
from scipy.stats import gamma as gamma_distribution

from helpers import features, lifetime, shop, simulator
from helpers.lifetime import BetaGeometric, GammaGamma
from helpers.shop import Shop, conform

CDNOW = BetaGeometric(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
PROFILE = settings(max_examples=25, deadline=None, derandomize=True)
DAY = pd.Timedelta("1D")


def history(repeats, last, age, value=10.0):
    table = pd.DataFrame({"repeats": repeats, "last": last, "age": age, "value": value})
    return table.astype(float)


# --- published values ----------------------------------------------------------------------------


def rounded(value, digits=4):
    """A printed figure: right within a relative 5e-4 of parameters given to four digits, and within
    the rounding of the print."""
    return pytest.approx(value, rel=5e-4, abs=0.5 * 10**-digits)


@pytest.mark.parametrize(
    ("t", "expected"),
    [(0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.8571, 1.0405), (32, 1.0437), (78, 1.8576)],
)
def test_expected_purchases_as_published(t, expected):
    assert CDNOW.expected_purchases(t) == rounded(expected)


def test_conditional_expectation_as_published():
    found = CDNOW.expected_orders(history([2], [30.43], [38.86]), 39)
    assert found.iloc[0] == rounded(1.226, digits=3)


# --- the closed form against an integral that shares no code with it
# -------------------------------


def by_integral(model, t):
    """E[X(t)]: the rate of somebody alive is lambda, and exp(-lambda p s) are alive at s."""

    def over_p(p):
        def rate(s):  # E[lambda exp(-lambda p s)] over the gamma distribution
            return model.r / model.alpha * (1 + p * s / model.alpha) ** -(model.r + 1)

        return quad(rate, 0, t, limit=200)[0] * beta_distribution.pdf(p, model.a, model.b)

    return quad(over_p, 0, 1, limit=400, points=[1e-6, 1e-3, 0.1, 0.999])[0]


@PROFILE
@given(
    r=st.floats(0.05, 8),
    alpha=st.floats(0.5, 50),
    a=st.floats(0.3, 3),
    b=st.floats(0.6, 6),
    t=st.floats(0.1, 200),
)
def test_closed_form_is_the_integral(r, alpha, a, b, t):
    model = BetaGeometric(r, alpha, a, b)
    assert model.expected_purchases(t) == pytest.approx(by_integral(model, t), rel=1e-4)


@PROFILE
@given(
    x=st.integers(0, 400),
    age=st.floats(1, 400),
    share=st.floats(0.01, 1),
    t=st.floats(0, 400),
    a=st.floats(0.02, 3),
    b=st.floats(0.1, 40),
)
def test_expectations_stay_finite_and_grow_with_time(x, age, share, t, a, b):
    model = BetaGeometric(0.7, 9.0, a, b)
    past = history([x], [age * share if x else 0], [age])
    alive = model.probability_alive(past).iloc[0]
    ahead = [model.expected_orders(past, s).iloc[0] for s in (t, t + 1, 2 * t + 1)]
    assert 0 <= alive <= 1 and np.isfinite(ahead).all()
    assert -1e-9 <= ahead[0] <= ahead[1] <= ahead[2] + 1e-9


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (1 + 1e-7, 2.0), (0.4, 0.6), (1.0, 1e-3)])
def test_nothing_happens_at_the_poles_of_the_closed_form(a, b):
    past = history([0, 3], [0, 20], [30, 40])
    found = BetaGeometric(0.5, 10, a, b).expected_orders(past, 50)
    near = BetaGeometric(0.5, 10, a * 1.001, b).expected_orders(past, 50)
    np.testing.assert_allclose(found, near, rtol=2e-3)


def test_the_expectation_given_a_history_is_the_average_over_histories():
    """Law of total expectation, on simulated customers: given the past, what comes is foretold."""
    model = BetaGeometric(0.8, 20, 0.9, 2.5)
    past, later = customers(model, 60_000, age=200, ahead=100)
    expected = model.expected_orders(past, 100)
    assert expected.mean() == pytest.approx(later.mean(), rel=0.03)
    for group in (past["repeats"] == 0, past["repeats"].between(1, 2), past["repeats"] > 5):
        assert expected[group].mean() == pytest.approx(later[group].mean(), rel=0.08)


# --- truths that are found again
# -------------------------------------------------------------------


def customers(model, n, age, ahead=0.0, seed=0):
    """Simulated customers: their history at `age`, and how often they buy in the time `ahead`."""
    rng = np.random.default_rng(seed)
    rate = gamma_distribution.rvs(model.r, scale=1 / model.alpha, size=n, random_state=rng)
    leave = beta_distribution.rvs(model.a, model.b, size=n, random_state=rng)
    repeats, last, later = np.zeros(n), np.zeros(n), np.zeros(n)
    alive, clock = np.ones(n, bool), np.zeros(n)
    while alive.any():
        clock = clock + rng.exponential(1 / np.maximum(rate, 1e-12))
        alive &= clock < age + ahead
        seen = alive & (clock < age)
        repeats, last = repeats + seen, np.where(seen, clock, last)
        later += alive & (clock >= age)
        alive &= rng.random(n) > leave
    return history(repeats, last, np.full(n, float(age))), later


def test_parameters_are_found_again():
    truth = BetaGeometric(0.6, 15, 0.8, 2.4)
    past, _ = customers(truth, 40_000, age=300)
    found = BetaGeometric.fit(past)
    assert (found.r, found.alpha) == pytest.approx((truth.r, truth.alpha), rel=0.06)
    assert (found.a, found.b) == pytest.approx((truth.a, truth.b), rel=0.15)
    assert found.log_likelihood(past) >= truth.log_likelihood(past)
    t = np.array([10, 100, 1_000])
    np.testing.assert_allclose(found.expected_purchases(t), truth.expected_purchases(t), rtol=0.03)


def test_values_are_found_again():
    truth, rng, n = GammaGamma(6.25, 3.74, 15.44), np.random.default_rng(1), 30_000
    purchases = rng.integers(1, 12, n)
    scale = rng.gamma(truth.q, 1 / truth.v, n)
    value = rng.gamma(truth.p * purchases, 1 / scale) / purchases
    past = history(purchases - 1, np.where(purchases > 1, 5, 0), np.full(n, 10), value)
    found = GammaGamma.fit(past)
    assert (found.p, found.q, found.v) == pytest.approx((truth.p, truth.q, truth.v), rel=0.1)
    expected = found.expected_value(past)
    true_mean = truth.p / scale  # of each customer's future purchases
    few = purchases <= 3
    assert expected[few].mean() == pytest.approx(true_mean[few].mean(), rel=0.03)
    assert np.mean((expected - true_mean) ** 2) < np.mean((value - true_mean) ** 2)


def test_the_unit_of_time_and_the_order_of_rows_do_not_matter():
    past, _ = customers(BetaGeometric(0.6, 15, 0.8, 2.4), 3_000, age=300, seed=3)
    weeks = past.assign(last=past["last"] / 7, age=past["age"] / 7)
    by_day, by_week = (
        BetaGeometric.fit(past),
        BetaGeometric.fit(weeks.sample(frac=1, random_state=0)),
    )
    assert by_day.alpha == pytest.approx(7 * by_week.alpha, rel=1e-3)
    np.testing.assert_allclose(
        by_day.expected_orders(past, 70), by_week.expected_orders(weeks, 10), rtol=1e-3
    )


# --- from a shop
# -----------------------------------------------------------------------------------


def test_history_by_hand():
    rows = [
        ("a", "a1", "2024-01-01 09:00", 10.0, None),
        ("a", "a2", "2024-01-01 20:00", 30.0, None),  # the same day: one purchase of 40
        ("a", "a3", "2024-01-11 08:00", 20.0, "2024-03-01"),  # cancelled when nobody knew yet
        ("b", "b1", "2024-01-05 12:00", 5.0, None),
        ("b", "b2", "2024-01-20 12:00", 5.0, "2024-01-25"),  # cancelled before the cut-off
        ("c", "c1", "2024-02-01 00:00", 9.0, None),  # the cut-off itself: not yet
    ]
    names = ["customer_id", "order_id", "ordered_at", "amount", "cancelled_at"]
    frame = pd.DataFrame(rows, columns=names)
    frame[["ordered_at", "cancelled_at"]] = frame[["ordered_at", "cancelled_at"]].apply(
        pd.to_datetime
    )
    past = lifetime.history(Shop("small", conform(frame, "purchases")), "2024-02-01")
    assert list(past.index) == ["a", "b"]
    assert past.loc["a"].tolist() == [1, 10, 31, 30]
    assert past.loc["b"].tolist() == [0, 0, 27, 5]


def test_the_future_changes_nothing():
    store, _ = simulator.simulate(customers=600, seed=2)
    until = store.purchases[store.purchases["ordered_at"] < "2025-01-01"].copy()
    until["cancelled_at"] = until["cancelled_at"].where(
        until["cancelled_at"] < pd.Timestamp("2025-01-01")
    )
    past = lifetime.history(store, "2025-01-01")
    pd.testing.assert_frame_equal(past, lifetime.history(Shop("cut", until), "2025-01-01"))


def test_an_order_on_both_sides_of_midnight_is_one_purchase():
    rows = [
        ("a", "1", "2024-01-10 23:58", 10.0),
        ("a", "1", "2024-01-11 00:01", 5.0),
        ("a", "2", "2024-01-31 23:59", 7.0),
        ("a", "2", "2024-02-01 00:01", 1.0),  # and on both sides of the cut-off
        ("a", "3", "2024-02-20 10:00", 2.0),
        ("b", "5", "2024-01-01 10:00", 3.0),
        ("b", "5", "2024-01-15 10:00", 4.0),  # a number that begins again is another order
        ("c", "9", "2024-05-20 10:00", 4.0),
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "amount"])
    store = Shop("small", conform(frame.astype({"ordered_at": "datetime64[us]"}), "purchases"))
    past = lifetime.history(store, "2024-02-01")
    assert past["repeats"].to_dict() == {"a": 1, "b": 1}
    assert past.loc["a", ["last", "value"]].tolist() == [21.0, 11.0]
    assert lifetime.purchases_after(store, "2024-02-01", "90D").to_dict() == {"a": 1, "b": 0}


def test_history_agrees_with_the_features():
    store = shop.load()
    past, known = lifetime.history(store, "2025-07-01"), features.build(store, "2025-07-01")
    buyers = known.query("frequency > 0")
    assert past.index.equals(buyers.index)
    assert (past["repeats"] < buyers["frequency"]).all()
    np.testing.assert_allclose(past["value"] * (past["repeats"] + 1), buyers["monetary"])


# --- what cannot be done is said
# ---------------------------------------------------------------------


def test_impossible_histories_are_sentences():
    for past in (
        history([1], [9], [5]),
        history([0], [3], [5]),
        history([1], [0], [0]),
        history([-1], [0], [4]),
    ):
        with pytest.raises(ValueError, match="history of customer 0 is impossible"):
            BetaGeometric.fit(past)
    with pytest.raises(ValueError, match="nobody bought twice"):
        BetaGeometric.fit(history([0, 0], [0, 0], [5, 9]))
    with pytest.raises(ValueError, match="nobody bought twice"):
        GammaGamma.fit(history([0, 2], [0, 3], [5, 9], value=[3, 0]))
    with pytest.raises(ValueError, match="not be negative"):
        CDNOW.expected_orders(history([1], [2], [5]), -1)
    with pytest.raises(ValueError, match="above 0"):
        BetaGeometric(0.1, -1, 1, 1)
    with pytest.raises(ValueError, match="nobody bought before"):
        lifetime.history(shop.load(), "2000-01-01")


def test_an_infinite_mean_is_said():
    with pytest.raises(ValueError, match="not finite"):
        GammaGamma(0.2, 0.5, 10).expected_value(history([0], [0], [5]))
