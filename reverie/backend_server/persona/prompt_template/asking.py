"""Asking: one question to the model, read part by part, asked again with what was wrong, or answered by a fail-safe.

Knows the seam and the readers' `Unreadable`; not what any question is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import generate_prompt
from persona.prompt_template.model import Model
from persona.prompt_template.readers import Unreadable, fields

TEMPLATES = Path(__file__).parent / "templates"
TRIES = 3

Answer = Mapping[str, Any]


class Question(NamedTuple):
    """A template and how long its answer may be; the template's name is also the purpose of the request."""

    template: str
    max_tokens: int

    @property
    def purpose(self) -> str:
        return self.template.replace("_", " ")


class Part(NamedTuple):
    """One part of an answer: how it is read from the answer's fields, and what stands in when it cannot be."""

    name: str
    read: Callable[[Answer], Any]
    fail_safe: Callable[[], Any]


def part(name: str, reader: Callable[[Any], Any], fail_safe: Callable[[], Any]) -> Part:
    """A part that is one field of the answer, of the same name."""
    return Part(name, lambda answer: reader(answer.get(name)), fail_safe)


def ask(
    model: Model, question: Question, inputs: Sequence[str], persona: str, keys: Sequence[str], *parts: Part
) -> dict[str, Any]:
    """The value of every part, by name.

    A part that was read stays; only the others are read again from the next answer, and only they fall back.

    Args:
        inputs: what fills the template.
        persona: who is thinking, for the usage tables.
        keys: the fields of the answer.

    Raises:
        LLMError: the request failed for good; no fail-safe stands in for that.
    """
    llm_config.count_question(question.purpose)
    prompt = {
        "role": "user",
        "content": generate_prompt(list(inputs), str(TEMPLATES / f"{question.template}.txt")),
    }
    messages = [prompt]
    values: dict[str, Any] = {}
    reason = "wrong form"
    for _ in range(TRIES):
        try:
            text = model.chat(messages, purpose=question.purpose, persona=persona, max_tokens=question.max_tokens)
        except llm_config.PromptFailure as failure:
            reason = failure.reason
            break
        faults = _read(text, keys, parts, values)
        if not faults:
            return values
        if len(messages) == 1:
            model.forget(messages)
        messages = [
            prompt,
            {"role": "assistant", "content": text},
            {"role": "user", "content": _again(faults)},
        ]
    llm_config.count_fallback(question.purpose, reason)
    return {p.name: values[p.name] if p.name in values else p.fail_safe() for p in parts}


def _read(text: str, keys: Sequence[str], parts: Sequence[Part], values: dict[str, Any]) -> list[str]:
    """Adds the parts that can be read to `values`; returns what is wrong with the others."""
    try:
        answer = fields(text, keys)
    except Unreadable as error:
        return [str(error)]
    faults = []
    for p in parts:
        if p.name not in values:
            try:
                values[p.name] = p.read(answer)
            except Unreadable as error:
                faults.append(f"{p.name}: {error}")
    return faults


def _again(faults: Sequence[str]) -> str:
    return f"That could not be used ({'; '.join(faults)}). Answer the task again, with JSON only."
