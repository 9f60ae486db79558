"""c39: what a model loses that learns from one customer in four, or from one in twenty.

On known truth: simulated shops of 20,000 customers. Who will order within 91 days is learned at one
cut-off, from all customers or from some drawn by chance, and all customers are predicted half a
year later. On real households: who will order within two weeks, learned from all or from some of
them, drawn again for each seed.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from helpers import features, models, simulator, targets
from helpers.course import studies
from helpers.course.studies import journey

CLAIM = (
    "a logistic regression must learn from every customer: one that learns from one in four is "
    "clearly worse"
)
EXPECTED = (
    "in a shop of 20,000 a logistic regression that learns from one customer in four loses less "
    "than 0.01 of AUC, boosted trees lose more; of 2,469 households a quarter loses little, too"
)
KIND = "test"
CHAPTER = "08"
SEEDS = range(3900, 3930)
CUSTOMERS = 20_000
WORLD = "simulated shop of 20,000"
LINEAR, TREES = "logistic regression", "xgboost"
SHARES = {"all": 1.0, "one in 4": 1 / 4, "one in 20": 1 / 20}
ALL, QUARTER, TWENTIETH = SHARES
CONTRASTS = {
    WORLD: studies.Contrast(
        f"AUC, {LINEAR}, learned from all minus from one in four",
        studies.minus(WORLD, ALL, QUARTER, f"AUC, {LINEAR}"),
        above=0.01,
    ),
    "households": studies.Contrast(
        f"AUC, {LINEAR}, learned from all minus from one in four",
        studies.minus(studies.REAL, ALL, QUARTER, f"AUC, {LINEAR}"),
        above=0.01,
        again=True,
    ),
}
HISTORY = (
    'The claim said "a model" when its rows were drawn; its contrasts have always been those of '
    "the logistic regression, and now its words say so. Contrasts, margin and rows are as they "
    "were. Boosted trees lose more than the margin.",
)


@lru_cache(maxsize=1)
def real() -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.Series]:
    """Features and outcomes of the real households at two cut-offs: to learn from, to predict."""
    return _two_cutoffs(journey.real(), ("2017-08-01", "2017-11-01"), "14D")


def _two_cutoffs(store, cutoffs: tuple[str, str], horizon: str):
    categories = features.browsed_categories(store, cutoffs[0])
    parts = []
    for cutoff in cutoffs:
        parts.append(features.build(store, cutoff, categories=categories))
        parts.append(targets.future(store, cutoff, horizon)["bought"])
    return tuple(parts)


def scores(world: str, tables, seed: int) -> dict:
    """The AUC on all customers of the later cut-off, by the share of customers learned from."""
    X, y, X_test, y_test = tables
    order = np.random.default_rng(seed).permutation(len(X))
    found = {}
    with threadpool_limits(limits=1):
        for arm, share in SHARES.items():
            rows = np.sort(order[: round(share * len(X))])
            for name in (LINEAR, TREES):
                model = models.model(name).fit(X.iloc[rows], y.iloc[rows])
                p = model.predict_proba(X_test)[:, 1]
                found[world, arm, f"AUC, {name}"] = roc_auc_score(y_test, p)
    return found


def run(seed: int) -> dict:
    store, _truth = simulator.simulate(CUSTOMERS, seed)
    tables = _two_cutoffs(store, ("2025-01-01", "2025-07-02"), "91D")
    return scores(WORLD, tables, seed) | scores(studies.REAL, real(), seed)


def finding(rows: pd.DataFrame) -> studies.Finding:
    def lost(world: str) -> list[studies.Figure]:
        figures = []
        for name in (LINEAR, TREES):
            for arm in (QUARTER, TWENTIETH):
                terms = studies.minus(world, ALL, arm, f"AUC, {name}")
                what = f"AUC lost, {name}, learned from {arm}"
                again = world == studies.REAL
                figures.append(studies.Contrast(what, terms, form=".3f", again=again).figure(rows))
        return figures

    return studies.Finding(
        "learned from one customer in four: {} of AUC lost",
        CONTRASTS[WORLD].figure(rows)._replace(form=".3f"),
        lost(WORLD),
        lost(studies.REAL),
        note=f"Differences are paired: the same test, all customers. {studies.SPLIT_AGAIN}",
    )
