"""c40: segments whose centers come from one customer in ten, given to all of them.

KMeans with four segments on the logarithms of the recipe's columns: fitted to all customers, or to
a part drawn by chance; then every customer gets the nearest center. The loss is the inertia of all
customers, over that of the fit to all. The adjusted Rand index says how many stay together; two
fits to all customers with other starts show what it is without sampling.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from helpers import features, segments, simulator
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = "segments must be fitted to every customer: centers from one in ten fit clearly worse"
EXPECTED = "the inertia of all customers rises by less than 1 %, on known truth and on households"
KIND = "test"
CHAPTER = "08"
SEEDS = range(4000, 4030)
CUSTOMERS = 20_000
WORLD = "simulated shop of 20,000"
K = 4
ALL, AGAIN, TENTH = "all", "all, other starts", "one in 10"
LOSS, ALIKE = "inertia over that of the fit to all", "ARI with the fit to all"
CONTRASTS = {
    WORLD: studies.Contrast(
        f"{LOSS}, one in ten",
        studies.alone(WORLD, TENTH, LOSS),
        above=1.01,
        form=".3f",
    ),
    "households": studies.Contrast(
        f"{LOSS}, one in ten",
        studies.alone(studies.REAL, TENTH, LOSS),
        above=1.01,
        form=".3f",
        again=True,
    ),
}
HISTORY = ()


@lru_cache(maxsize=1)
def whole_year() -> pd.DataFrame:
    """The four columns of each real household over its whole year."""
    return features.build(journey.real(), "2018-01-01")[segments.FEATURES]


def fitted(world: str, frame: pd.DataFrame, seed: int) -> dict:
    """Loss and likeness of a fit to a tenth, and of a second fit to all."""
    rng = np.random.default_rng(seed)
    tenth = np.sort(rng.choice(len(frame), len(frame) // 10, replace=False))
    found = {}
    with threadpool_limits(limits=1):
        first = segments.model(K, seed=0).fit(frame)
        labels = first.predict(frame)
        least = _inertia(first, frame, first)
        for arm, model in (
            (AGAIN, segments.model(K, seed=1).fit(frame)),
            (TENTH, segments.model(K, seed=1).fit(frame.iloc[tenth])),
        ):
            found[world, arm, LOSS] = _inertia(model, frame, first) / least
            found[world, arm, ALIKE] = adjusted_rand_score(labels, model.predict(frame))
    return found


def _inertia(model, frame: pd.DataFrame, scale) -> float:
    """The squared distances of all customers to their centers, on the scale of another model."""
    X = scale["transform"].transform(frame)
    centers = model["transform"].inverse_transform(model["cluster"].cluster_centers_)
    centers = scale["transform"].transform(pd.DataFrame(centers, columns=frame.columns))
    X, centers = np.asarray(X), np.asarray(centers)
    return float(((X - centers[model.predict(frame)]) ** 2).sum())


def run(seed: int) -> dict:
    store, _truth = simulator.simulate(CUSTOMERS, seed)
    known = features.build(store, "2025-07-01").query("frequency > 0")[segments.FEATURES]
    return fitted(WORLD, known, seed) | fitted(studies.REAL, whole_year(), seed)


def finding(rows: pd.DataFrame) -> studies.Finding:
    def figures(world: str) -> list[studies.Figure]:
        again = world == studies.REAL
        return [
            studies.Contrast(
                f"{metric}, {arm}", studies.alone(world, arm, metric), form=form, again=again
            ).figure(rows)
            for metric, form in ((LOSS, ".4f"), (ALIKE, ".2f"))
            for arm in (TENTH, AGAIN)
        ]

    return studies.Finding(
        "centers from one in ten: inertia {} times that of all",
        CONTRASTS[WORLD].figure(rows),
        figures(WORLD),
        figures(studies.REAL),
        note=f"The tenth is drawn again for each seed. {studies.SPLIT_AGAIN}",
    )
