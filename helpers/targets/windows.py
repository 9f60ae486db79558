"""The window of a target: from the cut-off to the end of the horizon."""

from __future__ import annotations

from numbers import Number

import pandas as pd

from helpers import features
from helpers.shop import Opened, Shop

HALF_YEAR = "182D"
YEAR = pd.Timedelta("365D")  # the past that says who is active and who is of high value already


def window(
    store: Shop | Opened, as_of: str | pd.Timestamp, horizon: str | pd.Timedelta
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the beginning and the end of a target's window; ValueError as said in `targets`."""
    start, end = span(as_of, horizon)
    last = store.last
    if pd.isna(last):
        raise ValueError(f"the shop {store.name!r} has no orders, so nothing is known to come")
    # The day of the last order counts as seen whole: shops are exported by the day.
    latest = last.normalize() + pd.Timedelta("1D") - (end - start)
    if start > latest:
        raise ValueError(
            f"a window of {end - start} from {start} ends after the last order ({last}): targets "
            f"would be cut short; the latest possible cut-off is {latest}"
        )
    return start, end


def span(
    as_of: str | pd.Timestamp, horizon: str | pd.Timedelta
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """`window`, without asking whether the shop has seen it whole."""
    start = features.cutoff(as_of)
    try:
        if isinstance(horizon, Number):  # pandas would take 182 for nanoseconds
            raise TypeError("a number has no unit")
        length = pd.Timedelta(horizon)
    except (TypeError, ValueError) as error:
        raise ValueError(f"horizon must be a length such as '182D', not {horizon!r}") from error
    if not length > pd.Timedelta(0):
        raise ValueError(f"horizon must be longer than nothing, not {horizon!r}")
    return start, start + length
