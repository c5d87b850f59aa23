"""Reads schedules: tasks that fill a block, the hours of a day, a rewritten part of a day.

It knows how rows with times are written, and leaves the filling to `blocks`; it must not know whose day it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .answer import Unreadable, shown
from .blocks import Row, Start, fill, fill_in_turn, merged
from .clock import DAY, NOON
from .entries import Entry, entries
from .phrases import activity

SLEEPING = "sleeping"
STEP = 5


def tasks(value: Any, minutes: int, name: str = "", step: int = STEP) -> list[Row]:
    """The tasks of a block of `minutes`: (task, minutes) rows that fill it exactly.

    Every row but the last is a multiple of `step`. Rows without a length share what is left. `name` is dropped
    from the front of a task. Raises Unreadable when there is no task, ValueError when the block is empty.
    """
    if minutes < 1 or step < 1:
        raise ValueError(f"a block of {minutes} minutes in steps of {step} cannot be filled")
    rows = _in_turn(_activities(value, name), minutes, step)
    if not rows:
        raise Unreadable(f"a list of tasks with their minutes is needed, was {shown(value)}")
    return rows


def hourly(value: Any, wake_minutes: int, name: str = "") -> list[Row]:
    """A whole day: (activity, minutes) rows that sum to 1440, "sleeping" until `wake_minutes` past midnight.

    Rows that only have lengths follow one another from waking on. `name` is dropped from the front of an
    activity. Raises Unreadable when no row has an activity with a time of day or a length.
    """
    wake = min(max(wake_minutes, 0), DAY - 1)
    found = _activities(value, name)
    rows = fill(_rising(found, wake), wake, DAY) or _in_turn(_after_waking(_measured(found)), DAY - wake, STEP)
    if not rows:
        raise Unreadable(f"each row must begin with a time like 07:00, was {shown(value)}")
    return merged([(SLEEPING, wake), *rows]) if wake else rows


def schedule_block(value: Any, start_minute: int, end_minute: int, name: str = "") -> list[Row]:
    """A rewritten part of a day: (activity, minutes) rows that fill [start_minute, end_minute) exactly.

    An end that is not after the start lies on the next day. Rows that only have lengths follow one another.
    Raises Unreadable when no row falls into the block.
    """
    end = end_minute if end_minute > start_minute else end_minute + DAY
    found = _activities(value, name)
    starts = [start for entry in found if (start := _start_within(entry, start_minute, end))]
    rows = fill(starts, start_minute, end) or _in_turn(_measured(found), end - start_minute, STEP)
    if not rows:
        raise Unreadable(f"rows with times from the given block are needed, was {shown(value)}")
    return rows


def _activities(value: Any, name: str) -> list[Entry]:
    """The rows with their texts as activities: one clause, no time of day."""
    found = entries(value, name)
    return [replace(entry, text=text) for entry in found if (text := _activity_or_blank(entry.text, name))]


def _measured(found: Sequence[Entry]) -> list[Entry]:
    """The rows, if none has a start and every one has a length; else none."""
    measured = all(entry.start is None and entry.length for entry in found)
    return list(found) if measured else []


def _after_waking(found: Sequence[Entry]) -> list[Entry]:
    first = next((at for at, entry in enumerate(found) if not _sleeps(entry.text)), 0)
    return list(found[first:])


def _in_turn(found: Sequence[Entry], minutes: int, step: int) -> list[Row]:
    return fill_in_turn([(entry.text, _length(entry, minutes)) for entry in found], minutes, step)


def _length(entry: Entry, minutes: int) -> int | None:
    if entry.length is None and entry.start is not None and entry.end is not None:
        return min((entry.end - entry.start) % DAY, minutes) or None
    return None if not entry.length else min(entry.length, minutes)


def _rising(found: Sequence[Entry], wake: int) -> list[Start]:
    """Starts of a day; "1:00" after "12:00" is 13:00 when neither am nor pm was said.

    Left out are the sleep before waking, and what comes after midnight.
    """
    starts: list[Start] = []
    for entry in found:
        if entry.start is None:
            continue
        minute, before = entry.start, starts[-1][0] if starts else 0
        if entry.half_open and minute < before <= minute % NOON + NOON:
            minute = minute % NOON + NOON
        if minute >= wake or not (before > minute or _sleeps(entry.text)):
            starts.append((minute, entry.text))
    return starts


def _start_within(entry: Entry, first: int, end: int) -> Start | None:
    """The entry's start moved into the block: by half a day when am or pm is open, by a day past midnight."""
    if entry.start is None:
        return None
    minute = entry.start
    shifts = (0, NOON, DAY, NOON + DAY) if entry.half_open else (0, DAY)
    inside = next((minute + shift for shift in shifts if first <= minute + shift < end), None)
    if inside is None and entry.end is not None and minute < first < entry.end:
        inside = first
    return None if inside is None else (inside, entry.text)


def _sleeps(text: str) -> bool:
    return bool(re.search(r"sleep|asleep|睡", text, re.IGNORECASE))


def _activity_or_blank(text: str, name: str) -> str:
    try:
        return activity(text, name)
    except Unreadable:
        return ""
