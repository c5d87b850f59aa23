"""Reads single values: an hour, a rating, a choice among offered names, yes or no, an option's number.

It knows how people write them; it must not know which question was asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from .answer import Unreadable, bare, key_of, said, shown, unwrapped, whole_number
from .clock import clocks, loose_minute, normal
from .lists import cells, listed, raw_rows
from .phrases import MARKER

# What follows the last "Answer:" is the answer, whatever was thought aloud before.
ANSWER_LABEL = re.compile(r"\b(?:answer|output|result|verdict|choice)(?: is)?\W{0,4}[:：]|答案[:：]", re.IGNORECASE)

# A number that counts nothing: "2 minutes", "3 times" and "7 am" are no ratings and no options.
NO_UNIT = r"(?![\d\w]|[.:]\d| ?(?:minutes?|mins?|hours?|days?|weeks?|years?|times|people|[ap]\.?m\b))"
NUMBER = r"(?<![\d.:\w-])(\d{1,4}(?:\.\d{1,3})?)" + NO_UNIT
LABELLED_NUMBER = re.compile(
    r"\b(?:score|rating|rated?|poignancy|importance|answer)(?: it| this| is| of| an?| at| as|\W){0,6}?" + NUMBER,
    re.IGNORECASE,
)
ANY_NUMBER = re.compile(NUMBER + r"(?: ?/ ?(\d{1,3})| (?:out )?of (\d{1,3}))?")
# The number of the statement that a row rates: "2. ", "Statement 3: ", "| 4 | ".
NUMBERED_ROW = re.compile(r"\W{0,4}(\d{1,3})\W{0,3}[.):、）|]\W{0,3}(?=\S)")

# The question said back: 'Answer in "yes" or "no"'.
YES_OR_NO = re.compile(r"\W?\byes\W{1,5}(?:(?:or|and)\W{1,5})?no\b\W?", re.IGNORECASE)
VERDICT = re.compile(r"\b(?:(yes|yeah|yep|true)|(no|nope|false))\b", re.IGNORECASE)
# A verdict that is a clause of its own: "no reason, so: yes" is yes.
WHOLE_VERDICT = re.compile(rf"(?:\A|[^\w\s]) ?{VERDICT.pattern}(?=\W?\Z|\W?[^\w\s]|\n)", re.IGNORECASE)
# A verdict in another language counts only in front.
VERDICT_IN_FRONT = re.compile(
    r"\W{0,5}(?:(是(?!否)|会|对|好|はい|네|예|oui|sí|si|ja|да)|(否|不|いいえ|아니|non|nein|нет))(?![a-z])", re.I
)

OPTION = re.compile(r"\boption\W{0,4}(\d{1,2})\b", re.IGNORECASE)
SMALL_NUMBER = re.compile(r"(?<![\d.:\w-])(\d{1,2})" + NO_UNIT, re.IGNORECASE)

ARTICLE = re.compile(r"(?:the|a|an) ", re.IGNORECASE)
WORDS = re.compile(r"\w+")
POSSESSIVE = re.compile(r"'s\b")
SMALL_WORDS = frozenset({"the", "a", "an", "of", "in", "at", "to", "and", "or", "go", "i", "is", "would", "will"})


def hour(value: Any) -> int:
    """A time of day, in whole minutes since midnight (0 to 1439). Raises Unreadable."""
    number = unwrapped(value)
    if isinstance(number, float) and 0 <= number < 24:
        return int(number * 60)
    text = normal(_after_answer(said(value)))
    times = clocks(text)
    minute = times[0].minute if times else loose_minute(text)
    if minute is None:
        raise Unreadable(f"the hour must be like 07:00, was {shown(value)}")
    return minute


def rating(value: Any, low: int = 1, high: int = 10) -> int:
    """A whole number from `low` to `high`; halves are rounded up, "85/100" is scaled. Raises Unreadable."""
    number = unwrapped(value)
    found = whole_number(number)
    if isinstance(number, (str, list)):
        found = _rating_in(_after_answer(said(number)), low, high)
    if found is None or not low <= found <= high:
        raise Unreadable(f"the rating must be a whole number from {low} to {high}, was {shown(value)}")
    return found


def ratings(value: Any, count: int, low: int = 1, high: int = 10) -> list[int | None]:
    """`count` ratings in order; one that cannot be read is None. Raises Unreadable when none can be read.

    Rows that carry numbers are put in their numbers' places.
    """
    parts = _rating_parts(listed(value), count)
    found = [_rating_or_none(parts.get(place), low, high) for place in range(1, count + 1)]
    if count and not any(found):
        raise Unreadable(f"{count} ratings from {low} to {high} are needed, was {shown(value)}")
    return found


def choice(value: Any, offered: Sequence[str]) -> str:
    """The one of the `offered` names that is meant. Raises Unreadable when none is, or when it could be several.

    Case, quotes, brackets, articles and labels do not matter; of several names the first one named counts, and
    a part of a name counts when it is part of one name only ("bedroom" for "Nora Quill's bedroom").
    """
    text = said(value)
    for candidate in dict.fromkeys((text, _after_answer(text))):
        for reading in (_same_name, _first_named, _part_of_one):
            if (name := reading(_folded(candidate), offered)) is not None:
                return name
    names = ", ".join(offered[:20])
    raise Unreadable(f"the answer must be one of: {names}; was {shown(value)}")


def place_text(value: Any) -> str:
    """The place that an answer names, on one line. Raises Unreadable when it names none."""
    return " ".join(_after_answer(said(value)).split()).strip("{}[]<>\"'“”‘’*. ")


def yes_no(value: Any) -> bool:
    """The first verdict in the answer. Raises Unreadable when there is none ("Maybe")."""
    text = YES_OR_NO.sub(" ", _after_answer(said(value)))
    if in_front := VERDICT_IN_FRONT.match(text):
        return in_front[1] is not None
    verdict = WHOLE_VERDICT.search(text) or VERDICT.search(text)
    if verdict is None:
        raise Unreadable(f"the answer must be yes or no, was {shown(value)}")
    return verdict[1] is not None


def option(value: Any, count: int) -> int:
    """The number of the option chosen, 1 to `count`. Raises Unreadable when there is none or more than one."""
    number = unwrapped(value)
    text = normal(_after_answer(said(whole_number(number) or number)))
    numbers = OPTION.findall(text) or SMALL_NUMBER.findall(text)
    chosen = {int(number) for number in numbers}
    if len(chosen) != 1 or not 1 <= min(chosen) <= count:
        raise Unreadable(f"the answer must be one number from 1 to {count}, was {shown(value)}")
    return chosen.pop()


def _after_answer(text: str) -> str:
    rest = ANSWER_LABEL.split(text)[-1]
    return rest if rest.strip() else text


def _rating_in(text: str, low: int, high: int) -> int | None:
    """The rating in a text; the scale itself ("from 1 to 10") is no rating."""
    text = re.sub(rf"\b{low} ?(?:to|through|and|-|–|—|~) ?{high}\b", " ", normal(text))
    labelled = LABELLED_NUMBER.search(text)
    found = [_scaled(number, high) for number in ANY_NUMBER.finditer(text, labelled.start(1) if labelled else 0)]
    if labelled:
        return found[0] if found else None
    return next((number for number in found if number is not None and low <= number <= high), None)


def _scaled(found: re.Match[str], high: int) -> int | None:
    of = int(found[2] or found[3] or high)
    return whole_number(float(found[1]) * (high / of)) if of else None


def _rating_or_none(part: Any, low: int, high: int) -> int | None:
    try:
        return rating(part, low, high)
    except Unreadable:
        return None


def _rating_parts(found: list | dict | str, count: int) -> dict[int, Any]:
    """What was said for each place, 1 to `count`."""
    if isinstance(found, dict):
        return _placed(list(found.items()))
    if isinstance(found, list):
        return dict(enumerate((_rating_value(item) for item in found), start=1))
    rows = raw_rows(found)
    if len(rows) == 1 and count > 1:
        return dict(enumerate(re.split(r"[,;，；\s]+", rows[0]), start=1))
    return _placed([_numbered(row) for row in rows])


def _placed(parts: list[tuple[Any, Any]]) -> dict[int, Any]:
    """The parts at the places that their keys name; in order when not every key names one."""
    places = [re.search(r"\d{1,3}", str(key or "")) for key, _ in parts]
    if all(places):
        return {int(place[0]): part for place, (_, part) in zip(places, parts, strict=True) if place}
    return dict(enumerate((part for _, part in parts), start=1))


def _numbered(row: str) -> tuple[str | None, str]:
    """A row's number and what is rated last in it: "2. waking up at 7: 3" is ("2", "3")."""
    number = NUMBERED_ROW.match(row)
    rest = row[number.end() :] if number else MARKER.sub("", row.strip(), count=1)
    last = re.split(r"[:：=]|[-–—] ", (cells(rest) or [rest])[-1])[-1]
    return (number[1] if number else None), last if re.search(r"\w", last) else rest


def _rating_value(item: Any) -> Any:
    """The rating's field in a row such as {"event": "...", "rating": 3}."""
    if not isinstance(item, dict):
        return item
    named = (value for key, value in item.items() if re.search(r"rating|score|poignancy|importance", key_of(key)))
    return next(named, next(reversed(item.values()), None))


def _folded(text: str) -> str:
    """The text as names are compared: no case, plain quotes, single blanks."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(text.casefold().split())


def _same_name(text: str, offered: Sequence[str]) -> str | None:
    wanted = {bare(text), ARTICLE.sub("", bare(text), count=1)}
    return next((name for name in offered if bare(_folded(name)) and bare(_folded(name)) in wanted), None)


def _first_named(text: str, offered: Sequence[str]) -> str | None:
    """The offered name that stands first in the text as a whole; of two at one place the longer."""
    finds = []
    for place, name in enumerate(offered):
        folded = bare(_folded(name))
        if folded and (at := _find_whole(text, folded)) is not None:
            finds.append((at, -len(folded), place))
    return offered[min(finds)[2]] if finds else None


def _find_whole(text: str, name: str) -> int | None:
    at = text.find(name)
    while at >= 0:
        if _parted(text[at - 1 : at], name[0]) and _parted(name[-1], text[at + len(name) : at + len(name) + 1]):
            return at
        at = text.find(name, at + 1)
    return None


def _parted(left: str, right: str) -> bool:
    """Whether a word may end between the two characters; scripts without blanks part everywhere."""
    if not (left and right and left.isalnum() and right.isalnum()):
        return True
    return ord(left) >= 0x2E80 or ord(right) >= 0x2E80


def _part_of_one(text: str, offered: Sequence[str]) -> str | None:
    """The only offered name that holds all the words of the text, or of the first alternative in it that has one."""
    for part in re.split(r"\bor\b|[,/\n]", text):
        words = _words(part)
        holders = [name for name in dict.fromkeys(offered) if words and words <= _words(_folded(name))]
        if len(holders) == 1:
            return holders[0]
    return None


def _words(text: str) -> set[str]:
    return set(WORDS.findall(POSSESSIVE.sub("", text))) - SMALL_WORDS
