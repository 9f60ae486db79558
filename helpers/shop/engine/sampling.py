"""All rows of some customers, into memory."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import pandas as pd
from ibis import _

from helpers.shop.report import Report
from helpers.shop.tables import Shop, conform

_PARTS = 1 << 20  # of the customers, told apart by a hash of their number


def sample(
    name: str, con: ibis.BaseBackend, tables: Mapping[str, ibis.Table], customers: int
) -> Shop:
    """Return the rows of about `customers` customers as a `Shop`: of each all, of others none.

    Who is drawn hangs on the engine's hash of the customer number alone, so the same engine draws
    the same. Where there are fewer, all come.
    """
    there = [con.to_pyarrow(rows.customer_id.nunique()).as_py() for rows in tables.values()]
    share = min(1.0, customers / max(*there, 1))
    drawn: dict[str, pd.DataFrame] = {}
    for table, rows in tables.items():
        if share < 1:
            place = (_.customer_id.hash() % _PARTS + _PARTS) % _PARTS
            rows = rows.filter(place < round(share * _PARTS))
        drawn[table] = conform(con.to_pyarrow(rows).to_pandas(), table)
    said = (
        f"all customers of {name}" if share == 1 else f"one customer in {1 / share:,.1f} of {name}"
    )
    return Shop(
        name,
        **drawn,
        report=Report(source=name, rows=sum(map(len, drawn.values())), remarks=(said,)),
        notes=(f"A sample: {said}, each with every row.",) if share < 1 else (),
    )
