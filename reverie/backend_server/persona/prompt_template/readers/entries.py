"""Reads the rows of a schedule as they were written: an activity with its start, end or length.

It knows how rows with times are written; it must not know which block of time they are to fill.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .answer import COMMENT_KEYS, Unreadable, key_of, said, whole_number, words_of
from .clock import duration, first_span, normal, without_clocks
from .lists import cells, listed, raw_rows
from .phrases import MARKER, phrase, without_name
from .values import hour

START_WORDS = frozenset({"start", "starts", "from", "begin", "begins", "time", "hour", "when", "at"})
END_WORDS = frozenset({"end", "ends", "until", "till", "to", "finish"})
LENGTH_WORDS = frozenset({"min", "mins", "minute", "minutes", "duration", "length", "long"})
REST_WORDS = frozenset({"left", "remaining"})

# "(duration in minutes: 10, minutes left: 170)", with or without brackets and colon.
LENGTH_LABEL = re.compile(
    r"[(（\[|,]? ?(?:\b(?:total )?duration\b|\blast(?:s|ing)\b|持续时间|时长|用时)", re.IGNORECASE
)
FIRST_NUMBER = re.compile(r"\d{1,4}")
# A length at the end of a row without a unit: "reading: 30", "reading | 30", "reading (30)".
LENGTH_LAST = re.compile(r"(?:[:=,|–—-] ?|[\[(（])(\d{1,4})[ |\])）.]{0,4}\Z")
LENGTH_FIRST = re.compile(r"[\[(]? ?\d{1,4} ?(?:min\w*|m|hours?|hrs?|h)\b\.? ?[\])]?[ :：|–—-]*", re.IGNORECASE)
# Where the text of a row ends and what is said of its length begins.
LENGTH_TEXT = re.compile(
    r"[(（\[|][^()（）\[\]|]{0,60}\d[^()（）\[\]|]{0,60}(?:[)）\]|]|\Z)|"
    r"[,:–—-]? ?(?:for )?(?<![\d.])\d{1,4}(?:\.\d{1,2})?(?: ?[-–~] ?\d{1,4})? ?"
    r"(?:min\w*|m|hours?|hrs?|h|分钟|小时)\.?(?![a-z])",
    re.IGNORECASE,
)
# Several rows on one line: "7:00 breakfast, 8:00 shop", "reading (10 min), writing (20 min)".
CLOCK_IN_FRONT = re.compile(r"\W{0,5}\d{1,2}(?::\d\d| ?[ap]\.?m)", re.IGNORECASE)
BEFORE_CLOCK = re.compile(r"[,;，；] ?(?=\d{1,2}(?::\d\d| ?[ap]\.?m))", re.IGNORECASE)
AFTER_LENGTH = re.compile(r"(?<=[)）\]])[,;，；] ?")


@dataclass(frozen=True)
class Entry:
    """One row as it was written: an activity with what is known of its start, end and length in minutes.

    `half_open`: the start may be before or after noon. `row` is the object that it was written as, if it was one.
    """

    text: str
    start: int | None = None
    end: int | None = None
    length: int | None = None
    half_open: bool = False
    row: Mapping[str, Any] = field(default_factory=dict)


def entries(value: Any, name: str, ignored: Sequence[str] = ()) -> list[Entry]:
    """The rows that have an activity, in the order given; `name` is dropped from its front.

    `ignored` are fields of a row that are not read here.

    Raises Unreadable for None, blanks, refusals and failed calls.
    """
    found = listed(value)
    if isinstance(found, dict):
        found = [found] if _is_row(found) else [[key, item] for key, item in found.items()]
    if isinstance(found, str):
        rows = [_text_entry(part) for row in raw_rows(found) for part in _parts(row)]
    else:
        rows = [_item_entry(item, {key_of(key) for key in ignored}) for item in found]
    rows = [replace(row, text=without_name(row.text, name).strip(" .。:：,，")) for row in rows]
    return [row for row in rows if re.search(r"\w", row.text)]


def _parts(row: str) -> list[str]:
    """The rows that share a line."""
    if CLOCK_IN_FRONT.match(row):
        return BEFORE_CLOCK.split(row)
    parts = AFTER_LENGTH.split(row)
    return parts if all(_length_in(normal(part)) is not None for part in parts) else [row]


def _is_row(answer: dict) -> bool:
    return any(words_of(key) & (START_WORDS | LENGTH_WORDS) for key in answer)


def _item_entry(item: Any, ignored: set[str]) -> Entry:
    if isinstance(item, dict):
        return _object_entry(item, ignored)
    if isinstance(item, list) and len(item) == 2:
        texts = [part for part in item if isinstance(part, str)]
        numbers = [whole_number(part) for part in item]
        if len(texts) == 1 and any(number is not None for number in numbers):
            return Entry(
                phrase(_said_or_blank(texts[0])), length=next(number for number in numbers if number is not None)
            )
    return _text_entry(_said_or_blank(item).replace("\n", " | "))


def _object_entry(row: dict, ignored: set[str]) -> Entry:
    """A row such as {"start": "07:00", "activity": "..."} or {"task": "...", "minutes": 10}."""
    rest = {
        key: value
        for key, value in row.items()
        if key_of(key) not in COMMENT_KEYS | ignored and not words_of(key) & REST_WORDS
    }
    end = _taken(rest, END_WORDS)
    length = _taken(rest, LENGTH_WORDS)
    start = _taken(rest, START_WORDS)
    texts = [phrase(_said_or_blank(value)) for value in rest.values()]
    text = next((text for text in texts if re.search(r"[^\W\d_]", text)), "")
    span = first_span(normal(_said_or_blank(start)))
    minute = span.start.minute if span else _hour_or_none(start)
    return Entry(
        text,
        minute,
        span.end.minute if span and span.end else _hour_or_none(end),
        _length_of(length if length is not None or minute is not None else start),
        bool(span and span.start.half_open),
        row,
    )


def _taken(row: dict, words: frozenset[str]) -> Any:
    """The value of the first key that has one of the words, taken out of the row; None when there is none."""
    key = next((key for key in row if words_of(key) & words), None)
    return None if key is None else row.pop(key)


def _text_entry(row: str) -> Entry:
    """A row such as "1) 07:00 - 08:00: reading" or "reading (10 min)"."""
    row = row.strip()
    span = first_span(normal(row))
    length = _length_in(normal(row))
    text = phrase(_without_length(row) if length is not None else row)
    if span is not None:
        text = phrase(without_clocks(text))
    text = next((cell for cell in cells(text) if not cell.isdigit()), "")
    return Entry(
        text,
        span.start.minute if span else None,
        span.end.minute if span and span.end else None,
        length,
        bool(span and span.start.half_open),
    )


def _without_length(row: str) -> str:
    """The row's text: what stands before the label of its length, else all but the length itself."""
    label = LENGTH_LABEL.search(row)
    if label and re.search(r"[^\W\d]", row[: label.start()]):
        return row[: label.start()]
    return LENGTH_LAST.sub("", LENGTH_FIRST.sub("", LENGTH_TEXT.sub("", row), count=1))


def _length_in(row: str) -> int | None:
    """The length of a row in minutes: what is labelled as its duration, else what has a unit, else stands last."""
    label = LENGTH_LABEL.search(row)
    tail = row[label.end() :] if label else row
    found = duration(tail)
    if found is None and label:
        number = FIRST_NUMBER.search(tail)
        found = int(number[0]) if number else None
    if found is None and (last := LENGTH_LAST.search(MARKER.sub("", row, count=1))):
        found = int(last[1])
    return found


def _length_of(value: Any) -> int | None:
    number = whole_number(value)
    if number is None and value is not None:
        text = normal(_said_or_blank(value))
        first = FIRST_NUMBER.search(text)
        number = duration(text) or (int(first[0]) if first else None)
    return number if number is not None and number > 0 else None


def _said_or_blank(value: Any) -> str:
    try:
        return said(value)
    except Unreadable:
        return ""


def _hour_or_none(value: Any) -> int | None:
    try:
        return hour(value)
    except Unreadable:
        return None
