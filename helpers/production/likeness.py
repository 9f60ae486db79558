"""Is this the shop that the model learned from? What its card keeps of that one says so."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
import pandas as pd
from ibis import _

from helpers import features
from helpers.errors import ModelError
from helpers.production.card import Card
from helpers.shop import Opened, Shop

HASHES = 128  # a share of customers in common is known to within .09 (two standard errors)
HIGH = 0.99  # quantile of a feature that is its upper end
NAMED = 3  # of the features or categories that differ most


class Limit(NamedTuple):
    """From where on a difference is said, and from where on the model refuses."""

    doubt: float
    refuse: float


CUSTOMERS = Limit(0.5, 0.9)  # share of the customers before the model's cut-off that differ
CATEGORIES = Limit(0.1, 0.5)  # share of the order lines in categories that the model does not know
RANGES = Limit(3.0, 10.0)  # times that the upper end of a feature lies higher, or lower


class Difference(NamedTuple):
    """Something in which a shop differs from the model's, and whether beyond the limit."""

    sentence: str
    beyond: bool


def doubts(
    card: Card,
    known: list[str],
    store: Shop | Opened,
    X: pd.DataFrame,
    as_of: pd.Timestamp,
    another_shop: bool = False,
) -> list[str]:
    """A sentence for each way in which a shop differs from that which a model learned from.

    Args:
        card: The model's card. Those of earlier versions keep neither customers nor ranges, which
            is said then.
        known: The categories that the model knows.
        store: The shop to be scored.
        X: Its features (customers, features) at `as_of`.
        as_of: The moment of scoring.
        another_shop: Whether differences beyond the limits are only said.

    Raises:
        ModelError: A difference is beyond the limits.
    """
    found = categories(known, store, as_of)
    if card.customers:
        found += customers(card, store) + ranges(card, X)
    else:
        found.append(
            Difference(
                "the model is of an earlier version: train it anew, or whether "
                "this is its shop can be told by the categories only",
                False,
            )
        )
    beyond = [difference.sentence for difference in found if difference.beyond]
    if beyond and not another_shop:
        raise ModelError(
            f"this does not look like the shop {card.shop!r} that the model learned from: "
            f"{'; '.join(beyond)}. Train a model on this one, or score all the same "
            "(another_shop=True, on the shell --another-shop)"
        )
    return [difference.sentence for difference in found]


def judged(limit: Limit, value: float, sentence: str) -> list[Difference]:
    """The difference, if it is worth a word."""
    return [Difference(sentence, value > limit.refuse)] if value > limit.doubt else []


def customers(card: Card, store: Shop | Opened) -> list[Difference]:
    """Whether the customers before the model's last cut-off are those that it learned from."""
    share = in_common(card.customers, sketch(store, pd.Timestamp(card.cutoffs[-1])))
    sentence = f"only about {share:.0%} of those who ordered before {card.cutoffs[-1]} are the same"
    return judged(CUSTOMERS, 1 - share, sentence)


def categories(known: list[str], store: Shop | Opened, as_of: pd.Timestamp) -> list[Difference]:
    """Whether the model knows the categories that were ordered; not where it knows no two."""
    if len(known) < 2:
        return []
    lines = _lines_by_category(store, as_of)
    new = lines[~lines.index.isin(known)]
    share = new.sum() / max(lines.sum(), 1)
    names = ", ".join(new.index.fillna("none")[:NAMED])
    sentence = f"{share:.0%} of the order lines are in categories new to the model ({names})"
    return judged(CATEGORIES, share, sentence)


def ranges(card: Card, X: pd.DataFrame) -> list[Difference]:
    """Whether the upper ends of the features are where they were, those first that moved most."""
    now = upper_ends(X[list(card.highs)])
    moved = pd.Series({n: np.log1p(abs(now[n])) - np.log1p(abs(v)) for n, v in card.highs.items()})
    found = []
    for name in moved.abs().sort_values(ascending=False, kind="stable").index[:NAMED]:
        here, there = _figure(now[name]), _figure(card.highs[name])
        sentence = f"{name} reaches {here}, where the model learned from {there}"
        found += judged(RANGES, float(np.exp(abs(moved[name]))), sentence)
    return found


def upper_ends(X: pd.DataFrame) -> dict[str, float]:
    """The 99 % quantile of each feature, with four digits."""
    ends = X.astype(float).quantile(HIGH).fillna(0.0)
    return {str(name): float(f"{value:.4g}") for name, value in ends.items()}


def sketch(store: Shop | Opened, before: pd.Timestamp) -> str:
    """What a card keeps of the customers who ordered before a moment, each with the day of the last
    order: enough to tell which share of them a shop has too, too little to tell who they are.

    For each of 128 hash functions one byte of the smallest value over all customers (b-bit minwise
    hashing, Li and König 2010), as hexadecimal text; empty where nobody ordered.
    """
    last = _last_orders(store, before).dt.strftime("%Y-%m-%d")
    if last.empty:
        return ""
    own = np.array([_hash(f"{name} {day}") for name, day in last.items()], dtype="uint64")
    lowest = [
        (own * np.uint64(_hash(f"factor {i}") | 1) + np.uint64(_hash(f"shift {i}"))).min()
        for i in range(HASHES)
    ]
    return bytes(int(value) & 0xFF for value in lowest).hex()


def _last_orders(store: Shop | Opened, before: pd.Timestamp) -> pd.Series:
    """The time of the last order before a moment, by customer; canceled ones count, too."""
    if isinstance(store, Opened):
        past = store.tables["purchases"].filter(_.ordered_at < before)
        last = features.fetch(store, past.group_by("customer_id").agg(last=_.ordered_at.max()))
        return last.set_index("customer_id")["last"]
    past = store.purchases[store.purchases["ordered_at"] < before]
    return past.groupby("customer_id", observed=True)["ordered_at"].max()


def _lines_by_category(store: Shop | Opened, before: pd.Timestamp) -> pd.Series:
    """How many order lines before a moment are in each category (missing is one), most first."""
    if isinstance(store, Opened):
        past = store.tables["purchases"].filter(_.ordered_at < before)
        found = features.fetch(store, past.group_by("category").agg(lines=_.count()))
        lines = found.sort_values(["lines", "category"], ascending=[False, True])
        return lines.set_index("category")["lines"]
    past = store.purchases.loc[store.purchases["ordered_at"] < before, "category"]
    return past.value_counts(dropna=False)


def in_common(one: str, other: str) -> float:
    """Of the customers in either of two sketches, the share that is in both (Jaccard's index)."""
    pairs = list(zip(bytes.fromhex(one), bytes.fromhex(other), strict=False))
    equal = sum(a == b for a, b in pairs) / HASHES
    return max(0.0, (equal - 1 / 256) / (1 - 1 / 256))  # one byte in 256 is equal by chance


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _hash(text: str) -> int:
    data = text.encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
