"""Reads a TOML file into pydantic models: missing, mistyped and unknown fields become faults, not exceptions.

Knows TOML and the format of single values, not what they mean.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from build_faults import FaultBook, nearest
from saves import text_files
from saves.forms import form

_LONGEST_SHOWN = 80
_FAULT = "fault"
_TABLES = {
    "dict_type": "a table",
    "model_type": "a table",
    "list_type": "tables, each beginning with [[{}]]",
}


class Table(BaseModel):
    """A table with only the fields of its class; those without a default are required."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _with_missing(cls, entries: Any) -> Any:
        """Missing fields become None, which TOML does not have, so that their validators say what belongs there."""
        if not isinstance(entries, dict):
            return entries
        return {**{name: None for name, field in cls.model_fields.items() if field.is_required()}, **entries}


AnyTable = TypeVar("AnyTable", bound=Table)


def fault(wrong: str, remedy: str) -> PydanticCustomError:
    """Raised by a validator that provides both sentences of a fault itself, without their periods."""
    return PydanticCustomError(_FAULT, "{wrong}. {remedy}", {"wrong": wrong, "remedy": remedy})


Text = Annotated[str, Field(min_length=1), form("a text")]
Count = Annotated[int, Field(ge=0), form("a whole number of at least 0")]
AtLeastOne = Annotated[int, Field(ge=1), form("a whole number of at least 1")]
Flag = Annotated[bool, form("true or false")]
FolderName = Annotated[
    str, StringConstraints(pattern=r"^[\w-]+$"), form("the name of a folder: letters, digits, _ and -")
]
Texts = Annotated[tuple[Text, ...], Strict(False), form("a list of texts")]
Point = Annotated[tuple[int, int], Strict(False), form("two whole numbers: [x, y]")]
Names = dict[str, Text]
"""A table of sign = "name"."""


def read_toml(book: FaultBook, kind: type[AnyTable]) -> AnyTable | None:
    """The file as a table of this kind; None, with every reason noted in `book`, if it cannot be read as one."""
    try:
        _, content = text_files.read_toml(book.file, book.file.name)
    except text_files.UnusableFile as refusal:
        wrong, _, remedy = str(refusal).removesuffix(".").partition(". ")
        book.note("file", wrong, remedy or "Check the path and its permissions")
        return None
    try:
        return kind.model_validate(content)
    except ValidationError as refusal:
        for error in refusal.errors(include_url=False):
            _note(error, content, kind, book)
    return None


def _note(error: ErrorDetails, content: dict[str, Any], table: type[Table], book: FaultBook) -> None:
    where, field = _place(error["loc"], content)
    value, kind = error["input"], error["type"]
    if kind == _FAULT:
        book.note(where, error["ctx"]["wrong"], error["ctx"]["remedy"])
    elif kind == "extra_forbidden":
        known = _table_around(error["loc"], table).model_fields
        book.note(where, f"`{field}` is not known here", f"Check the spelling: {nearest(field, known)}")
    else:
        what = error["ctx"]["words"] if kind == "form" else _TABLES[kind].format(field)
        book.note(where, f"`{field}` is {_shown(value)}", f"Write {what}")


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, str) and not value.strip():
        return "empty"
    text = json.dumps(value, ensure_ascii=False, default=str)  # almost as in TOML
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _place(loc: tuple[int | str, ...], content: dict[str, Any]) -> tuple[str, str]:
    """The place in a file, and the field there: ("place Shop", "at"), ("[town]", "map"), ("file", "world")."""
    head, *inner = loc
    entries = content.get(str(head))
    if inner and isinstance(inner[0], int) and isinstance(entries, list):
        number, *inner = inner
        entry = entries[int(number)]
        name = entry.get("name") if isinstance(entry, dict) else None
        where = f"{head} {name or int(number) + 1}"
    else:
        where = f"[{head}]" if inner else "file"
    return where, ".".join(map(str, inner or [head]))


def _table_around(loc: tuple[int | str, ...], table: type[Table]) -> type[Table]:
    """The class of the table at a location."""
    for key in loc[:-1]:
        if isinstance(key, str):
            kind: Any = table.model_fields[key].annotation
            table = next(iter(get_args(kind)), kind)
    return table
