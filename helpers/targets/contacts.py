"""Whom to contact: does a model pay on somebody's own orders, and the list that comes of it.

What chapter 01 does by hand with the simulated shop, for any shop: two cut-offs, a quarter apart.
A model trained on the earlier one is tested on the later one, beside the best single column. The
list itself is made at the end of the data, by a model trained on the later one. Whoever is on it is
chosen by a budget (chapter 01) or by what a contact costs and brings (chapter 03).
"""

from __future__ import annotations

from functools import lru_cache
from numbers import Real
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from helpers import evaluation, features, models, quote
from helpers.errors import ReaderError, counted, nearest
from helpers.shop import Shop
from helpers.targets import tasks

QUARTER = pd.Timedelta("91D")
LEAST = 50  # customers of high value in train and in test: below, no interval says anything
MODEL = "logistic regression"
# days since something happened: the fewer, the better
SMALLER_FIRST = {"recency", "visit_recency", "days_since_activity"}


class ContactError(ReaderError):
    """A list that cannot be made, or not from these data: a sentence that says why."""


class Trial(NamedTuple):
    """Rows of two cut-offs, a quarter apart, and the column that ranks best on the earlier."""

    train: pd.DataFrame
    test: pd.DataFrame
    columns: list[str]
    best_column: str


@lru_cache(maxsize=2)  # the comparison and the list ask for the same
def _trial(store: Shop, end: pd.Timestamp) -> Trial:
    first = store.purchases["ordered_at"].min()
    if not first < end - 3 * QUARTER:
        raise ContactError(
            f"The orders of {store.name} begin on {first:%Y-%m-%d} and end on "
            f"{end - pd.Timedelta('1D'):%Y-%m-%d}. A list needs nine months of orders: a quarter "
            "to know the customers by, one to train on, one to test on."
        )
    cutoffs = [end - 2 * QUARTER, end - QUARTER]
    table = tasks.table(store, cutoffs, QUARTER)
    train, test = evaluation.time_split(table, cutoffs[1], QUARTER)
    columns = tasks.features_of(table)
    scores = {
        name: average_precision_score(train["high_value"], _one_column(name).values(train))
        for name in columns
    }
    return Trial(train, test, columns, max(scores, key=scores.__getitem__))


def _one_column(name: str) -> models.OneColumn:
    return models.OneColumn(name, largest_first=name not in SMALLER_FIRST)


def _enough(store: Shop, trial: Trial) -> None:
    """Raise ContactError where too few customers are of high value to train and test a model."""
    for name, rows in (("train", trial.train), ("test", trial.test)):
        found = int(rows["high_value"].sum())
        if found < LEAST:
            raise ContactError(
                f"{store.name} has {counted(found, 'high-value customer')} to {name} on, and "
                f"{LEAST} are needed: with so few, a good list could be luck. Rank by one column "
                "until the shop has grown: contact_list(own, budget, 'frequency')."
            )


def hit_rates(y: np.ndarray, p: np.ndarray, listed: int) -> np.ndarray:
    """The share of `y` (n,) that is true among the first `listed` by `p` (n,), the largest first:
    of all rows, then of each bootstrap sample of them, (1 + draws,)."""
    order = np.argsort(-np.asarray(p), kind="stable")  # once: a sample only counts rows anew
    true = np.asarray(y, dtype=float)[order]
    counts: list[np.ndarray] = [np.ones(len(p))]
    for rows in evaluation.resample(np.arange(len(p))):
        counts.append(np.bincount(rows, minlength=len(p))[order])
    found = []
    for count in counts:
        before = np.cumsum(count) - count
        found.append(np.clip(listed - before, 0, count) @ true / listed)
    return np.array(found)


def _interval(rates: np.ndarray) -> evaluation.Interval:
    """What all rows give, with the interval of the samples."""
    return evaluation.Interval(rates[0], *evaluation.drawn_ends(rates[1:]))


def compare(store: Shop, budget: int) -> pd.Series:
    """Test on the last quarter whether a model beats the best single column.

    Both are trained at the cut-off two quarters before the end of the orders and tested at the one
    a quarter before it. High value: the top tenth by spend in the quarter after a cut-off, and
    whoever orders at all where that is fewer than a tenth.

    Args:
        store: The shop.
        budget: How many customers are listed.

    Returns:
        Texts by what they say: the active customers of the test, the share that orders, those of
        high value in train and in test; the hit rates of a list of `budget` names, random, by the
        column and by the model, and the paired difference, with their intervals.

    Raises:
        ContactError: No orders, or fewer than nine months of them; fewer than `LEAST` customers of
            high value in train or in test; a budget that is no number of customers.
    """
    train, test, columns, best = trial = _trial(store, features.end_of(store))
    _enough(store, trial)
    _check_budget(budget, len(test))
    y = test["high_value"].to_numpy()
    rates = {}
    for name, candidate in ((best, _one_column(best)), (MODEL, models.model(MODEL))):
        candidate.fit(train[columns], train["high_value"])
        rates[name] = hit_rates(y, candidate.predict_proba(test[columns])[:, 1], budget)
    return pd.Series(
        {
            "active customers, test": f"{len(test):,}",
            "share who order, test": f"{test['future_bought'].mean():.2f}",
            "high-value customers, train": f"{train['high_value'].sum():,}",
            "high-value customers, test": f"{y.sum():,}",
            "hit rate, random list": f"{y.mean():.2f}",
            f"hit rate, {best}": _interval(rates[best]).text(),
            f"hit rate, {MODEL}": _interval(rates[MODEL]).text(),
            "model minus column": _interval(rates[MODEL] - rates[best]).text(signed=True),
        },
        name=store.name,
    )


def tested(store: Shop) -> pd.DataFrame:
    """What the model said of the last quarter, beside what happened in it.

    Trained at the cut-off two quarters before the end of the orders, tested at the one a quarter
    before it, as in `compare`.

    Returns:
        The active customers of the later cut-off, by customer_id: `p`, the probability of high
        value in the quarter after it, and `high_value`, whether it came so.

    Raises:
        ContactError: No orders, or fewer than nine months of them; fewer than `LEAST` customers of
            high value in train or in test.
    """
    return _tested(store, features.end_of(store)).copy()


@lru_cache(maxsize=2)  # asked again, cell by cell
def _tested(store: Shop, end: pd.Timestamp) -> pd.DataFrame:
    train, test, columns, _ = trial = _trial(store, end)
    _enough(store, trial)
    model = models.model(MODEL).fit(train[columns], train["high_value"])
    said = test[["high_value"]].droplevel("cutoff")
    said.insert(0, "p", model.predict_proba(test[columns])[:, 1])
    return said


def contact_list(
    store: Shop,
    budget: int | None = None,
    rank_by: str = MODEL,
    file: str | Path | None = None,
    *,
    cost: float | None = None,
    gain: float | None = None,
) -> pd.DataFrame:
    """Rank the customers who are active at the end of the orders, and say whom to contact: the
    first `budget`, or whoever is worth the `cost` of a contact.

    Args:
        store: The shop.
        budget: How many to contact.
        rank_by: "logistic regression", trained on the last quarter, or the name of a column.
        file: Where to write the list as CSV; None writes nothing. A file that is there is never
            replaced.
        cost, gain: In place of a budget, what a contact costs and what it brings from a customer of
            high value, in one currency.

    Returns:
        customer_id, score (the probability of high value in the next quarter), contact ("yes" for
        the first `budget`, or where score is above cost / gain, "no" for the others); the likeliest
        first.

    Raises:
        ContactError: As for `compare` (by a budget and a column, a few customers of high value are
            enough); an unknown column; neither a budget nor cost and gain, or both; a cost that
            nobody is worth.
        NotWritten: A file that is there already, or cannot be written.
    """
    threshold = _threshold(budget, cost, gain)
    trial = _trial(store, features.end_of(store))
    if rank_by not in (MODEL, *trial.columns):
        close = nearest(rank_by, (MODEL, *trial.columns))
        raise ContactError(f"There is no column {rank_by!r} to rank by.{close}")
    now = _today(store, features.end_of(store))
    if budget is not None:
        _check_budget(budget, len(now))
    if rank_by == MODEL or threshold is not None:
        _enough(store, trial)
    listed = _ranked(store, features.end_of(store), rank_by).copy()
    if threshold is not None:
        _somebody(listed["score"].iloc[0], threshold)
        chosen = (listed["score"] > threshold).to_numpy()
    else:
        chosen = listed.index.to_numpy() < (budget or 0)
    listed["contact"] = np.where(chosen, "yes", "no")
    if file is not None:
        quote.new_csv(listed, file)
    return listed


def _check_budget(budget: int, customers: int) -> None:
    if isinstance(budget, bool) or not isinstance(budget, int) or not 1 <= budget <= customers:
        raise ContactError(
            f"The budget is a whole number of customers, from 1 to {customers:,}, not {budget!r}."
        )


def _threshold(budget: int | None, cost: float | None, gain: float | None) -> float | None:
    """The score above which a contact pays; None where a budget decides."""
    if budget is not None and cost is None and gain is None:
        return None
    if budget is not None or cost is None or gain is None:
        raise ContactError(
            "Say how many to contact (budget=500), or what a contact costs and brings (cost=2, "
            "gain=30): one of the two."
        )
    for name, value in (("cost", cost), ("gain", gain)):
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ContactError(f"The {name} is a number, not {value!r}.")
    try:
        return evaluation.best_threshold(gain, cost)
    except ValueError as error:
        raise ContactError(f"No list can be made: {error}.") from None


def _somebody(best: float, threshold: float) -> None:
    """Raise ContactError where the `best` score is not above the threshold."""
    if not best > threshold:
        raise ContactError(
            f"Nobody is worth a contact: it pays where the score is above {threshold:.2f} (cost / "
            f"gain), and the highest score is {best:.2f}."
        )


@lru_cache(maxsize=2)  # asked again, cell by cell
def _ranked(store: Shop, end: pd.Timestamp, rank_by: str) -> pd.DataFrame:
    """customer_id and score of the customers who are active at the end, the likeliest first."""
    _, recent, columns, _ = _trial(store, end)
    now = _today(store, end)
    ranking = models.model(MODEL) if rank_by == MODEL else _one_column(rank_by)
    ranking.fit(recent[columns], recent["high_value"])
    listed = pd.DataFrame(
        {
            "customer_id": now.index.get_level_values("customer_id").astype(object),
            "score": ranking.predict_proba(now[columns])[:, 1],
        }
    )
    listed = listed.sort_values("score", ascending=False, kind="stable", ignore_index=True)
    return listed.round({"score": 4})


@lru_cache(maxsize=2)
def _today(store: Shop, end: pd.Timestamp) -> pd.DataFrame:
    """What is known of the active customers at the end of the orders."""
    columns = _trial(store, end).columns
    known = features.build(store, end)
    active = known[known["days_since_activity"] <= 365]
    return active.assign(**tasks.lately(store, end, active.index)).reindex(columns=columns)
