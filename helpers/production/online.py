"""Recommending to somebody new: the hybrid's prior, Thompson sampling, and what a click teaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from helpers import cold_start, evaluation, features, targets
from helpers.errors import ModelError
from helpers.production.card import Card, fingerprint, versions
from helpers.production.model import last_day
from helpers.shop import Shop

SLOTS = 3
DRAWS = 500  # of the ranking: the propensities' standard error is below .023
JUDGED = pd.Timedelta("91D")  # whoever signed up in the last quarter judges the recipe
FLOOR = 0.05  # share of rankings drawn at random, so that every category keeps a chance


class Recommended(NamedTuple):
    """`categories` in the order to show, `propensity` of each at its position (slots,)."""

    categories: list[str]
    propensity: np.ndarray


class Online:
    """What the service runs: prior click rates from the hybrid of chapter 04, updated by each
    click.

    Attributes
    ----------
    categories : list of K names.
    levels : the answers that are understood, by question.
    card : the model card.
    """

    def __init__(
        self,
        prior: Pipeline,
        clicks: LogisticRegression,
        strength: float,
        levels: Mapping[str, list[str]],
        profiles: Mapping[str, Mapping[str, list[str]]],
        categories: list[str],
        card: Card,
    ):
        self.prior, self.clicks, self.strength = prior, clicks, float(strength)
        self.levels = {name: list(values) for name, values in levels.items()}
        self.profiles = {name: dict(columns) for name, columns in profiles.items()}
        self.categories, self.card = list(categories), card
        self._base, self._moves = self._lookup()
        self._filled = {
            name: {
                c: np.array([self._moves[c, v] for v in values]) for c, values in columns.items()
            }
            for name, columns in self.profiles.items()
        }
        slope, second, third = clicks.coef_[0]
        self._slope, self._intercept = float(slope), float(clicks.intercept_[0])
        self._places = np.array([0.0, second, third])

    def shares(self, known: Mapping[str, str | None]) -> np.ndarray:
        """The prior shares (K,) of somebody of whom `known` is known, by question.

        The same as the hybrid's prior, from a table of its coefficients: much faster. What training
        customers always told and this one does not is averaged over some of them. Raises ValueError
        for a question or an answer that is not understood.
        """
        score = self._base.copy()
        answered = any(known.get(name) is not None for name in cold_start.GROUPS["survey"])
        profiles = self._filled.get(str(answered), next(iter(self._filled.values())))
        for name, value in known.items():
            if value is None:
                continue
            if name not in self.levels:
                raise ValueError(f"{name!r} is not asked here; there are: {', '.join(self.levels)}")
            if value not in self.levels[name]:
                raise ValueError(
                    f"{value!r} is no answer to {name!r}; there are: {', '.join(self.levels[name])}"
                )
            score += self._moves[name, value]
        gaps = [moves for name, moves in profiles.items() if known.get(name) is None]
        return softmax(score + sum(gaps), axis=1).mean(axis=0) if gaps else softmax(score)

    def beta(self, shares: np.ndarray, clicked: np.ndarray, shown: np.ndarray) -> tuple:
        """The beta distribution of each click rate (K,): a and b, after `clicked` of `shown` (K,).

        `shown` counts positions by how much they are looked at (`seen`).
        """
        rate = expit(self._intercept + self._slope * np.log(np.maximum(shares, 1e-6)))
        a = self.strength * rate + clicked
        return a, self.strength * (1 - rate) + np.maximum(shown - clicked, 0.0)

    def seen(self, shares: np.ndarray, position: int) -> np.ndarray:
        """How much an impression at `position` (from 1) counts against one at the top: (K,), 0 to
        1."""
        score = self._intercept + self._slope * np.log(np.maximum(shares, 1e-6))
        place = self._places[min(position, len(self._places)) - 1]
        return np.minimum(expit(score + place) / expit(score), 1.0)

    def recommend(
        self,
        a: np.ndarray,
        b: np.ndarray,
        rng: np.random.Generator,
        slots: int = SLOTS,
        hidden: frozenset[str] = frozenset(),
        floor: float = FLOOR,
    ) -> Recommended:
        """Draw each rate from its posterior and show the largest first (Thompson sampling).

        Of the rankings, `floor` are drawn at random instead. A propensity is the chance of that
        category at that position, from 500 further rankings; it is never 0. Hidden categories are
        never shown, so that fewer than `slots`, or none, may come back.
        """
        allowed = np.array([name not in hidden for name in self.categories])
        slots = min(slots, int(allowed.sum()))
        draws = rng.beta(a, b, size=(DRAWS + 1, len(a)))
        anything = rng.random(DRAWS + 1) < floor
        draws[anything] = rng.random((int(anything.sum()), len(a)))
        draws[:, ~allowed] = -1.0
        ranking = np.argsort(-draws, axis=1)[:, :slots]
        chance = (ranking == ranking[0]).mean(axis=0)  # the ranking that is shown is among them
        return Recommended([self.categories[k] for k in ranking[0]], chance)

    def _lookup(self) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
        """The scores (K,) of somebody unknown, and what each answer adds to them: a logistic
        regression on 0/1 columns is a sum."""
        pairs = [(name, value) for name, values in self.levels.items() for value in values]
        unknown: dict[str, str | None] = dict.fromkeys(self.levels)
        rows = [unknown] + [unknown | {name: value} for name, value in pairs]
        table = pd.DataFrame(rows, columns=list(self.levels)).astype("str")
        scores = np.full((len(rows), len(self.categories)), np.log(1e-6))
        at = [self.categories.index(name) for name in self.prior.classes_]
        scores[:, at] = np.log(self.prior.predict_proba(table))
        # log-probabilities differ from scores by a constant per row, which softmax removes
        scores -= scores[:, :1]
        return scores[0], {
            pair: row - scores[0] for pair, row in zip(pairs, scores[1:], strict=True)
        }


@threadpool_limits.wrap(limits=1)
def train_online(
    store: Shop, as_of: str | pd.Timestamp | None = None, owner: str = "nobody yet"
) -> Online:
    """Learn prior and click rates from what was recorded before `as_of` (by default the day after
    the last order), of customers who signed up in the year before: the newest are most like those
    to come.

    Raises ModelError where the shop has no survey or context to learn from, or no impressions with
    their propensities and clicks.
    """
    moment = last_day(store) if as_of is None else features.cutoff(as_of)
    customers, impressions = store.customers, store.impressions
    if customers is None or impressions is None:
        lacking = [name for name in ("customers", "impressions") if name not in store.tables]
        raise ModelError(
            f"to recommend from clicks the shop lacks the table {' and '.join(lacking)}"
        )
    signed = customers["signed_up_at"]
    lately = customers.loc[~(signed < moment - targets.YEAR) & ~(signed >= moment), "customer_id"]
    tables = {name: t[t["customer_id"].isin(lately)] for name, t in store.tables.items()}
    table = cold_start.moments(Shop(name=store.name, **tables))
    table = table[table["moment"] < moment].reset_index(drop=True)
    hybrid = cold_start.Hybrid().fit(table)
    if hybrid.model_ is None:
        raise ModelError("nothing is known of new customers, or all want the same category")
    first = table.drop_duplicates("customer_id")
    known = impressions[impressions["recorded_at"] < moment]
    try:
        clicks = cold_start.ClickPrior().fit(known, first, hybrid)
    except ValueError as error:
        raise ModelError(f"no click rates can be learned: {error}") from error
    scores, subgroups = _judged(table, moment)
    card = Card(
        name="the next category of new customers, and their clicks",
        owner=owner,
        shop=store.name,
        first_order=f"{store.purchases['ordered_at'].min():%Y-%m-%d}",
        as_of=f"{moment:%Y-%m-%d}",
        cutoffs=[f"{moment - JUDGED:%Y-%m-%d}"],
        horizon_days=JUDGED.days,
        rows=len(table),
        features=hybrid.columns_,
        categories=hybrid.categories_,
        scores=scores,
        calibration=[],
        subgroups=subgroups,
        data_sha256=fingerprint(store, moment),
        versions=versions(),
        retire_on=f"{moment + pd.Timedelta('182D'):%Y-%m-%d}",
        use="To choose which category a new customer sees first.",
        not_for="Prices, or saying who a customer is.",
    )
    profiles = {str(answered): rows.to_dict("list") for answered, rows in hybrid.profiles_.items()}
    return Online(
        hybrid.model_,
        clicks.model_,
        clicks.strength_,
        hybrid.levels_,
        profiles,
        hybrid.categories_,
        card,
    )


def _judged(table: pd.DataFrame, moment: pd.Timestamp) -> tuple[dict, list[dict]]:
    """Log-loss of the second visit's category of those who signed up in the last quarter, by a
    hybrid that knew only what was before: scores and subgroups of a card. Empty where nobody signed
    up then."""
    try:
        before, new = cold_start.split(table, moment - JUDGED)
    except ValueError:
        return {}, []
    new = new[new["events"] == 0].reset_index(drop=True)
    loss, popular = (
        cold_start.log_loss(new, cold_start.Hybrid(columns).fit(before).predict_proba(new))
        for columns in (tuple(cold_start.COLUMNS), ())
    )
    if len(new) < 2:
        return {}, []
    scores = {
        "log loss at the second visit": list(evaluation.mean_interval(loss)),
        "less that of popularity": list(evaluation.mean_interval(loss - popular)),
    }
    rows = []
    for name in ("age_band", "answered"):
        for group, part in pd.Series(loss).groupby(new[name].astype("str")):
            if len(part) > 1:
                found = evaluation.mean_interval(part.to_numpy())
                row = {
                    "by": name,
                    "group": group,
                    "customers": len(part),
                    "log loss": round(found.estimate, 4),
                }
                rows.append(row | {"low": round(found.low, 4), "high": round(found.high, 4)})
    return scores, rows
