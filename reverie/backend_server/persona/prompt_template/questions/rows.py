"""Rows of a schedule with their starts: how an answer's list becomes rows that fill a stretch of time.

Knows minutes; not whose day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from persona.memory_structures.schedule import SLEEPING, Entry, Row, filled, is_sleep
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import parsers
from persona.prompt_template.questions import schemas

Minute = Annotated[int, WithJsonSchema(schemas.CLOCK)]
"""Minutes since midnight that a reader has found, HH:MM to the model."""


class _Hours(Protocol):
    """A question whose answer fills the time from `start` to `end`."""

    who: Scratch
    start: int
    end: int


class Start(BaseModel):
    """What begins when; it lasts until the next one begins."""

    start: Minute
    activity: str = Field(description="a short phrase without a time in it")


def _of_a_block(value: Any, info: ValidationInfo[_Hours]) -> list[dict[str, Any]]:
    question = info.context
    if question.end <= question.start:
        return []
    found = parsers.block_starts(value, question.start, question.end, question.who.name)
    return [{"start": start.minute, "activity": start.activity} for start in _asleep_at_last(found, question)]


def _asleep_at_last(found: Sequence[parsers.Start], question: Any) -> list[parsers.Start]:
    """Who was to be asleep by the end is so, whatever the answer calls it: its last row is sleep."""
    rows = sorted(found, key=lambda row: row.minute)
    last = question.planned[-1] if question.planned else None
    if last is None or not is_sleep(last.activity) or is_sleep(rows[-1].activity):
        return rows
    awake = rows[:-1] if rows[-1].minute >= last.start else rows
    return [*awake, parsers.Start(max(rows[-1].minute, last.start), SLEEPING)]


Block = Annotated[list[Start], BeforeValidator(_of_a_block)]
"""What fills the time from the question's `start` to its `end`."""


def rows_of(starts: Sequence[Start], first: int, end: int) -> list[Row]:
    """The rows that fill the minutes from `first` to `end`."""
    return filled([(start.start, start.activity) for start in starts], first, end) if end > first else []


def kept(planned: Sequence[Entry], first: int, end: int) -> list[Start]:
    """What was planned for these minutes."""
    inside = [entry for entry in planned if entry.start < end and entry.end > first]
    return [Start(start=max(entry.start, first), activity=entry.activity) for entry in inside]
