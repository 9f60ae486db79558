"""New customers, simulated and real, for the studies of cold start."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from helpers import cold_start, features, models, shop, simulator, targets
from helpers.course import studies
from helpers.course.studies import journey

CUTOFF = "2025-04-01"
HALF = "2017-07-01"
BASKETS = (1, 2, 5, 10)
TOP = 0.2
DEMOGRAPHICS = [
    "age_band",
    "income_band",
    "home_ownership",
    "marital_status",
    "household_size",
    "household_comp",
    "kids_count",
]


class World(NamedTuple):
    """A simulated shop, the moments to learn from, those of customers who signed up later, and the
    true taste of every customer (index customer_id, a column a category)."""

    store: shop.Shop
    train: pd.DataFrame
    test: pd.DataFrame
    taste: pd.DataFrame

    def taste_of(self, table: pd.DataFrame) -> np.ndarray:
        """The true taste of the customer of each row (n, K)."""
        return self.taste.loc[table["customer_id"]].to_numpy()


def world(customers: int, seed: int) -> World:
    """A new simulated shop, split at the cut-off."""
    store, truth = simulator.simulate(customers=customers, seed=seed)
    train, test = cold_start.split(cold_start.moments(store), CUTOFF)
    taste = truth["customers"].set_index("customer_id").filter(like="taste_").astype(float)
    taste = taste.rename(columns=lambda name: name.removeprefix("taste_"))[
        cold_start.categories(train)
    ]
    return World(store, train, test, taste.div(taste.sum(axis=1), axis=0))


@lru_cache(maxsize=1)
def households() -> tuple[np.ndarray, dict[tuple[str, int], np.ndarray]]:
    """Who is among the top fifth by spend in the second half-year, and out-of-fold probabilities of
    it by (what is known, baskets seen): of the households with demographics and ten baskets or more
    in the first half-year."""
    panel = journey.real()
    known = panel.tables["customers"].set_index("customer_id")[DEMOGRAPHICS]
    seen = {k: features.first_orders(panel, HALF, k) for k in BASKETS}
    cohort = seen[BASKETS[-1]].index.intersection(known.index[known["age_band"].notna()])
    spend = targets.future(panel, HALF)["revenue"].loc[cohort]
    y = (spend.rank(ascending=False) <= TOP * len(cohort)).to_numpy().astype(int)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)

    def out_of_fold(X: pd.DataFrame) -> np.ndarray:
        model = models.model("logistic regression")
        return cross_val_predict(model, X, y, cv=folds, method="predict_proba")[:, 1]

    told = known.loc[cohort]
    p = {("demographics", 0): out_of_fold(told)}
    for k in BASKETS:
        p["baskets", k] = out_of_fold(seen[k].loc[cohort])
        p["both", k] = out_of_fold(seen[k].loc[cohort].join(told))
    return y, p


def household_rows(seed: int) -> dict:
    """Rows of a study: the AUC of each arm on a bootstrap of the households."""
    y, p = households()
    drawn = studies.resampled(len(y), seed)
    return {
        (studies.REAL, arm, f"AUC, {k} baskets"): roc_auc_score(y[drawn], scores[drawn])
        for (arm, k), scores in p.items()
    }
