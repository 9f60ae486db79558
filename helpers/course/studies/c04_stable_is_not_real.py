"""c04: stable is not real.

Four KMeans segments are fitted to two random halves of the customers. If the same segments coming
back proved that they exist, data without segments would not do it. (That stability does not say how
many clusters there are is known: Ben-David, von Luxburg & Pál 2006.) On real households the study
asks who stays in the segment from one half-year to the next, and how many would by chance.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import features, segments, shop
from helpers.course import studies
from helpers.course.studies import worlds

CLAIM = "segments can be stable without being real"
EXPECTED = "in some world without segments two halves agree with an ARI above .8 in most draws"
CHAPTER = "05"
SEEDS = range(60)
N = 1_500
WITHOUT = ["permuted columns", "copula twin", "shop log, one kind"]
METRIC = "ARI of two halves"
BAR = 0.8


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
    frame = worlds.behavior(N, seed)
    data = {
        "four segments": frame,
        "permuted columns": segments.permuted_twin(frame, rng),
        "copula twin": segments.copula_twin(frame, rng),
        "shop log, one kind": worlds.shop_log(N, seed),
    }
    first, second = half_years()
    drawn = rng.integers(len(first), size=len(first))
    first, second = first.iloc[drawn], second.iloc[drawn]
    result = {
        (world, "k = 4", METRIC): segments.stability(table, 4, repeats=5, seed=seed).mean()
        for world, table in data.items()
    }
    with threadpool_limits(limits=1):
        model = segments.model(4).fit(first)
        before, after = model.predict(first), model.predict(second)
    shares = [np.bincount(labels, minlength=4) / len(labels) for labels in (before, after)]
    result[studies.REAL, "k = 4", "share that stays"] = (before == after).mean()
    result[studies.REAL, "k = 4", "share that stays by chance"] = float(shares[0] @ shares[1])
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known, stable = [], {}
    for world in ("four segments", *WITHOUT):
        ari = studies.interval(rows, world, "k = 4", METRIC)
        above = studies.values(rows, world, "k = 4", METRIC) > BAR
        stable[world] = studies.count(f"draws above {BAR}, {world}", above)
        known += [studies.Figure(f"mean {METRIC}, {world}", ari), stable[world]]

    stays = studies.interval(rows, studies.REAL, "k = 4", "share that stays")
    chance = studies.interval(rows, studies.REAL, "k = 4", "share that stays by chance")
    lowest = [stable[world].interval.low for world in WITHOUT]
    return studies.Finding(
        "a twin without segments looks stable in {} of draws",
        stable["copula twin"]._replace(form=".0%"),
        studies.verdict(max(lowest) > 0.5, False),
        known,
        [
            studies.Figure("buyers of both half-years that stay in their segment", stays),
            studies.Figure("the same by chance", chance),
        ],
    )
