"""What happened after a cut-off: targets, and snapshots of features beside them.

Features come from strictly before the cut-off, targets from [cut-off, cut-off + horizon): the
instant of the cut-off itself belongs to the future. A target counts what was known when its window
closed: an order of the window that was canceled before the end does not count, one canceled
later does. An order placed before the cut-off and canceled inside the window belongs to neither
side: it is no negative revenue.

`define` and `define_snapshots` are the same as expressions, for tables that stay where they lie.

Every other function raises ValueError where the cut-off or the horizon cannot be read, or where the
window ends after the day of the last order in the shop: such targets would be cut short.
"""

from helpers.targets.definitions import (
    already_high_value,
    future,
    high_value,
    newly_high_value,
    next_category,
)
from helpers.targets.expressions import define, define_snapshots
from helpers.targets.snapshots import snapshots
from helpers.targets.windows import HALF_YEAR, YEAR, window

__all__ = [
    "HALF_YEAR",
    "YEAR",
    "already_high_value",
    "define",
    "define_snapshots",
    "future",
    "high_value",
    "newly_high_value",
    "next_category",
    "snapshots",
    "window",
]
