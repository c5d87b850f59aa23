"""Shared by the tests of the parsers: the reason of a refused answer, and the rows filled from parsed starts.

Knows how a schedule is filled from its starts; must not know how starts are read.
"""

from __future__ import annotations

from typing import Any

import pytest

from persona.memory_structures.schedule import MINUTES_A_DAY, Row, filled
from persona.prompt_template import parsers
from persona.prompt_template.parsers import ParseError


def unreadable(reader, *args) -> str:
    """The reason for which the parser refuses the answer; fails if it does not."""
    with pytest.raises(ParseError) as caught:
        reader(*args)
    return str(caught.value)


def tasks(value: Any, minutes: int, name: str = "") -> list[Row]:
    """The tasks of a block of this length."""
    return _filled(parsers.task_starts(value, 0, minutes, name), 0, minutes)


def schedule_block(value: Any, start: int, end: int, name: str = "") -> list[Row]:
    """A part of a day; an end that is not after the start is on the next day."""
    end += 0 if end > start else MINUTES_A_DAY
    return _filled(parsers.block_starts(value, start, end, name), start, end)


def hourly(value: Any, wake: int, name: str = "") -> list[Row]:
    """A whole day, asleep until waking, and from its last row on if that is sleep and anything begins before it."""
    bed = parsers.sleep_start(value, name) or MINUTES_A_DAY
    starts = parsers.day_starts(value, wake, bed if bed > wake else MINUTES_A_DAY, name)
    end = bed if max(wake, starts[0].minute) < bed else MINUTES_A_DAY
    rows = _filled(starts, wake, end)
    return [row for row in (("sleeping", wake), *rows, ("sleeping", MINUTES_A_DAY - end)) if row[1]]


def _filled(starts: list[parsers.Start], first: int, end: int) -> list[Row]:
    return filled([(start.minute, start.activity) for start in starts], first, end)
