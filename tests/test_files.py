"""A file is written whole or not at all."""

from __future__ import annotations

import os
import time

import pytest

from helpers.files import write_text, write_whole


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def fail(beside):
        beside.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_removed_once_it_is_old(tmp_path):
    path = tmp_path / "table.csv"
    digits = "0123456789abcdef" * 2
    left, fresh = f".table.{digits}.csv", f".table.{digits[::-1]}.csv"
    others = [f".other.{digits}.csv", ".table.csv", f".table.{digits}.csv.bak"]
    for name in [left, fresh, *others]:
        (tmp_path / name).write_text("half")
        hours = 0.1 if name == fresh else 2
        os.utime(tmp_path / name, times=(time.time() - 3_600 * hours,) * 2)
    write_text(path, "whole")
    assert {p.name for p in tmp_path.iterdir()} == {"table.csv", fresh, *others}
