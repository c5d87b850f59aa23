"""Speech: in a conversation, line by line, with its topic; and to an interviewer."""

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
    """A line of a conversation, "" for none; whether it is the last one; the topic of the conversation, if given."""

    utterance: str
    end: bool
    about: str | None = None


class Opening(NamedTuple):
    """A speaker's first line, and the speaker's view of the listener."""

    relationship: str
    said: Said


def _spoken(value: Any, info: ValidationInfo[_SpokenLine[Any]]) -> str:
    """The line; the last one of a conversation may be empty."""
    question = info.context
    if value == "" and question.raw.get("end") is True:
        return ""
    line = parsers.utterance(value, question.who.name)
    if reason := why_not_spoken(line, question.names, question.lines, question.language):
        raise ParseError(reason)
    return line


def _answered(value: Any, info: ValidationInfo[Interview]) -> str:
    question = info.context
    line = parsers.utterance(value, question.who.name)
    if _INTERVIEWER in line.lower():
        raise ParseError("this tells of the interview; only the spoken words are needed, in the first person")
    if reason := why_not_spoken(line, (question.who.name, _INTERVIEWER), [], question.language):
        raise ParseError(reason)
    return line


def _topic(value: Any, info: ValidationInfo[_SpokenLine[Any] | Summary]) -> str:
    return parsers.topic(value, info.context.names)


Topic = Annotated[str, BeforeValidator(_topic)]
TopicOrNone = Annotated[Topic, otherwise(None), WithJsonSchema({"type": "string"})]
_SPOKEN = "what {name} says to {other}: one to three spoken sentences in the first person, without a name in front"
_END = "whether nothing is left to say after this line; most talks end after four to eight lines"
_INTERVIEWER = "the interviewer"
_ABOUT = 'at most fifteen words that complete "they talked about", without names in front; empty while the talk goes on'


class _SaidLine(BaseModel):
    utterance: Annotated[str, BeforeValidator(_spoken)] = Field(default="", description=_SPOKEN)
    end: Flag = Field(default=True, description=_END)
    about: TopicOrNone = Field(description=_ABOUT)


class _Felt(BaseModel):
    relationship: Prose = Field(description="one or two sentences: what {name} knows and feels about {other}")


@dataclass
class _SpokenLine(Question[Value]):
    """A line of the speaker; an unusable one ends the conversation."""

    listener: Scratch
    relationship: str
    in_mind: Sequence[ConceptNode]
    place: str
    last_talk: str
    lines: Sequence[Line]

    @property
    def names(self) -> tuple[str, str]:
        """The names of the two speakers."""
        return self.who.name, self.listener.name

    def words(self) -> Mapping[str, str]:
        return {"name": self.who.name, "other": self.listener.name}

    def opened(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        turn = parsers.read_or(None, parsers.turn, raw, self.who.name)
        return {**raw, "utterance": turn[0], "end": turn[1]} if turn else raw

    def inputs(self) -> Sequence[str]:
        """The scene, and who approached whom: the speaker of the first line started."""
        (who, other), doing, others = self.names, self.who.doing, self.listener.doing
        scene = f"{who} and {other} are at {self.place}. It is {prompt_text.time_now(self.who)}."
        began = not self.lines or self.lines[0][0] == who
        met = f"when {other} was around, {others}." if began else f"when {other}, {others}, came up."
        known = (prompt_text.memories(self.in_mind), scene, f"{who} was {doing} {met}")
        return [*known, self.last_talk, prompt_text.dialogue(self.lines)]

    def said(self, answer: Any) -> Said:
        """The line in the answer; an empty one ends the conversation."""
        return Said(answer.utterance, answer.end or not answer.utterance, answer.about)


@dataclass
class NextLine(_SpokenLine[Said]):
    """The speaker's next line."""

    template = "utterance"
    Answer = _SaidLine

    def inputs(self) -> Sequence[str]:
        return [self.listener.name, self.relationship, *super().inputs()]

    def value(self, answer: Any) -> Said:
        return self.said(answer)


@dataclass
class FirstLine(_SpokenLine[Opening]):
    """The speaker's view of the listener, and its first line."""

    template = "first_utterance"
    max_tokens = 500

    class Answer(_SaidLine, _Felt):
        """The line, after the feelings."""

    def inputs(self) -> Sequence[str]:
        return [self.listener.name, *super().inputs()]

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"relationship": f"{self.who.name} knows {self.listener.name} by sight."}

    def value(self, answer: Any) -> Opening:
        return Opening(answer.relationship, self.said(answer))


@dataclass
class Summary(Question[str]):
    """The topic of a conversation, as a phrase; asked if no speaker has given it."""

    partner: str
    lines: Sequence[Line]

    template = "conversation_summary"
    max_tokens = 100

    class Answer(BaseModel):
        about: Topic = Field(
            default="this and that",
            description='at most fifteen words that complete "they talked about", no names in front',
        )

    @property
    def names(self) -> tuple[str, str]:
        """The names of the speakers."""
        return self.who.name, self.partner

    def inputs(self) -> Sequence[str]:
        return [self.partner, prompt_text.dialogue(self.lines)]


@dataclass
class Interview(Question[str]):
    """The persona's answer to an interviewer."""

    remembered: Sequence[ConceptNode]
    place: str
    lines: Sequence[Line]

    template = "interview"

    class Answer(BaseModel):
        answer: Annotated[str, BeforeValidator(_answered)] = Field(
            default="I would rather not say.",
            description="one to three spoken sentences of {name} in the first person, with the names, places and times "
            "that {name} knows",
        )

    def inputs(self) -> Sequence[str]:
        now = f"It is {prompt_text.time_now(self.who)}. {self.who.name} is {self.who.doing}, at {self.place}."
        return [prompt_text.memories(self.remembered), prompt_text.dialogue(self.lines), now]
