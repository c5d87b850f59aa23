"""What happened in a recorded simulation: conversations, activities and stays.

Works on a stream of recorded steps and keeps none of them; knows neither files nor models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from maze import Maze, Position
from saves.recording import Act, Lines, RecordedStep, place_in_words


@dataclass
class Conversation:
    """A conversation: who talked, its first and last step, its lines, and where the first speaker stood at its end."""

    first: int
    last: int
    participants: tuple[str, ...]
    lines: Lines
    tile: Position


@dataclass
class Activity:
    """What one persona did from which step to which (inclusive)."""

    persona: str
    first: int
    last: int
    pronunciatio: str
    action: str
    address: str


@dataclass
class Stay:
    """Where one persona was from which step to which (inclusive)."""

    persona: str
    first: int
    last: int
    place: str


class Timeline(NamedTuple):
    """All that happened."""

    conversations: list[Conversation]
    activities: list[Activity]
    stays: list[Stay]


def timeline(steps: Iterable[RecordedStep], place: Callable[[Act], str]) -> Timeline:
    """Everything at once, for each step is read only once; `place` names where somebody is."""
    talks, done, stays = _Conversations(), _activities(), _Spans(lambda act: (place(act),), Stay)
    for step in steps:
        talks.add(step)
        done.add(step)
        stays.add(step)
    return Timeline(talks.found, done.found, stays.found)


def conversations(steps: Iterable[RecordedStep]) -> list[Conversation]:
    """All conversations, in the order in which they began. Both sides of one carry the same lines."""
    talks = _Conversations()
    for step in steps:
        talks.add(step)
    return talks.found


def activities(steps: Iterable[RecordedStep]) -> list[Activity]:
    """What everyone did, one row as long as it stays the same; by beginning, then in the order of the file."""
    done = _activities()
    for step in steps:
        done.add(step)
    return done.found


class _Conversations:
    """The conversations in steps as they come."""

    def __init__(self) -> None:
        self.found: list[Conversation] = []
        self._going_on: dict[Lines, Conversation] = {}

    def add(self, step: RecordedStep) -> None:
        before = self._going_on
        self._going_on = {lines: before.get(lines) or _begin(self.found, step, lines) for lines in _said(step)}
        for conversation in self._going_on.values():
            _continue(conversation, step)


_Span = TypeVar("_Span", Activity, Stay)


class _Spans(Generic[_Span]):
    """What stays the same of everyone over steps as they come: `values` of an act are the last fields of a span."""

    def __init__(self, values: Callable[[Act], tuple[str, ...]], span: Callable[..., _Span]) -> None:
        self.found: list[_Span] = []
        self._values = values
        self._span: Callable[..., _Span] = span
        self._current: dict[str, tuple[tuple[str, ...], _Span]] = {}

    def add(self, step: RecordedStep) -> None:
        for name, act in step.people.items():
            values, current = self._values(act), self._current.get(name)
            if current is None or current[0] != values:
                current = self._current[name] = (values, self._span(name, step.number, step.number, *values))
                self.found.append(current[1])
            current[1].last = step.number


def _activities() -> _Spans[Activity]:
    return _Spans(lambda act: (act.pronunciatio, act.action, act.address), Activity)


def place_of(talk: Conversation, maze: Maze) -> str:
    """Where a conversation was, the smallest part first; "" outside the map, as where it has shrunk since."""
    if not maze.contains(talk.tile):
        return ""
    return place_in_words(maze.address(talk.tile, "arena")) or maze.world


def _said(step: RecordedStep) -> Iterator[Lines]:
    """What is being said in a step, each conversation once."""
    return iter(dict.fromkeys(act.lines for act in step.people.values() if act.lines))


def _begin(found: list[Conversation], step: RecordedStep, lines: Lines) -> Conversation:
    listening = (name for name, act in step.people.items() if act.lines == lines)
    participants = tuple(dict.fromkeys([*(speaker for speaker, _ in lines), *listening]))
    found.append(Conversation(step.number, step.number, participants, lines, (0, 0)))
    return found[-1]


def _continue(conversation: Conversation, step: RecordedStep) -> None:
    act = next(act for act in step.people.values() if act.lines == conversation.lines)
    conversation.last, conversation.tile = step.number, (act.x, act.y)
