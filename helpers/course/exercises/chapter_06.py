"""Exercises of chapter 06."""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import experiments, features, shop, simulator
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

OLDER = {"spend_before", "tenure", "visits_before"}
LATER = {
    "visits_in_april": "visits_in_april counts visits of the weeks in which the voucher was valid",
    "recency_at_readout": "recency_at_readout changes with every order that the voucher brought",
}


def planned(answer: object) -> str:
    if isinstance(answer, experiments.Plan):
        answer = answer.weeks
    weeks, plan = read.number(answer), experiments.plan(0.04, 0.08, 6_000)
    exact = 2 * experiments.arm_size(0.04, 0.08) / 6_000
    if weeks == plan.weeks:
        return (
            f"{plan.per_arm:,} customers per arm are {plan.days} days of 6,000, and {plan.weeks} "
            "whole weeks, so that every day of the week counts equally."
        )
    if weeks in (plan.days, np.floor(exact)) or read.equals(weeks, exact, 1):
        raise Wrong(f"{weeks:.4g} are days. How many whole weeks are they?")
    if read.equals(weeks, exact / 7, 1):
        raise Wrong("Whole weeks, rounded up: a part of a week leaves out some of its days.")
    if weeks in (np.ceil(plan.per_arm / 6_000 / 7), np.ceil(plan.per_arm / 6_000)) or any(
        read.equals(weeks, exact / 2 / days, 1) for days in (1, 7)
    ):
        raise Wrong("6,000 customers a day are shared by two arms: each gets 3,000.")
    if weeks == experiments.plan(0.04, 0.08, 3_000).weeks:
        raise Wrong("`daily` counts the customers of both arms: all 6,000 of them.")
    if weeks == plan.per_arm:
        raise Wrong("These are the customers per arm. How long until both arms have as many?")
    if weeks == 2 * plan.per_arm:
        raise Wrong("These are the customers of both arms. How long until so many have come?")
    raise Wrong(
        f"{weeks:g} weeks is not it. How many customers do both arms need for a rise from 4 % to "
        "4.32 %, and in how many weeks do so many come?"
    )


def offered(store: shop.Shop) -> pd.DataFrame:
    """The columns of exercise 06.2, a row a customer of the spring voucher."""
    assert store.campaigns is not None and store.visits is not None
    start, read_on = pd.Timestamp("2025-04-01"), pd.Timestamp("2025-05-27")
    campaigns, lines = store.tables["campaigns"], store.tables["purchases"]
    ids = pd.Index(campaigns.loc[campaigns["campaign_id"] == "spring_voucher", "customer_id"])
    visits = store.tables["visits"].drop_duplicates("visit_id")

    def came(begin: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
        inside = visits["started_at"].between(begin, end, inclusive="left")
        return visits.loc[inside, "customer_id"].value_counts().reindex(ids, fill_value=0)

    quarter = start - pd.Timedelta(weeks=13)
    before = features.standing(lines, quarter, start).groupby("customer_id")["amount"].sum()
    last = features.standing(lines, None, read_on).groupby("customer_id")["ordered_at"].max()
    first = visits.groupby("customer_id")["started_at"].min()
    return pd.DataFrame(
        {
            "spend_before": before.reindex(ids, fill_value=0.0),
            "visits_in_april": came(start, pd.Timestamp("2025-05-01")),
            "tenure": (start - first).dt.days.reindex(ids),
            "recency_at_readout": (read_on - last).dt.days.reindex(ids, fill_value=999),
            "visits_before": came(quarter, start),
        }
    )


def older_than_treatment(answer: object) -> str:
    named = read.names(answer, [*sorted(OLDER), *LATER])
    for name, reason in LATER.items():
        if name in named:
            raise Wrong(
                f"{reason}: CUPED would subtract a part of the effect itself. A covariate must "
                "be older than the treatment, however well it predicts."
            )
    if missing := OLDER - named:
        raise Wrong(
            f"Known by 1 April as well: {', '.join(sorted(missing))}. How much that helps is "
            "another question: it may be used."
        )
    return (
        "All three were fixed before the first mail went out, so that they cannot hold its "
        "effect. The other two sharpen the read-out by taking a part of the effect away."
    )


@lru_cache(maxsize=1)
def carts() -> dict[str, float]:
    """p values of the wish list by what was counted."""
    visits = shop.load().tables["visits"].query("started_at >= '2025-07-01'")
    visits = visits.groupby(["customer_id", "visit_id"])["added_to_cart"].max().astype(float)
    own = visits.groupby(level="customer_id").agg(["sum", "size"])
    wish = experiments.assign(own.index, "wish list", {"old": 0.5, "wish list": 0.5}) == "wish list"
    by_visit = visits.index.get_level_values("customer_id").map(wish)
    return {
        "right": experiments.compare_ratio(own["sum"], own["size"], wish).p_value,
        "visits": experiments.compare(visits, by_visit).p_value,
        "carts": experiments.compare(own["sum"], wish).p_value,
        "rates": experiments.compare(own["sum"] / own["size"], wish).p_value,
    }


def by_customer(answer: object) -> str:
    p, known = read.share(answer, "p_value"), carts()
    if abs(p - known["right"]) < 0.04:
        return (
            f"p = {known['right']:.2f}: far from a finding. The colleague's "
            f"{known['visits']:.2f} counts the visits of one customer as independent, and so "
            "claims more than the data hold."
        )
    mistakes = {
        "This is 1 − p: the p value is the probability of a difference as large or larger, not of "
        "a smaller one.": 1 - known["right"],
        "This counts one side only; a difference the other way would have been news too.": (
            known["right"] / 2
        ),
        "This is the colleague's: visits were not randomized, customers were.": known["visits"],
        "This compares carts per customer, a fair question, but another one. Carts per *visit* is "
        "a ratio of two sums.": known["carts"],
        "This is the mean of the customers' own rates, in which a customer with one visit weighs "
        "as much as one with fifty: another question than carts per visit.": known["rates"],
    }
    read.name_mistake(p, mistakes)
    raise Wrong(
        "Not that one. Which two sums does each customer bring, and which test takes a ratio?"
    )


@lru_cache(maxsize=1)
def recommended() -> dict[str, float]:
    """The clicks of the half popular policy by how they were estimated."""
    shown = shop.load().tables["impressions"]
    share = simulator.load_truth("categories").set_index("category")["popularity"]
    wanted = (1 / 6 + share) / 2
    rate = shown.groupby("category")["clicked"].mean()
    mine = shown["category"].map(wanted)
    clicked, old = shown["clicked"], shown["propensity"]
    evenly, popular = mine * 0 + 1 / 6, shown["category"].map(share)
    return {
        "right": experiments.snips(clicked, old, mine).estimate,
        "uniform": experiments.snips(clicked, old, evenly).estimate,
        "uniform by IPS": experiments.ips(clicked, old, evenly).estimate,
        "popular": experiments.snips(clicked, old, popular).estimate,
        "popular by IPS": experiments.ips(clicked, old, popular).estimate,
        "now": shown["clicked"].mean(),
        "naive": float((wanted * rate).sum()),
    }


def half_popular(answer: object) -> str:
    clicks, known = read.share(answer, "estimate"), recommended()
    if abs(clicks - known["right"]) < 0.0015:
        return (
            f"{known['right']:.3f}, as for the mean of its two halves: a policy's value is "
            "linear in its probabilities."
        )
    mistakes = {
        "This is what was clicked under the policy that ran.": known["now"],
        "This takes each category's rate as it was: but it was shown, more often than not, to "
        "those who like it. Weight the impressions.": known["naive"],
    }
    read.name_mistake(clicks, mistakes, 4)
    for policy in ("uniform", "popular"):
        if any(read.equals(clicks, known[policy + by], 4) for by in ("", " by IPS")):
            raise Wrong(f"This is the {policy} policy alone: half of the mixture.")
    raise Wrong(
        "Not this share. Weight each impression by how much more often the new policy would show "
        "its category than the policy that ran."
    )


def stopping(answer: object) -> str:
    replies = {
        "a": "Looked at daily, a test of two equal arms shows p < .05 on some day far more often "
        "than in 5 of 100 cases.",
        "b": "A second look a day later shares nearly all its customers with the first: it is no "
        "second test, and it is one more look.",
        "d": "Who clicks the new page is decided after it was shown: the clickers of the two "
        "arms are different people, and what they do says nothing about the page.",
    }
    why = (
        "Either the look was planned (once, at the end), or the test must allow any number of "
        "looks. The wider interval of the second is the price of the first's patience."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "06.1": Exercise(
        minutes=5,
        expects="a whole number",
        hints=(
            "experiments.arm_size gives the customers of one arm; two arms share 6,000 a day.",
            "experiments.plan does all of it, and knows weeks.",
        ),
        solution="weeks = experiments.plan(0.04, 0.08, daily=6_000).weeks",
        why="The size per arm follows from the base rate, the relative effect, power and level,"
        " and both arms share the customers of a day. Whole weeks give every day of the "
        "week the same weight.",
        check=planned,
    ),
    "06.2": Exercise(
        minutes=4,
        expects="a list of column names",
        hints=(
            "The voucher was assigned on 1 April. When is each column known?",
            "Which of them would be another number if the customer had not got the voucher?",
        ),
        solution='usable = ["spend_before", "tenure", "visits_before"]',
        why="CUPED removes from the outcome what was known before, so the covariate must not be"
        " changed by the treatment. These three were fixed before the voucher went out.",
        check=older_than_treatment,
    ),
    "06.3": Exercise(
        minutes=8,
        expects="a p value between 0 and 1",
        hints=(
            "Customers were randomized. Per customer: how many carts, how many visits?",
            "own holds both sums; experiments.compare_ratio takes them and the arm.",
        ),
        solution='p_value = experiments.compare_ratio(own["sum"], own["size"], wish).p_value',
        why="Customers were drawn at random, and the visits of one customer are alike. So a "
        "customer is the unit, and carts per visit is a ratio of two sums.",
        check=by_customer,
    ),
    "06.4": Exercise(
        minutes=8,
        expects="a share between 0 and 1",
        hints=(
            "What is the policy's probability of the category of each row? "
            "shown['category'].map(...)",
            "experiments.snips(clicked, propensity, that probability).",
        ),
        solution="""\
mine = shown["category"].map((1 / 6 + share) / 2)
clicks = experiments.snips(shown["clicked"], shown["propensity"], mine).estimate""",
        why="Each recommendation counts by how much more often the new policy would have shown "
        "it than the old one did. Dividing by the sum of these weights keeps the estimate "
        "stable.",
        check=half_popular,
    ),
    "06.5": Exercise(
        minutes=3,
        expects="one letter",
        hints=("How many looks were planned, and how many have there been by day 9?",),
        solution='choice = "c"',
        why="A test of fixed length keeps its level only if it is read once, at the end. An "
        "always-valid test allows every look and pays with a wider interval.",
        check=stopping,
    ),
}
