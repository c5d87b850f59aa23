"""A prompt as the mock model reads it: the persona and the other person, the identity sheet, memories, schedule,
conversation.

Knows the kinds of lines that contain them; nothing about the answers, and no language except hours and dates.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

_NAME = re.compile(r"^(?:Name: |Latest memories of |Memories of )(.+?):?$", re.MULTILINE)
_OTHER = re.compile(
    r"(?:say (?:first|next) to |conversation with |wait until )(.+?)(?:\?| now\b| came between| has finished)"
)
_MEMORY = re.compile(r"^(?:-|\d+\.) \d\d:\d\d (.+)$", re.MULTILINE)
_NUMBERED = re.compile(r"^\d+\. (?!\d\d:\d\d )(.+)$", re.MULTILINE)
_ROW = re.compile(r"^(\d\d):(\d\d) - (\d\d):(\d\d) (.+)$", re.MULTILINE)
_SPAN = re.compile(r"from (\d\d):(\d\d) to (\d\d):(\d\d)")
_NOW = re.compile(r"\bIt is [^\n]*?, (\d\d):(\d\d)\.")
_TALK = re.compile(r"^(?:The conversation so far|A conversation with .+|An interview with .+):\n", re.MULTILINE)
_SENTENCE = re.compile(r".+?(?:(?<!\b[A-Z])(?<!\b[DMS][rst])[.!?][\"”’')]?(?=\s|$)|[。！？؟]|$)")
_MONTHS = {name: at for at, name in enumerate(calendar.month_name) if name}
_DATE = re.compile(
    rf"({'|'.join(_MONTHS)}) (\d{{1,2}}),? (\d{{4}})|(\d{{4}})[-/年] ?(\d{{1,2}})[-/月] ?(\d{{1,2}})"  # 2024年3月4日
)
_CLOCK = re.compile(
    r"(?P<late>下午|晚上)? ?(?<![\d:])(?P<hour>\d{1,2})(?:[:：](?P<minute>\d\d))?"
    r"(?: ?(?P<half>[ap])\.?m\b|(?(minute)|[点點時时시]))"
    r"|\b(?P<word>noon|midnight)\b"
)


class Row(NamedTuple):
    """An activity from one minute of the day to another."""

    start: int
    end: int
    activity: str


@dataclass(frozen=True)
class Prompt:
    """One prompt."""

    text: str

    @cached_property
    def name(self) -> str:
        """The name of the persona that is asked."""
        found = _NAME.search(self.text)
        return found[1].strip() if found else ""

    @cached_property
    def other(self) -> str:
        """The other person of the task, if there is one."""
        found = _OTHER.search(self.task) or _OTHER.search(self.text)
        return found[1] if found else ""

    @property
    def listener(self) -> str:
        """The first name of the other."""
        return self.other.split(" ")[0]

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    def sheet(self, key: str) -> str:
        """The text after `key: ` on the first line that begins with it; "" if there is none."""
        head = f"{key}: "
        return next((line[len(head) :].strip() for line in self.lines if line.startswith(head)), "")

    @cached_property
    def task(self) -> str:
        """The task, and the form of the answer."""
        return self.text.rpartition("Task: ")[2]

    @cached_property
    def today(self) -> date | None:
        """The date of the sheet, else the first one in the text."""
        return first_date(self.sheet("Today")) or first_date(self.text)

    @cached_property
    def minute(self) -> int:
        """The time of day; noon if it is not given."""
        found = _NOW.search(self.text)
        return int(found[1]) * 60 + int(found[2]) if found else 12 * 60

    @cached_property
    def span(self) -> tuple[int, int]:
        """The minutes to be filled."""
        found = _SPAN.search(self.task)
        return _minutes(*found.groups()) if found else (0, 1440)

    @cached_property
    def rows(self) -> list[Row]:
        """Every row of a schedule."""
        return [Row(*_minutes(*row.groups()[:4]), row[5].strip()) for row in _ROW.finditer(self.text)]

    @cached_property
    def memories(self) -> list[str]:
        """Every memory, in order; numbered ones begin with 1."""
        return [text.strip() for text in _MEMORY.findall(self.text)]

    @cached_property
    def numbered(self) -> list[str]:
        """The numbered statements that are not memories."""
        return _NUMBERED.findall(self.text)

    @cached_property
    def talk(self) -> list[tuple[str, str]]:
        """The lines of the conversation, as (speaker, words); without a heading it begins the prompt."""
        heading = _TALK.search(self.text)
        rows = (line.partition(": ") for line in self._block(heading.end() if heading else 0))
        return [(speaker, words.strip()) for speaker, colon, words in rows if colon]

    @cached_property
    def places(self) -> list[str]:
        """The known places."""
        heading = f"Places {self.name} knows:\n"
        at = self.text.find(heading)
        return [line.removeprefix("- ") for line in self._block(at + len(heading))] if at >= 0 else []

    @property
    def home(self) -> list[str]:
        """The place and the room where the persona lives."""
        return self.sheet("Home").split(", ")

    def _block(self, start: int) -> list[str]:
        return self.text[start:].partition("\n\n")[0].split("\n")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with the mark at its end."""
    return [part for found in _SENTENCE.finditer(text) if (part := found[0].strip())]


def quoted(text: str) -> list[str]:
    """The texts in curly quotes; the last one may be cut off."""
    return [part for part in re.findall(r"“([^“”]+)", text) if part.strip()]


def mentioned(text: str, places: Iterable[str]) -> str:
    """The place that a text names, the longest of several; "" if it names none."""
    small = text.casefold()
    return max((place for place in places if place.removeprefix("The ").casefold() in small), key=len, default="")


def first_date(text: str) -> date | None:
    """The first date in a text: `March 4, 2024`, `2024-03-04`, `2024年3月4日`."""
    for month, day, year, *numbers in _DATE.findall(text):
        try:
            return date(int(year), _MONTHS[month], int(day)) if month else date(*map(int, numbers))
        except ValueError:
            continue
    return None


def times(text: str) -> list[int]:
    """The times of day in a text, as minutes: `7am`, `19:30`, `noon`, `下午3点`."""
    return [minute for minute in map(_minute, _CLOCK.finditer(text)) if minute is not None]


def without_times(text: str) -> str:
    """The text without its times of day."""
    return re.sub(rf"(?:\b(?:at|around|from|until|by|to) )*(?:{_CLOCK.pattern})", "", text).strip(" ,，、.。")


def clock(minute: int) -> str:
    """`07:05` for minute 425."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _minutes(*clocks: str) -> tuple[int, int]:
    """Start and end; an end that is not later is midnight."""
    hour, minute, end_hour, end_minute = map(int, clocks)
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    return start, end if end > start else 1440


def _minute(found: re.Match[str]) -> int | None:
    if found["word"]:
        return 0 if found["word"] == "midnight" else 720
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    hour += 12 if found["late"] and hour < 12 else 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None
