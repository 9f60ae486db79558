"""Dates and times as people write them, read over the whole column at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as replace_field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.errors import counted
from helpers.shop.reading.amounts import is_text
from helpers.shop.reading.distinct import distinct, in_categories
from helpers.shop.reading.regex import extract, replace
from helpers.shop.reading.time_parts import assemble, from_numbers, full_year
from helpers.shop.reading.vocabulary import MONTHS

EARLIEST = pd.Timestamp(1990, 1, 1)
# Shops abroad write times up to 14 hours ahead of this machine's clock.
AHEAD = pd.Timedelta(hours=14)
# From so many different dates on, being in order of time is no accident.
SORTED = 8

_ZONE = (
    r"(:\d{2}(?:[.,]\d+)?)\s*(Z|UTC|(?:GMT|UTC)?[+-]\d{2}:?\d{2}|[+-]\d{2}|GMT)"
    r"(?:\s+\(?[A-Z]{3,4}\)?)?$"
)
_ZONE_SAID = "time zone ({}) dropped, clock time kept as written"
_YEAR_ONE = np.datetime64("0001-01-01")
_NUMERIC = r"^(\d{1,2})\s*([./-])\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})(?:,?[T\s]+(.+))?$"
_YEAR_FIRST = r"^(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[T\s]+(.+))?$"
_WORDS = (
    r"^(?:\pL+\.?,?\s+)?"  # the day of the week
    r"(?:(\d{1,2})\.?\s+(?:de\s+)?(\pL{3,})\.?,?"
    r"|(\pL{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)"
    r"\s+(?:de\s+)?(\d{4})(?:,?\s+(?:at\s+)?(.+))?$"
)
# 11-Feb-17, Jul-25-25, 01JAN2019:10:22:33
_SHORT = (
    r"^(?:(\d{1,2})[-/. ]?(\pL{3,9})[-/. ,]{0,2}|(\pL{3,9})[-/. ](\d{1,2})[-/. ,]{1,2})"
    r"(\d{4}|\d{2})(?:(?:,?[T\s]+|:)(.+))?$"
)


@dataclass(frozen=True)
class Times:
    """A column read as times.

    Attributes:
        times: Timezone-naive datetime64[us], NaT where missing or unreadable.
        how: What was seen, in words, for the report.
        warnings: What deserves a look.
        undecided: True where day and month could be swapped and nothing decides.
    """

    times: pd.Series
    how: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    undecided: bool = False
    example: str = ""
    day_first: bool | None = field(default=None)


def to_time(
    column: pd.Series,
    day_first: bool | None = None,
    hint: bool | None = None,
    now: pd.Timestamp | None = None,
    why: str = "as elsewhere in the file",
) -> Times:
    """Read a column as times, as written: a time zone is dropped, the clock kept.

    ISO dates, day.month.year and month/day/year (decided over the whole column), month names,
    yyyymmdd, seconds to nanoseconds since 1970, spreadsheet serials.

    Args:
        column: Text, times, numbers or a mixture of them.
        day_first: How to read 03/04/2024, where the reader has said so.
        hint: What the rest of the file suggests; used only where the column does not decide.
        now: The present, against which a reading that puts orders in the future is wrong.
        why: Where the hint comes from.
    """
    now = pd.Timestamp.now() if now is None else now
    if pd.api.types.is_datetime64_any_dtype(column):
        zone = column.dt.tz
        how = (f"time zone {zone} dropped, clock time kept as written",) if zone else ()
        return Times(column.dt.tz_localize(None).dt.as_unit("us"), how)
    if pd.api.types.is_numeric_dtype(column):
        values, how = from_numbers(column.astype("float64"))
        return Times(values, how)
    if not is_text(column):
        column = column.astype(object)
    text, codes = distinct(column)
    text = (text.map(str) if text.dtype == object else text).astype("str").str.strip()

    def whole(found: Times) -> pd.Series:
        padded = np.append(found.times.to_numpy(), np.datetime64("NaT", "us"))
        return pd.Series(padded[codes], index=column.index)

    found = _from_text(text, day_first, now)
    if found.undecided:
        decision = _by_order_of_rows(whole(found), lambda: whole(_from_text(text, True, now)))
        if decision is not None:
            why = "the rows are then in order of time"
        decision = hint if decision is None else decision
        if decision is not None:
            found = _from_text(text, decision, now, why)
    return replace_field(found, times=whole(found))


def _by_order_of_rows(month_first: pd.Series, day_first: Callable[[], pd.Series]) -> bool | None:
    """Whether the day comes first: most exports are sorted, under the right reading only."""
    if month_first.nunique() < SORTED:
        return None
    ordered = _sorted(month_first), _sorted(day_first())
    return None if ordered[0] == ordered[1] else ordered[1]


def _sorted(values: pd.Series) -> bool:
    known = values.dropna()
    return bool(known.is_monotonic_increasing or known.is_monotonic_decreasing)


def _said(day_first: bool, why: str) -> str:
    return f"read as {'day/month/year' if day_first else 'month/day/year'}: {why}"


def _from_text(
    text: pd.Series, day_first: bool | None, now: pd.Timestamp, why: str = "told by day_first="
) -> Times:
    """Read distinct texts; ISO first because it is the fastest and cannot be misread."""
    whole = _all_iso(text)
    if whole is not None:
        return whole
    how: list[str] = []
    warnings: list[str] = []
    plain = replace(text, _ZONE, r"\1")
    zoned = (plain != text) & text.notna()
    if zoned.any():
        zones = extract(text[zoned].head(1000), f"^.*{_ZONE}")[1].dropna().unique()
        names = ", ".join(sorted(zones)[:3])
        how.append(_ZONE_SAID.format(names))
        text = plain
    # a zone that is still there was not understood
    iso_like = text.str.match(r"\d{4}-\d{2}-\d{2}", na=False)
    iso_like &= ~text.str.match(r"\d{4}-\d{2}-\d{2}.*(?:[zZ]|[+-]\d)", na=False)
    values = _coerce(text.where(iso_like), "ISO8601")
    rest = values.isna() & text.notna()
    if iso_like.any():
        how.insert(0, "year-month-day")
    bare = rest & text.str.fullmatch(r"\d+(?:[.,]\d*)?(?:[eE]\+?\d+)?").fillna(False).astype(bool)
    numbers = pd.to_numeric(text.where(bare).str.replace(",", "."), errors="coerce")
    if numbers.notna().any():
        counted_from, said = from_numbers(numbers)
        values, rest = values.fillna(counted_from), rest & counted_from.isna()
        how += said
    undecided, example, decision = False, "", None
    if rest.any():
        parts = extract(text[rest], _NUMERIC)
        parts = parts[parts[0].notna()]
        if len(parts):
            read, decision, why, mixed = _day_month(parts, day_first, now, why)
            values.loc[parts.index] = values.loc[parts.index].fillna(read)
            example = str(text[parts.index[0]])
            undecided = decision is None
            how.append(_said(bool(decision), why))
            if mixed:
                warnings.append(
                    f"{counted(mixed, 'date')} fit only the other order of day and month (such "
                    "as 13 in the place of the month): the file mixes both, and dates up to the "
                    "12th may be misread. The impossible ones are set aside."
                )
        rest = values.isna() & text.notna()
        for pattern in (_WORDS, _SHORT):
            rest = values.isna() & text.notna()
            words = extract(text[rest], pattern)
            words = words[words[4].notna()]
            month = words[1].fillna(words[2]).str.lower()
            month = month.str[:4].map(MONTHS).fillna(month.str[:3].map(MONTHS)).astype("float64")
            day = words[0].fillna(words[3]).astype("float64")
            read = assemble(full_year(words[4]), month, day, words[5])
            values.loc[words.index] = values.loc[words.index].fillna(read)
            if read.notna().any():
                how.append("months given by name")
        rest = values.isna() & text.notna()
        year_first = extract(text[rest], _YEAR_FIRST)
        year_first = year_first[year_first[0].notna()]
        if len(year_first):
            year, month, day = (year_first[part].astype("float64") for part in range(3))
            values.loc[year_first.index] = assemble(year, month, day, year_first[3])
            if "year-month-day" not in how:
                how.insert(0, "year-month-day")
    return Times(values.dt.as_unit("us"), tuple(how), tuple(warnings), undecided, example, decision)


def _all_iso(text: pd.Series) -> Times | None:
    """Read texts that all are 2024-03-31 or 2024-03-31 14:05[:59], with a zone or without."""
    if text.empty:
        return None
    array = pa.array(text.array)
    clocks = pc.utf8_slice_codeunits(array, 0, 19)
    try:
        clocks[:100].cast(pa.timestamp("us"))  # a column of other dates shows here as a rule
        times = clocks.cast(pa.timestamp("us")).to_numpy()
    except pa.ArrowInvalid:
        return None
    ends, codes = distinct(in_categories(pc.utf8_slice_codeunits(array, 19), text.index))
    zones = extract(":00" + ends, f"^{_ZONE}")
    zoned = (zones[0] == ":00").to_numpy()
    if times.min() < _YEAR_ONE or not (zoned | (ends == "")).all():
        return None
    how = ["year-month-day"]
    if zoned.any():
        first = codes[zoned[codes]][:1000]
        names = ", ".join(sorted(zones[1].iloc[first].unique())[:3])
        how.append(_ZONE_SAID.format(names))
    return Times(pd.Series(times, index=text.index), tuple(how))


def _coerce(text: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(text, format=pattern, errors="coerce").dt.as_unit("us")


def _day_month(
    parts: pd.DataFrame, day_first: bool | None, now: pd.Timestamp, told: str
) -> tuple[pd.Series, bool | None, str, int]:
    """Read a/b/year: return times, day first?, why, and how many fit only the other order."""
    first, second = parts[0].astype("float64"), parts[2].astype("float64")
    year = full_year(parts[3])
    not_month = {True: int((first > 12).sum()), False: int((second > 12).sum())}

    def read(order: bool) -> pd.Series:
        return assemble(year, *((second, first) if order else (first, second)), parts[4])

    if day_first is not None:
        decision, why = day_first, told
    elif not_month[True] != not_month[False]:
        decision = not_month[True] > not_month[False]
        sign = "first" if decision else "second"
        why = f"the {sign} number goes above 12 in {counted(not_month[decision], 'different date')}"
    elif (parts[1] == ".").all():
        decision, why = True, "dates with points are written so"
    elif (first == second).all():
        decision, why = False, "both orders give the same dates"
    else:
        late = {order: bool((read(order) > now + AHEAD).any()) for order in (True, False)}
        if late[True] != late[False]:
            decision, why = late[False], "the other order puts dates in the future"
        else:
            return read(False), None, "nothing decides", 0
    return read(decision), decision, why, not_month[not decision]
