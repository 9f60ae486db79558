"""A number as people write it is read; what is none is said, and stays as it was written."""

from __future__ import annotations

import pytest

from helpers.widgets.amount import Amount


@pytest.mark.parametrize(
    ("written", "number"),
    [("0.5", 0.5), ("0,5", 0.5), (" 1000 ", 1000), ("1 000", 1000), ("0,025", 0.025), ("7", 7)],
)
def test_a_number_is_read(written, number):
    box = Amount(1, 0, 1e6, description="A mail costs")
    box.value = written
    assert box.number == number and box.value == written


@pytest.mark.parametrize(
    "written", ["", "-1", "1,000", "12.000", "1e9", "nan", "abc", "1,2,3", "5 %"]
)
def test_what_is_no_number_or_might_be_two_is_said(written):
    box = Amount(1, 0, 1e6, description="A mail costs")
    box.value = written
    with pytest.raises(ValueError, match="A mail costs: write a number from 0 to 1000000"):
        assert box.number
    box.number = 326.5
    assert box.value == "326.5"
