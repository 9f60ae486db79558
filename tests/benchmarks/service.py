"""How long the service takes: 50 requests a second for 20 seconds, on one core, on this machine.

    uv run --extra serve python tests/benchmarks/service.py

Requests go out on schedule whether or not earlier ones were answered, so that a slow answer is not
hidden by a client that waits. Prints the median, the 95th and the 99th percentile in milliseconds.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from helpers import production, shop
from helpers.files import ROOT

RATE, SECONDS = 50, 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "online.skops"
        production.save(production.train_online(shop.load()), model)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "helpers.service",
            "--model",
            str(model),
            "--port",
            str(port),
        ]
        command += ["--log", str(Path(folder) / "log.jsonl")]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, {0})  # the service has one core
            try:
                taken = asyncio.run(measure(f"http://127.0.0.1:{port}"))
            finally:
                process.terminate()
    p50, p95, p99 = np.percentile(taken, [50, 95, 99])
    print(
        f"{len(taken)} requests at {RATE} a second: median {p50:.1f} ms, p95 {p95:.1f} ms, p99 "
        f"{p99:.1f} ms"
    )


async def measure(address: str) -> list[float]:
    """Milliseconds per request."""
    async with httpx.AsyncClient(timeout=10) as client:
        await wait_until_up(client, address)
        taken: list[float] = []

        async def one(number: int) -> None:
            visit = {"customer_id": f"c{number % 500}", "survey": {"favorite_category": "toys"}}
            begin = time.perf_counter()
            answer = await client.post(f"{address}/recommend", json=visit)
            taken.append(1_000 * (time.perf_counter() - begin))
            answer.raise_for_status()

        begin, jobs = time.perf_counter(), []
        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, begin + number / RATE - time.perf_counter()))
            jobs.append(asyncio.create_task(one(number)))
        await asyncio.gather(*jobs)
    return taken


async def wait_until_up(client: httpx.AsyncClient, address: str) -> None:
    for _ in range(600):
        try:
            (await client.get(f"{address}/health")).raise_for_status()
            return
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the service did not start")


if __name__ == "__main__":
    main()
