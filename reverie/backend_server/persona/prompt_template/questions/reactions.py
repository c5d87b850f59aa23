"""Whether a persona reacts to another, and the schedule after an unplanned action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo

from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.schedule import SLEEPING, Entry, Row, as_text, clock, is_sleep
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import parsers, prompt_text
from persona.prompt_template.prompt_text import Line
from persona.prompt_template.questions.day import Start, rows_of
from persona.prompt_template.questions.kinds import Flag, Memo, RatingOrNone, RatingOrUsual
from persona.prompt_template.questions.poignancy import Rated, Ratings
from persona.prompt_template.questions.question import Question, Value
from persona.prompt_template.questions.thought import Thought


@dataclass
class WouldTalk(Ratings[tuple[list[int], bool]]):
    """The poignancy of each statement, and whether the persona starts a conversation; no, if that is unreadable."""

    other: Scratch
    remembered: Sequence[ConceptNode]
    last_talk: str
    talks_today: str

    template = "decide_to_talk"

    class Answer(Rated):
        talk: Flag = Field(default=False, description="whether {name} starts a conversation with {other} now")

    def words(self) -> Mapping[str, str]:
        return {"name": self.who.name, "other": self.other.name}

    def inputs(self) -> Sequence[str]:
        doing = (self.who.doing, self.other.doing)
        known = (prompt_text.memories(self.remembered), prompt_text.time_now(self.who), self.last_talk)
        return [*super().inputs(), self.other.name, *known, *doing, self.talks_today]

    def value(self, answer: Any) -> tuple[list[int], bool]:
        return list(answer.ratings), bool(answer.talk)


@dataclass
class WouldWait(Question[bool]):
    """Whether the persona waits until the other has finished with the place both want; no, if that is unclear."""

    other: Scratch
    place: str

    template = "decide_to_wait"
    max_tokens = 100

    class Answer(BaseModel):
        wait: Flag = Field(default=False, description="whether {name} waits")

    def inputs(self) -> Sequence[str]:
        doing = (self.who.doing, self.other.doing)
        return [self.other.name, *doing, self.place, f"{self.other.act_end:%H:%M}", prompt_text.time_now(self.who)]


# The hours after an unplanned action


class Refilled(NamedTuple):
    """Rows for the time after an interruption, and its poignancy (1..10); None if not given."""

    rows: list[Row]
    poignancy: int | None


def _starts(value: Any, info: ValidationInfo[_TimeToFill[Any]]) -> list[Start]:
    """The rows that fill the time; planned sleep at its end is kept, whatever the answer calls it."""
    question = info.context
    if question.end <= question.start:
        return []
    found = parsers.block_starts(value, question.start, question.end, question.who.name)
    rows = [Start(start=row.minute, activity=row.activity) for row in sorted(found, key=lambda row: row.minute)]
    last = question.planned[-1] if question.planned else None
    if last and is_sleep(last.activity) and not is_sleep(rows[-1].activity):
        asleep = Start(start=max(rows[-1].start, last.start), activity=SLEEPING)
        rows = [*(rows[:-1] if rows[-1].start >= last.start else rows), asleep]
    return rows


_WHAT_FITS = "what was planned where it still fits, the rest shorter or left out; the first one starts at {start}"
_Schedule = Annotated[list[Start], BeforeValidator(_starts), Field(description=_WHAT_FITS)]


class _TimeToFill(Question[Value]):
    """The minutes from `start` to `end` after an interruption; the plan for them, if the answer is unclear."""

    planned: Sequence[Entry]
    start: int
    end: int

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        inside = [entry for entry in self.planned if entry.start < self.end and entry.end > self.start]
        return {"schedule": [Start(start=max(entry.start, self.start), activity=entry.activity) for entry in inside]}

    def refilled(self, answer: Any) -> Refilled:
        """The rows that the answer fills the time with."""
        return Refilled(rows_of(answer.schedule, self.start, self.end), answer.poignancy)


@dataclass
class HoursAfter(_TimeToFill[Refilled]):
    """The rows after an interruption."""

    planned: Sequence[Entry]
    interruption: str
    start: int
    end: int

    template = "schedule_after_reaction"
    max_tokens = 600

    class Answer(BaseModel):
        schedule: _Schedule
        poignancy: RatingOrNone = Field(description="from everyday to life-changing: how much that matters to {name}")

    def words(self) -> Mapping[str, str]:
        return {"name": self.who.name, "start": clock(self.start)}

    def inputs(self) -> Sequence[str]:
        return [as_text(self.planned), self.interruption, clock(self.start), clock(self.end)]

    def value(self, answer: Any) -> Refilled:
        return self.refilled(answer)


class Aftermath(NamedTuple):
    """The thoughts of a persona after a conversation, and the hours after it."""

    thoughts: list[Thought]
    hours: Refilled


@dataclass
class AfterChat(_TimeToFill[Aftermath]):
    """The thoughts of a persona after a conversation, for its plans and as a memo, each only if there is one.

    Includes the time after it.
    """

    partner: str
    lines: Sequence[Line]
    planned: Sequence[Entry]
    start: int
    end: int

    template = "after_chat"
    max_tokens = 1000

    class Answer(BaseModel):
        planning: Memo = Field(
            description="one full sentence with {name} as its subject: what to remember for the coming plans "
            "(appointments with day, hour and place); empty if there is nothing"
        )
        planning_poignancy: RatingOrUsual = Field(description="how much that matters to {name}, 10 is life-changing")
        memo: Memo = Field(description="one full sentence: what was most interesting about {other} or the talk")
        memo_poignancy: RatingOrUsual = Field(description="how much that matters to {name}")
        poignancy: RatingOrNone = Field(description="how much the conversation itself matters to {name}")
        schedule: _Schedule

    def words(self) -> Mapping[str, str]:
        return {"name": self.who.name, "other": self.partner, "start": clock(self.start)}

    def inputs(self) -> Sequence[str]:
        hours = (as_text(self.planned), clock(self.start), clock(self.end))
        return [self.partner, prompt_text.dialogue(self.lines), *hours]

    def value(self, answer: Any) -> Aftermath:
        told = (
            (answer.planning, "plan with", answer.planning_poignancy),
            (answer.memo, "talk with", answer.memo_poignancy),
        )
        thoughts = [
            Thought(text, self.who.name, verb, self.partner, poignancy) for text, verb, poignancy in told if text
        ]
        return Aftermath(thoughts, self.refilled(answer))
