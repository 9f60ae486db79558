"""A model's scores as an expression: written as SQL, they are computed where the customers lie."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

import ibis
import pandas as pd
from ibis import _

from helpers import features, models, segments
from helpers.errors import ModelError
from helpers.features.expressions import KEY, columns_of, define_inputs, define_transformed
from helpers.features.warehouse import command
from helpers.production.model import Model
from helpers.production.scoring import NO_ORDER, not_before_training, not_retired


def define_scores(
    model: Model, tables: Mapping[str, ibis.Table], as_of: str | pd.Timestamp
) -> ibis.Table:
    """Return the expression of `customer_id`, `segment` (text) and `propensity` (0 to 1) of every
    customer known at `as_of`, as `score` gives them, before rounding; in no order.

    Args:
        model: What `train` returned.
        tables: Ibis tables by name, in the schema of `helpers.shop`, those that `needed` names.
        as_of: The moment to score at, without time zone.

    Raises:
        ModelError: The model is past its day or younger than `as_of`, a table that it needs is not
            there, or it holds a step that cannot be written.
        ValueError: `as_of` is no moment.
    """
    moment = features.cutoff(as_of)
    not_before_training(model, moment)
    not_retired(model, moment)
    if lacking := [name for name in needed(model) if name not in tables]:
        raise ModelError(f"the model needs the tables {', '.join(lacking)}, too")
    known = features.define(tables, moment, model.card.categories)
    rates = model.propensity["prepare"]["rates"]
    inputs = define_inputs(rates, known)
    seen = inputs.select(KEY, **define_transformed(rates, columns_of(inputs), {}))
    scores = models.define_probability(model.propensity, seen)
    labels = segments.define_labels(model.segment, seen.filter(_.frequency > 0))
    joined = scores.left_join(labels, KEY)
    name = ("segment " + joined.segment.cast("string")).fill_null(NO_ORDER)
    return joined.select(KEY, segment=name, propensity=joined.propensity)


def needed(model: Model) -> list[str]:
    """The tables without which the model lacks a feature."""
    witnesses = {"visits": "visits", "account_age": "customers"}
    return ["purchases"] + [t for feature, t in witnesses.items() if feature in model.card.features]


def write(model: Model, chosen: argparse.Namespace) -> None:
    """Write the folder that the command `sql` asks for; raises as `define_scores` and
    `write_sql`."""
    tables: Sequence[str] = chosen.tables or needed(model)
    command.write(
        chosen,
        "scores",
        f"The segment, and the propensity ({model.card.name}), of each customer at the cut-off; "
        f"the model learned from orders up to {model.card.as_of}.",
        lambda given: define_scores(model, given, chosen.as_of),
        tables,
        model.card.categories,
    )
