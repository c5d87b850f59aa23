"""The JSON schema of an answer: as a structured output, and as the form that ends a prompt.

Knows the strict subset that OpenAI accepts, and its limits; not what is asked.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

MOST_CHOICES = 500
MOST_CHARACTERS_OF_CHOICES = 15_000
"""OpenAI's limits; beyond them, a text is requested, and parsed as without a schema."""

CLOCK = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
"""Without `\\d`: its meaning differs between grammar engines, and some then ignore the pattern."""
_NOT_STRICT = ("title", "description", "default", "minLength", "maxLength")
_KINDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}


def of(answer: type[BaseModel], choices: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> Schema:
    """The schema of an answer with the values that this question offers; without references."""
    schema = copy.deepcopy(_of(answer))
    for name, field in _fields(schema):
        offered = list(choices.get(name, ()))
        if offered and len(offered) <= MOST_CHOICES and sum(map(len, offered)) <= MOST_CHARACTERS_OF_CHOICES:
            field.clear()
            field.update(type="string", enum=offered)
        if name in counts:
            field.update(minItems=counts[name], maxItems=counts[name])
    return schema


def strict(schema: Schema) -> Schema:
    """The schema for structured outputs: every property required, no others, nothing but structure."""
    if "properties" in schema:
        fields = {name: strict(field) for name, field in schema["properties"].items()}
        return {"properties": fields, "required": list(fields), "type": "object", "additionalProperties": False}
    kept = {key: value for key, value in schema.items() if key not in _NOT_STRICT}
    return {**kept, "items": strict(kept["items"])} if "items" in kept else kept


def as_text(schema: Schema, words: Mapping[str, str], indent: str = "") -> str:
    """One `"field": kind, description` per line, the fields of a list's items below it."""
    return "\n".join(
        line
        for name, field in schema["properties"].items()
        for line in (f'{indent}"{name}": {_in_words(field, words)}', *_below(field, words, indent))
    )


def _below(field: Schema, words: Mapping[str, str], indent: str) -> Iterator[str]:
    if "properties" in field.get("items", {}):
        yield as_text(field["items"], words, indent + "  ")


def _in_words(field: Schema, words: Mapping[str, str]) -> str:
    described = field.get("description", "").format_map(words)
    return f"{_kind(field)}, {described}" if described else _kind(field)


def _kind(field: Schema) -> str:
    if field["type"] == "array":
        of = "objects" if "properties" in field["items"] else _plural(_kind(field["items"]))
        return f"list of {_range(field.get('minItems'), field.get('maxItems'))}{of}"
    if field.get("pattern") == CLOCK["pattern"]:
        return "time as HH:MM"
    kind = _KINDS[field["type"]]
    return f"{kind} from {field['minimum']} to {field['maximum']}" if "maximum" in field else kind


def _plural(kind: str) -> str:
    noun, rest, bounds = kind.partition(" from ")
    return f"{noun}s{rest}{bounds}"


def _range(least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return ""
    return f"{least} " if least == most else f"{least} to {most} "


def _fields(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Every field within the schema with its name."""
    for name, field in schema.get("properties", {}).items():
        yield name, field
        yield from _fields(field)
        yield from _fields(field.get("items", {}))


@cache
def _of(answer: type[BaseModel]) -> Schema:
    schema = answer.model_json_schema(mode="validation")
    inlined: Schema = _inlined(schema, schema.pop("$defs", {}))
    return inlined


def _inlined(schema: Any, definitions: Mapping[str, Schema]) -> Any:
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = definitions[schema["$ref"].rpartition("/")[2]]
        return _inlined({**target, **{k: v for k, v in schema.items() if k != "$ref"}}, definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}
