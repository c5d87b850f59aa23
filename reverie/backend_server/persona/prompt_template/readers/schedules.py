"""Reads schedules: tasks that fill a block, the hours of a day, a rewritten part of a day.

It knows how rows with times are written, and leaves the filling to `blocks`; it must not know whose day it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from .answer import COMMENT_KEYS, Unreadable, key_of, said, shown, whole_number, words_of
from .blocks import Row, Start, fill, fill_in_turn, merged
from .clock import DAY, NOON, duration, first_span, normal, without_clocks
from .lists import cells, listed, raw_rows
from .phrases import MARKER, activity, phrase, without_name
from .values import hour

SLEEPING = "sleeping"
STEP = 5

START_WORDS = frozenset({"start", "starts", "from", "begin", "begins", "time", "hour", "when", "at"})
END_WORDS = frozenset({"end", "ends", "until", "till", "to", "finish"})
LENGTH_WORDS = frozenset({"min", "mins", "minute", "minutes", "duration", "length", "long"})

# "(duration in minutes: 10, minutes left: 170)", with or without brackets and colon.
LENGTH_LABEL = re.compile(
    r"[(（\[|,]? ?(?:\b(?:total )?duration\b|\blast(?:s|ing)\b|持续时间|时长|用时)", re.IGNORECASE
)
FIRST_NUMBER = re.compile(r"\d{1,4}")
# A length at the end of a row without a unit: "reading: 30", "reading | 30".
LENGTH_LAST = re.compile(r"[:=,|–—-] ?(\d{1,4})[ |]*\Z")
LENGTH_FIRST = re.compile(r"[\[(]? ?\d{1,4} ?(?:min\w*|m|hours?|hrs?|h)\b\.? ?[\])]?[ :：|–—-]*", re.IGNORECASE)
# Where the text of a row ends and what is said of its length begins.
LENGTH_TEXT = re.compile(
    r"[(（\[|][^()（）\[\]|]{0,60}\d[^()（）\[\]|]{0,60}(?:[)）\]|]|\Z)|"
    r"[,:–—-]? ?(?:for )?(?<![\d.])\d{1,4}(?:\.\d{1,2})?(?: ?[-–~] ?\d{1,4})? ?"
    r"(?:min\w*|m|hours?|hrs?|h|分钟|小时)\.?(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Entry:
    """One row as it was written: an activity with what is known of its start, end and length in minutes.

    `half_open`: the start may be before or after noon.
    """

    text: str
    start: int | None = None
    end: int | None = None
    length: int | None = None
    half_open: bool = False


def tasks(value: Any, minutes: int, name: str = "", step: int = STEP) -> list[Row]:
    """The tasks of a block of `minutes`: (task, minutes) rows that fill it exactly.

    Every row but the last is a multiple of `step`. Rows without a length share what is left. `name` is dropped
    from the front of a task. Raises Unreadable when there is no task, ValueError when the block is empty.
    """
    if minutes < 1 or step < 1:
        raise ValueError(f"a block of {minutes} minutes in steps of {step} cannot be filled")
    entries = _entries(value, name)
    if not entries:
        raise Unreadable(f"a list of tasks with their minutes is needed, was {shown(value)}")
    return fill_in_turn([(entry.text, _length(entry, minutes)) for entry in entries], minutes, step)


def hourly(value: Any, wake_minutes: int, name: str = "") -> list[Row]:
    """A whole day: (activity, minutes) rows that sum to 1440, "sleeping" until `wake_minutes` past midnight.

    Raises Unreadable when no row has both a time of day and an activity.
    """
    wake = min(max(wake_minutes, 0), DAY - 1)
    starts = _rising(_timed(value, name), wake)
    rows = fill(starts, wake, DAY)
    if not rows:
        raise Unreadable(f"each row must begin with a time like 07:00, was {shown(value)}")
    return merged([(SLEEPING, wake), *rows]) if wake else rows


def schedule_block(value: Any, start_minute: int, end_minute: int, name: str = "") -> list[Row]:
    """A rewritten part of a day: (activity, minutes) rows that fill [start_minute, end_minute) exactly.

    An end that is not after the start lies on the next day. Raises Unreadable when no row falls into the block.
    """
    end = end_minute if end_minute > start_minute else end_minute + DAY
    starts = [_start_within(entry, start_minute, end) for entry in _timed(value, name)]
    rows = fill([start for start in starts if start is not None], start_minute, end)
    if not rows:
        raise Unreadable(f"rows with times from the given block are needed, was {shown(value)}")
    return rows


def _timed(value: Any, name: str) -> list[_Entry]:
    timed = [entry for entry in _entries(value, name) if entry.start is not None]
    return [replace(entry, text=text) for entry in timed if (text := _activity_or_blank(entry.text, name))]


def _entries(value: Any, name: str) -> list[_Entry]:
    found = listed(value)
    if isinstance(found, dict):
        found = [found] if _is_row(found) else [[key, item] for key, item in found.items()]
    if isinstance(found, str):
        entries = [_text_entry(row) for row in raw_rows(found)]
    else:
        entries = [_item_entry(item) for item in found]
    entries = [replace(entry, text=without_name(entry.text, name).strip(" .。:：,，")) for entry in entries]
    return [entry for entry in entries if re.search(r"\w", entry.text)]


def _is_row(answer: dict) -> bool:
    return any(words_of(key) & (START_WORDS | LENGTH_WORDS) for key in answer)


def _item_entry(item: Any) -> _Entry:
    if isinstance(item, dict):
        return _object_entry(item)
    if isinstance(item, list) and len(item) == 2:
        texts = [part for part in item if isinstance(part, str)]
        numbers = [whole_number(part) for part in item]
        if len(texts) == 1 and any(number is not None for number in numbers):
            return _Entry(phrase(texts[0]), length=next(number for number in numbers if number is not None))
    return _text_entry(_said_or_blank(item).replace("\n", " | "))


def _object_entry(row: dict) -> _Entry:
    """A row such as {"start": "07:00", "activity": "..."} or {"task": "...", "minutes": 10}."""
    rest = {key: value for key, value in row.items() if key_of(key) not in COMMENT_KEYS}
    end = _taken(rest, END_WORDS)
    length = _taken(rest, LENGTH_WORDS)
    start = _taken(rest, START_WORDS)
    text = next((text for value in rest.values() if (text := phrase(_said_or_blank(value)))), "")
    span = first_span(normal(_said_or_blank(start)))
    minute = span.start.minute if span else _hour_or_none(start)
    return _Entry(
        text,
        minute,
        span.end.minute if span and span.end else _hour_or_none(end),
        _length_of(length if length is not None or minute is not None else start),
        bool(span and span.start.half_open),
    )


def _taken(row: dict, words: frozenset[str]) -> Any:
    """The value of the first key that has one of the words, taken out of the row; None when there is none."""
    key = next((key for key in row if words_of(key) & words), None)
    return None if key is None else row.pop(key)


def _text_entry(row: str) -> _Entry:
    """A row such as "1) 07:00 - 08:00: reading" or "reading (10 min)"."""
    row = row.strip()
    span = first_span(normal(row))
    length = _length_in(normal(row))
    text = phrase(_without_length(row) if length is not None else row)
    if span is not None:
        text = phrase(without_clocks(text))
    text = next((cell for cell in cells(text) if not cell.isdigit()), "")
    return _Entry(
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


def _length(entry: _Entry, minutes: int) -> int | None:
    if entry.length is None and entry.start is not None and entry.end is not None:
        return min((entry.end - entry.start) % DAY, minutes) or None
    return None if not entry.length else min(entry.length, minutes)


def _rising(entries: list[_Entry], wake: int) -> list[Start]:
    """Starts of a day; "1:00" after "12:00" is 13:00 when neither am nor pm was said.

    Left out are the sleep before waking, and what comes after midnight.
    """
    starts: list[Start] = []
    for entry in entries:
        minute, before = entry.start or 0, starts[-1][0] if starts else 0
        if entry.half_open and minute < before <= minute % NOON + NOON:
            minute = minute % NOON + NOON
        if minute >= wake or not (before > minute or _sleeps(entry.text)):
            starts.append((minute, entry.text))
    return starts


def _start_within(entry: _Entry, first: int, end: int) -> Start | None:
    """The entry's start moved into the block: by half a day when am or pm is open, by a day past midnight."""
    minute = entry.start or 0
    shifts = (0, NOON, DAY, NOON + DAY) if entry.half_open else (0, DAY)
    inside = next((minute + shift for shift in shifts if first <= minute + shift < end), None)
    if inside is None and entry.end is not None and minute < first < entry.end:
        inside = first
    return None if inside is None else (inside, entry.text)


def _sleeps(text: str) -> bool:
    return bool(re.search(r"sleep|asleep|睡", text, re.IGNORECASE))


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


def _activity_or_blank(text: str, name: str) -> str:
    try:
        return activity(text, name)
    except Unreadable:
        return ""
