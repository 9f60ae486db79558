"""The cluster itself: what it starts, it ends."""

from __future__ import annotations

import psutil
import pytest
from engines import cluster


def of_folder(folder) -> list[int]:
    """The living processes whose environment names the cluster's folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder) in process.environ().get("SPARK_LOCAL_DIRS", ""):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_a_failure_leaves_no_process_and_no_file(spark_and_java):
    with pytest.raises(RuntimeError, match="a test fails"), cluster.started(workers=1) as own:
        assert len(of_folder(own.folder)) == len(own.alive()) == 2
        raise RuntimeError("a test fails")
    assert not of_folder(own.folder) and not own.alive()
    assert not own.folder.exists()
