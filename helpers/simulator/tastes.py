"""How tastes change: each customer's taste month by month."""

import numpy as np
from scipy.special import gammainc, gammaincinv, ndtr, ndtri

from helpers.simulator import population, world
from helpers.simulator.population import Population

MONTHS = 24  # of equal length in the two years
SMALL = 1e-9  # nearer to 0 or 1 no probability is taken


def walk(people: Population, sep: float, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Return each customer's taste by month (months, n, 6): until the month of the sign-up that of
    `people`, from then on wandering at `rate` a year.

    A Dirichlet taste is six independent gammas over their sum. Each gamma is the quantile of a
    normal that forgets: an autoregressive process with correlation exp(-rate t). So the taste of
    every month has the Dirichlet distribution of the first, and popularity stays.
    """
    n = len(people.segment)
    shape = population.TASTE_CONCENTRATION * population.taste_base(people.segment, people.age, sep)
    # The sum of the gammas is independent of the taste, and was not kept: any will do.
    total = rng.standard_gamma(population.TASTE_CONCENTRATION, n)[:, None]
    normal = ndtri(np.clip(gammainc(shape, people.taste * total), SMALL, 1 - SMALL))
    kept = np.exp(-rate * world.DAYS / 365.25 / MONTHS)
    begins = month_of(people.signup_day)
    result = np.empty((MONTHS, n, 6))
    taste = people.taste
    for month in range(MONTHS):
        moving = begins < month
        step = np.sqrt(1 - kept**2) * rng.standard_normal((n, 6))
        normal = np.where(moving[:, None], kept * normal + step, normal)
        if moving.any():
            taste = taste.copy()
            taste[moving] = as_taste(gammaincinv(shape[moving], ndtr(normal[moving])))
        result[month] = taste
    return result


def as_taste(weight: np.ndarray) -> np.ndarray:
    """Return weights (n, 6) as shares that sum to one, none of them quite 0."""
    share = np.clip(weight / weight.sum(axis=1, keepdims=True), 1e-6, None)
    return share / share.sum(axis=1, keepdims=True)


def month_of(day: np.ndarray) -> np.ndarray:
    """Return the month, from 0, of each day since the shop opened."""
    return np.minimum(np.asarray(day) * MONTHS // world.DAYS, MONTHS - 1)


def first_day(month: np.ndarray) -> np.ndarray:
    """Return the first day, since the shop opened, of each month."""
    return -(-np.asarray(month) * world.DAYS // MONTHS)
