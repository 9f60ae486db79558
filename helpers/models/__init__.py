"""The catalogue of algorithms: each a scikit-learn pipeline with everything that it learns inside.

    models.model("logistic regression").fit(train[columns], train["high_value"])

takes the columns of `features.build` as they are: missing values, flags and text included.
`rebalance` puts a strategy against imbalance into such a pipeline; `Recipe` chooses among models.
"""

from helpers.models.catalogue import ALGORITHMS, Checked, OneColumn, average, model, space
from helpers.models.expressions import define_probability
from helpers.models.imbalance import STRATEGIES, correct_prior, rebalance
from helpers.models.preparation import prepare, signed_log1p
from helpers.models.recipe import Recipe
from helpers.models.search import best, search, settings, simplest_within_one_se

__all__ = [
    "ALGORITHMS",
    "STRATEGIES",
    "Checked",
    "OneColumn",
    "Recipe",
    "average",
    "best",
    "correct_prior",
    "define_probability",
    "model",
    "prepare",
    "rebalance",
    "search",
    "settings",
    "signed_log1p",
    "simplest_within_one_se",
    "space",
]
