"""Reflection on memories: questions, insights with their evidence, and the identity from today on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo

from persona.memory_structures.associative_memory import ConceptNode
from persona.prompt_template import parsers, prompt_text
from persona.prompt_template.parsers import ParseError
from persona.prompt_template.questions.kinds import Lines, Prose
from persona.prompt_template.questions.question import Question
from persona.prompt_template.questions.thought import Statement, Thought


@dataclass
class FocalPoints(Question[list[str]]):
    """The questions a persona asks itself about its latest memories."""

    latest: Sequence[ConceptNode]
    count: int

    template = "focal_points"

    class Answer(BaseModel):
        questions: Lines

    def inputs(self) -> Sequence[str]:
        return [prompt_text.memories(self.latest), str(self.count)]

    def counts(self) -> Mapping[str, int]:
        return {"questions": self.count}

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"questions": [f"What matters most to {self.who.name} these days?"]}

    def value(self, answer: Any) -> list[str]:
        return list(answer.questions[: self.count])


def _rows(value: Any, info: ValidationInfo[Insights]) -> list[dict[str, Any]]:
    """The readable insights, at most this many per question; evidence that does not exist is left out."""
    question = info.context
    found = list(_readable(value, len(question.memories)))
    of_one: Counter[Any] = Counter()
    kept = []
    for at, row in enumerate(found):
        about = str(row["question"]) if "question" in row else at // question.count
        of_one[about] += 1
        if of_one[about] <= question.count:
            kept.append({"question": 1, **row})
    if not kept:
        raise ParseError("there must be objects with 'insight' and 'evidence'")
    return kept


def _readable(value: Any, evidence_count: int) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        row = item if isinstance(item, Mapping) else {}
        for text, evidence in parsers.read_or((), parsers.insights, [item] if row else item, evidence_count):
            yield {**row, "insight": text, "sentence": text, "evidence": evidence}


class _Concluded(BaseModel):
    question: Any = Field(json_schema_extra={"type": "integer"}, description="the number of its question")
    insight: str = Field(description="one full sentence")
    evidence: list[int] = Field(description="the numbers of the memories it follows from")


class Insight(Statement, _Concluded):
    """One insight, with the indexes of the memories it follows from."""


@dataclass
class Insights(Question[list[tuple[Thought, list[int]]]]):
    """The conclusions about the persona's questions, `count` insights for each, none if unclear.

    The memories are ordered by time; each insight has the indexes of those it follows from.
    """

    questions: Sequence[str]
    memories: Sequence[ConceptNode]
    count: int

    template = "insights"

    class Answer(BaseModel):
        insights: Annotated[list[Insight], BeforeValidator(_rows)] = []

    def __post_init__(self) -> None:
        self.max_tokens = 1200 * len(self.questions)

    def inputs(self) -> Sequence[str]:
        return [
            prompt_text.numbered(self.questions),
            prompt_text.numbered_memories(self.memories),
            str(self.count),
            prompt_text.time_now(self.who),
        ]

    def value(self, answer: Any) -> list[tuple[Thought, list[int]]]:
        found = answer.insights[: self.count * len(self.questions)]
        return [(Thought(i.insight, i.subject, i.predicate, i.object, i.poignancy), i.evidence) for i in found]


class Identity(NamedTuple):
    """The aims of a persona, and what the day has to contain."""

    currently: str
    daily_requirement: str


@dataclass
class Revision(Question[Identity]):
    """The aims of the persona from today on, based on its memories."""

    remembered: Sequence[ConceptNode]

    template = "identity"
    max_tokens = 500

    class Answer(BaseModel):
        currently: Prose = Field(
            description="at most three sentences in the third person: what {name} is about these days; keep what still "
            "holds, add appointments and news with day, hour and place"
        )
        daily_requirement: Prose = Field(
            description="one to three sentences: what the coming day has to contain; keep what every day contains"
        )

    def inputs(self) -> Sequence[str]:
        return [self.who.date_text(), prompt_text.memories(self.remembered)]

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"currently": self.who.currently, "daily_requirement": self.who.daily_plan_req}

    def value(self, answer: Any) -> Identity:
        return Identity(answer.currently, answer.daily_requirement)
