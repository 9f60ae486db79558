"""Data with a known number of segments, for the studies of clustering: (customers × columns)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import features, segments, simulator


def behavior(n: int, seed: int, hardness: str = "normal") -> pd.DataFrame:
    """The four features of customers drawn from four overlapping segments."""
    return simulator.customer_behavior(n, seed, hardness)[0][segments.FEATURES]


def shop_log(n: int, seed: int) -> pd.DataFrame:
    """The four features of up to `n` buyers of a shop whose customers are all of one kind. Most
    bought once, so that its columns are full of ties."""
    store, _ = simulator.simulate(customers=4_000, seed=seed, sep=0.0)
    log = features.build(store, "2025-07-01").query("frequency > 0")[segments.FEATURES]
    return log.sample(min(n, len(log)), random_state=seed)


def clusters(n: int, k: int, rng: np.random.Generator, apart: float = 6.0) -> pd.DataFrame:
    """`k` round clusters of equal size in four columns, the nearest two `apart` standard
    deviations."""
    centers = rng.normal(size=(k, 4))
    distance = np.linalg.norm(centers[:, None] - centers[None], axis=2)
    centers *= apart / distance[~np.eye(k, dtype=bool)].min()
    return pd.DataFrame(centers[rng.integers(k, size=n)] + rng.normal(size=(n, 4)))


def unlike_clusters(
    n: int, shares: list[float], spreads: list[float], columns: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Round clusters of the given shares and standard deviations, the nearest two six of the mean
    deviation apart."""
    k = len(shares)
    centers = rng.normal(size=(k, columns))
    distance = np.linalg.norm(centers[:, None] - centers[None], axis=2)
    centers *= 6 * np.mean(spreads) / distance[~np.eye(k, dtype=bool)].min()
    which = rng.choice(k, size=n, p=shares)
    noise = rng.normal(size=(n, columns)) * np.array(spreads)[which, None]
    return pd.DataFrame(centers[which] + noise)


def one_kind_of_buyer(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Recency, frequency and monetary of `n` buyers of one kind: the same rates of buying and of
    leaving for all (a Pareto/NBD without spread), orders of log-normal value; 104 weeks."""
    rate, leaving, weeks = 0.08, 0.01, 104.0
    rows: list[tuple[float, float, float]] = []
    while len(rows) < n:
        life = min(rng.exponential(1 / leaving), weeks)
        orders = np.sort(rng.uniform(0, life, rng.poisson(rate * life)))
        if len(orders):
            value = rng.lognormal(4.0, 0.5, len(orders)).mean()
            rows.append((weeks - orders[-1], float(len(orders)), float(value)))
    return pd.DataFrame(rows, columns=["recency", "frequency", "monetary"])
