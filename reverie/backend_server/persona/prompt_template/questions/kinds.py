"""The kinds of fields in answers: each a type with bounds, parsed leniently before it is checked.

In a validator, `info.context` is the question. Knows the parsers; not what is asked.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from persona.prompt_template import parsers
from persona.prompt_template.questions import schemas
from persona.prompt_template.questions.question import Question

UNKNOWN_POIGNANCY = 4
"""The poignancy of an ordinary event of some interest, if there is no rating."""


def _name(info: ValidationInfo[Question[Any]]) -> str:
    return info.context.who.name


def otherwise(value: Any) -> WrapValidator:
    """A part of an item that is not worth asking again for: if unreadable, it has this value."""

    def read(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(given)
        except ValidationError:
            return value

    return WrapValidator(read)


Rating = Annotated[int, Field(ge=1, le=10), BeforeValidator(lambda value: parsers.rating(value))]
RatingOrNone = Annotated[Rating, otherwise(None)]
"""None; it is asked for when needed."""
RatingOrUsual = Annotated[Rating, otherwise(UNKNOWN_POIGNANCY)]

Flag = Annotated[bool, BeforeValidator(lambda value: parsers.yes_no(value))]
Clock = Annotated[int, BeforeValidator(lambda value: parsers.hour(value)), WithJsonSchema(schemas.CLOCK)]
"""Minutes since midnight, HH:MM to the model."""
Minute = Annotated[int, WithJsonSchema(schemas.CLOCK)]
"""The same, already parsed by the parser of the whole list."""

Emoji = Annotated[str, BeforeValidator(lambda value: parsers.emoji_of(value))]
State = Annotated[str, BeforeValidator(lambda value: parsers.activity(value))]
Prose = Annotated[str, BeforeValidator(lambda value: parsers.prose(value))]
Lines = Annotated[list[str], BeforeValidator(lambda value: parsers.lines(value))]


def _memo(value: Any, info: ValidationInfo[Question[Any]]) -> str | None:
    return parsers.memo(value, _name(info)) if value is not None and str(value).strip() else None


Memo = Annotated[str | None, BeforeValidator(_memo), WithJsonSchema({"type": "string"})]
"""None if there is nothing to remember."""
