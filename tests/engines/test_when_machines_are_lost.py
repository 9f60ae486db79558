"""An executor, and a whole machine, lost while a job runs: the answer is the same."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from engines import cluster


@pytest.fixture
def lines(tmp_path) -> pd.DataFrame:
    """Orders of 1,000 customers, in cents, as a table and a file."""
    draws = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "customer": draws.integers(1_000, size=20_000),
            "cents": draws.integers(9_999, size=20_000),
        }
    )
    table.to_parquet(tmp_path / "lines.parquet")
    return table


def slowed(folder: Path, done: Callable[[], bool]) -> Callable:
    """For `mapInPandas`, which passes rows on: each task says by a file in `folder` that it runs,
    named by its part and attempt, in it the number of its process; then it waits until `done`."""
    folder.mkdir()

    def pass_on(parts: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        from pyspark import TaskContext

        task = TaskContext.get()
        mark = folder / f"{task.partitionId()} {task.taskAttemptId()}"
        mark.write_text(str(os.getpid()))
        mark.rename(mark.with_suffix(".runs"))  # there at once, with its number in it
        while not done():
            time.sleep(0.05)
        yield from parts

    return pass_on


def marks(folder: Path) -> list[Path]:
    return list(folder.glob("*.runs"))


def part_of(executor: psutil.Process, folder: Path) -> str:
    """The one part whose task runs in an executor."""
    own = {child.pid for child in executor.children(recursive=True)}
    [part] = [mark.name.split()[0] for mark in marks(folder) if int(mark.read_text()) in own]
    return part


def active(spark) -> set[str]:
    """The executors that the driver can use, by its own numbers."""
    context = spark.sparkContext
    place = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/executors"
    with urllib.request.urlopen(place, timeout=10) as answer:
        return {each["id"] for each in json.load(answer) if each["isActive"]} - {"driver"}


def number(executor: psutil.Process) -> str:
    """The driver's number for an executor."""
    words = executor.cmdline()
    return words[words.index("--executor-id") + 1]


def test_an_executor_killed_in_mid_job(machines, spark, lines, tmp_path):
    go, folder = tmp_path / "go", tmp_path / "tasks"
    table = spark.read.parquet(str(tmp_path / "lines.parquet")).repartition(2, "customer")
    slow = table.mapInPandas(slowed(folder, go.exists), table.schema)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(slow.groupBy("customer").sum("cents").collect)
        try:
            cluster.wait_until(lambda: len(marks(folder)) == 2)
            [victim] = machines.executors(machines.processes[1])
            name, part = number(victim), part_of(victim, folder)
            assert name in active(spark) and not answer.done()
            cluster.kill([victim])
            cluster.wait_until(lambda: name not in active(spark))
            assert not answer.done()
        finally:
            go.touch()
        sums = dict(answer.result(cluster.PATIENCE))
    assert sums == lines.groupby("customer")["cents"].sum().to_dict()
    runs = sorted(mark.name.split()[0] for mark in marks(folder))
    assert runs == sorted(["0", "1", part]), "the lost part, and it alone, was computed again"
    cluster.wait_until(lambda: len(active(spark)) == 2)
    assert name not in active(spark), "the worker started another one"


def test_a_machine_lost_in_mid_job(machines, spark, lines, tmp_path):
    """With a machine goes what it had computed for others: that is computed again, too."""
    go, first, second = tmp_path / "go", tmp_path / "first", tmp_path / "second"

    def both_at_work() -> bool:
        return len({mark.name.split()[0] for mark in first.glob("*.runs")}) == 2

    table = spark.read.parquet(str(tmp_path / "lines.parquet")).repartition(2)
    shared = table.mapInPandas(slowed(first, both_at_work), table.schema)
    slow = shared.repartition(2, "customer").mapInPandas(slowed(second, go.exists), table.schema)
    worker = machines.processes[1]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(slow.groupBy("customer").sum("cents").collect)
        try:
            cluster.wait_until(lambda: len(marks(second)) == 2)
            assert len(marks(first)) == 2, "each machine has computed its half"
            [victim] = machines.executors(worker)
            name, part = number(victim), part_of(victim, second)
            assert name in active(spark) and not answer.done()
            machines.lose(worker)
            cluster.wait_until(lambda: name not in active(spark))
            assert not answer.done()
        finally:
            go.touch()
        sums = dict(answer.result(cluster.PATIENCE))
    assert sums == lines.groupby("customer")["cents"].sum().to_dict()
    assert len(marks(first)) > 2, "what lay on the lost machine was computed again"
    assert [mark.name.split()[0] for mark in marks(second)].count(part) > 1
    assert len(active(spark)) == 1 and not machines.executors(worker)
    machines.add_workers(1)
    cluster.wait_until(lambda: len(active(spark)) == 2)
