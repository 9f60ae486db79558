"""What the pipelines of the audit's tests share: a shop, honest features, outcomes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import features, simulator

CUT_OFF, HALF_YEAR = "2025-01-01", pd.Timedelta("182D")
STORE = simulator.simulate(customers=400, seed=11)[0]


KNOWN: dict[tuple, pd.DataFrame] = {}


def once_a_shop(build):
    """Honest features, computed once of each shop that the tests keep: such a shop has a mark, see
    `changed_once`. Of one without, or with an engine (`con`), they are computed each time."""

    def remembered(store, cut_off, con=None, **options):
        mark = store.purchases.attrs.get("mark")
        if mark is None or con is not None:
            return build(store, cut_off, *([] if con is None else [con]), **options)
        key = build.__name__, mark, cut_off, str(options)
        if key not in KNOWN:
            KNOWN[key] = build(store, cut_off, **options)
        return KNOWN[key].copy()

    return remembered


def known_customers(store, cut_off):
    """Everybody with a visit or an order before the cut-off."""
    tables = [(store.visits, "started_at"), (store.purchases, "ordered_at")]
    ids = [table.loc[table[time] < cut_off, "customer_id"] for table, time in tables]
    return pd.Index(pd.concat(ids).unique(), name="customer_id").sort_values()


@once_a_shop
def rfm(store, cut_off):
    """Recency, frequency, monetary of all known customers, by hand."""
    known = known_customers(store, cut_off)
    past = features.standing(store.purchases, None, pd.Timestamp(cut_off))
    grouped = past.groupby("customer_id")
    table = pd.DataFrame(index=known)
    table["recency"] = (cut_off - grouped["ordered_at"].max()) / pd.Timedelta(days=1)
    table["frequency"] = grouped["order_id"].nunique()
    table["monetary"] = grouped["amount"].sum()
    visits = store.visits[store.visits["started_at"] < cut_off]
    last = (cut_off - visits.groupby("customer_id")["started_at"].max()) / pd.Timedelta(days=1)
    return table.assign(visit_recency=last).fillna(
        {"recency": 999, "frequency": 0, "monetary": 0, "visit_recency": 999}
    )


def with_noise(store, cut_off):
    """The same and thirty columns of seeded noise."""
    table = rfm(store, cut_off)
    drawn = np.random.default_rng(1).normal(size=(len(table), 30))
    names = [f"noise_{i}" for i in range(30)]
    return table.join(pd.DataFrame(drawn, table.index, names))


def target(store, cut_off):
    """Who orders anything in the half-year after the cut-off, of the known customers."""
    window = features.standing(store.purchases, cut_off, cut_off + HALF_YEAR)
    known = known_customers(store, cut_off)
    return pd.Series(known.isin(window["customer_id"]), index=known).astype(int)


def snapshots(store, cut_off):
    """Honest features and the outcome at three cut-offs, the last of them `cut_off`."""
    parts = {}
    for weeks in (0, 13, 26):
        moment = cut_off - pd.Timedelta(weeks=weeks)
        parts[moment] = rfm(store, moment).assign(bought=target(store, moment))
    return pd.concat(parts, names=["cutoff", "customer_id"]).sort_index()
