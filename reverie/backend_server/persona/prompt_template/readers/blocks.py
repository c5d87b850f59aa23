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


def fill_in_turn(lengths: Sequence[tuple[str, int | None]], minutes: int, step: int) -> list[Row]:
    """Rows one after another that fill `minutes` exactly, each but the last a multiple of `step`.

    A row without a length gets an equal part of what the others leave. What is too long is cut, what is too
    short is made up by the last row.
    """
    starts, at = [], 0
    for activity, length in zip((activity for activity, _ in lengths), _stepped(lengths, minutes, step), strict=True):
        if at == 0 or at + step <= minutes:
            starts.append((at, activity))
        at += length
    return fill(starts, 0, minutes)


def _stepped(lengths: Sequence[tuple[str, int | None]], minutes: int, step: int) -> list[int]:
    known = [length for _, length in lengths if length is not None]
    unknown = len(lengths) - len(known)
    share = (minutes - sum(known)) // unknown if unknown else 0
    return [_rounded(share if length is None else length, step) for _, length in lengths]


def _rounded(length: int, step: int) -> int:
    return max(step, (length + step // 2) // step * step)
