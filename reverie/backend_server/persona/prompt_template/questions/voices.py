"""An inner voice, made thoughts of the persona's own; and an interviewer's question, of which nothing is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo

from persona.memory_structures.associative_memory import ConceptNode
from persona.memory_structures.scratch import Scratch
from persona.prompt_template import prompt_text
from persona.prompt_template.prompt_text import Line
from persona.prompt_template.questions.kinds import UNKNOWN_POIGNANCY, Spoken
from persona.prompt_template.questions.question import Question
from persona.prompt_template.questions.thought import Statement, Thought, sentence_of, statement


def _rows(value: Any, info: ValidationInfo[Whisper]) -> list[dict[str, Any]]:
    """One row for each whisper; a whisper whose thought cannot be read is thought as it stands."""
    whispers = info.context.whispers
    items = value if isinstance(value, list) else [value]
    if len(items) != len(whispers):
        raise ValueError(f"there must be {len(whispers)} thoughts")
    rows = zip(items, [sentence_of(item, "thought") for item in items], whispers, strict=True)
    return [
        {**(item if isinstance(item, Mapping) else {}), "thought": text or whisper, "sentence": text or whisper}
        for item, text, whisper in rows
    ]


class _Sentence(BaseModel):
    thought: str = Field(description="one full sentence about {name} in the third person")


class InnerThought(Statement, _Sentence):
    """A whisper as a thought."""


@dataclass
class Whisper(Question[list[Thought]]):
    """Each whisper as a thought of the persona's own."""

    who: Scratch
    whispers: Sequence[str]

    template = "whisper"

    class Answer(BaseModel):
        thoughts: Annotated[list[InnerThought], BeforeValidator(_rows)]

    def __post_init__(self) -> None:
        self.max_tokens = 200 * len(self.whispers)

    def inputs(self) -> Sequence[str]:
        return [prompt_text.numbered(self.whispers), str(len(self.whispers))]

    def counts(self) -> Mapping[str, int]:
        return {"thoughts": len(self.whispers)}

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        made: list[dict[str, Any]] = [
            {"thought": text, **statement({"sentence": text}, self.who.name)} for text in self.whispers
        ]
        return {"thoughts": [InnerThought.model_construct(**row, poignancy=UNKNOWN_POIGNANCY) for row in made]}

    def value(self, answer: Any) -> list[Thought]:
        return [Thought(t.thought, t.subject, t.predicate, t.object, t.poignancy) for t in answer.thoughts]


@dataclass
class Interview(Question[str]):
    """What the persona answers to an interviewer."""

    who: Scratch
    remembered: Sequence[ConceptNode]
    place: str
    lines: Sequence[Line]

    template = "interview"
    max_tokens = 500

    class Answer(BaseModel):
        answer: Spoken = Field(description="what {name} says, in the first person")

    def inputs(self) -> Sequence[str]:
        now = f"It is {prompt_text.time_now(self.who)}. {self.who.name} is {self.who.doing}, at {self.place}."
        return [prompt_text.memories(self.remembered), prompt_text.dialogue(self.lines), now]

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"answer": "I would rather not say."}

    def value(self, answer: Any) -> str:
        return str(answer.answer)
