"""What budget, limit and trace have in common: their order around an attempt, and waiting for leave to begin one.

Knows the client's middleware and how a wait is broken off; not what any layer is for.
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
    """What a layer raises that was broken off while it waited: nothing was sent, so nothing can be billed."""


@contextmanager
def installed(place: str, layer: Middleware) -> Iterator[None]:
    """Meanwhile every attempt is made inside this layer too, at its place in PLACES whichever came first."""
    placed, client = _Placed(PLACES.index(place), layer), gpt_structure.current
    with _lock:
        client.middleware = sorted([*client.middleware, placed], key=_place_of)
    try:
        yield
    finally:
        with _lock:
            client.middleware = [other for other in client.middleware if other is not placed]


class Turns:
    """A lock, and waiting for those who hold it next to tell of a change; the wait can be broken off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self) -> None:
        """Lets go of the lock until somebody tells of a change. Raises KeyboardInterrupt when broken off."""
        told: Future[None] = Future()
        self._waiting.append(told)
        self._lock.release()
        try:
            gpt_structure.current.awaited(told)
        finally:
            self._lock.acquire()

    def tell_all(self) -> None:
        """Wakes all who wait, with the lock held."""
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            with suppress(InvalidStateError):  # broken off meanwhile
                told.set_result(None)


@dataclass(frozen=True)
class _Placed:
    place: int
    layer: Middleware

    def __call__(self, request: Mapping[str, Any], labels: Mapping[str, Any]) -> AbstractContextManager[Any]:
        return self.layer(request, labels)


_lock = threading.Lock()


def _place_of(layer: Middleware) -> int:
    return layer.place if isinstance(layer, _Placed) else len(PLACES)
