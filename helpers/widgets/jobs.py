"""Long work in a child process: it shows how far it is, and a stop works at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

import ipywidgets as widgets

from helpers import quote

Say = Callable[[float, str], None]

# A server that has imported starts a child at once, after a stop too. Elsewhere than on Linux it is
# not safe to fork where NumPy is loaded, or not possible.
METHOD = "forkserver" if sys.platform == "linux" else "spawn"


def _end_with_parent() -> None:
    """In the child: end when the process that started it has ended, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _serve(pipe: Connection) -> None:
    """In the child: run one job after the other, as they come through the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interrupting a cell is not stopping a job
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        try:
            result = function(
                *arguments, say=lambda share, text: pipe.send(("says", (share, text)))
            )
        except MemoryError:
            pipe.send(("failed", "Not enough memory for this. Fewer rows or columns would help."))
        except Exception as error:  # whatever happened, the reader gets a sentence
            pipe.send(("failed", str(error) or type(error).__name__))
        else:
            pipe.send(("done", result))


STOPPED = "Stopped."  # what a job says that was ended


class JobBar(widgets.HBox):
    """A progress bar with a Stop button over one child process.

    `run(function, *arguments, done=..., failed=...)` calls `function(*arguments, say=say)` there;
    `say(share, text)` moves the bar. `function` is one that can be imported. `done(result)` or
    `failed(sentence)` are called in this process. A new job stops the one before it.

    `preload` names modules that the jobs need: where children are forked, they are imported once.
    `waiting` says of each place that asks for jobs whether it waits for its turn.
    """

    def __init__(self, preload: tuple[str, ...] = ()):
        self._preload = preload
        self.waiting: list[Callable[[], bool]] = []
        self.bar = widgets.FloatProgress(0, min=0, max=1, layout={"width": "180px"})
        self.text = widgets.HTML()
        self.button = widgets.Button(description="Stop", icon="stop", layout={"width": "80px"})
        self.button.on_click(lambda _: self.stop())
        self._process: Any = None
        self._pipe: Connection | None = None
        self._thread: threading.Thread | None = None
        self._failed: Callable[[str], None] | None = None
        self._job = 0
        self._here = threading.local()  # what is so in one thread alone
        self._lock = threading.RLock()
        self.making_room = False  # a job is stopped for another: what waits its turn waits on
        super().__init__([self.bar, self.button, self.text], layout={"visibility": "hidden"})

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self.layout.visibility == "visible"

    @property
    def free(self) -> bool:
        """Whether a job can be started that stops no other: none is under way, or this is asked
        when one is done, for one that follows."""
        return not self.busy or threading.current_thread() is self._thread

    @property
    def filling(self) -> bool:
        """Whether this is asked by a job that shows its result."""
        return getattr(self._here, "follows", False)

    @property
    def child(self) -> int | None:
        """The number of the child process, None where there is none: what a job has left in one
        child the next does not have."""
        alive = self._process is not None and self._process.is_alive()
        return self._process.pid if alive else None

    def warm(self) -> None:
        """Start the child before it is needed: the first one imports for a second or two."""
        if self.child is None:
            context: Any = multiprocessing.get_context(METHOD)
            context.set_forkserver_preload([__name__, *self._preload])
            self._pipe, other = context.Pipe()
            self._process = context.Process(target=_serve, args=(other,), daemon=True)
            self._process.start()
            other.close()

    def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        """Start a job; returns at once."""
        with self._lock:
            self.make_room()
            self._job += 1
            self.warm()
            self.bar.value, self.text.value = 0, "starting …"
            self.layout.visibility = "visible"
            self._failed = failed
            job = (self._job, self._pipe, (function, arguments), done, failed)
            self._thread = threading.Thread(target=self._follow, args=job, daemon=True)
            self._thread.start()

    def result(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a short job and wait for its result. Raises ValueError with its sentence where it
        fails, or where another is under way."""
        if self.busy:
            raise ValueError("Something is being computed: wait until it is done, or stop it.")
        found: list[Any] = []
        failed: list[str] = []
        self.run(function, *arguments, done=found.append, failed=failed.append)
        if self._thread is not None:
            self._thread.join()
        if failed:
            raise ValueError(failed[0])
        return found[0]

    def make_room(self) -> None:
        """Stop the job under way, unless this is called when it is done, for one that follows."""
        with self._lock:
            if self.free:
                return
            self.making_room = True
            try:
                self.stop()
            finally:
                self.making_room = False

    def end(self) -> None:
        """Stop, and end the child too; a later job would get a new one."""
        self.stop()
        with self._lock:
            self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
        self._process = None

    def stop(self) -> None:
        """End the job now, by ending its process; the next one gets a new process."""
        with self._lock:
            if not self.busy:
                return
            self._job += 1
            self._kill()
            self._hide()
        failed, self._failed = self._failed, None
        if failed:
            failed(STOPPED)

    def wait(self, seconds: float = 120) -> None:
        """Wait for the job, and for those that wait for it (for tests and scripts). Raises
        TimeoutError when it takes longer."""
        end = time.monotonic() + seconds
        while self.busy or any(waits() for waits in self.waiting):
            if time.monotonic() > end:
                raise TimeoutError(f"no result after {seconds} seconds")
            time.sleep(0.02)

    def _follow(
        self, job: int, pipe: Connection, order: tuple, done: Callable, failed: Callable
    ) -> None:
        self._here.follows = True
        began = time.monotonic()
        try:
            pipe.send(order)
            doing = "starting …"
            while True:
                news = pipe.poll(1)
                kind, value = pipe.recv() if news else ("says", (self.bar.value, doing))
                if job != self._job:
                    return
                if kind != "says":
                    break
                self.bar.value, doing = value
                passed = time.monotonic() - began
                said = f"<span role='status'>{quote.html(doing)}</span>"
                self.text.value = f"{said} <span aria-hidden='true'>({passed:.0f} s)</span>"
        except (EOFError, OSError):
            if job != self._job:
                return  # stopped
            kind, value = "failed", "The work ended without a result. Was the memory enough?"
            self._process = None
        with self._lock:
            if job != self._job:
                return
            self._failed = None
        try:
            (done if kind == "done" else failed)(value)
        finally:
            with self._lock:  # none is started between the question and the answer
                if job == self._job:
                    self._hide()

    def _hide(self) -> None:
        self.text.value = ""
        self.layout.visibility = "hidden"  # who observes this may start the next job
