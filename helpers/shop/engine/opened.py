"""A shop whose tables stay where they lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import duckdb
import ibis
import pandas as pd
import pyarrow as pa

from helpers.errors import ShopError
from helpers.shop.engine.checks import check
from helpers.shop.engine.columns import Mapped, mapped
from helpers.shop.engine.sampling import sample
from helpers.shop.engine.sources import found
from helpers.shop.report import Report
from helpers.shop.tables import SCHEMA, Shop


@dataclass(frozen=True, eq=False)
class Opened:
    """A shop in an engine: its tables are Ibis expressions, and nothing is loaded.

    Attributes:
        name: Short name of the file, the folder or the engine.
        con: The Ibis connection that computes.
        mapped: By table, its expression in the columns of `SCHEMA`, and how each came about.
        room: The bytes that `compute` lets a DuckDB of our own hold, where they suffice.
    """

    name: str
    con: ibis.BaseBackend
    mapped: Mapping[str, Mapped]
    room: int | None = None

    @cached_property
    def tables(self) -> dict[str, ibis.Table]:
        """The tables that are present, by name, in the order of `SCHEMA`: their usable rows."""
        return {name: self.mapped[name].usable for name in SCHEMA if name in self.mapped}

    @cached_property
    def report(self) -> Report:
        """The columns, and every row's fate, counted in the engine when first asked for.

        It reads each table once: seconds for ten million rows, and what a warehouse charges.
        """
        return check(self.name, self.mapped)

    @cached_property
    def last(self) -> pd.Timestamp:
        """The time of the last order; NaT where there is none."""
        return pd.Timestamp(self.con.to_pyarrow(self.tables["purchases"].ordered_at.max()).as_py())

    def compute(self, expression: ibis.Table) -> pa.Table:
        """Compute an expression over the tables, within `room` if that is possible."""
        if self.room is None:
            return self.con.to_pyarrow(expression)
        try:
            self.con.raw_sql(f"SET memory_limit = '{self.room}B'")
            return self.con.to_pyarrow(expression)
        except duckdb.OutOfMemoryException:  # not all that DuckDB does can be put aside
            self.con.raw_sql("RESET memory_limit")
            return self.con.to_pyarrow(expression)
        finally:
            self.con.raw_sql("RESET memory_limit")

    def sample(self, customers: int) -> Shop:
        """All rows of about so many customers, drawn by chance, in memory: a `Shop` to learn from.

        The same engine draws the same customers each time. Raises ValueError below 1.
        """
        if customers < 1:
            raise ValueError(f"at least one customer must be drawn, not {customers}")
        return sample(self.name, self.con, self.tables, customers)

    def __repr__(self) -> str:
        lines = [f"Shop {self.name!r}, opened in {self.con.name}"]
        for name, table in self.tables.items():
            lines.append(f"  {name:<11} {', '.join(table.columns)}")
        return "\n".join(lines)


def open(
    source: str | os.PathLike | ibis.BaseBackend | Mapping[str, ibis.Table],
    columns: Mapping[str, str | None] | None = None,
) -> Opened:
    """Open tables of any size where they lie; none is loaded, none is changed.

    Args:
        source: A Parquet file of order lines; a folder of Parquet files (named as the tables,
            `purchases.parquet`, `visits.parquet` …, or folders of parts with these names; a folder
            of parts alone is `purchases`); a DuckDB file; an Ibis connection (DuckDB, Spark,
            Postgres, BigQuery, Snowflake …) whose tables have these names; or the tables
            themselves, `{"purchases": connection.table("orders")}`.
        columns: Role -> column where the names do not say it, as for `shop.read`; None switches a
            role off.

    Returns:
        The opened shop. `report` counts, in the engine, the rows that can be used and those that
        lack a customer, a time or an amount; `tables` leaves the latter out.

    Raises:
        ShopError: There is no such table, a required column has no name that is known, or a column
            has a type that is none of its kind.
    """
    name, con, raw, room = found(source)
    told = dict(columns or {})
    tables = {table: mapped(raw[table], table, told, name) for table in SCHEMA if table in raw}
    unknown = [role for role in told if not any(role in SCHEMA[table] for table in tables)]
    if unknown:
        raise ShopError(
            f"there is no role {unknown[0]!r}",
            file=name,
            expected=f"one of {', '.join(role for table in tables for role in SCHEMA[table])}",
        )
    return Opened(name, con, tables, room)
