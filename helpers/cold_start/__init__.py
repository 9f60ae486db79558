"""Cold start: what is known at sign-up as the prior, what customers do as the evidence.

    table = cold_start.moments(shop.load())
    train, test = cold_start.split(table, "2025-04-01")
    hybrid = cold_start.Hybrid().fit(train)
    hybrid.predict_proba(test)               # P(category of the next event), (n, categories)

A *moment* is the instant before a customer's next event (a visit; in a shop without visits an
order). A row holds what was known then: demographics, survey answers given by then, how the
customer came, the categories of the events since the first, and, as the target, the category of the
next.
"""

from helpers.cold_start.audit import audit
from helpers.cold_start.bayes import (
    credible_interval,
    favorite_chance,
    fit_strength,
    marginal_likelihood,
    posterior_mean,
)
from helpers.cold_start.clicks import ClickPrior
from helpers.cold_start.exploration import Played, play, regret, thompson_probabilities
from helpers.cold_start.hybrid import Hybrid
from helpers.cold_start.masked import MaskedClassifier
from helpers.cold_start.moments import (
    COLUMNS,
    GROUPS,
    LENGTHS,
    NoRecommendations,
    categories,
    counts,
    events,
    log_loss,
    moments,
    split,
    warm_up,
)
from helpers.cold_start.own import compare, first_list
from helpers.cold_start.visitor import visitor

__all__ = [
    "COLUMNS",
    "GROUPS",
    "LENGTHS",
    "ClickPrior",
    "Hybrid",
    "MaskedClassifier",
    "NoRecommendations",
    "Played",
    "audit",
    "categories",
    "compare",
    "counts",
    "credible_interval",
    "events",
    "favorite_chance",
    "first_list",
    "fit_strength",
    "log_loss",
    "marginal_likelihood",
    "moments",
    "play",
    "posterior_mean",
    "regret",
    "split",
    "thompson_probabilities",
    "visitor",
    "warm_up",
]
