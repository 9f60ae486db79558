"""Times from numbers, and from the parts of a date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.shop.reading.regex import extract

_CLOCK = (
    r"^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*([AaPp])?\.?(?:[Mm]\.?)?(?: Uhr)?$"
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


def assemble(year: pd.Series, month: pd.Series, day: pd.Series, clock: pd.Series) -> pd.Series:
    """Put times together from their parts; NaT where a part makes no sense."""
    parts = extract(clock, _CLOCK)
    hour = parts[0].astype("float64")
    half = parts[4].str.lower()
    hour = hour.where(half.isna(), hour % 12 + np.where(half == "p", 12, 0))
    micro = parts[3].str.pad(6, side="right", fillchar="0").astype("float64")
    minute, second = parts[1].astype("float64"), parts[2].astype("float64")
    months = ((year - 1970) * 12 + month - 1).fillna(0).astype("int64").to_numpy()
    start = months.astype("datetime64[M]")
    dates = start.astype("datetime64[D]") + (day.fillna(0).to_numpy("int64") - 1)
    # February 30 runs into March; month 13 into the next year.
    valid = (dates.astype("datetime64[M]") == start) & month.between(1, 12) & year.notna()
    seconds = hour.fillna(0) * 3600 + minute.fillna(0) * 60 + second.fillna(0)
    micros = (seconds * 1e6 + micro.fillna(0)).round()
    sensible = ~(hour > 23) & ~(minute > 59) & ~(second > 59) & (clock.isna() | hour.notna())
    times = pd.Series(dates.astype("datetime64[us]"), index=year.index) + pd.to_timedelta(
        micros, unit="us"
    ).dt.as_unit("us")
    return times.where(sensible & valid)
