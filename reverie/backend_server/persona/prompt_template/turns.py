"""Waiting until an attempt at a request may begin, for the budget and the limit on concurrent requests.

Knows how a wait is notified and interrupted; not what is waited for.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from persona.prompt_template.gpt_structure import Client


class NotBegun(KeyboardInterrupt):
    """Raised by middleware that was interrupted while it waited: nothing was sent, so nothing can be billed."""


class Turns:
    """A lock with a wait until another thread notifies of a change; the client can interrupt the wait."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self) -> None:
        """Releases the lock until another thread notifies of a change. Raises KeyboardInterrupt if interrupted."""
        notified: Future[None] = Future()
        self._waiting.append(notified)
        self._lock.release()
        try:
            self._client.awaited(notified)
        finally:
            self._lock.acquire()

    def notify_all(self) -> None:
        """Wakes all waiting threads; the lock must be held."""
        waiting, self._waiting = self._waiting, []
        for notified in waiting:
            with suppress(InvalidStateError):  # broken off meanwhile
                notified.set_result(None)
