"""A model is told its own shop from another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import features, production, shop, simulator
from helpers.production import likeness
from helpers.production.__main__ import main

TODAY = pd.Timestamp("2025-10-01")


@pytest.fixture(scope="module")
def X(model, store) -> pd.DataFrame:
    return production.inputs(model, store, TODAY)


def with_purchases(store, **columns) -> shop.Shop:
    return replace(store, purchases=store.purchases.assign(**columns))


def doubts(model, store, X, **options) -> list[str]:
    return likeness.doubts(model.card, model.taste.categories, store, X, TODAY, **options)


def test_its_own_shop_is_scored_without_a_word(model, store, X, recwarn):
    assert doubts(model, store, X) == []
    production.score(model, store, "2025-12-30")
    assert not [w for w in recwarn if issubclass(w.category, UserWarning)]


@pytest.mark.parametrize(
    ("column", "change", "said"),
    [
        ("monetary", lambda amount: amount * 1_000, r"monetary reaches \d+,\d+, where the model"),
        ("monetary", lambda amount: amount / 1_000, "monetary reaches 0"),
        (
            "category",
            lambda category: "my " + category.astype("str"),
            "100% of the order lines are in categories new to the model .*my ",
        ),
        (
            "customer_id",
            lambda customer: "x" + customer,
            "only about [0-3]% of those who ordered before 2025-07-02 are the same",
        ),
    ],
)
def test_another_shop_is_refused_and_scored_only_where_that_is_said(
    model, store, X, column, change, said
):
    if column in X:
        X = X.assign(**{column: change(X[column])})
    else:
        store = with_purchases(store, **{column: change(store.purchases[column])})
    with pytest.raises(production.ModelError, match=said) as refused:
        doubts(model, store, X)
    assert "does not look like the shop 'simulated'" in str(refused.value)
    assert any(pd.Series(doubts(model, store, X, another_shop=True)).str.contains(said))


def test_a_shop_with_the_same_ids_is_another_all_the_same(model, X):
    """Ids that count from one are those of every shop: the day of the last order tells."""
    other = simulator.simulate(customers=3_000, seed=8)[0]
    with pytest.raises(production.ModelError, match="only about"):
        doubts(model, other, X)


def test_smaller_differences_are_only_said(model, store, X):
    (said,) = doubts(model, store, X.assign(monetary=X["monetary"] * 4.3))
    assert "monetary reaches" in said
    last_year = store.purchases["ordered_at"] >= "2025-02-01"
    (said,) = doubts(model, replace(store, purchases=store.purchases[last_year]), X)
    assert "are the same" in said


def test_the_batch_says_it_on_stderr_and_writes_nothing(saved, store, tmp_path, capsys):
    other = with_purchases(store, amount=store.purchases["amount"] * 1_000)
    for name, table in other.tables.items():
        table.to_parquet(tmp_path / f"{name}.parquet", index=False)
    out = tmp_path / "scores.parquet"
    asked = ["score", "--model", str(saved), "--shop", str(tmp_path), "--out", str(out)]
    assert main([*asked, "--as-of", "2025-10-01"]) == 2
    assert "--another-shop" in capsys.readouterr().err and not out.exists()
    assert main([*asked, "--as-of", "2025-10-01", "--another-shop"]) == 0
    assert "please check: monetary reaches" in capsys.readouterr().err and out.exists()


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_a_sketch_tells_the_share_in_common(store, kept):
    people = store.purchases["customer_id"].unique()
    few = set(np.random.default_rng(0).permutation(people)[: round(kept * len(people))])
    some = replace(store, purchases=store.purchases[store.purchases["customer_id"].isin(few)])
    share = likeness.in_common(likeness.sketch(store, TODAY), likeness.sketch(some, TODAY))
    assert abs(share - kept) < 0.12


def test_a_card_keeps_nobody(model, store):
    """One byte of the smallest of thousands of values says of nobody that they are there."""
    assert len(bytes.fromhex(model.card.customers)) == likeness.HASHES
    text = model.card.to_json()
    assert not any(name in text for name in features.known_customers(store, TODAY)[:50])


def test_a_card_of_an_earlier_version_says_what_cannot_be_compared(model, store, X):
    early = model._replace(card=replace(model.card, customers="", highs={}))
    (said,) = doubts(early, store, X)
    assert "of an earlier version" in said
    renamed = with_purchases(store, category="my " + store.purchases["category"].astype("str"))
    with pytest.raises(production.ModelError, match="new to the model"):
        doubts(early, renamed, X)
