"""A Postgres server on 127.0.0.1:

    with postgres.running() as address, psycopg.connect(**address) as connection:
        ...

It keeps its data in a folder of its own, and does not run as root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 60  # seconds for what takes one when the machine is idle


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, where Debian puts them or on the path; the newest
    version. None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    there = found[-1] if found else shutil.which("initdb")
    return Path(there).resolve().parent if there else None


@contextmanager
def running() -> Iterator[dict[str, Any]]:
    """What `psycopg.connect` and `ibis.postgres.connect` take for an empty database, in UTF-8 and
    sorted by bytes; at the end its process and its files are gone.

    Raises RuntimeError with the end of its log where it does not come up.
    """
    bin_folder = programs()
    who = _somebody_else()
    with tempfile.TemporaryDirectory(prefix="postgres_") as name:
        folder = Path(name)
        data = folder / "data"
        if "user" in who:
            shutil.chown(folder, who["user"])
        subprocess.run(
            [bin_folder / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8"]
            + ["--locale=C", "--no-sync", "--no-instructions"],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        with closing(socket.create_server((HOST, 0))) as taken:
            port = taken.getsockname()[1]
        log = folder / "log"
        with log.open("w") as written:
            server = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, "-h", HOST, "-p", str(port)]
                + ["-c", "unix_socket_directories=", "-c", "fsync=off"],
                stdout=written,
                stderr=written,
                cwd=folder,
                **who,
            )
        try:
            _wait(server, port, log)
            yield {"host": HOST, "port": port, "user": "tests"}
        finally:
            server.terminate()  # no new sessions; it ends when those that are open do
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.send_signal(2)  # ends them
                server.wait(PATIENCE)


def _somebody_else() -> dict[str, Any]:
    """For root the account under which the server runs, for `subprocess`; it refuses root's."""
    if os.getuid() != 0:
        return {}
    import pwd  # not on every system

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(server: subprocess.Popen, port: int, log: Path) -> None:
    """Until it takes connections."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        if "ready to accept connections" in log.read_text():
            return
        time.sleep(0.05)
    raise RuntimeError(f"Postgres did not come up on port {port}. {log.read_text()[-2000:]}")
