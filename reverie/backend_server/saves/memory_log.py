"""The additions to a persona's memory since its classic files were written: a log that only grows, during a run.

    memory_log.jsonl   a line per checkpoint: {"nodes.json": {...}, "kw_strength.json": {...}, ...}
    memory_log.json    {"bytes": n}: how many of its bytes are valid

A line contains the additions and changes of each file. Bytes after the valid ones were left by a crash: they are never
read, but overwritten. At the end of a run the classic files contain everything, and both of these files are removed.
Knows this format and how it changes with a checkpoint; not what the files mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from saves.checkpoint import Checkpoint
from saves.json_files import DamagedSimulation, read_object, to_bytes

LOG = "memory_log.jsonl"
COUNT = "memory_log.json"
_ADVICE = "Restore it from a copy, or remove both: then what came in the last run is not remembered."

Gains = Mapping[str, Mapping[str, Any]]
"""{file: its additions}; empty if there are none."""


class MemoryLog:
    """The log of one persona in the saved state of a simulation; `folder` is that of its associative memory."""

    def __init__(self, checkpoint: Checkpoint, folder: str) -> None:
        self._checkpoint = checkpoint
        self._folder = folder
        self._size = self._size_then = 0

    def read(self) -> list[Gains]:
        """The valid lines, oldest first. Raises DamagedSimulation if some are missing."""
        size, file = self._counted(), self._file(LOG)
        content = file.read_bytes()[:size] if size and file.is_file() else b""
        if len(content) < size:
            raise DamagedSimulation(f"{file} has {len(content)} bytes, and {COUNT} counts {size}. {_ADVICE}")
        try:
            return [_checked(orjson.loads(line)) for line in content.splitlines()]
        except ValueError as error:
            raise DamagedSimulation(f"{file} has a line that cannot be read ({error}). {_ADVICE}") from error

    def extend(self, gains: Gains) -> list[tuple[str, bytes]]:
        """Writes a line, uncounted; returns the file that counts it, for the next checkpoint; [] if there is no line.

        Only for a process that has saved everything before, in a checkpoint with the result of `removed`.
        """
        self._size_then = self._size
        gained = {file: gain for file, gain in gains.items() if gain}
        if not gained:
            return []
        line = to_bytes(gained) + b"\n"
        self._checkpoint.extend(self._path(LOG), self._size, line)
        self._size_then = self._size + len(line)
        return [(self._path(COUNT), to_bytes({"bytes": self._size_then}))]

    def removed(self) -> list[str]:
        """The files that a checkpoint removes when it writes the classic ones."""
        self._size_then = 0
        return [self._path(name) for name in (LOG, COUNT) if self._file(name).is_file()]

    def is_current(self) -> None:
        """Notes that a checkpoint contains the result of `extend` or `removed`."""
        self._size = self._size_then

    def take_back(self) -> None:
        """Removes uncounted bytes."""
        size, file = self._counted(), self._file(LOG)
        if not size:
            file.unlink(missing_ok=True)
        elif file.is_file() and file.stat().st_size > size:
            with file.open("r+b") as stream:
                stream.truncate(size)

    def _counted(self) -> int:
        file = self._file(COUNT)
        size = read_object(file).get("bytes") if file.is_file() else 0
        if not isinstance(size, int) or size < 0:
            raise DamagedSimulation(f"{file} must say how many bytes of {LOG} count. {_ADVICE}")
        return size

    def _file(self, name: str) -> Path:
        return self._checkpoint.file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"


def with_gains(file: str, content: dict[str, Any], lines: Iterable[Gains]) -> dict[str, Any]:
    """The content of a file with its additions; changes it in place."""
    for line in lines:
        for key, gain in line.get(file, {}).items():
            match content.get(key), gain:
                case dict() as known, dict():
                    known.update(gain)
                case list() as known, list():
                    known.extend(gain)
                case _:
                    content[key] = gain
    return content


def _checked(line: Any) -> Gains:
    if not isinstance(line, dict) or not all(isinstance(gain, dict) for gain in line.values()):
        raise ValueError("a line must hold an object for each file")
    return line
