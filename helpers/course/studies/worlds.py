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
