"""A model for new customers, and its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import production, simulator


@pytest.fixture(scope="session")
def store():
    return simulator.simulate(customers=3_000, seed=7)[0]


@pytest.fixture(scope="session")
def model(store) -> production.Online:
    return production.train_online(store, "2025-10-01", owner="the tests")


@pytest.fixture(scope="session")
def model_file(model, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "online.skops"
    production.save(model, path)
    return path
