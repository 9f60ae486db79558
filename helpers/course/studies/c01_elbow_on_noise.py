"""c01: the elbow returns a k on pure noise.

A knee finder reads the elbow as a person might: the point farthest below the straight line from the
first to the last. It cannot answer "none", so that it names a k on noise is no finding. Measured is
which k, and whether the k depends on how far to the right one happened to draw the curve.
"""

import numpy as np
import pandas as pd

from helpers import evaluation, segments
from helpers.course import studies
from helpers.course.studies import worlds

CLAIM = "the elbow returns a k on pure noise, and which one depends on how far the curve is drawn"
EXPECTED = (
    "on noise a larger k when the curve is drawn up to 15 than up to 6; on four segments always 4"
)
CHAPTER = "05"
SEEDS = range(30)
N = 2_000
NOISE = ["Gaussian", "uniform cube", "permuted columns"]
ENDS = [6, 10, 15]


def run(seed: int) -> dict:
    """The knee's k for each kind of data, the curve drawn up to 6, 10 and 15 segments."""
    rng = np.random.default_rng(seed)
    real = worlds.behavior(N, seed)
    data = {
        "Gaussian": (pd.DataFrame(rng.normal(size=(N, 4))), "standardize"),
        "uniform cube": (pd.DataFrame(rng.uniform(size=(N, 4))), "standardize"),
        "permuted columns": (segments.permuted_twin(real, rng), "log"),
        "four segments": (real, "log"),
    }
    result = {}
    for world, (frame, transform) in data.items():
        curve = segments.inertias(frame, range(1, ENDS[-1] + 1), transform)
        result |= {(world, f"up to {end}", "k"): segments.knee(curve.loc[:end]) for end in ENDS}
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    def mean_k(end: int) -> np.ndarray:
        return np.mean(
            [studies.values(rows, world, f"up to {end}", "k") for world in NOISE], axis=0
        )

    drift = evaluation.mean_interval(mean_k(15) - mean_k(6))
    on_noise = ", ".join(f"up to {e}: {mean_k(e).mean():.1f}" for e in ENDS)
    four = {e: studies.values(rows, "four segments", f"up to {e}", "k") for e in ENDS}
    on_four = ", ".join(f"up to {e}: {k.mean():.1f}" for e, k in four.items())
    return studies.Finding(
        f"mean k on three kinds of noise, curve drawn {on_noise}; from 6 to 15 it moves by "
        f"{drift.text(1, signed=True)}; on four segments {on_four}",
        "",
        "yes" if drift.low > 0 else "partly",
    )
