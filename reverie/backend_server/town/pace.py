"""The pace of a run with pages: slow enough to watch, as long as somebody is watching.

Knows only clocks; the pages record each time that they ask for updates.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 30.0
"""Seconds without an update request after which nobody counts as watching; open pages ask every few seconds."""
TIME_TO_OPEN = 90.0
"""Seconds after the start in which the first page may open."""
_POLL_SECONDS = 0.5  # between two checks whether to keep waiting


class Pace:
    """Limits the speed of a run.

    Args:
        speed: the most game seconds per second.
        watched: returns when a page last asked for updates, in seconds since the epoch; 0 if none has.
    """

    def __init__(
        self,
        speed: float,
        watched: Callable[[], float],
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._speed, self._watched, self._now, self._sleep = speed, watched, now, sleep
        self._began = self._due = now()

    def wait(self, game_seconds: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Waits until a step of this many game seconds may end, or `stop`; does not make up for slower steps."""
        self._due = max(self._due + game_seconds / self._speed, self._now())
        while (left := self._due - self._now()) > 0 and self._is_watched() and not stop():
            self._sleep(min(_POLL_SECONDS, left))
        self._due = min(self._due, self._now())

    def _is_watched(self) -> bool:
        seen = self._watched()
        if seen <= self._began:
            return self._now() - self._began < TIME_TO_OPEN
        return self._now() - seen < PATIENCE
