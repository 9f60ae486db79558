"""Exercises of chapter 07."""

from functools import lru_cache

import numpy as np
import pandas as pd

from helpers import features, production, shop
from helpers.course.exercises import answers as read
from helpers.course.exercises.exercise import Exercise, Wrong

SKEWED = "carts"
GROWING = ("tenure", "account_age")


def skewed(answer: object) -> str:
    name = read.name(answer).lower()
    if name == SKEWED:
        return (
            "What the service logged counts carts that came after the cut-off: it read the table "
            "as it stood when it got to it, not as of the cut-off. Compare the two for some "
            "customers every night: it takes no label and no statistics."
        )
    if name in GROWING:
        raise Wrong(
            f"{name} differs between July and October because time went by, in both tables "
            "alike. Compare what was logged with what is recomputed for the same night."
        )
    raise Wrong(
        f"{name!r} is the same in both tables of the same night, or no column of them. Which "
        "column of `logged` differs from `recomputed`?"
    )


def threshold(answer: object) -> str:
    right = production.psi_by_chance(500, 500, level=0.05)
    value = read.number(answer)
    if abs(value / right - 1) < 0.08:
        return (
            f"About {right:.3f}: (1/500 + 1/500) times 16.9, the value that a chi-squared "
            "variable with nine degrees of freedom passes in 5 % of cases. The rule of thumb of "
            ".1 would hardly ever alarm."
        )
    mistakes = {
        "That is the rule of thumb; at this size it is passed far less often.": 0.1,
        "Both sides vary: the factor is 1/n + 1/m, not 1/n.": right / 2,
        "That is the mean without drift: it is passed about every other week.": (
            production.psi_by_chance(500, 500)
        ),
        "Ten bins leave nine degrees of freedom, not ten.": (
            production.psi_by_chance(500, 500, level=0.05, bins=11)
        ),
        "That is the chi-squared value; times (1/n + 1/m) it becomes a PSI.": (
            right / (1 / 500 + 1 / 500)
        ),
        "That is passed in 95 % of the weeks: take the other tail.": (
            production.psi_by_chance(500, 500, level=0.95)
        ),
    }
    for reply, mistake in mistakes.items():
        if read.equals(value, mistake, 3 if mistake < 1 else 2):
            raise Wrong(reply)
    raise Wrong(
        f"{value:.3g} is not it. Draw a few hundred pairs of 500 normals and look at their PSI."
    )


@lru_cache(maxsize=1)
def year() -> pd.DataFrame:
    """A year of profit by customer: group, contacted, profit. Whoever buys a lot is contacted."""
    rng = np.random.default_rng(7)
    n = 40_000
    taste = rng.gamma(1.0, 20.0, size=n)
    group = rng.choice(["champion", "challenger", "hold-out"], size=n, p=[0.45, 0.45, 0.10])
    contacted = (group != "hold-out") & (taste > 20)
    profit = rng.gamma(2.0, taste / 2) + 3.0 * contacted - 1.5 * (group == "champion") * contacted
    return pd.DataFrame({"group": group, "contacted": contacted, "profit": profit.round(2)})


def brought(answer: object) -> str:
    table, value = year(), read.number(answer, "estimate")
    mean = table.groupby("group")["profit"].mean()
    served = table.loc[table["group"] != "hold-out", "profit"].mean()
    right = served - mean["hold-out"]
    if abs(value - right) < 0.01:
        arms = table["group"].replace("challenger", "champion")
        found = production.between(table["profit"] / 1_000, arms, "champion", "hold-out")
        return (
            f"{found.text()} per customer: everybody under a model against those under none, "
            "contacted or not. Who is contacted was chosen; who is held out was drawn. And 4,000 "
            "held out leave a wide interval."
        )
    by = table.groupby("contacted")["profit"].mean()
    inside = table[table["group"] != "hold-out"].groupby("contacted")["profit"].mean()
    chosen = "they were chosen because they buy a lot."
    mistakes = {
        f"These are the contacted against the others: {chosen}": by[True] - by[False],
        f"These are the contacted against the others under a model: {chosen}": (
            inside[True] - inside[False]
        ),
        "That is what the challenger brings against the champion, not what both bring.": (
            mean["challenger"] - mean["champion"]
        ),
        "The sign is turned around: models minus hold-out.": mean["hold-out"] - served,
        "That is what the champion brought; the challenger's customers belong in too.": (
            mean["champion"] - mean["hold-out"]
        ),
        "That is what the challenger brought; the champion's customers belong in too.": (
            mean["challenger"] - mean["hold-out"]
        ),
        "That is per 1,000 customers; the question is per customer.": 1_000 * right,
        f"The contacted against the hold-out: {chosen} Compare everybody under a model.": (
            by[True] - mean["hold-out"]
        ),
    }
    read.name_mistake(value, mistakes, 2)
    raise Wrong("Compare the mean profit of everybody under a model with that of the hold-out.")


WINDOW = pd.Timedelta("56D")
NOW = pd.Timestamp("2025-12-31")


@lru_cache(maxsize=1)
def waiting() -> pd.DataFrame:
    """Twenty weekly nights of scores, as they stand on 31 December: scored_at, propensity, and
    first_order_at, missing where no order has come so far. Nine in ten of the promised orders come.
    """
    rng = np.random.default_rng(11)
    nights = NOW - pd.Timedelta("3D") - pd.to_timedelta(7 * np.arange(20)[::-1], unit="D")
    scored_at = pd.Series(np.repeat(nights, 500))
    propensity = rng.beta(1.0, 3.0, size=len(scored_at)).round(3)
    in_window = rng.random(len(scored_at)) < 0.9 * propensity
    days = np.where(
        in_window, 56 * rng.random(len(scored_at)), 56 + rng.exponential(300, len(scored_at))
    )
    order = scored_at + pd.to_timedelta((86_400 * days).astype(int), unit="s")
    order = order.where(order < NOW)
    return pd.DataFrame({"scored_at": scored_at, "propensity": propensity, "first_order_at": order})


def logged(store: shop.Shop) -> pd.DataFrame:
    """What a service says that it used on 1 October 2025: one column was counted two months
    later."""
    used = features.build(store, "2025-10-01")
    late = features.build(store, "2025-12-01")
    return used.assign(carts=late["carts"].reindex(used.index))


def overpromised(answer: object) -> str:
    table, value = waiting(), read.number(answer)
    closed = table["scored_at"] + WINDOW <= NOW
    ever = table["first_order_at"].notna()
    inside = ever & (table["first_order_at"] < table["scored_at"] + WINDOW)
    missed = table["propensity"] - inside
    right = missed[closed].mean()
    if abs(value - right) < 0.003:
        return (
            f"{right:.3f}: a tenth of what was promised. Only windows that have closed can be "
            "judged: the nights of the last eight weeks still wait, and who has not ordered yet "
            "is not who never will."
        )
    late = table["propensity"] - ever
    mistakes = {
        "You count who has not ordered *yet* as one who did not: the windows of the last nights "
        "are still open.": missed.mean(),
        "Some windows are still open, and orders after a window's end do not count for it.": (
            late.mean()
        ),
        "You count orders that came after the window of 56 days: they were not promised.": (
            late[closed].mean()
        ),
        "Of the open windows you took those who ordered already and left out the others: wait for "
        "all, or for none.": missed[closed | inside].mean(),
        "The sign is turned around: promised minus observed.": -right,
        "That is a share of the promise; the question is the difference.": (
            right / table.loc[closed, "propensity"].mean()
        ),
    }
    read.name_mistake(value, mistakes)
    raise Wrong(
        "For which rows had the window of 56 days closed on 31 December? Who of them ordered "
        "inside it?"
    )


def when(answer: object) -> str:
    replies = {
        "a": "A PSI without its null says little: with 60 customers a side .3 is what chance "
        "gives.",
        "b": "The ranking is as good as it was, and nobody lost money: look at the season first, "
        "and write it on the card.",
        "d": "More data is no reason by itself. Let the new model run in the shadow; it may "
        "replace the old one when it wins.",
    }
    why = (
        "Two windows of their own, both beyond what chance gives, and the loss surely "
        "exceeds the cost. And do not only train anew: find out what changed, or the next "
        "model will learn from a broken table."
    )
    return read.letter(answer, replies, "c", why)


EXERCISES = {
    "07.1": Exercise(
        minutes=6,
        expects="the name of a column",
        hints=(
            "Same customers, same night: the two tables should be equal. Where are they not?",
            "(logged != recomputed).any() says which columns differ anywhere; missing values "
            "differ from themselves, so fill them first.",
        ),
        solution="answer = (logged.fillna(-1) != recomputed.fillna(-1)).any().idxmax()",
        why="Two tables of the same customers and the same night must be equal. A column that "
        "differs was not computed as of the cut-off.",
        check=skewed,
    ),
    "07.2": Exercise(
        minutes=6,
        expects="a number, the PSI",
        hints=(
            "Either draw weeks without drift and take a quantile, or use the null distribution "
            "of the text.",
            "PSI / (1/n + 1/m) is nearly chi-squared with bins - 1 degrees of freedom.",
        ),
        solution="answer = production.psi_by_chance(500, 500, level=0.05)",
        why="Without drift the PSI is chance alone, and it grows when the samples are small. "
        "Its 95 % quantile at this size is passed in 5 % of the weeks.",
        check=threshold,
    ),
    "07.3": Exercise(
        minutes=6,
        expects="a number, the profit per customer and year",
        hints=(
            "Which of the columns was drawn by lot, and which was decided by a model?",
            "The hold-out against everybody else, whether contacted or not.",
        ),
        solution=(
            "held = year['group'] == 'hold-out'\n"
            "answer = year.loc[~held, 'profit'].mean() - year.loc[held, 'profit'].mean()"
        ),
        why="Who is held out was drawn at random, who is contacted was chosen. So everybody "
        "under a model is compared with the hold-out.",
        check=brought,
    ),
    "07.4": Exercise(
        minutes=6,
        expects="a number, promised minus observed share",
        hints=(
            "Of a night in December nobody knows yet what comes of it. Which nights can be judged?",
            "closed = waiting['scored_at'] + window <= now; an order counts if it comes before "
            "scored_at + window.",
        ),
        solution=(
            "end = waiting['scored_at'] + window\n"
            "missed = waiting['propensity'] - (waiting['first_order_at'] < end)\n"
            "answer = missed[end <= now].mean()"
        ),
        why="An open window can still bring an order, so it cannot be judged yet. In closed "
        "windows an order counts if it came within the 56 days.",
        check=overpromised,
    ),
    "07.5": Exercise(
        minutes=4,
        expects="a letter",
        hints=(
            "For each: what would be different after a training?",
            "An alarm says that something changed. What says that it matters?",
        ),
        solution="answer = 'c'",
        why="Drift alone costs nothing, and a better season is no fault of the model. Train "
        "again when the loss is larger than chance and larger than the cost.",
        check=when,
    ),
}
