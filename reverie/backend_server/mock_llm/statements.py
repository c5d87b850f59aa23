"""Statements as memories word them, `<somebody> is <doing something>`: their parts, and whom they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from mock_llm.english import bare
from mock_llm.prompt import Remembered

_PERSON = r"[^\W\da-z_][\w'’.-]*(?: (?:de|da|di|du|la|van|von|der|[^\W\da-z_][\w'’.-]*)){0,4}"
STATEMENT = re.compile(
    rf"^(?P<who>{_PERSON}|[a-z][\w'’ -]{{1,40}}?) (?P<verb>is|heard|told|will meet|plans to go to) (?P<rest>.+)$"
)


_PLAN = re.compile(r"^The plan of .+? for (?P<day>[^:]+): (?P<rows>.+)$")


class Memory(NamedTuple):
    """A statement with its number in the prompt, and when it was made where that is told: day, minute of the day."""

    number: int
    who: str
    verb: str
    rest: str
    day: date | None = None
    minute: int | None = None


def memories_in(remembered: Iterable[Remembered]) -> Iterator[Memory]:
    """The statements of the known form."""
    for memory in remembered:
        if found := STATEMENT.match(bare(memory.text)):
            yield Memory(memory.number, found["who"], found["verb"], found["rest"], memory.day, memory.minute)


def planned(statement: str) -> tuple[str, list[str]] | None:
    """(date, `activity at hour` rows) of a statement that tells of a plan; None of any other."""
    found = _PLAN.match(statement)
    return (found["day"], [bare(row) for row in found["rows"].split(";")]) if found else None


def is_person(subject: str) -> bool:
    """People are written with a capital and have short names; things are not."""
    return not subject[:1].islower() and len(subject.split()) <= 4 and not subject.startswith(("The ", "It "))
