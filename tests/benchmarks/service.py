"""How long the service takes on one core of this machine, alone and beside slow clients.

    uv run --extra serve python tests/benchmarks/service.py

Two loads of 20 seconds each: 50 requests a second, which go out on schedule whether or not earlier
ones were answered, so that a slow answer is not hidden by a client that waits; and 32 clients that
ask again as soon as they are answered. Then both again beside 300 connections that send half a
request and wait. Prints errors and milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from helpers import production, shop
from helpers.files import ROOT

RATE, CLIENTS, SECONDS, SLOW = 50, 32, 20, 300
IDLE = 3.0  # seconds after which a connection is not used again: the service closes it after 5
POST = "POST /recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
HALF = f"{POST}Content-Length: 100\r\n\r\n{{".encode()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "online.skops"
        production.save(production.train_online(shop.load()), model)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "helpers.service", "--model", str(model)]
        command += ["--port", str(port), "--log", str(Path(folder) / "log.jsonl")]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, {0})  # the service has one core
            try:
                asyncio.run(measure(port))
            finally:
                process.terminate()


async def measure(port: int) -> None:
    """Print a line per load."""
    await wait_until_up(port)
    for beside in (0, SLOW):
        slow = [asyncio.create_task(half_sent(port)) for _ in range(beside)]
        for load in (scheduled, crowd):
            visits = Visits(port)
            begin = time.perf_counter()
            await load(visits)
            rate = len(visits.taken) / (time.perf_counter() - begin)
            p50, p95, p99 = np.percentile(visits.taken, [50, 95, 99])
            print(
                f"{load.__name__}, {beside} slow beside: {len(visits.taken):,} requests, "
                f"{rate:.0f} a second, {visits.errors} errors, median {p50:.1f} ms, "
                f"p95 {p95:.1f} ms, p99 {p99:.1f} ms",
                flush=True,
            )
            visits.close()
        for task in slow:
            task.cancel()


class Visits:
    """Requests to the service: milliseconds each took, and how many were not answered well.

    Plain streams: a client library would take more time than the service.
    """

    def __init__(self, port: int):
        self.port, self.errors, self.taken = port, 0, list[float]()
        self.idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def one(self, number: int) -> None:
        body = json.dumps(
            {"customer_id": f"c{number % 500}", "survey": {"favorite_category": "toys"}}
        )
        begin = time.perf_counter()
        try:
            while self.idle and begin - self.idle[-1][0] > IDLE:
                self.idle.pop()[2].close()
            if self.idle:
                _, reader, writer = self.idle.pop()
            else:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(f"{POST}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            await reader.readexactly(int(length[1]) if length else 0)
            self.errors += not head.startswith(b"HTTP/1.1 200")
            self.idle.append((time.perf_counter(), reader, writer))
        except (OSError, EOFError):
            self.errors += 1
        self.taken.append(1_000 * (time.perf_counter() - begin))

    def close(self) -> None:
        for _, _, writer in self.idle:
            writer.close()


async def scheduled(visits: Visits) -> None:
    """RATE requests a second, on schedule."""
    begin, jobs = time.perf_counter(), []
    for number in range(RATE * SECONDS):
        await asyncio.sleep(max(0.0, begin + number / RATE - time.perf_counter()))
        jobs.append(asyncio.create_task(visits.one(number)))
    await asyncio.gather(*jobs)


async def crowd(visits: Visits) -> None:
    """CLIENTS that ask one after the other."""
    end = time.perf_counter() + SECONDS

    async def client(number: int) -> None:
        while time.perf_counter() < end:
            await visits.one(number)

    await asyncio.gather(*map(client, range(CLIENTS)))


async def half_sent(port: int) -> None:
    """Send half a request again and again, as soon as the one before was closed."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HALF)
            await reader.read()
            writer.close()
        except OSError:
            await asyncio.sleep(0.1)


async def wait_until_up(port: int) -> None:
    for _ in range(600):
        visits = Visits(port)
        await visits.one(0)
        visits.close()
        if not visits.errors:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("the service did not start")


if __name__ == "__main__":
    main()
