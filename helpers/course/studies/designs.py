"""The designs of the twin gap's study: data with a known number of segments, or none."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers import segments
from helpers.course.studies import worlds

N = 1_200
TUNED = {
    "Gaussian": 1,
    "uniform cube": 1,
    "skewed, correlated": 1,
    "permuted columns": 1,
    "shop log, one kind": 1,
    "curved cloud": 1,
    "two groups": 2,
    "two groups, in one column": 2,
    "four segments, easy": 4,
    "four segments": 4,
    "four segments, hard": 4,
    "six clusters": 6,
}
HELD_OUT = {
    "t copula, 3 degrees of freedom": 1,
    "independent columns with heavy tails": 1,
    "gamma columns, correlated": 1,
    "skewed, negatively correlated": 1,
    "one kind of buyer": 1,
    "two groups of 85 and 15 %": 2,
    "three groups": 3,
    "three groups of 70, 25 and 5 %": 3,
    "three groups, unlike spreads": 3,
    "five groups in six columns": 5,
}


def tuned(seed: int) -> dict[str, tuple[pd.DataFrame, str]]:
    """The twelve designs: (customers × columns, transform)."""
    rng = np.random.default_rng(seed)
    normal = worlds.behavior(N, seed)
    # by Cholesky: the default's singular vectors are any basis here, another one on each machine
    skewed = np.exp(
        rng.multivariate_normal(np.zeros(4), 0.5 * np.eye(4) + 0.5, N, method="cholesky")
    )
    x = rng.normal(size=N)
    curved = np.column_stack([x, x**2 + 0.5 * rng.normal(size=N), *rng.normal(size=(2, N))])
    one = rng.normal(size=(N, 4))
    one[:, 0] += 8 * rng.integers(2, size=N)
    return {
        "Gaussian": (pd.DataFrame(rng.normal(size=(N, 4))), "standardize"),
        "uniform cube": (pd.DataFrame(rng.uniform(size=(N, 4))), "standardize"),
        "skewed, correlated": (pd.DataFrame(skewed), "log"),
        "permuted columns": (segments.permuted_twin(normal, rng), "log"),
        "shop log, one kind": (worlds.shop_log(N, seed), "log"),
        "curved cloud": (pd.DataFrame(curved), "standardize"),
        "two groups": (worlds.clusters(N, 2, rng), "standardize"),
        "two groups, in one column": (pd.DataFrame(one), "standardize"),
        "four segments, easy": (worlds.behavior(N, seed, "easy"), "log"),
        "four segments": (normal, "log"),
        "four segments, hard": (worlds.behavior(N, seed, "hard"), "log"),
        "six clusters": (worlds.clusters(N, 6, rng), "standardize"),
    }


def held_out(seed: int) -> dict[str, tuple[pd.DataFrame, str]]:
    """The ten designs that the rule never saw: (customers × columns, transform)."""
    rng = np.random.default_rng([seed, 2])
    together = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
    shared = rng.multivariate_normal(np.zeros(4), together, N, method="cholesky")
    t = stats.t(3).cdf(shared / np.sqrt(rng.chisquare(3, size=(N, 1)) / 3))
    gamma = rng.multivariate_normal(np.zeros(4), together, N, method="cholesky")
    pair = rng.multivariate_normal([0, 0], [[1, -0.7], [-0.7, 1]], N, method="cholesky")
    skewed = np.exp(np.column_stack([pair, rng.normal(size=(N, 2))]))
    thirds, ones = [1 / 3] * 3, [1.0] * 3
    return {
        "t copula, 3 degrees of freedom": (pd.DataFrame(stats.norm.ppf(t)), "standardize"),
        "independent columns with heavy tails": (
            pd.DataFrame(rng.standard_t(3, size=(N, 4))),
            "standardize",
        ),
        "gamma columns, correlated": (
            pd.DataFrame(stats.gamma(2).ppf(stats.norm.cdf(gamma))),
            "log",
        ),
        "skewed, negatively correlated": (pd.DataFrame(skewed), "log"),
        "one kind of buyer": (worlds.one_kind_of_buyer(N, rng), "log"),
        "two groups of 85 and 15 %": (
            worlds.unlike_clusters(N, [0.85, 0.15], [1.0, 1.0], 4, rng),
            "standardize",
        ),
        "three groups": (worlds.unlike_clusters(N, thirds, ones, 4, rng), "standardize"),
        "three groups of 70, 25 and 5 %": (
            worlds.unlike_clusters(N, [0.7, 0.25, 0.05], ones, 4, rng),
            "standardize",
        ),
        "three groups, unlike spreads": (
            worlds.unlike_clusters(N, thirds, [0.5, 1.0, 2.0], 4, rng),
            "standardize",
        ),
        "five groups in six columns": (
            worlds.unlike_clusters(N, [0.2] * 5, [1.0] * 5, 6, rng),
            "standardize",
        ),
    }
