"""Statements as memories word them, `<somebody> is <doing something>`: their parts, and whom they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stand_in.english import bare

_PERSON = r"[^\W\da-z_][\w'’.-]*(?: (?:de|da|di|du|la|van|von|der|[^\W\da-z_][\w'’.-]*)){0,4}"
STATEMENT = re.compile(
    rf"^(?P<who>{_PERSON}|[a-z][\w'’ -]{{1,40}}?) (?P<verb>is|heard|told|will meet|plans to go to) (?P<rest>.+)$"
)


class Memory(NamedTuple):
    """A statement with its number in the prompt, from 1 on."""

    number: int
    who: str
    verb: str
    rest: str


def memories_in(statements: list[str]) -> Iterator[Memory]:
    """The statements of the known form."""
    for k, text in enumerate(statements, 1):
        if found := STATEMENT.match(bare(text)):
            yield Memory(k, found["who"], found["verb"], found["rest"])


def is_person(subject: str) -> bool:
    """People are written with a capital and have short names; things are not."""
    return not subject[:1].islower() and len(subject.split()) <= 4 and not subject.startswith(("The ", "It "))
