"""The explorer of algorithms."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers import widgets


@pytest.fixture(scope="module")
def snapshots() -> pd.DataFrame:
    """A table as `tasks.table` gives it, whose outcome one column tells."""
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product([range(2), range(300)], names=["cutoff", "customer_id"])
    frame = pd.DataFrame({"monetary": rng.lognormal(size=600), "recency": rng.random(600)}, index)
    high = frame["monetary"] + rng.normal(size=600) > 3
    already = rng.random(600) < 0.2
    return frame.assign(
        high_value=high, already_high_value=already, newly_high_value=high & ~already
    )


def test_every_control_of_the_algorithm_explorer_moves_it(snapshots):
    made = widgets.algorithm_explorer(snapshots.loc[[0]], snapshots.loc[[1]])
    made.wait()
    assert "minus monetary alone" in made.slow.value and "AUC" in made.slow.value
    moves = [
        ("complexity", 1),
        ("algorithm", "random forest"),
        ("complexity", 5),
        ("task", "newly high value"),
        ("algorithm", "xgboost"),
        ("algorithm", "neural network"),
    ]
    for name, value in moves:
        before = made.picture.value
        made.controls[name].value = value
        made.wait()
        assert made.message.value == "", (name, value, made.message.value)
        assert made.picture.value != before, (name, value)
        assert made.controls["algorithm"].value in made.table.value
    assert "alpha = 0.001" in made.table.value


def test_the_algorithm_explorer_shows_that_complexity_memorizes(snapshots):
    made = widgets.algorithm_explorer(snapshots.loc[[0]], snapshots.loc[[1]])

    def learned_and_later() -> list[float]:
        made.wait()
        return [float(cell) for cell in re.findall(r"<td>([\d.]+)</td>", made.table.value)[-2:]]

    made.controls["algorithm"].value = "random forest"
    made.controls["complexity"].value = 5
    learned, later = learned_and_later()
    assert learned > 0.95 and later < learned - 0.1


def test_a_task_without_positives_is_refused_with_a_sentence(snapshots):
    nobody = snapshots.assign(newly_high_value=False)
    with pytest.raises(ValueError, match="newly high value: every customer has the same outcome"):
        widgets.algorithm_explorer(nobody.loc[[0]], nobody.loc[[1]])
