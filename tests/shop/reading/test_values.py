"""Numbers, dates and identifiers as people write them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.shop.reading.amounts import to_flag, to_number, to_text
from helpers.shop.reading.names import plain
from helpers.shop.reading.times import to_time

NOW = pd.Timestamp("2026-01-01")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1.234,50 €", "12,5", "-3"], [1234.5, 12.5, -3]),
        (["$1,234.50", "US$ 5", "€ 7.20"], [1234.5, 5, 7.2]),
        (["1'234.50 CHF", "CHF 9.–", "12,-", "12.-"], [1234.5, 9, 12, 12]),
        (["1 234,56", "1\u202f000,00 EUR"], [1234.56, 1000]),
        (["(4.00)", "12.00-", "\u22125.5"], [-4, -12, -5.5]),
        (["1.234.567", "2,5"], [1234567, 2.5]),
        (["1,234", "2.50"], [1234, 2.5]),
        (["1.234", "2,50"], [1234, 2.5]),
        (["12 kr", "R$ 5,50", "3,99 zł"], [12, 5.5, 3.99]),
        (["abc", "", None, "12 pieces"], [np.nan] * 4),
        (["inf", "1e400", "5"], [np.nan, np.nan, 5]),
    ],
)
def test_numbers(written, meant):
    assert to_number(pd.Series(written)).numbers.tolist() == pytest.approx(meant, nan_ok=True)


def test_thousands_or_decimals_are_decided_by_the_file_or_said_to_be_open():
    column = pd.Series(["1,234", "2,345"])
    assert not to_number(column).certain
    assert to_number(column).numbers.tolist() == [1234, 2345]
    hinted = to_number(column, hint=",")
    assert not hinted.certain and hinted.numbers.tolist() == [1.234, 2.345]


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e7, 1e7).map(lambda value: round(value, 2)))
def test_both_ways_of_writing_an_amount_give_it_back(value):
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    for written in (english, german, f"{german} €", f"${english}"):
        assert to_number(pd.Series([written, written])).numbers[0] == pytest.approx(value)


def test_mixed_cells_of_a_sheet():
    column = pd.Series([1.234, "2,5", None, 3], dtype=object)
    assert to_number(column).numbers.tolist() == pytest.approx([1.234, 2.5, np.nan, 3], nan_ok=True)


def test_identifiers():
    def text(cells, **kind):
        return [None if pd.isna(x) else x for x in to_text(pd.Series(cells, **kind))]

    assert text(["007", " 12 ", ""]) == ["007", "12", None]
    assert text([12345.0, None]) == ["12345", None]
    assert text(["17850", "17850.0"]) == ["17850", "17850"]
    assert text(["1.0", "v2"]) == ["1.0", "v2"]
    assert text([5.0, "x"], dtype=object) == ["5", "x"]
    assert text(["NULL", "n/a", "0"]) == [None, None, "0"]
    assert plain("Kunden-Nr.") == "kundennr" and plain("N° Été") == "noete"


def test_flags():
    flags = to_flag(pd.Series(["ja", "No", "1", "maybe", None, "treatment", "control"]))
    assert flags.tolist() == [True, False, True, None, None, True, False]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-01-02T03:04:05Z", "2024-01-02 03:04:05"),
        ("2019-10-01 00:00:01 UTC", "2019-10-01 00:00:01"),
        ("2024-01-02 10:00:00 -0500", "2024-01-02 10:00:00"),
        ("13.01.2024 14:05", "2024-01-13 14:05"),
        ("13.01.24", "2024-01-13"),
        ("2/25/2024 3:04 PM", "2024-02-25 15:04"),
        ("2/25/2024 12:30:00 AM", "2024-02-25 00:30"),
        ("5. März 2024", "2024-03-05"),
        ("Jan 5, 2024 10:00", "2024-01-05 10:00"),
        ("12 déc. 2023", "2023-12-12"),
        ("Mon, 5 Feb 2024 10:00:00", "2024-02-05 10:00"),
        ("1704067200", "2024-01-01"),
        ("1704067200123", "2024-01-01 00:00:00.123"),
        ("45292.5", "2024-01-01 12:00"),
        ("20240105", "2024-01-05"),
        ("2024/1/5 8:01", "2024-01-05 08:01"),
        ("2024-02-30", None),
        ("31.02.2024", None),
        ("2/25/2024 25:00", None),
        ("yesterday", None),
        ("12", None),
    ],
)
def test_dates(written, meant):
    read = to_time(pd.Series([written]), now=NOW)
    assert not read.undecided
    expected = pd.Timestamp(meant) if meant else pd.NaT
    assert read.times[0] == expected or (pd.isna(read.times[0]) and pd.isna(expected))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.datetimes(pd.Timestamp("1995-01-01"), pd.Timestamp("2025-12-31")), min_size=1),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S"]),
)
def test_written_times_come_back(times, pattern):
    times = pd.Series(times).dt.floor("s").astype("datetime64[us]")
    read = to_time(times.dt.strftime(pattern), now=NOW)
    pd.testing.assert_series_equal(read.times, times)


def test_day_and_month_are_decided_over_the_whole_column():
    def first(*cells, **more):
        read = to_time(pd.Series(cells), now=NOW, **more)
        return read.undecided or str(read.times[0].date())

    assert first("03/04/2024", "25/04/2024") == "2024-04-03"
    assert first("03/04/2024", "04/25/2024") == "2024-03-04"
    assert first("03/04/2024", "05/06/2024") is True  # nothing decides
    assert first("03/04/2024", day_first=True) == "2024-04-03"
    assert first("03/04/2024", hint=True) == "2024-04-03"
    assert first("05/05/2024", "06/06/2024") == "2024-05-05"  # both orders agree


def test_an_order_of_day_and_month_that_reaches_into_the_future_is_wrong():
    column = pd.Series(["05/11/2025", "01/03/2025"])
    summer = to_time(column, now=pd.Timestamp("2025-06-30"))
    assert str(summer.times[0].date()) == "2025-05-11" and summer.day_first is False
    column = pd.Series(["11/05/2025", "03/01/2025"])
    summer = to_time(column, now=pd.Timestamp("2025-06-30"))
    assert str(summer.times[0].date()) == "2025-05-11" and summer.day_first is True
    assert to_time(column, now=NOW).undecided


def test_a_sorted_column_decides_day_and_month():
    months = pd.date_range("2024-01-01", "2024-12-01", freq="MS")
    days = months + pd.to_timedelta([4, 9, 2, 7, 0, 11, 5, 1, 8, 3, 6, 10], unit="D")
    for pattern, day_first in (("%d/%m/%Y", True), ("%m/%d/%Y", False)):
        read = to_time(pd.Series(days.strftime(pattern)), now=NOW)
        assert read.day_first is day_first and (read.times == days).all()
        assert "in order of time" in " ".join(read.how)
    # 1 January to 1 December, or 1 to 12 January: sorted both ways.
    assert to_time(pd.Series(months.strftime("%d/%m/%Y")), now=NOW).undecided


def test_a_mixture_of_both_orders_is_said_aloud():
    read = to_time(pd.Series(["13/01/2024", "14/02/2024", "01/13/2024"]), now=NOW)
    assert read.times.isna().tolist() == [False, False, True]
    assert "mixes both" in read.warnings[0]


def test_zones_are_dropped_and_named():
    aware = pd.Series(pd.to_datetime(["2024-07-01 12:00"]).tz_localize("Europe/Berlin"))
    read = to_time(aware)
    assert read.times[0] == pd.Timestamp("2024-07-01 12:00") and "Europe/Berlin" in read.how[0]
