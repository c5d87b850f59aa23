"""The journal: every answer of the model since the last checkpoint, so that repeated steps cost nothing.

Knows steps and the fingerprints of requests; not what is asked. One line of JSON per answer, written as it comes in;
a line that was cut off by a crash is ignored.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from saves.json_files import writing


class Journal:
    """The answers in one file. Thread-safe.

    Raises CannotWrite when the disk refuses.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._kept: dict[int, list[tuple[str, Any]]] = defaultdict(list)
        self._to_recall: dict[tuple[int, str], deque[Any]] = {}
        self._end = 0
        self._read()
        self.rewind()

    def rewind(self) -> None:
        """Prepares to repeat steps: every answer in the journal can be recalled again, once."""
        with self._lock:
            self._to_recall = defaultdict(deque)
            for step, kept in self._kept.items():
                for request, answer in kept:
                    self._to_recall[step, request].append(answer)

    def recall(self, step: int, request: str) -> Any | None:
        """The next recorded answer to an equal request in a step; None if there is none left."""
        with self._lock:
            answers = self._to_recall.get((step, request))
            return answers.popleft() if answers else None

    def has(self, step: int, request: str) -> bool:
        """Whether `recall` would return an answer."""
        with self._lock:
            return bool(self._to_recall.get((step, request)))

    def keep(self, step: int, request: str, answer: Any) -> None:
        """Records an answer; once this returns, it survives a crash of this process."""
        line = orjson.dumps({"step": step, "request": request, "answer": answer}) + b"\n"
        with self._lock, writing("the journal of answers"):
            self._append(line)
            self._kept[step].append((request, answer))

    def forget_before(self, step: int) -> None:
        """Removes the answers of steps that a checkpoint contains."""
        with self._lock, writing("the journal of answers"):
            self._kept = defaultdict(list, {kept: self._kept[kept] for kept in self._kept if kept >= step})
            self._rewrite()

    def forget_answers(self, first: int, unwanted: Callable[[Any], bool]) -> None:
        """Removes the `unwanted` answers of a step and all later ones, so that they are asked for again."""
        with self._lock, writing("the journal of answers"):
            for step in self._kept:
                if step >= first:
                    self._kept[step] = [kept for kept in self._kept[step] if not unwanted(kept[1])]
            self._rewrite()

    def clear(self) -> None:
        """Removes all answers: these steps will be run differently."""
        with self._lock, writing("the journal of answers"):
            self._kept.clear()
            self._rewrite()

    def _read(self) -> None:
        content = self._file.read_bytes() if self._file.is_file() else b""
        for line in content.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            try:
                entry = orjson.loads(line)
                self._kept[entry["step"]].append((entry["request"], entry["answer"]))
            except (orjson.JSONDecodeError, KeyError, TypeError):
                break
            self._end += len(line)

    def _append(self, line: bytes) -> None:
        """Writes after the last whole line, over the rest of a line that a crash cut off."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("r+b" if self._file.is_file() else "wb") as stream:
            stream.seek(self._end)
            stream.truncate()
            stream.write(line)
        self._end += len(line)

    def _rewrite(self) -> None:
        lines = [
            orjson.dumps({"step": step, "request": request, "answer": answer}) + b"\n"
            for step, kept in sorted(self._kept.items())
            for request, answer in kept
        ]
        if not lines:
            self._file.unlink(missing_ok=True)
        else:
            beside = self._file.with_name(f".{self._file.name}.new")
            beside.write_bytes(b"".join(lines))
            os.replace(beside, self._file)
        self._end = sum(map(len, lines))
