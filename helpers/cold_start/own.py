"""First recommendations for the new customers of somebody's own shop, from its orders.

What chapter 04 does by hand with visits, with orders in their place: popularity, worth M orders,
and the one order that a new customer may have. `compare` tests it on the shop's own past,
`first_list` makes the list.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.cold_start import bayes
from helpers.cold_start.moments import NoRecommendations, events
from helpers.errors import counted, nearest
from helpers.features import standing
from helpers.shop import Customers, Shop

PLACES = ["first", "second", "third"]
LEAST = 50  # customers with two orders, in train and in test: below, no interval says anything
TRAIN = 0.7  # the share of the customers with two orders whose first one lies before the cut-off
RECENT = 365  # days: whoever has done nothing for longer is not new
WAYS = ("one order", "popular")


def compare(store: Shop) -> pd.Series:
    """Test on the shop's own past whether the one order of a new customer helps to choose.

    Three categories are chosen for each new customer before the second order: the most popular
    ones, or those that are first once the customer's one order is added to popularity, which counts
    like M orders. Popularity and M come from the orders before a cut-off, the test customers
    ordered for the first time after it. A hit: the second order is in one of the three.

    Returns:
        Texts by what they say: the column the categories come from, the customers with two orders
        in train and in test, M, the share of hits each way, and the paired difference with its
        95 % interval.

    Raises:
        NoRecommendations: No orders, or nothing that says what they were; three categories or
            fewer; fewer than `LEAST` customers with two orders in train or in test.
    """
    log, column = _orders(store)
    if log["category"].nunique() <= len(PLACES):
        raise NoRecommendations(
            f"{store.name} has {_categories(log)}: with three to show, everybody sees the same. "
            "There is nothing to test."
        )
    number = log.groupby("customer_id").cumcount()
    first = log[number == 0].set_index("customer_id")
    second = log[number == 1].set_index("customer_id")
    began = first["at"].reindex(second.index)
    cutoff = began.quantile(TRAIN).normalize() if len(began) else pd.NaT
    train, test = log[log["at"] < cutoff], second[began >= cutoff]
    several = int((train["customer_id"].value_counts() >= 2).sum())
    for name, found in (("train", several), ("test", len(test))):
        if found < LEAST:
            raise NoRecommendations(
                f"{store.name} has {counted(found, 'customer')} with two orders to {name} on, and "
                f"{LEAST} are needed: with so few, a good result could be luck. Show the popular "
                'categories until the shop has grown: first_list(own, "popular").'
            )
    popularity, strength = _fit(train)
    names = popularity.index
    popular, _ = _ranked(popularity, pd.Series([None]), strength)
    own, _ = _ranked(popularity, first.loc[test.index, "category"], strength)
    came = test["category"].to_numpy()[:, None]
    hits = {
        "popular": (came == names.to_numpy()[popular]).any(axis=1).astype(float),
        "one order": (came == names.to_numpy()[own]).any(axis=1).astype(float),
    }
    gain = evaluation.mean_interval(hits["one order"] - hits["popular"])
    return pd.Series(
        {
            "categories taken from": column,
            "customers with two orders, train": f"{several:,}",
            "customers with two orders, test": f"{len(test):,}",
            "popularity is worth, in orders": f"{strength:.1f}",
            "hits, popular": f"{hits['popular'].mean():.2f}",
            "hits, one order": f"{hits['one order'].mean():.2f}",
            "one order minus popular": gain.text(signed=True),
        },
        name=store.name,
    )


def first_list(store: Shop, by: str = "one order") -> pd.DataFrame:
    """What to show to each new customer first: those without an order, or with a single one, who
    did anything (signed up, visited, ordered) in the last 365 days.

    Args:
        store: The shop.
        by: "one order" adds the customer's single order to popularity; "popular" shows the same to
            all. Where fewer than `LEAST` customers have two orders, or only visits have categories,
            M cannot be fitted, and all see what is popular.

    Returns:
        customer_id, first, second, third (categories; the third is missing in a shop of two), why
        ("popular", or "one order in ..."); the latest customers first.

    Raises:
        NoRecommendations: As for `compare`, but a few customers are enough; one category only; no
            new customer; another `by`.
    """
    if by not in WAYS:
        raise NoRecommendations(
            f"by is 'one order' or 'popular', not {by!r}.{nearest(str(by), WAYS)}"
        )
    log, column = _orders(store, or_visits=True)
    if log["category"].nunique() < 2:
        raise NoRecommendations(f"{store.name} has {_categories(log)}: nothing is to be chosen.")
    new = _new(store)
    from_orders = not column.startswith("visits")
    one = new.index[new["orders"] == 1]
    ordered = log.drop_duplicates("customer_id").set_index("customer_id")["category"]
    said = pd.Series(None, index=new.index, dtype=object)
    enough = from_orders and (log["customer_id"].value_counts() >= 2).sum() >= LEAST
    if by == "one order" and enough:
        said[one] = ordered.reindex(one).astype(object)
    popularity, strength = _fit(log) if enough else (_shares(log), np.inf)
    ranked, known = _ranked(popularity, said, strength)
    names = popularity.index.to_numpy(dtype=object)
    table = pd.DataFrame({"customer_id": new.index.astype(object)})
    for place, name in enumerate(PLACES):
        table[name] = names[ranked[:, place]] if place < ranked.shape[1] else None
    table["why"] = np.where(known, "one order in " + said.fillna("").astype(str), "popular")
    return table


def _orders(store: Shop, or_visits: bool = False) -> tuple[pd.DataFrame, str]:
    """The orders that lasted, a row each by customer and time (customer_id, at, category), and
    where their categories come from; visits where `or_visits` and no order has one."""
    if isinstance(store, Customers):
        raise NoRecommendations(
            f"{store.name} has one row a customer and does not say what they ordered: first "
            "recommendations need orders (customer, time, amount, category). Segments can be made "
            "of it: chapter 05."
        )
    lines = store.purchases
    if lines.empty:
        raise NoRecommendations(f"{store.name} has no orders.")
    for column in ("category", "subcategory"):
        if lines[column].notna().any():
            filled = lines.assign(category=lines[column])
            return events(replace(store, purchases=filled, visits=None)), f"orders, {column}"
    if or_visits and store.visits is not None:
        seen = store.visits[["landing_category", "category"]]
        if seen.notna().any(axis=None):
            return events(store), "visits"
    raise NoRecommendations(
        f"No order of {store.name} says what was bought: its category is needed. If a column has "
        'it, name the column: shop.read(..., columns={"category": "..."}).'
    )


def _new(store: Shop) -> pd.DataFrame:
    """Those without a standing order or with one, and something in the last `RECENT` days: orders
    and last (time), by customer_id, the latest first."""
    times = [store.purchases[["customer_id", "ordered_at"]]]
    if store.visits is not None:
        times.append(store.visits[["customer_id", "started_at"]])
    if store.customers is not None:
        times.append(store.customers[["customer_id", "signed_up_at"]])
    acts = pd.concat([t.set_axis(["customer_id", "at"], axis=1) for t in times])
    end = acts["at"].max().normalize() + pd.Timedelta("1D")
    new = acts.groupby("customer_id")["at"].max().rename("last").to_frame()
    kept = standing(store.purchases, None, end)
    orders = kept.groupby("customer_id")["order_id"].nunique()
    new["orders"] = orders.reindex(new.index, fill_value=0)
    new = new[(new["orders"] <= 1) & (new["last"] >= end - pd.Timedelta(days=RECENT))]
    if new.empty:
        raise NoRecommendations(
            f"{store.name} has no new customer: everybody of the last {RECENT} days has ordered "
            "twice."
        )
    new["id"] = new.index
    return new.sort_values(["last", "id"], ascending=[False, True])


def _shares(log: pd.DataFrame) -> pd.Series:
    """The share of each category among all events, the largest first; "other" is not shown."""
    shares = log["category"].value_counts(normalize=True).drop("other", errors="ignore")
    return shares / shares.sum()


def _fit(log: pd.DataFrame) -> tuple[pd.Series, float]:
    """Popularity, and M by marginal likelihood from the customers with two orders or more."""
    popularity = _shares(log)
    shown = log[log["category"].isin(popularity.index)]
    history = pd.crosstab(shown["customer_id"], shown["category"])[list(popularity.index)]
    return popularity, bayes.fit_strength(history.to_numpy(), popularity.to_numpy())


def _ranked(
    popularity: pd.Series, ordered: pd.Series, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """The places of the first three categories (n, 3 or fewer) in `popularity` for customers whose
    one order was in `ordered` (None where there is none); and for whom it was used."""
    place = popularity.index.get_indexer(ordered)
    known = place >= 0
    counts = np.zeros((len(ordered), len(popularity)))
    counts[np.flatnonzero(known), place[known]] = 1
    p = bayes.posterior_mean(counts, popularity.to_numpy(), strength)
    return np.argsort(-p, axis=1, kind="stable")[:, : len(PLACES)], known


def _categories(log: pd.DataFrame) -> str:
    names = sorted(log["category"].unique())
    if len(names) == 1:
        return f"one category ({names[0]})"
    return f"{len(names)} categories ({', '.join(names)})"
