"""c36: the hybrid and exploration where tastes drift.

The knob is how fast tastes change, per year. First, the hybrid of chapter 04 on new customers of a
simulated shop: the log-loss of the next visit's category by the number of visits seen. A "hybrid
that forgets" counts a visit the less the older it is; its half-life (or none) and its strength are
those with the least log-loss on the customers it learns from. Second, a recommendation a week for a
year: a click follows the taste of the week, the prior click rates by stated favorite come from
randomly shown recommendations to earlier customers, and each customer's own clicks stand on top, as
they are, or forgotten by a tenth a week.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import cold_start, simulator
from helpers.course import studies
from helpers.simulator import population, tastes
from helpers.simulator import world as constants

CLAIM = "where tastes drift, older behavior counts less, and exploration begins to pay"
KIND = "test"
EXPECTED = (
    "after 20 visits a hybrid that forgets is ahead of one that counts all, the more so the faster "
    "tastes change, and not where they stay; over a year of recommendations Thompson sampling "
    "loses more clicks than the greedy rule where tastes stay, and fewer where they change fast"
)
CHAPTER = "04"
SEEDS = range(3000, 3030)
CUSTOMERS, NEWCOMERS = 3_000, 1_000
DRIFTS = (0.0, 1.0, 2.0)
CUTOFF = "2025-01-01"
EVENTS = (1, 5, 20)
HALF_LIVES = (60.0, 180.0, np.inf)  # days
STRENGTHS = (1.0, 2.0, 4.0, 8.0, 16.0)
WEEKS, TAUGHT = 52, 40  # weeks of recommendations; those shown to each earlier customer
FORGET = 0.9  # a week
HYBRID, FORGETS = "hybrid", "hybrid that forgets"
THOMPSON, GREEDY, RANDOM = "Thompson", "greedy", "10 % at random"
LOST = "clicks lost per customer in a year"
K = len(constants.CATEGORIES)


def world(drift: float) -> str:
    """The name of the world in which tastes change so fast."""
    return f"drift {drift:g} a year"


def loss(events: int) -> str:
    """The name of the log-loss after so many visits."""
    return f"log-loss, {events} visits seen"


CONTRASTS = {
    "hybrid": studies.Contrast(
        f"{loss(20)}, {FORGETS} minus {HYBRID}, {world(1.0)}",
        studies.minus(world(1.0), FORGETS, HYBRID, loss(20)),
        below=-0.005,
    ),
    "exploration": studies.Contrast(
        f"{LOST}, {THOMPSON} minus {GREEDY}, {world(2.0)}",
        studies.minus(world(2.0), THOMPSON, GREEDY, LOST),
        below=0.0,
        form="+.2f",
    ),
}
HISTORY = ()


def faded(store, table: pd.DataFrame, half_life: float) -> np.ndarray:
    """The visits seen by category (n, K), each weighing half as much a half-life (days) later;
    those before the moment of each row and after the customer's first."""
    names = cold_start.categories(table)
    log = cold_start.events(store)
    log = log[log.groupby("customer_id").cumcount() > 0]
    rows = table[["customer_id", "moment"]].reset_index(names="row")
    pairs = rows.merge(log[["customer_id", "at", "category"]], on="customer_id")
    pairs = pairs[pairs["at"] < pairs["moment"]]
    days = (pairs["moment"] - pairs["at"]) / pd.Timedelta("1D")
    weight = np.exp2(-days / half_life)
    counts = np.zeros((len(table), len(names)))
    np.add.at(counts, (pairs["row"], pd.Index(names).get_indexer(pairs["category"])), weight)
    return counts


def forgetting(store, train, test, hybrid: cold_start.Hybrid) -> np.ndarray:
    """P(next category) (n, K) of the hybrid that forgets."""
    prior = hybrid.prior(train)
    weight = 1 / train.groupby("customer_id")["customer_id"].transform("size")
    best, chosen = np.inf, (np.inf, hybrid.strength_)
    for half_life in HALF_LIVES:
        counts = faded(store, train, half_life)
        for strength in STRENGTHS:
            p = cold_start.posterior_mean(counts, prior, strength)
            found = np.average(cold_start.log_loss(train, p), weights=weight)
            if found < best:
                best, chosen = found, (half_life, strength)
    counts = faded(store, test, chosen[0])
    return cold_start.posterior_mean(counts, hybrid.prior(test), chosen[1])


def log_losses(seed: int, drift: float) -> dict:
    """Rows of the first part: log-loss by model and visits seen."""
    knobs = simulator.Knobs(taste_drift=drift)
    store, truth = simulator.simulate(CUSTOMERS, seed, knobs=knobs)
    table = cold_start.moments(store)
    train, test = cold_start.split(table, CUTOFF)
    hybrid = cold_start.Hybrid().fit(train)
    names = [f"taste_{name}" for name in cold_start.categories(test)]
    if drift:
        begins = pd.Index(truth["tastes"]["begins_at"].unique())
        month = begins.searchsorted(test["moment"], side="right") - 1
        keys = pd.MultiIndex.from_arrays([month, test["customer_id"]])
        taste = truth["tastes"].set_index(["month", "customer_id"]).loc[keys, names]
    else:
        taste = truth["customers"].set_index("customer_id").loc[test["customer_id"], names]
    taste = taste.to_numpy(dtype=float)
    found = {
        "prior": hybrid.prior(test),
        "behavior": cold_start.Hybrid([]).fit(train).predict_proba(test),
        HYBRID: hybrid.predict_proba(test),
        FORGETS: forgetting(store, train, test, hybrid),
        "oracle": taste / taste.sum(axis=1, keepdims=True),
    }
    result = {}
    for row in cold_start.warm_up(test, found).itertuples():
        if row.events in EVENTS:
            result[world(drift), row.model, loss(row.events)] = row.estimate
    return result


def prior_clicks(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Prior click rates by stated favorite (K + 1, K; the last row: none stated) and the strength
    of that prior, from recommendations shown at random to `n` earlier customers."""
    people = population.draw_population(n, 1.0, rng)
    group = stated(people, rng)
    rates = simulator.click_probability(people.taste, np.array(1))
    shown = np.tile(TAUGHT // K + 1, (n, K))
    clicked = rng.binomial(shown, rates)
    total = clicked.sum() / shown.sum()
    prior = np.empty((K + 1, K))
    for g in range(K + 1):
        mine = group == g
        prior[g] = (clicked[mine].sum(axis=0) + 20 * total) / (shown[mine].sum(axis=0) + 20)
    mean = prior[group].ravel()
    counts = np.column_stack([clicked.ravel(), (shown - clicked).ravel()])
    strength = cold_start.fit_strength(counts, np.column_stack([mean, 1 - mean]))
    return prior, np.array(strength)


def stated(people: population.Population, rng: np.random.Generator) -> np.ndarray:
    """The favorite category that each customer stated (n,), as a code; K where none."""
    known = population.customers_table(people, 1.0, rng)["favorite_category"].fillna("(none)")
    return pd.Categorical(known, [*constants.CATEGORIES, "(none)"]).codes.astype(int)


def clicks_lost(seed: int, drift: float) -> dict:
    """Rows of the second part: clicks lost per customer against always showing the week's best."""
    rng, walk_rng, play_rng = (np.random.default_rng([seed, stream]) for stream in range(3))
    prior, strength = prior_clicks(2_000, rng)
    people = population.draw_population(NEWCOMERS, 1.0, rng)
    mean = prior[stated(people, rng)]
    walker = tastes.Walker(people, 1.0, walk_rng)
    rates = [simulator.click_probability(people.taste, np.array(1))]
    everybody = np.ones(NEWCOMERS, dtype=bool)
    for _ in range(WEEKS - 1):
        taste = walker.step(drift / 52, everybody) if drift else people.taste
        rates.append(simulator.click_probability(taste, np.array(1)))
    result = {}
    for rule in (GREEDY, RANDOM, THOMPSON):
        for forget, name in ((1.0, rule), (FORGET, f"{rule}, forgets")):
            lost = play(rule, rates, mean * strength, (1 - mean) * strength, forget, play_rng)
            result[world(drift), name, LOST] = lost
    return result


def play(rule: str, rates: list, a, b, forget: float, rng: np.random.Generator) -> float:
    """Clicks lost per customer: one recommendation a week, beta priors `a`, `b` (n, K), own counts
    that fade by `forget` a week."""
    clicked, missed = np.zeros_like(a), np.zeros_like(a)
    rows, lost = np.arange(len(a)), 0.0
    for rate in rates:
        x, y = a + clicked, b + missed
        score = rng.beta(x, y) if rule == THOMPSON else x / (x + y)
        arm = score.argmax(axis=1)
        if rule == RANDOM:
            anything = rng.random(len(a)) < 0.1
            arm = np.where(anything, rng.integers(K, size=len(a)), arm)
        click = rng.random(len(a)) < rate[rows, arm]
        lost += (rate.max(axis=1) - rate[rows, arm]).mean()
        clicked, missed = clicked * forget, missed * forget
        clicked[rows, arm] += click
        missed[rows, arm] += ~click
    return lost


def run(seed: int) -> dict:
    result: dict[tuple[str, str, str], float] = {}
    with threadpool_limits(limits=1):
        for drift in DRIFTS:
            result |= log_losses(seed, drift) | clicks_lost(seed, drift)
    return result


def finding(rows: pd.DataFrame) -> studies.Finding:
    known = []
    for drift in DRIFTS:
        name = world(drift)
        for events in EVENTS:
            for less in ("prior", "behavior"):
                found = studies.interval(rows, name, HYBRID, loss(events), less=less)
                what = f"{loss(events)}, {HYBRID} minus {less}, {name}"
                known.append(studies.Figure(what, found, "+.3f"))
        found = studies.interval(rows, name, FORGETS, loss(20), less=HYBRID)
        known.append(studies.Figure(f"{loss(20)}, {FORGETS} minus {HYBRID}, {name}", found, "+.3f"))
        gap = studies.interval(rows, name, HYBRID, loss(20), less="oracle")
        known.append(studies.Figure(f"{loss(20)}, {HYBRID} minus oracle, {name}", gap, "+.3f"))
    for drift in DRIFTS:
        name = world(drift)
        greedy = studies.interval(rows, name, GREEDY, LOST)
        known.append(studies.Figure(f"{LOST}, {GREEDY}, {name}", greedy))
        for rule in (RANDOM, THOMPSON, f"{GREEDY}, forgets", f"{THOMPSON}, forgets"):
            found = studies.interval(rows, name, rule, LOST, less=GREEDY)
            known.append(studies.Figure(f"{LOST}, {rule} minus {GREEDY}, {name}", found, "+.2f"))
    pays = studies.interval(rows, world(2.0), THOMPSON, LOST, less=GREEDY)
    return studies.Finding(
        "fast drift: Thompson loses {} more clicks than greedy",
        studies.Figure(f"{LOST}, {THOMPSON} minus {GREEDY}, {world(2.0)}", pays, ".2f"),
        known,
        note="The hybrid is judged at drift 1, exploration at 2; at 2 forgetting gains more.",
    )
