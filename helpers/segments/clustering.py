"""Clustering algorithms as pipelines, and labels that keep their names between refits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import confusion_matrix, pairwise_distances_argmin
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from threadpoolctl import threadpool_limits


class Ward(ClusterMixin, BaseEstimator):
    """Ward's hierarchical clustering that can also assign new customers.

    Ward's memory grows with the square of the rows. So at most `max_rows` customers, drawn at
    random, build the tree; everybody else, and every later customer, joins the nearest center.
    Customers who are alike in every column are in one segment, so that there may be fewer.

    Attributes: `labels_` (n,), `centers_` (segments, columns).
    """

    def __init__(self, n_clusters: int = 4, max_rows: int = 5_000, random_state: int = 0):
        self.n_clusters = n_clusters
        self.max_rows = max_rows
        self.random_state = random_state

    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        rows = np.arange(len(X))
        if len(X) > self.max_rows:
            rows = np.random.default_rng(self.random_state).choice(
                rows, self.max_rows, replace=False
            )
        kind = np.unique(X, axis=0, return_inverse=True)[1].ravel()  # alike in every column
        k = min(self.n_clusters, len(np.unique(kind[rows])))
        tree = np.zeros(len(rows), dtype=int)
        if k > 1:
            tree = AgglomerativeClustering(k).fit_predict(X[rows])
        self.centers_ = np.stack([X[rows[tree == segment]].mean(axis=0) for segment in range(k)])
        segment_of = np.full(kind.max() + 1, -1)
        segment_of[kind[rows]] = tree
        found = segment_of[kind]
        self.labels_ = np.where(found >= 0, found, self.predict(X))
        return self

    def predict(self, X):
        return pairwise_distances_argmin(np.asarray(X, dtype=float), self.centers_)


def transformer(name: str) -> Pipeline:
    """The way in which columns are made comparable: "raw", "standardize" or "log" (log1p, then
    standardize). Raises ValueError for another name."""
    if name == "raw":
        steps = [FunctionTransformer()]
    elif name == "standardize":
        steps = [StandardScaler()]
    elif name == "log":
        steps = [FunctionTransformer(np.log1p, feature_names_out="one-to-one"), StandardScaler()]
    else:
        raise ValueError(f"transform is 'raw', 'standardize' or 'log', not {name!r}")
    return make_pipeline(*steps)


def model(k: int, transform: str = "log", algorithm: str = "kmeans", seed: int = 0) -> Pipeline:
    """A pipeline that puts customers into `k` segments: `fit_predict(frame)` gives (n,) labels.

    algorithm: "kmeans" (ten starts, because a single start ends in a poor local optimum for some
    seeds), "ward" (hierarchical) or "mixture" (Gaussian mixture, full covariances).
    Raises ValueError for another name, or k < 1.
    """
    if k < 1:
        raise ValueError(f"k is at least 1, not {k}")
    if algorithm == "kmeans":
        clusterer = KMeans(n_clusters=k, n_init=10, random_state=seed)
    elif algorithm == "ward":
        clusterer = Ward(n_clusters=k, random_state=seed)
    elif algorithm == "mixture":
        clusterer = GaussianMixture(n_components=k, n_init=3, random_state=seed)
    else:
        raise ValueError(f"algorithm is 'kmeans', 'ward' or 'mixture', not {algorithm!r}")
    return Pipeline([("transform", transformer(transform)), ("cluster", clusterer)])


def assign(
    frame: pd.DataFrame, k: int, transform: str = "log", algorithm: str = "kmeans", seed: int = 0
) -> np.ndarray:
    """Fit `model(k, transform, algorithm, seed)` and number the segments by size: (n,) labels, 0
    the largest."""
    with threadpool_limits(limits=1):  # a second thread costs more than it brings at these sizes
        return by_size(model(k, transform, algorithm, seed).fit_predict(frame))


def by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber whole-number labels so that 0 is the largest segment."""
    order = np.bincount(labels).argsort(kind="stable")[::-1]
    return order.argsort()[labels]


def match(reference: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Rename `labels` so that they agree with `reference` on as many customers as possible.

    A refit may call the same segment 2 that was 0 before. The best one-to-one renaming is an
    assignment problem (Kuhn 1955); labels without a partner get new numbers.
    """
    reference, labels = np.asarray(reference), np.asarray(labels)
    both = np.union1d(reference, labels)
    overlap = confusion_matrix(labels, reference, labels=both) if len(both) > 1 else np.ones((1, 1))
    rows, columns = linear_sum_assignment(-overlap)
    rename = dict(zip(both[rows], both[columns], strict=True))
    return np.array([rename[label] for label in labels])
