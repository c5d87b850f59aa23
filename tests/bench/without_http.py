"""reverie.py with the mock model in place of the client's `create`: no HTTP, only the town's own work.

    python tests/bench/without_http.py REPORT [arguments of reverie.py]        (with the backend on PYTHONPATH)

REPORT gets, in seconds of CPU, all of the process and what of it the mock model took; how many requests there were; and
for each game day (`Days`) what it took and left behind. Knows the client's two functions and the mock model; nothing of
what is asked.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai

import reverie
from mock_llm.api import Request, respond

STEPS_A_DAY = 8640
_BLOCK = 512  # bytes, as `st_blocks` counts them
_SURROUNDINGS = ("headers", "request_timeout", "timeout")
_PATHS = {openai.ChatCompletion: "/v1/chat/completions", openai.Embedding: "/v1/embeddings"}


class MockModel:
    """Answers in place of the client; `seconds` has the CPU time of each answer."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def install(self) -> MockModel:
        """From now on nothing goes over the network."""
        for kind, path in _PATHS.items():
            kind.create = self._answering(path)
        return self

    def _answering(self, path: str) -> Callable[..., Any]:
        def create(**request: Any) -> Any:
            began = time.thread_time()
            asked = {name: value for name, value in request.items() if name not in _SURROUNDINGS}
            reply = respond(Request("POST", path, json.dumps(asked).encode()))
            self.seconds.append(time.thread_time() - began)
            return reply.body

        return create


class Days:
    """What each game day took and left behind; what looking takes is left out."""

    def __init__(self) -> None:
        self.ended: list[dict[str, float]] = []
        self.checkpoints: list[float] = []
        self._began = time.process_time()

    def end(self, simulation: Path) -> None:
        """Seconds of CPU in all and of a checkpoint; the most memory so far and the folder in MB, with its files."""
        cpu, blocks = time.process_time() - self._began, array("q", _blocks(simulation))
        self.ended.append(
            {
                "cpu": cpu,
                "checkpoint": statistics.mean(self.checkpoints),
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "disk": sum(blocks) * _BLOCK / 1024**2,
                "files": len(blocks),
            }
        )
        self.checkpoints.clear()
        self._began = time.process_time()


def _blocks(folder: Path) -> Iterator[int]:
    """Of each file in a folder; one after the other, as there may be a million of them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _blocks(Path(entry.path))
            else:
                yield entry.stat().st_blocks


def main() -> int:
    """Runs reverie.py and writes the report; returns the exit code."""
    report, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    mock_model = MockModel().install()
    days = Days()
    keep_step, whole_checkpoint = reverie.ReverieServer._keep, reverie.ReverieServer._checkpoint

    def keep(server: reverie.ReverieServer, step: Any) -> None:
        keep_step(server, step)
        if server.step % STEPS_A_DAY == 0:
            days.end(server.simulation.path)

    def checkpoint(server: reverie.ReverieServer, **how: Any) -> Any:
        began = time.process_time()
        files = whole_checkpoint(server, **how)
        days.checkpoints.append(time.process_time() - began)
        return files

    reverie.ReverieServer._keep = keep  # type: ignore[method-assign,assignment]  # counting doubles
    reverie.ReverieServer._checkpoint = checkpoint  # type: ignore[method-assign,assignment]
    code = reverie.main()
    figures = {
        "all": time.process_time(),
        "mock_model": sum(mock_model.seconds),
        "requests": len(mock_model.seconds),
        "days": days.ended,
    }
    report.write_text(json.dumps(figures), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
