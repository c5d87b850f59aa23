"""A study file: which simulations are compared, under which conditions, for how long, and with which surveys.

Knows the format of the file and how runs are named; neither runs nor measures anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from persona.memory_structures.kinds import kinds_in
from saves.forms import Text, form
from saves.text_files import UnusableFile
from study.toml_file import TomlFile, faults

_NAME = re.compile(r"[\w-]{1,60}")
_DIGITS = 8  # of the hash that identifies a condition in the names of simulations
_LONGEST, _MOST_WORDS = 100, 30  # characters of such a name, and of the condition in it

_Names = Annotated[tuple[Text, ...], Field(min_length=1), form("a list of one or more texts")]
_Texts = Annotated[tuple[Annotated[str, Field(strict=True)], ...], Field(min_length=1), form("a list of texts")]
_Seeds = Annotated[tuple[StrictInt, ...], Field(min_length=1), form("a list of one or more whole numbers")]
_Steps = Annotated[StrictInt, Field(ge=1), form("a whole number of steps, at least 1 (8640 are a day)")]
_Amount = Annotated[Decimal | None, Field(gt=0), form("an amount in USD, such as 5", lambda value: Decimal(str(value)))]
_File = Annotated[Text | None, form("the name of a file")]
_Flag = Annotated[StrictBool, form("true or false")]


class Condition(NamedTuple):
    """The common properties of the runs in one column of the table; model "": the configured one."""

    base: str
    model: str
    without: tuple[str, ...]
    events: str

    @property
    def words(self) -> str:
        """The condition in one line, for readers."""
        return ", ".join(filter(None, (self.base, self.model, _left_out(self.without), self.events)))


class Run(NamedTuple):
    """One simulation of a study: a condition, a seed, and the name of the simulation."""

    condition: Condition
    seed: int
    name: str


class Sitting(NamedTuple):
    """One survey of a run: when people are asked, and the kinds of memories that are withheld."""

    is_at_start: bool
    without: tuple[str, ...]

    @property
    def words(self) -> str:
        """The heading of its column: asked at the end, without planning."""
        return ", ".join(
            filter(None, (f"asked at the {'start' if self.is_at_start else 'end'}", _left_out(self.without)))
        )


class Study(BaseModel):
    """The content of a study file. File names are relative to its folder; "" in `events` and `without` means none."""

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
        """The prefix of its simulations' names."""
        return self.file.stem

    @property
    def results(self) -> Path:
        """The folder of the tables and the page."""
        return self.file.with_name(f"{self.name}_results")

    @property
    def questions(self) -> Path:
        """The file of the survey, if there is one."""
        return self.beside(self.survey or "")

    def where(self, word: str) -> str:
        """The file, and the line of an entry."""
        return TomlFile(self.file).where(word)

    def beside(self, name: str) -> Path:
        """A file that the study names."""
        return self.file.parent / name

    def conditions(self) -> list[Condition]:
        """Every combination of the varied values, in the order of the file; the order of kinds does not matter."""
        without = dict.fromkeys(tuple(kinds_in(text)) for text in self.without)
        return [Condition(*parts) for parts in product(self.bases, self.models, without, self.events)]

    def runs(self) -> list[Run]:
        """Every condition with every seed, seed by seed, so that a study that ends early has results to compare."""
        return [
            Run(condition, seed, self._simulation(condition, f"{self._digest(condition)}_{seed}"))
            for seed in self.seeds
            for condition in self.conditions()
        ]

    def sittings(self) -> list[Sitting]:
        """The surveys of each run: one at its start if the file says so, and those at its end."""
        ends = dict.fromkeys(Sitting(False, tuple(kinds_in(text))) for text in self.survey_without)
        return [*[Sitting(True, ())] * self.survey_at_start, *ends] if self.survey else []

    def _simulation(self, condition: Condition, key: str) -> str:
        """The name of a run's simulation: study, condition as far as there is room for it, and what identifies it."""
        base, model, without, events = condition
        words = (_left_out(without), Path(events).stem, model.rpartition("/")[2], base.removeprefix("base_"))
        readable = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(filter(None, words)))
        room = max(0, min(_MOST_WORDS, _LONGEST - len(f"{self.name}__{key}")))
        return "_".join(filter(None, (self.name, readable[:room].strip("_"), key)))

    def _digest(self, condition: Condition) -> str:
        """Identifies a condition by its values and the content of its events file, not by its position."""
        events = self.beside(condition.events).read_text(encoding="utf-8") if condition.events else ""
        parts = json.dumps([*condition, events])
        return hashlib.sha256(parts.encode()).hexdigest()[:_DIGITS]


def read(file: Path) -> Study:
    """The study of a file.

    Raises:
        UnusableFile: no such file, not TOML, or a missing, unknown or invalid entry; says in which line.
    """
    written = TomlFile(file)
    if not _NAME.fullmatch(file.stem):
        raise UnusableFile(f"{file}: its name begins the names of simulations. Use letters, digits, _ and - in it.")
    try:
        study = Study.model_validate({**written.content, "file": file})
    except ValidationError as error:
        wrong = (f"{written.where(key)}: {fault}." for key, fault in faults(error, Study, "a study"))
        raise UnusableFile(" ".join(wrong)) from error
    for name in ("bases", "seeds", "models", "without", "events", "survey_without"):
        _check_each_once(study, name)
    for name in filter(None, (*study.events, study.survey)):
        if not study.beside(name).is_file():
            raise UnusableFile(f"{written.where(name)}: there is no file {study.beside(name)}.")
    for kinds in (*study.without, *study.survey_without):
        try:
            kinds_in(kinds)
        except ValueError as error:
            raise UnusableFile(f"{written.where(kinds)}: {error}.") from error
    return study


def _left_out(kinds: tuple[str, ...]) -> str:
    """In words; "" for nothing."""
    return f"without {', '.join(kinds)}" if kinds else ""


def _check_each_once(study: Study, name: str) -> None:
    values = getattr(study, name)
    if twice := [value for value in values if values.count(value) > 1]:
        raise UnusableFile(f"{study.where(name)}: {name} has {twice[0]!r} twice.")
