"""Who buys next: which way of telling it was best on this shop's own past.

Asked of all buyers at a day: who will order in the 28 days after it, and for how much? The
candidates are BG/NBD (with Gamma-Gamma for the money), a model of `helpers.models.catalogue` that
learned from earlier months, and the average of the two; beside them stands the best single column.
Column and candidate are chosen on the last month but one, and judged on the last: what was chosen
could have lost.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from helpers import evaluation, features, lifetime, models
from helpers.errors import ReaderError, counted
from helpers.evaluation import Interval
from helpers.shop import Shop
from helpers.targets import tasks
from helpers.targets.contacts import SMALLER_FIRST, hit_rates
from helpers.targets.definitions import future_of

MONTH = pd.Timedelta("28D")
LEARNED = 2  # months that a model learns from
LEAST = 30  # buyers of a month, and customers who did not buy: of fewer a model learns nothing
MOST = 50_000  # customers of a month; of more, so many drawn at random
TOP = 0.1  # of all customers: how many are listed, at most `LISTED`
LISTED = 200
MODEL = "logistic regression"
COUNTED, LEARNT, BOTH = "customer by customer", "learned from earlier months", "the average of both"


class CannotCompare(ReaderError, ValueError):
    """A shop whose orders are too few or too young to compare ways of telling who buys next."""


class Compared(NamedTuple):
    """Ways of telling who buys next, judged on the last 28 days.

    `customers` were asked about, `listed` of them put first by each way; `at_random` is the share
    of all who bought. `chosen` is the candidate that was best in the month before, `column` the
    single column. `judged` has a row for each candidate, the last the column: `bought` (share of
    the listed who bought, with `low`, `high`), `more` (that minus the column's, paired, with
    `more_low`, `more_high`); `spent` (mean spend of the listed), `more_spent`, `more_spent_low`,
    `more_spent_high`; `foretold` (how many of all would buy; NaN for the column). `came` is how
    many did.
    """

    customers: int
    listed: int
    at_random: float
    chosen: str
    column: str
    judged: pd.DataFrame
    came: int

    @property
    def gain(self) -> Interval:
        """The share of the chosen candidate's list that bought, minus the column's."""
        row = self.judged.loc[self.chosen]
        return Interval(row["more"], row["more_low"], row["more_high"])


class Month(NamedTuple):
    """What was known of the buyers at a day (`known`), their `past` (a history), and what they did
    in the 28 days after it: `bought`, `spent`."""

    known: pd.DataFrame
    past: pd.DataFrame
    bought: pd.Series
    spent: pd.Series


@lru_cache(maxsize=2)  # a screen and a list ask for the same
def compare(store: Shop, moment: pd.Timestamp) -> Compared:
    """Compare the candidates on the last 56 days before a moment; see `Compared`.

    Raises CannotCompare where the orders reach back less than eight months of 28 days, or too few
    customers bought in a month.
    """
    months = LEARNED + 2
    first = store.purchases["ordered_at"].min()
    if not first <= moment - 2 * months * MONTH:
        raise CannotCompare(
            f"The orders of {store.name} begin on {first:%Y-%m-%d}: "
            f"{counted(2 * months * MONTH.days // 7, 'week')} are needed to compare ways of "
            "telling who buys next."
        )
    there = [_month(store, moment - ago * MONTH) for ago in range(months, 0, -1)]
    fewest = min(min(month.bought.sum(), (~month.bought).sum()) for month in there)
    if fewest < LEAST:
        raise CannotCompare(
            f"In one of the last four months {counted(int(fewest), 'known customer')} ordered (or "
            f"did not), and {LEAST} are needed to compare ways of telling who buys next."
        )
    column = _best_column(there[LEARNED - 1])
    earlier, last = there[LEARNED], there[LEARNED + 1]
    listed = _listed(len(last.past))
    chosen_by = _scores(there[:LEARNED], earlier, column)
    many = _listed(len(earlier.past))
    hits = {
        name: hit_rates(earlier.bought.to_numpy(), score, many)[0]
        for name, score in chosen_by.items()
        if name != column
    }
    scores = _scores(there[1 : LEARNED + 1], last, column)
    return Compared(
        len(last.past),
        listed,
        float(last.bought.mean()),
        max(hits, key=lambda name: hits[name]),
        column,
        _judge(last, scores, column, listed),
        int(last.bought.sum()),
    )


def _listed(customers: int) -> int:
    return max(1, min(LISTED, round(TOP * customers)))


def _month(store: Shop, day: pd.Timestamp) -> Month:
    """The buyers at a day, and the month after it."""
    past = lifetime.history(store, day)
    if len(past) > MOST:
        past = past.sample(MOST, random_state=0).sort_index()
    known = known_at(store, day, past.index)
    after = future_of(store, day, MONTH, past.index)
    return Month(known, past, after["bought"], after["revenue"])


def known_at(store: Shop, day: pd.Timestamp, who: pd.Index) -> pd.DataFrame:
    """The numeric features of these customers at a day, with what they did lately."""
    known = features.build(store, day).loc[who].select_dtypes("number")
    return known.assign(**tasks.lately(store, day, who))


def _best_column(month: Month) -> str:
    """The single column that ranks the buyers of a month best."""
    scores = {
        name: average_precision_score(month.bought, _of_column(name, month.known))
        for name in month.known
    }
    return max(scores, key=lambda name: scores[name])


def _of_column(name: str, known: pd.DataFrame) -> np.ndarray:
    column = models.OneColumn(name, largest_first=name not in SMALLER_FIRST)
    return column.values(known)[:, 0]


def _scores(learned: list[Month], month: Month, column: str) -> dict[str, np.ndarray]:
    """What each way says of the customers of a month, from what was known at its first day: the
    larger the likelier."""
    counted_said = counted_one_by_one(month.past)
    learned_said = learn(learned).predict_proba(_same(learned, month.known))[:, 1]
    return {
        COUNTED: counted_said,
        LEARNT: learned_said,
        BOTH: (counted_said + learned_said) / 2,
        column: _of_column(column, month.known),
    }


def counted_one_by_one(past: pd.DataFrame) -> np.ndarray:
    """By BG/NBD the chance of a purchase in 28 days, taken as that of a Poisson number with the
    expected mean: (customers,); the expected numbers have the same order."""
    expected = lifetime.BetaGeometric.fit(past).expected_orders(past, MONTH.days)
    return 1 - np.exp(-expected.to_numpy())


def learn(learned: list[Month]) -> models.Checked:
    """The catalogue's model, fitted to earlier months."""
    known = pd.concat([_same(learned, month.known) for month in learned])
    bought = pd.concat([month.bought for month in learned])
    return models.model(MODEL).fit(known, bought)


def _same(learned: list[Month], known: pd.DataFrame) -> pd.DataFrame:
    """The columns that were there in all of the months learned from."""
    names = [name for name in learned[0].known if all(name in month.known for month in learned)]
    return known.reindex(columns=names)


def _judge(month: Month, scores: dict[str, np.ndarray], column: str, listed: int) -> pd.DataFrame:
    bought, spent = month.bought.to_numpy(), month.spent.to_numpy()
    worth = _worth(month.past)
    rates = {name: hit_rates(bought, score, listed) for name, score in scores.items()}
    money = {
        name: hit_rates(spent, score if name == column else score * worth, listed)
        for name, score in scores.items()
    }
    rows = {}
    for name in scores:
        low, high = evaluation.drawn_ends(rates[name][1:])
        row = {"bought": rates[name][0], "low": low, "high": high, "spent": money[name][0]}
        if name != column:
            for what, drawn in (("more", rates), ("more_spent", money)):
                gap = drawn[name] - drawn[column]
                row[what] = gap[0]
                row[f"{what}_low"], row[f"{what}_high"] = evaluation.drawn_ends(gap[1:])
            row["foretold"] = scores[name].sum()
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index")


def _worth(past: pd.DataFrame) -> np.ndarray:
    """What a purchase of each customer is worth, by Gamma-Gamma; 1 where it cannot be told."""
    try:
        return lifetime.GammaGamma.fit(past).expected_value(past).to_numpy()
    except ValueError:
        return np.ones(len(past))
