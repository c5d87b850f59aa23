"""The pace of a run that is shown on the pages: no faster than one can watch, as long as somebody watches.

Knows clocks only; the pages leave a mark whenever they ask for news.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 30.0
"""Seconds without a page that asks for news after which nobody is waited for; the pages ask every few seconds."""
TIME_TO_OPEN = 90.0
"""Seconds from the beginning in which a page may open for the first time."""
_A_WHILE = 0.5  # seconds, from one look at whether to go on waiting to the next


class Pace:
    """Game seconds a second that a run does not exceed.

    Args:
        speed: game seconds a second.
        watched: when a page last asked for news, in seconds since the epoch; 0 if none has.
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
        """Until a step of so many game seconds may end, or `stop`; a step that took longer is not caught up with."""
        self._due = max(self._due + game_seconds / self._speed, self._now())
        while (left := self._due - self._now()) > 0 and self._is_watched() and not stop():
            self._sleep(min(_A_WHILE, left))
        self._due = min(self._due, self._now())

    def _is_watched(self) -> bool:
        seen = self._watched()
        if seen <= self._began:
            return self._now() - self._began < TIME_TO_OPEN
        return self._now() - seen < PATIENCE
