"""A standalone Spark cluster on 127.0.0.1, and a session on it:

    with cluster.running(workers=2) as address, cluster.session(address) as spark:
        ...

The master and each worker lead a session (of Unix) of their own. Whatever they start inherits it,
so that all of it is found and ended, also where what started it is gone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import psutil

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HOST = "127.0.0.1"
FIRST_STAGE = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # of Java's compiler: starts sooner
PATIENCE = 120  # seconds for what takes three when the machine is idle


def surroundings() -> dict[str, str]:
    """The variables that Spark's processes need: pip's Spark, this machine alone, this Python."""
    home = str(Path(find_spec("pyspark").origin).parent)
    return {"SPARK_HOME": home, "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable}


class Cluster:
    """A master and workers of one core each. Under `folder` each has its log and its disk.

    Attributes:
        address: `spark://127.0.0.1:port`, once the master is started.
        processes: Those started, the master first.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.address = ""
        self.processes: list[subprocess.Popen] = []

    def start_master(self) -> None:
        """Start the master on a free port and wait until it listens."""
        log = self._start("master", "--port", "0")
        self.address = said(log, r"Starting Spark master at (spark://\S+)")
        said(log, r"I have been elected (leader)")

    def add_workers(self, number: int = 1, memory: str = "1g") -> None:
        """Start workers and wait until the master has registered them."""
        arguments = ["-c", "1", "-m", memory, self.address]
        for log in [self._start("worker", *arguments) for _ in range(number)]:
            said(log, r"Successfully registered with master (\S+)")

    def executors(self, worker: subprocess.Popen) -> list[psutil.Process]:
        """The living executors of a worker."""
        return [each for each in members(worker) if "CoarseGrainedExecutorBackend" in command(each)]

    def disk(self, process: subprocess.Popen) -> Path:
        """The folder in which a process and its executors keep what they compute."""
        return self.folder / str(self.processes.index(process))

    def lose(self, worker: subprocess.Popen) -> None:
        """Kill all of a worker at once and take its disk away, as if its machine were gone."""
        kill(members(worker))
        shutil.rmtree(self.disk(worker))

    def alive(self) -> list[psutil.Process]:
        """Every living process of the cluster."""
        return [each for process in self.processes for each in members(process)]

    def stop(self) -> None:
        """End the workers, then the master; kill what they leave behind; wait until all is gone."""
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                pass  # it is among those killed now
            kill(members(process))
            process.wait(PATIENCE)

    def _start(self, kind: str, *arguments: str) -> Path:
        disk = self.folder / str(len(self.processes))
        disk.mkdir()
        told = surroundings() | {
            "SPARK_LOCAL_DIRS": str(disk),
            "SPARK_WORKER_DIR": str(disk),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": FIRST_STAGE,
        }
        program = f"{told['SPARK_HOME']}/bin/spark-class"
        role = f"org.apache.spark.deploy.{kind}.{kind.capitalize()}"
        log = disk.with_suffix(".log")
        with log.open("w") as written:
            process = subprocess.Popen(
                [program, role, "--host", HOST, "--webui-port", "0", *arguments],
                env={**os.environ, **told},
                stdout=written,
                stderr=written,
                start_new_session=True,
            )
        self.processes.append(process)
        return log


@contextmanager
def started(workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """A cluster whose workers are registered; at the end none of its processes is left.

    Raises RuntimeError with the end of the log where a process does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="spark_") as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start_master()
            cluster.add_workers(workers, memory)
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def running(workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """The address of a cluster as `started` gives it."""
    with started(workers, memory) as cluster:
        yield cluster.address


@contextmanager
def session(address: str, **settings: str) -> Iterator[SparkSession]:
    """A Spark session on a cluster: UTC, two shuffle partitions, executors of one core and 700 MB.

    Its driver, a Java process too, is ended with it. `settings` are more of Spark's, `__` for a
    dot: `spark__executor__memory="4g"`.
    """
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    told = {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.executor.cores": "1",
        "spark.executor.memory": "700m",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.port": "0",
        "spark.ui.showConsoleProgress": "false",
    } | {name.replace("__", "."): value for name, value in settings.items()}
    with tempfile.TemporaryDirectory(prefix="driver_") as folder:
        told["spark.sql.warehouse.dir"] = f"{folder}/tables"  # by default the folder that one is in
        with mock.patch.dict(os.environ, {**surroundings(), "SPARK_LOCAL_DIRS": folder}):
            spark = SparkSession.builder.master(address).config(map=told).getOrCreate()
            driver = spark.sparkContext._gateway
            try:
                spark.sparkContext.setLogLevel("ERROR")
                yield spark
            finally:
                spark.stop()
                driver.shutdown()
                driver.proc.stdin.close()  # its sign to end
                driver.proc.wait(PATIENCE)
                SparkContext._gateway = SparkContext._jvm = None  # or the next one would ask it


def said(log: Path, pattern: str) -> str:
    """Wait until `log` says `pattern`; return its group."""
    found = wait_until(lambda: re.search(pattern, log.read_text()), lambda: log.read_text()[-2000:])
    return found[1]


def wait_until(ready: Callable[[], Any], why: Callable[[], str] = str) -> Any:
    """Ask `ready` until it is true, and return what it says.

    Raises RuntimeError, with what `why` says, where that takes longer than PATIENCE.
    """
    end = time.monotonic() + PATIENCE
    while not (found := ready()):
        if time.monotonic() > end:
            raise RuntimeError(f"waited {PATIENCE} seconds in vain. {why()}")
        time.sleep(0.05)
    return found


def members(leader: subprocess.Popen) -> list[psutil.Process]:
    """The living processes of the session that `leader` leads, or led."""
    found = []
    for process in psutil.process_iter():
        try:
            own = os.getsid(process.pid) == leader.pid
            if own and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.Error):  # it has just ended, or is somebody else's
            continue
    return found


def command(process: psutil.Process) -> str:
    """Its command line; empty where it has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def kill(processes: list[psutil.Process]) -> None:
    """End processes at once, as a machine that loses its power, and wait until they are gone."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    wait_until(lambda: not any(map(living, processes)))


def living(process: psutil.Process) -> bool:
    """Whether it runs: an ended one that its parent has not heard of does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
