"""What the service writes: its log of decisions, and what it says of faults."""

from __future__ import annotations

import asyncio
import errno
import json
import logging

import pytest

from helpers.service.faults import OneLine, Sparing
from helpers.service.memory import Memory


class FullDisk:
    """An open file on a disk with room for `room` bytes."""

    def __init__(self, room: int):
        self.room, self.held = room, b""

    def write(self, data: bytes) -> int:
        fits = data[: self.room - len(self.held)]
        if not fits:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.held += fits
        return len(fits)


def test_a_log_that_is_no_file_is_refused(model, tmp_path):
    """A device or a pipe would be read without an end."""
    with pytest.raises(ValueError, match="is no file"):
        Memory(model, tmp_path)


def test_a_line_nested_beyond_all_depth_is_passed_over(model, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("[" * 200_000 + "\n" + '{"a":' * 200_000 + "\n")
    memory = Memory(model, log, seed=0)
    assert memory.skipped == 2
    memory.log.close()


def test_on_a_full_disk_nothing_is_decided_and_a_cut_line_harms_no_other(model, tmp_path):
    memory = Memory(model, tmp_path / "log.jsonl", seed=0)
    memory.log.close()
    memory.log = disk = FullDisk(room=100)
    for _ in range(2):  # the first finds some room, the second none
        with pytest.raises(OSError, match="No space left"):
            memory.recommend("x", {}, 2)
    assert not memory.open
    disk.room = 10_000
    name, _ = memory.recommend("x", {}, 2)
    cut, whole = disk.held.decode().splitlines()
    assert len(cut) == 100 and json.loads(whole)["decision"] == name


def test_a_fault_is_one_line_that_says_where():
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        fault = (ValueError, error, error.__traceback__)
        record = logging.LogRecord("x", 40, __file__, 1, "It\nfailed", (), fault)
        said = OneLine("%(levelname)s: %(message)s").format(record)
    assert said.startswith("ERROR: It failed ValueError: first second (test_log.py:")
    assert "\n" not in said


def test_a_flood_of_faults_is_counted_not_written(monkeypatch):
    seconds = iter([*[10.0] * 1_000, 10.5, 12.0])
    monkeypatch.setattr("helpers.service.faults.time.monotonic", lambda: next(seconds))
    records = [logging.LogRecord("x", 40, __file__, 1, "Failed", (), None) for _ in range(1_002)]
    sparing = Sparing()
    passed = [record.getMessage() for record in records if sparing.filter(record)]
    assert passed == ["Failed", "Failed (and 1,000 more like it)"]


def test_with_a_full_log_the_answer_is_a_sentence(model, tmp_path, caplog):
    pytest.importorskip("fastapi", reason="the extra `serve` is not installed")
    import httpx

    from helpers.service.app import create_app

    memory = Memory(model, tmp_path / "log.jsonl", seed=0)
    memory.log.close()
    memory.log = disk = FullDisk(room=0)
    transport = httpx.ASGITransport(create_app(memory))

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.post("/recommend", json={"customer_id": "x"})
            assert answer.status_code == 503
            assert "cannot be written (No space left on device)" in answer.json()["error"]
            disk.room = 10_000
            shown = (await client.post("/recommend", json={"customer_id": "x"})).json()
            disk.room = 0
            feedback = {"decision_id": shown["decision_id"]}
            assert (await client.post("/feedback", json=feedback)).status_code == 503
            disk.room = 10_000
            assert (await client.post("/feedback", json=feedback)).json() == {"learned": True}

    asyncio.run(ask())
    assert "cannot be written" in caplog.text and "Traceback" not in caplog.text
