"""What was answered to a prompt before: the same prompt, letter for letter, to the same model is not asked twice.

Knows prompts by their fingerprints, and steps; not what is asked, nor how.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

KEPT_STEPS = 8640
"""An answer that nobody has asked for in so many steps is forgotten: a day of ten-second steps."""


class ResponseCache:
    """Answers by prompt, for several threads at once. Outside a step nothing is remembered.

    Args:
        saved: what `to_json` once gave.

    Raises:
        ValueError: `saved` is something else.
    """

    def __init__(self, saved: Mapping[str, Any] | None = None) -> None:
        self._lock = threading.Lock()
        self._step: int | None = None
        self._known: dict[str, tuple[str, int]] = {}
        self._under_way: dict[str, Future[str]] = {}
        for prompt, kept in (saved or {}).items():
            match kept:
                case [str(answer), int(step)]:
                    self._known[prompt] = answer, step
                case _:
                    raise ValueError(f"{kept!r} is not a remembered answer")

    def begin_step(self, step: int) -> None:
        """From now on answers are remembered, as asked for in this step."""
        self._step = step

    def end_step(self) -> None:
        """The step is over, or given up."""
        self._step = None

    def answer(self, prompt: str, ask: Callable[[], str]) -> str:
        """The answer that is remembered, or that somebody else is just asking for; else what `ask` brings.

        Raises whatever `ask` raises, also to those who wait for the same answer.
        """
        step = self._step
        if step is None:
            return ask()
        mine: Future[str] = Future()
        try:
            with self._lock:
                if (known := self._recalled(prompt, step)) is not None:
                    return known
                first = self._under_way.setdefault(prompt, mine)
            return self._asked(prompt, ask, mine, step) if first is mine else first.result()
        finally:
            with self._lock:
                if self._under_way.get(prompt) is mine:
                    del self._under_way[prompt]

    def forget(self, prompt: str) -> None:
        """Drops an answer that was of no use."""
        with self._lock:
            self._known.pop(prompt, None)

    def to_json(self) -> dict[str, list[Any]]:
        """{fingerprint: [answer, step in which it was last asked for]}, the same whatever order they came in.

        What is too old to be recalled is forgotten.
        """
        with self._lock:
            latest = max((step for _, step in self._known.values()), default=0)
            self._known = {
                prompt: kept for prompt, kept in sorted(self._known.items()) if latest - kept[1] <= KEPT_STEPS
            }
            return {prompt: list(kept) for prompt, kept in self._known.items()}

    def _asked(self, prompt: str, ask: Callable[[], str], mine: Future[str], step: int) -> str:
        """What `ask` brings, also to those who wait for it."""
        try:
            answer = ask()
        except BaseException as failure:
            mine.set_exception(failure)
            raise
        with self._lock:
            self._known[prompt] = answer, step
        mine.set_result(answer)
        return answer

    def _recalled(self, prompt: str, step: int) -> str | None:
        answer, last = self._known.get(prompt, ("", -KEPT_STEPS))
        if prompt not in self._known or step - last > KEPT_STEPS:
            return None
        self._known[prompt] = answer, step
        return answer
