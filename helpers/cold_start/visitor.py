"""One new visitor as a row of `moments`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.cold_start.hybrid import Hybrid
from helpers.cold_start.moments import COLUMNS, GROUPS, SEEN


def visitor(
    hybrid: Hybrid,
    known: Mapping[str, str | None] | None = None,
    clicks: Iterable[str] = (),
    customer_id: str | None = None,
    seen_before: Iterable[str] = (),
) -> pd.DataFrame:
    """One row as `moments` has them, for somebody who is not in the tables yet.

    Args:
        hybrid: Fitted; it knows the columns, their levels and the categories.
        known: What is known, by column; None or absent where it is not.
        clicks: Categories in the order in which they were clicked.
        customer_id: If the visitor has one.
        seen_before: Ids of customers who are in the tables, besides those the hybrid learned from.

    Raises:
        ValueError: A column, an answer or a category that is not on the list; a customer seen
            before.
    """
    known = {name: value for name, value in (known or {}).items() if value is not None}
    clicks = list(clicks)
    if customer_id is not None and (
        customer_id in hybrid.customers_ or customer_id in set(seen_before)
    ):
        raise ValueError(
            f"Customer {customer_id} has been here before: use their history, not this form."
        )
    for name, value in known.items():
        if name not in hybrid.levels_:
            raise ValueError(f"{name!r} is not asked here; there are: {', '.join(hybrid.levels_)}.")
        if value not in hybrid.levels_[name]:
            listed = ", ".join(map(str, hybrid.levels_[name]))
            raise ValueError(f"{value!r} is not an answer to {name!r}; there are: {listed}.")
    if unknown := [name for name in clicks if name not in hybrid.categories_]:
        raise ValueError(
            f"{unknown[0]!r} is not a category here; there are: {', '.join(hybrid.categories_)}."
        )
    row: dict[str, Any] = {"customer_id": customer_id, "events": len(clicks)}
    row |= {"answered": any(name in known for name in GROUPS["survey"])}
    row |= {name: known.get(name) for name in COLUMNS}
    row |= {SEEN + name: float(clicks.count(name)) for name in hybrid.categories_}
    return pd.DataFrame([row]).astype(dict.fromkeys(COLUMNS, "str"))
