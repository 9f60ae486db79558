"""A small shop with its truth, its moments, and a hybrid fitted to them."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import cold_start, simulator
from helpers.shop import Shop


@pytest.fixture(scope="session")
def world() -> tuple[Shop, dict]:
    return simulator.simulate(customers=1_500, seed=5)


@pytest.fixture(scope="session")
def table(world) -> pd.DataFrame:
    return cold_start.moments(world[0])


@pytest.fixture(scope="session")
def sides(table) -> tuple[pd.DataFrame, pd.DataFrame]:
    return cold_start.split(table, "2025-04-01")


@pytest.fixture(scope="session")
def hybrid(sides) -> cold_start.Hybrid:
    return cold_start.Hybrid().fit(sides[0])
