"""Detects a model that has stopped giving usable answers, so that it does not fill a town with fail-safes.

Knows which questions of a step got an answer; not what was asked. Counts at the end of each step, step by step and in
roster order, so that the result does not depend on the order of threads.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from persona.prompt_template.llm_config import FatalError, PromptFailure

MOST_UNANSWERED = 8
LEAST_PURPOSES = 2


class _Outcome(NamedTuple):
    persona: str
    purpose: str
    request: str  # its fingerprint
    failure: PromptFailure | None


class Outcomes:
    """The outcomes of steps that are not over, and the current run of consecutive unanswered questions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[int, list[_Outcome]] = defaultdict(list)
        self._entries: dict[int, list[Callable[[], object]]] = defaultdict(list)
        self._unanswered: list[_Outcome] = []

    def enter_later(self, step: int, enter: Callable[[], object]) -> None:
        """Calls `enter` when the step is over: once, however often the step is repeated before."""
        with self._lock:
            self._entries[step].append(enter)

    def note(self, step: int, persona: str, purpose: str, request: str, failure: PromptFailure | None = None) -> None:
        """Notes that a question was answered, or given up."""
        with self._lock:
            self._steps[step].append(_Outcome(persona, purpose, request, failure))

    def rewind(self) -> None:
        """Prepares to repeat the steps that are not over."""
        self._steps.clear()
        self._entries.clear()

    def forget(self) -> None:
        """Forgets earlier failures at the start of a run: their cause may have been removed."""
        self._unanswered.clear()

    def count(self, step: int, roster: Sequence[str]) -> None:
        """Counts a step, after it and all earlier ones are over.

        Raises:
            FatalError: the last MOST_UNANSWERED questions, of LEAST_PURPOSES, all got no answer.
        """
        place = {name: k for k, name in enumerate(roster)}
        with self._lock:
            outcomes, entries = self._steps.pop(step, []), self._entries.pop(step, [])
        for outcome in sorted(outcomes, key=lambda outcome: (place.get(outcome.persona, -1), *outcome[:3])):
            if not outcome.failure:
                self._unanswered = []
                continue
            self._unanswered.append(outcome)
            last = self._unanswered[-MOST_UNANSWERED:]
            purposes = {unanswered.purpose for unanswered in self._unanswered}
            if len(last) == MOST_UNANSWERED and len(purposes) >= LEAST_PURPOSES:
                what = (
                    f"The model has answered none of the last {len(self._unanswered)} questions. {outcome.failure.what}"
                )
                raise FatalError(what, "Check the model and its server, then run again.")
        for enter in entries:
            enter()
