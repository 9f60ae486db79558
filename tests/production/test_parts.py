"""An opened shop is scored part by part: the same scores as in memory, whatever the part."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from helpers import production, shop
from helpers.production import ModelError, parts

TODAY = "2025-10-01"


@pytest.fixture(scope="session")
def opened(store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    for name, table in store.tables.items():
        table.to_parquet(folder / f"{name}.parquet")
    return shop.open(folder)


@pytest.mark.parametrize("part", [700, 100_000])
def test_the_same_scores_as_in_memory(model, store, opened, tmp_path, monkeypatch, part):
    monkeypatch.setattr(parts, "PART", part)
    said: list[str] = []
    written = production.batch(model, opened, tmp_path / "s.parquet", as_of=TODAY, step=said.append)
    expected = production.score(model, store, TODAY)
    found = pd.read_parquet(tmp_path / "s.parquet")
    assert_frame_equal(found, expected)
    assert written.customers == len(expected) and written.path == tmp_path / "s.parquet"
    assert written.run == expected["run"].iloc[0]
    assert production.read_scores(model, tmp_path / "s.parquet").shape[0] == len(expected)
    assert said[-1] == f"scores: {len(expected):,} of {len(expected):,} customers"


def test_what_the_batch_refuses_leaves_the_old_file(model, opened, tmp_path):
    path = tmp_path / "s.parquet"
    path.write_text("yesterday's")
    stranger = model._replace(card=replace(model.card, customers="00" * 128))
    for wrong, options, words in (
        (model, {"as_of": "2026-05-01"}, "was to be retired"),
        (model, {"as_of": "2025-09-30"}, "would know what came after"),
        (model, {"as_of": TODAY, "database": tmp_path / "d"}, "DuckDB reads that file as it is"),
        (stranger, {"as_of": TODAY}, "does not look like the shop"),
    ):
        with pytest.raises(ModelError, match=words):
            production.batch(wrong, opened, path, **options)
    assert path.read_text() == "yesterday's" and len(list(tmp_path.iterdir())) == 1


def test_a_model_of_an_opened_shop_knows_all_its_customers(model, opened, store, monkeypatch):
    learned = production.train(opened, TODAY)
    assert learned.card.customers == model.card.customers
    assert learned.card.scores == model.card.scores  # all were drawn
    monkeypatch.setattr(production.model, "LEARNED", 1_800)
    fewer = production.train(opened, TODAY)
    assert fewer.card.rows < model.card.rows * 0.7 and fewer.card.customers == model.card.customers
    assert production.score(fewer, store, TODAY)["propensity"].between(0, 1).all()
