"""The folder that goes to a warehouse: the query, a small shop, its answer, the comparison."""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import ibis
import pandas as pd

from helpers.errors import NotWritten, nearest
from helpers.features.building import fetch, tables_of
from helpers.features.cut_off import cutoff
from helpers.features.warehouse.comparing import KEY, comparison
from helpers.features.warehouse.dialects import create_table, dialect_of, sql_of
from helpers.features.warehouse.fixture import fixture
from helpers.shop import SCHEMA

TABLES = ("purchases", "visits", "customers")
Define = Callable[[Mapping[str, ibis.Table]], ibis.Table]

_README = """\
# {name} in {dialect}: does your engine give our answer?
{note}
1. In an empty schema or data set, run `create.sql`.
2. Load `fixture/*.csv` into the tables of these names: a line of names, commas, UTF-8; an empty
   cell is a missing value (NULL).
3. Run `{keep}`, followed by the query in `{name}.sql`.
4. Run `compare.sql`: one row, {customers:,} customers, and 0 in every other column. Or export
   `result` as CSV, and run `uv run python -m helpers.features check {folder} result.csv`.
5. Over your own tables, make views with the names and columns in `create.sql`, and run the query
   again. For another day, write a new folder.
"""


def write_sql(
    folder: Path,
    name: str,
    about: str,
    define: Define,
    dialect: str,
    as_of: str | pd.Timestamp,
    tables: Sequence[str] = TABLES,
    categories: Sequence[str] = (),
) -> int:
    """Write a new folder with an expression as SQL, and with what an engine can prove itself on.

    `<name>.sql`, `create.sql` (the tables), `fixture/` (1,000 customers of the simulated shop as
    CSV, and the expected answer, computed by DuckDB), `compare.sql` (the table `result` with the
    table `expected`, as `comparison` says) and `README.md`.

    Args:
        folder: It must not be there yet; it is written whole or not at all.
        name: Of the query's file.
        about: What the rows and columns are, a sentence that stands on top of the query.
        define: Gives the expression, with the column `customer_id`, of tables by name.
        dialect: One of `DIALECTS`.
        as_of: The cut-off, without time zone: half a year before the end of the fixture.
        tables: Those that the expression gets: `purchases` and any other of the schema.
        categories: Names that the fixture's categories take, so that their columns are not all 0.

    Returns:
        The number of customers in the expected answer.

    Raises:
        NotWritten: The folder is there already, or there is none to put it into.
        ValueError: The dialect, a table or the cut-off is none; two categories are one to an
            engine that knows no capitals.
    """
    engine, moment = dialect_of(dialect), cutoff(as_of)
    if not 1980 <= moment.year <= 2100:  # not every engine has times beyond
        raise ValueError(f"as_of must be a date such as '2025-07-01', not {str(as_of)!r}")
    _check(folder, tables, categories)
    small = fixture(tables, moment, categories)
    loaded = tables_of(small)
    schemas = {table: loaded[table].schema() for table in loaded}
    expression = define({table: ibis.table(schemas[table], name=table) for table in schemas})
    query = sql_of(expression, dialect)
    answer = fetch(small, define(loaded)).sort_values(KEY)
    run = (
        "executed by our tests on DuckDB, Spark and Postgres"
        if engine.executed
        else "parsed by our tests, not executed"
    )
    said = [about, f"Cut-off {moment}, dialect {dialect}: {run}.", engine.note]
    comment = "".join(f"-- {line}\n" for line in said if line)
    tables_made = {**schemas, "expected": expression.schema()}
    created = [create_table(table, schema, dialect) for table, schema in tables_made.items()]
    texts = {
        f"{name}.sql": comment + query,
        "create.sql": ";\n\n".join(created),
        "compare.sql": sql_of(comparison(expression.schema()), dialect),
    }
    readme = _README.format(
        name=name,
        dialect=dialect,
        note=engine.note,
        keep=engine.keep,
        customers=len(answer),
        folder=shlex.quote(str(folder)),
    )
    rows = {table: small.tables[table][list(schemas[table])] for table in schemas}

    def write(beside: Path) -> None:
        for file, text in texts.items():
            (beside / file).write_text(text + ";\n", encoding="utf-8", newline="\n")
        (beside / "README.md").write_text(readme, encoding="utf-8", newline="\n")
        for table, frame in {**rows, "expected": answer}.items():
            _write_csv(frame, beside / "fixture" / f"{table}.csv")

    _write_folder(folder, write)
    return len(answer)


def _check(folder: Path, tables: Sequence[str], categories: Sequence[str]) -> None:
    if folder.exists():
        raise NotWritten(f"{folder} is there already: choose another name; nothing was written.")
    if not folder.parent.is_dir():
        raise NotWritten(f"{folder}: there is no folder {folder.parent}.")
    for table in tables:
        if table not in SCHEMA:
            raise ValueError(
                f"{table!r} is no table of a shop.{nearest(table, SCHEMA)} There are: "
                f"{', '.join(SCHEMA)}."
            )
    if "purchases" not in tables:
        raise ValueError("the table purchases is needed: add it to the tables.")
    alike = Counter(category.lower() for category in categories)
    if twice := [category for category in categories if alike[category.lower()] > 1]:
        raise ValueError(
            f"the categories {', '.join(map(repr, twice))} would be one column, for most engines "
            "know no capitals: name one of them."
        )


def _write_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Call `write` with a folder beside, and move that into its place when it is whole."""
    beside = folder.with_name(f".{folder.name}.{uuid4().hex}")
    try:
        (beside / "fixture").mkdir(parents=True)
        write(beside)
        beside.rename(folder)
    except OSError as error:
        raise NotWritten(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Flags as true and false: not every engine takes True."""
    flags = frame.select_dtypes("bool").columns
    text = frame.assign(**{name: frame[name].map({True: "true", False: "false"}) for name in flags})
    text.to_csv(path, index=False, lineterminator="\n")
