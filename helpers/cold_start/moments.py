"""Histories cut short: what was known about a customer before each event, and what came next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers import evaluation
from helpers.errors import ReaderError
from helpers.features import canceled_before
from helpers.features import cutoff as read_cutoff
from helpers.shop import Shop

LENGTHS = (0, 1, 2, 3, 5, 10, 20)
GROUPS: dict[str, list[str]] = {
    "demographics": ["age_band", "income_band", "region"],
    "survey": [
        "favorite_category",
        "price_attitude",
        "expected_frequency",
        "shopping_for",
        "style",
    ],
    "context": ["acquisition_channel", "source", "device", "part_of_day", "landing_category"],
}
COLUMNS = [name for group in GROUPS.values() for name in group]
MAX_CATEGORIES = 20  # rarer ones share "other"
SEEN = "seen_"


class NoRecommendations(ReaderError, ValueError):
    """Data that do not say enough of new customers: a sentence that says what is missing."""


def events(store: Shop) -> pd.DataFrame:
    """A row per event, by customer and time: customer_id, at, category, source, device.

    An event is a visit, and its category the one where it began (where that is missing, the one
    looked at longest). In a shop without visits it is an order that was not canceled before the
    customer's next one that lasted: at that moment it is as if it had never been placed. Its
    category is the one with most money. Events without any category are left out; beyond 20
    categories the rarer ones are "other".

    Raises ValueError where no event has a category.
    """
    if store.visits is not None and len(store.visits):
        lines = store.visits.sort_values("seconds", ascending=False, kind="stable")
        found = lines.drop_duplicates("visit_id").rename(columns={"started_at": "at"})
        found["category"] = found["landing_category"].fillna(found["category"])
    else:
        lines = _orders_that_lasted(store.purchases).rename(columns={"ordered_at": "at"})
        sums = lines.groupby(["customer_id", "order_id", "category"], as_index=False).agg(
            at=("at", "min"), amount=("amount", "sum")
        )
        found = sums.sort_values("amount", ascending=False, kind="stable").drop_duplicates(
            "order_id"
        )
        found = found.assign(source=None, device=None)
    found = found[["customer_id", "at", "category", "source", "device"]].dropna(subset="category")
    if found.empty:
        raise NoRecommendations(
            "no event has a category: visits or purchases need the column `category`"
        )
    common = found["category"].value_counts().index[:MAX_CATEGORIES]
    found["category"] = found["category"].where(found["category"].isin(common), "other")
    return found.sort_values(["customer_id", "at", "category"], ignore_index=True)


def _orders_that_lasted(purchases: pd.DataFrame) -> pd.DataFrame:
    """The lines not canceled before the customer's next order that lasted (of the last one: by the
    end of the data), so that no moment knows of a cancellation to come."""
    end = purchases["ordered_at"].max() + pd.Timedelta("1D")
    while True:
        orders = purchases.groupby(["customer_id", "order_id"], as_index=False)["ordered_at"].min()
        orders = orders.sort_values(["customer_id", "ordered_at", "order_id"])
        following = orders.groupby("customer_id")["ordered_at"].shift(-1)
        orders["until"] = following.fillna(end)
        until = purchases.merge(orders.drop(columns="ordered_at"), on=["customer_id", "order_id"])
        gone = canceled_before(until, until["until"])
        purchases = until[~gone].drop(columns="until")
        if not gone.any():
            return purchases
        # whoever waited for an order that did not last now waits for a later one: look again


def moments(store: Shop, lengths: Iterable[int] = LENGTHS) -> pd.DataFrame:
    """What was known before each customer's next event, for histories of the given lengths.

    Args:
        store: The shop.
        lengths: Numbers of events seen since the first one (0: only the first, the sign-up).

    Returns:
        A row per customer and length that they went beyond, by customer and length:

        - customer_id; moment (time of the next event); signed_up_at (of the first event where not
          recorded); events (the length)
        - the columns of `GROUPS`, text; a survey answer only where `answered_at` lies before the
          moment, and answered (bool). source, device, part_of_day and landing_category are those of
          the first event
        - seen_<category>: events of this category since the first one, first and next left out
        - next_category: the target

    Raises:
        ValueError: A length is no whole number from 0 on, or nobody has an event after the first.
    """
    lengths = list(lengths)
    if not lengths or any(int(length) != length or length < 0 for length in lengths):
        raise ValueError(f"lengths are whole numbers from 0 on, not {lengths!r}")
    log = events(store)
    number = log.groupby("customer_id").cumcount().to_numpy() - 1  # the first event is number -1
    seen = pd.get_dummies(log["category"], prefix="seen", dtype=float)
    since_first = seen.mul(number >= 0, axis=0)
    before = since_first.groupby(log["customer_id"]).cumsum() - since_first
    chosen = np.isin(number, lengths)
    if not chosen.any():
        raise NoRecommendations(
            "no customer has an event after the first: there is nothing to predict"
        )

    table = log.loc[chosen, ["customer_id", "at", "category"]]
    table = table.rename(columns={"at": "moment", "category": "next_category"})
    table["events"] = number[chosen]
    first = log[number == -1].set_index("customer_id")
    hour = first["at"].dt.hour.to_numpy()
    first["part_of_day"] = np.array(["night", "morning", "afternoon", "evening"])[hour // 6]
    first = first.rename(columns={"category": "landing_category", "at": "first_at"})
    table = table.join(first, on="customer_id").join(_known(store), on="customer_id")
    table["signed_up_at"] = table["signed_up_at"].fillna(table["first_at"])
    table["answered"] = (table["answered_at"] < table["moment"]).to_numpy()
    for name in GROUPS["survey"]:
        table[name] = table[name].where(table["answered"])
    table = table.join(before[chosen])
    first_columns = ["customer_id", "moment", "signed_up_at", "events", "answered"]
    table = table[[*first_columns, *COLUMNS, *seen.columns, "next_category"]]
    return table.reset_index(drop=True)


def _known(store: Shop) -> pd.DataFrame:
    """The columns of the table `customers` by customer_id, as text; all missing without it."""
    own = ["age_band", "income_band", "region", "acquisition_channel", *GROUPS["survey"]]
    times = ["signed_up_at", "answered_at"]
    if store.customers is None:
        ids = pd.Index([], name="customer_id", dtype="str")
        empty = pd.DataFrame({name: pd.Series(dtype="datetime64[us]") for name in times}, index=ids)
        return empty.reindex(columns=[*times, *own])
    known = store.customers.drop_duplicates("customer_id").set_index("customer_id")[[*times, *own]]
    for name in ("price_attitude", "expected_frequency"):
        # a place on a scale of five is a level, and need not act in proportion
        known[name] = known[name].map("{:.0f}".format, na_action="ignore").astype("str")
    return known


def categories(table: pd.DataFrame) -> list[str]:
    """The categories of a table of `moments`, in its order: that of the columns of every (n, K)."""
    return [name.removeprefix(SEEN) for name in table if name.startswith(SEEN)]


def counts(table: pd.DataFrame, first: bool = False) -> np.ndarray:
    """Events seen by category (n, K); with `first`, the first event counts as well."""
    names = categories(table)
    seen = table[[SEEN + name for name in names]].to_numpy(dtype=float)
    return seen + indicator(table["landing_category"], names) if first else seen


def indicator(values: pd.Series, names: list[str]) -> np.ndarray:
    """1 where the value is the name, else 0: (n, K)."""
    return (values.to_numpy()[:, None] == np.array(names, dtype=object)[None, :]).astype(float)


def split(table: pd.DataFrame, cutoff: str | pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split moments into those to learn from and those of new customers.

    To learn from: customers who signed up before `cutoff`, and of them only what happened before
    it.
    New: customers who signed up on it or later. Nobody stands on both sides.

    Raises ValueError where a side is empty, or the cut-off cannot be read.
    """
    moment = read_cutoff(cutoff)
    old = table["signed_up_at"] < moment
    train, test = table[old & (table["moment"] < moment)], table[~old]
    for side, name in ((train, "before"), (test, "on or after")):
        if side.empty:
            raise NoRecommendations(
                f"nobody who signed up {name} {moment:%Y-%m-%d} has a second event: sign-ups run "
                f"from {table['signed_up_at'].min():%Y-%m-%d} to "
                f"{table['signed_up_at'].max():%Y-%m-%d}"
            )
    return train.reset_index(drop=True), test.reset_index(drop=True)


def log_loss(table: pd.DataFrame, p: ArrayLike) -> np.ndarray:
    """−log of the probability that was given to what came next (n,), in nats; 0 is best.

    `p` (n, K), columns in the order of `categories`. Raises ValueError for another shape, a row
    that does not sum to one, or a next category that is not among them.
    """
    names, p = categories(table), np.asarray(p, dtype=float)
    if p.shape != (len(table), len(names)):
        raise ValueError(
            f"p must be {(len(table), len(names))}, a column a category, not {p.shape}"
        )
    if not np.allclose(p.sum(axis=1), 1, atol=1e-5):
        raise ValueError("every row of p must sum to one")
    column = pd.Index(names).get_indexer(table["next_category"])
    if (column < 0).any():
        unknown = sorted(set(table["next_category"][column < 0].astype(str)))
        raise ValueError(f"no column for {', '.join(unknown)}; there are: {', '.join(names)}")
    return -np.log(np.clip(p[np.arange(len(p)), column], 1e-12, 1))


def warm_up(
    table: pd.DataFrame, predictions: Mapping[str, ArrayLike], against: str | None = None
) -> pd.DataFrame:
    """The warm-up curve: mean log-loss by number of events seen, with 95 % intervals.

    A customer has one row per number, so that rows at one number are independent.

    Args:
        table: `moments` of new customers.
        predictions: (n, K) by the model's name.
        against: A model; estimate, low and high are then the paired differences to it.

    Returns:
        Columns model, events, customers, estimate, low, high; models in the given order.

    Raises:
        ValueError: A prediction of the wrong shape, or an unknown model.
    """
    if against is not None and against not in predictions:
        raise ValueError(f"no model {against!r}; there are: {', '.join(predictions)}")
    losses = {name: log_loss(table, p) for name, p in predictions.items()}
    rows = []
    for name, loss in losses.items():
        loss = loss if against is None else loss - losses[against]
        for number, values in pd.Series(loss).groupby(table["events"].to_numpy()):
            if len(values) > 1:
                found = evaluation.mean_interval(values.to_numpy())
                rows.append((name, number, len(values), *found))
    return pd.DataFrame(rows, columns=["model", "events", "customers", "estimate", "low", "high"])
