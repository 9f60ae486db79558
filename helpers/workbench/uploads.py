"""Files from the browser: they live in the kernel's memory, and on the disk only while they are
read."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

PREFIX = "workbench-"
OLD = 3_600  # seconds; reading takes minutes at most


def put_down(files: list[dict[str, Any]]) -> tuple[tempfile.TemporaryDirectory, str]:
    """Write uploaded files (dicts with `name` and `content`) into a new folder that only its owner
    can open: the folder, and the path to read, which of several files is the folder.

    `folder.cleanup()` removes it; so does the end of the process where it is orderly.
    """
    folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    for item in files:
        (Path(folder.name) / Path(item["name"]).name).write_bytes(item["content"])
    one = Path(files[0]["name"]).name if len(files) == 1 else ""
    return folder, str(Path(folder.name) / one)


def sweep() -> None:
    """Remove what a process that was killed while reading has left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            old = time.time() - folder.stat().st_mtime > OLD
        except OSError:  # another process has just removed it
            continue
        if old and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
