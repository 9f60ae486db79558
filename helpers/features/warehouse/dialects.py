"""The dialects of SQL, and an expression written in one of them.

Ibis's compilers work on tables that no engine holds, without the engines' clients.
"""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

import ibis
import sqlglot
from sqlglot import expressions as exp

from helpers.errors import ReaderError, nearest

_UTC = "The session's clock must be UTC: "
# where whole or decimal numbers, divided, have as few as four digits after the point
_SHORT_QUOTIENTS = ("snowflake", "mysql", "spark", "databricks")


class Dialect(NamedTuple):
    """How one engine takes SQL.

    compiler: The module of Ibis that writes it.
    executed: Whether our tests run it; they parse all others.
    keep: What stands before a query to keep its rows as the table `result`.
    note: What its users must know, a sentence.
    ending: What stands after `CREATE TABLE name (...)`, and after a query.
    text: What stands after the type of a column of text.
    """

    compiler: str
    executed: bool = False
    keep: str = "CREATE TABLE result AS"
    note: str = ""
    ending: tuple[str, str] = ("", "")
    text: str = ""


DIALECTS = {
    "duckdb": Dialect("duckdb", executed=True),
    "postgres": Dialect("postgres", executed=True),
    "spark": Dialect("databricks", executed=True, note=f"{_UTC}SET TIME ZONE 'UTC'."),
    "bigquery": Dialect(
        "bigquery",
        note="Times are DATETIME on the shop's clock: DATETIME(ordered_at, 'Europe/Berlin') makes "
        "one of a TIMESTAMP.",
    ),
    "snowflake": Dialect(
        "snowflake", note="All names stand in quotes and in small letters, yours must, too."
    ),
    "databricks": Dialect("databricks", note=f"{_UTC}SET TIME ZONE 'UTC'."),
    "trino": Dialect("trino"),
    "clickhouse": Dialect(
        "clickhouse",
        keep="CREATE TABLE result ENGINE = MergeTree ORDER BY tuple() AS",
        note=f"{_UTC}SET session_timezone = 'UTC'.",
        ending=(" ENGINE = MergeTree ORDER BY tuple()", "\nSETTINGS join_use_nulls = 1"),
    ),
    "mysql": Dialect(
        "mysql",
        note=f"{_UTC}SET time_zone = '+00:00'. Text is to be told apart as in create.sql.",
        text=" COLLATE utf8mb4_bin",
    ),
}


class UnknownDialect(ReaderError, ValueError):
    """A dialect that we do not write."""


def dialect_of(name: str) -> Dialect:
    """Raises UnknownDialect where there is none of this name."""
    if name not in DIALECTS:
        raise UnknownDialect(
            f"{name!r} is no dialect that is written here.{nearest(name, DIALECTS)} There are: "
            f"{', '.join(DIALECTS)}."
        )
    return DIALECTS[name]


def sql_of(expression: ibis.Table, name: str) -> str:
    """Return the query of an expression over tables that are named and not bound to an engine.

    Raises UnknownDialect.
    """
    dialect = dialect_of(name)
    compiler = _compiler(dialect)
    written = compiler.to_sqlglot(expression).sql(dialect=compiler.dialect)
    tree = parse(written, name)[0].transform(_repaired, name)
    return tree.sql(dialect=compiler.dialect, pretty=True) + dialect.ending[1]


def create_table(table: str, schema: ibis.Schema, name: str) -> str:
    """Return the statement that makes an empty table of this schema; raises UnknownDialect."""
    dialect = dialect_of(name)
    compiler = _compiler(dialect)

    def quoted(word: str) -> str:
        return exp.to_identifier(word, quoted=True).sql(compiler.dialect)

    types = {
        column: compiler.type_mapper.to_string(kind) + (dialect.text if kind.is_string() else "")
        for column, kind in schema.items()
    }
    columns = ",\n".join(f"  {quoted(column)} {kind}" for column, kind in types.items())
    return f"CREATE TABLE {quoted(table)} (\n{columns}\n){dialect.ending[0]}"


def parse(sql: str, name: str) -> list[exp.Expr]:
    """Read statements back; sqlglot's ParseError where they are none of the dialect."""
    return [
        tree for tree in sqlglot.parse(sql, dialect=_compiler(dialect_of(name)).dialect) if tree
    ]


def _compiler(dialect: Dialect) -> Any:
    return importlib.import_module(f"ibis.backends.sql.compilers.{dialect.compiler}").compiler


def _repaired(node: exp.Expr, name: str) -> exp.Expr:
    """What Ibis writes and the engine understands otherwise, said so that it cannot."""
    if isinstance(node, exp.Div | exp.SafeDivide) and name in _SHORT_QUOTIENTS:
        node.set("this", exp.cast(node.this, "double"))
    elif isinstance(node, exp.UnixSeconds) and name == "bigquery":
        node.set("this", exp.func("TIMESTAMP", node.this, exp.Literal.string("UTC")))  # no DATETIME
    elif isinstance(node, exp.Window):
        order = node.args.get("order")
        if order is None or not order.find(exp.Column):
            # everybody, in no order; MariaDB mixes an ordering by NULL with the next window's
            node.set("order", None)
            node.set("spec", None)
        elif isinstance(node.this, exp.Rank):
            node.set("spec", None)  # a rank has none; within it, to ClickHouse nobody is equal
    return node
