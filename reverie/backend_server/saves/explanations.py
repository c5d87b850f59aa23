"""Explanations on disk: what the people of a simulation were asked in its steps, what they answered, and from what.

    explain/500.jsonl.gz    one JSON object a line, of the STEPS_A_FILE steps from step 500 on

    {"step", "persona", "purpose", "prompt",
     "replies": [{"again": what was added to the prompt, "text", "tokens_in", "tokens_out", "cost": USD as text}, ...],
     "fallback": why no reply was used, or null,
     "memories": [[node id, recency, importance, relevance, score], [node id], ...]}

The files are part of the set of a checkpoint, and the same wherever there was one. Knows this form; not what is asked,
nor how memories are scored.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from saves.json_files import DamagedSimulation, to_bytes

FOLDER = "explain"
STEPS_A_FILE = 250
_END = ".jsonl.gz"
_LEVEL = 6
_UNREADABLE = (OSError, EOFError, ValueError, zlib.error)

Record = Mapping[str, Any]


def file_of(step: int) -> str:
    """The name of the file in which a step is, in the folder of a simulation."""
    return f"{FOLDER}/{step // STEPS_A_FILE * STEPS_A_FILE}{_END}"


def content_of(records: Iterable[Record], before: bytes = b"") -> bytes:
    """A file with these records behind those that it had before: the same bytes for the same records."""
    return gzip.compress(before + b"".join(to_bytes(record) + b"\n" for record in records), _LEVEL, mtime=0)


def contents(records: Sequence[Record], file: Callable[[str], Path]) -> Iterator[tuple[str, bytes]]:
    """The files, by name, to which records in the order of their steps are added; `file` says where one is now."""
    for name, added in groupby(records, key=lambda record: file_of(record["step"])):
        yield name, content_of(added, _lines(file(name)))


def _lines(file: Path) -> bytes:
    """What is in a file; nothing of one that cannot be read, which must not keep a run from being saved."""
    try:
        return gzip.decompress(file.read_bytes())
    except _UNREADABLE:
        return b""


class Explained:
    """What was recorded in a simulation folder; there may be nothing, and more may come at any time."""

    def __init__(self, folder: Path) -> None:
        files = (folder / FOLDER).glob(f"*{_END}")
        numbered = ((file.name.removesuffix(_END), file) for file in files)
        self._files = sorted((int(number), file) for number, file in numbered if number.isdecimal())

    def __bool__(self) -> bool:
        """Whether anything was recorded."""
        return bool(self._files)

    def until(self, step: int, first: int = 0) -> Iterator[Record]:
        """The records of the steps from `first` up to and with `step`, the latest first.

        Raises:
            DamagedSimulation: a file cannot be read; the text names it.
        """
        for begins, file in reversed(self._files):
            if first - STEPS_A_FILE < begins <= step:
                yield from (record for record in reversed(_read(file)) if first <= record["step"] <= step)


def _read(file: Path) -> list[Record]:
    try:
        return _records(file, file.stat().st_mtime_ns)
    except _UNREADABLE as error:
        raise DamagedSimulation(f"{file} cannot be read ({error}). Restore it from a copy, or remove it.") from error


@lru_cache(maxsize=64)  # more than a day has at ten seconds a step
def _records(file: Path, stamp: int) -> list[Record]:
    return [orjson.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
