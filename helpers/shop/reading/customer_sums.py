"""What sums up the orders of each customer: found in columns, or made from them, and told apart."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.errors import counted
from helpers.shop.customers import MEANING
from helpers.shop.reading.ledger import Ledger
from helpers.shop.reading.names import Match, plain
from helpers.shop.reading.vocabulary import NAMES, SUMMED, WAYS_TO_BUY

DATES = ("last_ordered_at", "first_ordered_at")
DAY = pd.Timedelta("1D")


def add_up_ways(ledger: Ledger, table: pd.DataFrame) -> None:
    """Where orders or money stand once for each way to buy (online, offline), take their sum."""
    for role in ("frequency", "monetary"):
        if role in ledger or role in ledger.wishes.columns or role in table:
            continue
        usual_names = {name for tier in NAMES[role] for name in tier.split()}
        parts = []
        for name in table.select_dtypes("number"):
            words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
            rest = "".join(word for word in words if word not in WAYS_TO_BUY)
            if rest != "".join(words) and rest in usual_names:
                parts.append(name)
        if len(parts) > 1:
            table[role] = table[parts].sum(axis=1, min_count=len(parts))
            how = f"the sum of {', '.join(map(repr, parts))}"
            ledger.roles[role] = Match(role, how)


def check_numbers(ledger: Ledger, table: pd.DataFrame) -> None:
    """A role of numbers needs a column of numbers; days and counts are not below 0."""
    for role in [role for role in SUMMED if role in ledger and role not in DATES]:
        name = ledger.roles[role].column
        whole = "whole " if role in ("frequency", "repeats") else ""
        if not pd.api.types.is_numeric_dtype(table[name]) or (
            whole and (table[name].dropna() % 1 != 0).any()
        ):
            del ledger.roles[role]
            ledger.warnings.append(
                f"{name!r} does not hold {whole}numbers: it is not the {MEANING[role]}"
            )
        elif role != "monetary" and (table[name] < 0).any():
            below = int((table[name] < 0).sum())
            ledger.warnings.append(
                f"{name!r}: {counted(below, 'customer')} below 0, which cannot be ({MEANING[role]})"
            )
    for role in [role for role in DATES if role in ledger]:
        name = ledger.roles[role].column
        if table[name].isna().all():
            del ledger.roles[role]
            ledger.warnings.append(f"{name!r} holds no dates: it is not the {MEANING[role]}")


def from_dates(ledger: Ledger, table: pd.DataFrame) -> None:
    """Days since the first and the last order, counted to the day after the last of all."""
    dates = [ledger.roles[role].column for role in DATES if role in ledger]
    if "last_ordered_at" not in ledger:
        return
    as_of = table[dates].max().max().normalize() + DAY
    for role, of in (("recency", "last_ordered_at"), ("tenure", "first_ordered_at")):
        if of not in ledger or role in ledger or role in ledger.wishes.columns or role in table:
            continue
        name = ledger.roles[of].column
        table[role] = (as_of - table[name]) / DAY
        ledger.roles[role] = Match(
            role, f"days from {name!r} to {as_of:%Y-%m-%d}, the day after the last"
        )


def as_lifetime_counts(ledger: Ledger, table: pd.DataFrame) -> None:
    """Tell the two meanings of recency and frequency beside a tenure apart.

    Models of lifetime count from the first purchase: frequency is 0, and recency 0, for whoever
    bought once. Elsewhere frequency is 1 then, and recency (since the last order) is the tenure.
    """
    roles = ("recency", "frequency", "tenure")
    told = {*roles, "repeats", "last"} & set(ledger.wishes.columns)
    if not told and set(roles) <= set(ledger.roles) and "last_ordered_at" not in ledger:
        names = [ledger.roles[role].column for role in roles]
        recency, frequency, tenure = table[names].dropna().to_numpy(dtype=float).T
        none, once = frequency == 0, frequency == 1
        if (recency > tenure).any():
            del ledger.roles["tenure"]
            ledger.warnings.append(
                f"{names[2]!r} is below {names[0]!r} for some customers: it is not the "
                f"{MEANING['tenure']}"
            )
        elif none.any() and (none == (recency == 0)).all():
            how = "0 for whoever bought once, as models of lifetime count"
            del ledger.roles["frequency"], ledger.roles["recency"]
            ledger.roles |= {"repeats": Match(names[1], how), "last": Match(names[0], how)}
        elif none.any() or (
            plain(names[2]) in ("t", "tcal")
            and not (once.any() and np.allclose(recency[once], tenure[once], atol=1))
        ):
            del ledger.roles["frequency"], ledger.roles["recency"]
            ledger.warnings.append(
                f"are {names[0]!r} and {names[1]!r} the {MEANING['recency']} and the "
                f"{MEANING['frequency']}, or the {MEANING['last']} and the {MEANING['repeats']}? "
                f'Nothing decides, so neither is used. Say it: columns={{"recency": '
                f'"{names[0]}", "frequency": "{names[1]}"}} or columns={{"last": "{names[0]}", '
                f'"repeats": "{names[1]}"}}'
            )
    if "repeats" in ledger and "monetary" in ledger and "monetary" not in ledger.wishes.columns:
        name = ledger.roles["monetary"].column
        if plain(name) == "monetaryvalue":
            del ledger.roles["monetary"]
            ledger.warnings.append(
                f"{name!r} is not used: in such a summary it is the mean of the purchases after "
                f"the first, and not the {MEANING['monetary']}"
            )


def abilities(table: pd.DataFrame, roles: dict[str, str]) -> tuple[str, ...]:
    """What can be done with a table of customers, and what cannot, a sentence each."""
    numbers = list(table.select_dtypes("number"))
    said = [
        f"Segments: yes, by any of {counted(len(numbers), 'column')} of numbers."
        if numbers
        else "Segments: no, there is no column of numbers."
    ]
    said.append(_able("RFM groups", ("recency", "frequency", "monetary"), roles))
    counts = ("repeats", "last", "tenure")
    if not {"repeats", "last"} & set(roles):
        counts = ("frequency", "recency", "tenure")
    said.append(_able("How many will buy (BG/NBD)", counts, roles))
    said.append(
        "Features at a cut-off, targets, models of who buys, cohorts: no. They need the orders "
        "themselves: a row per order, with customer, time and amount."
    )
    return tuple(said)


def _able(what: str, needed: tuple[str, ...], roles: dict[str, str]) -> str:
    lacking = [f"the {MEANING[role]} ({role})" for role in needed if role not in roles]
    if lacking:
        return f"{what}: no. No column says {' nor '.join(lacking)}."
    return f"{what}: yes, from {', '.join(repr(roles[role]) for role in needed)}."
