"""c32: a recommender that learns from its own clicks needs exploration.

Twelve weeks of a simulated shop whose customers see one category per visit; a click follows their
taste. The recommender is the hybrid of chapter 04 in its smallest form: a prior click rate by the
stated favorite category, learned anew each Monday from everything shown so far (older weeks count
less), and each customer's own clicks on top. What it shows decides what it can learn: that is the
loop. The
worlds: tastes stay as they are, or from the fifth week on one category is in fashion with
    everybody.

The weekly training takes clicks and impressions as they are logged: a greedy log has no
propensities to weight by. What that does to the rates is in the error of the rates at the end.

"Thompson" draws the rate of the group and that of the customer; "Thompson, shared rates" only that
of the group, about which every customer teaches something. It was added after a look at other
seeds, in which drawing both cost a fifth of the clicks.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import cold_start, evaluation, simulator
from helpers.course import studies
from helpers.simulator import population, world

CLAIM = "a recommender that learns from its own clicks needs exploration"
EXPECTED = (
    "exploring costs clicks at first; by the last four weeks it has paid where tastes changed, "
    "and costs little where they stayed"
)
KIND = "test"
CHAPTER = "07"
SEEDS = range(60)
CUSTOMERS = 3_000
WEEKS = 12
CHANGE = 4  # the week, from 0, in which the fashion begins
FASHION, FACTOR = world.CATEGORIES.index("toys"), 6.0  # the least popular one
FORGET = 0.8  # weight of a week against the next one
SHRINK = 20.0  # impressions that the mean of all is worth in a group's rate
BEFORE = 3_000  # impressions before the first week, shown in proportion to popularity
EXPLORE = 0.1
POLICIES = ["frozen", "greedy", "10 % at random", "Thompson", "Thompson, shared rates"]
STAY, CHANGED = "tastes stay", "a fashion comes"
K = len(world.CATEGORIES)
CONTRASTS = {
    CHANGED: studies.Contrast(
        "clicks per 1,000 visits, last four weeks, 10 % at random minus greedy",
        studies.minus(
            CHANGED, "10 % at random", "greedy", "clicks per 1,000 visits, last four weeks"
        ),
        above=0.0,
        form="+.0f",
    ),
}
WAS = "no"
HISTORY = (
    "Judged first by three intervals, where any above 0 bore it out in part. The one contrast was "
    "named after a look at these rows.",
)


class Customers:
    """`rates` (2, n, K): true click rates before and after the change; `group` (n,): the favorite
    category stated in the survey, K where it was not answered; `visits` (n, WEEKS)."""

    def __init__(self, n: int, rng: np.random.Generator, changes: bool):
        people = population.draw_population(n, 1.0, rng)
        known = population.customers_table(people, 1.0, rng)
        later = people.taste.copy()
        if changes:
            later[:, FASHION] *= FACTOR
            later /= later.sum(axis=1, keepdims=True)
        self.rates = np.stack(
            [simulator.click_probability(t, np.array(1)) for t in (people.taste, later)]
        )
        names = known["favorite_category"].fillna("(none)")
        self.group = pd.Categorical(names, [*world.CATEGORIES, "(none)"]).codes.astype(int)
        arrives = rng.integers(0, WEEKS, n) * (rng.random(n) < 0.5)  # half are there from the start
        often = np.exp(people.trait("log_visits"))[:, None] * np.ones(WEEKS)
        visits = rng.poisson(often) + (np.arange(WEEKS) == arrives[:, None])
        self.visits = np.where(np.arange(WEEKS) >= arrives[:, None], visits, 0)


class Recommender:
    """Prior click rates by group from `clicked` and `shown` (groups, K), own counts (n, K) on
    top."""

    def __init__(self, customers: Customers, rng: np.random.Generator):
        self.group, self.rng = customers.group, rng
        n = len(self.group)
        self.clicked, self.shown = np.zeros((K + 1, K)), np.zeros((K + 1, K))
        self.own_clicked, self.own_shown = np.zeros((n, K)), np.zeros((n, K))
        self.strength = 10.0

    def learn(self) -> None:
        """The weekly training: each group's rates, shrunk to those of all, and how far customers
        differ around them."""
        total = self.clicked.sum() / self.shown.sum()
        by_arm = (self.clicked.sum(axis=0) + SHRINK * total) / (self.shown.sum(axis=0) + SHRINK)
        self.a = self.clicked + SHRINK * by_arm
        self.b = self.shown - self.clicked + SHRINK * (1 - by_arm)
        often = self.own_shown > 1
        if often.sum() > 100:
            counts = np.column_stack(
                [self.own_clicked[often], (self.own_shown - self.own_clicked)[often]]
            )
            mean = (self.a / (self.a + self.b))[self.group][often]
            self.strength = cold_start.fit_strength(counts, np.column_stack([mean, 1 - mean]))

    def posterior(self, who: np.ndarray, shared: bool = False, own: bool = False) -> np.ndarray:
        """Click rates (len(who), K): means; with `shared` each group's rate is drawn from its
        posterior, with `own` the customer's as well (Thompson sampling)."""
        a, b = self.a[self.group[who]], self.b[self.group[who]]
        rate = self.rng.beta(a, b) if shared else a / (a + b)
        a = self.strength * rate + self.own_clicked[who]
        b = self.strength * (1 - rate) + self.own_shown[who] - self.own_clicked[who]
        return self.rng.beta(np.maximum(a, 1e-3), np.maximum(b, 1e-3)) if own else a / (a + b)

    def add(self, who: np.ndarray, arm: np.ndarray, click: np.ndarray, own: bool = True) -> None:
        """Take up what was shown and clicked, (m,) each."""
        np.add.at(self.shown, (self.group[who], arm), 1)
        np.add.at(self.clicked, (self.group[who], arm), click)
        if own:
            np.add.at(self.own_shown, (who, arm), 1)
            np.add.at(self.own_clicked, (who, arm), click)


def play(policy: str, changes: bool, seed: int) -> pd.DataFrame:
    """Twelve weeks under a policy of POLICIES: a row a week with visits, clicks, best (clicks to
    expect from an oracle that shows each customer's favorite), and error (mean distance of the
    estimated from the true click rates, all customers and categories)."""
    world_rng, rng = (np.random.default_rng([seed, stream]) for stream in (0, 1))
    customers = Customers(CUSTOMERS, world_rng, changes)
    recommender = Recommender(customers, rng)
    everybody = np.arange(CUSTOMERS)
    past = world_rng.integers(CUSTOMERS, size=BEFORE)
    arm = world_rng.choice(K, size=BEFORE, p=world.POPULARITY)
    recommender.add(past, arm, world_rng.random(BEFORE) < customers.rates[0, past, arm], own=False)
    recommender.learn()
    rows = []
    for week in range(WEEKS):
        rates = customers.rates[int(week >= CHANGE)]
        visits = clicks = best = 0.0
        for visit in range(customers.visits[:, week].max()):
            who = everybody[customers.visits[:, week] > visit]
            score = recommender.posterior(who, policy.startswith("Thompson"), policy == "Thompson")
            arm = score.argmax(axis=1)
            if policy == "10 % at random":
                anything = rng.random(len(who)) < EXPLORE
                arm = np.where(anything, rng.integers(K, size=len(who)), arm)
            click = rng.random(len(who)) < rates[who, arm]
            if policy != "frozen":
                recommender.add(who, arm, click)
            visits, clicks = visits + len(who), clicks + rates[who, arm].sum()
            best += rates[who].max(axis=1).sum()
        error = np.abs(recommender.posterior(everybody) - rates).mean()
        rows.append((week + 1, visits, clicks, best, error))
        if policy != "frozen":
            recommender.learn()
            recommender.clicked *= FORGET
            recommender.shown *= FORGET
    return pd.DataFrame(rows, columns=["week", "visits", "clicks", "best", "error"])


def clicks_by_week(rules: list[str], shops: int) -> pd.DataFrame:
    """Clicks per 1,000 visits by week, mean of so many shops in which a fashion begins: a column
    for each rule ("Thompson" shares its rates between customers)."""
    shared = {"Thompson": "Thompson, shared rates"}
    found = {}
    for rule in rules:
        played = [play(shared.get(rule, rule), True, seed) for seed in range(shops)]
        rates = [1000 * weeks["clicks"] / weeks["visits"] for weeks in played]
        found[rule] = sum(rates) / shops
    return pd.DataFrame(found).set_index(pd.Index(played[0]["week"], name="week"))


def run(seed: int) -> dict:
    result = {}
    for name, changes in ((STAY, False), (CHANGED, True)):
        for policy in POLICIES:
            weeks = play(policy, changes, seed)
            for metric, part in (
                ("all weeks", weeks),
                ("last four weeks", weeks.tail(4)),
                ("first four weeks", weeks.head(4)),
            ):
                per_visit = 1_000 * part["clicks"].sum() / part["visits"].sum()
                result[name, policy, f"clicks per 1,000 visits, {metric}"] = per_visit
            result[name, policy, "error of the rates at the end"] = weeks["error"].iloc[-1]
        result[name, "oracle", "clicks per 1,000 visits, all weeks"] = (
            1_000 * weeks["best"].sum() / weeks["visits"].sum()
        )
    return result


def gain(rows: pd.DataFrame, world: str, policy: str, weeks: str) -> evaluation.Interval:
    """Clicks per 1,000 visits of a policy less those of the greedy one, paired by seed."""
    metric = f"clicks per 1,000 visits, {weeks}"
    mine, greedy = (studies.values(rows, world, arm, metric) for arm in (policy, "greedy"))
    return evaluation.mean_interval(mine - greedy)


def worst_tenth(rows: pd.DataFrame, world: str, policy: str) -> evaluation.Interval:
    """What a tenth of the shops do not reach, in clicks per 1,000 visits of the last four weeks:
    that of a policy less that of the greedy one; interval by bootstrap of the seeds, both together.
    """
    mine, greedy = (
        studies.values(rows, world, arm, "clicks per 1,000 visits, last four weeks")
        for arm in (policy, "greedy")
    )
    drawn = np.random.default_rng(0).integers(len(mine), size=(2_000, len(mine)))
    gaps = np.percentile(mine[drawn], 10, axis=1) - np.percentile(greedy[drawn], 10, axis=1)
    found = np.percentile(mine, 10) - np.percentile(greedy, 10)
    return evaluation.Interval(float(found), *map(float, evaluation.drawn_ends(gaps)))


def finding(rows: pd.DataFrame) -> studies.Finding:
    explorers = POLICIES[2:]
    first, last = "first four weeks", "last four weeks"
    known = []
    for world_name, weeks in ((STAY, first), (STAY, last), (CHANGED, last)):
        for policy in explorers:
            found = gain(rows, world_name, policy, weeks)
            what = f"{world_name}, {weeks}: {policy} minus greedy"
            known.append(studies.Figure(what, found, "+.0f"))
    frozen = gain(rows, CHANGED, "frozen", last)
    known.append(studies.Figure(f"{CHANGED}, {last}: never retrained minus greedy", frozen, "+.0f"))
    for policy in explorers:
        what = f"{CHANGED}, {last}, worst tenth of shops: {policy} minus greedy"
        known.append(studies.Figure(what, worst_tenth(rows, CHANGED, policy), "+.0f"))
    metric = "error of the rates at the end"
    greedy = studies.interval(rows, CHANGED, "greedy", metric)
    known.append(studies.Figure(f"{CHANGED}, {metric}: greedy", greedy, ".3f"))
    for policy in explorers:
        less = studies.interval(rows, CHANGED, policy, metric, less="greedy")
        known.append(studies.Figure(f"{CHANGED}, {metric}: {policy} minus greedy", less, "+.3f"))

    random, clicks = "10 % at random", f"clicks per 1,000 visits, {last}"
    behind = studies.interval(rows, CHANGED, "greedy", clicks, less=random)
    return studies.Finding(
        "after a fashion came, random exploring is {} clicks behind",
        studies.Figure(f"{CHANGED}, {last}: greedy minus {random}", behind, ".0f"),
        known,
        note="Figures are clicks per 1,000 visits, or the error of all click rates.",
    )
