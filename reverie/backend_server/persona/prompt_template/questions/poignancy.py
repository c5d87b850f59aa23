"""The poignancy of new memories for a persona: all of a step at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo

from persona.prompt_template import parsers, prompt_text
from persona.prompt_template.questions.kinds import UNKNOWN_POIGNANCY, Rating
from persona.prompt_template.questions.question import Question, Value


def _completed(value: Any, info: ValidationInfo[Ratings[Any]]) -> list[int]:
    """Keeps every rating that was read, even from an answer that lacked others."""
    question = info.context
    found = parsers.ratings(value, len(question.statements))
    question.rated = [before or rating for before, rating in zip(question.rated, found, strict=True)]
    rated = [rating for rating in question.rated if rating is not None]
    if len(rated) < len(found):
        raise ValueError(f"there must be {len(found)} whole numbers from 1 to 10, one for each statement")
    return rated


class Rated(BaseModel):
    """An answer that rates statements."""

    ratings: Annotated[list[Rating], BeforeValidator(_completed)] = Field(
        description="one for each statement, in the same order"
    )


@dataclass
class Ratings(Question[Value], Generic[Value]):
    """A question with statements to rate; its answer is a `Rated`."""

    statements: Sequence[str]
    rated: list[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.rated = [None] * len(self.statements)
        self.max_tokens = 50 + 10 * len(self.statements)

    def inputs(self) -> Sequence[str]:
        return [str(len(self.statements)), prompt_text.numbered(self.statements)]

    def counts(self) -> Mapping[str, int]:
        return {"ratings": len(self.statements)}

    def fail_safes(self, read: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"ratings": [rating or UNKNOWN_POIGNANCY for rating in self.rated]}


@dataclass
class Poignancy(Ratings[list[int]]):
    """The poignancy of each statement for the persona, 1..10."""

    template = "poignancy"
    Answer = Rated
