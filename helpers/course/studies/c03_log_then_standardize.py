"""c03: log1p + standardize beats standardize alone, which beats raw units.

On known truth: the adjusted Rand index between four KMeans segments and the true ones, on columns
that are log-normal, as spend often is, and on the same customers with columns that are symmetric,
where the logarithm is not called for. On real households there is no truth, so the study asks what
the segments in raw units consist of.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, segments, shop, simulator
from helpers.course import studies

CLAIM = (
    "log1p + standardize finds more of the true segments than standardize alone, raw units fewest"
)
EXPECTED = (
    "log above standardize above raw where columns are skewed; on symmetric columns log "
    "gains nothing"
)
CHAPTER = "05"
SEEDS = range(100)
TRANSFORMS = ["raw", "standardize", "log"]
SKEWED, SYMMETRIC = "log-normal columns", "symmetric columns"


@lru_cache(maxsize=1)
def households() -> pd.DataFrame:
    """The four features of each real household over its whole year."""
    store = shop.load("complete_journey")
    return features.build(store, "2018-01-01")[segments.FEATURES]


def run(seed: int) -> dict:
    frame, truth = simulator.customer_behavior(seed=seed)
    skewed = frame[segments.FEATURES]
    # the same customers on scales without skew, in unlike units; kept above zero for the logarithm
    scale = [10.0, 1.0, 100.0, 1.0]
    symmetric = np.log(skewed.clip(lower=0.01))
    symmetric = (symmetric - symmetric.min()) * scale
    symmetric["category_interest_score"] = skewed["category_interest_score"]
    real = households().sample(frac=1, replace=True, random_state=seed)
    variance = real.var()
    result = {
        (studies.REAL, "raw", "variance held by spend"): variance["monetary"] / variance.sum()
    }
    with threadpool_limits(limits=1):
        for transform in TRANSFORMS:
            model = segments.model(4, transform)
            for world, table in ((SKEWED, skewed), (SYMMETRIC, symmetric)):
                score = adjusted_rand_score(truth["segment"], model.fit_predict(table))
                result[world, transform, "ARI to truth"] = score
            cut, labels = model.fit_predict(real[["monetary"]]), model.fit_predict(real)
            result[studies.REAL, transform, "ARI with spend alone"] = adjusted_rand_score(
                cut, labels
            )
    return result


def gains(rows: pd.DataFrame, world: str) -> dict[str, evaluation.Interval]:
    """The paired differences in ARI to the truth between neighbors of the ladder."""
    ari = {t: studies.values(rows, world, t, "ARI to truth") for t in TRANSFORMS}
    return {
        "log − standardize": evaluation.mean_interval(ari["log"] - ari["standardize"]),
        "standardize − raw": evaluation.mean_interval(ari["standardize"] - ari["raw"]),
    }


def finding(rows: pd.DataFrame) -> studies.Finding:
    def said(world: str) -> str:
        mean = {t: np.mean(studies.values(rows, world, t, "ARI to truth")) for t in TRANSFORMS}
        steps = "; ".join(f"{n} {g.text(signed=True)}" for n, g in gains(rows, world).items())
        return (
            f"{world}: ARI " + ", ".join(f"{t} {mean[t]:.2f}" for t in TRANSFORMS) + f" ({steps})"
        )

    share = studies.values(rows, studies.REAL, "raw", "variance held by spend")
    alone = studies.values(rows, studies.REAL, "raw", "ARI with spend alone")
    skewed = all(g.low > 0 for g in gains(rows, SKEWED).values())
    symmetric = all(g.low > 0 for g in gains(rows, SYMMETRIC).values())
    return studies.Finding(
        f"{said(SKEWED)}. {said(SYMMETRIC)}",
        f"in raw units spend holds {evaluation.bootstrap_interval(share).text(3)} of the variance; "
        f"ARI with a cut along spend alone {evaluation.bootstrap_interval(alone).text(3)}",
        "yes" if skewed and symmetric else "partly" if skewed else "no",
    )
