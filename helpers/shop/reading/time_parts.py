"""Times from numbers, and from the parts of a date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.shop.reading.regex import extract, replace

_CLOCK = (
    r"^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*([AaPp])?\.?\s?(?:[Mm]\.?)?(?: Uhr)?$"
)
_COLONS = r"^(?:(\d+):)?(\d+):(\d{2}(?:\.\d+)?)$"
_UNITS = (
    r"^(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?\.?)?[\s,]*(?:(\d+(?:[.,]\d+)?)\s*m(?:in(?:ute)?s?)?\.?)?"
    r"[\s,]*(?:(\d+(?:[.,]\d+)?)\s*s(?:ec(?:ond)?s?)?\.?)?$"
)
# Epochs of plausible years (1990 on) by unit: they do not overlap.
_EPOCHS = {
    unit: (6.3e8 * scale, 4.2e9 * scale)
    for unit, scale in {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}.items()
}
_SERIALS = (32_000, 70_000)  # days since 1899-12-30: 1987 to 2091


def from_numbers(numbers: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Read numbers as yyyymmdd, time since 1970, or spreadsheet serials."""
    values = pd.Series(np.datetime64("NaT", "us"), index=numbers.index)
    how = []
    compact = numbers.between(19_900_101, 21_001_231) & (numbers % 1 == 0)
    if compact.any():
        dates = pd.to_datetime(
            numbers.where(compact).astype("Int64").astype("str"), format="%Y%m%d", errors="coerce"
        )
        values, how = values.fillna(dates), ["yyyymmdd"] if dates.notna().any() else []
    for unit, (low, high) in _EPOCHS.items():
        inside = numbers.between(low, high)
        if inside.any():
            scale = {"s": 1e6, "ms": 1e3, "us": 1, "ns": 1e-3}[unit]
            micros = (numbers.where(inside) * scale).round().astype("Int64")
            values = values.fillna(pd.to_datetime(micros, unit="us").dt.as_unit("us"))
            how.append(f"numbers are {unit} since 1970, read as UTC clock time")
    serial = numbers.between(*_SERIALS)
    if serial.any():
        seconds = (numbers.where(serial) * 86_400).round()
        origin = pd.Timestamp(1899, 12, 30).as_unit("us")
        values = values.fillna(origin + pd.to_timedelta(seconds, unit="s").dt.as_unit("us"))
        how.append("spreadsheet serial numbers (days since 1899-12-30)")
    return values.dt.as_unit("us"), tuple(how)


def full_year(written: pd.Series) -> pd.Series:
    """Return years as numbers: 24 is 2024, 70 is 1970."""
    year = written.astype("float64")
    return year.where(written.str.len() == 4, year + np.where(year < 70, 2000, 1900))


def assemble(year: pd.Series, month: pd.Series, day: pd.Series, clock: pd.Series) -> pd.Series:
    """Put times together from their parts; NaT where a part makes no sense."""
    months = ((year - 1970) * 12 + month - 1).fillna(0).astype("int64").to_numpy()
    start = months.astype("datetime64[M]")
    dates = start.astype("datetime64[D]") + (day.fillna(0).to_numpy("int64") - 1)
    # February 30 runs into March; month 13 into the next year.
    valid = (dates.astype("datetime64[M]") == start) & month.between(1, 12) & year.notna()
    since = _since_midnight(clock)
    times = pd.Series(dates.astype("datetime64[us]"), index=year.index)
    times = times + since.fillna(pd.Timedelta(0)).dt.as_unit("us")
    return times.where(valid & (clock.isna() | since.notna()))


def to_clock(column: pd.Series) -> pd.Series:
    """Read a column of times of day (14:15, 2:15 PM, 1415, 0.5 of a day) as time since midnight.

    NaT where missing or unreadable; a date or a time zone beside the clock is dropped.
    """
    text = column.astype("str").str.strip()
    text = replace(text, r"^(?:\d{4}-\d{2}-\d{2}[T ]|\d+ days? )", "")
    text = replace(text, r"(:\d{2}(?:[.,]\d+)?)\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$", r"\1")
    clock = _since_midnight(text)
    numbers = pd.to_numeric(text, errors="coerce")
    if numbers.notna().any() and numbers.between(0, 1, inclusive="left").sum() == numbers.count():
        seconds = (numbers * 86_400).round()
        return clock.fillna(pd.to_timedelta(seconds, unit="s").dt.as_unit("us"))
    digits = numbers.where(text.str.fullmatch(r"\d{1,4}").fillna(False).astype(bool))
    sensible = (digits % 100 < 60) & (digits < 2400)
    if digits.max() >= 100 and sensible.sum() == digits.count():
        minutes = digits // 100 * 60 + digits % 100
        clock = clock.fillna(pd.to_timedelta(minutes * 60, unit="s").dt.as_unit("us"))
    return clock


def to_seconds(column: pd.Series) -> pd.Series:
    """Read a column of text as seconds: 310, 5:10, 00:05:10, 5 min, 1h 20m; NaN where it fails."""
    text = column.astype("str").str.strip().str.lower()
    seconds = pd.to_numeric(text.str.replace(",", "."), errors="coerce")
    parts = extract(text, _COLONS).astype("float64")
    clock = parts[0].fillna(0) * 3600 + parts[1] * 60 + parts[2]
    seconds = seconds.fillna(clock.where(parts[[1, 2]].lt(60).all(axis=1) | parts[0].isna()))
    units = extract(text.where(text != ""), _UNITS).replace({",": "."}, regex=True)
    units = units.astype("float64")
    spelled = units.mul([3600, 60, 1], axis=1).sum(axis=1).where(units.notna().any(axis=1))
    return seconds.fillna(spelled)


def _since_midnight(clock: pd.Series) -> pd.Series:
    """Return a time of day as Timedelta; NaT where it is missing or makes no sense."""
    clock = replace(clock, r"(?i)^(\d{1,2})\s*([ap])\.?\s?m\.?$", r"\1:00 \2m")
    clock = replace(clock, r"(?i)^(\d{1,2})\s*(?:h|uhr)$", r"\1:00")
    parts = extract(clock, _CLOCK)
    hour = parts[0].astype("float64")
    half = parts[4].str.lower()
    sensible = hour.notna() & (half.isna() | hour.between(1, 12) | (hour > 12) & (half == "p"))
    hour = hour.where(half.isna() | (hour > 12), hour % 12 + np.where(half == "p", 12, 0))
    micro = parts[3].str.pad(6, side="right", fillchar="0").astype("float64")
    minute, second = parts[1].astype("float64"), parts[2].astype("float64")
    sensible &= ~(hour > 23) & ~(minute > 59) & ~(second > 59)
    seconds = hour * 3600 + minute.fillna(0) * 60 + second.fillna(0)
    micros = (seconds * 1e6 + micro.fillna(0)).round()
    return pd.to_timedelta(micros.where(sensible), unit="us").dt.as_unit("us")
