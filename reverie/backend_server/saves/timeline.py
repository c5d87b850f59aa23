"""What happened in a recorded simulation, in terms a reader has: conversations, and who did what from when to when.

Works on recorded steps as they come and keeps none of them; knows neither files nor models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from maze import Position
from saves.recording import Act, Lines, RecordedStep


@dataclass
class Conversation:
    """Who talked from which step to which, what was said, and where the first speaker stood at its end."""

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


def conversations(steps: Iterable[RecordedStep]) -> list[Conversation]:
    """All conversations, in the order in which they began. Both sides of one carry the same lines."""
    found: list[Conversation] = []
    going_on: dict[Lines, Conversation] = {}
    for step in steps:
        going_on = {lines: going_on.get(lines) or _begin(found, step, lines) for lines in _said(step)}
        for conversation in going_on.values():
            _continue(conversation, step)
    return found


def activities(steps: Iterable[RecordedStep]) -> list[Activity]:
    """What everyone did, one row as long as it stays the same; by beginning, then in the order of the file."""
    found: list[Activity] = []
    current: dict[str, Activity] = {}
    for step in steps:
        for name, act in step.people.items():
            going_on = current.get(name)
            if going_on is None or not _is_same(going_on, act):
                going_on = Activity(name, step.number, step.number, act.pronunciatio, act.action, act.address)
                current[name] = going_on
                found.append(going_on)
            going_on.last = step.number
    return found


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


def _is_same(activity: Activity, act: Act) -> bool:
    return (activity.pronunciatio, activity.action, activity.address) == (act.pronunciatio, act.action, act.address)
