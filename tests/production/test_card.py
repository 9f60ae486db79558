"""What a model says of itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from helpers import features, production, targets
from helpers.production import ModelError
from helpers.production.card import Card, fingerprint

TODAY = pd.Timestamp("2025-10-01")


def test_the_fingerprint_knows_rows_and_not_their_order(store):
    known = fingerprint(store, TODAY)
    shuffled = store.purchases.sample(frac=1, random_state=0)
    assert fingerprint(replace(store, purchases=shuffled), TODAY) == known
    changed = store.purchases.copy()
    changed.loc[0, "amount"] += 0.01
    assert fingerprint(replace(store, purchases=changed), TODAY) != known


def test_the_card_says_what_must_be_known(store, model):
    card = model.card
    assert card.cutoffs == ["2025-04-02", "2025-07-02"] and card.as_of == "2025-10-01"
    assert set(card.versions) >= {"Python", "scikit-learn", "skops"} and len(card.data_sha256) == 64
    low, auc, high = card.scores["AUC"][1], card.scores["AUC"][0], card.scores["AUC"][2]
    assert low < auc < high
    by = {row["by"] for row in card.subgroups}
    assert {"orders so far", "age_band", "region"} <= by
    text = card.markdown()
    for part in ("Owner", "Not for", "Calibration", "Subgroups", "Retire", card.retire_on):
        assert part in text
    assert Card.from_json(card.to_json()) == card
    # the figures are those of a model that had seen the earlier cut-off only
    X = [features.build(store, c, categories=card.categories) for c in card.cutoffs]
    y = [targets.future(store, c, "91D")["bought"] for c in card.cutoffs]
    p = production.model.recipe().fit(X[0], y[0]).predict_proba(X[1])[:, 1]
    assert production.card.evidence(X[1], y[1].to_numpy(), p, store)["scores"]["AUC"][
        0
    ] == pytest.approx(auc)


@pytest.mark.parametrize(
    "change",
    [
        {"versions": []},
        {"versions": {"numpy": "new"}},
        {"versions": {"numpy": 2}},
        {"retire_on": "never"},
        {"as_of": {}},
        {"cutoffs": 5},
    ],
)
def test_a_card_of_nonsense_is_a_sentence(model, change):
    with pytest.raises(ModelError, match="card cannot be read"):
        Card.from_json(json.dumps(json.loads(model.card.to_json()) | change))


def test_a_name_of_the_shop_breaks_neither_card_nor_report(model, tmp_path):
    rows = [{"by": "age_band", "group": "a|b\nc", "customers": 100}]
    page = replace(model.card, subgroups=rows).markdown()
    assert "| age_band | a\\|b c | 100 |" in page
    table = pd.DataFrame({"psi": [0.1], "by_chance": [0.1], "p": [1.0]}, index=["<b>"])
    hostile = replace(
        model.card, as_of="<script>", retire_on="<script>", owner="<script>", name="<script>"
    )
    production.report(tmp_path / "r.html", hostile, production.Drift(table, 1.0, False), None)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>" not in text and "<b>" not in text.replace("<body>", "")
