"""Segments of one's own customers: from what was read to a list that a colleague can use."""

from __future__ import annotations

import pandas as pd

from helpers import features
from helpers.errors import ReaderError, counted
from helpers.segments.profiles import nearly_constant
from helpers.shop import Customers, Shop

FEATURES = ["recency", "frequency", "monetary", "category_interest_score"]
MISSING = 0.1  # share of the customers; a column that lacks more would cost too many of them
FEWEST = 10  # customers, below which nothing is asked about segments
AT_FIRST = 4  # columns chosen where the table says neither recency nor frequency nor monetary
VALUES = 10  # different ones that a column of amounts has, and one of flags and codes has not


class NoSegments(ReaderError, ValueError):
    """Customers of whom no segments can be made."""


def offered(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The columns of `table` (customers × any) that are good for segments: numbers, not negative,
    not the same for all, hardly any missing; customers without a value in one of them are left out.
    And a sentence on the columns left out, empty where none is.

    Raises NoSegments where no column is left, or fewer than ten customers.
    """
    numbers = table.select_dtypes("number")
    why = {
        "the same for all": [n for n in numbers if numbers[n].nunique() < 2],
        "with values below 0": [n for n in numbers if numbers[n].min() < 0],
        f"missing for more than {MISSING:.0%}": [
            n for n in numbers if numbers[n].isna().mean() > MISSING
        ],
    }
    out = {name: reason for reason, names in reversed(why.items()) for name in names}
    kept = [name for name in numbers if name not in out]
    if not kept:
        raise NoSegments(
            "No column is left for segments: it takes numbers, not below 0, not the same for all."
        )
    usable = numbers[kept].dropna()
    if len(usable) < FEWEST:
        raise NoSegments(f"Only {counted(len(usable), 'customer')} with a value; ten are needed.")
    each = ", ".join(f"{name} ({reason})" for name, reason in out.items())
    return usable, f"Left out: {each}." if out else ""


def first_choice(customers: Customers, table: pd.DataFrame) -> list[str]:
    """The features chosen at first: those of the course where the table has them, else the first
    few columns of amounts."""
    names = [customers.roles.get(name, name) for name in FEATURES]
    usual = [name for name in names if name in table]
    if len(usual) > 1:
        return usual
    amounts = [name for name in table if table[name].nunique() > VALUES] or list(table)
    return list(dict.fromkeys([*usual, *amounts]))[:AT_FIRST]


def customer_table(store: Shop | Customers) -> pd.DataFrame:
    """The customers of a shop for segments, one row each, by what is known of them; prints what was
    taken, and what the shop lacks.

    Of orders: whoever has bought, by `FEATURES` up to the day after the last order. Of a table with
    one row a customer: these where it has them, else its first few columns of amounts. A column
    that is missing or the same for all is left out. Raises NoSegments where nothing is left.
    """
    if isinstance(store, Customers):
        chosen = first_choice(store, offered(store.table)[0])
        (table, said), until = offered(store.table[chosen]), ""
    else:
        last = store.purchases["ordered_at"].max()
        if pd.isna(last):
            raise NoSegments("There are no orders in this shop, so there is nobody to segment.")
        as_of = last.normalize() + pd.Timedelta(days=1)
        known = features.build(store, as_of)
        table, said = offered(known.loc[~known["never_bought"], FEATURES])
        until = f" with an order up to {last:%Y-%m-%d}"
    print(f"{counted(len(table), 'customer')}{until}. Columns used: {', '.join(table.columns)}.")
    for sentence in [said, *nearly_constant(table)]:
        if sentence:
            print(sentence)
    return table
