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
    walker = Walker(people, sep, rng)
    begins = month_of(people.signup_day)
    result = np.empty((MONTHS, n, 6))
    taste = people.taste
    for month in range(MONTHS):
        moving = begins < month
        moved = walker.step(rate * world.DAYS / 365.25 / MONTHS, moving)
        taste = np.where(moving[:, None], moved, taste)
        result[month] = taste
    return result


class Walker:
    """Tastes on their way: `shape` (n, 6) of the gammas, `normal` (n, 6) whose quantiles they are.

    The sum of the gammas is independent of the taste, and was not kept: any will do.
    """

    def __init__(self, people: Population, sep: float, rng: np.random.Generator):
        self.rng = rng
        base = population.taste_base(people.segment, people.age, sep)
        self.shape = population.TASTE_CONCENTRATION * base
        total = rng.standard_gamma(population.TASTE_CONCENTRATION, len(base))[:, None]
        below = gammainc(self.shape, people.taste * total)
        self.normal = ndtri(np.clip(below, SMALL, 1 - SMALL))

    def step(self, change: float, moving: np.ndarray) -> np.ndarray:
        """Let the customers `moving` (n,) go on by `change` (rate times years); return all tastes
        (n, 6), none of them quite 0."""
        kept = np.exp(-change)
        new = np.sqrt(1 - kept**2) * self.rng.standard_normal(self.normal.shape)
        self.normal = np.where(moving[:, None], kept * self.normal + new, self.normal)
        weight = gammaincinv(self.shape, ndtr(self.normal))
        share = np.clip(weight / weight.sum(axis=1, keepdims=True), 1e-6, None)
        return share / share.sum(axis=1, keepdims=True)


def month_of(day: np.ndarray) -> np.ndarray:
    """Return the month, from 0, of each day since the shop opened."""
    return np.minimum(np.asarray(day) * MONTHS // world.DAYS, MONTHS - 1)


def first_day(month: np.ndarray) -> np.ndarray:
    """Return the first day, since the shop opened, of each month."""
    return -(-np.asarray(month) * world.DAYS // MONTHS)
