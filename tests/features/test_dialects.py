"""The dialects of SQL: a parser reads all of them back; none is left to be misunderstood."""

from __future__ import annotations

import re

import ibis
import pandas as pd
import pytest
from engines.folders import AS_OF, CATEGORIES, MODEL, write_folder
from sqlglot import expressions as exp

from helpers import features, production, segments, targets
from helpers.features import warehouse
from helpers.features.warehouse import DIALECTS, comparing, dialects, fixture, writing
from helpers.production.warehouse import define_scores

MOMENT = pd.Timestamp(AS_OF)


@pytest.fixture(scope="module")
def expressions() -> dict[str, ibis.Table]:
    """Every query that is written, over tables that no engine holds."""
    small = features.tables_of(fixture.fixture(writing.TABLES, MOMENT))
    tables = {name: ibis.table(table.schema(), name=name) for name, table in small.items()}
    known = features.define(tables, MOMENT, CATEGORIES)
    return {
        "features": known,
        "targets": targets.define(tables, MOMENT, "91D"),
        "segments": segments.define_rfm_groups(known),
        "scores": define_scores(production.load(MODEL), tables, MOMENT),
        "comparison": warehouse.comparison(known.schema()),
    }


@pytest.fixture(scope="module", params=DIALECTS)
def read_back(request, expressions) -> tuple[str, dict[str, exp.Expr]]:
    """Each dialect, and what its parser makes of every query that we write in it."""
    trees = {}
    for name, expression in expressions.items():
        [trees[name]] = dialects.parse(warehouse.sql_of(expression, request.param), request.param)
    return request.param, trees


def test_every_dialect_can_be_read_back(read_back, expressions):
    dialect, trees = read_back
    for name, expression in expressions.items():
        assert trees[name].named_selects == list(expression.columns), name
        [made] = dialects.parse(warehouse.create_table("t", expression.schema(), dialect), dialect)
        names = [column.name for column in made.find_all(exp.ColumnDef)]
        assert isinstance(made, exp.Create) and names == list(expression.columns)
    compared = {table.name for table in trees["comparison"].find_all(exp.Table)}
    assert {"result", "expected"} <= compared


def test_no_engine_is_left_room_to_understand_it_otherwise(read_back):
    dialect, trees = read_back
    for name, tree in trees.items():
        for window in tree.find_all(exp.Window):
            order = window.args.get("order")
            assert order is None or order.find(exp.Column), name
            assert not (isinstance(window.this, exp.Rank) and window.args.get("spec"))
        if dialect in ("snowflake", "mysql", "spark", "databricks"):
            for division in tree.find_all(exp.Div, exp.SafeDivide):
                assert division.this.unnest().to.this == exp.DataType.Type.DOUBLE, name
        if dialect == "bigquery":
            for call in tree.find_all(exp.UnixSeconds):
                assert re.fullmatch(r"TIMESTAMP\(.*, 'UTC'\)", call.this.sql("bigquery"), re.S)
    assert dialect != "bigquery" or trees["features"].find(exp.UnixSeconds)
    assert trees["segments"].find(exp.Rank)


def test_dialects_that_we_do_not_execute_are_said_to_be_only_parsed(tmp_path):
    folder = write_folder("segments", "bigquery", tmp_path / "sql")
    assert "not executed" in (folder / "segments.sql").read_text().splitlines()[1]
    assert [name for name in DIALECTS if DIALECTS[name].executed] == ["duckdb", "postgres", "spark"]


def test_days_are_compared_as_days(expressions):
    assert set(comparing.DAYS) < set(expressions["features"].columns)
