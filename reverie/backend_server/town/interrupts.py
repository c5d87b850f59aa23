"""Ctrl-C during a run: the first one asks to stop after the current step, a second one aborts that step.

Knows only signals; the town knows what a step is and how to roll it back.
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
    """Listens for Ctrl-C; `stop_requested` says whether it came in the current `listening` block."""

    def __init__(self) -> None:
        self.stop_requested = False
        self._may_break_off = False
        self._is_overdue = False

    def is_stop_requested(self) -> bool:
        """Whether Ctrl-C came since `listening` began; False outside of it."""
        return self.stop_requested

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handles Ctrl-C in this block; only the main thread can handle signals."""
        self.stop_requested = False
        is_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, self._heard) if is_main else None
        try:
            yield
        finally:
            self.stop_requested = self._is_overdue = False
            if is_main:
                signal.signal(signal.SIGINT, before)

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """In this block, which waits for answers, a second Ctrl-C raises KeyboardInterrupt, even if it came earlier.

        Elsewhere it could interrupt a write or a rollback halfway.
        """
        self._may_break_off = True
        try:
            if self._is_overdue:
                self._heard()
            yield
        finally:
            self._may_break_off = False

    def _heard(self, *_: Any) -> None:
        if self.stop_requested:
            self._is_overdue = not self._may_break_off
            if self._may_break_off:
                self._may_break_off = False  # once
                raise KeyboardInterrupt
        else:
            self.stop_requested = True
            with suppress(OSError):  # not by print, which may be what was interrupted
                os.write(_STDERR, _NOTICE)
