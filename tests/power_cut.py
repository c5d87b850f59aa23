"""Power cuts for tests: no operation of the file system happens after a chosen one.

crash = Crash(monkeypatch)
for number in every_crash(crash, prepare):      # `prepare(number)` returns what is to be interrupted
    ...                                         # what is found after a cut behind `number` operations
for folder in left_by_cuts(crash, act, folder): # the same for one folder, from a single run of the action
    ...
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


class PowerCut(BaseException):
    """The process has ended: nothing in the code under test may catch this."""


class Crash:
    """Allows a number of file operations, and then none: the next file is left half-written."""

    WRITERS = ("replace", "rename", "link", "unlink", "rmdir", "mkdir", "ftruncate")

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.left = float("inf")
        self.operations = 0
        self.look: Callable[[], None] | None = None  # called at every point at which a cut may occur
        for name in self.WRITERS:
            monkeypatch.setattr(os, name, self._guarded(getattr(os, name)))
        monkeypatch.setattr(os, "fsync", self._guarded(lambda descriptor: None))  # a real sync would only take time
        monkeypatch.setattr(shutil, "copyfile", self._guarded(shutil.copyfile))
        for owner, name in ((Path, "write_bytes"), (os, "write")):
            monkeypatch.setattr(owner, name, self._halving(getattr(owner, name)))

    def after(self, operations: float) -> None:
        self.left, self.operations = operations, 0

    def _guarded(self, operation):
        def guarded(*arguments, **named):
            self._pause()
            self._count()
            return operation(*arguments, **named)

        return guarded

    def _halving(self, write):
        """The operation during the cut has written half of its data."""

        def halving(file, data) -> int:
            if self.look:
                write(file, data[: len(data) // 2])
                self._pause()
                write(file, data[len(data) // 2 :] if isinstance(file, int) else data)
                return len(data)
            try:
                self._count()
            except PowerCut:
                if self.left == self.operations - 1:
                    write(file, data[: len(data) // 2])
                raise
            return write(file, data)

        return halving

    def _pause(self) -> None:
        """Calls `look`, whose own operations are not points of a cut."""
        if look := self.look:
            self.look = None
            look()
            self.look = look

    def _count(self) -> None:
        self.operations += 1
        if self.operations > self.left:
            raise PowerCut


def every_crash(crash: Crash, prepare: Callable[[int], Callable[[], object]]) -> Iterator[int]:
    """Runs an action with a crash after 0, 1, 2 ... operations until it succeeds; yields each number."""
    for number in itertools.count():
        act = prepare(number)
        crash.after(number)
        try:
            act()
            return
        except PowerCut:
            pass
        finally:
            crash.after(float("inf"))
        yield number


def left_by_cuts(crash: Crash, act: Callable[[], object], folder: Path) -> list[Path]:
    """Runs an action, and copies the folder at every point: the results of cuts, in order."""
    copies: list[Path] = []

    def copy() -> None:
        copies.append(Path(shutil.copytree(folder, folder.with_name(f"{folder.name}_{len(copies)}"))))

    crash.look = copy
    act()
    crash.look = None
    return copies
