"""Work in a child process: stopped at once, replaced when it dies, its failures sentences."""

from __future__ import annotations

import os
import time

import pytest

from helpers.widgets.jobs import JobBar


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
