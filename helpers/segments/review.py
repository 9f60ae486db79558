"""A blind review of segments by people who know the customers.

Reviewers see cards of three sets: the segments found in the data, those found in its copula twin
(no segments there), and random groups. They do not know which set is which. For each set they put
held-out customers to the card that fits. Cohen's kappa, their agreement with the model beyond
chance, says whether the segments can be recognized by a person at all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.evaluation import proportion_interval
from helpers.segments.clustering import model, transformer
from helpers.segments.twins import copula_twin

SOURCES = ["real", "twin", "random"]


class Review(NamedTuple):
    """What is shown and what is hidden.

    cards: a row per (set, card): the median of every feature. No sizes: they would tell the sets
        apart.
    customers: a row per (set, customer) to be put to a card: the features.
    key: hidden from reviewers; a row per (set, customer): `source` and the model's `card`.
    """

    cards: pd.DataFrame
    customers: pd.DataFrame
    key: pd.DataFrame


def prepare_review(frame: pd.DataFrame, k: int, held_out: int = 10, seed: int = 0) -> Review:
    """Cards of `k` segments in three blind sets, and `held_out` customers to assign in each.

    The held-out customers are kept from the fit. Sets are named A, B and C in random order, cards 1
    to k within a set in random order. Raises ValueError with fewer than 10 customers per card.
    """
    if len(frame) < held_out + 10 * k:
        raise ValueError(
            f"{len(frame)} customers are too few for {k} cards and {held_out} held out"
        )
    rng = np.random.default_rng(seed)
    cards, customers, key = {}, {}, {}
    for name, source in zip("ABC", rng.permutation(SOURCES), strict=True):
        data = copula_twin(frame, rng) if source == "twin" else frame
        order = rng.permutation(len(data))
        shown, learned = data.iloc[order[:held_out]], data.iloc[order[held_out:]]
        fitted = model(k, seed=seed).fit(learned)
        labels, answers = fitted.predict(learned), fitted.predict(shown)
        if source == "random":  # groups of the same sizes, drawn without looking at the customers
            labels, answers = rng.permutation(labels), rng.choice(labels, held_out)
        number = rng.permutation(k) + 1
        cards[name] = learned.groupby(number[labels]).median().rename_axis("card")
        numbers = pd.RangeIndex(1, held_out + 1, name="customer")
        customers[name] = shown.set_axis(numbers)
        key[name] = pd.DataFrame({"source": source, "card": number[answers]}, index=numbers)
    return Review(*(pd.concat(part, names=["set"]) for part in (cards, customers, key)))


def kappa(review: Review, answers: pd.Series) -> pd.DataFrame:
    """Cohen's kappa between reviewers and model for each source, with its 95 % interval.

    answers: the card chosen, indexed by (set, customer); missing ones are left out. kappa = (p - e)
        /
    (1 - e), p the share of agreement and e the share expected by chance (Cohen 1960). The interval
    takes e as known and the Wilson interval of p: unlike the usual large-sample one it does not
    shrink to nothing when ten out of ten agree. Returns a row per source: the set that it was in,
    then answered, kappa, low, high.
    """
    given = (
        review.key.join(answers.rename("answer"))
        .dropna(subset="answer")
        .astype({"answer": "int64"})
    )
    result = {}
    sets = review.key.reset_index("set").drop_duplicates("source").set_index("source")["set"]
    for source in SOURCES:
        pair = given[given["source"] == source]
        model_share = pair["card"].value_counts(normalize=True)
        answer_share = pair["answer"].value_counts(normalize=True)
        chance = float(model_share.mul(answer_share, fill_value=0).sum())
        if pair.empty or chance == 1:  # nothing answered, or no choice made anywhere
            result[source] = (sets[source], len(pair), np.nan, np.nan, np.nan)
            continue
        agreed = proportion_interval(int((pair["card"] == pair["answer"]).sum()), len(pair))
        result[source] = (sets[source], len(pair), *((p - chance) / (1 - chance) for p in agreed))
    columns = ["set", "answered", "kappa", "low", "high"]
    return pd.DataFrame.from_dict(result, orient="index", columns=columns).rename_axis("source")


def nearest_card(review: Review, blur: float = 0.0, seed: int = 0) -> pd.Series:
    """What a careful reader of the cards would answer: the card whose medians are nearest.

    blur: standard deviation of the error of judgment, in standard deviations of a feature.
    A stand-in for a person, to try the arithmetic with; it knows nothing but what the cards show.
    """
    rng = np.random.default_rng(seed)
    answers = []
    for name, shown in review.customers.groupby("set"):
        cards = review.cards.loc[name]
        scale = transformer("log").fit(pd.concat([shown, cards]))
        seen = np.asarray(scale.transform(shown))
        seen = seen + blur * rng.normal(size=seen.shape)
        distance = np.linalg.norm(seen[:, None, :] - np.asarray(scale.transform(cards)), axis=2)
        answers.append(pd.Series(cards.index[distance.argmin(axis=1)], index=shown.index))
    return pd.concat(answers).rename("answer")
