"""The read-out of somebody's own experiment: from a table with one row a customer, or from orders
and the arms, to a small table that is checked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.errors import ReaderError, counted, nearest
from helpers.experiments.assignment import check_ratio
from helpers.experiments.cuped import cuped
from helpers.experiments.effects import compare
from helpers.features import standing
from helpers.shop import Customers, Shop

CUSTOMER, ARM = "customer_id", "arm"
LEAST = 10  # customers of an arm whose value is not the usual one: below, no interval holds


class ExperimentError(ReaderError, ValueError):
    """An experiment that cannot be read, or must not: a sentence that says why."""


def campaign_arms(store: Shop | Customers, campaign: str) -> pd.DataFrame:
    """Who was in which arm of a shop's campaign: customer_id and arm, "control" or "treated".

    Raises ExperimentError where the shop has no campaigns, or none of this name.
    """
    if isinstance(store, Customers) or store.campaigns is None:
        raise ExperimentError(
            f"{store.name} has no table of campaigns, so it does not say who was in which arm. "
            "Read a list with the columns customer_id and arm: arms = pd.read_csv(...)."
        )
    rows = store.campaigns[store.campaigns["campaign_id"] == campaign]
    if rows.empty:
        names = store.campaigns["campaign_id"].unique()
        raise ExperimentError(f"There is no campaign {campaign!r}; there are: {', '.join(names)}.")
    arms = np.where(rows["treated"], "treated", "control")
    return pd.DataFrame({CUSTOMER: rows[CUSTOMER].to_numpy(), ARM: arms})


def outcomes(
    store: Shop | Customers,
    arms: pd.DataFrame,
    start: str | pd.Timestamp,
    days: int = 56,
    before: int | None = 91,
) -> pd.DataFrame:
    """What each customer of an experiment ordered, from a shop's orders.

    An order canceled before the end of the window counts as none. Customers without an order are
    kept, with 0.

    Args:
        store: The shop.
        arms: Columns `customer_id` and `arm`, one row a customer, whoever was assigned.
        start: The day on which the treatment began.
        days: How many days after it are read.
        before: How many days before it give the past; None for no past.

    Returns:
        One row a customer: customer_id, arm, ordered (1 or 0), spend, and spend_before.

    Raises:
        ExperimentError: No orders; a column that is missing; a customer twice; days that the orders
            do not cover; no customer of the arms among those who ordered.
    """
    if isinstance(store, Customers):
        raise ExperimentError(
            f"{store.name} has one row a customer, and no orders. If it holds an arm and an "
            "outcome, read it as it is: experiments.read_out(table, outcome=...)."
        )
    lines = store.purchases
    if lines.empty:
        raise ExperimentError(f"{store.name} has no orders.")
    begin = pd.Timestamp(start)
    end = begin + pd.Timedelta(days=days)
    past = begin if before is None else begin - pd.Timedelta(days=before)
    first, last = lines["ordered_at"].min(), lines["ordered_at"].max()
    if last < end - pd.Timedelta(days=1):
        raise ExperimentError(
            f"The orders of {store.name} end on {last:%Y-%m-%d}, and the {days} days from "
            f"{begin:%Y-%m-%d} on end on {end - pd.Timedelta(days=1):%Y-%m-%d}: wait, or give "
            "fewer days."
        )
    if first.normalize() > past:
        raise ExperimentError(
            f"The orders of {store.name} begin on {first:%Y-%m-%d}, after {past:%Y-%m-%d}. "
            "Give fewer days before the start, or before=None."
        )
    found = _customers(arms, (CUSTOMER, ARM))[[CUSTOMER, ARM]].reset_index(drop=True)
    ids = found[CUSTOMER].astype(str)
    if not ids.isin(lines[CUSTOMER].astype(str)).any():
        raise ExperimentError(
            f"No customer of the arms has an order in {store.name}. Are the customers written "
            f"alike? There {lines[CUSTOMER].iloc[0]!r}, here {found[CUSTOMER].iloc[0]!r}."
        )

    def spent(since: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
        inside = standing(lines, since, until, [CUSTOMER, "amount"])
        return inside.groupby(inside[CUSTOMER].astype(str))["amount"].sum()

    during = spent(begin, end)
    found["ordered"] = ids.isin(during.index).astype(int)
    found["spend"] = ids.map(during).fillna(0.0)
    if before is not None:
        found["spend_before"] = ids.map(spent(past, begin)).fillna(0.0)
    return found


def read_out(
    table: pd.DataFrame | Customers,
    outcome: str,
    before: str | Iterable[str] = (),
    guardrails: str | Iterable[str] = (),
    control: str = "control",
    shares: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Read an experiment: first the counts of the arms, then each arm against the control.

    Args:
        table: One row a customer, with `customer_id`, `arm`, the outcome, and what is named below.
        outcome: The column of the primary metric: numbers, or true and false.
        before: Columns that were known before the treatment, for CUPED; none by default.
        guardrails: Columns of further metrics, each read in the same way.
        control: The arm that the others are compared with.
        shares: The planned share of customers by arm; equal ones by default.

    Returns:
        A row for each metric and arm: metric, role (primary, guardrail), arm, customers,
        control_customers, control_mean, effect (arm minus control), low and high, and the reading
        ("above zero", "below zero", "includes zero", "too few to read"). Intervals of 95 %; with
        several arms 1 - .05 / their number (Bonferroni).

    Raises:
        ExperimentError: A table of orders; a column that is missing, holds text or has gaps; a
            customer twice; one arm only, or no control; counts that do not fit the planned shares
            (a sample-ratio mismatch stops the read-out); an outcome of hardly any customer.
    """
    before, guardrails = _list(before), _list(guardrails)
    metrics = list(dict.fromkeys([outcome, *guardrails]))
    data = _customers(table, (CUSTOMER, ARM, *metrics, *before))
    arms = _arms(data[ARM], control, shares)
    values = {name: _numbers(data[name]) for name in [*metrics, *before]}
    treated_arms = [arm for arm in arms.unique() if arm != control]
    level = 1 - (1 - evaluation.LEVEL) / len(treated_arms)
    rows = []
    for name in metrics:
        y = values[name]
        adjusted = cuped(y, np.column_stack([values[c] for c in before])) if before else y
        for arm in sorted(treated_arms):
            rows.append(_one(name, outcome, arm, control, arms.to_numpy(), y, adjusted, level))
    return pd.DataFrame(rows)


def _one(
    name: str,
    outcome: str,
    arm: str,
    control: str,
    arms: np.ndarray,
    y: np.ndarray,
    adjusted: np.ndarray,
    level: float,
) -> dict:
    """A row of the read-out: one metric of one arm against the control."""
    here, there = arms == arm, arms == control
    row = {
        "metric": name,
        "role": "primary" if name == outcome else "guardrail",
        "arm": arm,
        "customers": int(here.sum()),
        "control_customers": int(there.sum()),
        "control_mean": y[there].mean(),
    }
    fewest = min(_unusual(y[here]), _unusual(y[there]))
    if fewest < LEAST:
        if name == outcome:
            raise ExperimentError(
                f"Too few to read: in one of the arms only {counted(fewest, 'customer')} differ "
                f"from the others in {name!r}, and {LEAST} are needed. Run the experiment longer."
            )
        return (
            row | dict.fromkeys(("effect", "low", "high"), np.nan) | {"reading": "too few to read"}
        )
    both = here | there
    effect = compare(adjusted[both], here[both], level)
    reading = "includes zero"
    if effect.low > 0:
        reading = "above zero"
    elif effect.high < 0:
        reading = "below zero"
    found = {"effect": effect.estimate, "low": effect.low, "high": effect.high}
    return row | found | {"reading": reading}


def _unusual(y: np.ndarray) -> int:
    """How many values differ from the most frequent one."""
    return len(y) - int(np.unique(y, return_counts=True)[1].max())


def _list(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _customers(table: pd.DataFrame | Customers | Shop, wanted: Iterable[str]) -> pd.DataFrame:
    """The table with these columns, and no customer twice."""
    if isinstance(table, Shop):
        raise ExperimentError(
            f"{table.name} holds orders, and no arms. Who was in which arm? With a table of "
            "customer_id and arm, experiments.outcomes(store, arms, start) makes one to read."
        )
    if isinstance(table, Customers):
        table = table.table
    if CUSTOMER not in table and CUSTOMER in table.index.names:
        table = table.reset_index()
    for name in wanted:
        if name not in table:
            close = nearest(name, table.columns)
            raise ExperimentError(
                f"There is no column {name!r}.{close} The table has: "
                f"{', '.join(map(str, table.columns))}. Another name is changed with "
                f'table.rename(columns={{"…": "{name}"}}).'
            )
    ids = table[CUSTOMER]
    if ids.isna().any():
        raise ExperimentError(f"{counted(int(ids.isna().sum()), 'row')} without a {CUSTOMER}.")
    if ids.duplicated().any():
        raise ExperimentError(
            f"The customer {ids[ids.duplicated()].iloc[0]!r} stands there more than once. A "
            "read-out needs one row a customer, the unit that was randomized: add up the rows of "
            "each customer first."
        )
    return table


def _arms(column: pd.Series, control: str, shares: Mapping[str, float] | None) -> pd.Series:
    """The arm of each customer as text, once their counts fit the planned shares."""
    if column.isna().any():
        raise ExperimentError(
            f"{counted(int(column.isna().sum()), 'customer')} without an arm: leave them out only "
            "if they were never assigned."
        )
    arms = column.astype(str)
    names = sorted(arms.unique())
    if len(names) < 2:
        raise ExperimentError(
            f"There is one arm only ({', '.join(names)}), so there is nothing to compare with: "
            "keep the control's customers in the table."
        )
    if control not in names:
        raise ExperimentError(
            f"No customer is in an arm {control!r}; the arms are: {', '.join(names)}. Name the "
            "one that got nothing new: control=..."
        )
    planned = dict.fromkeys(names, 1 / len(names)) if shares is None else shares
    try:
        check = check_ratio(arms, planned)
    except ValueError as error:
        raise ExperimentError(f"The planned shares: {error}.") from None
    if not check.ok:
        hint = "" if shares is not None else " (Equal shares are taken; others: shares={...}.)"
        raise ExperimentError(f"{check}{hint}")
    return arms


def _numbers(column: pd.Series) -> np.ndarray:
    """A column as floats (n,), none missing."""
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
        raise ExperimentError(
            f"The column {column.name!r} holds no numbers but, for example, {column.iloc[0]!r}. "
            f"A metric is a number, or true and false: table[{column.name!r}] == ..."
        )
    if column.isna().any():
        raise ExperimentError(
            f"{counted(int(column.isna().sum()), 'customer')} without a value in "
            f"{column.name!r}: write 0 for those who did nothing."
        )
    return column.to_numpy(dtype=float)
