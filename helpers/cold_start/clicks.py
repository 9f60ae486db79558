"""From the prior of a customer's taste to a prior of their click rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
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

    A shop shows to each customer what it believes they like, so that plain counts of its log are
    too high. Each impression therefore counts (1 / K) / propensity times in both fits: as if each
    of the K categories had been shown equally often to everybody (Horvitz & Thompson 1952).

    Attributes
    ----------
    strength_ : impressions that the prior is worth.
    """

    def fit(self, impressions: pd.DataFrame, table: pd.DataFrame, hybrid: Hybrid) -> ClickPrior:
        """Learn from impressions.

        Args:
            impressions: Rows of the shop's table, recorded before the moment of the fit. Those
                without a propensity above 0 are passed over.
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
        use &= (impressions["propensity"] > 0).to_numpy()
        shown, place, column = impressions[use], place[use], column[use]
        clicked = shown["clicked"].to_numpy(dtype=float)
        if clicked.sum() == 0 or clicked.all():
            raise ValueError(
                f"{len(shown)} impressions of these customers with a propensity above 0, "
                f"{clicked.sum():.0f} clicked"
            )
        share = prior[place, column]
        position = shown["position"].to_numpy()
        weight = 1 / len(hybrid.categories_) / shown["propensity"].to_numpy(dtype=float)
        self.model_ = LogisticRegression(C=10, max_iter=1_000).fit(
            self._columns(share, position), clicked, sample_weight=weight
        )
        # the strength from the first position: further down a click also needs a look
        pairs = pd.DataFrame({"row": place, "column": column, "clicked": clicked, "weight": weight})
        pairs = pairs.assign(at=shown["shown_at"].to_numpy(), mean=self._rate(share))
        self.strength_ = _fit_strength(pairs[position == 1])
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


def _fit_strength(shown: pd.DataFrame) -> float:
    """The strength under which the clicks are likeliest, by impressions `shown`: row (of the
    customer), column (of the category), at, clicked, mean (of the prior), weight.

    By the chain rule the marginal likelihood of a customer's clicks on a category is a product:
    each click's chance given those before, (M mean + clicked) / (M + shown). The logarithm of each
    factor is weighted. Weighted counts would not do: one click of weight 5 is not five clicks.
    """
    shown = shown.sort_values("at", kind="stable")
    pairs = shown.groupby(["row", "column"])["clicked"]
    before = pairs.cumcount().to_numpy()
    clicks_before = pairs.cumsum().to_numpy() - shown["clicked"].to_numpy()
    if not (before > 0).any():
        raise ValueError("nobody was shown a category twice, so the strength cannot be learned")
    clicked, weight = shown["clicked"].to_numpy() > 0, shown["weight"].to_numpy()
    mean = shown["mean"].to_numpy()

    def loss(log_strength: float) -> float:
        strength = np.exp(log_strength)
        chance = (strength * mean + clicks_before) / (strength + before)
        return -(weight * np.log(np.where(clicked, chance, 1 - chance))).sum()

    ends = (float(np.log(bayes.STRENGTHS[0])), float(np.log(bayes.STRENGTHS[1])))
    found = minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))
