"""An inbox of a simulation: files from other processes for the one that has it open, which takes them one by one.

Knows only files, neither their contents nor their use. Forks and checkpoints do not touch inboxes.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from saves.json_files import write_json, writing


class Inbox:
    """One inbox of the simulation in a folder, by its name. It need not exist before something is left in it."""

    def __init__(self, simulation: Path, name: str) -> None:
        self._simulation = simulation
        self._folder = simulation / "reverie" / name

    def leave(self, content: Any) -> None:
        """Leaves a JSON file, unless the simulation was deleted meanwhile. Raises CannotWrite."""
        with writing(f"leave something for {self._simulation.name!r}"), suppress(FileNotFoundError):
            self._folder.mkdir(exist_ok=True)
            write_json(self._folder / f"{time.time_ns():020}-{secrets.token_hex(4)}.json", content)

    def waiting(self) -> list[Path]:
        """The files not taken yet, in the order in which they were left."""
        try:
            names = os.listdir(self._folder)  # a run looks after every step
        except FileNotFoundError:
            return []
        return sorted(self._folder / name for name in names if name.endswith(".json") and not name.startswith("."))


def forget(files: Iterable[Path]) -> None:
    """Removes files that have been taken."""
    for file in files:
        file.unlink(missing_ok=True)


def refuse(file: Path) -> Path:
    """Sets aside a file that cannot be used, so that it no longer waits; returns its new path."""
    return file.rename(file.with_suffix(".refused"))
