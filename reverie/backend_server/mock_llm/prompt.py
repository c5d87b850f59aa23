"""A prompt as the mock model reads it: who is asked about whom, the identity sheet, memories, rows of a day, a talk.

Knows on what kind of line each of these stands; nothing of the answers, and no language but for hours and dates.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

_NAME = re.compile(r"^(?:Name: (.+)|(?:Latest memories|Memories) of (.+):)$", re.MULTILINE)
_OTHER = re.compile(
    r"say (?:first|next) to (.+)\?$|conversation with (.+?) (?:now\b|came between)|wait until (.+?) has finished",
    re.MULTILINE,
)
_MEMORY = re.compile(r"^(?:-|(\d+)\.) (\d\d):(\d\d) (.+)$")
_NUMBERED = re.compile(r"^\d+\. (?!\d\d:\d\d )(.+)$", re.MULTILINE)
_ROW = re.compile(r"^(\d\d):(\d\d) - (\d\d):(\d\d) (.+)$", re.MULTILINE)
_SPAN = re.compile(r"from (\d\d):(\d\d) to (\d\d):(\d\d)")
_NOW = re.compile(r"\bIt is [^\n]*?, (\d\d):(\d\d)\.")
_TALK = re.compile(r"^(?:The conversation so far|A conversation with .+|An interview with .+):$")
_SENTENCE = re.compile(r".+?(?:[.!?][\"”’')]?(?=\s|$)|[。！？؟]|$)")
_INITIAL = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Ms|Mrs|Dr|St|Prof))\.$")
_MONTHS = {name: at for at, name in enumerate(calendar.month_name) if name}
_DATE = re.compile(
    rf"({'|'.join(_MONTHS)}) (\d{{1,2}}),? (\d{{4}})|(\d{{4}})\s?[-/年]\s?(\d{{1,2}})\s?[-/月]\s?(\d{{1,2}})"
)
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b|"
    r"(?P<late>下午|晚上|午後|夜)? ?(?<![\d:])(?P<h24>\d{1,2})(?:[:：](?P<m24>\d\d)|[点點時时시])|"
    r"\b(?P<word>noon|midnight)\b"
)


class Memory(NamedTuple):
    """A memory as a prompt lists it; `number` counts from 1."""

    number: int
    minute: int
    text: str


class Row(NamedTuple):
    """What is done from a minute of the day to another."""

    start: int
    end: int
    activity: str


@dataclass(frozen=True)
class Prompt:
    """One prompt."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def name(self) -> str:
        """Whose answer is asked for."""
        found = _NAME.search(self.text)
        return (found[1] or found[2]).strip() if found else ""

    @cached_property
    def other(self) -> str:
        """The other person of the task, if there is one."""
        found = _OTHER.search(self.text)
        return next(filter(None, found.groups()), "") if found else ""

    def after(self, head: str) -> str:
        """The rest of the first line that begins so; an empty text when there is none."""
        return next((line[len(head) :].strip() for line in self.lines if line.startswith(head)), "")

    def sheet(self, key: str) -> str:
        """A line of the identity sheet."""
        return self.after(f"{key}: ")

    @cached_property
    def task(self) -> str:
        """The line that says what to do, and what follows it."""
        return self.text.rpartition("Task: ")[2]

    @cached_property
    def today(self) -> date | None:
        """The date of the sheet, else the first one in the text."""
        return first_date(self.sheet("Today")) or first_date(self.text)

    @cached_property
    def minute(self) -> int:
        """The time of day; noon when it is not told."""
        found = _NOW.search(self.text)
        return int(found[1]) * 60 + int(found[2]) if found else 12 * 60

    @cached_property
    def span(self) -> tuple[int, int]:
        """The minutes that are to be filled; midnight at the end is 1440."""
        found = _SPAN.search(self.task)
        start, end = _minutes(found.groups()) if found else (0, 0)
        return start, end if end > start else 1440

    @cached_property
    def rows(self) -> list[Row]:
        """Every row of a schedule."""
        found = ((*_minutes(row.groups()[:4]), row[5].strip()) for row in _ROW.finditer(self.text))
        return [Row(start, end if end > start else 1440, activity) for start, end, activity in found]

    @cached_property
    def memories(self) -> list[Memory]:
        """Every memory, in order."""
        found = (line for line in map(_MEMORY.match, self.lines) if line)
        return [
            Memory(int(line[1] or at), int(line[2]) * 60 + int(line[3]), line[4].strip())
            for at, line in enumerate(found, 1)
        ]

    @cached_property
    def numbered(self) -> list[str]:
        """The numbered statements that are no memories."""
        return _NUMBERED.findall(self.text)

    @cached_property
    def talk(self) -> list[tuple[str, str]]:
        """The lines of the conversation, as (speaker, words)."""
        at = next((k for k, line in enumerate(self.lines) if _TALK.match(line)), -1)
        rows = (line.partition(": ") for line in self._block(at + 1))
        return [(speaker, words.strip()) for speaker, colon, words in rows if colon]

    @property
    def felt(self) -> str:
        """What the persona has said before of the listener of its next line."""
        return next((line for line in self.lines if line.startswith(f"{self.name} ") and self.other in line), "")

    @cached_property
    def places(self) -> list[str]:
        """The places that are known."""
        at = next((k for k, line in enumerate(self.lines) if line == f"Places {self.name} knows:"), len(self.lines))
        return [line.removeprefix("- ") for line in self._block(at + 1)]

    @cached_property
    def home(self) -> tuple[str, str]:
        """The place and the room where the persona lives."""
        place, _, room = self.sheet("Home").partition(" > ")
        return place, room

    def known(self) -> list[str]:
        """The persona's own texts and memories, sentence by sentence: what it can tell of."""
        sheet = (self.sheet(key) for key in ("Currently", "Background", "Daily requirement"))
        return [*(text for part in sheet for text in sentences(part)), *(memory.text for memory in self.memories)]

    def _block(self, start: int) -> list[str]:
        end = next((k for k in range(start, len(self.lines)) if not self.lines[k].strip()), len(self.lines))
        return self.lines[start:end]


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with the mark at its end."""
    found: list[str] = []
    for part in filter(None, (part[0].strip() for part in _SENTENCE.finditer(text))):
        if found and _INITIAL.search(found[-1]):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def first_date(text: str) -> date | None:
    """The first date in a text: `March 4, 2024`, `2024-03-04`, `2024年3月4日`."""
    for found in _DATE.finditer(text):
        month, day, year, *numbers = found.groups()
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
    return re.sub(rf"(?:\b(?:at|around|from|until|till|by|to) )*(?:{_CLOCK.pattern})", "", text).strip(" ,，、.。")


def clock(minute: int) -> str:
    """`07:05` for minute 425."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def mentioned(text: str, places: Iterable[str]) -> str:
    """The place that a text names, the longest of several; an empty text when it names none."""
    small = text.casefold()
    return max((place for place in places if place.removeprefix("The ").casefold() in small), key=len, default="")


def date_text(day: date) -> str:
    """`Monday, March 4, 2024`."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def first_name(name: str) -> str:
    """`Nora` of `Nora Quill`."""
    return name.split(" ")[0]


def _minutes(parts: tuple[str, ...]) -> tuple[int, int]:
    first, second, third, fourth = map(int, parts)
    return first * 60 + second, third * 60 + fourth


def _minute(found: re.Match[str]) -> int | None:
    if found["word"]:
        return 0 if found["word"] == "midnight" else 720
    hour, minute = int(found["hour"] or found["h24"]), int(found["minute"] or found["m24"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    elif found["late"] and hour < 12:
        hour += 12
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def quoted(text: str) -> Iterator[str]:
    """What stands in curly quotes; the last one may be cut off."""
    return (part for part in re.findall(r"“([^“”]+)", text) if part.strip())
