"""What is wrong with an opened table, counted in the engine in one pass over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pandas as pd
from ibis import _

from helpers.errors import counted
from helpers.shop.engine.columns import Mapped
from helpers.shop.report import FATE_COLUMNS, MAPPING_COLUMNS, Report
from helpers.shop.tables import EVENT_TIME

MANY = 5_000_000  # lines; of more, repeated ones are looked for among one customer in ONE_IN:
ONE_IN = 64  # to compare all of them would take the memory that the table does not fit in


def check(name: str, tables: Mapping[str, Mapped]) -> Report:
    """Count rows, missing values and sums of each table in its engine; return the report."""
    mapping, fates, remarks, warnings, rows = [], [], [], [], 0
    for table, found in tables.items():
        mapping += [(table, *line) for line in found.columns]
        seen = _counts(found)
        rows += seen["rows"]
        fates += _fates(found, seen)
        remarks += [*found.remarks, *_range(found, seen)]
        warnings += [*found.warnings, *_doubts(found, seen)]
    return Report(
        source=name,
        rows=rows,
        mapping=pd.DataFrame(mapping, columns=list(MAPPING_COLUMNS)),
        fates=pd.DataFrame(fates, columns=list(FATE_COLUMNS)),
        remarks=tuple(remarks),
        warnings=tuple(warnings),
        columns=tuple(column for _table, _role, column, _how in mapping),
    )


def _counts(found: Mapped) -> dict[str, Any]:
    """One row of the engine: how many rows, what they lack, from when to when, how much money."""
    every = found.every
    lacking: Any = ibis.literal(False)
    wanted: dict[str, ibis.Value] = {"rows": every.count()}
    for role in found.needed:
        # the first reason counts, as in `shop.read`: each row has one fate
        wanted[f"no {role}"] = every.count(where=found.missing(role) & ~lacking)
        lacking = lacking | found.missing(role)
    time = every[EVENT_TIME[found.name]]
    wanted |= {"first": time.min(), "last": time.max()}
    if found.name == "purchases":
        whole = ~lacking
        canceled = every.cancelled_at.notnull()
        cents = (every.amount * 100).round().cast("int64")
        wanted |= {
            "cents": cents.sum(where=whole),
            "canceled": every.count(where=whole & canceled),
            "before": every.count(where=whole & (every.cancelled_at < every.ordered_at)),
            "negative": every.count(where=whole & (every.amount < 0)),
            "customers": every.customer_id.nunique(where=whole),
        }
    row = every.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    return row | {"repeated": _repeated(found, row["rows"]) if found.name == "purchases" else 0}


def _repeated(found: Mapped, rows: int) -> int:
    """How many lines of `purchases` equal an earlier one in every column."""
    lines = found.usable
    if rows > MANY:
        lines = lines.filter(_.customer_id.hash() % ONE_IN == 0)
    groups = lines.group_by(lines.columns).agg(times=_.count())
    return int((groups.times - 1).sum().to_pyarrow().as_py() or 0)


def _fates(found: Mapped, seen: Mapping[str, Any]) -> list[tuple[str, str, str, int]]:
    aside = {role: seen[f"no {role}"] for role in found.needed}
    kept = seen["rows"] - sum(aside.values())
    fates = [(found.name, found.name, "", kept)] if kept else []
    return fates + [
        (found.name, "set aside", f"no {role}", rows) for role, rows in aside.items() if rows
    ]


def _range(found: Mapped, seen: Mapping[str, Any]) -> list[str]:
    if seen["first"] is None:
        return []
    said = f"{found.name}: {seen['first']:%Y-%m-%d} to {seen['last']:%Y-%m-%d}"
    if found.name == "purchases":
        said += (
            f"; {counted(seen['customers'], 'customer')}; {(seen['cents'] or 0) / 100:,.2f} in all"
            f", {counted(seen['canceled'], 'line')} canceled later"
        )
    return [said]


def _doubts(found: Mapped, seen: Mapping[str, Any]) -> list[str]:
    if found.name != "purchases":
        return []
    said = []
    if seen["before"]:
        said.append(f"{counted(seen['before'], 'line')} canceled before they were ordered")
    if seen["negative"]:
        said.append(
            f"{counted(seen['negative'], 'line')} with a negative amount: refunds that lower "
            "`monetary`; filter them where they stand in another way too"
        )
    if seen["repeated"]:
        many = seen["rows"] > MANY
        number = counted(seen["repeated"] * (ONE_IN if many else 1), "line")
        said.append(
            f"{'about ' if many else ''}{number} equal to another one in every column"
            + (f" (counted of one customer in {ONE_IN})" if many else "")
            + ": two pieces of the same thing, or an export done twice; kept"
        )
    return said
