"""Is the engine's answer the one it should give: as a query, and for a file it exported."""

from __future__ import annotations

from pathlib import Path

import ibis
import pandas as pd

from helpers.errors import ReaderError, counted

KEY = "customer_id"
RELATIVE = 1e-6
DAYS = ("recency", "tenure", "days_since_activity", "visit_recency", "account_age")

_MISSING = ("", "null", "\\n", "nan", "none", "<na>")  # as exports write it, in small letters
_FLAGS = {"true": "true", "t": "true", "1": "true", "false": "false", "f": "false", "0": "false"}


class NoAnswer(ReaderError, ValueError):
    """A file that cannot be compared."""


def comparison(schema: ibis.Schema) -> ibis.Table:
    """Return the query that compares the tables `result` and `expected` of this schema.

    One row: `customers` (compared), `missing` (expected and not in the result), `too_many` (in the
    result and not expected, or twice), then for each column how many customers differ in it.
    """
    expected, result = ibis.table(schema, name="expected"), ibis.table(schema, name="result")
    columns = {name: f"got_{number}" for number, name in enumerate(schema)}
    got = result.rename({new: name for name, new in columns.items()})
    both = expected.join(got, expected[KEY] == got[columns.pop(KEY)])
    compared = both.agg(
        customers=both[KEY].nunique(),
        **{name: _differ(both[name], both[new], name) for name, new in columns.items()},
    )
    figures = compared.cross_join(
        expected.agg(rows_expected=expected.count()), result.agg(rows_got=result.count())
    )
    return figures.select(
        "customers",
        missing=figures.rows_expected - figures.customers,
        too_many=figures.rows_got - figures.customers,
        **{name: figures[name] for name in columns},
    )


def _differ(expected: ibis.Value, got: ibis.Value, column: str) -> ibis.Value:
    """How many differ."""
    one_is_missing = expected.isnull() != got.isnull()
    if expected.type().is_numeric():
        allowed = expected.abs() * RELATIVE + _absolute(column)
        unlike = (got - expected).abs() > allowed
    else:
        unlike = got != expected
    return (one_is_missing | unlike.fill_null(False)).sum()


def _absolute(column: str) -> float:
    """What numbers may differ by, however small: days, as some clocks stop at whole seconds (1e-5
    of a day); others, as a sum that should be 0 may be a little more."""
    return 1e-4 if column in DAYS else 1e-9


def difference(folder: Path, result: Path) -> str | None:
    """Return a sentence on the first difference between a CSV file and the expected answer, or
    None where there is none.

    Args:
        folder: What `write_sql` wrote.
        result: The engine's answer, exported with a header; columns that were not expected are
            passed over, the order of columns and of rows is free.

    Raises:
        NoAnswer: One of the files is not there, or is no such table.
    """
    expected = _read(folder / "fixture" / "expected.csv")
    got = _read(result)
    lacking = [column for column in expected if column not in got]
    if lacking:
        return f"{result.name} lacks the column {lacking[0]}; it has {', '.join(got)}."
    twice = got.loc[got[KEY].duplicated(), KEY]
    if len(twice):
        return f"{result.name} has the customer {twice.iloc[0]} more than once."
    for these, others, how in ((expected, got, "lacks"), (got, expected, "has also")):
        only = these.loc[~these[KEY].isin(others[KEY]), KEY]
        if len(only):
            more = f" (and {counted(len(only) - 1, 'other')})" if len(only) > 1 else ""
            return f"{result.name} {how} the customer {only.iloc[0]}{more}."
    got = got.set_index(KEY).loc[expected[KEY]]
    expected = expected.set_index(KEY)
    for column in expected:
        unlike = _unlike(expected[column], got[column], column)
        if unlike.any():
            first = unlike.idxmax()
            here, there = (table.loc[first, column] or "nothing" for table in (got, expected))
            return (
                f"{column} differs for {counted(int(unlike.sum()), 'customer')}; the first is "
                f"{first}: {here}, expected {there}."
            )
    return None


def _unlike(expected: pd.Series, got: pd.Series, column: str) -> pd.Series:
    expected, got = _present(expected), _present(got)
    one_is_missing = expected.isna() != got.isna()
    numbers = pd.to_numeric(expected, errors="coerce")
    if expected.dropna().isin(["true", "false"]).all():
        unlike = got.str.lower().map(_FLAGS) != expected
    elif numbers.notna().equals(expected.notna()):
        allowed = numbers.abs() * RELATIVE + _absolute(column)
        unlike = ~((pd.to_numeric(got, errors="coerce") - numbers).abs() <= allowed)
    else:
        unlike = got != expected
    return one_is_missing | (unlike & expected.notna())


def _present(cells: pd.Series) -> pd.Series:
    return cells.mask(cells.str.lower().isin(_MISSING))


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise NoAnswer(f"{path}: there is no such file.")
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError) as error:
        first = str(error).splitlines()[0]
        raise NoAnswer(f"{path.name} is no table with commas, in UTF-8: {first}") from error
    table.columns = table.columns.str.strip().str.lower()  # some engines export capitals
    if KEY not in table:
        raise NoAnswer(
            f"{path.name} has no column {KEY}; it has {', '.join(table.columns)}. Expected are a "
            "line of names and commas between the cells."
        )
    return table.apply(lambda cells: cells.str.strip())
