"""A day as rows of (activity, minutes): pure arithmetic on schedules, without any persona.

A schedule starts at midnight and its rows sum to 1440 minutes; no row is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

MINUTES_A_DAY = 1440
SLEEPING = "sleeping"
"""The name of night rows, in a town of any language."""

Row = tuple[str, int]
Schedule = tuple[Row, ...]

# The beginning of an activity; "writing a paper on sleep" is not sleeping.
_SLEEPING = re.compile(
    r"\s*(?:\w+ )?(?:(?:go(?:es|ing)? (?:back )?to|falling|fast|still|sound) )?a?sleep(?:s|ing)?\b", re.IGNORECASE
)


class Entry(NamedTuple):
    """A row of a schedule with its place in the day: minutes since midnight, `end` exclusive."""

    activity: str
    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


def minute_of_day(time: datetime) -> int:
    """Whole minutes since midnight."""
    return time.hour * 60 + time.minute


def clock(minute: int) -> str:
    """`07:05` for minute 425; minute 1440 is `24:00`, the end of the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def is_sleep(activity: str | None) -> bool:
    """Whether an activity is sleeping, which is not split into tasks or interrupted by conversations."""
    return bool(_SLEEPING.match(activity or ""))


def entries(rows: Iterable[Row]) -> Iterator[Entry]:
    """The rows with their times, in order."""
    start = 0
    for activity, minutes in rows:
        yield Entry(activity, start, start + minutes)
        start += minutes


def entry_at(rows: Sequence[Row], minute: int) -> Entry:
    """The entry at `minute`; the last one if the schedule ends before it.

    Raises:
        ValueError: the schedule has no rows.
    """
    entry = None
    for entry in entries(rows):
        if minute < entry.end:
            return entry
    if entry is None:
        raise ValueError("an empty schedule has no entry at any time")
    return entry


def whole_day(rows: Iterable[Row]) -> Schedule:
    """The rows as a day of 1440 minutes: empty ones left out, the last one extended, the excess cut off."""
    kept = [(activity, minutes) for activity, minutes in rows if minutes > 0]
    if kept:
        activity, minutes = kept[-1]
        kept[-1] = activity, minutes + max(MINUTES_A_DAY - sum(length for _, length in kept), 0)
    return tuple(_between(kept, 0, MINUTES_A_DAY))


def replace(rows: Sequence[Row], start: int, end: int, block: Iterable[Row]) -> Schedule:
    """The schedule with the minutes from `start` to `end` replaced by `block`.

    Entries that reach into the block are cut at its edges. `block` must last exactly `end - start` minutes.

    Raises:
        ValueError: the block does not fill the time it is given.
    """
    block = tuple(block)
    if sum(minutes for _, minutes in block) != end - start:
        raise ValueError(f"a block of {end - start} minutes cannot be filled by {block!r}")
    before = _between(rows, 0, start)
    after = _between(rows, end, MINUTES_A_DAY)
    return (*before, *block, *after)


def between(rows: Sequence[Row], start: int, end: int) -> tuple[Entry, ...]:
    """The entries from `start` to `end`, cut at both edges."""
    cut = (Entry(entry.activity, max(entry.start, start), min(entry.end, end)) for entry in entries(rows))
    return tuple(entry for entry in cut if entry.minutes > 0)


def as_text(timed: Iterable[Entry]) -> str:
    """One `HH:MM - HH:MM activity` per line."""
    return "\n".join(f"{clock(entry.start)} - {clock(entry.end)} {entry.activity}" for entry in timed)


def filled(starts: Iterable[tuple[int, str]], first: int, end: int) -> list[Row]:
    """Rows that fill the minutes from `first` to `end`, from pairs (minute, activity); each lasts until the next.

    The earliest always begins at `first`; of several with the same start the last is used.
    """
    inside = {max(minute, first): what for minute, what in sorted(starts, key=lambda start: start[0]) if minute < end}
    minutes = [first, *list(inside)[1:], end]
    return merged((what, to - at) for what, at, to in zip(inside.values(), minutes, minutes[1:], strict=False))


def merged(rows: Iterable[Row]) -> list[Row]:
    """The rows with equal neighbors merged."""
    result: list[Row] = []
    for what, minutes in rows:
        if result and result[-1][0].casefold() == what.casefold():
            result[-1] = (result[-1][0], result[-1][1] + minutes)
        else:
            result.append((what, minutes))
    return result


def _between(rows: Sequence[Row], start: int, end: int) -> list[Row]:
    return [(entry.activity, entry.minutes) for entry in between(rows, start, end)]
