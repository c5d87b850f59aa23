"""A prompt as the mock model reads it: its task line, the identity sheet, titled lists and memories; choices by hash.

Knows the layout of the prompt templates (what stands on which kind of line); knows nothing of the answers.
"""

from __future__ import annotations

import calendar
import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

Option = TypeVar("Option")

_NOTHING = ("nothing in particular", "(nothing yet)")
_LIST_MARK = re.compile(r"\s*(?:-|\d{1,4}[.)])\s+")
_MEMORY_LINE = re.compile(r"\s*(?:(?:-|(\d{1,4})[.)])\s+)?(?:(\d\d):(\d\d) (?=\S))?(.*)")
_SHEET_LINE = re.compile(r"^([A-Z][A-Za-z ]{1,20}): (.*)$")
_MONTHS = tuple(calendar.month_name)
_MONTH = rf"(?:{'|'.join(_MONTHS[1:])})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = rf"(?:[A-Z][a-z]+day,? )?(?:{_MONTH} {_DAY}|{_DAY} (?:of )?{_MONTH})(?:,? \d{{4}})?(?!\d)"
_DATE = re.compile(DATE)
_KNOWN_DATES = 1024
_HALF_A_YEAR = timedelta(days=183)
_CLOCK = re.compile(
    r"\b(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b\.?|(?P<h24>\d{1,2}):(?P<m24>\d\d)\b"
    r"|(?P<word>noon|midday|midnight)\b)",
    re.IGNORECASE,
)
_NOW = re.compile(rf"\bIt is (?P<date>{DATE}), (?P<hour>\d\d):(?P<minute>\d\d)\.")
_DAY_LINE = re.compile(rf"(?P<date>{DATE}):$")


class Remembered(NamedTuple):
    """A memory as a prompt lists it: its number from 1 on, its statement, and when it was made, as far as told."""

    number: int
    text: str
    day: date | None = None
    minute: int | None = None


@dataclass(frozen=True)
class Prompt:
    """One prompt. `said` holds what the task line names: name, other, count, ..."""

    text: str
    said: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @property
    def name(self) -> str:
        """The persona that is asked for."""
        return self.said.get("name") or self.sheet("Name")

    @property
    def other(self) -> str:
        """The other persona of the task."""
        return self.said.get("other", "")

    @property
    def count(self) -> int:
        """How many parts the task asks for; 1 when it does not say so in digits."""
        count = self.said.get("count", "")
        return int(count) if count.isdecimal() else 1

    def sheet(self, key: str) -> str:
        """The value of a line of the identity sheet, or an empty text."""
        return self._sheet.get(key, "")

    @cached_property
    def now(self) -> datetime | None:
        """The game time, where the prompt tells it."""
        found = _NOW.search(self.text)
        day = read_date(found["date"]) if found else None
        hour, minute = (int(found["hour"]), int(found["minute"])) if found else (0, 0)
        return datetime(day.year, day.month, day.day, hour, minute) if day and hour < 24 and minute < 60 else None

    @cached_property
    def today(self) -> date | None:
        """The game date of the sheet, else of the time told."""
        return read_date(self.sheet("Today")) or (self.now.date() if self.now else None)

    @property
    def minute(self) -> int | None:
        """The time of day it is, in minutes since midnight, where the prompt tells it."""
        return self.now.hour * 60 + self.now.minute if self.now else None

    def block(self, heading: str) -> list[str]:
        """The lines below the heading, as far as the next blank line; empty lists read as no lines."""
        if heading not in self.lines:
            return []
        start = self.lines.index(heading) + 1
        end = next((k for k in range(start, len(self.lines)) if not self.lines[k].strip()), len(self.lines))
        found = self.lines[start:end]
        return [] if len(found) == 1 and _unmarked(found[0]) in _NOTHING else found

    def statements(self, heading: str) -> list[str]:
        """The same lines without their bullets and numbers."""
        return [_unmarked(line) for line in self.block(heading)]

    def memories(self, heading: str) -> list[Remembered]:
        """The same lines as memories: lines that name a day date those below them."""
        found: list[Remembered] = []
        day = None
        for line in self.block(heading):
            if dated := _DAY_LINE.match(line):
                day = read_date(dated["date"], self.today)
            elif marked := _MEMORY_LINE.match(line):
                number, hour, minute, text = marked.groups()
                time = int(hour) * 60 + int(minute) if hour else None
                found.append(Remembered(int(number or len(found) + 1), text.rstrip(), day, time))
        return found

    def remembered(self, heading: str) -> list[str]:
        """The statements of these memories."""
        return [memory.text for memory in self.memories(heading)]

    def talk(self, heading: str) -> list[tuple[str, str]]:
        """The same lines as (speaker, words)."""
        return [(speaker, words.strip()) for speaker, _, words in (line.partition(":") for line in self.block(heading))]

    @cached_property
    def _sheet(self) -> dict[str, str]:
        found = itertools.takewhile(bool, map(_SHEET_LINE.match, self.lines))
        return {line[1]: line[2].strip() for line in found if line}


def choose(options: Sequence[Option], *seed: object) -> Option:
    """One of the options, always the same for the same seed.

    Raises:
        ValueError: there are no options.
    """
    if not options:
        raise ValueError("nothing to choose from")
    return options[number(len(options), *seed)]


def number(below: int, *seed: object) -> int:
    """A whole number from 0 to `below` - 1, always the same for the same seed."""
    text = "\x1f".join(map(str, seed))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") % below


def dates(text: str, near: date | None = None) -> list[date]:
    """The dates of the text (`March 4, 2024`, `4th March`), in order; one without a year is the nearest to `near`."""
    return [day for found in _DATE.finditer(text) if (day := _date(found[0], near))]


def read_date(text: str, near: date | None = None) -> date | None:
    """The first of these dates."""
    return next(iter(dates(text, near)), None)


def date_text(day: date) -> str:
    """`Monday, March 4, 2024`."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def clocks(text: str) -> list[int]:
    """Every time of day in the text (`7am`, `19:30`, `noon`) as minutes since midnight, in order."""
    return [minute for minute in map(clock_minute, _CLOCK.finditer(text)) if minute is not None]


def clock_minute(found: re.Match[str]) -> int | None:
    """The minutes since midnight of a match of the clock pattern; None when there is no such time."""
    if found["word"]:
        return 0 if found["word"].lower() == "midnight" else 720
    if found["half"]:
        hour = int(found["hour"]) % 12 + (12 if found["half"].lower() == "p" else 0)
        minute = int(found["minute"] or 0)
        return hour * 60 + minute if int(found["hour"]) <= 12 and minute < 60 else None
    hour, minute = int(found["h24"]), int(found["m24"])
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def clock_text(minute: int) -> str:
    """`07:05` for minute 425; a whole day is `00:00` again."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def hour_text(minute: int) -> str:
    """`7am`, `7:30pm`, `noon`: a time as people say it."""
    if minute % 1440 == 720:
        return "noon"
    hour, rest = divmod(minute % 1440, 60)
    return f"{hour % 12 or 12}{f':{rest:02d}' if rest else ''}{'am' if hour < 12 else 'pm'}"


@lru_cache(maxsize=_KNOWN_DATES)
def _date(text: str, near: date | None) -> date | None:
    """None for a day that the calendar does not have, and for one without a year when nothing says which."""
    month = next(k for k, name in enumerate(_MONTHS) if name and name in text)
    day, *year = map(int, re.findall(r"\d+", text))
    try:
        if year or near is None:
            return date(*year, month, day) if year else None
        found = date(near.year, month, day)
        return found.replace(year=near.year + 1) if near - found > _HALF_A_YEAR else found
    except ValueError:
        return None


def _unmarked(line: str) -> str:
    mark = _LIST_MARK.match(line)
    return line[mark.end() :].rstrip() if mark else line.strip()
