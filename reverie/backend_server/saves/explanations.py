"""Explanations on disk: the prompts, replies and memories behind the answers in the steps of a simulation.

    explain/200.jsonl.gz    one JSON object a line, of the steps since the checkpoint before that at step 200

    {"step", "persona", "purpose", "prompt",
     "replies": [{"again": what was added to the prompt, "text", "tokens_in", "tokens_out", "cost": USD as text}, ...],
     "fallback": why no reply was used, or null,
     "memories": [[node id, recency, importance, relevance, score], [node id], ...]}

A file is part of the set of a checkpoint. Knows this format; not what is asked or how memories are scored.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from saves.json_files import DamagedSimulation, to_bytes

FOLDER = "explain"
_END = ".jsonl.gz"
_LEVEL = 6

Record = Mapping[str, Any]


def file_of(step: int) -> str:
    """The name of the file of the checkpoint at a step, in the folder of a simulation."""
    return f"{FOLDER}/{step}{_END}"


def content_of(records: Sequence[Record]) -> bytes:
    """The same bytes for the same records."""
    return gzip.compress(b"".join(to_bytes(record) + b"\n" for record in records), _LEVEL, mtime=0)


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
        for k in reversed(range(len(self._files))):
            end, file = self._files[k]
            begins = self._files[k - 1][0] if k else 0
            if end > first and begins <= step:
                records = _records(file, file.stat().st_mtime_ns)
                yield from (record for record in reversed(records) if first <= record["step"] <= step)


@lru_cache(maxsize=64)
def _records(file: Path, stamp: int) -> list[Record]:
    try:
        records = [orjson.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
        if not all(isinstance(record, dict) and "step" in record for record in records):
            raise ValueError("a line holds no record of a step")
        return records
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DamagedSimulation(f"{file} cannot be read ({error}). Restore it from a copy, or remove it.") from error
