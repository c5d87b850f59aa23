"""A user's TOML file: its content, and errors in it with their lines.

Knows how errors are worded; not what the values mean.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from saves.text_files import read_toml


class TomlFile:
    """The text of a file, and its content. Raises UnusableFile if it cannot be read or is not TOML."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.text, self.content = read_toml(file, str(file))

    def where(self, word: str) -> str:
        """The file, and the first line with a word that is not in a comment, if there is one."""
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        lines = enumerate(self.text.split("\n"), 1)
        found = next((number for number, line in lines if whole.search(line.partition("#")[0])), None)
        return str(self.file) if found is None else f"{self.file}, line {found}"


def faults(error: ValidationError, form: type[BaseModel], called: str) -> Iterator[tuple[str, str]]:
    """(key, error) of each invalid part of a `form`, with its name in messages, `called`; key "" is the whole."""
    for fault in error.errors(include_url=False):
        key, told = str((*fault["loc"], "")[0]), fault.get("ctx") or {}
        if fault["type"] == "missing":
            yield key, f"`{key}` is missing"
        elif fault["type"] == "extra_forbidden":
            yield key, f"there is no {key!r} in {called}; {_meant(key, form)}"
        elif "words" in told:
            yield key, f"`{key}` must be {told['words']}, is {told['value']}"
        else:
            yield key, f"{called} must be a table, is {fault['input']!r}"


def _meant(key: str, form: type[BaseModel]) -> str:
    known = [name for name, field in form.model_fields.items() if not field.exclude]
    near = difflib.get_close_matches(key, known, 1)
    return f"did you mean {near[0]!r}" if near else f"available: {', '.join(known)}"
