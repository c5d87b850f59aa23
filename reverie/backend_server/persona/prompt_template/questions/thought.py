"""A thought in the form of a memory, the statements in answers about it, and whispers as thoughts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, model_validator

from persona.memory_structures.word_index import full_names
from persona.prompt_template import parsers, prompt_text
from persona.prompt_template.questions.kinds import RatingOrUsual
from persona.prompt_template.questions.question import Question

_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y)\b")


class Thought(NamedTuple):
    """A sentence, the same as a triple, and its poignancy (1..10)."""

    text: str
    subject: str
    predicate: str
    object: str
    poignancy: int


class Statement(BaseModel):
    """A sentence as subject, predicate and object; unreadable parts are replaced by known ones."""

    subject: str = Field(description="what the statement is about")
    predicate: str = Field(description="its verb")
    object: str = Field(description='the rest of it, so that "subject + predicate + object" is a statement')
    poignancy: RatingOrUsual = Field(description="from everyday to life-changing: how much it matters to {name}")

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, row: Any, info: ValidationInfo[Question[Any]]) -> Any:
        subject = sentence_of(row, "subject") or info.context.who.name
        unread = (subject, "has in mind", sentence_of(row, "sentence") or "something")
        _, predicate, object_ = parsers.read_or(unread, parsers.triple, row, subject)
        read = {"subject": subject, "predicate": predicate, "object": object_, "poignancy": row.get("poignancy")}
        return {**row, **read}


def sentence_of(item: Any, key: str) -> str | None:
    """A text of an item, or the item itself if it is a text; None if unreadable."""
    return parsers.read_or(None, parsers.sentence, item.get(key) if isinstance(item, Mapping) else item)


def _rows(value: Any, info: ValidationInfo[Whisper]) -> list[dict[str, Any]]:
    """One row for each whisper; if its thought is missing or unreadable, the whisper is used verbatim."""
    whispers, kept = info.context.whispers, info.context.kept
    items = value if isinstance(value, list) else [value] * (len(whispers) if value is None else 1)
    if len(items) != len(whispers):
        raise ValueError(f"there must be {len(whispers)} thoughts")
    faults = []
    for number, (item, whisper) in enumerate(zip(items, whispers, strict=True)):
        if number not in kept:
            text = sentence_of(item, "thought") or whisper
            if reason := _why_not_the_same(text, whisper, info):
                faults.append(reason)
            else:
                row = item if isinstance(item, Mapping) else {}
                kept[number] = {**row, "thought": text, "sentence": text}
    if faults:
        raise ValueError("; ".join(faults))
    return [kept[number] for number in range(len(whispers))]


def _why_not_the_same(thought: str, whisper: str, info: ValidationInfo[Whisper]) -> str | None:
    """The faults of a thought made of a whisper: a plan without its time and place is useless.

    Other languages than English are not checked: names and dates may be written in another script.
    """
    if info.context.language or parsers.bare(thought) == parsers.bare(whisper):
        return None
    facts = [*_NUMBER.findall(whisper), *full_names(whisper)]
    keeps_all = all(fact.casefold() in thought.casefold() for fact in facts)
    if keeps_all and not _FIRST_PERSON.search(_QUOTED.sub("", thought)):
        return None
    told = f", with {', '.join(facts)}" if facts else ""
    return f"{parsers.shown(whisper)} must be said about {info.context.who.name} in the third person{told}"


class _Sentence(BaseModel):
    thought: str = Field(
        description="the same as one sentence about {name} in the third person, with its names, places, dates and times"
    )


class InnerThought(Statement, _Sentence):
    """A whisper as a thought."""


@dataclass
class Whisper(Question[list[Thought]]):
    """Each whisper as a thought of the persona's own."""

    whispers: Sequence[str]
    kept: dict[int, dict[str, Any]] = field(init=False, default_factory=dict)
    """The rows read so far, which stay when the others are asked again."""

    template = "whisper"

    class Answer(BaseModel):
        thoughts: Annotated[list[InnerThought], BeforeValidator(_rows)]

    def __post_init__(self) -> None:
        self.max_tokens = 200 * len(self.whispers)

    def inputs(self) -> Sequence[str]:
        return [prompt_text.numbered(self.whispers), str(len(self.whispers))]

    def counts(self) -> Mapping[str, int]:
        return {"thoughts": len(self.whispers)}

    def value(self, answer: Any) -> list[Thought]:
        return [Thought(t.thought, t.subject, t.predicate, t.object, t.poignancy) for t in answer.thoughts]
