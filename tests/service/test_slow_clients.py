"""Clients that never finish, and too many of them, over real sockets. Needs the extra `serve`."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from helpers.files import ROOT
from helpers.service.__main__ import listen
from helpers.service.memory import Memory

pytest.importorskip("fastapi", reason="the extra `serve` is not installed")

from helpers.service import connections  # noqa: E402
from helpers.service.app import create_app  # noqa: E402

HALF = {
    "nothing": b"",
    "half a line": b"POST /rec",
    "headers without an end": b"POST /recommend HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n",
    "a body that does not come": b"POST /recommend HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    "chunks without an end": b"POST /recommend HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a refused host and no body": b"POST /recommend HTTP/1.1\r\nHost: evil.example\r\n"
    b"Content-Length: 100\r\n\r\n{",
}


@contextmanager
def serving(app, **limits) -> Iterator[tuple[str, int]]:
    """Address of a server in a thread."""
    running, door = connections.server(app, **limits), listen("127.0.0.1", 0)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        yield door.getsockname()
    finally:
        running.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def pytest_keeps_the_log(monkeypatch):
    monkeypatch.setattr(connections, "LOGGING", None)


@pytest.fixture
def app(model):
    return create_app(Memory(model, seed=0))


def end_of(client: socket.socket) -> bytes:
    """What a client still hears before its connection ends; fails where that takes 5 seconds."""
    client.settimeout(5)
    heard = b""
    try:
        while part := client.recv(65_536):
            heard += part
    except ConnectionResetError:
        pass
    return heard


@pytest.mark.parametrize("sent", HALF.values(), ids=HALF.keys())
def test_a_request_that_does_not_arrive_is_closed(app, sent):
    with serving(app, receive=0.3) as place, socket.create_connection(place) as client:
        client.sendall(sent)
        heard = end_of(client)
    if sent == b"":
        assert heard == b""
    elif b"evil" in sent:
        assert heard.startswith(b"HTTP/1.1 400") and heard.count(b"HTTP/1.1") == 1
    else:
        assert heard.startswith(b"HTTP/1.1 408") and b"did not arrive whole" in heard


def test_a_trickle_of_bytes_wins_no_time(app):
    with serving(app, receive=0.5) as place, socket.create_connection(place) as client:
        began = time.monotonic()
        with pytest.raises(OSError):  # until the other side is closed
            for byte in b"GET /health HTTP/1.1\r\nX-A: " + b"a" * 1_000:
                client.sendall(bytes([byte]))
                time.sleep(0.05)
        assert time.monotonic() - began < 3


def test_a_connection_that_is_used_again_has_its_whole_time_again(app):
    request = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving(app, receive=0.8) as place, socket.create_connection(place) as client:
        for _ in range(4):
            client.sendall(request[:10])
            time.sleep(0.4)
            client.sendall(request[10:])
            heard = b""
            while not heard.endswith(b"}"):
                heard += client.recv(65_536) or b"closed }"
            assert heard.startswith(b"HTTP/1.1 200")


def test_half_sent_requests_beside_normal_ones_harm_nobody(app):
    with serving(app, receive=1.0) as place, ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(place)) for _ in range(300)]
        for number, client in enumerate(slow):
            client.sendall(list(HALF.values())[1 + number % 4])
        with httpx.Client(base_url=f"http://{place[0]}:{place[1]}") as normal:
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                assert normal.post("/recommend", json={"customer_id": "a"}).status_code == 200
        assert all(end_of(client).startswith(b"HTTP/1.1 408") for client in slow)


def test_half_a_request_does_not_hold_up_the_end(app):
    with ExitStack() as later, serving(app, receive=60) as place:
        client = later.enter_context(socket.create_connection(place))
        client.sendall(HALF["a body that does not come"])
        time.sleep(0.2)
        began = time.monotonic()
    assert time.monotonic() - began < 8


def test_who_waits_longest_makes_room(app):
    with serving(app, most=20) as place, ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(place)) for _ in range(40)]
        address = f"http://{place[0]}:{place[1]}"
        assert httpx.get(f"{address}/health").status_code == 200
        assert [end_of(client) for client in slow[:20]] == [b""] * 20
        slow[-1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            slow[-1].recv(1)


def test_a_house_full_of_work_says_so():
    free = threading.Event()

    async def busy(scope, receive, send):
        if scope["type"] == "http":
            while not free.is_set():
                await asyncio.sleep(0.02)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    with serving(busy, most=3) as place, ExitStack() as stack:
        working = [stack.enter_context(socket.create_connection(place)) for _ in range(3)]
        for client in working:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        time.sleep(0.2)
        with socket.create_connection(place) as one_more:
            assert end_of(one_more).startswith(b"HTTP/1.1 503")
        free.set()
        assert all(end_of(client).startswith(b"HTTP/1.1 204") for client in working)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_few_file_handles_and_many_clients(model_file, tmp_path):
    """A process of its own: the limit is one of the process."""
    import resource

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = free.getsockname()
    command = [sys.executable, "-m", "helpers.service", "--model", str(model_file)]
    log = tmp_path / "stderr"
    with log.open("wb") as stderr, ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                [*command, "--port", str(place[1])],
                cwd=ROOT,
                stderr=stderr,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96)),
            )
        )
        stack.callback(process.terminate)
        normal = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{place[1]}"))
        for _ in range(600):
            try:
                normal.get("/health")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        for _ in range(300):
            stack.enter_context(socket.create_connection(place)).sendall(b"POST /rec")
        for _ in range(20):
            assert normal.get("/health", headers={"Connection": "close"}).status_code == 200
    assert log.stat().st_size < 5_000, log.read_text()[:2_000]
