"""The answers of the mock model: the schema of the request, or the form at the end of the prompt, filled with values.

Any form can be filled; the other modules of this package prepare plausible answers for the fields they know.
Everything comes from the request alone: there is no state, no clock and no random source.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_llm import days, forms, generic, talks, tasks, thoughts
from mock_llm.prompt import Prompt, sentences

Message = tuple[str, str]

PREPARED: Mapping[str, Callable[[Prompt], dict[str, Any]]] = {
    "wake_up": days.day_plan,
    "tasks": tasks.split,
    "place": tasks.action,
    "talk": talks.decide,
    "wait": talks.wait,
    "utterance": talks.line,
    "memo": talks.aftermath,
    "schedule": talks.hours_after,
    "about": talks.summary,
    "ratings": talks.ratings,
    "questions": thoughts.focal_points,
    "insights": thoughts.insights,
    "thoughts": thoughts.whispers,
    "answer": thoughts.interview,
    "currently": thoughts.identity,
}
"""Functions that prepare answers: the first of these fields that an answer has decides."""

_ASKED_AGAIN = "\n\nAn earlier answer could not be used ("
_EXAMPLE = re.compile(r"example output json:\s*(\{.*\})", re.IGNORECASE)
_SMALL_ANSWERS = (
    (re.compile(r"\bscale of 1 to 10\b|\bon the scale\b", re.I), "4"),
    (re.compile(r"\byes or no\b|\"yes\" or \"no\"", re.I), "yes"),
)


def answer(messages: Sequence[Message], response_format: Any = None) -> str:
    """The answer to the first user message: asked again, it is the same question.

    Args:
        messages: (role, text) pairs.
        response_format: that of the request; with a JSON schema or without.
    """
    asked = next((text for role, text in messages if role == "user"), messages[0][1] if messages else "")
    text = asked.partition(_ASKED_AGAIN)[0].strip()
    schema = forms.requested(response_format, text)
    if schema is None:
        return _without_a_form(text)
    prompt = Prompt(text)
    fields = schema.get("properties", {})
    prepare = next((prepare for name, prepare in PREPARED.items() if name in fields), None)
    texts, prepared = sentences(prompt.sheet("Currently")), prepare and prepare(prompt)
    return json.dumps(generic.filled(schema, prepared, texts, prompt.name, prompt.task), ensure_ascii=False)


def _without_a_form(text: str) -> str:
    """A short and plausible answer to an unknown prompt, in the format of its example."""
    example = _EXAMPLE.search(text)
    with contextlib.suppress(ValueError):
        json.loads(example[1] if example else "")
        return example[1] if example else ""
    small = next((said for pattern, said in _SMALL_ANSWERS if pattern.search(text)), generic.ANY_TEXT)
    return json.dumps({"output": small}) if example or '"output"' in text else small
