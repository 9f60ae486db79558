"""From the prior of a customer's taste to a prior of their click rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from helpers.cold_start import bayes
from helpers.cold_start.hybrid import Hybrid


class ClickPrior(BaseEstimator):
    """A beta prior of each click rate, learned from impressions shown to earlier customers.

    P(click) is a logistic regression on the log of the customer's prior share of the category and
    on the position; how far customers differ around it is fitted by marginal likelihood, as for the
    shares of the taste.

    Attributes
    ----------
    strength_ : impressions that the prior is worth.
    """

    def fit(self, impressions: pd.DataFrame, table: pd.DataFrame, hybrid: Hybrid) -> ClickPrior:
        """Learn from impressions.

        Args:
            impressions: Rows of the shop's table, recorded before the moment of the fit.
            table: `moments` of earlier customers, a row each. Impressions of others, and those
                shown before a customer's moment, are passed over.
            hybrid: Fitted; it gives their priors.

        Raises ValueError where no impression is left, or none of them was clicked.
        """
        prior = hybrid.prior(table)
        place = pd.Index(table["customer_id"]).get_indexer(impressions["customer_id"])
        column = pd.Index(hybrid.categories_).get_indexer(impressions["category"])
        since = table["moment"].to_numpy()[place]
        use = (place >= 0) & (column >= 0) & (impressions["shown_at"].to_numpy() >= since)
        shown, place, column = impressions[use], place[use], column[use]
        clicked = shown["clicked"].to_numpy(dtype=float)
        if clicked.sum() == 0 or clicked.all():
            raise ValueError(
                f"{len(shown)} impressions of these customers, {clicked.sum():.0f} clicked"
            )
        share = prior[place, column]
        position = shown["position"].to_numpy()
        self.model_ = LogisticRegression(C=10, max_iter=1_000).fit(
            self._columns(share, position), clicked
        )
        # the strength from the first position: further down a click also needs a look
        top = position == 1
        pairs = pd.DataFrame({"row": place[top], "column": column[top], "clicked": clicked[top]})
        tried = pairs.groupby(["row", "column"])["clicked"].agg(["sum", "size"]).reset_index()
        mean = self._rate(prior[tried["row"], tried["column"]])
        counts = np.column_stack([tried["sum"], tried["size"] - tried["sum"]])
        self.strength_ = bayes.fit_strength(counts, np.column_stack([mean, 1 - mean]))
        return self

    def parameters(self, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """a and b of the beta prior at the first position, (n, K) each, by prior shares (n, K)."""
        check_is_fitted(self)
        mean = self._rate(prior.ravel()).reshape(prior.shape)
        return self.strength_ * mean, self.strength_ * (1 - mean)

    def _rate(self, share: np.ndarray) -> np.ndarray:
        return self.model_.predict_proba(self._columns(share, np.ones(len(share))))[:, 1]

    @staticmethod
    def _columns(share: np.ndarray, position: np.ndarray) -> np.ndarray:
        log = np.log(np.maximum(share, 1e-6))
        return np.column_stack([log, position == 2, position >= 3]).astype(float)
