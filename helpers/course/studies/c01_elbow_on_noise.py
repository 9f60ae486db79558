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
KIND = "demonstration"
CHAPTER = "05"
SEEDS = range(2000, 2030)
N = 2_000
NOISE = ["Gaussian", "uniform cube", "permuted columns"]
ENDS = [6, 10, 15]
CONTRASTS = {
    "noise": studies.Contrast(
        f"k, curve drawn up to {ENDS[-1]} minus up to {ENDS[0]}, mean of three kinds of noise",
        studies.average(
            *[studies.minus(w, f"up to {ENDS[-1]}", f"up to {ENDS[0]}", "k") for w in NOISE]
        ),
        above=0.5,
        form="+.1f",
    ),
}
WAS = "yes"
HISTORY = (
    "Measured first on seeds 0 to 29, when the claim was that the elbow returns a k on pure noise. "
    "A rule that cannot answer none could not fail it: which k, and whether it moves with the end "
    "of the curve, was added then. The rows are those of seeds 2000 to 2029.",
)


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
    result: dict[tuple[str, str, str], float] = {}
    for world, (frame, transform) in data.items():
        curve = segments.inertias(frame, range(1, ENDS[-1] + 1), transform)
        result |= {(world, f"up to {end}", "k"): segments.knee(curve.loc[:end]) for end in ENDS}
    return result


def mean_k(rows: pd.DataFrame, end: int) -> np.ndarray:
    """The knee's k on noise by seed: the mean over three kinds, the curve drawn up to `end`."""
    kinds = [studies.values(rows, world, f"up to {end}", "k") for world in NOISE]
    return np.mean(kinds, axis=0)


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for end in ENDS:
        k = evaluation.mean_interval(mean_k(rows, end))
        known.append(studies.Figure(f"mean k on noise, curve drawn up to {end}", k, ".1f"))
    drift = evaluation.mean_interval(mean_k(rows, ENDS[-1]) - mean_k(rows, ENDS[0]))
    moved = f"on noise, k up to {ENDS[-1]} minus k up to {ENDS[0]}"
    known.append(studies.Figure(moved, drift, "+.1f"))
    for end in ENDS:
        k = studies.interval(rows, "four segments", f"up to {end}", "k")
        known.append(studies.Figure(f"mean k on four segments, up to {end}", k, ".1f"))
    return studies.Finding(
        "on noise, a longer curve moves the elbow by {} segments",
        studies.Figure(moved, drift, ".1f"),
        known,
    )
