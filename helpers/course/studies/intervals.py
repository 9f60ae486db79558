"""The interval of a figure of real shoppers, from draws of the households."""

from __future__ import annotations

import numpy as np

from helpers import evaluation


def drawn_interval(
    drawn: np.ndarray, full: float, kept: float | None = None
) -> evaluation.Interval:
    """The statistic of all households (`full`) with its 95 % interval: 1.96 standard deviations of
    its draws (n,) to either side. Without a figure of all (NaN) the mean of the draws is the
    center.

    The draws are bootstrap samples; or, with `kept`, samples of that share of the households
    without replacement, which vary less: their deviation is multiplied by sqrt(kept / (1 - kept))
    (Politis & Romano 1994). Percentiles would want a thousand draws and more: the outermost of
    thirty reach 90 %. Raises ValueError for fewer than two draws.
    """
    drawn = np.asarray(drawn, dtype=float)
    if len(drawn) < 2:
        raise ValueError(f"an interval needs at least two draws, not {len(drawn)}")
    wider = 1.0 if kept is None else (kept / (1 - kept)) ** 0.5
    center = float(np.mean(drawn)) if np.isnan(full) else full
    half = evaluation.critical_value() * wider * float(np.std(drawn, ddof=1))
    return evaluation.Interval(center, center - half, center + half)
