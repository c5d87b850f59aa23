"""What personas think with: the seam to the language model, behind the journal of answers already paid for.

Knows that a request may have been answered before the last checkpoint was lost; not what is asked nor who provides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from persona.prompt_template.gpt_structure import request_chat, request_embeddings

Messages = Sequence[Mapping[str, str]]
Result = TypeVar("Result")


class Journal(Protocol):
    """Keeps answers by request from one checkpoint to the next."""

    def recall(self, request: str) -> Any | None:
        """The answer of an equal request of this step that was kept and not yet recalled; None if there is none."""

    def keep(self, request: str, answer: Any) -> None:
        """Keeps an answer, on disk when this returns."""


class NoJournal:
    """For those who do not need their answers again."""

    def recall(self, request: str) -> None:
        """Nothing is ever kept."""

    def keep(self, request: str, answer: Any) -> None:
        """Keeps nothing."""


class Model:
    """Answers and embeddings, each paid for once."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or NoJournal()

    def chat(self, messages: Messages, *, purpose: str, persona: str, max_tokens: int) -> str:
        """The model's answer. Raises LLMError, also RefusedRequest and EmptyAnswer for this request alone."""
        return self._once(
            ["chat", purpose, persona, list(messages)],
            lambda: request_chat(messages, purpose=purpose, persona=persona, max_tokens=max_tokens),
        )

    def embed(self, texts: Sequence[str], *, persona: str) -> list[list[float]]:
        """One vector for each text, in order. Raises LLMError."""
        return self._once(["embed", persona, list(texts)], lambda: request_embeddings(texts, persona=persona))

    def _once(self, request: list[Any], send: Callable[[], Result]) -> Result:
        key = hashlib.sha256(json.dumps(request, ensure_ascii=True).encode()).hexdigest()
        answer = self._journal.recall(key)
        if answer is None:
            answer = send()
            self._journal.keep(key, answer)
        return answer
