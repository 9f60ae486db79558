"""c30: repeat buying is counting, discovery is hard.

Subcategories are ranked for every customer who buys in the window, and judged by NDCG@5: once on
all that they buy, once on what they never bought before (what they did is then left out of the
ranking). The model is gradient boosting over what is known of each customer and subcategory,
learned at an earlier cut-off. A seed is a new shop; on real households a seed is a bootstrap of the
households.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import evaluation, models, shop, simulator, targets
from helpers.course import studies
from helpers.course.studies import journey
from helpers.features import ranking
from helpers.targets import tasks

CLAIM = "repeat buying is counting, discovery is hard"
EXPECTED = (
    "on all subcategories own counts gain more on popularity than a model gains on own counts; "
    "on new ones NDCG@5 is lower and no model gains .05 on popularity"
)
KIND = "test"
CHAPTER = "01"
SEEDS = range(6000, 6030)
DRAWS = 2_000
SHOP, CUSTOMERS = "simulated shop", 10_000
POPULARITY, OWN, MODEL, BLIND = "popularity", "own counts", "model", "model without visits"
ALL, NEW = "NDCG@5, all", "NDCG@5, new"
CONTRASTS = {
    name: studies.Contrast(
        f"{ALL}: what counting adds to popularity, minus what a model adds to counting",
        studies.total(
            studies.minus(world, OWN, POPULARITY, ALL), studies.minus(world, OWN, MODEL, ALL)
        ),
        above=0.0,
    )
    for name, world in ((SHOP, SHOP), ("households", studies.REAL))
}
WAS = "partly"
HISTORY = (
    "Measured on seeds 0 to 29, and judged by two intervals a world. The one contrast was "
    "named after a look at those rows. Since then new worlds were drawn: the rows are those "
    "of seeds 6000 to 6029.",
)


def scores(
    store: shop.Shop, train: str, test: str, horizon: str
) -> dict[tuple[str, str], np.ndarray]:
    """NDCG@5 of each buyer of the test window, by (arm, metric); NaN where nothing was new."""
    ranked = ranking.items(store, train)

    def table(cutoff: str) -> tuple[pd.DataFrame, np.ndarray]:
        bought = targets.next_category(store, cutoff, horizon, ranked, column="subcategory")
        bought = bought[bought.any(axis=1)]
        return ranking.candidates(store, cutoff, bought.index, ranked), bought.to_numpy()

    (X, bought), (X_new, relevance) = table(train), table(test)
    y = bought.ravel() > 0
    # popularity decides between equal counts
    arms = {POPULARITY: X_new["popularity"], OWN: X_new["own"] + 1e-3 * X_new["popularity"]}
    columns = {MODEL: list(X)} | (
        {BLIND: list(X.columns.drop("interest"))} if "interest" in X else {}
    )
    with threadpool_limits(limits=1):
        for arm, chosen in columns.items():
            arms[arm] = models.model("xgboost").fit(X[chosen], y).predict_proba(X_new[chosen])[:, 1]
    known = X_new["own"].to_numpy().reshape(relevance.shape) > 0
    found = {}
    for arm, values in arms.items():
        scored = np.asarray(values).reshape(relevance.shape)
        found[arm, ALL] = evaluation.ndcg(relevance, scored)
        found[arm, NEW] = evaluation.ndcg(
            np.where(known, 0, relevance), np.where(known, -1, scored)
        )
    return found


@lru_cache(maxsize=1)
def scored() -> pd.DataFrame:
    """The scores of each real household that buys in November, learned in September."""
    store = journey.real()
    return pd.DataFrame(scores(store, "2017-09-01", "2017-11-01", "30D"))


def run(seed: int) -> dict:
    store, _ = simulator.simulate(customers=CUSTOMERS, seed=seed)
    _, train, test = tasks.SHOP_CUTOFFS
    return {
        (SHOP, *key): np.nanmean(values)
        for key, values in scores(store, train, test, tasks.SHOP_HORIZON).items()
    }


def households(seed: int) -> dict:
    drawn = scored().iloc[studies.resampled(len(scored()), seed)]
    return {(studies.REAL, *key): drawn[key].mean() for key in drawn}


def gain(rows: pd.DataFrame, world: str, arm: str, over: str, metric: str) -> evaluation.Interval:
    """What an arm gains in NDCG@5 on another."""
    return studies.interval(rows, world, arm, metric, less=over)


def figures(rows: pd.DataFrame, world: str) -> list[studies.Figure]:
    """NDCG@5 of popularity, and what counting and the models gain on it."""
    models_there = [MODEL, BLIND] if world == SHOP else [MODEL]
    base = {metric: studies.interval(rows, world, POPULARITY, metric) for metric in (ALL, NEW)}
    counting = gain(rows, world, OWN, POPULARITY, ALL)
    found = [
        studies.Figure(f"{ALL}, {POPULARITY}", base[ALL]),
        studies.Figure(f"{ALL}, {OWN} minus {POPULARITY}", counting, "+.2f"),
    ]
    for arm in models_there:
        added = gain(rows, world, arm, OWN, ALL)
        found.append(studies.Figure(f"{ALL}, {arm} minus {OWN}", added, "+.2f"))
    found.append(studies.Figure(f"{NEW}, {POPULARITY}", base[NEW]))
    for arm in models_there:
        added = gain(rows, world, arm, POPULARITY, NEW)
        found.append(studies.Figure(f"{NEW}, {arm} minus {POPULARITY}", added, "+.2f"))
    return found


def finding(rows: pd.DataFrame) -> studies.Finding:
    added = gain(rows, studies.REAL, MODEL, OWN, ALL)
    return studies.Finding(
        "on groceries, a model adds {} of NDCG@5 to own counts",
        studies.Figure(f"{ALL}, {MODEL} minus {OWN}, households", added, ".3f"),
        figures(rows, SHOP),
        figures(rows, studies.REAL),
    )
