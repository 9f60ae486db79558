"""The slider of popularity's worth, moved without a browser."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import cold_start, widgets

ROWS = pd.DataFrame(
    {
        "events": [0, 1, 2, 3],
        "seen_a": [0.0, 0.0, 1.0, 2.0],
        "seen_b": [0.0, 1.0, 1.0, 1.0],
        "next_category": ["b", "a", "a", "b"],
    }
)
POPULARITY = pd.Series({"b": 0.3, "a": 0.7})


def test_the_sliders_follow_the_formula():
    made = widgets.prior_explorer(ROWS, POPULARITY)
    assert made.controls["visits"].options == (1, 2, 3) and made.setting["visits"] == 2
    assert "own visits weigh 33%" in made.verdict.value
    made.controls["visits"].value = 3
    made.controls["strength"].value = 2
    mixed = cold_start.posterior_mean([[2, 1]], [0.7, 0.3], 2)[0]
    assert f"<td>{mixed[0]:.2f}</td>" in made.table.value
    assert "own visits weigh 60%" in made.verdict.value
    made.controls["strength"].value = 0
    assert "own visits weigh 100%" in made.verdict.value and "<td>0.67</td>" in made.table.value


def test_what_is_missing_is_said():
    with pytest.raises(ValueError, match="no row with a visit"):
        widgets.prior_explorer(ROWS.head(1), POPULARITY)
    with pytest.raises(ValueError, match="no share for a"):
        widgets.prior_explorer(ROWS, POPULARITY.drop("a"))
