"""An answer to any JSON schema: values that fit it, chosen by hash.

Knows JSON schemas as pydantic writes them (choices, bounds, lengths, lists, nested and recursive objects, formats of
dates; of patterns only the one for HH:MM). What somebody has prepared for the answer stays where it fits the schema.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mock_llm.forms import CLOCK, Schema
from mock_llm.hashing import choose, number

ANY_TEXT = "going about the day"
_BY_NAME = {"emoji": "🙂", "thing_emoji": "✨", "predicate": "is", "thing_state": "being used"}
_BY_FORMAT = {
    "date-time": "2024-03-04T09:00:00Z",
    "date": "2024-03-04",
    "time": "09:00:00Z",
    "duration": "PT15M",
    "email": "somebody@example.org",
    "uri": "https://example.org/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_DEEPEST = 6  # levels of a schema that contains itself
_USUAL_SPAN = 3  # small numbers, where only a lower bound is given
_MOST_TRIES = 50  # at another value for a list whose items must differ
_NOTHING = object()


def filled(schema: Schema, prepared: Any, texts: Sequence[str], *seed: object) -> Any:
    """A value that fits the schema.

    Args:
        prepared: parts of the answer; those that fit the schema are taken.
        texts: what texts without a better source are chosen from.
        seed: what all choices depend on.
    """
    return _Filling(schema, texts or [ANY_TEXT]).value(schema, prepared, seed, 0)


class _Filling:
    def __init__(self, root: Schema, texts: Sequence[str]) -> None:
        self._root = root
        self._texts = texts

    def value(self, schema: Schema, prepared: Any, seed: tuple[object, ...], depth: int) -> Any:
        schema = self._chosen(schema, prepared, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            options = schema["enum"]
            return prepared if prepared in options else choose(options, *seed)
        makers = {
            "object": self._object,
            "array": self._list,
            "string": self._text,
            "integer": self._number,
            "number": self._number,
            "boolean": self._flag,
            "null": lambda *_: None,
        }
        kind = schema.get("type", "object" if "properties" in schema else "string")
        return makers.get(kind, self._text)(schema, prepared, seed, depth)

    def _chosen(self, schema: Schema, prepared: Any, depth: int) -> Schema:
        """The schema without references and alternatives; the ends of a recursion are empty where they may be."""
        while True:
            schema = schema if isinstance(schema, dict) else {}
            rest = {key: part for key, part in schema.items() if key not in ("$ref", "anyOf", "oneOf", "allOf")}
            if "$ref" in schema:
                schema = {**self._target(schema["$ref"]), **rest}
            elif options := schema.get("anyOf") or schema.get("oneOf"):
                schema = {**self._alternative(options, prepared, depth), **rest}
            elif "allOf" in schema:
                merged: Schema = {}
                for part in schema["allOf"]:
                    merged.update(self._chosen(part, prepared, depth))
                schema = {**merged, **rest}
            elif isinstance(schema.get("type"), list):
                options = [{**rest, "type": kind} for kind in schema["type"]]
                schema = self._alternative(options, prepared, depth)
            else:
                return schema

    def _target(self, reference: str) -> Schema:
        found: Any = self._root
        for part in reference.removeprefix("#").strip("/").split("/"):
            found = found.get(part.replace("~1", "/").replace("~0", "~"), {}) if part else found
        return found

    def _alternative(self, options: Sequence[Schema], prepared: Any, depth: int) -> Schema:
        nothing = [option for option in options if option.get("type") == "null"]
        if nothing and (depth > _DEEPEST or (prepared is None)):
            return nothing[0]
        flat = [option for option in options if option not in nothing and "$ref" not in option]
        others = [option for option in options if option not in nothing]
        return (flat if depth > _DEEPEST and flat else others or nothing)[0]

    def _object(self, schema: Schema, prepared: Any, seed: tuple[object, ...], depth: int) -> dict[str, Any]:
        given = prepared if isinstance(prepared, Mapping) else {}
        properties = schema.get("properties", {})
        names = [name for name in properties if depth <= _DEEPEST or name in schema.get("required", ())]
        values = {
            name: self.value(properties[name], given.get(name, _NOTHING), (*seed, name), depth + 1) for name in names
        }
        extra = schema.get("additionalProperties")
        for at in range(schema.get("minProperties", 0) - len(values)):
            key = f"key {at + 1}"
            values[key] = self.value(extra if isinstance(extra, dict) else {}, _NOTHING, (*seed, key), depth + 1)
        return values

    def _list(self, schema: Schema, prepared: Any, seed: tuple[object, ...], depth: int) -> list[Any]:
        first = schema.get("prefixItems", [])
        items = schema.get("items") or {}
        most = schema.get("maxItems", len(first) if first and not items else math.inf)
        if isinstance(prepared, list):
            wanted, given = min(len(prepared), most), prepared
        else:
            usual = 0 if depth > _DEEPEST else len(first) or 1
            wanted, given = min(max(schema.get("minItems", 0), usual), most), ()
        values: list[Any] = []
        for at in range(int(wanted)):
            item = first[at] if at < len(first) else items
            ready = given[at] if at < len(given) else _NOTHING
            values.append(self._new(item, ready, (*seed, at), depth + 1, values if schema.get("uniqueItems") else ()))
        return values

    def _new(self, schema: Schema, prepared: Any, seed: tuple[object, ...], depth: int, others: Sequence[Any]) -> Any:
        """A value that is none of the others, as far as the schema has so many."""
        value = self.value(schema, prepared, seed, depth)
        for at in range(_MOST_TRIES):
            if value not in others:
                break
            value = self.value(schema, _NOTHING, (*seed, "again", at), depth)
        return value

    def _text(self, schema: Schema, prepared: Any, seed: tuple[object, ...], _: int) -> str:
        if schema.get("pattern") == CLOCK:
            is_clock = isinstance(prepared, str) and len(prepared) == 5
            return prepared if is_clock else f"{7 + number(14, *seed):02d}:{15 * number(4, *seed, 'm'):02d}"
        if schema.get("format") in _BY_FORMAT:
            return _BY_FORMAT[schema["format"]]
        text = prepared if isinstance(prepared, str) else _BY_NAME.get(str(seed[-1])) or choose(self._texts, *seed)
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        text += f" {text or '.'}" * (0 if len(text) >= least else least)
        return text if most is None else text[:most]

    def _number(self, schema: Schema, prepared: Any, seed: tuple[object, ...], _: int) -> int | float:
        step = schema.get("multipleOf", 1)
        least, most = _bounds(schema, step)
        if isinstance(prepared, (int, float)) and not isinstance(prepared, bool) and least <= prepared <= most:
            return prepared
        if least == -math.inf:
            least = min(1, most)
        first = math.ceil(least / step)
        last = max(first, math.floor(min(most, least + _USUAL_SPAN * step) / step))
        value = (first + number(last - first + 1, *seed)) * step
        if schema.get("type") == "integer":
            return int(value)
        return value if least <= value <= most else (least + most) / 2

    def _flag(self, _: Schema, prepared: Any, seed: tuple[object, ...], __: int) -> bool:
        return prepared if isinstance(prepared, bool) else bool(number(2, *seed))


def _bounds(schema: Schema, step: float) -> tuple[float, float]:
    """The least and the greatest number; exclusive bounds are moved inwards."""
    inside = step if schema.get("type") == "integer" else 1e-6
    least, most = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    least = least if above is None else max(least, above + inside)
    return least, most if below is None else min(most, below - inside)
