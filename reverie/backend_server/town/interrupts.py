"""Ctrl-C during a run: the first one asks to stop after the step under way, a second one breaks that step off.

Knows signals only; what a step is, and how it is taken back, is the server's.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_STDERR = 2
_NOTICE = b"\nStopping after this step; press Ctrl-C again to abort the step.\n"


class Interrupts:
    """Listens for Ctrl-C; `stop_requested` is whether it came since `listening` began."""

    def __init__(self) -> None:
        self.stop_requested = False
        self._may_break_off = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Ctrl-C is heard in here; signals can only be handled by the main thread."""
        self.stop_requested = False
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._heard)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """In here a second Ctrl-C raises KeyboardInterrupt; elsewhere it would tear what is being written."""
        self._may_break_off = True
        try:
            yield
        finally:
            self._may_break_off = False

    def _heard(self, number: int, frame: Any) -> None:
        if self.stop_requested and self._may_break_off:
            self._may_break_off = False  # once: what is being taken back must not be torn either
            raise KeyboardInterrupt
        if not self.stop_requested:
            self.stop_requested = True
            with suppress(OSError):  # not by print, which may be what was interrupted
                os.write(_STDERR, _NOTICE)
