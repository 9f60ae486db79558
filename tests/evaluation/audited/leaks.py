"""Twenty pipelines, each with a leak of another kind, and what the audit should name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from evaluation.audited.parts import CUT_OFF, HALF_YEAR, STORE, rfm, snapshots, target, with_noise
from imblearn.over_sampling import SMOTE
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True)
class Case:
    """A pipeline: what the audit is given, and what it should name: nothing if it is clean."""

    name: str
    build: Any
    named: set[str] = field(default_factory=set)
    given: dict[str, Any] = field(default_factory=dict)


def future_orders(store, cut_off):
    table = rfm(store, cut_off)
    return table.assign(orders=store.purchases["customer_id"].value_counts().reindex(table.index))


def later_cancellations(store, cut_off):
    lines = store.purchases
    kept = lines[(lines["ordered_at"] < cut_off) & lines["cancelled_at"].isna()]
    return rfm(store, cut_off).assign(kept=kept.groupby("customer_id")["amount"].sum())


def whole_log_scaler(store, cut_off):
    table, totals = rfm(store, cut_off), store.purchases.groupby("customer_id")["amount"].sum()
    return table.assign(scaled=(table["monetary"] - totals.mean()) / totals.std())


def lifetime_total(store, cut_off):
    """Joined from a table that was made earlier, from the whole log."""
    table = rfm(store, cut_off)
    return table.assign(lifetime=LIFETIME.reindex(table.index))


def last_order_of_all(store, cut_off):
    last = store.purchases.groupby("customer_id")["ordered_at"].max()
    days = (cut_off - last) / pd.Timedelta(days=1)
    table = rfm(store, cut_off)
    return table.assign(recency=days.clip(lower=0).reindex(table.index))


def rank_among_all(store, cut_off):
    table, lines = rfm(store, cut_off), store.purchases
    past = lines["amount"].where(lines["ordered_at"] < cut_off, 0)
    spent = past.groupby(lines["customer_id"]).sum()
    return table.assign(place=spent.rank(ascending=True).reindex(table.index))


def campaign_outcome(store, cut_off):
    mailed = store.campaigns[store.campaigns["assigned_at"] < cut_off]
    return rfm(store, cut_off).assign(voucher=mailed.groupby("customer_id")["revenue"].sum())


def survey_answer(store, cut_off):
    people = store.customers[store.customers["signed_up_at"] < cut_off].set_index("customer_id")
    return rfm(store, cut_off).join(people["price_attitude"])


def number_of_id(store, cut_off):
    table = rfm(store, cut_off)
    return table.assign(number=[int(name[1:]) for name in table.index])


def line_in_file(store, cut_off):
    table = rfm(store, cut_off)
    lines = store.customers.reset_index().set_index("customer_id")["index"]
    return table.assign(line=lines.reindex(table.index))


def written_date(store, cut_off):
    table, looks = rfm(store, cut_off), store.visits
    early = looks[looks["started_at"] < pd.Timestamp(CUT_OFF)]
    return table.assign(looks=early["customer_id"].value_counts().reindex(table.index))


def visits_at_the_instant(store, cut_off):
    table, looks = rfm(store, cut_off), store.visits
    seen = looks[looks["started_at"] <= cut_off]
    return table.assign(looks=seen["customer_id"].value_counts().reindex(table.index))


def target_renamed(store, cut_off):
    table, lines = rfm(store, cut_off), store.purchases
    window = lines[lines["ordered_at"].between(cut_off, cut_off + HALF_YEAR)]
    points = window.groupby("customer_id")["amount"].sum().reindex(table.index, fill_value=0)
    return table.assign(loyalty_points=points // 10)


def future_popularity(store, cut_off):
    lines = store.purchases
    buyers = lines.groupby("subcategory")["customer_id"].nunique()
    past = lines[lines["ordered_at"] < cut_off].sort_values(["ordered_at", "order_id"])
    last = past.groupby("customer_id")["subcategory"].last()
    return rfm(store, cut_off).assign(popularity=last.map(buyers))


def encode_on_all(X, y):
    X = X.assign(channel=y.groupby(X["channel"]).transform("mean"))
    return train_test_split(X, y, random_state=0)


def smote_before(X, y):
    X, y = SMOTE(random_state=0).fit_resample(X, y)
    return train_test_split(X, y, random_state=0)


def select_on_all(X, y):
    chosen = X.columns[SelectKBest(k=10).fit(X, y).get_support()]
    return train_test_split(X[chosen], y, random_state=0)


def scale_on_test(X, y):
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    parts = [
        pd.DataFrame(StandardScaler().fit_transform(part), part.index, part.columns)
        for part in (X_train, X_test)
    ]
    return *parts, y_train, y_test


def doubled(X, y):
    """A join that doubled a fifth of the rows, then an index of its own."""
    again = X.index[::5]
    X, y = pd.concat([X, X.loc[again]]), pd.concat([y, y.loc[again]])
    parts = train_test_split(X, y, random_state=0)
    return [part.reset_index(drop=True) for part in parts]


def channels(store, cut_off):
    table = rfm(store, cut_off)
    people = store.customers.set_index("customer_id")
    return table.assign(channel=people["acquisition_channel"].reindex(table.index).fillna("none"))


LIFETIME = STORE.purchases.groupby("customer_id")["amount"].sum()
OUTCOME = {"target": target}
RFM = {"recency", "frequency", "monetary", "visit_recency"}

LEAKS = [
    Case("future orders counted", future_orders, {"orders"}),
    Case("cancellations known later", later_cancellations, {"kept"}),
    Case("scaler fitted on the whole log", whole_log_scaler, {"scaled"}),
    Case("lifetime total from elsewhere", lifetime_total, {"lifetime"}),
    Case("last order of the whole log", last_order_of_all, {"recency"}),
    Case("rank among all, also future ones", rank_among_all, {"place"}),
    Case("campaign outcome before recorded", campaign_outcome, {"voucher"}),
    Case("survey before answered", survey_answer, {"price_attitude"}),
    Case("id as a proxy for time", number_of_id, {"number"}),
    Case("line in the file", line_in_file, {"line"}),
    Case("date written into the code", written_date, {"looks"}),
    Case("visits at the cut-off's instant", visits_at_the_instant, {"looks"}),
    Case("target under another name", target_renamed, {"loyalty_points"}),
    Case("popularity in the future", future_popularity, {"popularity"}),
    Case(
        "rows of one customer on both sides",
        snapshots,
        {"split"},
        {"target": "bought", "split": KFold(5, shuffle=True, random_state=0)},
    ),
    Case("target encoding on all rows", channels, {"channel"}, {**OUTCOME, "split": encode_on_all}),
    Case("copies across the split", rfm, {"split"}, {**OUTCOME, "split": doubled}),
    Case("SMOTE before the split", rfm, {"split"}, {**OUTCOME, "split": smote_before}),
    Case("features chosen on all rows", with_noise, {"split"}, {**OUTCOME, "split": select_on_all}),
    Case("scaler fitted on the test rows", rfm, RFM, {**OUTCOME, "split": scale_on_test}),
]
assert len(LEAKS) == 20 and np.unique([case.name for case in LEAKS]).size == 20
