"""An answer to any JSON schema: values that fit it, chosen by hash.

Knows the JSON schemas that structured outputs take, as pydantic writes them (choices, bounds, lists, nested and
recursive objects, formats of dates; of patterns only the one for HH:MM). Prepared parts are kept if they fit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_llm.choices import choose, number
from mock_llm.forms import CLOCK, Schema

ANY_TEXT = "going about the day"
_BY_NAME = {"emoji": "🙂", "thing_emoji": "✨", "predicate": "is", "thing_state": "being used"}
_BY_FORMAT = {
    "date-time": "2024-03-04T09:00:00Z",
    "date": "2024-03-04",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_DEEPEST = 6  # levels of a schema that contains itself
_USUAL_SPAN = 3  # small numbers, if only a lower bound is given
_NOTHING = object()


class _Part(NamedTuple):
    """A part of the answer to be generated."""

    prepared: Any
    seed: tuple[object, ...]
    depth: int = 0

    def of(self, prepared: Any, *seed: object) -> _Part:
        """A part of this part."""
        return _Part(prepared, (*self.seed, *seed), self.depth + 1)


def filled(schema: Schema, prepared: Any, texts: Sequence[str], *seed: object) -> Any:
    """A value that fits the schema.

    Args:
        prepared: parts of the answer; those that fit the schema are used.
        texts: a choice for texts without a better source.
        seed: all choices depend on it.
    """
    return _Filling(schema, texts or [ANY_TEXT]).value(schema, _Part(prepared, seed))


class _Filling:
    def __init__(self, root: Schema, texts: Sequence[str]) -> None:
        self._root = root
        self._texts = texts

    def value(self, schema: Schema, part: _Part) -> Any:
        schema = self._plain(schema, part)
        if "const" in schema:
            return schema["const"]
        if options := schema.get("enum"):
            return part.prepared if part.prepared in options else choose(options, *part.seed)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if kind == "null":
            return None
        if kind == "boolean":
            return part.prepared if isinstance(part.prepared, bool) else bool(number(2, *part.seed))
        if kind in ("integer", "number"):
            return _number(schema, part)
        if kind == "object":
            return self._object(schema, part)
        return self._list(schema, part) if kind == "array" else self._text(schema, part)

    def _plain(self, schema: Schema, part: _Part) -> Schema:
        """The schema without references and alternatives; a recursion ends with an empty value if possible."""
        rest = {key: value for key, value in schema.items() if key not in ("$ref", "anyOf")}
        if "$ref" in schema:
            target = self._root
            for name in schema["$ref"].removeprefix("#/").split("/"):
                target = target.get(name, {})
            return self._plain({**target, **rest}, part)
        options = schema.get("anyOf")
        if isinstance(schema.get("type"), list):
            options = [{"type": kind} for kind in schema["type"]]
        if not options:
            return schema
        empty = [option for option in options if option.get("type") == "null"]
        others = [option for option in options if option not in empty]
        wants_nothing = part.prepared is None or part.depth > _DEEPEST
        return self._plain({**rest, **(empty if wants_nothing and empty else others or empty)[0]}, part)

    def _object(self, schema: Schema, part: _Part) -> dict[str, Any]:
        given = part.prepared if isinstance(part.prepared, Mapping) else {}
        fields = schema.get("properties", {})
        names = [name for name in fields if part.depth <= _DEEPEST or name in schema.get("required", ())]
        return {name: self.value(fields[name], part.of(given.get(name, _NOTHING), name)) for name in names}

    def _list(self, schema: Schema, part: _Part) -> list[Any]:
        given = part.prepared if isinstance(part.prepared, list) else []
        usual = len(given) or max(schema.get("minItems", 0), part.depth <= _DEEPEST)
        parts = [*given, *[_NOTHING] * usual][: min(usual, schema.get("maxItems", usual))]
        return [self.value(schema.get("items", {}), part.of(given, at)) for at, given in enumerate(parts)]

    def _text(self, schema: Schema, part: _Part) -> str:
        text: str | None = part.prepared if isinstance(part.prepared, str) else None
        if schema.get("pattern") == CLOCK:
            return text or f"{7 + number(14, *part.seed):02d}:{15 * number(4, *part.seed, 'minute'):02d}"
        if schema.get("format") in _BY_FORMAT:
            return _BY_FORMAT[schema["format"]]
        return _BY_NAME.get(str(part.seed[-1])) or choose(self._texts, *part.seed) if text is None else text


def _number(schema: Schema, part: _Part) -> Any:
    step = schema.get("multipleOf", 1)
    inside = step if schema["type"] == "integer" else 1e-6  # how far from an exclusive bound
    least = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf) + inside)
    most = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf) - inside)
    given = part.prepared
    if isinstance(given, (int, float)) and not isinstance(given, bool) and least <= given <= most:
        return given
    first = math.ceil((min(1, most) if least == -math.inf else least) / step)
    last = max(first, math.floor(min(most, (first + _USUAL_SPAN) * step) / step))
    value = (first + number(last - first + 1, *part.seed)) * step
    return value if schema["type"] == "integer" or least <= value <= most else (least + most) / 2
