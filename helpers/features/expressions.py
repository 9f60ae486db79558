"""What fitted scikit-learn transformers do, as Ibis expressions that run where the data lie.

    known = define_inputs(pipeline, table)
    columns = define_transformed(pipeline, columns_of(known), FUNCTIONS)
    known.select("customer_id", **columns)

The answers are scikit-learn's. Where it would stop with an error (a missing value that no step
fills, the logarithm of a negative number, a level that an encoder refuses) they are NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce, singledispatch
from operator import add
from typing import Any

import ibis
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from helpers.errors import ModelError, counted
from helpers.features.shrinkage import RATES, ShrinkRates

KEY = "customer_id"
LARGEST = 1e300  # what is above, or not a number, is taken as missing

Columns = dict[str, ibis.Value]
Functions = Mapping[Any, Callable[[ibis.Value], ibis.Value]]

# What a FunctionTransformer may do, by its function.
FUNCTIONS: Functions = {
    None: lambda value: value,
    np.log1p: lambda value: ibis.cases((value > -1, (1 + value).ln())),
}


class NoExpression(ModelError, ValueError):
    """A fitted model that cannot be written as an expression, or not over this table."""


def define_inputs(model: Any, table: ibis.Table) -> ibis.Table:
    """Return `customer_id` and the columns of `table` that a fitted model learned from, in order.

    Of a model that saw no names: all others. Numbers and flags are float64; NaN is NULL: both are
    missing. Raises NoExpression where the table lacks a column, or has another number of them.
    """
    known = getattr(model, "feature_names_in_", None)
    names = [name for name in table.columns if name != KEY] if known is None else list(known)
    if lacking := [name for name in [KEY, *names] if name not in table.columns]:
        raise NoExpression(f"the table lacks the columns {', '.join(lacking)}")
    if len(names) != model.n_features_in_:
        raise NoExpression(
            f"the model learned from {counted(model.n_features_in_, 'column')} without names; "
            f"the table has {len(names)} beside {KEY}: {', '.join(names)}"
        )
    return table.select(KEY, **{name: _input(table[name]) for name in names})


def columns_of(table: ibis.Table) -> Columns:
    """The columns of a table but `customer_id`, by name."""
    return {name: table[name] for name in table.columns if name != KEY}


def weighted_sum(
    values: Iterable[ibis.Value], weights: Iterable[float], constant: float
) -> ibis.Value:
    """The sum of values times weights, and a constant; NULL where a value is."""
    terms = [ibis.literal(float(constant))]
    terms += [value * float(weight) for value, weight in zip(values, weights, strict=True)]
    while len(terms) > 1:  # by pairs, for a long chain of additions is too deep to be written
        terms = [reduce(add, terms[place : place + 2]) for place in range(0, len(terms), 2)]
    return terms[0]


def _input(value: ibis.Value) -> ibis.Value:
    kind = value.type()
    if kind.is_boolean():
        value = value.cast("int32")  # not every engine makes a float of a flag
    elif not kind.is_numeric():
        return value
    number = value.cast("float64")
    # For an engine NaN is above all numbers, or no comparison with it holds; some have no NaN.
    return ibis.cases((number.abs() < LARGEST, number)) if kind.is_floating() else number


@singledispatch
def define_transformed(transformer: Any, columns: Columns, functions: Functions) -> Columns:
    """Return what a fitted transformer makes of columns, each an expression.

    Args:
        transformer: A Pipeline, ColumnTransformer, FunctionTransformer, StandardScaler,
            SimpleImputer, OneHotEncoder (without `drop`) or ShrinkRates, fitted.
        columns: Those it was fitted to, in their order, with the types of `define_inputs`.
        functions: What a FunctionTransformer may do: FUNCTIONS, or more.

    Returns:
        The columns it gives, by name, in the order of its `get_feature_names_out`.

    Raises:
        NoExpression: A transformer, or a setting of one, that is not known here.
    """
    raise NoExpression(
        f"{type(transformer).__name__} cannot be written as an expression; what can: Pipeline, "
        "ColumnTransformer, FunctionTransformer, StandardScaler, SimpleImputer, OneHotEncoder, "
        "ShrinkRates"
    )


@define_transformed.register
def _(transformer: Pipeline, columns: Columns, functions: Functions) -> Columns:
    for _name, step in transformer.steps:
        if step not in (None, "passthrough"):
            columns = define_transformed(step, columns, functions)
    return columns


@define_transformed.register
def _(transformer: ColumnTransformer, columns: Columns, functions: Functions) -> Columns:
    prefixed = transformer.verbose_feature_names_out
    if not isinstance(prefixed, bool):
        raise NoExpression("ColumnTransformer with names of its own for columns is not known here")
    found: Columns = {}
    for part, step, chosen in transformer.transformers_:
        names = _names(chosen, list(columns))
        if not names or (isinstance(step, str) and step == "drop"):
            continue
        made = {name: columns[name] for name in names}
        if not isinstance(step, str):
            made = define_transformed(step, made, functions)
        found |= {f"{part}__{name}" if prefixed else name: value for name, value in made.items()}
    return found


def _names(chosen: Any, names: list[str]) -> list[str]:
    """The names of columns chosen by name, place, mask or slice."""
    if isinstance(chosen, str):
        return [chosen]
    by_name = not isinstance(chosen, slice) and all(isinstance(each, str) for each in chosen)
    return list(chosen if by_name else np.array(names, dtype=object)[chosen])


@define_transformed.register
def _(transformer: FunctionTransformer, columns: Columns, functions: Functions) -> Columns:
    if transformer.func not in functions or transformer.kw_args:
        name = getattr(transformer.func, "__name__", transformer.func)
        raise NoExpression(f"the function {name} of a FunctionTransformer is not known here")
    function = functions[transformer.func]
    return {name: function(value) for name, value in columns.items()}


@define_transformed.register
def _(transformer: StandardScaler, columns: Columns, functions: Functions) -> Columns:
    means = transformer.mean_ if transformer.with_mean else np.zeros(len(columns))
    scales = transformer.scale_ if transformer.with_std else np.ones(len(columns))
    return {
        name: (value - float(mean)) / float(scale)
        for (name, value), mean, scale in zip(columns.items(), means, scales, strict=True)
    }


@define_transformed.register
def _(transformer: SimpleImputer, columns: Columns, functions: Functions) -> Columns:
    if not pd.isna(transformer.missing_values):
        raise NoExpression(
            f"SimpleImputer that fills {transformer.missing_values!r} is not known here; "
            "one that fills NaN is"
        )
    values = list(columns.values())
    filled = [
        value.fill_null(fill if value.type().is_string() else float(fill))
        for value, fill in zip(values, transformer.statistics_, strict=True)
        if not pd.isna(fill)  # of a column without any value, which is dropped
    ]
    if transformer.add_indicator:
        gaps = [values[place] for place in transformer.indicator_.features_]
        filled += [_one_where(value.isnull()) for value in gaps]
    return dict(zip(transformer.get_feature_names_out(list(columns)), filled, strict=True))


@define_transformed.register
def _(transformer: OneHotEncoder, columns: Columns, functions: Functions) -> Columns:
    if transformer.drop is not None:
        raise NoExpression("OneHotEncoder that drops a level is not known here")
    unknown = transformer.handle_unknown
    rare = getattr(transformer, "infrequent_categories_", [None] * len(columns))
    found: list[ibis.Value] = []
    for value, levels, seldom in zip(columns.values(), transformer.categories_, rare, strict=True):
        seen = _is_one_of(value, levels)
        usual = levels if seldom is None else levels[~pd.Index(levels).isin(seldom)]
        flags = [_is_one_of(value, [level]) for level in usual]
        if seldom is not None:
            together = _is_one_of(value, seldom)
            flags.append(together if unknown == "ignore" else together | ~seen)
        ones = [_one_where(flag) for flag in flags]
        found += [ibis.cases((seen, one)) for one in ones] if unknown == "error" else ones
    return dict(zip(transformer.get_feature_names_out(list(columns)), found, strict=True))


@define_transformed.register
def _(transformer: ShrinkRates, columns: Columns, functions: Functions) -> Columns:
    shrunk = {}
    for rate, (alpha, beta) in transformer.priors_.items():
        part, count, is_share = RATES[rate]
        successes, trials = columns[part].fill_null(0.0), columns[count]
        if is_share:
            successes = successes * trials
        shrunk[rate] = (successes + alpha) / (trials + (alpha + beta))
    return columns | shrunk


def _one_where(condition: ibis.Value) -> ibis.Value:
    return condition.ifelse(1.0, 0.0)


def _is_one_of(value: ibis.Value, levels: Sequence[Any]) -> ibis.Value:
    """Whether a value is one of the levels, missing among them or not; never NULL."""
    is_text = value.type().is_string()
    there = [level if is_text else float(level) for level in levels if not pd.isna(level)]
    found = value.isin(there).fill_null(False)
    return found | value.isnull() if len(there) < len(levels) else found
