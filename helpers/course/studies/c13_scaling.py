"""c13: scaling matters for KMeans, linear models and networks, not for trees.

A paired ablation: the same customers and columns in raw units, standardized, or with a logarithm
first. KMeans is judged by its adjusted Rand index to the true segments (four skewed columns); the
classifiers by their AUC on who will be of high value, learned half a year earlier. On real
households, where no segment is known, the study asks how far the segments are a cut along spend
alone.

In raw units the catalogue's solver of logistic regression uses up its steps, and where it stands
then depends on the processor; it is scored at the optimum, which Newton's method finds. A network
in raw units depends on the processor too, on known truth by .03 of AUC and more: there the study
counts the worlds in which it loses, and does not say how much.
"""

import warnings
from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score, roc_auc_score
from threadpoolctl import threadpool_limits

from helpers import evaluation, features, models, segments, shop, simulator, targets
from helpers.course import studies

CLAIM = "scaling matters for KMeans, linear models and networks, not for trees"
EXPECTED = (
    "standardize above raw in ARI for KMeans and in AUC for logistic regression and the network; "
    "trees within .002 of each other"
)
CHAPTER = "01, 02"
SEEDS = range(30)
KNOWN = "simulated shop"
SCALES = {"raw": None, "standardize": "standardize", "log": "log"}
SENSITIVE, TREES = ["logistic regression", "neural network"], ["random forest", "xgboost"]
ALONE = "ARI with spend alone"
SAME = 0.002  # of AUC: what counts as no difference
LOST = 0.01  # of AUC: what counts as a loss of the network


def scored(
    store: shop.Shop, learn: str, test: str, horizon: str
) -> tuple[pd.Series, dict[tuple[str, str], np.ndarray], dict[str, bool]]:
    """What happened, the scores by (algorithm, scale), and where logistic regression did not
    settle."""
    known, asked = (targets.high_value(store, day, horizon) for day in (learn, test))
    categories = features.browsed_categories(store, learn)
    early, late = (
        features.build(store, day, categories=categories).loc[high.index]
        for day, high in ((learn, known), (test, asked))
    )
    columns = [name for name in early if early[name].notna().any()]
    scores, unsettled = {}, {}
    for algorithm in models.ALGORITHMS:
        for scale in ("raw", "standardize") if algorithm in TREES else SCALES:
            model = models.model(algorithm, scale=SCALES[scale])
            with warnings.catch_warnings(record=True) as heard:
                warnings.simplefilter("always", ConvergenceWarning)
                model.fit(early[columns], known)
            scores[algorithm, scale] = model.predict_proba(late[columns])[:, 1]
            if algorithm == "logistic regression":
                unsettled[scale] = any(issubclass(w.category, ConvergenceWarning) for w in heard)
                newton = models.model(algorithm, scale=SCALES[scale], solver="newton-cholesky")
                scores[algorithm, scale] = newton.fit(early[columns], known).predict_proba(
                    late[columns]
                )[:, 1]
    return asked, scores, unsettled


@lru_cache(maxsize=1)
def real() -> tuple[pd.Series, dict, dict, pd.DataFrame]:
    """The scores of the households, and their four features over the whole year."""
    store = shop.load("complete_journey")
    whole = features.build(store, "2018-01-01")[segments.FEATURES]
    return *scored(store, "2017-07-02", "2017-10-01", "91D"), whole


def run(seed: int) -> dict:
    with threadpool_limits(limits=1):
        frame, truth = simulator.customer_behavior(2_000, seed=seed)
        store, _ = simulator.simulate(customers=6_000, seed=seed)
        asked, scores, unsettled = scored(store, "2025-01-01", "2025-07-01", "181D")
        actual, foretold, _, whole = real()
        rows = np.random.default_rng(seed).integers(len(actual), size=len(actual))
        drawn = whole.sample(frac=1, replace=True, random_state=seed)
        result = {}
        for scale, how in SCALES.items():
            kmeans = segments.model(4, how or "raw")
            labels = kmeans.fit_predict(frame[segments.FEATURES])
            result[KNOWN, f"KMeans, {scale}", "ARI to truth"] = adjusted_rand_score(
                truth["segment"], labels
            )
            alone = kmeans.fit_predict(drawn[["monetary"]])
            ari = adjusted_rand_score(alone, kmeans.fit_predict(drawn))
            result[studies.REAL, f"KMeans, {scale}", ALONE] = ari
            result[KNOWN, f"logistic regression, {scale}", "did not settle"] = unsettled[scale]
    auc = {key: roc_auc_score(asked, p) for key, p in scores.items()}
    raw, standardized = (auc["neural network", scale] for scale in ("raw", "standardize"))
    result[KNOWN, "neural network, raw", "loses"] = standardized - raw > LOST
    for algorithm, scale in scores:
        arm = f"{algorithm}, {scale}"
        if (algorithm, scale) != ("neural network", "raw"):
            result[KNOWN, arm, "AUC"] = auc[algorithm, scale]
        score = roc_auc_score(actual.to_numpy()[rows], foretold[algorithm, scale][rows])
        result[studies.REAL, arm, "AUC"] = score
    return result


def gain(
    rows: pd.DataFrame, world: str, algorithm: str, scale: str = "standardize", metric: str = "AUC"
) -> evaluation.Interval:
    """What a scale gains over raw units, paired."""
    return studies.interval(rows, world, f"{algorithm}, {scale}", metric, less=f"{algorithm}, raw")


def finding(rows: pd.DataFrame) -> studies.Finding:
    kmeans = gain(rows, KNOWN, "KMeans", metric="ARI to truth")
    unsettled = studies.values(rows, KNOWN, "logistic regression, raw", "did not settle")
    loses = studies.values(rows, KNOWN, "neural network, raw", "loses")
    lost = studies.count(f"worlds where raw units cost the network over {LOST} of AUC", loses)
    known = [studies.Figure("ARI of KMeans, standardize minus raw", kmeans, "+.2f")]
    real: list[studies.Figure] = []
    for world, algorithms, figures in (
        (KNOWN, ["logistic regression", *TREES], known),
        (studies.REAL, [*SENSITIVE, *TREES], real),
    ):
        for name in algorithms:
            found = gain(rows, world, name)
            figures.append(studies.Figure(f"AUC of {name}, standardize minus raw", found, "+.3f"))
    what = "worlds where logistic regression's solver does not settle in raw units"
    known += [studies.count(what, unsettled), lost]
    alone = {}
    for scale in ("raw", "standardize"):
        alone[scale] = studies.interval(rows, studies.REAL, f"KMeans, {scale}", ALONE)
        real.append(studies.Figure(f"KMeans, {ALONE}, {scale}", alone[scale]))

    # one margin for both: what would count as nothing for a tree does not count as a gain either
    trees = []
    needs = [
        lost.interval.low > 0.5,
        gain(rows, studies.REAL, "neural network").low > SAME,
        kmeans.low > 0,
        alone["standardize"].high < alone["raw"].low,
    ]
    for world in (KNOWN, studies.REAL):
        needs.append(gain(rows, world, "logistic regression").low > SAME)
        for name in TREES:
            found = gain(rows, world, name)
            trees.append(-SAME < found.low and found.high < SAME)
    return studies.Finding(
        "raw units cost KMeans {} of agreement with the truth",
        studies.Figure("ARI of KMeans, standardize minus raw", kmeans),
        studies.verdict(all(trees) and all(needs), all(trees) and any(needs)),
        known,
        real,
    )
