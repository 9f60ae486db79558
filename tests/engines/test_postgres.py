"""On a real Postgres: the SQL that goes to a warehouse, and features of a shop that lies there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import psutil
import pytest
from engines import folders, postgres
from pandas.testing import assert_frame_equal

from helpers import features, lifetime, segments, shop, targets
from helpers.features.warehouse.fixture import fixture
from helpers.features.warehouse.writing import TABLES

AS_OF = pd.Timestamp("2026-02-03 04:05")

psycopg = pytest.importorskip("psycopg", reason="the extra `spark` is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[dict[str, Any]]:
    """Of a server with an empty database; when all tests are done, no process of it is left."""
    if postgres.programs() is None:
        if os.environ.get("CI"):
            pytest.fail("no Postgres: these tests must run here")
        pytest.skip("no Postgres on this machine (Debian: apt-get install postgresql)")
    with postgres.running() as address:
        with psycopg.connect(**address, dbname="postgres") as connection:
            leader = psutil.Process(connection.execute("SELECT pg_backend_pid()").fetchone()[0])
            family = [leader.parent(), *leader.parent().children(recursive=True)]
        yield {**address, "dbname": "postgres"}
    assert family and not any(process.is_running() for process in family)


@pytest.fixture
def connection(address, request) -> Iterator[psycopg.Connection]:
    """A connection that sees only a schema of its own."""
    name = re.sub(r"\W", "_", request.node.name)
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        connection.execute(f"SET search_path TO {name}")
        yield connection


def load(connection, table, file) -> None:
    with connection.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT csv, HEADER)') as sink:
        sink.write(file.read_bytes())


@pytest.mark.parametrize("name", folders.NAMES)
def test_it_gives_the_expected_answer(connection, tmp_path, name):
    folder = folders.write_folder(name, "postgres", tmp_path / "sql")
    folders.take_steps(
        folder, name, "postgres", connection.execute, lambda *rows: load(connection, *rows)
    )
    cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
    row = cursor.execute((folder / "compare.sql").read_text()).fetchone()
    folders.assert_same(row, folder)


@pytest.fixture(scope="module")
def small() -> shop.Shop:
    return fixture(TABLES, AS_OF)


@pytest.fixture(scope="module")
def opened(address, small) -> Iterator[shop.Opened]:
    import ibis

    own = {"database" if name == "dbname" else name: value for name, value in address.items()}
    con = ibis.postgres.connect(**own)
    for name, table in features.tables_of(small).items():
        con.create_table(name, table.to_pyarrow())
    yield shop.open(con)
    con.disconnect()


def test_features_of_a_shop_that_lies_there(opened, small):
    assert opened.con.name == "postgres" and opened.last == small.last
    here = features.build(small, AS_OF)
    assert_frame_equal(features.build(opened, AS_OF), here, rtol=1e-9, check_index_type=False)


@pytest.mark.parametrize(
    "define",
    [
        lambda tables: targets.define(tables, AS_OF, "91D"),
        lambda tables: lifetime.define_history(tables, AS_OF),
        lambda tables: lifetime.define_cohorts(tables, AS_OF),
        lambda tables: segments.define_rfm_groups(features.define(tables, AS_OF)),
    ],
    ids=["targets", "history", "cohorts", "segments"],
)
def test_other_expressions_there(opened, small, define):
    there = features.fetch(opened, define(opened.tables))
    here = features.fetch(small, define(features.tables_of(small)))
    keys = list(here.columns[:2])
    there, here = (frame.sort_values(keys, ignore_index=True) for frame in (there, here))
    assert len(here) and (there.dtypes.astype(str) == here.dtypes.astype(str)).all()
    assert_frame_equal(there, here, rtol=1e-9, check_dtype=False)
