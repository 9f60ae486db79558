"""c15: the hybrid of what is known at sign-up and of behavior beats each part; its gain fades.

On known truth: the log-loss of the next visit's category for new customers, by the number of visits
seen since the sign-up, on new simulated shops; the true taste is the ceiling. The parts: the prior
(demographics, survey, context of the sign-up visit) alone, and behavior alone (counts, the sign-up
visit among them, shrunk toward popularity). Beside them a classifier trained on histories cut to
the same lengths, and four popular moves ("missing as random": trained on those who answered, gaps
filled with the most frequent answer). On real households: the AUC of the top fifth by spend, out of
fold.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import cold_start, evaluation
from helpers.course import studies
from helpers.course.studies import newcomers

CLAIM = "a hybrid of sign-up data and behavior beats each part; its gain fades with the events seen"
EXPECTED = (
    "below both parts from 1 event on, never above the better one; less to gain the more events"
)
CHAPTER = "04"
SEEDS = range(30)
CUSTOMERS = 8_000
SWITCH = 5  # events after which the popular rule goes from the prior to behavior
ARMS = [
    "popularity",
    "prior",
    "behavior",
    "hybrid",
    "classifier",
    "hard switch",
    "constant average",
    "trained on warm",
    "missing as random",
    "oracle",
]


def metric(events: int) -> str:
    """The name of the log-loss after so many events."""
    return f"log-loss, {events} events"


def predictions(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """P(next category) (n, K) of every arm but the oracle."""
    hybrid = cold_start.Hybrid().fit(train)
    answerers = train[train["answered"]]
    usual = answerers[cold_start.GROUPS["survey"]].mode().iloc[0].to_dict()
    prior, behavior = hybrid.prior(test), cold_start.Hybrid([]).fit(train).predict_proba(test)
    cold = test["events"].to_numpy()[:, None] < SWITCH
    return {
        "popularity": np.tile(hybrid.popularity_, (len(test), 1)),
        "prior": prior,
        "behavior": behavior,
        "hybrid": hybrid.predict_proba(test),
        "classifier": cold_start.MaskedClassifier().fit(train).predict_proba(test),
        "hard switch": np.where(cold, prior, behavior),
        "constant average": (prior + behavior) / 2,
        "trained on warm": cold_start.MaskedClassifier(shortest=10).fit(train).predict_proba(test),
        "missing as random": cold_start.Hybrid().fit(answerers).predict_proba(test.fillna(usual)),
    }


def run(seed: int) -> dict:
    with threadpool_limits(limits=1):
        world = newcomers.world(CUSTOMERS, seed)
        found = predictions(world.train, world.test) | {"oracle": world.taste_of(world.test)}
        curve = cold_start.warm_up(world.test, found)
        result = newcomers.household_rows(seed)
    for row in curve.itertuples():
        result["simulated shop", row.model, metric(row.events)] = row.estimate
    return result


def losses(rows: pd.DataFrame, arm: str) -> dict[int, np.ndarray]:
    """The log-loss of an arm over the seeds by number of events."""
    return {n: studies.values(rows, "simulated shop", arm, metric(n)) for n in cold_start.LENGTHS}


def against(rows: pd.DataFrame, other: str, arm: str = "hybrid") -> dict[int, evaluation.Interval]:
    """The paired difference in log-loss of `arm` to `other` by number of events; below 0:
    better."""
    mine, theirs = losses(rows, arm), losses(rows, other)
    return {n: evaluation.mean_interval(mine[n] - theirs[n]) for n in cold_start.LENGTHS}


def against_the_better(rows: pd.DataFrame) -> dict[int, tuple[str, evaluation.Interval]]:
    """By number of events, the better part (by the mean over the seeds) and the hybrid's
    difference."""
    result = {}
    for n in cold_start.LENGTHS:
        better = min(("prior", "behavior"), key=lambda part: losses(rows, part)[n].mean())
        result[n] = (better, against(rows, better)[n])
    return result


def real(rows: pd.DataFrame, arm: str, other: str, baskets: int) -> evaluation.Interval:
    """The paired difference in AUC between two arms; demographics know of no basket."""
    values = [
        studies.values(
            rows, studies.REAL, a, f"AUC, {0 if a == 'demographics' else baskets} baskets"
        )
        for a in (arm, other)
    ]
    return evaluation.bootstrap_interval(values[0] - values[1])


def finding(rows: pd.DataFrame) -> studies.Finding:
    better = against_the_better(rows)
    gain = {n: losses(rows, "behavior")[n] - losses(rows, "hybrid")[n] for n in cold_start.LENGTHS}
    fades = evaluation.mean_interval(gain[0] - gain[20])
    ceiling = {
        n: losses(rows, "behavior")[n] - losses(rows, "oracle")[n] for n in cold_start.LENGTHS
    }
    beats = all(found.high < 0 for n, (_, found) in better.items() if n > 0)
    never_worse = all(found.low <= 0 for _, found in better.values())
    known = "log-loss of the hybrid less that of the better part: " + "; ".join(
        f"after {n} {found.text(3, signed=True)}" for n, (_, found) in better.items() if n > 0
    )
    known += f" (at 0 it is the prior); gain over behavior {gain[0].mean():.3f} at 0 and "
    known += (
        f"{gain[20].mean():.3f} at 20, fading by {fades.text(3, signed=True)}; the oracle leaves "
    )
    known += f"{ceiling[0].mean():.2f} and {ceiling[20].mean():.2f} to gain"
    found = {
        k: (real(rows, "both", "baskets", k), real(rows, "both", "demographics", k))
        for k in newcomers.BASKETS
    }
    alone = studies.values(rows, studies.REAL, "demographics", "AUC, 0 baskets")
    told = (
        "AUC of the top fifth by spend: demographics alone "
        f"{evaluation.bootstrap_interval(alone).text()}; "
    )
    told += "both less baskets alone: " + "; ".join(
        f"after {k} {b.text(3, signed=True)}" for k, (b, _) in found.items()
    )
    told += "; both less demographics alone: " + "; ".join(
        f"after {k} {d.text(3, signed=True)}" for k, (_, d) in found.items()
    )
    real_ok = all(b.high >= 0 for b, _ in found.values())
    whole = beats and never_worse and fades.low > 0 and real_ok
    return studies.Finding(known, told, "yes" if whole else "partly" if never_worse else "no")
