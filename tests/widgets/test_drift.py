"""The explorer of drift."""

from __future__ import annotations

from helpers import widgets


def test_every_control_of_the_explorer_moves_its_table():
    made = widgets.drift_explorer()
    for name, value in {
        "reference": 5_000,
        "current": 1_000,
        "shift": 0.4,
        "threshold": 0.05,
    }.items():
        before = made.table.value
        made.controls[name].value = value
        assert made.message.value == "" and made.table.value != before, name
    made.controls["shift"].value = 0.0
    assert "calibrated at 5 %" in made.table.value
