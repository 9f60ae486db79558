"""c19: a policy can be valued before it runs, from the logged propensities, while they carry it.

The shop recommends by a mixture whose propensities are logged. What would two other policies bring?
"uniform" shows any category; "most viewed" the one that the customer looked at longest so far;
"stated favorite" that of the survey, and what is popular where it was not answered. The first two
are parts of the logging mixture, or nearly; the third is none. Clicks by category ("naive") and a
model of clicks by category and position ("direct") do not know to whom things were shown; "direct,
customer" knows what the customer looked at and said, too. Then the same question is asked of whole
sequences, whose weights multiply. That weights by the propensity are right on average is a theorem;
what could fail is that a fair direct method is off.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from helpers import evaluation, experiments, simulator
from helpers.course import studies
from helpers.simulator import world

CLAIM = (
    "naive and direct-method values are biased; IPS, SNIPS, DR are not, until the effective sample "
    "size collapses"
)
EXPECTED = (
    "a direct method that knows the customer is still off by more than a twentieth of the value, "
    "for a target outside the logging mixture as well; IPS, SNIPS and DR by less than a fiftieth"
)
KIND = "test"
CHAPTER = "06"
SEEDS = range(2000, 2040)
CUSTOMERS = 5_000
POLICIES = ["uniform", "most viewed", "stated favorite"]
ARMS = ["naive", "direct", "direct, customer", "IPS", "SNIPS", "DR"]
FAIR = "direct, customer"
ERROR = "relative error"
CONTRASTS = {
    POLICIES[0]: studies.Contrast(
        f"{ERROR} of a direct method that knows the customer",
        studies.alone(POLICIES[0], FAIR, ERROR),
        above=0.05,
        form="+.1%",
    ),
} | {
    policy: studies.Contrast(
        f"{ERROR} of a direct method that knows the customer",
        studies.alone(policy, FAIR, ERROR),
        below=-0.05,
        form="+.1%",
    )
    for policy in POLICIES[1:]
}
WAS = "yes"
HISTORY = (
    "Measured first on seeds 0 to 39, with a direct method that saw category and position alone "
    "and with two targets that were parts of the logging mixture. A fair direct method and a "
    "third target were added, and contrasts and margins named, before seeds 2000 to 2039 were "
    "drawn.",
)
LENGTHS = [1, 3, 9, 30]  # recommendations in a sequence


def viewed(visits: pd.DataFrame, shown: pd.DataFrame) -> np.ndarray:
    """Per impression the seconds for which the customer looked at each category before that visit
    (n, 6)."""
    names = list(simulator.load_truth("categories")["category"])
    seconds = visits.pivot_table(
        index=["customer_id", "started_at"],
        columns="category",
        values="seconds",
        aggfunc="sum",
        fill_value=0,
    )[names]
    before = seconds.groupby(level="customer_id").cumsum() - seconds
    # impressions come some seconds after the visit has started
    found = pd.merge_asof(
        shown[["customer_id", "shown_at"]].reset_index(),
        before.reset_index().sort_values("started_at"),
        left_on="shown_at",
        right_on="started_at",
        by="customer_id",
    )
    return found.set_index("index")[names].reindex(shown.index).fillna(0).to_numpy()


def favorite(people: pd.DataFrame, shown: pd.DataFrame) -> np.ndarray:
    """Per impression the number of the category that the survey had named by then, -1 for none."""
    names = list(simulator.load_truth("categories")["category"])
    told = people.set_index("customer_id").loc[shown["customer_id"]]
    code = pd.Categorical(told["favorite_category"], categories=names).codes.astype(int)
    return np.where(told["answered_at"].to_numpy() < shown["shown_at"].to_numpy(), code, -1)


def clicks_by_model(
    shown: pd.DataFrame, category: np.ndarray, about: np.ndarray | None = None
) -> np.ndarray:
    """P(click) for each category (n, 6) by a logistic regression on category and position, and on
    what is known of the customer `about` each category (n, 6, features), fitted to other
    customers."""
    position = pd.get_dummies(shown["position"]).to_numpy(dtype=float)

    def table(rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """The features of `rows` (m,) if the categories `asked` (m,) were shown."""
        known = [] if about is None else [about[rows, asked]]
        return np.column_stack([np.eye(6)[asked], position[rows], *known])

    chance = np.empty((len(shown), 6))
    for learn, score in GroupKFold(2).split(position, groups=shown["customer_id"]):
        model = LogisticRegression(max_iter=1_000)
        model.fit(table(learn, category[learn]), shown["clicked"].to_numpy()[learn])
        for c in range(6):
            asked = np.full(len(score), c)
            chance[score, c] = model.predict_proba(table(score, asked))[:, 1]
    return chance


def about_customers(seconds: np.ndarray, said: np.ndarray) -> np.ndarray:
    """What is known of the customer about each category (n, 6, 4): the share of the seconds looked
    at it, whether it is the one looked at most, whether it is the stated favorite, and the share if
    there was anything to see (a longer look tells more)."""
    sums = seconds.sum(axis=1, keepdims=True)
    share = np.where(sums > 0, seconds / np.maximum(sums, 1), 1 / 6)
    most = np.eye(6)[seconds.argmax(axis=1)] * (sums > 0)
    favorite = np.where(said[:, None] < 0, 0.0, np.eye(6)[said])
    return np.stack([share, most, favorite, share * np.log1p(sums)], axis=2)


def run(seed: int) -> dict:
    store, truth = simulator.simulate(customers=CUSTOMERS, seed=seed)
    names = list(truth["categories"]["category"])
    shown = store.tables["impressions"].sort_values("shown_at", kind="stable", ignore_index=True)
    category = pd.Categorical(shown["category"], categories=names).codes.astype(int)
    tastes = truth["customers"].set_index("customer_id")[[f"taste_{name}" for name in names]]
    taste = tastes.loc[shown["customer_id"]].to_numpy(dtype=float)
    chance = simulator.click_probability(taste, shown["position"].to_numpy()[:, None])
    seconds = viewed(store.tables["visits"], shown)
    said = favorite(store.tables["customers"], shown)
    uniform = np.full((len(shown), 6), 1 / 6)
    popular = np.tile(world.POPULARITY, (len(shown), 1))
    looked = seconds.sum(axis=1)[:, None] > 0
    wanted = {
        "uniform": uniform,
        "most viewed": np.where(looked, np.eye(6)[seconds.argmax(axis=1)], uniform),
        "stated favorite": np.where(said[:, None] < 0, popular, np.eye(6)[said]),
    }
    clicked, logged = shown["clicked"].to_numpy(dtype=float), shown["propensity"].to_numpy()
    rates = np.bincount(category, clicked, minlength=6) / np.bincount(category, minlength=6)
    with threadpool_limits(limits=1):
        blind = clicks_by_model(shown, category)
        model = clicks_by_model(shown, category, about_customers(seconds, said))
    rows = np.arange(len(shown))
    result = {}
    for policy, pi in wanted.items():
        value, mine = (pi * chance).sum(axis=1).mean(), pi[rows, category]
        expected = (pi * model).sum(axis=1)
        who = shown["customer_id"]
        found = {
            "naive": (pi @ rates).mean(),
            "direct": (pi * blind).sum(axis=1).mean(),
            FAIR: expected.mean(),
            "IPS": experiments.ips(clicked, logged, mine, who).estimate,
            "SNIPS": experiments.snips(clicked, logged, mine, who).estimate,
            "DR": experiments.doubly_robust(
                clicked, logged, mine, model[rows, category], expected, who
            ).estimate,
        }
        for arm in ARMS:
            result[policy, arm, ERROR] = found[arm] / value - 1
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
    known = []
    for policy in POLICIES:
        for arm in ARMS:
            error = studies.interval(rows, policy, arm, "relative error")
            known.append(studies.Figure(f"relative error, {policy}, {arm}", error, "+.1%"))
    for length in LENGTHS:
        found = sequences_worth(rows, length, "sequences")
        effective = sequences_worth(rows, length, "effective sequences")
        off = typical(rows, length)
        known += [
            studies.Figure(f"{length} shown as one action: sequences", found, ",.0f"),
            studies.Figure(f"{length} shown as one action: worth", effective, ",.0f"),
            studies.Figure(f"{length} shown as one action: typical error of SNIPS", off, ".0%"),
        ]
    return studies.Finding(
        "a direct method puts a uniform policy {} too high",
        CONTRASTS[POLICIES[0]].figure(rows)._replace(form=".1%"),
        known,
        note="Relative error of the value of a policy. Worth: the effective number of sequences. "
        "That IPS, SNIPS and DR are right on average is mathematics; the direct method decides.",
    )
