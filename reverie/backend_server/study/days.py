"""How people spend their time: places, sleep, talks, and memories.

Knows spans of steps and memories; not how they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from persona.memory_structures.schedule import is_sleep
from saves.table_rows import Memory
from saves.tables import Tables
from saves.timeline import Activity, Conversation, Stay

HOURS = 24
BETWEEN, ASLEEP, TALKING = "between places", "asleep", "talking"
_MINUTE = timedelta(minutes=1)


class Span(NamedTuple):
    """A persona's stay in a place, or activity, from one game time to another of the same day."""

    persona: str
    start: datetime
    end: datetime
    what: str

    @property
    def minutes(self) -> float:
        return (self.end - self.start) / _MINUTE


class Remembered(NamedTuple):
    """The talks and memories of a persona: counts, and the mean poignancy of all memories."""

    persona: str
    talks: int
    lines: int
    characters: int
    events: int
    thoughts: int
    reflections: int
    poignancy: float


def places(tables: Tables) -> list[Span]:
    """Everyone's places; stays over midnight are split."""
    return [part for stay in tables.timeline.stays for part in _days(tables, stay.persona, stay, stay.place or BETWEEN)]


def sleep(tables: Tables) -> list[Span]:
    """Everyone's sleep."""
    asleep = (done for done in tables.timeline.activities if is_sleep(done.action))
    return [part for done in asleep for part in _days(tables, done.persona, done, ASLEEP)]


def talks(tables: Tables) -> list[Span]:
    """Everyone's talks."""
    return [
        part
        for talk in tables.timeline.conversations
        for name in talk.participants
        for part in _days(tables, name, talk, TALKING)
    ]


def minutes(spans: list[Span]) -> dict[tuple[str, str, str], float]:
    """{(persona, date, place): minutes}."""
    total: dict[tuple[str, str, str], float] = {}
    for span in spans:
        key = span.persona, f"{span.start:%Y-%m-%d}", span.what
        total[key] = total.get(key, 0) + span.minutes
    return total


def total(spans: Iterable[Span]) -> dict[str, float]:
    """{place: minutes of all people together}, the most first."""
    found: dict[str, float] = {}
    for span in spans:
        found[span.what] = found.get(span.what, 0) + span.minutes
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def presence(spans: list[Span]) -> dict[str, list[float]]:
    """{place: the average number of people there in each hour of the day}."""
    days = len({span.start.date() for span in spans})
    found: dict[str, list[float]] = {}
    for span in spans:
        of_place = found.setdefault(span.what, [0.0] * HOURS)
        for hour, part in _by_hour(span):
            of_place[hour] += part / days
    return found


def remembered(tables: Tables) -> list[Remembered]:
    """The talks and memories of each persona; a reflection is a thought with evidence."""
    return [_remembered(tables, name) for name in tables.names]


def reflections(memories: list[Memory]) -> list[Memory]:
    """The thoughts based on other memories, the deepest and most poignant first."""
    found = (memory for memory in memories if memory.kind == "thought" and memory.evidence)
    return sorted(found, key=lambda memory: (-memory.depth, -memory.poignancy, memory.created))


def _remembered(tables: Tables, name: str) -> Remembered:
    memories = tables.memories_of(name)
    kinds = Counter(memory.kind for memory in memories)
    said = [line for talk in tables.timeline.conversations for speaker, line in talk.lines if speaker == name]
    return Remembered(
        name,
        talks=sum(name in talk.participants for talk in tables.timeline.conversations),
        lines=len(said),
        characters=sum(map(len, said)),
        events=kinds["event"],
        thoughts=kinds["thought"],
        reflections=len(reflections(memories)),
        poignancy=round(sum(memory.poignancy for memory in memories) / max(1, len(memories)), 2),
    )


def _days(tables: Tables, persona: str, steps: Stay | Activity | Conversation, what: str) -> Iterator[Span]:
    """The steps from `first` to `last`, one span per day."""
    start, end = tables.time(steps.first), tables.time(steps.last + 1)
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), datetime.min.time())
        yield Span(persona, start, min(end, midnight), what)
        start = midnight


def _by_hour(span: Span) -> Iterator[tuple[int, float]]:
    """(hour, the fraction of it that a span takes)."""
    begin = span.start.hour * 60 + span.start.minute + span.start.second / 60
    end = begin + span.minutes
    for hour in range(span.start.hour, HOURS):
        part = min(end, 60 * (hour + 1)) - max(begin, 60 * hour)
        if part > 0:
            yield hour, part / 60
