"""The model of a simulation: the client, behind the journal of answers already paid for.

Knows that a request may already have been answered before a crash; not what is asked, nor which provider answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, Protocol, TypeVar

from persona.prompt_template import llm_config, trace
from persona.prompt_template.explain import Explanations, Reply
from persona.prompt_template.gpt_structure import (
    BLANK_TEXT,
    CHAT_MODEL,
    EMBEDDING_MODEL,
    TEXTS_PER_REQUEST,
    Client,
    Vector,
)
from persona.prompt_template.llm_config import FatalError, PromptFailure, RefusedRequest
from persona.prompt_template.outcomes import Outcomes

EMBEDDING = "embedding"  # the name in the summary of a text without a vector of its own
_GAVE_UP = "gave up"  # the key of a failure in the journal
_OUTSIDE_STEPS = 0  # the number under which a journal keeps answers that belong to no step

Result = TypeVar("Result")


class Journal(Protocol):
    """Keeps answers by request from one checkpoint to the next."""

    def recall(self, step: int, request: str) -> Any | None:
        """The next recorded answer to an equal request of a step, not recalled so far, else None."""

    def has(self, step: int, request: str) -> bool:
        """Whether `recall` would return an answer."""

    def keep(self, step: int, request: str, answer: Any) -> None:
        """Records an answer; it is on disk when this returns."""


class Model:
    """Answers and embeddings, each paid for once: those of a step are recorded until a checkpoint contains the step.

    Args:
        client: makes the requests.
        journal: records the answers of steps that no checkpoint contains yet; None records nothing.
        paid: called when an answer has been paid for and recorded.
        notify: called with a line about costs that the user did not ask for.
        language: the language in which texts are requested; "" for any.
        explanations: record the prompts and memories behind the answers of steps; None records nothing.
        heard: called with speaker, listener and line for each new line of a conversation; with "" at its end.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal | None = None,
        paid: Callable[[], object] = lambda: None,
        notify: Callable[[str], object] = print,
        language: str = "",
        explanations: Explanations | None = None,
        heard: Callable[[str, str, str], object] = lambda speaker, listener, line: None,
    ) -> None:
        self.client = client
        self._journal = journal
        self._paid = paid
        self._notify = notify
        self.language = language
        self.explanations = explanations
        self.heard = heard
        self.outcomes = Outcomes()
        self.is_repeating = False
        self._is_aside = False

    def aside(self, journal: Journal) -> Model:
        """The same model for questions outside steps, whose answers are recorded in a separate journal."""
        model = copy(self)
        model._journal, model._is_aside = journal, True
        return model

    @property
    def embedding_model(self) -> str:
        """The name that identifies comparable embeddings: a model has the same name at OpenAI and at OpenRouter."""
        return llm_config.get_model_name(EMBEDDING_MODEL).removeprefix("openai/")

    def chat(
        self,
        prompt: str,
        *,
        purpose: str,
        persona: str,
        max_tokens: int,
        response_format: Mapping[str, Any] | None = None,
    ) -> Reply:
        """The model's answer. Raises LLMError; a PromptFailure is about this request alone."""
        request = _chat(prompt, purpose, persona)
        *_, messages = request

        def send() -> list[Any]:
            spent = llm_config.Ledger()
            said = self.client.entering(*self.client.ledgers, spent).chat(
                messages, purpose=purpose, persona=persona, max_tokens=max_tokens, response_format=response_format
            )
            return [said, *_used(spent.total)]

        try:
            kept: Any = self._once(request, send)
        except PromptFailure as failure:
            self._note(persona, purpose, request, failure)
            raise
        self._note(persona, purpose, request)
        return Reply(kept) if isinstance(kept, str) else Reply(*kept)  # a text: from a journal of an older version

    def is_recorded(self, prompt: str, *, purpose: str, persona: str) -> bool:
        """Whether the model's answer is recorded, so that `chat` makes no request."""
        key, step = self._place(_chat(prompt, purpose, persona))
        return self._journal is not None and step is not None and self._journal.has(step, key)

    def count(self, enter: Callable[[], object]) -> None:
        """Counts something about a question; within a step only when it is over, since it may be repeated."""
        step = trace.STEP.get()
        if step is None:
            enter()
        elif not self.is_repeating:
            self.outcomes.enter_later(step, enter)

    @contextmanager
    def repeating(self) -> Iterator[None]:
        """Context for repeating steps whose answers are all recorded: nothing is counted a second time."""
        self.is_repeating = True
        try:
            yield
        finally:
            self.is_repeating = False

    def check_embeddings(self) -> None:
        """Checks, before anything is paid for, that a user's own server provides embeddings. Raises FatalError."""
        name = llm_config.get_model_name(EMBEDDING_MODEL)
        if llm_config.server_of(name).is_own:
            self.client.check_embeddings(name)

    def embed(self, texts: Sequence[str], *, persona: str) -> list[list[float]]:
        """One vector for each text, in order; a text that gets none has that of a blank text. Raises FatalError.

        Makes one request after another, so that nothing already paid for is lost if a later one fails.
        """
        return [
            vector
            for start in range(0, len(texts), TEXTS_PER_REQUEST)
            for vector in self._embed_together(list(texts[start : start + TEXTS_PER_REQUEST]), persona)
        ]

    def embed_again(self, texts: Sequence[str], *, persona: str) -> list[list[float]]:
        """Like `embed`, for memories that had vectors of another model; reports how many, and the cost."""
        spent, model = llm_config.Ledger(), copy(self)
        model.client = self.client.entering(*self.client.ledgers, spent)
        vectors = model.embed(texts, persona=persona)
        cost = f"${spent.total.cost:.4f}"
        if not self.is_repeating:
            self._notify(f"Recomputed {len(texts)} embeddings of {persona} with {self.embedding_model} ({cost}).")
        return vectors

    def _embed_together(self, texts: list[str], persona: str) -> list[list[float]]:
        return self._once(["embed", self.embedding_model, persona, texts], lambda: self._vectors(texts, persona))

    def _note(self, persona: str, purpose: str, request: list[Any], failure: PromptFailure | None = None) -> None:
        step = trace.STEP.get()
        if step is not None and not self.is_repeating:
            self.outcomes.note(step, persona, purpose, _fingerprint(request), failure)

    def _once(self, request: list[Any], send: Callable[[], Result]) -> Result:
        """The recorded answer to an equal request, or its failure; else makes this request and records the result."""
        key, step = self._place(request)
        kept: Any = self._journal.recall(step, key) if self._journal and step is not None else None
        if kept is None:
            try:
                kept = send()
            except PromptFailure as failure:
                kept = {_GAVE_UP: [failure.what, failure.reason]}
            if self._journal and step is not None:
                self._journal.keep(step, key, kept)
            self._paid()
        if gave_up(kept):
            what, reason = kept[_GAVE_UP]
            raise RefusedRequest(what, reason=reason)
        answer: Result = kept
        return answer

    def _place(self, request: list[Any]) -> tuple[str, int | None]:
        """The key and the step under which the answer to a request is recorded; outside steps None."""
        if self._is_aside:  # such a journal may outlive the choice of a model
            return _fingerprint([*request, llm_config.get_model_name(CHAT_MODEL)]), _OUTSIDE_STEPS
        return _fingerprint(request), trace.STEP.get()

    def _vectors(self, texts: Sequence[str], persona: str) -> list[Vector]:
        """One vector for each text; a text that gets none has the vector of a blank text."""
        vectors = self.client.embed(texts, persona=persona)
        failed = [vector for vector in vectors if isinstance(vector, PromptFailure)]
        if not failed:
            return [vector for vector in vectors if not isinstance(vector, PromptFailure)]
        (neutral,) = self.client.embed([BLANK_TEXT], persona=persona)
        if isinstance(neutral, PromptFailure):
            name = llm_config.get_model_name(EMBEDDING_MODEL)
            raise FatalError(neutral.what, llm_config.server_of(name).model_advice)
        for failure in failed:
            llm_config.count_question(EMBEDDING, self.client.ledgers)
            llm_config.count_fallback(EMBEDDING, failure.reason, self.client.ledgers)
        return [neutral if isinstance(vector, PromptFailure) else vector for vector in vectors]


def _chat(prompt: str, purpose: str, persona: str) -> list[Any]:
    """A chat as it is recorded; its messages are last."""
    return ["chat", purpose, persona, [{"role": "user", "content": prompt}]]


def _fingerprint(request: list[Any]) -> str:
    return hashlib.sha256(json.dumps(request, ensure_ascii=True).encode()).hexdigest()


def _used(total: llm_config.Tally) -> tuple[int | None, int | None, str | None]:
    """(tokens in, tokens out, cost) of one or more requests; what is not known of one of them is None."""
    if not total.counters["requests"]:
        return None, None, None
    cost = None if total.unpriced else format(total.cost.normalize(), "f")
    return total.counters["input_tokens"], total.counters["output_tokens"], cost


def gave_up(answer: Any) -> bool:
    """Whether a journal's answer stands for a request that got none."""
    return isinstance(answer, dict)
