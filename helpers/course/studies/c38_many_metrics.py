"""c38: many metrics and segments without correction against one primary metric.

The customers of a simulated shop are put into two arms that get the same, 400 times, and compared
after eight weeks by 1 metric (an order or none: the primary one), by 5, by 20, and by 20 in each of
the five channels they came by (the knob: how many tests). How often is anything "significant"? Then
an effect on the primary metric alone is added, as large as a test of it alone finds in 80 % of the
experiments: how often is it found?
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers import experiments, features, simulator
from helpers.course import studies
from helpers.shop import Shop

CLAIM = (
    "many metrics without correction alarm where there is nothing; one primary metric does not, "
    "and Holm's correction mends it at a price in power"
)
KIND = "demonstration"
EXPECTED = (
    "A/A tests with 20 metrics alarm in more than 20 % (fewer than the 64 % of independent ones), "
    "by channel in more than half; the primary metric in 5 %; with Holm's correction in at most "
    "6 %, and the effect on the primary metric is then found in fewer than 60 %"
)
CHAPTER = "06"
SEEDS = range(3000, 3030)
CUSTOMERS, SPLITS = 8_000, 400
START, DAYS = pd.Timestamp("2025-07-01"), 56
WORLD, LEVEL = "simulated shop", 0.05
ALARMS, FOUND = "share of A/A tests with an alarm", "share of effects on the primary metric found"
ONE, FIVE, TWENTY = "1 metric", "5 metrics", "20 metrics"
SEGMENTS = "20 metrics in 5 channels"
FAMILIES = (ONE, FIVE, TWENTY, SEGMENTS)
PLAIN, HOLM = "uncorrected", "Holm"
CONTRASTS = {
    "without correction": studies.Contrast(
        f"{ALARMS}, {TWENTY}, {PLAIN}",
        studies.alone(WORLD, f"{TWENTY}, {PLAIN}", ALARMS),
        above=0.20,
        form=".3f",
    ),
    "with Holm's": studies.Contrast(
        f"{ALARMS}, {TWENTY}, {HOLM}",
        studies.alone(WORLD, f"{TWENTY}, {HOLM}", ALARMS),
        below=0.06,
        form=".3f",
    ),
}
HISTORY = ()


def metrics(store: Shop) -> tuple[np.ndarray, np.ndarray]:
    """Twenty metrics (n, 20) of the customers seen in the year before, the primary one first, and
    the channel of each (n,)."""
    end = START + pd.Timedelta(DAYS, "D")
    looks = store.tables["visits"]
    year = looks["started_at"].between(START - pd.Timedelta("365D"), START, inclusive="left")
    who = pd.Index(sorted(looks.loc[year, "customer_id"].unique()))
    looks = looks[looks["started_at"].between(START, end, inclusive="left")]
    visits = looks.drop_duplicates("visit_id")
    lines = features.standing(store.purchases, START, end)
    orders = lines.groupby(["customer_id", "order_id"], as_index=False)["amount"].sum()

    def counted(values: pd.Series) -> pd.Series:
        return values.groupby(level=0).sum()

    by_customer = visits.set_index("customer_id")
    columns = {
        "orders": orders["customer_id"].value_counts(),
        "revenue": orders.groupby("customer_id")["amount"].sum(),
        "visits": visits["customer_id"].value_counts(),
        "carts": looks[looks["added_to_cart"]].groupby("customer_id")["visit_id"].nunique(),
        "items": lines.groupby("customer_id")["quantity"].sum(),
        "largest order": orders.groupby("customer_id")["amount"].max(),
        "seconds": looks.groupby("customer_id")["seconds"].sum(),
        "looks": looks["customer_id"].value_counts(),
        "mobile visits": counted((by_customer["device"] == "mobile").astype(float)),
        "email visits": counted((by_customer["source"] == "email").astype(float)),
        "search visits": counted((by_customer["source"] == "search").astype(float)),
        "days with a visit": visits["started_at"].dt.date.groupby(visits["customer_id"]).nunique(),
        "categories bought": lines.groupby("customer_id")["category"].nunique(),
    }
    for name in sorted(looks["category"].unique()):
        mine = looks[looks["category"] == name]
        columns[f"seconds on {name}"] = mine.groupby("customer_id")["seconds"].sum()
    table = pd.DataFrame({k: v.reindex(who, fill_value=0) for k, v in columns.items()})
    table.insert(0, "ordered", table["orders"] > 0)
    channel = store.tables["customers"].set_index("customer_id")["acquisition_channel"]
    return table.to_numpy(dtype=float), channel.loc[who].to_numpy()


def p_values(values: np.ndarray, arms: np.ndarray) -> np.ndarray:
    """Two-sided p-values (splits, metrics) of Welch's test, normal: `values` (n, metrics), `arms`
    (n, splits) of bool. Values may be (n, metrics) only: the same in every split."""
    size = arms.sum(axis=0)[:, None]
    total, square = arms.T @ values, arms.T @ values**2
    rest = len(values) - size
    means = total / size, (values.sum(axis=0) - total) / rest
    squares = square / size, ((values**2).sum(axis=0) - square) / rest
    error = np.sqrt(
        (squares[0] - means[0] ** 2) / (size - 1) + (squares[1] - means[1] ** 2) / (rest - 1)
    )
    return 2 * norm.sf(np.abs(means[0] - means[1]) / error)


def holm(p: np.ndarray) -> np.ndarray:
    """Which of m tests (splits, m) Holm's procedure rejects at LEVEL (Holm 1979): the smallest p
    against LEVEL / m, the next against LEVEL / (m - 1), until one is not below."""
    order = np.argsort(p, axis=1)
    bound = LEVEL / (p.shape[1] - np.arange(p.shape[1]))
    below = np.take_along_axis(p, order, axis=1) <= bound
    result = np.empty_like(below)
    np.put_along_axis(result, order, np.logical_and.accumulate(below, axis=1), axis=1)
    return result


def families(values: np.ndarray, channel: np.ndarray, arms: np.ndarray) -> dict[str, np.ndarray]:
    """The p-values (splits, m) of each family of tests, the primary metric's first."""
    p = p_values(values, arms)
    parts = [p_values(values[channel == c], arms[channel == c]) for c in np.unique(channel)]
    return {ONE: p[:, :1], FIVE: p[:, :5], TWENTY: p, SEGMENTS: np.hstack(parts)}


def run(seed: int) -> dict:
    store, _ = simulator.simulate(CUSTOMERS, seed)
    values, channel = metrics(store)
    rng = np.random.default_rng(seed)
    arms = rng.random((len(values), SPLITS)) < 0.5
    result = {}
    for name, p in families(values, channel, arms).items():
        result[WORLD, f"{name}, {PLAIN}", ALARMS] = (p < LEVEL).any(axis=1).mean()
        result[WORLD, f"{name}, {HOLM}", ALARMS] = holm(p).any(axis=1).mean()

    # an effect on the primary metric alone: some of the treated without an order get one
    base = values[:, 0].mean()
    effect = base * experiments.detectable(base, len(values) // 2)
    found: dict[str, list[bool]] = {f"{name}, {HOLM}": [] for name in (ONE, FIVE, TWENTY)}
    plain = p_values(values, arms)
    for split in range(SPLITS):
        ordered = values[:, :1].copy()
        gets = arms[:, split] & (ordered[:, 0] == 0)
        ordered[gets & (rng.random(len(ordered)) < effect / (1 - base))] = 1
        p = plain[[split]].copy()
        p[:, 0] = p_values(ordered, arms[:, [split]])[0]
        for name, m in ((ONE, 1), (FIVE, 5), (TWENTY, 20)):
            found[f"{name}, {HOLM}"].append(bool(holm(p[:, :m])[0, 0]))
    for name, hits in found.items():
        result[WORLD, name, FOUND] = np.mean(hits)
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known, alarms = [], {}
    for way in (PLAIN, HOLM):
        for name in FAMILIES:
            alarms[name, way] = studies.interval(rows, WORLD, f"{name}, {way}", ALARMS)
            known.append(studies.Figure(f"{ALARMS}, {name}, {way}", alarms[name, way], ".3f"))
    for name in (ONE, FIVE, TWENTY):
        found = studies.interval(rows, WORLD, f"{name}, {HOLM}", FOUND)
        known.append(studies.Figure(f"{FOUND}, {name}, {HOLM}", found))
    return studies.Finding(
        "20 metrics without correction alarm in {} of A/A tests",
        studies.Figure(f"{ALARMS}, {TWENTY}, {PLAIN}", alarms[TWENTY, PLAIN], ".0%"),
        known,
    )
