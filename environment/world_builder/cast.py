"""The people of a town as their author described them.

Knows the people file and its rules; whether their homes and places exist is checked in `town_checks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from build_faults import FaultBook
from looks import Look, Wearer, choose, note_unknown_words, own_sheet, read_index
from saves.forms import form
from saves.meta import LANGUAGE_FORM, is_language
from toml_table import Count, FolderName, Table, Text, Texts, fault, read_toml

PUBLIC_PLACES = "public places"
_SHORTEST_DAY, _LATEST_BED = 8 * 60, 4 * 60
_NOT_IN_PERSONA_NAMES = re.compile(r'[/\\:*?"<>|_,;\x00-\x1f]')


def _moment(start: datetime) -> datetime:
    if start.tzinfo is not None:
        raise fault("`start` has a time zone", "Write it without: towns have one clock")
    return start


def _language(name: str) -> str:
    if not is_language(name):
        raise fault(f"`language` is {name!r}", LANGUAGE_FORM)
    return name


def _persona_name(name: str) -> str:
    """The name itself. Raises a fault if it cannot be a folder on every system, or part of a page's address."""
    found = _NOT_IN_PERSONA_NAMES.search(name)
    if found:
        remedy = r'Leave out / \ : * ? " < > | _ , ; since it names a folder and a page'
        raise fault(f"the name contains {found.group()!r}", remedy)
    if name.startswith(".") or name.endswith("."):
        raise fault("the name begins or ends with a dot", "Leave the dot out: it names a folder")
    return name


Moment = Annotated[datetime, form("a date and time such as 2024-03-04T07:00:00"), AfterValidator(_moment)]
Clock = Annotated[
    str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"), form('a time of day such as "06:30"')
]


class Person(Table):
    """One person in words. `home` is "sector:arena"; `workplace` and known places may be just "sector".

    `wake_up` and `bed_time` are "HH:MM", or "" if only the lifestyle says so. `look` is a description, the name of
    a look or a picture next to the people file; once read, the name of a picture in the folder of characters, or "".
    """

    name: Annotated[Text, AfterValidator(_persona_name)]
    age: Count
    traits: Text
    past: Text
    currently: Text
    lifestyle: Text
    daily_plan: Text
    home: Text
    workplace: Text = ""
    knows: Texts = (PUBLIC_PLACES,)
    whispers: Texts = ()
    wake_up: Clock = ""
    bed_time: Clock = ""
    look: Text = ""


class _Simulation(Table):
    name: FolderName = ""
    start: Moment
    seed: Count
    language: Annotated[Text, AfterValidator(_language)] = ""


class _PeopleFile(Table):
    simulation: _Simulation
    person: list[Person]


@dataclass(frozen=True)
class Cast:
    """The people, in roster order, and the start time and seed of their simulation.

    `name` is the base simulation's; "" leaves it to the builder. `language` is that of all texts, or "". If
    `shares_starts` is true, a home may have more people than starts. `sheets` are custom pictures: {name in the folder
    of characters: file}.
    """

    name: str
    start: datetime
    seed: int
    people: tuple[Person, ...]
    shares_starts: bool = False
    language: str = ""
    sheets: Mapping[str, Path] = field(default_factory=dict)


def read_cast(book: FaultBook) -> Cast | None:
    """The cast in `book.file`; None if faults were noted."""
    file = read_toml(book, _PeopleFile)
    if file is None:
        return None
    if not file.person:
        book.note("file", "it describes nobody", "Describe at least one [[person]]")
    for person in file.person:
        _note_bad_hours(person, book)
        _note_bad_whispers(person, book)
    _note_namesakes(file.person, book)
    index = read_index()
    named, sheets = _named_looks(file.person, index, book)
    if book.faults:
        return None
    described = [_wearer(person) for person in file.person if person.look and person.name not in named]
    chosen = {**named, **choose(described, index, named.values())}
    people = [person.model_copy(update={"look": chosen.get(person.name, "")}) for person in file.person]
    return Cast(people=tuple(people), sheets=sheets, **dict(file.simulation))


def _named_looks(
    people: list[Person], index: Mapping[str, Look], book: FaultBook
) -> tuple[dict[str, str], dict[str, Path]]:
    """The looks that are not descriptions, by person, and the files of those that are custom pictures."""
    named, sheets = {}, {}
    for person in people:
        where = f"person {person.name}"
        if person.look.lower().endswith(".png"):
            file = book.file.parent / person.look
            named[person.name] = own_sheet(file, where, book)
            sheets[named[person.name]] = file
        elif person.look in index:
            named[person.name] = person.look
        else:
            note_unknown_words(person.look, index, where, book)
    return named, sheets


def _wearer(person: Person) -> Wearer:
    told = (person.past, person.lifestyle, person.currently, person.daily_plan)
    return Wearer(person.name, person.age, told, person.look)


def _note_namesakes(people: list[Person], book: FaultBook) -> None:
    """Names become folders, and some systems distinguish neither case nor the encoding of accents."""
    seen: dict[str, str] = {}
    for person in people:
        folded = unicodedata.normalize("NFC", person.name).casefold()
        if folded in seen:
            wrong = f'"{seen[folded]}" has the same name'
            book.note(f"person {person.name}", wrong, "Give each a name of their own")
        seen[folded] = person.name


def _note_bad_hours(person: Person, book: FaultBook) -> None:
    """The waking day ends at midnight, even for people who go to bed later."""
    if not person.wake_up or not person.bed_time:
        return
    up, bed = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (person.wake_up, person.bed_time))
    end = bed if bed > up else 24 * 60
    if end - up < _SHORTEST_DAY or (bed < up and bed > _LATEST_BED):
        wrong = f"`wake_up` is {person.wake_up} and `bed_time` {person.bed_time}"
        remedy = "Leave at least eight hours between them, and go to bed by 04:00"
        book.note(f"person {person.name}", wrong, remedy)


def _note_bad_whispers(person: Person, book: FaultBook) -> None:
    for whisper in person.whispers:
        if ";" in whisper or "\n" in whisper:
            wrong = f"the whisper {whisper!r} has a semicolon or a line break in it"
            remedy = "Make it one sentence, or two whispers: semicolons separate them in the file"
            book.note(f"person {person.name}", wrong, remedy)
