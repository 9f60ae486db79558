"""Pareto/NBD: published values, an independent integral, truths that are found again."""

from __future__ import annotations

from math import lgamma

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from helpers import lifetime

# the CDNOW sample by maximum likelihood, in weeks: vignette of the R package BTYD, which follows
# Fader, Hardie & Lee 2005
CDNOW = lifetime.ParetoNBD(r=0.5533971, alpha=10.5801985, s=0.6060625, beta=11.6562237)


def history(repeats, last, age) -> pd.DataFrame:
    return pd.DataFrame({"repeats": repeats, "last": last, "age": age}, dtype=float)


def test_published_values():
    loyal = history([26], [30.86], [31.0])  # customer 1516 of the vignette
    assert CDNOW.expected_purchases(52) == pytest.approx(1.473, abs=5e-4)
    assert CDNOW.expected_orders(loyal, 52).iloc[0] == pytest.approx(25.46, abs=5e-3)
    assert CDNOW.probability_alive(loyal).iloc[0] == pytest.approx(0.9979, abs=5e-5)


@pytest.mark.parametrize("x, last, age", [(0, 0, 30), (1, 2, 30), (26, 30.86, 31), (300, 20, 31)])
@pytest.mark.parametrize("model", [CDNOW, lifetime.ParetoNBD(2.0, 15.0, 0.6, 3.0)])
def test_the_likelihood_is_the_integral_over_the_moment_of_leaving(model, x, last, age):
    r, alpha, s, beta = model.r, model.alpha, model.s, model.beta

    def leaves_at(y: float) -> float:
        slower = np.exp(-(r + x) * np.log((alpha + y) / (alpha + last)))
        return slower * s * beta**s / (beta + y) ** (s + 1)

    left = quad(leaves_at, last, age, epsabs=1e-13)[0]
    stays = np.exp(-(r + x) * np.log((alpha + age) / (alpha + last))) * (beta / (beta + age)) ** s
    wanted = lgamma(r + x) - lgamma(r) + r * np.log(alpha) - (r + x) * np.log(alpha + last)
    table = history([x], [last], [age])
    assert model.log_likelihood(table) == pytest.approx(wanted + np.log(left + stays), rel=1e-9)
    alive = model.probability_alive(table).iloc[0]
    assert alive == pytest.approx(stays / (left + stays), rel=1e-8)


def test_parameters_are_found_again():
    rng = np.random.default_rng(0)
    truth, n = lifetime.ParetoNBD(0.8, 20.0, 0.7, 30.0), 4_000
    life = rng.exponential(1 / rng.gamma(truth.s, 1 / truth.beta, n))
    age = rng.uniform(40, 100, n)
    counts = rng.poisson(rng.gamma(truth.r, 1 / truth.alpha, n) * np.minimum(life, age))
    last = [
        rng.uniform(0, min(a, b), k).max(initial=0)
        for a, b, k in zip(life, age, counts, strict=True)
    ]
    table = history(counts, last, age)
    found = lifetime.ParetoNBD.fit(table)
    assert found.log_likelihood(table) >= truth.log_likelihood(table)
    assert found.r == pytest.approx(truth.r, rel=0.15)
    assert found.r / found.alpha == pytest.approx(truth.r / truth.alpha, rel=0.1)
    in_a_year = found.expected_purchases(52), truth.expected_purchases(52)
    assert in_a_year[0] == pytest.approx(in_a_year[1], rel=0.05)


def test_the_limit_at_s_of_one():
    table, near = history([3], [20], [30]), []
    for s in (1 - 1e-4, 1.0, 1 + 1e-4):
        near.append(lifetime.ParetoNBD(0.5, 10, s, 12).expected_orders(table, 26).iloc[0])
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-6)


def test_any_parameters_give_a_number(journey):
    past = lifetime.history(journey, "2017-10-01")
    rng = np.random.default_rng(0)
    for parameters in np.exp(rng.uniform(-9, 9, size=(100, 4))):
        assert np.isfinite(lifetime.ParetoNBD(*parameters).log_likelihood(past))


def test_impossible_histories_are_named():
    with pytest.raises(ValueError, match="impossible"):
        CDNOW.expected_orders(history([1], [40], [30]), 10)
    with pytest.raises(ValueError, match="negative"):
        CDNOW.expected_orders(history([1], [4], [30]), -1)
    with pytest.raises(ValueError, match="nobody bought twice"):
        lifetime.ParetoNBD.fit(history([0, 0], [0, 0], [30, 20]))
    with pytest.raises(ValueError, match="beta"):
        lifetime.ParetoNBD(1, 1, 1, 0)
