"""The trace: the purpose of each request to the model, how long it took, and what it had to wait for.

Knows requests and steps; not what is asked.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from persona.prompt_template import llm_config
from persona.prompt_template.llm_config import part_of

VARIABLE, TEXT_VARIABLE = "LLM_TRACE", "LLM_TRACE_TEXT"

CHAIN: ContextVar[int] = ContextVar("chain", default=0)
"""How many answers of this step, one after another, the current code had to wait for."""
ASKED: ContextVar[int] = ContextVar("asked", default=0)
"""The same of questions, however they were answered."""
STEP: ContextVar[int | None] = ContextVar("step", default=None)
"""The step that the current code belongs to; None outside steps."""
OUTSIDE_STEPS = "-"
HOUR: ContextVar[str] = ContextVar("hour", default=OUTSIDE_STEPS)
"""The game hour that the current code belongs to, such as "2024-03-04 07"."""


def begin_step(step: int, now: datetime | None = None) -> None:
    """Assigns everything that follows in this context to this step, and to the hour of this game time."""
    STEP.set(step)
    HOUR.set(f"{now:%Y-%m-%d %H}" if now else OUTSIDE_STEPS)
    CHAIN.set(0)
    ASKED.set(0)


def join_chains(contexts: Iterable[Context]) -> None:
    """Sets the caller's chains to the longest of these contexts, for which it has waited."""
    contexts = list(contexts)
    for chain in (CHAIN, ASKED):
        chain.set(max((context.get(chain, 0) for context in contexts), default=chain.get()))


class Trace:
    """A file that gets one line of JSON for each attempt at a request, answered or failed. Thread-safe.

    step: null outside steps. chain: how many answers of its step, one after another, it had to wait for.
    persona, purpose, model: of the request. tokens_in, tokens_out, cost (USD as exact decimal text): null if unknown.
    start, end: seconds since the epoch, without waiting for its turn. error: only if it failed. prompt, answer: only
    with `with_text`. Keys are masked everywhere; headers are never recorded.

    Raises:
        OSError: the file cannot be written, as far as can be checked in advance.
    """

    def __init__(self, path: Path, *, with_text: bool = False, now: Callable[[], float] = time.time) -> None:
        self.path = path.absolute()
        self._with_text, self._now = with_text, now
        self._lock = threading.Lock()
        self._is_writable = True
        self._append(b"")

    @classmethod
    def in_environment(cls) -> Trace | None:
        """The trace set by LLM_TRACE and LLM_TRACE_TEXT, if any. Raises ValueError, which says why, if not writable."""
        path = llm_config.variable(VARIABLE)
        if path is None:
            return None
        try:
            return cls(Path(path), with_text=llm_config.variable(TEXT_VARIABLE) == "1")
        except OSError as error:
            raise ValueError(f"{VARIABLE}: cannot write to {path}: {error.strerror}") from None

    @contextmanager
    def attempt(self, request: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Callable[..., None]]:
        """Wraps one attempt; yields the callback for (answer, its cost or None if unknown)."""
        line = _begun(request, labels)
        if self._with_text:
            line.update(prompt=request.get("messages", request.get("input")), answer=None)
        line["start"] = self._now()

        def note(answer: Any, cost: Decimal | None) -> None:
            line.update(_figures(answer, cost))
            if self._with_text:
                line["answer"] = _words_of(answer)

        try:
            yield note
            CHAIN.set(CHAIN.get() + 1)
        except BaseException as failure:
            line["error"] = getattr(failure, "what", type(failure).__name__)
            raise
        finally:
            self._write({**line, "end": self._now()})

    def _write(self, line: Mapping[str, Any]) -> None:
        """Writes a line; a failure is reported once and does not stop the run, since the answer is paid for."""
        text = json.dumps(_masked(line), ensure_ascii=False, default=str) + "\n"
        with self._lock:
            if self._is_writable:
                try:
                    self._append(text.encode("utf-8", "replace"))
                except OSError as error:
                    self._is_writable = False
                    what = f"The trace ends here, but the run continues: cannot write to {self.path}: {error.strerror}."
                    print(what, file=sys.stderr)

    def _append(self, text: bytes) -> None:
        """Writes in one call, so that lines of several processes do not mix."""
        with self.path.open("ab", buffering=0) as file:
            if file.write(text) < len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _begun(request: Mapping[str, Any], labels: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "step": STEP.get(),
        "chain": CHAIN.get(),
        "persona": labels.get("persona"),
        "purpose": labels.get("purpose"),
        "model": request["model"],
        "tokens_in": None,
        "tokens_out": None,
        "cost": None,
    }


def _figures(answer: Any, cost: Decimal | None) -> dict[str, Any]:
    used = llm_config.tokens_used(answer) or {}
    return {
        "tokens_in": used.get("input_tokens", used.get("embedding_tokens")),
        "tokens_out": used.get("output_tokens"),
        "cost": None if cost is None else format(cost.normalize(), "f"),
    }


def _words_of(answer: Any) -> Any:
    """What a chat's answer says, as it came; None for vectors and for what is not an answer."""
    choices = part_of(answer, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    return part_of(part_of(choice, "message"), "content")


def _masked(value: Any) -> Any:
    """The same value, with all keys in its texts masked."""
    if isinstance(value, str):
        return llm_config.mask_keys(value)
    if isinstance(value, Mapping):
        return {str(name): _masked(part) for name, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, (list, tuple)) else value
