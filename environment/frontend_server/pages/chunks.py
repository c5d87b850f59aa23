"""Steps for the browser: chunks of at most 500 steps, of which only the changes are sent.

Knows the compact format and the cache, so that a step is read from disk once; not how it is shown.

    {"first": 500, "last": 999,
     "people": {name: {"at": [[step, x, y], ...], "does": [[step, emoji, description], ...],
                       "says": [[step, [[speaker, text], ...]], ...]}}}

Each list begins with the state at the first step; each further entry is a change. `says` is [] for silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from saves.json_files import DamagedSimulation, to_bytes
from saves.recording import MASTER_MOVEMENT, CompressedRecording, RecordedStep, Recording

STEPS = 500
_KEPT_STEPS = 2 * STEPS
_KEPT_CHUNKS = 400

Stamp = tuple[int, int]


def recorded(folder: Path, first: int) -> bytes:
    """The steps of a simulation from `first` to the end of its chunk or of the recording, as JSON.

    A step that is half-written or damaged is left out; the next request finds it complete.
    """
    end = _end(first)
    stamp = stamp_of(Recording(folder).file(end)) if first % STEPS == 0 else None
    return _complete(folder, first, stamp) if stamp else _recorded(folder, first, end)


@lru_cache(maxsize=_KEPT_CHUNKS)
def _complete(folder: Path, first: int, stamp: Stamp) -> bytes:
    """A chunk whose last file exists: steps are written in order, so it is unchanged as long as that file is."""
    return _recorded(folder, first, _end(first))


def _recorded(folder: Path, first: int, end: int) -> bytes:
    return to_bytes(_chunk(first, _readable(Recording(folder), first, end)))


def whole(folder: Path, numbers: range) -> dict[str, Any]:
    """All of these steps, in the same format. Raises DamagedSimulation for a missing or unreadable one."""
    return _chunk(numbers.start, map(Recording(folder).read, numbers))


def compressed(folder: Path, first: int) -> bytes:
    """The same from a compressed simulation. Raises DamagedSimulation."""
    recording = compressed_recording(folder)
    numbers = (number for number in recording.steps() if first <= number <= _end(first))
    return to_bytes(_chunk(first, map(recording.read, numbers)))


def compressed_recording(folder: Path) -> CompressedRecording:
    """A compressed simulation, read again only when it has changed. Raises DamagedSimulation."""
    return _compressed(folder, stamp_of(folder / MASTER_MOVEMENT))


@lru_cache(maxsize=2)
def _compressed(folder: Path, stamp: Stamp | None) -> CompressedRecording:
    return CompressedRecording(folder)


def _end(first: int) -> int:
    return first - first % STEPS + STEPS - 1


def stamp_of(file: Path) -> Stamp | None:
    """Identifies a version of a file; None if it does not exist."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _readable(recording: Recording, first: int, end: int) -> Iterable[RecordedStep]:
    for number in range(first, end + 1):
        if stamp := stamp_of(recording.file(number)):
            try:
                yield _step(recording.file(number).parent.parent, number, stamp)
            except DamagedSimulation:
                continue


@lru_cache(maxsize=_KEPT_STEPS)
def _step(folder: Path, number: int, stamp: Stamp) -> RecordedStep:
    return Recording(folder).read(number)


def _chunk(first: int, steps: Iterable[RecordedStep]) -> dict[str, Any]:
    people: dict[str, dict[str, list[Any]]] = {}
    chunk = {"first": first, "last": first - 1, "people": people}
    for step in steps:
        chunk["last"] = step.number
        for name, act in step.people.items():
            rows = people.setdefault(name, {"at": [], "does": [], "says": []})
            _add(rows["at"], step.number, [act.x, act.y])
            _add(rows["does"], step.number, [act.pronunciatio, act.description])
            _add(rows["says"], step.number, [act.lines])
    return chunk


def _add(rows: list[list[Any]], number: int, value: list[Any]) -> None:
    if not rows or rows[-1][1:] != value:
        rows.append([number, *value])
