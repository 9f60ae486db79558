"""The cut-off: the moment that parts what was known from what came after."""

from __future__ import annotations

from numbers import Number

import pandas as pd


def cutoff(as_of: str | pd.Timestamp) -> pd.Timestamp:
    """Return `as_of` as a timestamp without time zone; ValueError if it is none.

    A bare number is refused: pandas would read 20171001 as 20 milliseconds after 1970.
    """
    try:
        if isinstance(as_of, Number):
            raise TypeError("a number is no date")
        moment = pd.Timestamp(as_of)
    except (TypeError, ValueError) as error:
        raise ValueError(f"as_of must be a date such as '2017-10-01', not {as_of!r}") from error
    if moment is pd.NaT:
        raise ValueError(f"as_of must be a date such as '2017-10-01', not {as_of!r}")
    if moment.tz is not None:
        raise ValueError(
            f"as_of must be in the shop's local time, without a time zone, not {as_of!r}: "
            "use .tz_convert(the shop's zone).tz_localize(None)"
        )
    return moment.as_unit("us")
