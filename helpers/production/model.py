"""What the nightly batch runs: three small models and the card that goes with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers import cold_start, features, models, segments, targets
from helpers.errors import ModelError
from helpers.production.card import Card, evidence, fingerprint, versions
from helpers.production.likeness import sketch, upper_ends
from helpers.shop import Customers, Opened, Shop

QUARTER = "91D"
SEGMENTS = 4
LEARNED = 50_000  # customers of an opened shop that a model learns from
FEWEST = 50  # customers with an order, and without one: fewer teach nothing


class Taste(NamedTuple):
    """What customers like: the share (c,) that each category has among all, and how many events of
    one's own weigh as much as these (M)."""

    categories: list[str]
    popularity: np.ndarray
    strength: float

    def shares(self, counts: pd.DataFrame) -> np.ndarray:
        """Each customer's shares (n, c): (counts + M popularity) / (events + M)."""
        if len(self.categories) < 2:  # nothing to choose from
            return np.ones((len(counts), len(self.categories)))
        return cold_start.posterior_mean(counts[self.categories], self.popularity, self.strength)


class Model(NamedTuple):
    """A trained model: `propensity` gives P(an order within the horizon), `segment` the segment of
    those who bought, `taste` the next category; `card` says where it comes from."""

    propensity: Pipeline
    segment: Pipeline
    taste: Taste
    card: Card


@threadpool_limits.wrap(limits=1)  # a second thread costs more than it brings at these sizes
def train(
    store: Shop | Opened | Customers,
    as_of: str | pd.Timestamp | None = None,
    horizon: str = QUARTER,
    owner: str = "nobody yet",
    step: Callable[[str], None] = lambda _: None,
) -> Model:
    """Train on what was known at `as_of`, and measure how good the recipe is.

    The recipe is fitted two horizons back and judged one horizon back, on a window that had closed
    by
    `as_of` (the card's figures). What is returned is then fitted on both cut-offs, so that it is
    not a quarter old on its first day.

    Args:
        store: The shop; nothing at or after `as_of` is used. Of an opened one, about `LEARNED`
            customers drawn by chance come into memory, and the model learns from these.
        as_of: The day of training; by default the day after the last order.
        horizon: Length of the window that the propensity is about.
        owner: Who answers for the model.
        step: Called with a few words before each step.

    Raises:
        ModelError: The shop's past is too short, or too few customers ordered.
        ShopError: A table with one row a customer, which says nothing of when they ordered.
        ValueError: As `targets.future`, where `as_of` lies after the last order.
    """
    if isinstance(store, Customers):
        raise store.no_orders("a model of who will order")
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    whole = store
    if isinstance(store, Opened):
        step(f"drawing {LEARNED:,} customers")
        store = store.sample(LEARNED)
    try:
        length = pd.Timedelta(horizon) if isinstance(horizon, str) else None
    except ValueError:
        length = None
    if length is None or length < pd.Timedelta("1D"):
        raise ModelError(f"the horizon is a text such as '91D' (91 days) or '13W', not {horizon!r}")
    cutoffs = [moment - 2 * length, moment - length]
    if not (store.purchases["ordered_at"] < cutoffs[0]).any():
        raise ModelError(
            f"the shop {store.name!r} has no order before {cutoffs[0]:%Y-%m-%d} (its first is of "
            f"{store.purchases['ordered_at'].min():%Y-%m-%d}): two windows of {length.days} days "
            "and some past are needed. Take a shorter horizon."
        )
    categories = features.browsed_categories(store, cutoffs[0])
    parts = []
    for cutoff in cutoffs:
        step(f"features at {cutoff:%Y-%m-%d}")
        X = features.build(store, cutoff, categories=categories)
        y = targets.future(store, cutoff, length)["bought"]
        if min(y.sum(), (~y).sum()) < FEWEST:
            raise ModelError(
                f"{y.sum()} of {len(y)} customers ordered within {length.days} days of "
                f"{cutoff:%Y-%m-%d}: at least {FEWEST} must, and as many must not"
            )
        parts.append((X, y))
    step("propensity")
    (X, y), (X_test, y_test) = parts
    p_test = recipe().fit(X, y).predict_proba(X_test)[:, 1]
    X_both, y_both = pd.concat([X, X_test]), pd.concat([y, y_test])
    propensity = recipe().fit(X_both, y_both)
    step("segments and taste")
    buyers = X_test.loc[X_test["frequency"] > 0, segments.FEATURES]
    segment = segments.model(SEGMENTS).fit(buyers)
    taste = fit_taste(category_counts(store, moment))
    step("model card")
    card = Card(
        name=f"an order within {length.days} days",
        owner=owner,
        shop=store.name,
        first_order=f"{store.purchases['ordered_at'].min():%Y-%m-%d}",
        as_of=f"{moment:%Y-%m-%d}",
        cutoffs=[f"{cutoff:%Y-%m-%d}" for cutoff in cutoffs],
        horizon_days=length.days,
        rows=len(X_both),
        features=list(X.columns),
        categories=categories,
        retire_on=f"{moment + 2 * length:%Y-%m-%d}",
        data_sha256=fingerprint(store, moment),
        versions=versions(),
        customers=sketch(whole, cutoffs[-1]),
        highs=upper_ends(X_test),
        **evidence(X_test, y_test.to_numpy(), p_test, store),
    )
    return Model(propensity, segment, taste, card)


def recipe() -> Pipeline:
    """The propensity's recipe: the catalogue's logistic regression, whose reasons can be read
    off."""
    return models.model("logistic regression")


def last_day(store: Shop | Opened) -> pd.Timestamp:
    """The day after the last order. Raises ModelError for a shop without orders."""
    last = store.last
    if pd.isna(last):
        raise ModelError(f"the shop {store.name!r} has no orders")
    return last.normalize() + pd.Timedelta("1D")


def category_counts(store: Shop, as_of: pd.Timestamp) -> pd.DataFrame:
    """How often each known customer chose each category before `as_of`: (customers, categories).

    An order counts once for each of its categories, a visit for each category looked at.
    """
    lines = features.standing(store.purchases, None, as_of)
    chosen = [lines[["customer_id", "order_id", "category"]].drop_duplicates()]
    if store.visits is not None:
        looks = store.visits[store.visits["started_at"] < as_of]
        chosen.append(looks[["customer_id", "visit_id", "category"]].drop_duplicates())
    events = pd.concat([table[["customer_id", "category"]] for table in chosen]).dropna()
    counts = events.value_counts(["customer_id", "category"]).rename("n").reset_index()
    counts = counts.pivot_table("n", "customer_id", "category", aggfunc="sum", fill_value=0)
    known = features.known_customers(store, as_of)
    return counts.reindex(known, fill_value=0).sort_index(axis=1).astype("int64")


def fit_taste(counts: pd.DataFrame) -> Taste:
    """Learn the popularity of each category, and M by the marginal likelihood of the counts
    (`cold_start.fit_strength`); M is 10 where nobody came twice."""
    popularity = ((counts.sum() + 1.0) / (counts.sum() + 1.0).sum()).to_numpy()
    names = [str(name) for name in counts.columns]
    own = counts[counts.sum(axis=1) > 0]
    try:
        strength = cold_start.fit_strength(own, popularity)
    except ValueError:
        strength = 10.0
    return Taste(names, popularity, strength)
