"""Twenty pipelines without a leak, of which the audit should name nothing."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
from evaluation.audited.leaks import Case, channels
from evaluation.audited.parts import HALF_YEAR, rfm, snapshots, target, with_noise
from imblearn.over_sampling import SMOTE
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder
from sklearn.tree import DecisionTreeClassifier

from helpers import evaluation, features, targets

DAY = pd.Timedelta(days=1)


def course_features(store, cut_off):
    """As by default, the categories said; so that `snapshots` asks for the same again."""
    return features.build(store, cut_off, categories=features.browsed_categories(store, cut_off))


def with_options(store, cut_off):
    engine = ibis.duckdb.connect()
    return features.build(store, cut_off, engine, categories=["home", "toys", "books"])


def rfm_alone(store, cut_off):
    """A customer a row, only those who bought; ids a column."""
    lines = store.purchases
    past = lines[(lines["ordered_at"] < cut_off) & ~(lines["cancelled_at"] < cut_off)]
    grouped = past.groupby("customer_id", as_index=False)
    return grouped.agg(last=("ordered_at", "max"), n=("order_id", "nunique"), m=("amount", "sum"))


def rolling(store, cut_off):
    table, looks = rfm(store, cut_off), store.visits
    for days in (7, 30, 90, 365):
        since = looks["started_at"] >= cut_off - days * DAY
        window = looks[since & (looks["started_at"] < cut_off)]
        counted = window.groupby("customer_id")["visit_id"].nunique()
        table[f"visits_{days}"] = counted.reindex(table.index, fill_value=0)
    return table


def scaled(store, cut_off):
    table = rfm(store, cut_off)
    return (table - table.mean()) / table.std()


def ranked(store, cut_off):
    return rfm(store, cut_off).rank(pct=True).add_prefix("rank_")


def survey(store, cut_off):
    table = rfm(store, cut_off)
    people = store.customers[store.customers["answered_at"] < cut_off].set_index("customer_id")
    return table.join(people[["price_attitude", "favorite_category", "answered_at"]])


def campaigns(store, cut_off):
    sent = store.campaigns[store.campaigns["assigned_at"] < cut_off]
    known = sent[sent["recorded_at"] < cut_off]
    mailed = sent.groupby("customer_id").size()
    return rfm(store, cut_off).assign(
        mailed=mailed, redeemed=known.groupby("customer_id")["converted"].sum()
    )


def clicks(store, cut_off):
    told = store.impressions[store.impressions["recorded_at"] < cut_off]
    rate = told.groupby("customer_id")["clicked"].mean()
    return rfm(store, cut_off).assign(click_rate=rate, shown=told["customer_id"].value_counts())


def calendar(store, cut_off):
    table = rfm(store, cut_off)
    people = store.customers.set_index("customer_id")["signed_up_at"].reindex(table.index)
    past = features.standing(store.purchases, None, cut_off)
    weekend = (past["ordered_at"].dt.day_of_week >= 5).groupby(past["customer_id"]).mean()
    december = (past["ordered_at"].dt.month == 12).groupby(past["customer_id"]).sum()
    table = table.assign(signed_up=people, year=people.dt.year, cohort=people.dt.strftime("%Y-%m"))
    return table.assign(weekend=weekend, december=december, quarter=people.dt.quarter)


def clusters(store, cut_off):
    table = rfm(store, cut_off)
    scaled = StandardScaler().fit_transform(np.log1p(table))
    return table.assign(group=KMeans(4, random_state=0, n_init=3).fit_predict(scaled))


def one_hot(store, cut_off):
    table = rfm(store, cut_off)
    people = store.customers[store.customers["signed_up_at"] < cut_off].set_index("customer_id")
    columns = people[["region", "age_band", "acquisition_channel"]].reindex(table.index)
    years = people["signed_up_at"].dt.year.reindex(table.index).astype("Int64").rename("year")
    return table.join(pd.get_dummies(columns)).join(pd.get_dummies(years, prefix="joined"))


def popularity(store, cut_off):
    past = store.purchases[store.purchases["ordered_at"] < cut_off]
    buyers = past.groupby("subcategory")["customer_id"].nunique()
    last = past.sort_values(["ordered_at", "order_id", "subcategory"]).groupby("customer_id")
    return rfm(store, cut_off).assign(popularity=last["subcategory"].last().map(buyers))


def seeded_sample(store, cut_off):
    """Three visits of each customer, drawn with a seed."""
    past = store.visits[store.visits["started_at"] < cut_off]
    drawn = past.sample(frac=1, random_state=0).groupby("customer_id").head(3)
    return rfm(store, cut_off).assign(looked=drawn.groupby("customer_id")["seconds"].mean())


def prepare(X, y):
    """Everything learned from the train rows only."""
    X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
    chosen = SelectKBest(k=6).set_output(transform="pandas").fit(X_train, y_train)
    scaler = StandardScaler().set_output(transform="pandas").fit(chosen.transform(X_train))
    parts = [scaler.transform(chosen.transform(part)) for part in (X_train, X_test)]
    return *parts, y_train, y_test


def balanced_after(X, y):
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    X_train, y_train = SMOTE(random_state=0).fit_resample(X_train, y_train)
    return X_train, X_test, y_train, y_test


def in_time(frame):
    last = frame.index.get_level_values("cutoff").max()
    return evaluation.time_split(frame, last, "182D")


def cross_validated(X, y):
    tree = DecisionTreeClassifier(max_depth=4, random_state=0)
    return cross_val_score(tree, X, y, cv=5, scoring="roc_auc").mean()


def course_snapshots(store, cut_off):
    moments = [cut_off - HALF_YEAR, cut_off]
    return targets.snapshots(store, moments, HALF_YEAR)


ENCODER = make_pipeline(
    make_column_transformer((TargetEncoder(), ["channel"]), remainder="passthrough"),
    LogisticRegression(max_iter=500),
)
COURSE = ["future_bought", "future_orders", "future_revenue", "high_value", "newly_high_value"]
OUTCOME = {"target": target}
FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)

CLEAN = [
    Case("the course's features", course_features),
    Case("the course's features, all options", with_options),
    Case("RFM by pandas", rfm_alone),
    Case("rolling windows", rolling),
    Case("scaled by the known customers", scaled),
    Case("ranks among the known", ranked),
    Case("survey once answered", survey),
    Case("campaigns once recorded", campaigns),
    Case("clicks once recorded", clicks),
    Case("calendar", calendar),
    Case("clusters with a seed", clusters),
    Case("one-hot columns", one_hot),
    Case("popularity in the past", popularity),
    Case("a seeded sample of visits", seeded_sample),
    Case(
        "seeded noise, cross-validated", with_noise, given={**OUTCOME, "evaluate": cross_validated}
    ),
    Case(
        "target encoding in the pipeline",
        channels,
        given={**OUTCOME, "model": ENCODER, "split": FOLDS},
    ),
    Case(
        "chosen and scaled on train",
        with_noise,
        given={**OUTCOME, "split": prepare, "model": LogisticRegression()},
    ),
    Case(
        "SMOTE after the split",
        rfm,
        given={**OUTCOME, "split": balanced_after, "model": LogisticRegression(max_iter=500)},
    ),
    Case(
        "snapshots, whole customers in a fold",
        snapshots,
        given={
            "target": "bought",
            "split": GroupKFold(3),
            "model": LogisticRegression(max_iter=500),
            "horizon": "182D",
        },
    ),
    Case(
        "the course's snapshots, split in time",
        course_snapshots,
        given={"target": COURSE, "split": in_time, "horizon": "182D"},
    ),
]
assert len(CLEAN) == 20
