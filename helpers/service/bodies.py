"""No request may be large."""

from __future__ import annotations

import json

LARGEST_BODY = 16_384  # bytes


class SmallBodies:
    """ASGI middleware: a body above 16 KB is refused before it is read whole."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST_BODY:
                return await _refuse(send, 413, f"The body is larger than {LARGEST_BODY:,} bytes.")

        async def once():
            nonlocal body
            sent, body = body, None
            if sent is None:
                return await receive()
            return {"type": "http.request", "body": sent, "more_body": False}

        return await self.app(scope, once, send)


async def _refuse(send, status: int, sentence: str) -> None:
    data = json.dumps({"error": sentence}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(data)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
