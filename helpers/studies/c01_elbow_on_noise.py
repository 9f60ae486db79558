"""c01: the elbow returns a k on pure noise.

A knee finder reads the elbow as a person would and is asked for a k on three kinds of data without
any segments, and on data with four. A method that can answer "none" would say 1 on the first three.
"""

import numpy as np
import pandas as pd

from helpers import evaluation, segments, simulator, studies

CLAIM = "the elbow returns a k on pure noise"
EXPECTED = "a k above 1 in nearly every draw of data that has no segments"
CHAPTER = "05"
SEEDS = range(30)
N = 2_000
NOISE = ["Gaussian", "uniform cube", "permuted columns"]


def run(seed: int) -> dict:
    """The knee's k for each kind of data: (n, 4) columns, KMeans for k = 1..10."""
    rng = np.random.default_rng(seed)
    real, _ = simulator.customer_behavior(N, seed)
    real = real[segments.FEATURES]
    worlds = {
        "Gaussian": (pd.DataFrame(rng.normal(size=(N, 4))), "standardize"),
        "uniform cube": (pd.DataFrame(rng.uniform(size=(N, 4))), "standardize"),
        "permuted columns": (simulator.permuted_twin(real, rng), "log"),
        "four segments": (real, "log"),
    }
    return {
        (world, "elbow", "k"): segments.knee(segments.inertias(frame, transform=transform))
        for world, (frame, transform) in worlds.items()
    }


def finding(rows: pd.DataFrame) -> studies.Finding:
    noise = np.concatenate([studies.values(rows, world, "elbow", "k") for world in NOISE])
    share = evaluation.proportion_interval(int((noise > 1).sum()), len(noise))
    four = studies.values(rows, "four segments", "elbow", "k")
    right = evaluation.proportion_interval(int((four == 4).sum()), len(four))
    return studies.Finding(
        f"a k above 1 in {share.text()} of {len(noise)} draws without segments, "
        f"between {noise.min():.0f} and {noise.max():.0f}; "
        f"on four segments it says 4 in {right.text()}",
        "",
        "yes" if share.low > 0.9 else "no",
    )
