"""c19: a policy can be valued before it runs, from the logged propensities, while they carry it.

The shop recommends by a mixture whose propensities are logged. What would two other policies bring?
"uniform" shows any category; "most viewed" the one that the customer looked at longest so far.
Clicks by category ("naive") and a model of clicks by category and position (the direct method) do
not know to whom things were shown. Then the same question is asked of whole sequences, whose
weights multiply.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from helpers import evaluation, experiments, simulator
from helpers.course import studies

CLAIM = (
    "naive and direct-method values are biased; IPS, SNIPS, DR are not, until the effective sample "
    "size collapses"
)
EXPECTED = (
    "naive and direct off by more than a tenth of the value, the others by less than a fiftieth"
)
CHAPTER = "06"
SEEDS = range(40)
CUSTOMERS = 5_000
POLICIES = ["uniform", "most viewed"]
ARMS = ["naive", "direct", "IPS", "SNIPS", "DR"]
LENGTHS = [1, 3, 9, 30]  # recommendations in a sequence


def most_viewed(visits: pd.DataFrame, shown: pd.DataFrame) -> np.ndarray:
    """Per impression the number of the category looked at longest before that visit, -1 for
    none."""
    names = list(simulator.load_truth("categories")["category"])
    seconds = visits.pivot_table(
        index=["customer_id", "started_at"],
        columns="category",
        values="seconds",
        aggfunc="sum",
        fill_value=0,
    )[names]
    before = seconds.groupby(level="customer_id").cumsum() - seconds
    best = before.to_numpy().argmax(axis=1)
    best = pd.Series(np.where(before.to_numpy().any(axis=1), best, -1), seconds.index, name="best")
    # impressions come some seconds after the visit has started
    found = pd.merge_asof(
        shown[["customer_id", "shown_at"]].reset_index(),
        best.reset_index().sort_values("started_at"),
        left_on="shown_at",
        right_on="started_at",
        by="customer_id",
    )
    return found.set_index("index")["best"].reindex(shown.index).fillna(-1).to_numpy(dtype=int)


def clicks_by_model(shown: pd.DataFrame, category: np.ndarray) -> np.ndarray:
    """P(click) for each category (n, 6) by a logistic regression on category and position, fitted
    to other customers."""
    position = pd.get_dummies(shown["position"]).to_numpy(dtype=float)
    table = np.column_stack([np.eye(6)[category], position])
    chance = np.empty((len(shown), 6))
    for learn, score in GroupKFold(2).split(table, groups=shown["customer_id"]):
        model = LogisticRegression().fit(table[learn], shown["clicked"].to_numpy()[learn])
        for c in range(6):
            other = np.column_stack([np.tile(np.eye(6)[c], (len(score), 1)), position[score]])
            chance[score, c] = model.predict_proba(other)[:, 1]
    return chance


def run(seed: int) -> dict:
    store, truth = simulator.simulate(customers=CUSTOMERS, seed=seed)
    names = list(truth["categories"]["category"])
    shown = store.tables["impressions"].sort_values("shown_at", kind="stable", ignore_index=True)
    category = pd.Categorical(shown["category"], categories=names).codes.astype(int)
    tastes = truth["customers"].set_index("customer_id")[[f"taste_{name}" for name in names]]
    taste = tastes.loc[shown["customer_id"]].to_numpy(dtype=float)
    chance = simulator.click_probability(taste, shown["position"].to_numpy()[:, None])
    best = most_viewed(store.tables["visits"], shown)
    uniform = np.full((len(shown), 6), 1 / 6)
    wanted = {
        "uniform": uniform,
        "most viewed": np.where(best[:, None] < 0, uniform, np.eye(6)[best]),
    }
    clicked, logged = shown["clicked"].to_numpy(dtype=float), shown["propensity"].to_numpy()
    rates = np.bincount(category, clicked, minlength=6) / np.bincount(category, minlength=6)
    with threadpool_limits(limits=1):
        model = clicks_by_model(shown, category)
    rows = np.arange(len(shown))
    result = {}
    for policy, pi in wanted.items():
        value, mine = (pi * chance).sum(axis=1).mean(), pi[rows, category]
        expected = (pi * model).sum(axis=1)
        who = shown["customer_id"]
        found = {
            "naive": (pi @ rates).mean(),
            "direct": expected.mean(),
            "IPS": experiments.ips(clicked, logged, mine, who).estimate,
            "SNIPS": experiments.snips(clicked, logged, mine, who).estimate,
            "DR": experiments.doubly_robust(
                clicked, logged, mine, model[rows, category], expected, who
            ).estimate,
        }
        for arm in ARMS:
            result[policy, arm, "relative error"] = found[arm] / value - 1
    weight, value = wanted["most viewed"][rows, category] / logged, wanted["most viewed"] * chance
    return result | sequences(shown["customer_id"], clicked, weight, value.sum(axis=1))


def sequences(who: pd.Series, clicked: np.ndarray, weight: np.ndarray, value: np.ndarray) -> dict:
    """IPS and SNIPS of "most viewed" for the first n recommendations of each customer as one
    action."""
    place = who.groupby(who).cumcount().to_numpy()
    result: dict[tuple[str, str, str], float] = {}
    for length in LENGTHS:
        long = place < length
        table = pd.DataFrame(
            {"clicks": clicked, "log": np.log(np.maximum(weight, 1e-300)), "value": value}
        )
        table = (
            table[long]
            .groupby(who[long])
            .agg(
                clicks=("clicks", "mean"),
                log=("log", "sum"),
                value=("value", "mean"),
                size=("value", "size"),
            )
        )
        table = table[table["size"] == length]
        product = np.exp(table["log"].to_numpy())
        true, reward = table["value"].mean(), table["clicks"].to_numpy()
        name = f"most viewed, {length} at once"
        result[name, "IPS", "sequences"] = len(table)
        result[name, "IPS", "effective sequences"] = experiments.effective_size(product)
        result[name, "IPS", "relative error"] = np.mean(product * reward) / true - 1
        snips = (product @ reward) / product.sum() if product.any() else 0.0
        result[name, "SNIPS", "relative error"] = snips / true - 1
    return result


def sequences_worth(rows: pd.DataFrame, length: int, metric: str) -> evaluation.Interval:
    """The mean of a metric over the seeds, of sequences of a length."""
    return studies.interval(rows, f"most viewed, {length} at once", "IPS", metric)


def typical(rows: pd.DataFrame, length: int) -> evaluation.Interval:
    """Root mean square of the relative error of SNIPS."""
    error = studies.values(rows, f"most viewed, {length} at once", "SNIPS", "relative error")
    mean, low, high = evaluation.mean_interval(error**2)
    return evaluation.Interval(mean**0.5, max(low, 0) ** 0.5, high**0.5)


def finding(rows: pd.DataFrame) -> studies.Finding:
    known, biased, fair = [], [], []
    for policy in POLICIES:
        for arm in ARMS:
            error = studies.interval(rows, policy, arm, "relative error")
            known.append(studies.Figure(f"relative error, {policy}, {arm}", error, "+.1%"))
            if arm in ("naive", "direct"):
                biased.append(error.low > 0.1 or error.high < -0.1)
            else:
                fair.append(-0.02 < error.low and error.high < 0.02)
    for length in LENGTHS:
        found = sequences_worth(rows, length, "sequences")
        effective = sequences_worth(rows, length, "effective sequences")
        off = typical(rows, length)
        known += [
            studies.Figure(f"{length} shown as one action: sequences", found, ",.0f"),
            studies.Figure(f"{length} shown as one action: worth", effective, ",.0f"),
            studies.Figure(f"{length} shown as one action: typical error of SNIPS", off, ".0%"),
        ]
    shortest, longest = typical(rows, LENGTHS[0]), typical(rows, LENGTHS[-1])
    good = [all(biased), all(fair), longest.estimate > 5 * shortest.estimate]
    naive = studies.interval(rows, "uniform", "naive", "relative error")
    return studies.Finding(
        "naive click rates put a uniform policy {} too high",
        studies.Figure("relative error, uniform, naive", naive, ".0%"),
        studies.verdict(all(good), any(good)),
        known,
        note="Relative error of the value of a policy. Worth: the effective number of sequences.",
    )
