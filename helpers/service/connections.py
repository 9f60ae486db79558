"""How long a client may take, and how many may be connected at once.

uvicorn has no deadline for the arrival of a request (its keep-alive timer ends with the first
byte), and counts connections only when a request is whole: whoever never finishes one is bounded by
nothing. This is its HTTP/1.1 protocol with both bounds.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from helpers.service.faults import LOGGING

RECEIVE = 10.0  # seconds, at most, for a request to arrive whole, from its first byte on
ANSWER = 60.0  # seconds for the answer to be made and taken
MOST = 2_000  # connections
BACKLOG = 2_048  # connections that wait to be accepted
SPARE = 32  # file handles for everything that is no connection


def server(app, receive: float = RECEIVE, most: int = MOST) -> uvicorn.Server:
    """The server of an application: a request must arrive whole within `receive` seconds, and
    about `most` connections are open at once, fewer where the system has not the handles."""
    handles = file_handles(2 * most + SPARE) - SPARE
    most = max(1, min(most, handles // 2))
    bounds = {"unheard": {}, "most": most, "receive": receive}
    config = uvicorn.Config(
        app,
        http=type("Connection", (Bounded,), bounds),
        ws="none",
        # accepted in one go; it takes asyncio four rounds until a connection is refused and closed
        backlog=max(1, (handles - most) // 4),
        timeout_graceful_shutdown=2,  # else half a request would hold up the end
        log_config=LOGGING,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    return Server(config)


class Server(uvicorn.Server):
    """A server that accepts no more in one go than there are handles for, and lets others wait."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for door in sockets or []:  # asyncio has one number for both
            door.listen(BACKLOG)


def file_handles(wanted: int) -> int:
    """How many files this process may have open, raised to `wanted` where the system lets it."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
    except (ValueError, OSError):
        return soft
    return more


class Bounded(H11Protocol):
    """A connection with deadlines. `unheard` holds every connection of the server whose request is
    not whole yet, whoever waits longest first: where `most` are open, that one makes room for a new
    one."""

    unheard: dict[Bounded, None]
    most: int
    receive: float
    deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.most:
            if not self.unheard:
                self._refuse("503 Service Unavailable", "Too many are connected: try again later.")
                return
            next(iter(self.unheard)).leave()
        self._listen()

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None:  # the first bytes of a further request
            self._listen()
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        whole = self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if whole and self in self.unheard:
            del self.unheard[self]
            self._within(ANSWER)
        elif not whole and self not in self.unheard:
            self._listen()

    def connection_lost(self, exc: Exception | None) -> None:
        self.unheard.pop(self, None)
        if self.deadline is not None:
            self.deadline.cancel()
        super().connection_lost(exc)

    def leave(self) -> None:
        """Close the connection: its time is over, or its place is needed."""
        begun = self.conn.their_state is h11.SEND_BODY or self.conn.trailing_data[0]
        unanswered = self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE)
        if self in self.unheard and begun and unanswered:
            self.logger.warning("A request did not arrive whole in time.")
            self._refuse("408 Request Timeout", "The request did not arrive whole in time.")
        else:  # nothing was asked, or the answer is not taken
            self.transport.abort()
        self.unheard.pop(self, None)

    def _listen(self) -> None:
        self.unheard.pop(self, None)
        self.unheard[self] = None
        # some sooner than others: those that came together should not end together
        self._within(self.receive * random.uniform(0.8, 1.0))

    def _within(self, seconds: float) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
        self.deadline = self.loop.call_later(seconds, self.leave)

    def _refuse(self, status: str, sentence: str) -> None:
        body = json.dumps({"error": sentence})
        self.transport.write(
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}".encode()
        )
        self.transport.close()
