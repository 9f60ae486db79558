"""Rare positives whose probabilities are known, in ten columns: the exact layer of chapter 03."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

COLUMNS = [f"x{i}" for i in range(1, 11)]


def rare_positives(
    n: int = 20_000, seed: int = 0, shift: float = 0.0
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Draw customers, who is a positive, and the true probability of each.

    x1 to x4 are log-normal, as counts and money often are; x5 to x10 are standard normal, and x9
    and x10 say nothing. The logit of the probability is

        -4.35 + .9 log x1 + .7 log x2 - .6 log x3 + .8 [x5 > 0 and x6 > 0] + .5 |x7|
              - .4 [x4 > 1.5] x8

    Args:
        n: Customers.
        seed: Same seed, same draw.
        shift: Added to the logit: above 0 positives are more common (0 gives about 3.7 %).

    Returns:
        The columns (n, 10), the outcome (n,) of 0 and 1, the probability (n,) it was drawn with.
    """
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 10))
    X[:, :4] = np.exp(0.7 * X[:, :4])
    x1, x2, x3, x4, x5, x6, x7, x8 = X.T[:8]
    logit = (
        -4.35
        + 0.9 * np.log(x1)
        + 0.7 * np.log(x2)
        - 0.6 * np.log(x3)
        + 0.8 * ((x5 > 0) & (x6 > 0))
        + 0.5 * np.abs(x7)
        - 0.4 * (x4 > 1.5) * x8
    )
    p = expit(logit + shift)
    return pd.DataFrame(X, columns=COLUMNS), (rng.random(n) < p).astype(int), p
