"""Schedules: activities with their starts, in a day, a part of a day, or a block of tasks.

It knows how rows with times are written; it must not know whose day it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Any, NamedTuple, TypeVar

from .clock import DAY, NOON, duration, first_span, normal, without_clocks
from .lists import listed, raw_rows
from .phrases import MARKER, activity, phrase, without_name
from .text import COMMENT_KEYS, ParseError, key_of, read_or, said_or_blank, shown, words_of
from .values import hour

STEP = 5
EVENING = 18 * 60

_START_WORDS = {"start", "starts", "from", "begin", "begins", "time", "hour", "when", "at"}
_END_WORDS = {"end", "ends", "until", "till", "to", "finish"}
_LENGTH_WORDS = {"min", "mins", "minute", "minutes", "duration", "length", "long"}
_REST_WORDS = {"left", "remaining"}
# "(duration in minutes: 10, minutes left: 170)", with or without brackets and colon.
_LENGTH_LABEL = re.compile(
    r"[(（\[|,]? ?(?:\b(?:total )?duration\b|\blast(?:s|ing)\b|持续时间|时长|用时)", re.IGNORECASE
)
_FIRST_NUMBER = re.compile(r"(\d{1,4})")
# A length at the end of a row without a unit: "reading: 30", "reading | 30", "reading (30)".
_LENGTH_LAST = re.compile(r"(?:[:=,|–—-] ?|[\[(（])(\d{1,4})[ |\])）.]{0,4}\Z")
# Where the text of a row ends and its length begins.
_LENGTH_TEXT = re.compile(
    r"[(（\[|][^()（）\[\]|]{0,60}\d[^()（）\[\]|]{0,60}(?:[)）\]|]|\Z)|"
    r"[,:–—-]? ?(?:for )?(?<![\d.])\d{1,4}(?:\.\d{1,2})?(?: ?[-–~] ?\d{1,4})? ?"
    r"(?:min\w*|m|hours?|hrs?|h|分钟|小时)\.?(?![a-z])[ :：]?",
    re.IGNORECASE,
)
# Several rows on one line: "7:00 breakfast, 8:00 shop".
_CLOCK_IN_FRONT = re.compile(r"\W{0,5}\d{1,2}(?::\d\d| ?[ap]\.?m)", re.IGNORECASE)
_BEFORE_CLOCK = re.compile(r"[,;，；] ?(?=\d{1,2}(?::\d\d| ?[ap]\.?m))", re.IGNORECASE)


Timed = TypeVar("Timed", "Start", "_Row")


class Start(NamedTuple):
    """An activity that begins at a minute of the day (over 1440 after midnight), and the object it is from, if any."""

    minute: int
    activity: str
    row: Mapping[str, Any] = {}


class _Row(NamedTuple):
    """One row as it was written, in minutes; `half_open`: the start may be before or after noon."""

    activity: str
    start: int | None = None
    end: int | None = None
    length: int | None = None
    half_open: bool = False
    row: Mapping[str, Any] = {}


def day_starts(value: Any, wake: int, bed: int, name: str = "") -> list[Start]:
    """The activities of a day from waking until going to sleep, both in minutes since midnight, in the order given.

    Rows that only have lengths follow one another. Sleep is left out, and anything after going to sleep or after
    midnight. Raises ParseError if no row has an activity with a time of day or a length.
    """
    found = _rows(value, name)
    starts = _awake(_rising(found) or _in_turn(_awake(_measured(found)), wake, DAY))
    if not starts:
        raise ParseError(f"each row must begin with a time like 07:00, was {shown(value)}")
    ends = (at for at, start in enumerate(starts) if at and _ends_day(start, starts[at - 1], wake, bed))
    return starts[: next(ends, len(starts))]


def sleep_start(value: Any, name: str = "") -> int | None:
    """The minute of the last row of a day if it is sleep; otherwise None."""
    starts = _rising(read_or((), _rows, value, name))
    return starts[-1].minute % DAY if len(starts) > 1 and _sleeps(starts[-1].activity) else None


def block_starts(value: Any, first: int, end: int, name: str = "") -> list[Start]:
    """The activities of a part of a day, from minute `first` to `end`, in the order given.

    Rows that only have lengths follow one another. Raises ParseError if no row falls into the block.
    """
    found = _rows(value, name)
    starts = [start for row in found if (start := _start_within(row, first, end))]
    starts = starts or _in_turn(_measured(found), first, end)
    if not starts:
        raise ParseError(f"rows with times from the given block are needed, was {shown(value)}")
    return starts


def task_starts(value: Any, first: int, end: int, name: str = "", ignored: Sequence[str] = ()) -> list[Start]:
    """The tasks of a block, in the order given; rows without a start or a length share the remaining time.

    `ignored` are fields of a row that are not parsed here. Raises ParseError if there is no task.
    """
    found = _rows(value, name, ignored)
    timed = [start for row in found if (start := _start_within(row, first, end))]
    starts = timed if len(timed) == len(found) else _in_turn(found, first, end)
    if not starts:
        raise ParseError(f"a list of tasks with their starts is needed, was {shown(value)}")
    return starts


# From rows to starts


def _rising(found: Sequence[_Row]) -> list[Start]:
    """The rows that have starts; "1:00" after "12:00" is 13:00 if neither am nor pm is given."""
    starts: list[Start] = []
    for row in found:
        if row.start is None:
            continue
        minute, before = row.start, starts[-1].minute if starts else 0
        if row.half_open and minute < before <= minute % NOON + NOON:
            minute = minute % NOON + NOON
        starts.append(Start(minute, row.activity, row.row))
    return starts


def _start_within(row: _Row, first: int, end: int) -> Start | None:
    """The row's start moved into the block: by half a day if am or pm is open, by a day past midnight."""
    if row.start is None:
        return None
    shifts = (0, NOON, DAY, NOON + DAY) if row.half_open else (0, DAY)
    inside = next((row.start + shift for shift in shifts if first <= row.start + shift < end), None)
    if inside is None and row.end is not None and row.start < first < row.end:
        inside = first
    return None if inside is None else Start(inside, row.activity, row.row)


def _measured(found: Sequence[_Row]) -> Sequence[_Row]:
    """The rows, if none has a start and every one has a length; else none."""
    return found if all(row.start is None and row.length for row in found) else ()


def _awake(rows: Sequence[Timed]) -> list[Timed]:
    """The rows without sleep at the beginning."""
    return list(dropwhile(lambda row: _sleeps(row.activity), rows))


def _in_turn(found: Sequence[_Row], first: int, end: int) -> list[Start]:
    """Rows one after another, each a multiple of five minutes long; those without a length share the remaining time."""
    lengths = [_length(row, end - first) for row in found]
    left = end - first - sum(filter(None, lengths))
    share = left // lengths.count(None) if None in lengths else 0
    starts, at = [], first
    for row, length in zip(found, lengths, strict=True):
        if at > first and at + STEP > end:
            break
        starts.append(Start(at, row.activity, row.row))
        at += max(STEP, ((share if length is None else length) + STEP // 2) // STEP * STEP)
    return starts


def _length(row: _Row, most: int) -> int | None:
    length = (row.end - row.start) % DAY if not row.length and row.start is not None and row.end is not None else None
    return min(row.length or length or 0, most) or None


def _ends_day(start: Start, before: Start, wake: int, bed: int) -> bool:
    """Whether the day is over: at bedtime, or past midnight."""
    asleep = start.minute >= EVENING and (_sleeps(start.activity) or bed > wake and start.minute >= bed)
    return asleep or start.minute < wake < EVENING <= before.minute


def _sleeps(text: str) -> bool:
    return bool(re.search(r"sleep|asleep|\bto bed\b|睡", text, re.IGNORECASE))


# From values to rows


def _rows(value: Any, name: str, ignored: Sequence[str] = ()) -> list[_Row]:
    """The rows that have an activity, in the order given: one clause each, no time of day, no `name` in front."""
    found = listed(value)
    if isinstance(found, dict):
        is_row = any(words_of(key) & (_START_WORDS | _LENGTH_WORDS) for key in found)
        found = [found] if is_row else [[key, item] for key, item in found.items()]
    if isinstance(found, str):
        lines = (_BEFORE_CLOCK.split(row) if _CLOCK_IN_FRONT.match(row) else [row] for row in raw_rows(found))
        rows = [_of_text(part) for parts in lines for part in parts]
    else:
        left_out = {*COMMENT_KEYS, *map(key_of, ignored)}
        rows = [
            _of_object(item, left_out) if isinstance(item, dict) else _of_text(said_or_blank(item)) for item in found
        ]
    named = [(row, without_name(row.activity, name).strip(" .。:：,，")) for row in rows]
    return [row._replace(activity=text) for row, told in named if (text := read_or("", activity, told, name))]


def _of_object(row: dict[str, Any], left_out: set[str]) -> _Row:
    """A row such as {"start": "07:00", "activity": "..."} or {"task": "...", "minutes": 10}."""
    rest = {key: value for key, value in row.items() if key_of(key) not in left_out and not words_of(key) & _REST_WORDS}
    end, length, start = (_taken(rest, words) for words in (_END_WORDS, _LENGTH_WORDS, _START_WORDS))
    text = next((text for value in rest.values() if re.search(r"[^\W\d_]", text := phrase(said_or_blank(value)))), "")
    first, until = first_span(normal(said_or_blank(start)))
    minute = first.minute if first else read_or(None, hour, start)
    return _Row(
        text,
        minute,
        read_or(None, hour, end) if until is None else until,
        _length_of(length if length is not None or minute is not None else start),
        bool(first and first.half_open),
        row,
    )


def _taken(row: dict[str, Any], words: set[str]) -> Any:
    """The value of the first key that has one of the words, taken out of the row; None if there is none."""
    key = next((key for key in row if words_of(key) & words), None)
    return None if key is None else row.pop(key)


def _of_text(row: str) -> _Row:
    """A row such as "1) 07:00 - 08:00: reading" or "reading (10 min)"."""
    row = row.strip().replace("\n", " | ")
    first, until = first_span(normal(row))
    length = _length_in(normal(row))
    text = phrase(_without_length(row) if length is not None else row)
    text = phrase(without_clocks(text)) if first else text
    cells = (cell.strip() for cell in text.split("|"))
    text = next((cell for cell in cells if cell and not cell.isdigit()), "")
    return _Row(text, first.minute if first else None, until, length, bool(first and first.half_open))


def _without_length(row: str) -> str:
    """The row's text: the part before the label of its length, else all except the length itself."""
    label = _LENGTH_LABEL.search(row)
    if label and re.search(r"[^\W\d]", row[: label.start()]):
        return row[: label.start()]
    return _LENGTH_LAST.sub("", _LENGTH_TEXT.sub("", row))


def _length_in(row: str) -> int | None:
    """The length of a row in minutes: a labeled duration, else a number with a unit, else the last number."""
    label = _LENGTH_LABEL.search(row)
    tail = row[label.end() :] if label else row
    number = _FIRST_NUMBER.search(tail) if label else _LENGTH_LAST.search(MARKER.sub("", row, count=1))
    found = duration(tail)
    return found if found is not None or not number else int(number[1])


def _length_of(value: Any) -> int | None:
    text = normal(said_or_blank(value))
    first = _FIRST_NUMBER.search(text)
    return duration(text) or (int(first[1]) if first else None) or None
