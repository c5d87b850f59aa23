"""Whether the model still answers: one that has stopped answering must not fill a town with fail-safes.

Knows which questions of a step got an answer; not what was asked. Counted when a step is over and in the order of the
roster, so that it does not depend on which thread was first.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
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
    """The outcomes of the step under way, and the current run of consecutive unanswered questions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._step: list[_Outcome] = []
        self._unanswered: list[_Outcome] = []

    def note(self, persona: str, purpose: str, request: str, failure: PromptFailure | None = None) -> None:
        """A question was answered, or given up."""
        with self._lock:
            self._step.append(_Outcome(persona, purpose, request, failure))

    def begin(self) -> None:
        """A step begins, or is begun again."""
        self._step.clear()

    def forget(self) -> None:
        """A run begins: somebody may have set things right since the last one."""
        self._unanswered.clear()

    def count(self, roster: Sequence[str]) -> None:
        """The step is over.

        Raises:
            FatalError: the last MOST_UNANSWERED questions, of LEAST_PURPOSES, all got no answer.
        """
        place = {name: k for k, name in enumerate(roster)}
        self._step.sort(key=lambda outcome: (place.get(outcome.persona, -1), *outcome[:3]))
        for outcome in self._step:
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
                raise FatalError(what, "Look at the model and its server, then run again.")
