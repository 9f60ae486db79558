"""Simulated shops with their truth, made once."""

import pytest

from helpers import simulator


@pytest.fixture(scope="session")
def full():
    """The shop as committed: 20,000 customers, the default seed."""
    return simulator.simulate()


@pytest.fixture(scope="session")
def small():
    return simulator.simulate(customers=2000, seed=5)
