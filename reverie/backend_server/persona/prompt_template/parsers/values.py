"""Single values: an hour, a rating, a choice among offered names, yes or no, emoji.

It knows how people write them; it must not know which question was asked.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import emoji

from .clock import clocks, loose_minute, normal
from .lists import listed, raw_rows
from .text import ParseError, bare, key_of, read_or, said, shown, unwrapped

# The answer is after the last "Answer:", whatever reasoning precedes it.
_ANSWER_LABEL = re.compile(r"\b(?:answer|output|result|verdict|choice)(?: is)?\W{0,4}[:：]|答案[:：]", re.IGNORECASE)
# A number that is neither a count nor a time ("2 minutes", "3 times", "7 am"), and one of a scale ("4 out of 5").
_NUMBER = (
    r"(?<![A-Za-z_\d.-])(?<!\d:)(\d{1,4}(?:\.\d{1,3})?)"
    r"(?!(?![分점](?![钟鐘]))\w|[.:]\d| ?(?:minutes?|mins?|hours?|days?|weeks?|years?|times|people|[ap]\.?m\b))"
)
_RATING = re.compile(_NUMBER + r"(?: ?/ ?(\d{1,3})| (?:out )?of (\d{1,3}))?", re.IGNORECASE)
_LABELLED = re.compile(
    r"\b(?:score|rating|rated?|poignancy|importance|answer)(?: it| this| is| of| an?| at| as|\W){0,6}?(?=\d)", re.I
)
_ONE_OR_ANOTHER = re.compile(r"\d ?(?:or|或) ?\d")
# The repeated question: 'Answer in "yes" or "no"'.
_YES_OR_NO = re.compile(r"\W?\b(?:yes|true)\W{1,5}(?:(?:or|and)\W{1,5})?(?:no|false)\b\W?", re.IGNORECASE)
_VERDICT = re.compile(r"\b(?:(yes|yeah|yep|true)|(no|nope|false))\b", re.IGNORECASE)
# A verdict as a separate clause: "no reason, so: yes" is yes.
_WHOLE_VERDICT = re.compile(rf"(?:\A|[^\w\s]) ?{_VERDICT.pattern}(?=\W?\Z|\W?[^\w\s]|\n)", re.IGNORECASE)
# A verdict in another language counts only at the beginning.
_VERDICT_IN_FRONT = re.compile(
    r"\W{0,5}(?:(是的?|会的?|对的?|好[的啊]?|はい|네|예|oui|sí|sim|ja|да|نعم)"
    r"|(否|没有|不(?:会|是|想|要|行|对|好|用)?|いいえ|아니[요오]?|non|não|nein|нет|لا))(?!\w)",
    re.I,
)
_WORDS = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"'s\b")
_SMALL_WORDS = frozenset({"the", "a", "an", "of", "in", "at", "to", "and", "or", "go", "i", "is", "would", "will"})
_NO_EMOJI = frozenset("©®™")  # symbols in prose that Unicode also lists as emoji
_COMPONENT = emoji.STATUS["component"]  # a part of emoji, such as a lone skin color
# "U+1F634", and joined ones as several in a row.
_CODE_POINT = re.compile(r"(?:U\+|\\U000|\\u\{)([0-9A-F]{4,5})\}? ?", re.IGNORECASE)
_CODE_POINTS = re.compile(rf"(?:{_CODE_POINT.pattern}){{1,12}}", re.IGNORECASE)

# The library fills its tables on first use, which is not safe where several threads read answers at once.
emoji.emoji_list(emoji.emojize(":sleeping:", language="alias"))


def hour(value: Any) -> int:
    """A time of day, in whole minutes since midnight (0 to 1439). Raises ParseError."""
    number = unwrapped(value)
    if isinstance(number, float) and 0 <= number < 24:
        return int(number * 60)
    text = normal(_after_answer(said(value)))
    times = clocks(text)
    minute = times[0].minute if times else loose_minute(text)
    if minute is None:
        raise ParseError(f"the hour must be like 07:00, was {shown(value)}")
    return minute


def rating(value: Any, low: int = 1, high: int = 10) -> int:
    """A whole number from `low` to `high`; halves are rounded up, "85/100" is scaled. Raises ParseError."""
    number = unwrapped(value)
    is_text = isinstance(number, (str, list))
    found = _rating_in(_after_answer(said(number)), low, high) if is_text else _whole(number)
    if found is None or not low <= found <= high:
        raise ParseError(f"the rating must be a whole number from {low} to {high}, was {shown(value)}")
    return found


def ratings(value: Any, count: int) -> list[int | None]:
    """`count` ratings in order; one that cannot be read is None. Raises ParseError if none can be read."""
    found = listed(value)
    if isinstance(found, str):
        rows = raw_rows(found)
        found = rows if len(rows) > 1 else re.split(r"[,;，；、،؛\s]+", found)
    if isinstance(found, dict) and all(str(key).isdecimal() for key in found):
        found = [found.get(str(place + 1)) for place in range(count)]
    parts = list(found.values()) if isinstance(found, dict) else found
    rated = [_rating_or_none(part) for part in [*parts, *[None] * count][:count]]
    if count and not any(rated):
        raise ParseError(f"{count} whole numbers from 1 to 10 are needed, was {shown(value)}")
    return rated


def choice(value: Any, offered: Sequence[str]) -> str:
    """The one of the `offered` names that is meant. Raises ParseError if none is, or if it could be several.

    Case, quotes, brackets, articles and labels do not matter; of several names the first is used, and a part of a
    name counts if it is part of only one name ("bedroom" for "Nora Quill's bedroom").
    """
    text = said(value)
    for candidate in dict.fromkeys((text, _after_answer(text))):
        for reading in (_first_named, _part_of_one):
            if (name := reading(_folded(candidate), offered)) is not None:
                return name
    raise ParseError(f"the answer must be one of: {', '.join(offered[:20])}; was {shown(value)}")


def place_text(value: Any) -> str:
    """The place that an answer names, on one line. Raises ParseError if it names none."""
    return " ".join(_after_answer(said(value)).split()).strip("{}[]<>\"'“”‘’*. ")


def yes_no(value: Any) -> bool:
    """The first verdict in the answer. Raises ParseError if there is none ("Maybe")."""
    text = _YES_OR_NO.sub(" ", _after_answer(said(value)))
    if in_front := _VERDICT_IN_FRONT.match(text):
        return in_front[1] is not None
    verdict = _WHOLE_VERDICT.search(text) or _VERDICT.search(text)
    if verdict is None:
        raise ParseError(f"the answer must be true or false, was {shown(value)}")
    return verdict[1] is not None


def emoji_of(value: Any, most: int = 2) -> str:
    """The first `most` emoji in the answer, each complete (joined ones, flags, keycaps), and nothing else.

    Code points ("U+1F634") and names (":sleeping:") count. Raises ParseError if there is none.
    """
    text = emoji.emojize(_CODE_POINTS.sub(_characters, html.unescape(said(value))), language="alias")
    signs = (found["emoji"] for found in emoji.emoji_list(text))
    found = [sign for sign in signs if sign not in _NO_EMOJI and emoji.EMOJI_DATA[sign]["status"] != _COMPONENT]
    if not found:
        raise ParseError(f"one or two emoji are needed, was {shown(value)}")
    return "".join(found[:most])


def _after_answer(text: str) -> str:
    rest = _ANSWER_LABEL.split(text)[-1]
    return rest if rest.strip() else text


def _whole(value: Any) -> int | None:
    """An int or float (never a bool) as an int, halves upward; None for anything else, including NaN."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float):
        return math.floor(value + 0.5) if math.isfinite(value) else None
    return value


def _rating_in(text: str, low: int, high: int) -> int | None:
    """The rating in a text; neither the scale itself ("from 1 to 10") nor "2 or 3" is one."""
    text = re.sub(rf"\b{low} ?(?:to|through|and|-|–|—|~) ?{high}\b", " ", normal(text))
    if _ONE_OR_ANOTHER.search(text):
        return None
    labelled = _LABELLED.search(text)
    found = [_scaled(number, high) for number in _RATING.finditer(text, labelled.end() if labelled else 0)]
    return next((number for number in found if number is not None and low <= number <= high), None)


def _scaled(found: re.Match[str], high: int) -> int | None:
    of = int(found[2] or found[3] or high)
    return _whole(float(found[1]) * (high / of)) if of else None


def _rating_or_none(part: Any) -> int | None:
    """The rating of a row, which may name what it rates: {"event": "...", "rating": 3}, "2. waking up at 7: 3"."""
    if isinstance(part, dict) and part:
        named = (value for key, value in part.items() if re.search(r"rating|score|poignancy", key_of(key)))
        part = next(named, list(part.values())[-1])
    part = re.split(r"[:：=|]|^\W*\d+[.)]", part.strip(" |"))[-1] if isinstance(part, str) else part
    return read_or(None, rating, part)


def _folded(text: str) -> str:
    """The text for the comparison of names: no case, plain quotes, single spaces."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(text.casefold().split())


def _first_named(text: str, offered: Sequence[str]) -> str | None:
    """The offered name that occurs first in the text as a whole; of two at the same position the longer."""
    finds = []
    for name in filter(lambda name: bare(_folded(name)), offered):
        # Words end between letters or digits and other characters; in scripts without spaces, anywhere.
        folded = bare(_folded(name))
        ends = [r"(?<![a-z0-9])" if folded[0].isascii() else "", r"(?![a-z0-9])" if folded[-1].isascii() else ""]
        if found := re.search(ends[0] + re.escape(folded) + ends[1], text):
            finds.append((found.start(), -len(folded), name))
    return min(finds)[2] if finds else None


def _part_of_one(text: str, offered: Sequence[str]) -> str | None:
    """The only offered name that contains all words of the text, or of its first alternative that has one."""
    for part in re.split(r"\bor\b|[,/\n]", text):
        words = _words(part)
        holders = [name for name in dict.fromkeys(offered) if words and words <= _words(_folded(name))]
        if len(holders) == 1:
            return holders[0]
    return None


def _words(text: str) -> set[str]:
    return set(_WORDS.findall(_POSSESSIVE.sub("", text))) - _SMALL_WORDS


def _characters(points: re.Match[str]) -> str:
    found = (int(point, 16) for point in _CODE_POINT.findall(points[0]))
    return "".join(chr(point) for point in found if not 0xD800 <= point <= 0xDFFF)
