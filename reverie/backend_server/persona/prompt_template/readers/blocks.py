"""The one way in which a block of time is filled with rows.

It knows starts, lengths and rounding; it must not know how a row was written or what it means.
"""

from __future__ import annotations

from collections.abc import Sequence

Row = tuple[str, int]
"""(activity, minutes)."""

Start = tuple[int, str]
"""(the minute at which an activity starts, the activity)."""


def fill(starts: Sequence[Start], first: int, end: int) -> list[Row]:
    """Rows that fill [first, end) exactly: each lasts until the next one starts.

    The earliest reaches back to `first`, the last goes on to `end`; of several that start together the last
    stays; what starts at or after `end` is left out; neighbours that are equal are one. Empty only when nothing
    starts before `end`.
    """
    inside: dict[int, str] = {}
    for minute, activity in sorted(starts, key=lambda start: start[0]):
        if minute < end:
            inside[max(minute, first)] = activity
    minutes = [first, *list(inside)[1:], end]
    rows = [
        (activity, until - since) for activity, since, until in zip(inside.values(), minutes, minutes[1:], strict=False)
    ]
    return merged(rows)


def merged(rows: Sequence[Row]) -> list[Row]:
    """The rows with equal neighbours made one."""
    result: list[Row] = []
    for activity, minutes in rows:
        if result and result[-1][0].casefold() == activity.casefold():
            result[-1] = (result[-1][0], result[-1][1] + minutes)
        else:
            result.append((activity, minutes))
    return result


def in_turn(lengths: Sequence[int | None], minutes: int, step: int) -> list[int]:
    """Where rows begin that follow one another within `minutes`, each a multiple of `step` long but the last.

    A row without a length gets an equal part of what the others leave. Rows that find no room are left out.
    """
    known = [length for length in lengths if length is not None]
    unknown = len(lengths) - len(known)
    share = (minutes - sum(known)) // unknown if unknown else 0
    starts, at = [], 0
    for length in lengths:
        if at and at + step > minutes:
            break
        starts.append(at)
        at += max(step, ((share if length is None else length) + step // 2) // step * step)
    return starts
