"""Finds the JSON in a model's text, whole or broken, among prose and fences.

It knows JSON's outward signs and leaves fixing it to json_repair; it must not know what the values mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import json_repair

MOST_BRACKETS = 500
"""json_repair takes quadratic time on nested brackets that never close; no real answer nests this many."""

MOST_FINDS = 20

# The beginning of an object (a quoted key, a bare key with its colon, or nothing; not "{kitchen}"), or a list of texts,
# objects or lists (not "[07:00 AM]" or "[1]").
_START = re.compile(r"""\{\s{0,20}(?:["'“”‘’}]|\w{1,60}\s{0,5}:)|\[\s{0,20}["'“‘{\[]""")
# A list of plain numbers counts only if it is the whole text, since "[1]" may also be a citation.
_NUMBER_LIST = re.compile(r"\[[-\d.,\s]{1,2000}\]?")
# An unquoted time of day as a value, or digits that are not valid in JSON: {"start": 07:00}, {"rating": ٥}.
_UNQUOTED_CLOCK = re.compile(
    r"(:\s{0,5})(\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?|(?![0-9])\d{1,4})(?=\s{0,5}[,}\]])",
    re.IGNORECASE,
)
# A full-width colon or comma instead of an ASCII one.
_WIDE_SIGN = re.compile(r"""(?<=["”\d}\]])\s{0,5}([：，])\s{0,5}(?=["“\d\[{tfn-])""")

_decoder = json.JSONDecoder(strict=False)


def json_values(text: str) -> Iterator[dict[str, Any] | list[Any]]:
    """Yield the objects and lists in `text`, in order; broken ones are repaired."""
    if _NUMBER_LIST.fullmatch(text):
        yield from _fixed(text)
        return
    position = 0
    for _ in range(MOST_FINDS):
        start = _START.search(text, position)
        if start is None:
            return
        try:
            value, position = _decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            yield from _fixed(text[start.start() :])
            return
        yield value


def _fixed(text: str) -> Iterator[dict[str, Any] | list[Any]]:
    if text.count("{") + text.count("[") > MOST_BRACKETS:
        return
    try:
        plain = _WIDE_SIGN.sub(lambda sign: ":" if sign[1] == "：" else ",", text)
        value = json_repair.loads(_UNQUOTED_CLOCK.sub(r'\1"\2"', plain))
    except (ValueError, RecursionError):
        return
    if isinstance(value, (dict, list)):
        yield value
