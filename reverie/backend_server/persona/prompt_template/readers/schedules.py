"""Reads schedules: what begins when, in a day, a part of a day, or a block of tasks.

It knows how rows with times are written, and leaves the filling to `blocks`; it must not know whose day it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .answer import Unreadable, shown
from .blocks import in_turn
from .clock import DAY, NOON
from .entries import Entry, entries
from .phrases import activity

STEP = 5
EVENING = 18 * 60


class Start(NamedTuple):
    """What begins at a minute of the day (beyond 1440 after midnight), and the object it was written as, if one."""

    minute: int
    activity: str
    row: Mapping[str, Any] = {}


def day_starts(value: Any, wake: int, bed: int, name: str = "") -> list[Start]:
    """What a day consists of from waking until going to sleep, both in minutes since midnight, in the order given.

    Rows that only have lengths follow one another. Left out are sleep, and what comes after going to sleep or after
    midnight. Raises Unreadable when no row has an activity with a time of day or a length.
    """
    found = _activities(value, name)
    starts = _rising(found) or _in_turn(_after_waking(_measured(found)), wake, DAY)
    starts = starts[next((at for at, start in enumerate(starts) if not _sleeps(start.activity)), len(starts)) :]
    if not starts:
        raise Unreadable(f"each row must begin with a time like 07:00, was {shown(value)}")
    ends = (at for at, start in enumerate(starts) if at and _ends_day(start, starts[at - 1], wake, bed))
    return starts[: next(ends, len(starts))]


def sleep_start(value: Any, name: str = "") -> int | None:
    """The minute of the last row of a day if it is sleep; None when it is not."""
    try:
        starts = _rising(_activities(value, name))
    except Unreadable:
        return None
    return starts[-1].minute % DAY if len(starts) > 1 and _sleeps(starts[-1].activity) else None


def block_starts(value: Any, first: int, end: int, name: str = "") -> list[Start]:
    """What a part of a day, from minute `first` to `end`, consists of, in the order given.

    Rows that only have lengths follow one another. Raises Unreadable when no row falls into the block.
    """
    found = _activities(value, name)
    starts = [start for entry in found if (start := _start_within(entry, first, end))]
    starts = starts or _in_turn(_measured(found), first, end)
    if not starts:
        raise Unreadable(f"rows with times from the given block are needed, was {shown(value)}")
    return starts


def task_starts(value: Any, first: int, end: int, name: str = "", ignored: Sequence[str] = ()) -> list[Start]:
    """The tasks of a block, in the order given; rows without a start or a length share what is left.

    `ignored` are fields of a row that are not read here. Raises Unreadable when there is no task.
    """
    found = _activities(value, name, ignored)
    timed = [start for entry in found if (start := _start_within(entry, first, end))]
    starts = timed if len(timed) == len(found) else _in_turn(found, first, end)
    if not starts:
        raise Unreadable(f"a list of tasks with their starts is needed, was {shown(value)}")
    return starts


def _activities(value: Any, name: str, ignored: Sequence[str] = ()) -> list[Entry]:
    """The rows with their texts as activities: one clause, no time of day."""
    found = entries(value, name, ignored)
    return [replace(entry, text=text) for entry in found if (text := _activity_or_blank(entry.text, name))]


def _measured(found: Sequence[Entry]) -> list[Entry]:
    """The rows, if none has a start and every one has a length; else none."""
    measured = all(entry.start is None and entry.length for entry in found)
    return list(found) if measured else []


def _after_waking(found: Sequence[Entry]) -> list[Entry]:
    first = next((at for at, entry in enumerate(found) if not _sleeps(entry.text)), 0)
    return list(found[first:])


def _in_turn(found: Sequence[Entry], first: int, end: int) -> list[Start]:
    minutes = in_turn([_length(entry, end - first) for entry in found], end - first, STEP)
    return [Start(first + at, entry.text, entry.row) for at, entry in zip(minutes, found, strict=False)]


def _length(entry: Entry, minutes: int) -> int | None:
    if entry.length is None and entry.start is not None and entry.end is not None:
        return min((entry.end - entry.start) % DAY, minutes) or None
    return None if not entry.length else min(entry.length, minutes)


def _rising(found: Sequence[Entry]) -> list[Start]:
    """The rows that have starts; "1:00" after "12:00" is 13:00 when neither am nor pm was said."""
    starts: list[Start] = []
    for entry in found:
        if entry.start is None:
            continue
        minute, before = entry.start, starts[-1].minute if starts else 0
        if entry.half_open and minute < before <= minute % NOON + NOON:
            minute = minute % NOON + NOON
        starts.append(Start(minute, entry.text, entry.row))
    return starts


def _ends_day(start: Start, before: Start, wake: int, bed: int) -> bool:
    """Whether the day is over: it is bedtime, or past midnight."""
    asleep = start.minute >= EVENING and (_sleeps(start.activity) or bed > wake and start.minute >= bed)
    return asleep or start.minute < wake < EVENING <= before.minute


def _start_within(entry: Entry, first: int, end: int) -> Start | None:
    """The entry's start moved into the block: by half a day when am or pm is open, by a day past midnight."""
    if entry.start is None:
        return None
    minute = entry.start
    shifts = (0, NOON, DAY, NOON + DAY) if entry.half_open else (0, DAY)
    inside = next((minute + shift for shift in shifts if first <= minute + shift < end), None)
    if inside is None and entry.end is not None and minute < first < entry.end:
        inside = first
    return None if inside is None else Start(inside, entry.text, entry.row)


def _sleeps(text: str) -> bool:
    return bool(re.search(r"sleep|asleep|\bto bed\b|睡", text, re.IGNORECASE))


def _activity_or_blank(text: str, name: str) -> str:
    try:
        return activity(text, name)
    except Unreadable:
        return ""
