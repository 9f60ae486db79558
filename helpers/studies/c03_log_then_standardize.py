"""c03: log1p + standardize beats standardize alone, which beats raw units.

On known truth: the adjusted Rand index between four KMeans segments and the true ones. On real
households there is no truth, so the study asks what the segments in raw units consist of: the share
of the variance that spend alone holds, and how far the segments equal a cut along spend alone.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, segments, shop, simulator, studies

CLAIM = "log1p + standardize finds more of the true segments than standardize alone, raw units fewest"
EXPECTED = "ARI to the truth: log above standardize above raw; raw segments are quantiles of spend"
CHAPTER = "05"
SEEDS = range(30)
TRANSFORMS = ["raw", "standardize", "log"]
WORLD = "four segments"


@lru_cache(maxsize=1)
def households() -> pd.DataFrame:
    """The four features of each real household over its whole year."""
    store = shop.load("complete_journey")
    return features.build(store, "2018-01-01")[segments.FEATURES]


def run(seed: int) -> dict:
    frame, truth = simulator.customer_behavior(seed=seed)
    real = households().sample(frac=1, replace=True, random_state=seed)
    spend = real[["monetary"]]
    variance = real.var()
    result = {(studies.REAL, "raw", "variance held by spend"): variance["monetary"] / variance.sum()}
    with threadpool_limits(limits=1):
        for transform in TRANSFORMS:
            labels = segments.model(4, transform).fit_predict(frame[segments.FEATURES])
            result[WORLD, transform, "ARI to truth"] = adjusted_rand_score(truth["segment"], labels)
            cut = segments.model(4, transform).fit_predict(spend)
            labels = segments.model(4, transform).fit_predict(real)
            result[studies.REAL, transform, "ARI with spend alone"] = adjusted_rand_score(cut, labels)
    return result


def gains(rows: pd.DataFrame) -> dict[str, evaluation.Interval]:
    """The paired differences in ARI to the truth between neighbors of the ladder."""
    ari = {t: studies.values(rows, WORLD, t, "ARI to truth") for t in TRANSFORMS}
    return {
        "log − standardize": evaluation.mean_interval(ari["log"] - ari["standardize"]),
        "standardize − raw": evaluation.mean_interval(ari["standardize"] - ari["raw"]),
    }


def finding(rows: pd.DataFrame) -> studies.Finding:
    mean = {t: np.mean(studies.values(rows, WORLD, t, "ARI to truth")) for t in TRANSFORMS}
    share = studies.values(rows, studies.REAL, "raw", "variance held by spend")
    alone = studies.values(rows, studies.REAL, "raw", "ARI with spend alone")
    gain = gains(rows)
    return studies.Finding(
        "ARI to the truth: " + ", ".join(f"{t} {mean[t]:.2f}" for t in TRANSFORMS)
        + "; " + "; ".join(f"{name} {g.text(signed=True)}" for name, g in gain.items()),
        f"in raw units spend holds {evaluation.bootstrap_interval(share).text(3)} of the variance; "
        f"ARI with a cut along spend alone {evaluation.bootstrap_interval(alone).text(3)}",
        "yes" if all(g.low > 0 for g in gain.values()) else "no",
    )
