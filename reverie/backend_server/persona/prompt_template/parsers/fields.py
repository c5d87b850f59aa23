"""An answer's fields: of a JSON object among prose or fences, of "name: value" lines, or of a bare text.

It knows how objects are found and keys are renamed; it must not know what a field's value means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .json_text import json_values
from .text import ParseError, answers_in, by_key, check_answered, check_no_error, key_of, plain, shown

DEEPEST = 3


def fields(text: str | None, names: Sequence[str]) -> dict[str, Any]:
    """The values of the asked `names` that the answer has, raw; a name that is missing or null is absent.

    If one name is asked for, a renamed key, a bare list or the bare text is its value. If several are asked for and
    none is found, an object keeps its own names and a bare text gets the name "", for parsers that take a whole
    answer. Of several objects, the last of those with the most names is used: a model may show the format, or reason
    aloud, before it answers. Raises ParseError if there is nothing (blank, a refusal, a failed call's text, a broken
    object).
    """
    spoken = plain(text or "")
    values = list(json_values(spoken))
    found = max((_within(value, names) for value in reversed(values)), key=len, default={})
    if not found and values:
        found = _renamed(values[-1], names)
    if not found and not values:
        check_answered(spoken)
        found = _labelled(spoken, names)
        bare = spoken.strip()
        if not found and (len(names) == 1 or not bare.startswith(("{", "["))):
            found = {names[0] if len(names) == 1 else "": bare}
    if not found:
        asked = ", ".join(f'"{name}"' for name in names)
        raise ParseError(f"a JSON object with {asked} is needed, was {shown(text)}")
    return found


def by_name(answer: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The fields of an object with these names, in any spelling."""
    given = by_key(answer)
    found = {name: given.get(key_of(name)) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _within(value: dict[str, Any] | list[Any], names: Sequence[str], depth: int = DEEPEST) -> dict[str, Any]:
    """The asked fields of an object, or of the object inside it that has most of them."""
    if isinstance(value, list):
        found, parts = {}, value[:1]
    else:
        check_no_error(value)
        found, parts = by_name(value, names), list(value.values())
    if found or not depth:
        return found
    inside = (_within(part, names, depth - 1) for part in parts if isinstance(part, (dict, list)))
    return max(inside, key=len, default={})


def _renamed(value: dict[str, Any] | list[Any], names: Sequence[str]) -> dict[str, Any]:
    """Other names of the asked fields; for a single field its value, even without an object around it."""
    if isinstance(value, list):
        return {names[0]: value} if len(names) == 1 else {}
    if len(names) != 1:
        return {key: part for key, part in value.items() if part is not None}
    answers = answers_in(value)
    return {names[0]: value if len(answers) > 1 else answers[0]} if answers else {}


def _labelled(text: str, names: Sequence[str]) -> dict[str, Any]:
    """The values of "name: value" lines; a value ends at the next name."""
    labels = "|".join(re.escape(name).replace("_", "[_ -]?") for name in names)
    found = re.split(rf"^\W{{0,5}}({labels})\W{{0,4}}[:：=]", text, flags=re.IGNORECASE | re.MULTILINE)
    values = {key: value.strip(" *\n") for key, value in zip(found[1::2], found[2::2], strict=True)}
    return {name: value for name, value in by_name(values, names).items() if value} if values else {}
