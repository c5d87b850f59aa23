"""A prompt as the stand-in reads it: its task line, the identity sheet, the titled lists, and choices made by hash.

Knows the layout of the prompt templates (what stands on which kind of line); knows nothing of the answers.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

Option = TypeVar("Option")

_NOTHING = ("nothing in particular", "(nothing yet)")
_LIST_MARK = re.compile(r"^(?:-|\d{1,4}[.)])\s+")
_SHEET_LINE = re.compile(r"^([A-Z][A-Za-z ]{1,20}): (.*)$")
_MONTH = rf"(?:{'|'.join(calendar.month_name[1:])})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = rf"(?:[A-Z][a-z]+day,? )?(?:{_MONTH} {_DAY}|{_DAY} (?:of )?{_MONTH})(?:,? \d{{4}})?(?!\d)"
_DATE = re.compile(DATE)
_HALF_A_YEAR = timedelta(days=183)
_CLOCK = re.compile(
    r"\b(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b\.?|(?P<h24>\d{1,2}):(?P<m24>\d\d)\b"
    r"|(?P<word>noon|midday|midnight)\b)",
    re.IGNORECASE,
)
_NOW = re.compile(r"\bIt is [^\n]*?, (\d\d:\d\d)\.")


@dataclass(frozen=True)
class Prompt:
    """One prompt. `said` holds what the task line names: name, other, count, ..."""

    text: str
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The persona that is asked for."""
        return self.said.get("name", "")

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
        for line in self.text.splitlines():
            found = _SHEET_LINE.match(line)
            if not found:
                return ""
            if found[1] == key:
                return found[2].strip()
        return ""

    def today(self) -> date | None:
        """The game date of the sheet."""
        return read_date(self.sheet("Today"))

    def minute(self) -> int | None:
        """The time of day it is, in minutes since midnight, where the prompt tells it."""
        told = (clocks(found[1]) for found in _NOW.finditer(self.text))
        return next((times[0] for times in told if times), None)

    def block(self, heading: str) -> list[str]:
        """The lines below the heading, as far as the next blank line; empty lists read as no lines."""
        lines = self.text.splitlines()
        if heading not in lines:
            return []
        below = lines[lines.index(heading) + 1 :]
        end = next((k for k, line in enumerate(below) if not line.strip()), len(below))
        return [line for line in below[:end] if _unmarked(line) not in _NOTHING]

    def statements(self, heading: str) -> list[str]:
        """The same lines without their bullets and numbers."""
        return [_unmarked(line) for line in self.block(heading)]

    def talk(self, heading: str) -> list[tuple[str, str]]:
        """The same lines as (speaker, words)."""
        return [(speaker, words.strip()) for speaker, _, words in (line.partition(":") for line in self.block(heading))]


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


def _date(text: str, near: date | None) -> date | None:
    """None for a day that the calendar does not have, and for one without a year when nothing says which."""
    month = next(k for k, name in enumerate(calendar.month_name) if name and name in text)
    day, *year = map(int, re.findall(r"\d+", text))
    try:
        if year or near is None:
            return date(*year, month, day) if year else None
        found = date(near.year, month, day)
        return found.replace(year=near.year + 1) if near - found > _HALF_A_YEAR else found
    except ValueError:
        return None


def _unmarked(line: str) -> str:
    return _LIST_MARK.sub("", line.strip())
