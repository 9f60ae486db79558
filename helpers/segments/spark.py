"""KMeans over all customers on Spark (the extra `spark`), where a sample will not do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.pipeline import Pipeline

from helpers.segments.clustering import transformer
from helpers.segments.own import FEATURES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def fit(
    frame: DataFrame,
    k: int,
    columns: Sequence[str] = FEATURES,
    starts: int = 5,
    seed: int = 0,
) -> Pipeline:
    """Fit `model(k)` of this room by SparkML: log1p, standardize, KMeans, on all rows of `frame`.

    The best of several starts by k-means|| (Bahmani et al. 2012) stays.

    Args:
        frame: Spark table (customers, features); every customer has every one of `columns`.
        k: Number of segments; fewer come out where fewer customers differ.
        columns: Those to cluster by, none below 0.
        starts: How often KMeans is started, with the seeds `seed`, `seed + 1` ...
        seed: For what is random.

    Returns:
        The fitted pipeline, as `model` gives it: it labels pandas tables, and whatever reads its
        means, spreads and centers works on it. Segment 0 is the largest. `inertia_` is that over
        `frame`; there is no `labels_`, because the customers stayed where they are.

    Raises:
        ValueError: k < 2, or a column that customers lack or that is not above -1.
    """
    from pyspark.ml.clustering import KMeans as SparkKMeans
    from pyspark.ml.feature import VectorAssembler
    from pyspark.sql import functions as F

    if k < 2:
        raise ValueError(f"k is at least 2, not {k}")
    logs = [F.log1p(F.col(name).cast("double")) for name in columns]
    usable = [F.when(~F.isnan(log), log) for log in logs]
    moments = frame.select(
        F.count("*"),
        F.array(*map(F.count, usable)),
        F.array(*map(F.mean, usable)),
        F.array(*map(F.stddev_pop, usable)),
    ).first()
    rows, there, means, spreads = moments
    lacking = [name for name, number in zip(columns, there, strict=True) if number < rows]
    if lacking:
        raise ValueError(
            f"not every customer has a number above -1 in {', '.join(lacking)}: leave those out"
        )
    # two customers with these means and spreads teach scikit-learn's scaler what all would
    means, spreads = np.array(means), np.array(spreads)
    two = pd.DataFrame(np.expm1([means - spreads, means + spreads]), columns=list(columns))
    comparable = transformer("log").fit(two)
    scaler = comparable[-1]
    scaled = [
        ((log - float(mean)) / float(scale)).alias(f"x{place}")
        for place, (log, mean, scale) in enumerate(
            zip(logs, scaler.mean_, scaler.scale_, strict=True)
        )
    ]
    inputs = [f"x{place}" for place in range(len(columns))]
    points = VectorAssembler(inputCols=inputs, outputCol="features")
    vectors = points.transform(frame.select(*scaled)).select("features").cache()
    try:
        fits = [
            SparkKMeans(k=k, seed=seed + start, maxIter=300, tol=1e-3).fit(vectors)
            for start in range(starts)
        ]
        best = min(fits, key=lambda each: each.summary.trainingCost)
        centers, inertia = np.array(best.clusterCenters()), best.summary.trainingCost
        sizes = np.array(best.summary.clusterSizes)[: len(centers)]
        centers = centers[np.argsort(-sizes, kind="stable")]
    finally:
        vectors.unpersist()
    # started at these centers, on these centers, scikit-learn's KMeans is done at once
    cluster = KMeans(len(centers), init=centers, n_init=1, random_state=seed).fit(centers)
    cluster.inertia_ = inertia
    del cluster.labels_
    return Pipeline([("transform", comparable), ("cluster", cluster)])
