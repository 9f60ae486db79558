"""The catalogue of algorithms: each a scikit-learn pipeline with everything that it learns inside.

    models.model("logistic regression").fit(train[columns], train["high_value"])

takes the columns of `features.build` as they are: missing values, flags and text included.
`rebalance` puts a strategy against imbalance into such a pipeline; `Recipe` chooses among models.
"""

from helpers.models.catalogue import ALGORITHMS, Checked, OneColumn, average, model, space
from helpers.models.imbalance import STRATEGIES, correct_prior, rebalance
from helpers.models.preparation import prepare, signed_log1p
from helpers.models.recipe import Recipe

__all__ = [
    "ALGORITHMS",
    "STRATEGIES",
    "Checked",
    "OneColumn",
    "Recipe",
    "average",
    "correct_prior",
    "model",
    "prepare",
    "rebalance",
    "signed_log1p",
    "space",
]
