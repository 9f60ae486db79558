"""Text in categories is read as plain text is, a cell at a time; and large files are read fast."""

from __future__ import annotations

import io
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import shop
from helpers.shop.reading import cells, checks, delimited, times
from helpers.shop.reading.amounts import to_flag, to_labels, to_number, to_text
from helpers.shop.reading.distinct import as_text, distinct, in_categories, labels
from helpers.shop.reading.times import to_time

NOW = pd.Timestamp("2026-01-01")
FILES = int(os.environ.get("COMPARED_FILES", "6"))
quick = settings(max_examples=25, deadline=None)
reading = settings(
    max_examples=FILES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

LINES = st.lists(
    st.tuples(
        st.sampled_from(["17", "18.0", "a@x.org", " A@x.org ", "0", "guest", "1.2E+12", "", "n/a"]),
        st.sampled_from(["1", "2", "3", "C4", "#5", "", "null"]),
        st.sampled_from(
            [
                "2024-01-31 10:00:00 UTC",
                "2024-02-01",
                "03/04/2024",
                "31.01.2024",
                "20240131",
                "x",
                "",
            ]
        ),
        st.sampled_from(["toys", "home.kitchen", "A > B", '"two\nlines"', "", "-"]),
        st.sampled_from(["1", "2", "-1", "x", ""]),
        st.sampled_from(["5.00", "1234.50", '"1,234"', "$7", "€3.00", "-2", "free", "n/a", ""]),
        st.sampled_from(["paid", "cancelled", "Refunded", "yes", ""]),
        st.sampled_from(["", "", "2024-02-03", "0000-00-00", "No", "x"]),
        st.sampled_from(["", "", "", ",one more", None]),  # None: a cell too few
    ),
    min_size=1,
    max_size=30,
)
HEADER = "customer_id,order_id,date,category,quantity,price,status,cancelled_at\n"


def written(lines):
    """The text of a file with these lines and a good one at the end."""
    good = ("z", "9", "2024-01-30", "toys", "1", "5.00", "paid", "", "")
    rows = [
        ",".join(row if more is not None else row[:-1]) + (more or "")
        for *row, more in [*lines, good]
    ]
    return HEADER + "\n".join(rows) + "\n"


def outcome(source):
    """What became of a source: tables, rows set aside and report, or the error's sentence."""
    try:
        store = shop.read(source)
    except shop.ShopError as error:
        assert "not foreseen" not in str(error)
        return str(error), {}
    report = store.report
    said = (str(report), report.remarks, report.warnings, report.columns, report.rows)
    frames = {"set aside": store.set_aside, "fates": report.fates, "mapping": report.mapping}
    return said, {**store.tables, **frames}


def assert_same(one, other):
    assert one[0] == other[0]
    for name, frame in one[1].items():
        pd.testing.assert_frame_equal(frame, other[1][name], check_exact=True, obj=name)


def plain(text, index=None):
    """Stands in for `in_categories`: a column of text remains one."""
    if isinstance(text, pd.Series):
        return text.astype("str")
    return pd.Series(text.to_pandas(), index=index, dtype="str")


@reading
@given(LINES)
def test_a_file_in_categories_and_as_plain_text_give_the_same_shop(tmp_path, lines):
    path = tmp_path / "orders.csv"
    path.write_text(written(lines), encoding="utf-8", newline="")
    fast = outcome(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "in_categories", plain)
        patch.setattr(times, "_all_iso", lambda text: None)
        slow = outcome(path)
    assert_same(fast, slow)


@reading
@given(LINES, st.sampled_from(["str", "category"]))
def test_so_do_the_frames(lines, dtype):
    text = written([(*row, "") for *row, _ in lines])
    frame = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_values=[""])
    fast = outcome(frame.astype(dtype))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "in_categories", plain)
        slow = outcome(frame)
    assert_same(fast, slow)


CELLS = st.lists(
    st.sampled_from(
        [None, "", " ", "-", "N/A", "17", "17.0", " 17", "x", "X", "yes", "no", "1,234", "1.5", "é"]
    ),
    min_size=1,
    max_size=20,
)


@quick
@given(CELLS, st.data())
def test_a_part_of_a_column_is_read_like_a_column_of_its_own(written, data):
    column = pd.Series(written, dtype="str")
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(column), max_size=len(column))))
    part, alone = in_categories(column)[rows], column[rows]
    found, wanted = distinct(part), distinct(alone)
    assert found.cells.tolist() == wanted.cells.tolist()
    assert found.codes.tolist() == wanted.codes.tolist()
    assert found.counts().to_dict() == alone.value_counts().to_dict()
    pd.testing.assert_series_equal(as_text(part), alone)
    pd.testing.assert_series_equal(to_text(part), to_text(alone))
    pd.testing.assert_series_equal(as_text(to_labels(part)), to_text(alone))
    pd.testing.assert_series_equal(to_flag(part), to_flag(alone))
    pd.testing.assert_series_equal(to_number(part).numbers, to_number(alone).numbers)
    assert to_number(part).decimal == to_number(alone).decimal


def test_labels_that_become_equal_are_one():
    column = labels(pd.Series(["a", "b", "a", None]), np.array([0, 1, 2, 3, -1]), pd.RangeIndex(5))
    assert column.cat.categories.tolist() == ["a", "b"]
    assert column.cat.codes.tolist() == [0, 1, 0, -1, -1]


MOMENTS = st.lists(
    st.tuples(
        st.datetimes(pd.Timestamp("0001-01-01"), pd.Timestamp("9999-12-31")),
        st.sampled_from(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]),
        st.sampled_from(["", "", "", "Z", " UTC", "+01:00", " -0500", " GMT", ".25", ".5Z", " 7"]),
    ),
    min_size=1,
    max_size=6,
)


@quick
@given(MOMENTS, st.sampled_from([None, "soon", "0000-01-01", "2024-02-30", "20240131"]))
def test_dates_that_are_all_iso_are_read_as_one_by_one(moments, other):
    # strftime writes the year 1 as "1"
    spelled = [f"{at.year:04d}" + at.strftime(pattern[2:]) + end for at, pattern, end in moments]
    column = pd.Series([*spelled, *([other] if other else [])], dtype="str")
    fast = to_time(column, now=NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(times, "_all_iso", lambda text: None)
        slow = to_time(column, now=NOW)
    pd.testing.assert_series_equal(fast.times, slow.times)
    assert (fast.how, fast.warnings, fast.undecided) == (slow.how, slow.warnings, slow.undecided)


@quick
@given(st.lists(st.tuples(*[st.sampled_from(["a", "b", None])] * 3), min_size=1), st.data())
def test_repeats_are_those_that_pandas_finds(rows, data):
    frame = pd.DataFrame(rows, columns=["x", "y", "z"]).assign(n=1.5).apply(in_categories)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    wanted = frame[kept].duplicated().reindex(frame.index, fill_value=False)
    assert checks._repeated(frame, kept).tolist() == wanted.tolist()


def test_categories_of_numbers_and_flags_may_be_missing():
    frame = pd.DataFrame(
        {
            "customer_id": pd.Categorical([9007199254740993, 7, None, 7]),
            "date": "2024-01-31",
            "amount": pd.Categorical([1, 2, 3, None]),
            "refunded": pd.Categorical([False, True, False, None]),
        }
    )
    store = shop.read(frame)
    assert store.purchases["customer_id"].tolist() == ["9007199254740993"]
    assert store.set_aside["reason"].tolist() == ["canceled", "no customer", "missing amount"]
