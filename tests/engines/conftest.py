"""Engines beyond this machine's memory. Needs the extra `spark` and Java 17:

uv run --extra spark pytest -n 0 tests/engines
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from engines import cluster

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What runs once or twice needs no second stage of Java's compiler, and for a small shop no plan is
# worth being made anew while it runs. A third of the time.
QUICK = {
    "spark__driver__extraJavaOptions": cluster.FIRST_STAGE,
    "spark__executor__extraJavaOptions": cluster.FIRST_STAGE,
    "spark__sql__adaptive__enabled": "false",
}


@pytest.fixture(scope="session")
def spark_and_java() -> None:
    """Skips where Spark cannot run; where the checks must run it, a lack of Java is a failure."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if not shutil.which("java"):
        if os.environ.get("CI"):
            pytest.fail("no Java: the tests on Spark must run here")
        pytest.skip("no Java on this machine (Debian: apt-get install openjdk-17-jre-headless)")


@pytest.fixture(scope="session")
def machines(spark_and_java) -> Iterator[cluster.Cluster]:
    """A master and two workers; when all tests are done, none of their processes is left."""
    with cluster.started(workers=2) as started:
        yield started
    assert not started.alive()


@pytest.fixture(scope="session")
def spark(machines) -> Iterator[SparkSession]:
    """A session on the cluster."""
    with cluster.session(machines.address, **QUICK) as session:
        yield session
