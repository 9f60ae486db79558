"""c17: who is likely to order, or to leave, is not who can be moved.

A shop mails its randomized voucher, learns from one half of the customers, and picks a fifth of the
other half by each score. What a pick brings is the true effect of the voucher on each customer's
chance of an order. (That risk is the wrong target: Ascarza 2018, in two field experiments.)
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from helpers import experiments, features, models
from helpers.course import studies
from helpers.course.studies import vouchers

CLAIM = "the chance of an order (propensity to buy) and the risk of leaving are not uplift"
EXPECTED = "uplift learners above propensity, propensity above random, churn risk next to nothing"
KIND = "test"
CHAPTER = "06"
SEEDS = range(6000, 6030)
WORLD, METRIC = "simulated shop", "incremental orders per 1,000 targeted"
ARMS = ["random", "propensity", "churn risk", "T-learner", "DR-learner", "oracle"]
NAMES = {"propensity": "likeliest buyers", "churn risk": "likeliest to leave"}
CONTRASTS = {
    WORLD: studies.Contrast(
        f"{METRIC}, T-learner minus likeliest buyers",
        studies.minus(WORLD, "T-learner", "propensity", METRIC),
        above=2.0,
        form="+.1f",
    ),
}
WAS = "yes"
HISTORY = (
    "The expectation that churn risk brings next to nothing was written after rows of seeds 0"
    " to 29 had shown it; so were the one contrast and its margin, a tenth of what a random "
    "fifth brings. Since then new worlds were drawn: the rows are those of seeds 6000 to "
    "6029.",
)


def churn_risk(made: vouchers.Campaign) -> np.ndarray:
    """P(no visit within 56 days) of the customers to judge, learned in the window before."""
    begin, end = pd.Timestamp(vouchers.BEFORE), pd.Timestamp(vouchers.START)
    visits = made.store.tables["visits"]
    year = visits["started_at"].between(begin - pd.Timedelta("364D"), begin, inclusive="left")
    came = visits["started_at"].between(begin, end, inclusive="left")
    X = features.build(made.store, vouchers.BEFORE)
    seen, back = (visits.loc[when, "customer_id"].unique() for when in (year, came))
    X = X[X.index.isin(seen) & ~X.index.isin(made.rows.index[~made.learn])]
    gone = ~X.index.isin(back)
    columns = X.columns.intersection(made.X.columns, sort=False)
    model = models.model("logistic regression").fit(X[columns], gone.astype(int))
    return model.predict_proba(made.X.loc[~made.learn, columns])[:, 1]


def run(seed: int) -> dict:
    made = vouchers.campaign(seed)
    learn, judge = made.learn, ~made.learn
    orders, treated = made.rows["converted"].to_numpy(), made.rows["treated"].to_numpy()
    with threadpool_limits(limits=1):
        buys = models.model("logistic regression")
        two = experiments.TLearner(buys).fit(made.X[learn], orders[learn], treated[learn])
        robust = experiments.DRLearner(
            buys, make_pipeline(models.prepare("log"), Ridge(1_000)), folds=3
        )
        robust.fit(made.X[learn], orders[learn], treated[learn])
        scores = {
            "propensity": two.predict_arms(made.X[judge])[1],
            "churn risk": churn_risk(made),
            "T-learner": two.predict(made.X[judge]),
            "DR-learner": robust.predict(made.X[judge]),
        }
    uplift = made.rows.loc[judge, "uplift"].to_numpy(dtype=float)
    scores["oracle"] = uplift
    found = {name: uplift[vouchers.top(score)].mean() for name, score in scores.items()}
    found["random"] = uplift.mean()
    return {(WORLD, name, METRIC): 1_000 * found[name] for name in ARMS}


def finding(rows: pd.DataFrame) -> studies.Finding:
    brings, known = {}, []
    for arm in ARMS:
        brings[arm] = studies.interval(rows, WORLD, arm, METRIC)
        known.append(studies.Figure(f"{METRIC}, {NAMES.get(arm, arm)}", brings[arm], ".1f"))
    for arm in ("T-learner", "DR-learner"):
        gain = studies.interval(rows, WORLD, arm, METRIC, less="propensity")
        known.append(studies.Figure(f"{arm} minus {NAMES['propensity']}", gain, "+.1f"))
    return studies.Finding(
        "uplift brings {} more orders per 1,000 than likely buyers",
        CONTRASTS[WORLD].figure(rows)._replace(form=".1f"),
        known,
    )
