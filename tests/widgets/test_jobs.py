"""Work in a child process: stopped at once, replaced when it dies, its failures sentences."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

from helpers.files import ROOT
from helpers.widgets.jobs import JobBar
from helpers.workbench.waiting import WhenFree


def slow(seconds, say):
    say(0.5, "sleeping")
    time.sleep(seconds)
    return "slept"


def broken(say):
    raise ValueError("this is <wrong>")


def dies(say):
    raise SystemExit(3)


def test_a_job_is_stopped_at_once_and_the_next_one_runs():
    jobs, said = JobBar(), []
    jobs.warm()
    jobs.run(slow, 60, done=said.append, failed=said.append)
    while "sleeping" not in jobs.text.value or "(0 s)" in jobs.text.value:
        assert jobs.busy, said
        time.sleep(0.05)  # the seconds count on while the job says nothing new
    assert jobs.bar.value == 0.5 and jobs.busy
    began = time.monotonic()
    jobs.button.click()
    assert time.monotonic() - began < 5 and said == ["Stopped."] and not jobs.busy
    jobs.run(slow, 0, done=said.append, failed=said.append)
    jobs.wait()
    assert said == ["Stopped.", "slept"]


def test_a_failure_is_a_sentence_and_a_dead_child_is_replaced():
    jobs, said = JobBar(), []
    for function in (broken, dies):
        jobs.run(function, done=said.append, failed=said.append)
        jobs.wait()
    assert said[0] == "this is <wrong>" and "without a result" in said[1]
    jobs.run(slow, 0, done=said.append, failed=said.append)
    jobs.wait()
    assert said[-1] == "slept"


ALONE = """
import sys, time
import job
from helpers.widgets.jobs import JobBar
from helpers.workbench.waiting import WhenFree

if __name__ == "__main__":
    jobs = JobBar()
    jobs.run(job.run, done=print, failed=print)
    while "under way" not in jobs.text.value:
        time.sleep(0.05)
    print(jobs.child, flush=True)
    time.sleep(60)
"""
JOB = """
import time

def run(say):
    say(0.1, "under way")
    time.sleep(60)  # and says nothing more: no message fails that would end it
"""


def test_the_child_ends_with_the_process_that_started_it(tmp_path):
    (tmp_path / "job.py").write_text(JOB)
    (tmp_path / "alone.py").write_text(ALONE)
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "alone.py")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    child = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.wait()
    process.stdout.close()
    end = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the child works on, and nobody sees it"
        time.sleep(0.05)


def number(say):
    return os.getpid()


def test_a_result_can_be_waited_for_and_jobs_share_a_child():
    jobs = JobBar()
    first = jobs.result(number)
    assert first == jobs.child == jobs.result(number) != os.getpid()
    with pytest.raises(ValueError, match="this is <wrong>"):
        jobs.result(broken)
    jobs.run(slow, 60, done=print, failed=print)
    with pytest.raises(ValueError, match="wait until it is done"):
        jobs.result(number)
    jobs.end()
    assert jobs.child is None and not jobs.busy
    assert jobs.result(number) != first


def test_what_waits_its_turn_is_not_started_to_be_stopped():
    jobs, said = JobBar(), []
    waits = WhenFree(jobs)
    jobs.run(slow, 60, done=said.append, failed=lambda why: said.append(f"first: {why}"))
    waits(lambda: jobs.run(slow, 0, done=lambda _: said.append("waited"), failed=said.append))
    assert waits.waits
    jobs.run(slow, 0.2, done=lambda _: said.append("second"), failed=said.append)
    jobs.wait()
    assert said == ["first: Stopped.", "second", "waited"] and not waits.waits


def test_waiting_ends_when_nothing_more_follows_however_slowly_it_begins():
    jobs, said = JobBar(), []
    waits = WhenFree(jobs)

    def begin() -> None:
        time.sleep(0.5)  # as on a machine that has other work
        jobs.run(slow, 0, done=said.append, failed=said.append)

    jobs.run(slow, 0.2, done=said.append, failed=said.append)
    waits(begin)
    jobs.wait()
    assert said == ["slept", "slept"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_start_that_fails_does_not_wait_for_ever():
    jobs, said = JobBar(), []
    waits = WhenFree(jobs)

    def begin() -> None:
        raise ValueError("nothing to begin with")

    jobs.run(slow, 0.2, done=said.append, failed=said.append)
    waits(begin)
    jobs.wait(10)
    assert said == ["slept"] and not waits.waits
