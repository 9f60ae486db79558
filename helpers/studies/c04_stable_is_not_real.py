"""c04: stable is not real.

Four KMeans segments are refitted on random 80 % of the customers. If the same segments coming back
proved that they exist, data without segments would not do it. On real households the study asks a
harder question than a refit: who stays in the segment from one half-year to the next?
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, segments, shop, simulator, studies

CLAIM = "segments can be stable without being real"
EXPECTED = "a subsample ARI above .8 in some world that has no segments"
CHAPTER = "05"
SEEDS = range(30)
N = 2_000
WITHOUT = ["permuted columns", "copula twin", "shop log without segments"]
METRIC = "subsample ARI"


@lru_cache(maxsize=1)
def half_years() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The four features of the households that bought in both half-years, from each half alone."""
    store = shop.load("complete_journey")
    late = store.purchases["ordered_at"] >= "2017-07-01"
    first = features.build(replace(store, purchases=store.purchases[~late]), "2017-07-01")
    second = features.build(replace(store, purchases=store.purchases[late]), "2018-01-01")
    bought = [half.query("frequency > 0")[segments.FEATURES] for half in (first, second)]
    both = bought[0].index.intersection(bought[1].index)
    return bought[0].loc[both], bought[1].loc[both]


def run(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    frame, _ = simulator.customer_behavior(N, seed)
    frame = frame[segments.FEATURES]
    store, _ = simulator.simulate(customers=4_000, seed=seed, sep=0.0)
    log = features.build(store, "2025-07-01").query("frequency > 0")[segments.FEATURES]
    worlds = {
        "four segments": frame,
        "permuted columns": simulator.permuted_twin(frame, rng),
        "copula twin": simulator.copula_twin(frame, rng),
        "shop log without segments": log.head(N),
    }
    first, second = half_years()
    drawn = rng.integers(len(first), size=len(first))
    first, second = first.iloc[drawn], second.iloc[drawn]
    with threadpool_limits(limits=1):
        result = {
            (world, "k = 4", METRIC): segments.stability(data, 4, repeats=10, seed=seed).mean()
            for world, data in worlds.items()
        }
        model = segments.model(4).fit(first)
        stays = model.predict(first) == model.predict(second)
    result[studies.REAL, "k = 4", "share that stays"] = stays.mean()
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    ari = {
        world: evaluation.mean_interval(studies.values(rows, world, "k = 4", METRIC))
        for world in ["four segments", *WITHOUT]
    }
    stays = studies.values(rows, studies.REAL, "k = 4", "share that stays")
    return studies.Finding(
        f"{METRIC} at k = 4: " + ", ".join(f"{world} {i.text()}" for world, i in ari.items()),
        f"{evaluation.bootstrap_interval(stays).text()} of households stay in their segment from one "
        "half-year to the next",
        "yes" if max(ari[world].low for world in WITHOUT) > 0.8 else "no",
    )
