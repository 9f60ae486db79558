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
from helpers.features import ranking
from helpers.targets import tasks

CLAIM = "repeat buying is counting, discovery is hard"
EXPECTED = (
    "on all subcategories own counts gain more on popularity than a model gains on own counts; "
    "on new ones NDCG@5 is lower and no model gains .05 on popularity"
)
CHAPTER = "01"
SEEDS = range(30)
SHOP, CUSTOMERS = "simulated shop", 10_000
POPULARITY, OWN, MODEL, BLIND = "popularity", "own counts", "model", "model without visits"
ALL, NEW = "NDCG@5, all", "NDCG@5, new"


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
def households() -> pd.DataFrame:
    """The scores of each real household that buys in November, learned in September."""
    store = shop.load("complete_journey")
    return pd.DataFrame(scores(store, "2017-09-01", "2017-11-01", "30D"))


def run(seed: int) -> dict:
    store, _ = simulator.simulate(customers=CUSTOMERS, seed=seed)
    _, train, test = tasks.SHOP_CUTOFFS
    result = {
        (SHOP, *key): np.nanmean(values)
        for key, values in scores(store, train, test, tasks.SHOP_HORIZON).items()
    }
    drawn = households().sample(frac=1, replace=True, random_state=seed)
    return result | {(studies.REAL, *key): drawn[key].mean() for key in drawn}


def finding(rows: pd.DataFrame) -> studies.Finding:
    def gain(world: str, arm: str, over: str, metric: str) -> evaluation.Interval:
        return studies.interval(rows, world, arm, metric, less=over)

    def said(world: str) -> str:
        def mean(arm: str, metric: str) -> str:
            return f"{studies.values(rows, world, arm, metric).mean():.2f}"

        blind = ""
        if world == SHOP:
            blind = f" (without visits {gain(world, BLIND, OWN, ALL).text(signed=True)})"
        return (
            f"NDCG@5 on all: {POPULARITY} {mean(POPULARITY, ALL)}, {OWN} "
            f"{gain(world, OWN, POPULARITY, ALL).text(signed=True)}, {MODEL} on top of it "
            f"{gain(world, MODEL, OWN, ALL).text(signed=True)}{blind}; on new: {POPULARITY} "
            f"{mean(POPULARITY, NEW)}, {MODEL} "
            f"{gain(world, MODEL, POPULARITY, NEW).text(signed=True)}"
            + (
                f" (without visits {gain(world, BLIND, POPULARITY, NEW).text(signed=True)})"
                if blind
                else ""
            )
        )

    def holds(world: str) -> bool:
        counting = gain(world, OWN, POPULARITY, ALL).low > gain(world, MODEL, OWN, ALL).high
        return counting and gain(world, MODEL, POPULARITY, NEW).high < 0.05

    held = [holds(SHOP), holds(studies.REAL)]
    return studies.Finding(
        said(SHOP), said(studies.REAL), "yes" if all(held) else "partly" if any(held) else "no"
    )
