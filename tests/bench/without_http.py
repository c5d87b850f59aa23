"""reverie.py with the mock model in place of the client's `create`: no HTTP, only the town's own work.

    python tests/bench/without_http.py REPORT [arguments of reverie.py]        (with the backend on PYTHONPATH)

REPORT gets, in seconds of CPU: all of the process, what of it the mock model took, and what the steps took in which
nobody needed the model. Knows the client's two functions and the mock model; nothing of what is asked.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai

import reverie
from mock_llm.api import Request, respond

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


def main() -> int:
    """Runs reverie.py and writes the report; returns the exit code."""
    report, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    mock_model = MockModel().install()
    idle: list[float] = []
    whole_step = reverie.ReverieServer.run_step

    def run_step(server: reverie.ReverieServer) -> None:
        requests, began = len(mock_model.seconds), time.process_time()
        whole_step(server)
        if len(mock_model.seconds) == requests:
            idle.append(time.process_time() - began)

    reverie.ReverieServer.run_step = run_step  # type: ignore[assignment]  # a counting double
    code = reverie.main()
    figures = {
        "all": time.process_time(),
        "mock_model": sum(mock_model.seconds),
        "requests": len(mock_model.seconds),
        "idle": sum(idle),
        "idle_steps": len(idle),
    }
    report.write_text(json.dumps(figures), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
