"""Segments of more customers than are fitted at once: centers of a sample, labels for everybody.

    fitted = segments.model(4).fit(some)  # pandas: rows of `everybody`, drawn by chance
    labels = segments.define_labels(fitted, everybody)

`some` comes into memory; `everybody` stays where it lies, and is labeled there.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.pipeline import Pipeline

from helpers.features.expressions import (
    FUNCTIONS,
    KEY,
    NoExpression,
    columns_of,
    define_inputs,
    define_transformed,
    weighted_sum,
)
from helpers.segments.clustering import Ward

STARTS = 10  # of KMeans on a sample, at least: one ends in a poor valley for some seeds
START = 1 / 20  # of the sample, that each start is made on
_CELLS = 2**18  # distances held at once: what stays in a processor's cache


def define_labels(fitted: Pipeline | BaseEstimator, table: ibis.Table) -> ibis.Table:
    """Return the expression of the segments that a fitted clustering gives: the nearest center.

    Args:
        fitted: `model(k)`, any pipeline of steps that `features.expressions` knows with KMeans (or
            `Ward`) as its last, or that alone.
        table: `customer_id` and the columns that were fitted, by name; what was fitted to no names
            takes all others in their order. They must mean the same: what `features.build` has
            shrunk is not what `features.define` gives.

    Returns:
        A row per row of `table`: `customer_id`, `segment` (int64), as `fitted.predict` gives it (of
        centers at the same distance, the first). NULL where a column is missing (NULL, NaN, or -1
        and below before a logarithm), which scikit-learn refuses.

    Raises:
        NoExpression: The table lacks a column, or a step is not known.
    """
    known, cluster = define_inputs(fitted, table), fitted
    columns = columns_of(known)
    if isinstance(fitted, Pipeline):
        columns, cluster = define_transformed(fitted[:-1], columns, FUNCTIONS), fitted[-1]
    centers = _centers(cluster)
    # Named, so that an engine computes each once: coordinates, then distances.
    points = known.select(KEY, **{f"x{i}": value for i, value in enumerate(columns.values())})
    distances = points.select(
        KEY, **{f"d{label}": _distance(points, center) for label, center in enumerate(centers)}
    )
    names = [f"d{label}" for label in range(len(centers))]
    least = ibis.least(*(distances[name] for name in names))
    nearest = [(distances[name] == least, label) for label, name in enumerate(names)]
    return distances.select(KEY, segment=ibis.cases(*nearest).cast("int64"))


def _centers(cluster: BaseEstimator) -> np.ndarray:
    """(segments, columns)."""
    if isinstance(cluster, (KMeans, MiniBatchKMeans)):
        return cluster.cluster_centers_
    if isinstance(cluster, Ward):
        return cluster.centers_
    raise NoExpression(
        f"{type(cluster).__name__} does not label by the nearest center alone and cannot be "
        "written as an expression; KMeans and Ward can"
    )


def _distance(points: ibis.Table, center: np.ndarray) -> ibis.Value:
    """Squared distance to a center, less the point's own square, which is the same for all."""
    coordinates = columns_of(points).values()
    return weighted_sum(coordinates, -2 * center, center @ center)


def sample_centers(
    sample: np.ndarray, ks: Sequence[int], starts: int = STARTS, seed: int = 0
) -> list[np.ndarray]:
    """Return KMeans centers (k, columns) for each k, from points (n, columns) in random order.

    KMeans is started `starts` times on another twentieth of the points; the centers nearest to all
    of them are where it starts on all (after Bradley & Fayyad 1998, Refining initial points).
    """
    parts = np.array_split(sample[: int(starts * START * len(sample))], starts)
    found = []
    for k in ks:
        begun = [
            KMeans(k, n_init=1, random_state=seed).fit(part).cluster_centers_ for part in parts
        ]
        best = begun[np.argmin(inertia_of(sample, begun))]
        found.append(KMeans(k, init=best, n_init=1).fit(sample).cluster_centers_)
    return found


def inertia_of(X: np.ndarray, clusterings: Sequence[np.ndarray]) -> np.ndarray:
    """Return the inertia of points (n, columns) for each array of centers, in one pass."""
    centers = np.concatenate(clusterings)
    ends = np.cumsum([len(each) for each in clusterings])[:-1]
    half_squares = (centers**2).sum(axis=1)[:, None] / 2
    rows = max(_CELLS // len(centers), 1)
    total = np.zeros(len(clusterings))
    for first in range(0, len(X), rows):
        points = X[first : first + rows]
        # half the squared distance, less half the point's own square
        distances = half_squares - centers @ points.T
        nearest = [part.min(axis=0).sum() for part in np.split(distances, ends)]
        total += 2 * np.array(nearest) + np.einsum("ij,ij->", points, points)
    return np.maximum(total, 0)  # rounding may leave less than nothing
