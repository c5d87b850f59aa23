"""A thought as the memory keeps it, and the statements that answers make of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, Field, ValidationInfo, model_validator

from persona.prompt_template import parsers
from persona.prompt_template.questions.kinds import RatingOrUsual
from persona.prompt_template.questions.question import Question


class Thought(NamedTuple):
    """A sentence, the same as a triple, and how much it matters (1..10)."""

    text: str
    subject: str
    predicate: str
    object: str
    poignancy: int


class Statement(BaseModel):
    """A sentence said as subject, predicate and object; what cannot be read of them is made from what is known."""

    subject: str = Field(description="what the statement is about")
    predicate: str = Field(description="its verb")
    object: str = Field(description='the rest of it, so that "subject + predicate + object" is a statement')
    poignancy: RatingOrUsual = Field(description="from everyday to life-changing: how much it matters to {name}")

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, row: Any, info: ValidationInfo[Question[Any]]) -> Any:
        return {**row, **statement(row, info.context.who.name), "poignancy": row.get("poignancy")}


def statement(row: Mapping[str, Any], name: str) -> dict[str, str]:
    """Subject, predicate and object of an item, of which any may be missing."""
    subject = sentence_of(row, "subject") or name
    unread = (subject, "has in mind", sentence_of(row, "sentence") or "something")
    _, predicate, object_ = parsers.read_or(unread, parsers.triple, row, subject)
    return {"subject": subject, "predicate": predicate, "object": object_}


def sentence_of(item: Any, key: str) -> str | None:
    """A text of an item, or the item itself if it is one; None when it cannot be read."""
    return parsers.read_or(None, parsers.sentence, item.get(key) if isinstance(item, Mapping) else item)
