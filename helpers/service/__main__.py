"""Start the service: `uv run --extra serve python -m helpers.service`."""

from __future__ import annotations

import argparse
import socket
import sys
from datetime import date
from pathlib import Path

from helpers import production, service
from helpers.production import ModelError, Online

MODEL = Path("my_online.skops")


def load_or_train(path: Path) -> Online:
    """The model at `path`; only the default one is trained where it is missing."""
    if path == MODEL and not path.exists():
        from helpers import shop

        print("… first start: training on the simulated shop", file=sys.stderr, flush=True)
        production.save(production.train_online(shop.load(), owner="this machine"), path)
    model = production.load(path)
    if not isinstance(model, Online):
        raise ModelError(f"{path.name} scores known customers; train one with --kind online")
    return model


def listen(host: str, port: int) -> socket.socket:
    """An open port. Raises OSError or OverflowError where there is none to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, or asyncio would not switch off the wait of 40 ms for more to send
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(2_048)
    except BaseException:
        door.close()
        raise
    return door


def main(arguments: list[str] | None = None) -> int:
    """Run the service; return the exit code."""
    parser = argparse.ArgumentParser(
        "python -m helpers.service",
        description=service.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", type=Path, default=MODEL, help=f"({MODEL})")
    parser.add_argument(
        "--host", default="127.0.0.1", help="who can reach it (127.0.0.1: this machine)"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--log", type=Path, help="append decisions and feedback to this file")
    chosen = parser.parse_args(arguments)
    try:
        from helpers.service.app import create_app
        from helpers.service.connections import server
        from helpers.service.memory import Memory

        model = load_or_train(chosen.model)
        memory = Memory(model, chosen.log)
        app = create_app(memory, chosen.host)
    except ModuleNotFoundError as error:
        print(
            f"error: {error.name} is not installed: uv run --extra serve python -m helpers.service",
            file=sys.stderr,
        )
        return 2
    except (ModelError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if memory.skipped:
        print(
            f"note: {memory.skipped:,} lines of {chosen.log} were not understood", file=sys.stderr
        )
    if date.today().isoformat() > model.card.retire_on:
        print(f"note: the model was to be retired on {model.card.retire_on}", file=sys.stderr)
    try:
        door = listen(chosen.host, chosen.port)
    except (OSError, OverflowError) as error:
        print(
            f"error: {chosen.host}:{chosen.port} cannot be listened to ({error}): pass another "
            "--port",
            file=sys.stderr,
        )
        return 2
    print(
        f"listening on http://{chosen.host}:{chosen.port} (documentation: /docs)", file=sys.stderr
    )
    server(app).run(sockets=[door])
    return 0


if __name__ == "__main__":
    sys.exit(main())
