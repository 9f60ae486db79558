"""What is drawn is what the table says."""

from __future__ import annotations

import pandas as pd

from helpers import plots


def test_intervals_stand_in_the_order_of_the_table_from_the_top():
    table = pd.DataFrame(
        {"effect": [1.0, -2.0], "low": [0.0, -5.0], "high": [4.0, -1.0], "truth": [2.0, -3.0]},
        index=["first", "second"],
    )
    ax = plots.intervals(table, "A/B test")
    bottom, top = ax.get_ylim()
    assert bottom > top, "the first row is on top"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["first", "second"]
    segments = ax.collections[0].get_segments()
    assert [1.0, -2.0] in [list(line.get_xdata()) for line in ax.get_lines()]
    assert [sorted(part[:, 0].tolist()) for part in segments] == [[0.0, 4.0], [-5.0, -1.0]]
    assert [2.0, -3.0] in [list(line.get_xdata()) for line in ax.get_lines()]
