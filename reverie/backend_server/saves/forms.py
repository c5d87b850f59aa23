"""Types of values in the JSON files of a simulation: how pydantic reads each, and what error messages call it.

Knows kinds of values and the wording of errors; not in which file a value is.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from saves.game_time import TIME_FORMAT


def form(words: str, read: Callable[[Any], Any] = lambda value: value) -> WrapValidator:
    """For `Annotated`: describes what a value must be; `read` converts the value in the file to the type."""

    def checked(value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            return handler(read(value))
        except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
            told = {"words": words, "value": reprlib.repr(value)}
            raise PydanticCustomError("form", "must be {words}, is {value}", told) from error

    return WrapValidator(checked)


def or_none(read: Callable[[Any], Any] = lambda value: value) -> Callable[[Any], Any]:
    """Reads an empty value as None."""
    return lambda value: read(value) if value else None


TIME_LIKE = "a time like 'May 06, 2024, 07:00:00'"
Text = Annotated[StrictStr, form("a text")]
WholeNumber = Annotated[StrictInt, form("a whole number")]
Number = Annotated[StrictInt | StrictFloat, form("a number")]
AnyText = Annotated[str, BeforeValidator(str)]
"""The text of whatever there is."""
AnyNumber = Annotated[int, BeforeValidator(int)]
"""The whole number that can be made of what there is."""
Time = Annotated[
    datetime | None,
    form(TIME_LIKE, or_none(lambda text: datetime.strptime(text, TIME_FORMAT))),
    PlainSerializer(lambda time: time and time.strftime(TIME_FORMAT)),
]


def complaint(error: ValidationError, file: str) -> str:
    """What is wrong in a file, fault by fault, in one line."""
    faults = {str(fault["loc"][0]): fault for fault in error.errors(include_url=False)}
    missing = [key for key, fault in faults.items() if fault["type"] == "missing"]
    wrong = [
        f"{key!r} in {file} {fault['ctx'].get('error') or fault['msg']}"
        for key, fault in faults.items()
        if key not in missing
    ]
    return "; ".join([f"{file} lacks {', '.join(missing)}"] * bool(missing) + wrong)
