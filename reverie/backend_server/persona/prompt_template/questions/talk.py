"""What is said in a conversation, line by line, and what it was about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import parsers, prompt_text
from persona.prompt_template.parsers import ParseError
from persona.prompt_template.prompt_text import Line
from persona.prompt_template.questions.kinds import Flag, Prose, otherwise
from persona.prompt_template.questions.question import Question, Value
from persona.prompt_template.questions.speech import why_not_spoken


class Said(NamedTuple):
    """A line of a conversation, "" for none; whether it is the last one; what the conversation was about, if told."""

    utterance: str
    end: bool
    about: str | None = None


class Opening(NamedTuple):
    """A speaker's first line, and what the speaker knows and feels about the listener."""

    relationship: str
    said: Said


def _spoken(value: Any, info: ValidationInfo[_SpokenLine[Any]]) -> str:
    """What is said; who ends a talk may do so without a word."""
    question = info.context
    if value == "" and question.raw.get("end") is True:
        return ""
    line = parsers.utterance(value, question.who.name)
    if reason := why_not_spoken(line, question.names, question.lines, question.language):
        raise ParseError(reason)
    return line


def _topic(value: Any, info: ValidationInfo[_SpokenLine[Any] | Summary]) -> str:
    return parsers.topic(value, info.context.names)


Topic = Annotated[str, BeforeValidator(_topic)]
TopicOrNone = Annotated[Topic, otherwise(None), WithJsonSchema({"type": "string"})]
_SPOKEN = "what {name} says to {other}: one to three spoken sentences in the first person, without a name in front"
_END = "whether nothing is left to say after this line; most talks end after four to eight lines"
_ABOUT = 'at most fifteen words that complete "they talked about", without names in front; empty while the talk goes on'


@dataclass
class _SpokenLine(Question[Value]):
    """A line of the speaker; one that cannot be used ends the conversation."""

    who: Scratch
    listener: Scratch
    relationship: str
    in_mind: Sequence[ConceptNode]
    place: str
    last_talk: str
    lines: Sequence[Line]

    @property
    def names(self) -> tuple[str, str]:
        """Who talks."""
        return self.who.name, self.listener.name

    def words(self) -> Mapping[str, str]:
        return {"name": self.who.name, "other": self.listener.name}

    def opened(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        turn = parsers.read_or(None, parsers.turn, raw, self.who.name)
        return {**raw, "utterance": turn[0], "end": turn[1]} if turn else raw

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"utterance": "", "end": True, "about": None}

    def _scene(self) -> str:
        who, other = self.names
        return f"{who} and {other} are at {self.place}. It is {prompt_text.time_now(self.who)}."

    def _doing(self) -> str:
        """Who came upon whom: the speaker of the first line began."""
        (who, other), doing, others = self.names, self.who.doing, self.listener.doing
        if not self.lines or self.lines[0][0] == who:
            return f"{who} was {doing} when {other} was around, {others}."
        return f"{who} was {doing} when {other}, {others}, came up."


def _said(answer: Any) -> Said:
    return Said(answer.utterance, answer.end or not answer.utterance, answer.about)


@dataclass
class NextLine(_SpokenLine[Said]):
    """What the speaker says next."""

    template = "utterance"

    class Answer(BaseModel):
        utterance: Annotated[str, BeforeValidator(_spoken)] = Field(description=_SPOKEN)
        end: Flag = Field(description=_END)
        about: TopicOrNone = Field(description=_ABOUT)

    def inputs(self) -> Sequence[str]:
        known = (self.relationship, prompt_text.memories(self.in_mind))
        return [
            self.listener.name,
            *known,
            self._scene(),
            self._doing(),
            self.last_talk,
            prompt_text.dialogue(self.lines),
        ]

    def value(self, answer: Any) -> Said:
        return _said(answer)


@dataclass
class FirstLine(_SpokenLine[Opening]):
    """What the speaker makes of the listener, and its first line."""

    template = "first_utterance"
    max_tokens = 500

    class Answer(BaseModel):
        relationship: Prose = Field(description="one or two sentences: what {name} knows and feels about {other}")
        utterance: Annotated[str, BeforeValidator(_spoken)] = Field(description=_SPOKEN)
        end: Flag = Field(description=_END)
        about: TopicOrNone = Field(description=_ABOUT)

    def inputs(self) -> Sequence[str]:
        known = prompt_text.memories(self.in_mind)
        return [
            self.listener.name,
            known,
            self._scene(),
            self._doing(),
            self.last_talk,
            prompt_text.dialogue(self.lines),
        ]

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        known = f"{self.who.name} knows {self.listener.name} by sight."
        return {"relationship": known, **super().fail_safes(read)}

    def value(self, answer: Any) -> Opening:
        return Opening(answer.relationship, _said(answer))


@dataclass
class Summary(Question[str]):
    """What a conversation was about, as a phrase; asked when nobody who spoke has said so."""

    who: Scratch
    partner: str
    lines: Sequence[Line]

    template = "conversation_summary"
    max_tokens = 100

    class Answer(BaseModel):
        about: Topic = Field(description='at most fifteen words that complete "they talked about", no names in front')

    @property
    def names(self) -> tuple[str, str]:
        """Who talked."""
        return self.who.name, self.partner

    def inputs(self) -> Sequence[str]:
        return [self.partner, prompt_text.dialogue(self.lines)]

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"about": "this and that"}

    def value(self, answer: Any) -> str:
        return str(answer.about)
