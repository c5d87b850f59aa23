"""The format of an answer as a JSON schema: the one in the request, or else the one that the prompt describes.

Knows the two notations: `response_format`, and the form that ends a prompt (`"field": kind, description`, one per line,
the fields of a list's items indented below it). It does not know what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_LINE = re.compile(r'^( *)"([^"]+)": (.+)$')
_LIST = re.compile(r"list of (?:(\d+)(?: to (\d+))? )?(.+)")
_KIND = re.compile(
    r"(text|whole number|number|true or false|time as HH:MM|object)s?(?: from (-?\d+) to (-?\d+))?(?=,|$)"
)
_TYPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
    "true or false": {"type": "boolean"},
    "time as HH:MM": {"type": "string", "pattern": CLOCK},
    "object": {"type": "object", "properties": {}},
}


def requested(response_format: Any, prompt: str) -> Schema | None:
    """The schema of the answer; None if neither the request nor the prompt describes one."""
    try:
        schema = response_format["json_schema"]["schema"]
    except (TypeError, KeyError):
        schema = None
    return schema if isinstance(schema, dict) and schema else from_text(prompt)


def from_text(prompt: str) -> Schema | None:
    """The schema of the last form in a prompt."""
    fields: list[tuple[int, str, Schema]] = []
    for line in reversed(prompt.split("\n")):
        found = _LINE.match(line)
        schema = _field(found[3]) if found else None
        if found and schema is not None:
            fields.insert(0, (len(found[1]), found[2], schema))
        elif fields:
            break
    return _object(fields) if fields else None


def _object(fields: Sequence[tuple[int, str, Schema]]) -> Schema:
    """The fields as an object; more indented ones belong to the items of the list above them."""
    indent = fields[0][0]
    tops = [at for at, field in enumerate(fields) if field[0] <= indent]
    properties = {}
    for at, end in zip(tops, [*tops[1:], len(fields)], strict=True):
        _, name, schema = fields[at]
        if end > at + 1 and schema["type"] == "array":
            schema = {**schema, "items": _object(fields[at + 1 : end])}
        properties[name] = schema
    return {"type": "object", "properties": properties, "required": list(properties)}


def _field(text: str) -> Schema | None:
    if not (found := _LIST.match(text)):
        return _kind(text)
    least, most, rest = found.groups()
    items = _kind(rest)
    if items is None:
        return None
    bounds = {"minItems": int(least), "maxItems": int(most or least)} if least else {}
    return {"type": "array", "items": items, **bounds}


def _kind(text: str) -> Schema | None:
    found = _KIND.match(text)
    if not found:
        return None
    bounds = {"minimum": int(found[2]), "maximum": int(found[3])} if found[2] else {}
    return {**_TYPES[found[1]], **bounds}
