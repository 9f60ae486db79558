"""The hybrid: a prior from what is known at sign-up, moved by what the customer does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from helpers import models
from helpers.cold_start import bayes
from helpers.cold_start.moments import COLUMNS, categories, counts, indicator

PROFILES = 50  # training customers over whom the prior is averaged where a field is not known


class Hybrid(BaseEstimator):
    """P(category of the next event) = (counts + M · prior(x)) / (n + M).

    prior(x) is a multinomial regression of the next category on `columns`; every customer weighs
    the same in it, however many rows they have. M is fitted by marginal likelihood to the histories
    of the same training customers, or given. Without columns the prior is popularity: the same for
    all.

    The first event is used once: by the prior where landing_category is among the columns, as one
    more count where it is not.

    Where a value is missing in a column that was never missing in training (among those who
    answered the survey, or among the silent), the model has not learned what missing means; the
    prior is then averaged over the values of 50 training customers.

    Parameters
    ----------
    columns : names from `COLUMNS`; columns without any value in training are passed over.
    strength : "auto", or M.

    Attributes
    ----------
    categories_ : list of the K categories, in the order of every (n, K).
    columns_ : the columns in use.
    levels_ : the values seen in training by column.
    strength_ : M.
    customers_ : ids of the customers it learned from.
    """

    def __init__(self, columns: Sequence[str] = tuple(COLUMNS), strength: float | str = "auto"):
        self.columns = columns
        self.strength = strength

    def fit(self, table: pd.DataFrame, y: object = None) -> Hybrid:
        """Learn prior and strength from `moments` of customers to learn from.

        Raises ValueError for an unknown column, a negative strength, or a table without rows.
        """
        if unknown := [name for name in self.columns if name not in COLUMNS]:
            raise ValueError(
                f"no column {', '.join(map(repr, unknown))}; there are: {', '.join(COLUMNS)}"
            )
        if self.strength != "auto" and not (
            isinstance(self.strength, (int, float)) and self.strength >= 0
        ):
            raise ValueError(f"the strength is 'auto' or a number from 0 on, not {self.strength!r}")
        if table.empty:
            raise ValueError("there is no moment to learn from")
        self.categories_ = categories(table)
        self.columns_ = [name for name in self.columns if table[name].notna().any()]
        self.levels_ = {name: sorted(table[name].dropna().unique()) for name in self.columns_}
        self.customers_ = pd.Index(table["customer_id"].unique())
        weight = 1 / table.groupby("customer_id")["customer_id"].transform("size").to_numpy()
        target = indicator(table["next_category"], self.categories_)
        # a count for each category, so that one never seen as the next keeps a chance
        self.popularity_ = (weight @ target + 1) / (weight @ target + 1).sum()
        self.profiles_ = {
            bool(answered): rows[
                [name for name in self.columns_ if rows[name].notna().all()]
            ].sample(PROFILES, replace=True, random_state=0, ignore_index=True)
            for answered, rows in table.groupby("answered")
        }
        self.model_ = None
        if self.columns_ and len(table["next_category"].unique()) > 1:
            with threadpool_limits(limits=1):  # at this size threads wait for each other
                self.model_ = models.model("logistic regression").fit(
                    table[self.columns_], table["next_category"], classifier__sample_weight=weight
                )
        auto = self.strength == "auto"
        self.strength_ = self._fit_strength(table) if auto else float(self.strength)
        return self

    def prior(self, table: pd.DataFrame) -> np.ndarray:
        """The prior mean of each row (n, K): what would be predicted without any event.

        Raises NotFittedError before `fit`.
        """
        check_is_fitted(self)
        if self.model_ is None:
            return np.tile(self.popularity_, (len(table), 1))
        known = table[self.columns_].assign(answered=table["answered"]).reset_index(drop=True)
        same = known.groupby([*known], dropna=False, sort=False).ngroup()
        unique = known[~same.duplicated()].reset_index(drop=True)
        result = np.empty((len(unique), len(self.categories_)))
        for answered, rows in unique.groupby("answered"):
            profiles = self.profiles_.get(bool(answered), next(iter(self.profiles_.values())))
            gap = rows[profiles.columns].isna().any(axis=1)
            if not gap.all():
                result[rows.index[~gap]] = self._predict(rows.loc[~gap, self.columns_])
            if gap.any():
                result[rows.index[gap]] = self._average(rows.loc[gap, self.columns_], profiles)
        return result[same]

    def _average(self, rows: pd.DataFrame, profiles: pd.DataFrame) -> np.ndarray:
        """The mean over the profiles, their values in place of those missing (n, K)."""
        each = rows.loc[rows.index.repeat(len(profiles))].reset_index(drop=True)
        filler = pd.concat([profiles] * len(rows), ignore_index=True)
        each[profiles.columns] = each[profiles.columns].fillna(filler)
        return self._predict(each).reshape(len(rows), len(profiles), -1).mean(axis=1)

    def _predict(self, known: pd.DataFrame) -> np.ndarray:
        """The regression's probabilities (n, K)."""
        assert self.model_ is not None, "without a model the prior is popularity"
        p = pd.DataFrame(self.model_.predict_proba(known), columns=self.model_.classes_)
        filled = p.reindex(columns=self.categories_, fill_value=1e-6).to_numpy()
        return filled / filled.sum(axis=1, keepdims=True)

    def counts(self, table: pd.DataFrame) -> np.ndarray:
        """The events that count as evidence (n, K). Raises NotFittedError before `fit`."""
        check_is_fitted(self)
        return counts(table, first="landing_category" not in self.columns_)

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        """P(category of the next event) (n, K), columns as in `categories_`."""
        return bayes.posterior_mean(self.counts(table), self.prior(table), self.strength_)

    def _fit_strength(self, table: pd.DataFrame) -> float:
        """By customer: everything in the longest history and the event after it, against the prior
        of the first row, which knew of none of them."""
        first, last = (
            table.drop_duplicates("customer_id"),
            table.drop_duplicates("customer_id", keep="last"),
        )
        history = self.counts(last) + indicator(last["next_category"], self.categories_)
        return bayes.fit_strength(history, self.prior(first))
