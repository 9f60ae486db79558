"""A screen's work that waits its turn, where another screen's is under way."""

from __future__ import annotations

from collections.abc import Callable

from helpers.widgets.jobs import JobBar


class WhenFree:
    """`when_free(act)` calls `act` now, or as soon as nothing is under way; of several that wait
    only the last is called."""

    def __init__(self, jobs: JobBar):
        self._jobs = jobs
        self._wanted: Callable[[], None] | None = None
        jobs.waiting.append(lambda: self.waits)
        jobs.layout.observe(lambda _: self._freed(), names="visibility")

    def __call__(self, act: Callable[[], None]) -> None:
        self._wanted = None if self._jobs.free else act
        if self._wanted is None:
            act()

    @property
    def waits(self) -> bool:
        """Whether something waits its turn."""
        return self._wanted is not None

    def forget(self) -> None:
        """What waits is not wanted any more."""
        self._wanted = None

    def _freed(self) -> None:
        wanted = self._wanted
        if wanted is None or self._jobs.busy or self._jobs.making_room:
            return
        try:
            wanted()
        finally:
            if self._wanted is wanted:  # it may have asked for something else
                self._wanted = None
