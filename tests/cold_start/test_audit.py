"""Who is served worse."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import cold_start


def test_the_audit_by_hand():
    group = ["a"] * 4 + ["b"] * 2
    found = cold_start.audit(
        group, [1, 0, 0, 1, 0, 0], [0.5] * 6, [True, True, False, False, False, True], np.arange(6)
    )
    assert found.loc["a", "customers"] == 4 and found.loc["a", "happened"] == 0.5
    assert found.loc["a", "selected"].startswith("0.50 [")
    assert found.loc["b", "predicted − happened"].startswith("+0.50")
    with pytest.raises(ValueError, match="differ in length"):
        cold_start.audit(group, [1], [0.5] * 6, [True] * 6, np.arange(6))
    with pytest.raises(ValueError, match="nobody's average"):
        cold_start.audit(["a", "b", "b"], [1, 0, 0], [0.5] * 3, [True] * 3, [0, 0, 0])
