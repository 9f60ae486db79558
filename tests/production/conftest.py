"""A shop, a model trained on it, and its file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers import production, shop, simulator

TODAY = pd.Timestamp("2025-10-01")


@pytest.fixture(scope="session")
def store() -> shop.Shop:
    return simulator.simulate(customers=3_000, seed=7)[0]


@pytest.fixture(scope="session")
def model(store) -> production.Model:
    return production.train(store, TODAY, owner="the tests")


@pytest.fixture
def saved(model, tmp_path) -> Path:
    production.save(model, tmp_path / "m.skops")
    return tmp_path / "m.skops"
