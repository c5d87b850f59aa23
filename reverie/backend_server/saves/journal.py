"""The journal: every answer of the model since the last checkpoint, so that steps done again need not be paid again.

Knows steps and requests by their fingerprints; not what is asked. One line of JSON an answer, written as it comes in;
a line that was cut off by a crash is left out.
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
    """The answers kept in one file. Outside a step nothing is recalled or kept. For several threads at once.

    Raises CannotWrite when the disk refuses.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._step: int | None = None
        self._kept: dict[int, list[tuple[str, Any]]] = defaultdict(list)
        self._to_recall: dict[str, deque[Any]] = {}
        self._end = 0
        self._read()

    def begin_step(self, step: int) -> None:
        """From now on answers belong to this step; those already kept for it will be recalled, each once."""
        self._step = step
        self._to_recall = defaultdict(deque)
        for request, answer in self._kept[step]:
            self._to_recall[request].append(answer)

    def end_step(self) -> None:
        """The step is over, or given up."""
        self._step = None

    def recall(self, request: str) -> Any | None:
        """The next answer kept for an equal request of this step; None if there is none left."""
        with self._lock:
            answers = self._to_recall.get(request) if self._step is not None else None
            return answers.popleft() if answers else None

    def keep(self, request: str, answer: Any) -> None:
        """Writes an answer down; it survives the death of this process when this returns."""
        if self._step is None:
            return
        line = orjson.dumps({"step": self._step, "request": request, "answer": answer}) + b"\n"
        with self._lock, writing("the journal of answers"):
            self._append(line)
            self._kept[self._step].append((request, answer))

    def forget_before(self, step: int) -> None:
        """Drops the answers of steps that a checkpoint holds."""
        with self._lock, writing("the journal of answers"):
            self._kept = defaultdict(list, {kept: self._kept[kept] for kept in self._kept if kept >= step})
            self._rewrite()

    def forget_answers(self, step: int, unwanted: Callable[[Any], bool]) -> None:
        """Drops those answers of a step that are `unwanted`: they are to be asked for again."""
        with self._lock, writing("the journal of answers"):
            self._kept[step] = [(request, answer) for request, answer in self._kept[step] if not unwanted(answer)]
            self._rewrite()

    def clear(self) -> None:
        """Drops everything: what follows is another run of these steps."""
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
        """Writes behind the last whole line, over what a crash left of another."""
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
