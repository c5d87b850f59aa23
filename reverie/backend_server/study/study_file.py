"""A study file: which simulations are compared, under which conditions, for how long, and what they are measured by.

Knows the form of the file and how runs are named; neither runs nor measures anything.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from persona.memory_structures.kinds import kinds_in
from saves.forms import Text, form
from saves.text_files import UnusableFile, read_text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAME = re.compile(r"[\w-]{1,60}")
_DIGITS = 8  # of the hash that tells conditions apart in the names of simulations

_Names = Annotated[tuple[Text, ...], Field(min_length=1), form("a list of one or more texts")]
_Texts = Annotated[tuple[Annotated[str, Field(strict=True)], ...], Field(min_length=1), form("a list of texts")]
_Seeds = Annotated[tuple[StrictInt, ...], Field(min_length=1), form("a list of one or more whole numbers")]
_Steps = Annotated[StrictInt, Field(ge=1), form("a whole number of steps, at least 1 (8640 are a day)")]
_Amount = Annotated[Decimal | None, Field(gt=0), form("an amount in USD, such as 5", lambda value: Decimal(str(value)))]
_File = Annotated[Text | None, form("the name of a file")]
_Flag = Annotated[StrictBool, form("true or false")]


class Condition(NamedTuple):
    """What the runs of one row of the table have in common; "" for a model: the one that is configured."""

    base: str
    model: str
    without: tuple[str, ...]
    events: str

    @property
    def words(self) -> str:
        """In a line, for people."""
        return ", ".join(filter(None, (self.base, self.model, _left_out(self.without), self.events)))


class Run(NamedTuple):
    """One simulation of a study: a condition, a seed, and the name under which it is kept."""

    condition: Condition
    seed: int
    name: str


class Sitting(NamedTuple):
    """One survey of a run: when people are asked, and without which kinds of memories."""

    is_at_start: bool
    without: tuple[str, ...]

    @property
    def words(self) -> str:
        """As the heading of a column: asked at the end, without planning."""
        return ", ".join(
            filter(None, (f"asked at the {'start' if self.is_at_start else 'end'}", _left_out(self.without)))
        )


class Study(BaseModel):
    """What a study file says. Its texts name files as seen from its folder; "" among `events` and `without`: none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bases: _Names
    seeds: _Seeds
    steps: _Steps
    models: _Texts = ("",)
    without: _Texts = ("",)
    events: _Texts = ("",)
    survey: _File = None
    survey_at_start: _Flag = False
    survey_without: _Texts = ("",)
    about: Annotated[tuple[Text, ...], form("a list of texts")] = ()
    budget: _Amount = None
    file: Path = Field(exclude=True)

    @property
    def name(self) -> str:
        """Its simulations begin with it."""
        return self.file.stem

    @property
    def results(self) -> Path:
        """The folder of the tables and the page."""
        return self.file.with_name(f"{self.name}_results")

    def where(self, word: str) -> str:
        """The file, and the line in which it says something."""
        return _where(self.file, read_text(self.file, str(self.file), "TOML"), word)

    def beside(self, name: str) -> Path:
        """A file that the study names."""
        return self.file.parent / name

    def conditions(self) -> list[Condition]:
        """Every combination of what is varied, in the order of the file."""
        without = [tuple(kinds_in(text)) for text in self.without]
        return [Condition(*parts) for parts in product(self.bases, self.models, without, self.events)]

    def runs(self) -> list[Run]:
        """Every condition with every seed, seed by seed: a study that ends early has compared something."""
        return [
            Run(condition, seed, f"{self.name}_{self._digest(condition)}_{seed}")
            for seed in self.seeds
            for condition in self.conditions()
        ]

    def sittings(self) -> list[Sitting]:
        """The surveys of each run: one at its start if the file says so, and those at its end."""
        ends = [Sitting(False, tuple(kinds_in(text))) for text in self.survey_without]
        return [*[Sitting(True, ())] * self.survey_at_start, *ends] if self.survey else []

    def _digest(self, condition: Condition) -> str:
        """Tells conditions apart whatever their place in the file, also when an events file has changed."""
        events = self.beside(condition.events).read_text("utf-8") if condition.events else ""
        parts = json.dumps([*condition, events])
        return hashlib.sha256(parts.encode()).hexdigest()[:_DIGITS]


def read(file: Path) -> Study:
    """The study of a file.

    Raises:
        UnusableFile: no such file, no TOML, something in it that is missing, unknown or wrong; says in which line.
    """
    text = read_text(file, str(file), "TOML")
    if not _NAME.fullmatch(file.stem):
        raise UnusableFile(f"{file}: its name begins the names of simulations. Use letters, digits, _ and - in it.")
    try:
        study = Study(**{**tomllib.loads(text), "file": file})
    except tomllib.TOMLDecodeError as error:
        raise UnusableFile(f"{file} is not TOML: {error}. https://toml.io shows the form.") from error
    except ValidationError as error:
        raise UnusableFile(" ".join(_faults(file, text, error))) from error
    for name in ("bases", "seeds", "models", "without", "events", "survey_without"):
        _check_each_once(study, name, text)
    for name in filter(None, (*study.events, study.survey)):
        if not study.beside(name).is_file():
            raise UnusableFile(f"{_where(file, text, name)}: there is no file {study.beside(name)}.")
    for kinds in (*study.without, *study.survey_without):
        try:
            kinds_in(kinds)
        except ValueError as error:
            raise UnusableFile(f"{_where(file, text, kinds)}: {error}.") from error
    return study


def _left_out(kinds: tuple[str, ...]) -> str:
    """In words; "" for nothing."""
    return f"without {', '.join(kinds)}" if kinds else ""


def _check_each_once(study: Study, name: str, text: str) -> None:
    values = getattr(study, name)
    if twice := [value for value in values if values.count(value) > 1]:
        raise UnusableFile(f"{_where(study.file, text, name)}: {name} has {twice[0]!r} twice.")


def _faults(file: Path, text: str, error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False):
        key = str(fault["loc"][0])
        if fault["type"] == "missing":
            yield f"{file} lacks {key}."
        elif fault["type"] == "extra_forbidden":
            yield f"{_where(file, text, key)}: there is no {key!r} in a study; {_meant(key, Study.model_fields)}."
        else:
            context: dict[str, Any] = fault.get("ctx") or {}
            wrong = f"must be {context['words']}, is {context['value']}" if "words" in context else fault["msg"]
            yield f"{_where(file, text, key)}: {key} {wrong}."


def _meant(key: str, known: Iterable[str]) -> str:
    names = [name for name in known if name != "file"]
    near = difflib.get_close_matches(key, names, 1)
    return f"did you mean {near[0]!r}?".rstrip("?") if near else f"there are {', '.join(names)}"


def _where(file: Path, text: str, word: str) -> str:
    """The file, and the first line with a word that is not in a comment."""
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    lines = (number for number, line in enumerate(text.split("\n"), 1) if whole.search(line.partition("#")[0]))
    number = next(lines, None)
    return str(file) if number is None else f"{file}, line {number}"
