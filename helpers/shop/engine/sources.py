"""Where the tables lie: files, folders, DuckDB files, connections."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import ibis

from helpers.errors import ShopError
from helpers.shop.reading.boundary import existing
from helpers.shop.reading.folders import table_of
from helpers.shop.reading.opening import PARQUET, READABLE
from helpers.shop.tables import SCHEMA

DATABASE = (".duckdb", ".ddb", ".db")
_PER_THREAD = 150_000_000  # bytes; DuckDB's guide asks for 125 MB at least


class Found(NamedTuple):
    """A name, the connection, and its tables by the name in `SCHEMA`.

    `room` is what a DuckDB of our own should make do with, in bytes; None where the engine is not
    ours.
    """

    name: str
    con: ibis.BaseBackend
    tables: dict[str, ibis.Table]
    room: int | None = None


def found(source: str | os.PathLike | ibis.BaseBackend | Mapping[str, ibis.Table]) -> Found:
    """Return what a source has.

    Raises ShopError where there is nothing that can be opened.
    """
    if isinstance(source, Mapping):
        return _given(source)
    if isinstance(source, ibis.BaseBackend):
        return _connected(source, source.name)
    if not isinstance(source, str | os.PathLike):
        raise ShopError(
            f"a {type(source).__name__} cannot be opened",
            expected="a Parquet file or folder, a DuckDB file, an Ibis connection or its tables",
            remedy="a DataFrame is in memory already: shop.read takes it",
        )
    path = existing(Path(source))
    if path.is_dir():
        return _folder(path)
    kind = path.suffix.lower()
    if kind in DATABASE:
        return _connected(_database(path), path.stem)
    if kind in PARQUET:
        con = engine()
        tables = {"purchases": con.read_parquet(path)}
        return Found(path.stem, con, tables, room(con, [path]))
    readable = path.name.lower().endswith(READABLE)
    raise ShopError(
        f"files ending in {kind or 'nothing'!r} are not opened where they lie",
        file=path.name,
        expected="a Parquet file or folder, or a DuckDB file",
        remedy=f'shop.to_parquet("{path.name}", "my_shop") turns it into Parquet, once'
        if readable
        else "export it as Parquet",
    )


def engine() -> ibis.BaseBackend:
    """A DuckDB of our own, in memory; what does not fit is put aside in a temporary folder."""
    con = ibis.duckdb.connect(
        temp_directory=tempfile.gettempdir(),
        preserve_insertion_order=False,  # no result hangs on the order of rows: less memory
    )
    con.raw_sql("SET enable_progress_bar = false")  # or a slow query prints one into a notebook
    return con


def room(con: ibis.BaseBackend, files: Iterable[Path]) -> int:
    """What DuckDB should make do with for these files: twice their bytes, and enough a thread.

    Features of 15 million lines take less memory and no more time so, of 150 million up to a
    quarter more time.
    """
    ((threads,),) = con.raw_sql("SELECT current_setting('threads')").fetchall()
    return max(2 * sum(file.stat().st_size for file in files), _PER_THREAD * threads)


def _database(path: Path) -> ibis.BaseBackend:
    try:
        return ibis.duckdb.connect(path, read_only=True)
    except Exception as error:  # DuckDB has an error of its own for each kind of damage
        raise ShopError(
            f"this cannot be opened as a DuckDB database: {str(error).splitlines()[0]}",
            file=path.name,
            expected="a file that DuckDB has written, open in no other program",
        ) from error


def _given(tables: Mapping[str, ibis.Table]) -> Found:
    for name, table in tables.items():
        if name not in SCHEMA or not isinstance(table, ibis.Table):
            raise ShopError(
                f"{name!r}: {type(table).__name__} is no table of a shop",
                expected=f"Ibis tables by the names {', '.join(SCHEMA)}",
                remedy='shop.open({"purchases": connection.table("orders")})',
            )
    _require_purchases(dict(tables), "the tables")
    con = tables["purchases"].get_backend()
    return Found(con.name, con, dict(tables))


def _connected(con: ibis.BaseBackend, name: str) -> Found:
    there = _listed(con)
    names = {table_of(table): table for table in there}
    tables = {table: con.table(names[table]) for table in SCHEMA if table in names}
    _require_purchases(tables, name, there)
    return Found(name, con, tables)


def _listed(con: ibis.BaseBackend) -> list[str]:
    """The names of the tables and views of a connection, sorted."""
    if con.name == "duckdb":  # Ibis 12 asks DuckDB 2 by a method that it no longer has
        return sorted(name for (name,) in con.raw_sql("SHOW TABLES").fetchall())
    return sorted(con.list_tables())


def _folder(folder: Path) -> Found:
    con = engine()
    files = list(folder.glob("**/*.parquet"))
    entries = [entry for entry in sorted(folder.iterdir()) if not entry.name.startswith(".")]
    named = {
        table_of(entry.name): entry
        for entry in entries
        if entry.is_dir() or entry.suffix.lower() in PARQUET
    }
    if "purchases" not in named and files:
        named = {"purchases": folder}
    tables = {}
    for table in SCHEMA:
        if table in named:
            path = named[table]
            tables[table] = con.read_parquet(path / "**/*.parquet" if path.is_dir() else path)
    _require_purchases(tables, folder.name, [entry.name for entry in entries])
    return Found(folder.name, con, tables, room(con, files))


def _require_purchases(
    tables: Mapping[str, ibis.Table], name: str, there: list[str] | None = None
) -> None:
    if "purchases" in tables:
        return
    listed = ", ".join(map(repr, (there or [])[:8])) or "nothing"
    raise ShopError(
        f"there are no purchases; there is {listed}",
        file=name,
        expected="a table or file named purchases (or orders, transactions)",
        remedy='name the table yourself: shop.open({"purchases": connection.table("...")})',
    )
