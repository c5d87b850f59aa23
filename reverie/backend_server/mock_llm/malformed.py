"""Malformed answers of the kinds known from models: fenced, cut off, renamed, refused, with reasoning ...

Knows only formats: turns a good answer into a malformed one; not which answers are affected.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from mock_llm.choices import choose

Fields = Mapping[str, Any]

REFUSAL = "I'm sorry, but I can't assist with that request."
THOUGHT = "Let me see: they want JSON, so I weigh the options first."


def malform(text: str, prompt: str, *seed: object) -> tuple[str | None, str]:
    """(content, finish_reason) of a malformed answer, always the same for the same arguments.

    Args:
        text: the good answer.
        prompt: the question.
        seed: selects the kind.
    """
    contents = {form: malformed(text, prompt) for form, malformed in TEXT_FORMS.items()}
    if (fields := _object(text)) is not None:
        contents |= {form: malformed(fields) for form, malformed in OBJECT_FORMS.items()}
    form = choose([form for form, content in contents.items() if content != text], "form", *seed)
    return contents[form], "length" if form in OUT_OF_ROOM else "stop"


def _object(text: str) -> Fields | None:
    with contextlib.suppress(ValueError):
        read = json.loads(text)
        return read if isinstance(read, dict) else None
    return None


def _json(value: Any, **more: Any) -> str:
    return json.dumps(value, ensure_ascii=False, **more)


_OTHER_PUNCTUATION = str.maketrans({",": "，", ":": "：", "(": "（", ")": "）"})
OUT_OF_ROOM = ("cut off", "all room spent thinking")


def _form(prompt: str) -> str:
    """The fields of the answer, as at the end of our prompts; for any other prompt its last line."""
    form = prompt.rpartition("\nAnswer with JSON only")[2].partition("\n")[2]
    return form or prompt.rstrip().rpartition("\n")[2]


TEXT_FORMS: dict[str, Callable[[str, str], str | None]] = {
    "cut off": lambda text, _: text[: len(text) * 3 // 5],
    "fenced": lambda text, _: f"```json\n{text}\n```",
    "prose around": lambda text, _: f"Of course! This is what I would say:\n\n{text}\n\nShall I change anything?",
    "headed": lambda text, _: f"**Answer:** {text}",
    "twice": lambda text, _: f"{text}\n{text}",
    "null": lambda *_: None,
    "empty": lambda *_: "",
    "blank": lambda *_: " \n\n",
    "all room spent thinking": lambda *_: "",
    "thought aloud": lambda text, _: f"<think>{THOUGHT}</think>\n{text}",
    "refused": lambda *_: REFUSAL,
    "other punctuation": lambda text, _: text.translate(_OTHER_PUNCTUATION),
    "the form echoed": lambda _, prompt: _form(prompt),
    "the prompt echoed": lambda text, prompt: f"{prompt}\n\n{text}",
}


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every text and number in it changed."""
    if isinstance(value, dict):
        return {key: _changed(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_changed(part, change) for part in value]
    return change(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


OBJECT_FORMS: dict[str, Callable[[Fields], str]] = {
    "other keys": lambda fields: _json({f"my_{key}": value for key, value in fields.items()} | {"confidence": 0.9}),
    "one key for all": lambda fields: _json({"output": fields}),
    "a key missing": lambda fields: _json(dict(list(fields.items())[1:])),
    "in a list": lambda fields: _json([fields]),
    "values only": lambda fields: "\n".join(f"- {value}" for value in fields.values()),
    "single quotes": lambda fields: str(dict(fields)),
    "no commas": lambda fields: _json(fields, separators=(" ", ": ")),
    "a comma too many": lambda fields: f"{_json(fields)[:-1]},}}",
    "all null": lambda fields: _json(dict.fromkeys(fields)),
    "numbers as texts": lambda fields: _json(_changed(fields, lambda v: str(v) if _is_number(v) else v)),
    "wild numbers": lambda fields: _json(_changed(fields, lambda v: v * 100 + 7 if _is_number(v) else v)),
    "texts left out": lambda fields: _json(_changed(fields, lambda v: "" if isinstance(v, str) else v)),
    "texts in capitals": lambda fields: _json(_changed(fields, lambda v: v.upper() if isinstance(v, str) else v)),
}
