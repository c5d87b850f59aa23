"""Appointments in texts, and whether they were kept: "at the Kettle & Crumb Cafe on March 5, 2024 from 6pm to 9pm".

Knows dates in English and as numbers, times of day like the parsers of answers, and the names of a town's places;
not who tells whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from persona.prompt_template.parsers import clock
from saves.table_rows import Memory
from saves.tables import Tables
from saves.timeline import Stay

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d|:)", r"(?:,? (?P<year>\d{4}))?"
_DATES = [
    re.compile(rf"\b{_MONTH} {_DAY}{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_DAY} (?:of )?{_MONTH}{_YEAR}", re.IGNORECASE),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
]
_RELATIVE = re.compile(rf"\b(today|tonight|tomorrow|{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_RECAP = "talk with"  # the predicate of memories of a talk, which may mention others' appointments
EARLY = 15 * _MINUTE
"""A person who is at the place at any time from this long before the start has kept an appointment."""


class Appointment(NamedTuple):
    """The place and time of an occasion; `what` is the text before them.

    `is_exact`: the text names a day and a time of day.
    """

    place: str
    start: datetime
    end: datetime
    what: str
    is_exact: bool


class Made(NamedTuple):
    """An appointment that a persona made in a talk, and whether it was kept; None if it is still in the future."""

    persona: str
    made: datetime
    place: str
    start: datetime
    end: datetime
    kept: bool | None
    text: str


def appointment(text: str, said: datetime, places: Iterable[str]) -> Appointment | None:
    """The appointment in a text: one of the places, and a day or a time of day after it was `said`.

    Without a day it is on the same day, without an end it takes an hour, without a time of day the whole day.
    """
    text = clock.normal(text)
    folded = text.casefold()
    place = max((name for name in places if name.casefold() in folded), key=len, default="")
    day, at = _day(text, said.date())
    first, ends = clock.first_span(text)
    if not place or (day is None and first is None):
        return None
    start = datetime.combine(day or said.date(), datetime.min.time())
    end = start + timedelta(days=1)
    if first is not None:
        start, end = start + first.minute * _MINUTE, start + (ends or 0) * _MINUTE
        end = start + _HOUR if ends is None else end if end > start else end + timedelta(days=1)
    found = [folded.index(place.casefold()), at, first.start if first else at]
    is_exact = day is not None and first is not None
    return Appointment(place, start, end, text[: min(found)], is_exact) if end > said else None


def came(tables: Tables, stays: Sequence[Stay], where: Appointment) -> dict[str, float]:
    """{persona: minutes} of people who were at the place between start and end."""
    minutes: dict[str, float] = {}
    for stay in stays:
        if stay.place == where.place:
            together = min(tables.time(stay.last + 1), where.end) - max(tables.time(stay.first), where.start)
            if together > timedelta():
                minutes[stay.persona] = minutes.get(stay.persona, 0) + together / _MINUTE
    return minutes


def made_in_talks(tables: Tables) -> list[Made]:
    """The appointments in plans after talks, each once per persona, in order of making."""
    chats = {(memory.persona, memory.node) for memory in tables.memories if memory.kind == "chat"}
    found: dict[tuple[str, str, datetime], Made] = {}
    for memory in tables.memories:
        is_of_a_talk = any((memory.persona, node) in chats for node in memory.evidence)
        if is_of_a_talk and memory.kind == "thought" and memory.predicate != _RECAP:
            where = appointment(memory.text, memory.created, tables.sectors)
            if where and where.start > memory.created:
                found.setdefault((memory.persona, where.place, where.start), _made(tables, memory, where))
    return sorted(found.values(), key=lambda made: (made.made, made.persona, made.start))


def _made(tables: Tables, memory: Memory, where: Appointment) -> Made:
    there = came(tables, tables.timeline.stays, where._replace(start=where.start - EARLY))
    kept = memory.persona in there if there.get(memory.persona) or where.end <= tables.end else None
    return Made(memory.persona, memory.created, *where[:3], kept, memory.text)


def _day(text: str, today: date) -> tuple[date | None, int]:
    """The first date in a text, and its position; (None, length of the text) if there is none."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            month = found["month"].lower()
            number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
            try:
                return date(int(found["year"] or today.year), number, int(found["day"])), found.start()
            except ValueError:  # February 30
                continue
    if relative := _RELATIVE.search(text):
        word = relative[1].lower()
        days = (_WEEKDAYS.index(word) - today.weekday()) % 7 if word in _WEEKDAYS else int(word == "tomorrow")
        return today + timedelta(days=days), relative.start()
    return None, len(text)
