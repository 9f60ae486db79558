"""c34: ranking by revenue and by contribution.

Contribution is the margin of what was bought and kept, less the handling of what came back. The
knob moves both apart: at 0 every category earns 40 % and nothing comes back, at 1 clothes come back
and electronics earn little, at 1.5 all the more. Of the buyers at a cut-off, two models of the same
form, learned half a year earlier on the same columns, foretell the next half-year: one revenue, one
contribution. What does it cost to take the best tenth, or all above a threshold, by revenue? Beside
them two ways to get from the foretold revenue to a contribution: by what the customer looked at,
and, as the ceiling, by the true taste.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from helpers import features, models, simulator
from helpers.course import studies
from helpers.shop import Shop
from helpers.simulator.world import CATEGORIES

CLAIM = "the best customers by revenue are not the best by contribution, and the mistake costs"
KIND = "test"
EXPECTED = (
    "choosing the best tenth by revenue loses more than 2 % of the contribution that choosing by "
    "contribution gets, learned or with the true mix, where clothes come back and electronics earn "
    "little; nothing where margins are equal; a threshold by revenue loses money as well"
)
CHAPTER = "03"
SEEDS = range(3000, 3030)
CUSTOMERS = 6_000
APART = (0.0, 1.0, 1.5)
LEARN, TEST, HORIZON = "2025-01-01", "2025-07-01", pd.Timedelta("181D")
HANDLING = 4.0  # currency, per line that comes back
MEAN_MARGIN = 0.40  # what the rule by revenue takes as the margin of everything
TOP, KEPT, COST = 0.10, 0.25, 4.0  # an offer costs 4 and brings a quarter of the contribution
REVENUE, CONTRIBUTION = "by revenue", "by contribution"
LOOKS, TRUE = "by revenue and looks", "by revenue and the true mix"
OTHERS = (CONTRIBUTION, LOOKS, TRUE)
LOST, BOTH = "contribution lost (of 1)", "share of the best tenth that both choose"
TENTH, OFFERS = "contribution per customer, best tenth", "profit of offers per 1,000"
LEAST = 0.02  # of the contribution: what counts as a cost


def world(apart: float) -> str:
    """The name of the world with margins and returns so far apart."""
    return f"margins and returns {apart:g} apart"


CONTRASTS = {
    name: studies.Contrast(
        f"{LOST} by revenue against {arm}, {world(1.0)}",
        studies.alone(world(1.0), arm, LOST),
        above=LEAST,
        form="+.3f",
    )
    for name, arm in (("learned", CONTRIBUTION), ("mix known", TRUE))
}
HISTORY = ()


def earned(store: Shop, knobs: simulator.Knobs, begin: pd.Timestamp, end: pd.Timestamp):
    """Revenue and contribution by customer of the orders placed in [begin, end), as known at its
    end: columns revenue, contribution."""
    lines = store.purchases
    lines = lines[lines["ordered_at"].between(begin, end, inclusive="left")]
    back = features.canceled_before(lines, end)
    margin = knobs.margin_of(lines["category"].to_numpy()) * lines["amount"]
    table = pd.DataFrame(
        {
            "customer_id": lines["customer_id"],
            "revenue": lines["amount"].where(~back, 0.0),
            "contribution": margin.where(~back, -HANDLING),
        }
    )
    return table.groupby("customer_id").sum()


def known_at(store: Shop, day: str) -> pd.DataFrame:
    """What is known of buyers at a cut-off: orders, spend (in all, by category, lately), days since
    the last order and visit, visits (in all, lately), the share of their lines that came back, and
    the shares of the categories they looked at (share_<category>)."""
    end = pd.Timestamp(day)
    lately, one_day = end - pd.Timedelta("90D"), pd.Timedelta("1D")
    lines = store.purchases[store.purchases["ordered_at"] < end]
    kept = features.standing(store.purchases, None, end)
    orders, recent = (k.groupby("customer_id") for k in (kept, kept[kept["ordered_at"] >= lately]))
    looks = store.tables["visits"]
    looks = looks[looks["started_at"] < end]
    visits = looks.drop_duplicates("visit_id")
    came = visits.groupby("customer_id")["started_at"]
    capped = looks.assign(seconds=looks["seconds"].clip(upper=features.IDLE_SECONDS))
    by_category = {"index": "customer_id", "columns": "category", "aggfunc": "sum"}
    seconds = capped.pivot_table("seconds", **by_category)
    shares = seconds.div(seconds.sum(axis=1), axis=0).add_prefix("share_")
    spend = kept.pivot_table("amount", **by_category)
    X = pd.DataFrame(
        {
            "orders": orders["order_id"].nunique(),
            "spend": orders["amount"].sum(),
            "recency": (end - orders["ordered_at"].max()) / one_day,
        }
    )
    parts = {
        "spend_90": recent["amount"].sum(),
        "visits": came.size(),
        "visits_90": visits[visits["started_at"] >= lately]["customer_id"].value_counts(),
        "visit_recency": (end - came.max()) / one_day,
        "came_back": features.canceled_before(lines, end).groupby(lines["customer_id"]).mean(),
    }
    X = X.join(pd.DataFrame(parts)).join(spend.add_prefix("spend_"))
    return X.join(shares).fillna(0.0)


def foretell(X: pd.DataFrame, y: pd.Series, new: pd.DataFrame) -> np.ndarray:
    """What to expect of new customers (m,): a regression whose mean is the exponential of a sum. It
    takes no loss (a customer who sends everything back): those count as 0, and the mean is set
    right afterwards."""
    gains = y.clip(lower=0)
    model = make_pipeline(models.prepare("log"), PoissonRegressor(alpha=0.1, max_iter=500))
    model.fit(X, gains / gains.mean())
    return model.predict(new) * y.mean()


def rate(mix: np.ndarray, knobs: simulator.Knobs, store: Shop, day: str) -> np.ndarray:
    """Contribution per unit of the revenue kept (n,), of customers who buy the categories in shares
    `mix` (n, 6), at the prices of the lines before a cut-off."""
    lines = store.purchases[store.purchases["ordered_at"] < day]
    price = lines.groupby("category")["amount"].mean()[list(CATEGORIES)].to_numpy()
    back = knobs.return_rates()
    earns = knobs.margin_rates() * (1 - back) - HANDLING * back / price
    return (mix @ earns) / (mix @ (1 - back))


def run(seed: int) -> dict:
    result = {}
    learn, test = pd.Timestamp(LEARN), pd.Timestamp(TEST)
    for apart in APART:
        knobs = simulator.Knobs(returns=apart, margins=apart)
        store, truth = simulator.simulate(CUSTOMERS, seed, knobs=knobs)
        early, late = known_at(store, LEARN), known_at(store, TEST)
        y = earned(store, knobs, learn, learn + HORIZON).reindex(early.index, fill_value=0.0)
        actual = earned(store, knobs, test, test + HORIZON).reindex(late.index, fill_value=0.0)
        gets = actual["contribution"].to_numpy()
        with threadpool_limits(limits=1):
            revenue = foretell(early, y["revenue"], late)
            contribution = foretell(early, y["contribution"], late)
        looks = late[[f"share_{name}" for name in CATEGORIES]].to_numpy()
        taste = truth["customers"].set_index("customer_id").loc[late.index]
        taste = taste[[f"taste_{name}" for name in CATEGORIES]].to_numpy(dtype=float)
        scores = {
            REVENUE: MEAN_MARGIN * revenue,
            CONTRIBUTION: contribution,
            LOOKS: revenue * rate(looks, knobs, store, TEST),
            TRUE: revenue * rate(taste, knobs, store, TEST),
        }
        chosen, offers = {}, {}
        for name, expected in scores.items():
            best = np.argsort(-expected, kind="stable")[: round(TOP * len(expected))]
            chosen[name] = np.isin(np.arange(len(expected)), best)
            offers[name] = KEPT * expected > COST
        for name in scores:
            result[world(apart), name, TENTH] = gets[chosen[name]].mean()
            profit = 1_000 * np.mean((KEPT * gets - COST) * offers[name])
            result[world(apart), name, OFFERS] = profit
            result[world(apart), name, "share offered"] = offers[name].mean()
        for name in OTHERS:
            lost = 1 - gets[chosen[REVENUE]].sum() / gets[chosen[name]].sum()
            result[world(apart), name, LOST] = lost
            result[world(apart), name, BOTH] = chosen[name][chosen[REVENUE]].mean()
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for apart in APART:
        name = world(apart)
        for arm in OTHERS:
            both = studies.interval(rows, name, arm, BOTH)
            known.append(studies.Figure(f"{BOTH}, revenue and {arm}, {name}", both))
            lost = studies.interval(rows, name, arm, LOST)
            what = f"{LOST} by revenue against {arm}, {name}"
            known.append(studies.Figure(what, lost, "+.3f"))
            offers = studies.interval(rows, name, arm, OFFERS, less=REVENUE)
            what = f"{OFFERS}, {arm} minus by revenue, {name}"
            known.append(studies.Figure(what, offers, "+.0f"))
    lost = studies.interval(rows, world(1.0), TRUE, LOST)
    return studies.Finding(
        "the best by revenue bring {} less than with the mix known",
        studies.Figure(f"{LOST} by revenue against {TRUE}, {world(1.0)}", lost, ".1%"),
        known,
        note=(
            f"A line that comes back costs {HANDLING:.0f}; an offer costs {COST:.0f} and brings "
            f"{KEPT:.0%} of the contribution. Margins and rates of return are ours."
        ),
    )
