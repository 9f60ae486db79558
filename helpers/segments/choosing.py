"""How many segments? Does structure exist, which k, is it stable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.utils import check_array
from threadpoolctl import threadpool_limits

from helpers.segments.at_scale import STARTS, inertia_of, sample_centers
from helpers.segments.clustering import model, transformer
from helpers.segments.twins import copula_twin, latent_correlation

KS = range(1, 11)
SAMPLE = 30_000  # customers; the centers of more are those of so many
_NOTHING = 1e-9  # of the largest: what rounding leaves of an inertia of 0
GAP_FLOOR = 0.05  # a smaller gap, however certain, explains too little to act on

Reference = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


def inertias(
    frame: pd.DataFrame,
    ks: Sequence[int] = KS,
    transform: str = "log",
    n_init: int = 3,
    seed: int = 0,
    sample: int = SAMPLE,
) -> pd.Series:
    """KMeans inertia (sum of squared distances to the nearest center) for each k, indexed by k.

    Of more than `sample` customers the centers come from so many of them, drawn at random, with at
    least ten starts; the inertia is that of all. Such centers cost about k / `sample` of the
    inertia, as means of so few do. `.attrs["sample_error"]` then says by how much the mean squared
    distance in the sample is off that of all, at the worst k: 1 to 4 % by chance. Far more says
    that a few customers unlike all others (a wholesaler) are not in it: set them apart, or pass
    `sample=len(frame)`.

    Raises ValueError where a value is missing.
    """
    X = transformer(transform).fit_transform(frame)
    # a second thread costs more than it brings below a million rows
    with threadpool_limits(limits=1):
        if len(X) <= sample:
            values = [KMeans(k, n_init=n_init, random_state=seed).fit(X).inertia_ for k in ks]
            return pd.Series(values, index=pd.Index(ks, name="k"), name="inertia")
        X = check_array(X)  # KMeans says what is missing; it would see the sample only
        drawn = X[np.random.default_rng(seed).choice(len(X), sample, replace=False)]
        centers = sample_centers(drawn, ks, max(n_init, STARTS), seed)
        values, promised = inertia_of(X, centers), inertia_of(drawn, centers)
    curve = pd.Series(values, index=pd.Index(ks, name="k"), name="inertia")
    mean, promised = values / len(X), promised / len(drawn)
    there = mean > _NOTHING * mean.max()
    off = np.abs(promised[there] / mean[there] - 1).max(initial=0)
    curve.attrs = {"sample": sample, "sample_error": float(off)}
    return curve


def knee(curve: pd.Series) -> int:
    """The k at which a falling curve bends most: the point farthest below the straight line from
    its first to its last point, both axes scaled to 0..1 (the idea of Satopää et al. 2011)."""
    k = curve.index.to_numpy(dtype=float)
    x = (k - k[0]) / (k[-1] - k[0])
    y = (curve.to_numpy() - curve.iloc[-1]) / (curve.iloc[0] - curve.iloc[-1])
    return int(curve.index[np.argmax(1 - x - y)])


def gap(
    frame: pd.DataFrame,
    reference: Reference | None = None,
    ks: Sequence[int] = KS,
    transform: str = "log",
    references: int = 20,
    n_init: int = 3,
    seed: int = 0,
) -> pd.DataFrame:
    """Gap statistic (Tibshirani, Walther & Hastie 2001) against `reference` data without segments.

    gap(k) = mean over references of log inertia(k), less log inertia(k) of `frame`;
    se(k) = sd of the references' log inertias × sqrt(1 + 1/references).
    The default reference is the copula twin: same columns, same rank correlations, no more. (Null
    data that keep the structure of the real ones: Hennig & Lin 2015.) Returns a frame indexed by k
    with columns gap and se.
    """
    rng = np.random.default_rng(seed)
    if reference is None:
        reference = partial(copula_twin, latent=latent_correlation(frame))

    def curve(data: pd.DataFrame) -> np.ndarray:
        return np.log(inertias(data, ks, transform, n_init, seed).to_numpy())

    twins = np.array([curve(reference(frame, rng)) for _ in range(references)])
    gaps = twins.mean(axis=0) - curve(frame)
    se = twins.std(axis=0, ddof=1) * np.sqrt(1 + 1 / references)
    return pd.DataFrame({"gap": gaps, "se": se}, index=pd.Index(ks, name="k"))


def choose_k(gaps: pd.DataFrame, floor: float = GAP_FLOOR, first: int = 2) -> int:
    """The number of segments that the gaps speak for; 1 means none.

    First which k: the smallest, from `first` on, whose gap is within one standard error of the next
    one's. The rule's authors start at 1. Against copula twins that is a trap: the gap at 1 is zero
    by construction, and where two segments explain no more than one, the search stops before the
    four that do. Then whether there is anything: the gap at that k must exceed two standard errors
    and
    `floor`.
    """
    at = gaps.loc[first:]
    value, se = at["gap"].to_numpy(), at["se"].to_numpy()
    reached = np.flatnonzero(value[:-1] >= value[1:] - se[1:])
    place = reached[0] if len(reached) else len(value) - 1
    exists = value[place] > max(floor, 2 * se[place])
    return int(at.index[place] if exists else 1)


def stability(
    frame: pd.DataFrame,
    k: int,
    transform: str = "log",
    algorithm: str = "kmeans",
    repeats: int = 20,
    seed: int = 0,
    score: Callable[[np.ndarray, np.ndarray], float] = adjusted_rand_score,
) -> np.ndarray:
    """Do other customers of the same kind give the same segments? Adjusted Rand indexes (repeats,).

    Each time the customers are split into two halves at random, a model is fitted to each with a
    seed of its own, and the index (or another `score`) compares how both label all customers; 1 =
    the same segments.
    """
    rng = np.random.default_rng(seed)
    scores = []
    with threadpool_limits(limits=1):
        for repeat in range(repeats):
            half = np.array_split(rng.permutation(len(frame)), 2)
            labels = [
                model(k, transform, algorithm, 2 * repeat + i)
                .fit(frame.iloc[np.sort(rows)])
                .predict(frame)
                for i, rows in enumerate(half)
            ]
            scores.append(score(*labels))
    return np.array(scores)
