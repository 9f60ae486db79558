"""c04: segments can be stable without being real.

KMeans segments are fitted to two random halves of the customers, in worlds without segments: the
copula twin of chapter 05's table, its columns permuted, a shop of one kind of customer, and two
correlated Gaussian columns. If the same segments coming back proved that they exist, such data
would not do it. How many customers there are and how many segments are asked for is varied: with
more customers KMeans finds the same cut of the same cloud ever more surely, whether or not there
are groups in it (Ben-David, von Luxburg & Pál 2006). On real households the study asks who stays in
the segment from one half-year to the next, and how many would by chance.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import features, segments
from helpers.course import studies
from helpers.course.studies import journey, worlds

CLAIM = "segments can be stable without being real"
KIND = "test"
EXPECTED = (
    "in a copula twin, which has no segments, two halves of 4,000 customers agree on four with an "
    "ARI above .8 in most draws; more of them the more customers there are"
)
CHAPTER = "05"
SEEDS = range(2000, 2030)
DRAWS = 300
SIZES, KS = (1_500, 4_000, 10_000), (2, 3, 4)
TWIN, GAUSSIAN, FOUR = "copula twin", "two correlated Gaussians", "four segments"
OTHERS = ["permuted columns", "shop log, one kind"]
BAR = 0.8
ARI, STABLE = "ARI of two halves", f"ARI of two halves above {BAR}"
CONTRASTS = {
    TWIN: studies.Contrast(
        f"share of draws with an {STABLE}, k = 4, n = 4,000",
        studies.alone(TWIN, "k = 4, n = 4,000", STABLE),
        above=0.5,
        form=".2f",
    ),
}
WAS = "no"
HISTORY = (
    'An early form of the study said "yes"; the next asked that most draws be stable at one size, '
    '1,500 customers, and one k, and said "no" (18 of 60 draws). The claim is one of existence: '
    "sizes and numbers of segments are varied now, and the case that decides was named before "
    "seeds 2000 to 2029 were drawn.",
)


def arm(k: int, n: int) -> str:
    return f"k = {k}, n = {n:,}"


@lru_cache(maxsize=1)
def half_years() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The four features of the households that bought in both half-years, from each half alone."""
    store = journey.real()
    late = store.purchases["ordered_at"] >= "2017-07-01"
    first = features.build(replace(store, purchases=store.purchases[~late]), "2017-07-01")
    second = features.build(replace(store, purchases=store.purchases[late]), "2018-01-01")
    bought = [half.query("frequency > 0")[segments.FEATURES] for half in (first, second)]
    both = bought[0].index.intersection(bought[1].index)
    return bought[0].loc[both], bought[1].loc[both]


def run(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    data: list[tuple[str, int, pd.DataFrame, str, tuple[int, ...]]] = []
    for n in SIZES:
        frame = worlds.behavior(n, seed)
        pair = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], n, method="cholesky")
        data += [(TWIN, n, segments.copula_twin(frame, rng), "log", KS)]
        data += [(GAUSSIAN, n, pd.DataFrame(pair), "standardize", (2,))]
        if n == SIZES[0]:
            data += [(FOUR, n, frame, "log", (4,))]
            data += [(OTHERS[0], n, segments.permuted_twin(frame, rng), "log", (4,))]
            data += [(OTHERS[1], n, worlds.shop_log(n, seed), "log", (4,))]
    result = {}
    with threadpool_limits(limits=1):
        for world, n, table, transform, ks in data:
            for k in ks:
                found = segments.stability(table, k, repeats=5, seed=seed, transform=transform)
                result[world, arm(k, n), ARI] = found.mean()
                result[world, arm(k, n), STABLE] = float(found.mean() > BAR)
    return result


def households(seed: int) -> dict:
    first, second = half_years()
    drawn = studies.resampled(len(first), seed)
    first, second = first.iloc[drawn], second.iloc[drawn]
    with threadpool_limits(limits=1):
        model = segments.model(4).fit(first)
        before, after = model.predict(first), model.predict(second)
    shares = [np.bincount(labels, minlength=4) / len(labels) for labels in (before, after)]
    return {
        (studies.REAL, "k = 4", "share that stays"): (before == after).mean(),
        (studies.REAL, "k = 4", "share that stays by chance"): float(shares[0] @ shares[1]),
    }


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []

    def tell(world: str, k: int, n: int) -> studies.Figure:
        """Add the mean of an arm and how often it is stable; the latter is returned."""
        ari = studies.interval(rows, world, arm(k, n), ARI)
        known.append(studies.Figure(f"{world}, {arm(k, n)}: mean {ARI}", ari))
        stable = studies.values(rows, world, arm(k, n), STABLE) > 0.5
        known.append(studies.count(f"{world}, {arm(k, n)}: draws above {BAR}", stable))
        return known[-1]

    tell(FOUR, 4, SIZES[0])
    decides = {n: [tell(TWIN, k, n) for k in KS][-1] for n in SIZES}
    for n in SIZES:
        tell(GAUSSIAN, 2, n)
    for world in OTHERS:
        tell(world, 4, SIZES[0])
    real = []
    for metric, what in (
        ("share that stays", "buyers of both half-years that stay in their segment"),
        ("share that stays by chance", "the same by chance"),
    ):
        real.append(studies.Figure(what, studies.interval(rows, studies.REAL, "k = 4", metric)))
    return studies.Finding(
        "twins of 4,000 customers: four look stable in {} of them",
        decides[4_000]._replace(form=".0%"),
        known,
        real,
        note=f"Only the first world, {FOUR}, has segments.",
    )
