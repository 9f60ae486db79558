"""Splits that keep the order of time."""

from __future__ import annotations

import pandas as pd


def time_split(
    frame: pd.DataFrame, test: str | pd.Timestamp, horizon: str | pd.Timedelta
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split snapshots into those to learn from and those of the cut-off `test`.

    A training row counts only if its window had closed by then (cut-off + `horizon` <= `test`):
    what came later was not known to anybody who trained on that day. `frame` is indexed by
    (`cutoff`,
    `customer_id`), as `targets.snapshots` gives it. The same customers may stand on both sides, as
    they do at work.

    Raises ValueError where the test cut-off is not in the frame, or nothing is left to learn from.
    """
    moment, cutoffs = pd.Timestamp(test), frame.index.get_level_values("cutoff")
    known = [f"{c:%Y-%m-%d}" for c in cutoffs.unique()]
    if not (cutoffs == moment).any():
        raise ValueError(f"no rows at the cut-off {moment:%Y-%m-%d}; there are: {', '.join(known)}")
    closed = cutoffs + pd.Timedelta(horizon) <= moment
    if not closed.any():
        raise ValueError(
            f"no window of {horizon} had closed by {moment:%Y-%m-%d}: the cut-offs are "
            f"{', '.join(known)}; add one at or before {moment - pd.Timedelta(horizon):%Y-%m-%d}"
        )
    return frame[closed], frame[cutoffs == moment]
