"""A linear model's probability as an Ibis expression, computed where the customers lie."""

from __future__ import annotations

import ibis
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from helpers.features.expressions import (
    FUNCTIONS,
    KEY,
    NoExpression,
    columns_of,
    define_inputs,
    define_transformed,
    weighted_sum,
)
from helpers.models.preparation import signed_log1p, to_numbers

STEEPEST = 700.0  # log-odds; beyond, the exponential is an error on some engines


def _signed_log1p(value: ibis.Value) -> ibis.Value:
    return value.sign() * (1 + value.abs()).ln()


KNOWN = {**FUNCTIONS, signed_log1p: _signed_log1p, to_numbers: lambda value: value}


def define_probability(pipeline: Pipeline, table: ibis.Table) -> ibis.Table:
    """Return the expression of the probability that a fitted logistic regression gives.

        fitted = models.model("logistic regression").fit(train[columns], train["high_value"])
        scores = models.define_probability(fitted, features.define(tables, as_of))

    Args:
        pipeline: The steps before are any that `features.expressions` knows, those of
            `models.prepare` among them; the last is a LogisticRegression of two classes.
        table: `customer_id` and the columns that the pipeline learned from; NaN and NULL are both
            missing.

    Returns:
        A row per row of `table`: `customer_id`, `propensity` (float64), the second column of
        `pipeline.predict_proba`; NULL where that would be an error.

    Raises:
        NoExpression: The table lacks a column, or a step is not known.
    """
    regression = pipeline[-1]
    if not isinstance(regression, LogisticRegression):
        raise NoExpression(
            f"{type(regression).__name__} has no probability that can be written as an expression; "
            "LogisticRegression has"
        )
    if len(regression.classes_) != 2:
        raise NoExpression(f"a probability of two classes, not of {len(regression.classes_)}")
    known = define_inputs(pipeline, table)
    columns = define_transformed(pipeline[:-1], columns_of(known), KNOWN)
    weights, constant = regression.coef_[0], regression.intercept_[0]
    log_odds = weighted_sum(columns.values(), weights, constant)
    scored = known.select(KEY, log_odds=log_odds)
    size = ibis.greatest(-scored.log_odds.abs(), -STEEPEST).exp()  # never above 1
    above, below = 1 / (1 + size), size / (1 + size)
    propensity = ibis.cases((scored.log_odds >= 0, above), (scored.log_odds < 0, below))
    return scored.select(KEY, propensity=propensity)
