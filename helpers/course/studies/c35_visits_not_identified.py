"""c35: looks beat spend as long as visits can be tied to a customer.

Who, of the buyers, buys again in the next half-year? A logistic regression learns half a year
earlier, from purchases alone (recency, frequency, monetary, rate, tenure) or from every feature,
visits among them. The knob is the share of visits that consent and cookies leave identified; the
orders are all there. Beside it what CUPED gains on visits: ρ² of a customer's visits in 8 weeks
with those of the 13 weeks before.
"""

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from helpers import features, lifetime, models, simulator
from helpers.course import studies
from helpers.shop import Shop

CLAIM = "models on visits lose their lead over purchases where half of the visits go unidentified"
KIND = "test"
EXPECTED = (
    "the lead in AUC of every feature over purchases shrinks with each step; with half of the "
    "visits identified less than half of it is left; CUPED's gain on visits shrinks too"
)
CHAPTER = "02"
SEEDS = range(3000, 3030)
CUSTOMERS = 4_000
IDENTIFIED = (1.0, 0.5, 0.25)
LEARN, TEST, HORIZON = "2025-01-01", "2025-07-01", pd.Timedelta("181D")
PURCHASES = ["recency", "frequency", "monetary", "order_rate", "tenure"]
EVERY, FEW = "every feature", "purchases"
RHO = "ρ² of visits"


def world(identified: float) -> str:
    """The name of the world in which this share of the visits is identified."""
    return f"{identified:.0%} of visits identified"


def lead(identified: float) -> dict:
    """The terms of the lead in AUC of every feature over purchases."""
    return studies.minus(world(identified), EVERY, FEW, "AUC")


CONTRASTS = {
    "simulated shop": studies.Contrast(
        "lead in AUC with 50% of visits identified, minus half of the lead with all",
        studies.total(lead(0.5), studies.total(lead(1.0), weight=-0.5)),
        below=0.0,
    ),
}
HISTORY = ()


def areas(store: Shop) -> dict[str, float]:
    """AUC of buying again, by what the model knows."""
    early, late = (features.build(store, day).query("frequency > 0") for day in (LEARN, TEST))
    again = [
        lifetime.purchases_after(store, pd.Timestamp(day), HORIZON) > 0 for day in (LEARN, TEST)
    ]
    every = [name for name in late if name in early and early[name].notna().any()]
    found = {}
    for arm, columns in ((FEW, PURCHASES), (EVERY, every)):
        model = models.model("logistic regression").fit(early[columns], again[0])
        found[arm] = roc_auc_score(again[1], model.predict_proba(late[columns])[:, 1])
    return found


def rho_squared(store: Shop) -> float:
    """ρ² of visits in the 56 days from the test cut-off with those of the 91 days before, of the
    customers seen in the year before."""
    start = pd.Timestamp(TEST)
    visits = store.tables["visits"].drop_duplicates("visit_id")

    def count(begin: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
        inside = visits["started_at"].between(begin, end, inclusive="left")
        return visits.loc[inside, "customer_id"].value_counts()

    active = count(start - pd.Timedelta("364D"), start).index
    before = count(start - pd.Timedelta("91D"), start).reindex(active, fill_value=0)
    after = count(start, start + pd.Timedelta("56D")).reindex(active, fill_value=0)
    return float(np.corrcoef(before, after)[0, 1] ** 2)


def run(seed: int) -> dict:
    result = {}
    for identified in IDENTIFIED:
        knobs = simulator.Knobs(identified=identified)
        store, _ = simulator.simulate(CUSTOMERS, seed, knobs=knobs)
        with threadpool_limits(limits=1):
            for arm, area in areas(store).items():
                result[world(identified), arm, "AUC"] = area
        result[world(identified), "visits", RHO] = rho_squared(store)
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    few = studies.interval(rows, world(1.0), FEW, "AUC")
    known.append(studies.Figure(f"AUC, {FEW}", few))
    leads = {}
    for identified in IDENTIFIED:
        leads[identified] = studies.interval(rows, world(identified), EVERY, "AUC", less=FEW)
        what = f"AUC, {EVERY} minus {FEW}, {world(identified)}"
        known.append(studies.Figure(what, leads[identified], "+.3f"))
    for identified in IDENTIFIED:
        found = studies.interval(rows, world(identified), "visits", RHO)
        known.append(studies.Figure(f"{RHO}, {world(identified)}", found))
    return studies.Finding(
        "with half of the visits, looks still lead by {} of AUC",
        studies.Figure(f"AUC, {EVERY} minus {FEW}, {world(0.5)}", leads[0.5], "+.3f"),
        known,
    )
