"""Asking: one question to the model, read part by part, asked again with the faults named, or replaced by a fail-safe.

Knows the interface of the model; not what any question is about, nor how an answer is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar

from persona.prompt_template import llm_config
from persona.prompt_template.explain import Explanation
from persona.prompt_template.model import Model
from persona.prompt_template.questions.question import Fault, Question

TRIES = 3

Value = TypeVar("Value")


def ask(model: Model, question: Question[Value], persona: str) -> Value:
    """The answer to a question.

    A part that was read stays; only the others are read again from the next answer, and only they fall back.

    Args:
        persona: who is thinking, for the usage tables.

    Raises:
        LLMError: the model cannot be used; no fail-safe hides that.
    """
    purpose, ledgers = question.purpose, model.client.ledgers
    model.count(partial(llm_config.count_question, purpose, ledgers))
    prompt = first_prompt(model, question)
    explanation = Explanation.begun(persona, purpose, prompt, question.memories_shown)
    if model.explanations:
        model.explanations.begin(explanation)
    form = question.response_format()  # what the model does not take of it is learned below
    again = ""
    parts: dict[str, Any] = {}
    reason = "wrong form"
    for _ in range(TRIES):
        try:
            reply = model.chat(
                prompt + again,
                purpose=purpose,
                persona=persona,
                max_tokens=question.most_tokens,
                response_format=form,
            )
        except llm_config.PromptFailure as failure:
            reason = failure.reason
            break
        explanation.replies.append((again, reply))
        faults = question.read(reply.text, parts)
        if not faults:
            return question.value(SimpleNamespace(**parts))
        again = _what_was_wrong(faults)
    explanation.fallback = reason
    model.count(partial(llm_config.count_fallback, purpose, reason, ledgers))
    return question.fallback(parts)


def first_prompt(model: Model, question: Question[Any]) -> str:
    """The prompt that `ask` sends unless an answer has faults."""
    question.language = model.language
    return question.prompt()


def _what_was_wrong(faults: Sequence[Fault]) -> str:
    """The text added to a prompt that is asked again; without the wrong answer, since small models would repeat it."""
    reasons = "; ".join(map(str, faults))
    return f"\n\nAn earlier answer could not be used ({reasons}). Answer without that fault, with JSON only."
