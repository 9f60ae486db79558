"""A project: a folder of the reader's own in which their work is kept, and opened again.

`project.json` holds where the orders lie, how they were read, and what was chosen on each screen,
for each form of file (its columns): next month's export finds last month's choices. A file from the
browser is put beside it. Nothing is written before the reader has named the folder.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.errors import ReaderError
from helpers.files import ROOT, write_text, write_whole

NAME = "project.json"
VERSION = 1
WHAT = "a workbench project"


class ProjectError(ReaderError, ValueError):
    """A folder that cannot be a project: a sentence that says why."""


class Project:
    """The folder of a project. `where` is the place of the orders that were read last ("" before
    any).

    Raises ProjectError where the folder is the course's own, is no folder, or holds a project that
    cannot be read; OSError where it cannot be made.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder).expanduser().absolute()
        if self.folder.is_relative_to(ROOT):
            raise ProjectError(
                "That is within the course's own folder, where an update would meet your files. "
                "Choose another, such as my_shop in your home folder."
            )
        if self.folder.exists() and not self.folder.is_dir():
            raise ProjectError(f"{self.folder.name} is a file. Name a folder.")
        self.where = ""
        self._shops: dict[str, dict[str, Any]] = {}
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            self._read()
        else:
            self.save()

    @property
    def path(self) -> Path:
        """The file that holds the choices."""
        return self.folder / NAME

    def _read(self) -> None:
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
            if said["what"] != WHAT or said["version"] != VERSION:
                raise ValueError("it is of another program or version")
            self.where = str(said["where"])
            shops = said["shops"]
            parts = [kept[part] for kept in shops.values() for part in ("reading", "screens")]
            parts += [values for kept in shops.values() for values in kept["screens"].values()]
            if not all(isinstance(part, dict) for part in [shops, *shops.values(), *parts]):
                raise ValueError("its shops are none")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProjectError(
                f"{self.path} cannot be read ({error}). It was left as it is: rename it, or choose "
                "another folder."
            ) from None
        self._shops = shops

    def kept(self, columns: Iterable[str]) -> dict[str, Any]:
        """What was chosen for files with these columns, to be changed in place and saved."""
        return self._shops.setdefault(shop_key(columns), {"reading": {}, "screens": {}})

    def save(self) -> None:
        """Write the choices, whole or not at all. Raises OSError where that is impossible."""
        said = {"what": WHAT, "version": VERSION, "where": self.where}
        said |= {"shops": self._shops}
        write_text(self.path, json.dumps(said, ensure_ascii=False, indent=1))

    def put(self, files: Iterable[tuple[str, bytes]]) -> Path:
        """Files from the browser (name, content), put into the folder `orders`: what is to be
        read. One lies there itself, never over another of its name; several that belong together
        lie in a folder of their own, whose name tells their bytes."""
        files = [(Path(name).name, content) for name, content in files]
        folder = self.folder / "orders"
        if len(files) > 1:
            whole = hashlib.sha256()
            for name, content in sorted(files):
                whole.update(f"{name} {len(content)} ".encode(errors="surrogatepass") + content)
            folder = folder / whole.hexdigest()[:8]
        folder.mkdir(parents=True, exist_ok=True)
        paths = [self._put_one(folder, name, content) for name, content in files]
        return paths[0] if len(paths) == 1 else folder

    def _put_one(self, folder: Path, name: str, content: bytes) -> Path:
        number = 1
        path = folder / name
        while path.exists() and path.read_bytes() != content:
            number += 1
            path = folder / f"{Path(name).stem} {number}{Path(name).suffix}"
        if not path.exists():
            write_whole(path, lambda beside: beside.write_bytes(content))
        return path


def shop_key(columns: Iterable[str]) -> str:
    """The form of a file by its columns: the first 16 hexadecimal digits of their SHA-256."""
    text = json.dumps(sorted(map(str, columns)), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def to_json(value: Any) -> Any:
    """A control's value as JSON holds it: a day as text, a tuple as a list."""
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()[:10]}
    return list(value) if isinstance(value, tuple) else value


def from_json(value: Any) -> Any:
    """A control's value as `to_json` has put it. Raises ValueError for a day that is none."""
    if isinstance(value, dict) and "day" in value:
        return datetime.date.fromisoformat(value["day"])
    return tuple(value) if isinstance(value, list) else value
