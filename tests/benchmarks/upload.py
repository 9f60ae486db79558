"""What it takes to bring a file of 144 MB to the workbench, in a real browser: seconds and memory.

    uv run python tests/benchmarks/upload.py    # writes data/benchmarks/upload.csv

As a reader would, three times, each with a server and a browser of its own: the page comes up, the
file (order lines as in `reading.py`) is chosen and loaded, the customers are shown, all of them are
fitted, the page is loaded again, a second one is opened. Five times a second the memory of the
whole tree is added up (server, kernel, its children, browser; PSS, so that what they share counts
once). Linux only. On a machine limited to 8 GB:

    systemd-run --scope -p MemoryMax=8G -p MemorySwapMax=0 uv run python tests/benchmarks/upload.py

The limit that the run had is read from its control group and stands in the rows. Columns: step,
repeat, metric, value; the step `whole` has the most memory of each kind of process and of their
sum.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import psutil
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.reading import write_orders
from pages import browser_path, open_workbench, running_browser, running_lab

RESULT = Path(__file__).resolve().parents[2] / "data" / "benchmarks" / "upload.csv"
LINES, REPEATS = 1_560_000, 3
SECONDS, MEMORY, LIMIT = "seconds", "memory at most, MB", "limit of the run, MB"
STEPS = ["open", "upload", "health", "customers", "fit", "reload", "second page"]
KINDS = {  # what a command line holds -> whose memory it is
    "multiprocessing": "children of the kernel",  # first: they name helpers.workbench too
    "ipykernel_launcher": "kernel",
    "helpers.workbench": "server",
    "chrom": "browser",
}


def limit() -> float:
    """The least memory limit of this process's control groups in MB; infinite where none is set."""
    found = [float("inf")]
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = Path("/sys/fs/cgroup") / ("memory" if controllers else "")
        while True:
            for name in ("memory.max", "memory.limit_in_bytes"):
                file = root / group.lstrip("/") / name
                text = file.read_text().strip() if file.exists() else "max"
                if text.isdigit() and int(text) < 1 << 60:  # above: none, in the older form
                    found.append(int(text) / 1e6)
            if group in ("/", ""):
                break
            group = group.rpartition("/")[0]
    return min(found)


class Memory(threading.Thread):
    """Adds up the memory of everything this process has started, by kind; `most` keeps the most
    of each kind and of their sum since `clear()`, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most: dict[str, float] = {}
        self.over = threading.Event()

    def clear(self) -> None:
        self.most = {}

    def run(self) -> None:
        while not self.over.wait(0.2):
            now: dict[str, float] = {}
            for process in psutil.Process().children(recursive=True):
                try:
                    kind = _kind(" ".join(process.cmdline()))
                    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
                except (OSError, psutil.Error):  # it has just ended
                    continue
                pss = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
                if kind and pss:
                    now[kind] = now.get(kind, 0) + int(pss[1]) * 1024 / 1e6
            now["all"] = sum(now.values())
            for kind, much in now.items():
                self.most[kind] = max(much, self.most.get(kind, 0))


def _kind(command: str) -> str | None:
    return next((kind for part, kind in KINDS.items() if part in command), None)


def session(path: Path, address: str, new: Callable[..., Page]) -> dict[str, Callable[[], None]]:
    """What the reader does, step by step."""
    page = new()
    page.set_default_timeout(300_000)

    def load() -> None:
        page.get_by_role("button", name=re.compile("A mail list")).wait_for()

    def choose() -> None:
        files = page.get_by_role("button", name=re.compile("Drop your file here"))
        with page.expect_file_chooser() as chooser:
            files.click()
        chooser.value.set_files(path)
        files.filter(has_text="(1)").wait_for()

    def customers() -> None:
        page.get_by_role("tab", name="Explore").click()
        page.get_by_text("had bought before this day").wait_for()

    def fit() -> None:
        page.get_by_role("button", name="Group all my customers").click()
        page.locator(".workbench-group").first.wait_for()

    def reload() -> None:
        page.reload()
        page.locator(".workbench-group").first.wait_for()

    def second() -> None:
        other = new()
        other.set_default_timeout(300_000)
        open_workbench(other, address)
        other.locator(".workbench-group").first.wait_for()

    acts = [lambda: open_workbench(page, address), choose, load, customers, fit, reload, second]
    return dict(zip(STEPS, acts, strict=True))


def measure(path: Path, browser: str) -> list[tuple[str, str, float]]:
    """One run: (step, metric, value)."""
    memory, found, whole = Memory(), [], {}
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_lab(Path(folder)) as address,
        running_browser(browser) as new,
    ):
        memory.start()
        for step, act in session(path, address, new).items():
            memory.clear()
            began = time.perf_counter()
            act()
            found.append((step, SECONDS, time.perf_counter() - began))
            time.sleep(0.5)
            found.append((step, MEMORY, memory.most["all"]))
            for kind, much in memory.most.items():
                whole[kind] = max(much, whole.get(kind, 0))
        memory.over.set()
        memory.join()
    found += [("whole", f"{MEMORY}: {kind}", much) for kind, much in whole.items()]
    return [*found, ("whole", LIMIT, limit())]


def table(rows: pd.DataFrame) -> str:
    """The medians of the runs, a line a step."""
    return (
        rows.groupby(["step", "metric"], sort=False)["value"].median().round(1).to_string(header="")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="What it takes to upload a large file.")
    parser.add_argument("--lines", type=int, default=LINES)
    lines = parser.parse_args().lines
    browser = browser_path()
    if browser is None or sys.platform != "linux":
        sys.exit("needs Linux and a Chromium (Debian: apt-get install chromium-headless-shell)")
    records = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, lines)
        print(f"{lines:,} lines, {path.stat().st_size / 1e6:,.0f} MB")
        for repeat in range(REPEATS):
            records += [(step, repeat, *rest) for step, *rest in measure(path, browser)]
    rows = pd.DataFrame(records, columns=["step", "repeat", "metric", "value"])
    rows.to_csv(RESULT, index=False, float_format="%.4g", lineterminator="\n")
    print(table(rows))


if __name__ == "__main__":
    main()
