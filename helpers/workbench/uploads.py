"""Files from the browser: they live in the kernel's memory, and on the disk only while they are
read."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from ipywidgets.widgets.trait_types import TypedTuple
from traitlets import Dict

PREFIX = "workbench-"
OLD = 3_600  # seconds; reading takes minutes at most
_WRITER = re.compile(rf"{PREFIX}(\d+)-")
_SENT = widgets.FileUpload.class_traits()["value"].metadata


def _described(files: list[dict[str, Any]], widget: widgets.Widget) -> list[dict[str, Any]]:
    return _SENT["to_json"]([{**file, "content": b""} for file in files], widget)


class Upload(widgets.FileUpload):
    """A FileUpload whose files are not sent back: a page that is loaded again, or a second tab, is
    told their names and sizes, where it would otherwise be sent every byte of them. The same file
    again is news too: it may have been stopped, or refused, the first time."""

    value = TypedTuple(Dict()).tag(
        sync=True, echo_update=False, from_json=_SENT["from_json"], to_json=_described
    )

    def set_state(self, sync_data: dict[str, Any]) -> None:
        if sync_data.get("value"):
            self._trait_values.pop("value", None)  # or what is equal would be no change
        super().set_state(sync_data)


def put_down(files: list[dict[str, Any]]) -> tuple[tempfile.TemporaryDirectory, str]:
    """Write uploaded files (dicts with `name` and `content`) into a new folder that only its owner
    can open: the folder, and the path to read, which of several files is the folder.

    `folder.cleanup()` removes it; so does the end of the process where it is orderly.
    """
    folder = tempfile.TemporaryDirectory(
        prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True
    )
    for item in files:
        (Path(folder.name) / Path(item["name"]).name).write_bytes(item["content"])
    one = Path(files[0]["name"]).name if len(files) == 1 else ""
    return folder, str(Path(folder.name) / one)


def sweep() -> None:
    """Remove what a process that was killed while reading has left behind: a folder whose process
    is no more, or that is an hour old."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            old = time.time() - folder.stat().st_mtime > OLD
        except OSError:  # another process has just removed it
            continue
        writer = _WRITER.match(folder.name)
        left = writer is not None and _is_no_more(int(writer[1]))
        if (old or left) and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)


def _is_no_more(process: int) -> bool:
    if os.name == "nt":
        return False  # nothing there asks without ending it: the folder's age decides
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's
        return False
    return False
