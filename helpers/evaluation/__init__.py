"""Scores, their intervals, splits in time, money, and the audit of feature code.

`y` is what happened, (n,) of 0 and 1; `p` what was predicted, (n,) probabilities, or any numbers
that rank where only the order counts.
"""

from helpers.evaluation.auditing import Audit, audit
from helpers.evaluation.high_value import high_value, least_high_value
from helpers.evaluation.intervals import (
    LEVEL,
    Interval,
    corrected_interval,
    critical_value,
    difference_of_proportions,
    drawn_ends,
    mean_interval,
    proportion_interval,
)
from helpers.evaluation.money import best_threshold, profit, profit_curve
from helpers.evaluation.ranking import average_precision
from helpers.evaluation.resampling import difference, interval, resample
from helpers.evaluation.scores import (
    PROBABILITY_SCORES,
    SCORES,
    calibration_error,
    calibration_table,
    lift,
    ndcg,
    scoreboard,
    text_table,
)
from helpers.evaluation.splits import time_split

__all__ = [
    "LEVEL",
    "PROBABILITY_SCORES",
    "SCORES",
    "Audit",
    "Interval",
    "audit",
    "average_precision",
    "best_threshold",
    "calibration_error",
    "calibration_table",
    "corrected_interval",
    "critical_value",
    "difference",
    "difference_of_proportions",
    "drawn_ends",
    "high_value",
    "interval",
    "least_high_value",
    "lift",
    "mean_interval",
    "ndcg",
    "profit",
    "profit_curve",
    "proportion_interval",
    "resample",
    "scoreboard",
    "text_table",
    "time_split",
]
