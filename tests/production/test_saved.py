"""Models that an earlier state of the code saved (in `saved/`) load and do their work today.

Both were trained on the whole simulated shop as of 2026-01-01. Where scikit-learn or numpy moves by
more than its last number they are refused on purpose: then train them anew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from helpers import production, shop, simulator, targets

SAVED = Path(__file__).parent / "saved"
AUTUMN, NEW_YEAR = pd.Timestamp("2025-10-01"), pd.Timestamp("2026-01-01")


@pytest.fixture(scope="module")
def store() -> shop.Shop:
    """Another shop than the one that the models were trained on."""
    return simulator.simulate(customers=1_000, seed=7)[0]


def test_a_batch_model_scores_a_shop(store):
    model = production.load(SAVED / "batch.skops")
    with pytest.warns(UserWarning, match="of an earlier version"):
        scores = production.score(model, store, NEW_YEAR)
    assert set(scores["customer_id"]) == set(store.customers["customer_id"])
    assert scores["propensity"].between(0, 1).all() and scores["segment"].notna().all()
    assert set(scores["next_category"].dropna()) <= set(model.card.categories)


def test_its_propensities_still_tell_who_will_buy(store):
    model = production.load(SAVED / "batch.skops")
    X = production.inputs(model, store, AUTUMN)
    bought = targets.future(store, AUTUMN, "91D")["bought"].reindex(X.index)
    auc = roc_auc_score(bought, model.propensity.predict_proba(X)[:, 1])
    assert auc > 0.8, "the card promises .88; features must have changed their meaning"


def test_an_online_model_recommends(store):
    model = production.load(SAVED / "online.skops")
    asked = {"favorite_category": model.categories[0]}
    prior, nobody = model.shares(asked), model.shares({})
    assert prior[0] > nobody[0] and prior.sum() == pytest.approx(1)
    none = np.zeros(len(prior))
    shown = model.recommend(*model.beta(prior, none, none), np.random.default_rng(0))
    assert len(set(shown.categories)) == 3 and (shown.propensity > 0).all()
