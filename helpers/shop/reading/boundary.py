"""What the system says when a file cannot be opened, as a sentence."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import ShopError, nearest

_A_PATH = "the path of a file or folder"
_HERE = "check the name, and the folder that the notebook runs in"


@contextmanager
def foreseen(name: str) -> Iterator[None]:
    """Turn what opening and parsing a file raises into a ShopError that names the file."""
    try:
        yield
    except ShopError:
        raise
    except MemoryError as error:  # Arrow's is one too
        raise ShopError(
            "the memory of this computer is not enough for it",
            file=name,
            expected="a table that fits in memory",
            remedy="export a shorter span of time or fewer columns, or close other programs",
        ) from error
    except OSError as error:
        raise _of_the_system(error, name) from error
    except Exception as error:  # nothing but a sentence reaches the reader
        raise ShopError(
            f"this could not be read, for a reason not foreseen ({type(error).__name__}: {error})",
            file=name,
            expected="a table of orders",
            remedy="save the table as CSV (UTF-8) and read that; and please report what happened",
        ) from error


def _of_the_system(error: OSError, name: str) -> ShopError:
    if isinstance(error, PermissionError) or error.errno == errno.EBUSY:
        return ShopError(
            "it may not be read: there is no permission, or another program keeps it open",
            file=name,
            expected="a file or folder that you can open yourself",
            remedy="close it in other programs, or copy it into a folder of your own",
        )
    if error.errno == errno.ENAMETOOLONG:
        return ShopError(
            "the name is longer than any file can have",
            file=f"{name[:40]}...",
            expected=_A_PATH,
            remedy="give the path alone, not what the file holds",
        )
    return ShopError(
        f"the system could not read it ({error.strerror or error})",
        file=name,
        expected="a file that opens in other programs too",
        remedy="copy it to this computer's own disk and read the copy",
    )


def existing(path: Path) -> Path:
    """Return `path` if it is a file or folder, else raise with the nearest name beside it.

    Raises:
        ShopError: There is none, a link leads nowhere, or it is a pipe or device.
        OSError: The system does not let us look.
    """
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise _leads_nowhere(path) from None
    except ValueError:  # a NUL or half a letter in the name
        pass
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _leads_nowhere(path) from None
        if not isinstance(error, NotADirectoryError):
            raise
    else:
        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
            return path
        raise ShopError(
            "this is no file but a pipe or a device",
            file=path.name,
            expected=_A_PATH,
            remedy="write what comes out of it into a file and read that",
        )
    folder = path.parent.is_dir()
    beside = [item.name for item in path.parent.iterdir()] if folder else []
    where = "" if folder else f" The folder {path.parent.name!r} does not exist."
    raise ShopError(
        f"there is no such file or folder.{where}{nearest(path.name, beside)}",
        file=path.name,
        expected=_A_PATH,
        remedy=_HERE,
    )


def _leads_nowhere(path: Path) -> ShopError:
    return ShopError(
        f"this is a link to {os.readlink(path)!r}, where there is nothing",
        file=path.name,
        expected="a file, or a link to one",
        remedy="give the path of the file itself",
    )


def no_folder(path: Path) -> None:
    """Raise ShopError where a folder stands under the name of a file."""
    if path.is_dir():
        raise ShopError(
            "this is a folder under the name of a file",
            file=path.name,
            expected="a file",
            remedy="read the file that lies in the folder, or rename the folder",
        )
