"""Reads the emoji that stand for an action.

It knows how emoji are written and joined; it must not know what they stand for.
"""

from __future__ import annotations

import html
import re
from typing import Any

import emoji

from .answer import Unreadable, said, shown

NO_EMOJI = frozenset("©®™")
"""Signs of prose that Unicode also lists as emoji."""

# "U+1F634", and joined ones as several in a row.
CODE_POINT = re.compile(r"(?:U\+|\\U000|\\u\{)([0-9A-F]{4,5})\}? ?", re.IGNORECASE)
CODE_POINTS = re.compile(rf"(?:{CODE_POINT.pattern}){{1,12}}", re.IGNORECASE)


# The library fills its tables on first use, which is not safe where several threads read answers at once.
emoji.emoji_list(emoji.emojize(":sleeping:", language="alias"))


def emoji_of(value: Any, most: int = 2) -> str:
    """The first `most` emoji in the answer, each whole (joined ones, flags, keycaps), and nothing else.

    Code points ("U+1F634") and names (":sleeping:") count. Raises Unreadable when there is none.
    """
    text = emoji.emojize(CODE_POINTS.sub(_characters, html.unescape(said(value))), language="alias")
    found = [found["emoji"] for found in emoji.emoji_list(text) if not _is_mere_sign(found["emoji"])]
    if not found:
        raise Unreadable(f"one or two emoji are needed, was {shown(value)}")
    return "".join(found[:most])


def _is_mere_sign(sign: str) -> bool:
    """Whether it is a sign of prose, or a part of emoji such as a lone skin colour."""
    return sign in NO_EMOJI or emoji.EMOJI_DATA[sign]["status"] == emoji.STATUS["component"]


def _characters(points: re.Match[str]) -> str:
    found = (int(point, 16) for point in CODE_POINT.findall(points[0]))
    return "".join(chr(point) for point in found if not 0xD800 <= point <= 0xDFFF)
