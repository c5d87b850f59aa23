"""What personas think with: the seam to the language model, behind the journal of answers already paid for.

Knows that a request may have been answered before the last checkpoint was lost; not what is asked nor who provides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import (
    BLANK_TEXT,
    CHAT_MODEL,
    EMBEDDING_MODEL,
    TEXTS_PER_REQUEST,
    request_chat,
    request_embeddings,
)
from persona.prompt_template.layers import surrounded_by
from persona.prompt_template.llm_config import RefusedRequest

REFUSED_TEXT = "embedding"  # how the summary calls one that fell back

Messages = Sequence[Mapping[str, str]]
Result = TypeVar("Result")


class Journal(Protocol):
    """Keeps answers by request from one checkpoint to the next."""

    def recall(self, request: str) -> Any | None:
        """The answer of an equal request of this step that was kept and not yet recalled; None if there is none."""

    def keep(self, request: str, answer: Any) -> None:
        """Keeps an answer, on disk when this returns."""


class Answers(Protocol):
    """Remembers answers by prompt."""

    def answer(self, prompt: str, ask: Callable[[], str]) -> str:
        """The answer that is remembered, else what `ask` brings."""

    def forget(self, prompt: str) -> None:
        """Drops an answer that was of no use."""


class NoJournal:
    """For those who do not need their answers again."""

    def recall(self, request: str) -> None:
        """Nothing is ever kept."""

    def keep(self, request: str, answer: Any) -> None:
        """Keeps nothing."""


class NoAnswers:
    """For those who want every question asked."""

    def answer(self, prompt: str, ask: Callable[[], str]) -> str:
        """What `ask` brings."""
        return ask()

    def forget(self, prompt: str) -> None:
        """There is nothing to forget."""


class Model:
    """Answers and embeddings, each paid for once.

    Args:
        journal: keeps the answers of steps that no checkpoint holds yet.
        answers: remembers them for as long as the same is asked again.
        paid: is called when an answer has been paid for and kept.
        tell: says what cost something that nobody asked for.
    """

    def __init__(
        self,
        journal: Journal | None = None,
        answers: Answers | None = None,
        paid: Callable[[], object] = lambda: None,
        tell: Callable[[str], object] = print,
    ) -> None:
        self._journal = journal or NoJournal()
        self._answers = answers or NoAnswers()
        self._paid = paid
        self._tell = tell

    @property
    def embedding_model(self) -> str:
        """The name under which embeddings can be compared: the same model has it at OpenAI and at OpenRouter."""
        return llm_config.get_model_name(EMBEDDING_MODEL).removeprefix("openai/")

    def chat(
        self,
        messages: Messages,
        *,
        purpose: str,
        persona: str,
        max_tokens: int,
        response_format: Mapping[str, Any] | None = None,
    ) -> str:
        """The model's answer; one message that was answered before needs no request, a talk with it always does.

        Raises LLMError, also RefusedRequest and EmptyAnswer for this request alone.
        """

        def ask() -> str:
            return self._once(
                ["chat", purpose, persona, list(messages)],
                lambda: request_chat(
                    messages, purpose=purpose, persona=persona, max_tokens=max_tokens, response_format=response_format
                ),
            )

        return ask() if len(messages) > 1 else self._answers.answer(_prompt(messages), ask)

    def forget(self, messages: Messages) -> None:
        """The answer to these messages was of no use: who asks the same again shall not get it again."""
        self._answers.forget(_prompt(messages))

    def embed(self, texts: Sequence[str], *, persona: str) -> list[list[float]]:
        """One vector for each text, in order; a text that is refused has that of a blank one. Raises LLMError.

        One request after the other, so that none is lost that was paid for before another failed.
        """
        return [
            vector
            for start in range(0, len(texts), TEXTS_PER_REQUEST)
            for vector in self._embed_together(list(texts[start : start + TEXTS_PER_REQUEST]), persona)
        ]

    def embed_anew(self, texts: Sequence[str], *, persona: str) -> list[list[float]]:
        """The same for memories that had vectors of another model; says how many, and what that cost."""
        with _spending_on_embeddings(persona) as costs:
            vectors = self.embed(texts, persona=persona)
        cost = sum(costs)
        self._tell(f"Made {len(texts)} embeddings of {persona} anew, with {self.embedding_model} (${cost:.4f}).")
        return vectors

    def _embed_together(self, texts: list[str], persona: str) -> list[list[float]]:
        return self._once(["embed", self.embedding_model, persona, texts], lambda: _vectors(texts, persona))

    def _once(self, request: list[Any], send: Callable[[], Result]) -> Result:
        key = _fingerprint(request)
        answer = self._journal.recall(key)
        if answer is None:
            answer = send()
            self._journal.keep(key, answer)
            self._paid()
        return answer


def _prompt(messages: Messages) -> str:
    """The fingerprint of what is asked and of the model that is asked."""
    return _fingerprint([llm_config.get_model_name(CHAT_MODEL), list(messages)])


def _fingerprint(request: list[Any]) -> str:
    return hashlib.sha256(json.dumps(request, ensure_ascii=True).encode()).hexdigest()


@contextmanager
def _spending_on_embeddings(persona: str) -> Iterator[list[Decimal]]:
    """Meanwhile notes what each of the persona's embedding requests cost, as far as that is known."""
    costs: list[Decimal] = []

    @contextmanager
    def attempt(request: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Callable[..., None]]:
        mine = "input" in request and labels["persona"] == persona
        yield lambda answer, cost: costs.append(cost or Decimal(0)) if mine else None

    with surrounded_by("count", attempt):
        yield costs


def _vectors(texts: Sequence[str], persona: str) -> list[list[float]]:
    """Texts that are refused together are asked for one by one, so that only the one it is about falls back."""
    try:
        return request_embeddings(texts, persona=persona)
    except RefusedRequest:
        if len(texts) > 1:
            return [vector for text in texts for vector in _vectors([text], persona)]
        llm_config.count_question(REFUSED_TEXT)
        llm_config.count_fallback(REFUSED_TEXT)
        return request_embeddings([BLANK_TEXT], persona=persona)
