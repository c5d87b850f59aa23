"""What budget, limit and trace have in common: their order around an attempt, and waiting until one may begin.

Knows the client's middleware and how a wait is broken off; not what each of them is for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from persona.prompt_template import gpt_structure
from persona.prompt_template.gpt_structure import Middleware

PLACES = ("budget", "limit", "trace", "count")  # outermost first


class NotBegun(KeyboardInterrupt):
    """Raised by middleware that was broken off while it waited: nothing was sent, so nothing can be billed."""


@contextmanager
def installed(place: str, middleware: Middleware) -> Iterator[None]:
    """Meanwhile every attempt is made inside this middleware too, at its place in PLACES whichever came first."""
    placed, client = _Placed(PLACES.index(place), middleware), gpt_structure.current
    with _lock:
        client.middleware = sorted([*client.middleware, placed], key=_place_of)
    try:
        yield
    finally:
        with _lock:
            client.middleware = [other for other in client.middleware if other is not placed]


class Turns:
    """A lock, and waiting until who holds it next notifies of a change; the wait can be broken off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self) -> None:
        """Lets go of the lock until somebody notifies of a change. Raises KeyboardInterrupt when broken off."""
        notified: Future[None] = Future()
        self._waiting.append(notified)
        self._lock.release()
        try:
            gpt_structure.current.awaited(notified)
        finally:
            self._lock.acquire()

    def notify_all(self) -> None:
        """Wakes all who wait, with the lock held."""
        waiting, self._waiting = self._waiting, []
        for notified in waiting:
            with suppress(InvalidStateError):  # broken off meanwhile
                notified.set_result(None)


@dataclass(frozen=True)
class _Placed:
    place: int
    middleware: Middleware

    def __call__(self, request: Mapping[str, Any], labels: Mapping[str, Any]) -> AbstractContextManager[Any]:
        return self.middleware(request, labels)


_lock = threading.Lock()


def _place_of(middleware: Middleware) -> int:
    return middleware.place if isinstance(middleware, _Placed) else len(PLACES)
