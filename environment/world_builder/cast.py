"""The people of a town as their author described them.

Knows the people file and its rules; whether their homes and places exist is `town_checks`' matter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from build_faults import FaultBook
from toml_table import Table, read_toml

PUBLIC_PLACES = "public places"
_LONGEST_LANGUAGE = 60
_SHORTEST_DAY, _LATEST_BED = 8 * 60, 4 * 60
_NOT_IN_PERSONA_NAMES = re.compile(r'[/\\:*?"<>|_,;\x00-\x1f]')


@dataclass(frozen=True)
class Person:
    """One person in words. `home` is "sector:arena", `workplace` and what they know also just "sector".

    `wake_up` and `bed_time` are "HH:MM", or "" where only the lifestyle tells.
    """

    name: str
    age: int
    traits: str
    past: str
    currently: str
    lifestyle: str
    daily_plan: str
    home: str
    workplace: str
    knows: tuple[str, ...]
    whispers: tuple[str, ...]
    wake_up: str = ""
    bed_time: str = ""


@dataclass(frozen=True)
class Cast:
    """The people, in the order of the roster, and the moment and seed their simulation starts with.

    `name` is the base simulation's; "" leaves it to the builder. `language` is that of all texts, or "". Where
    `shares_starts` is true, a home may have more people than starts.
    """

    name: str
    start: datetime
    seed: int
    people: tuple[Person, ...]
    shares_starts: bool = False
    language: str = ""


def read_cast(book: FaultBook) -> Cast | None:
    """The cast in `book.file`; None when faults were noted."""
    file = read_toml(book)
    if file is None:
        return None
    simulation = file.table("simulation")
    name, start, seed = simulation.text("name", ""), simulation.moment("start"), simulation.number("seed")
    if name and not re.fullmatch(r"[\w-]+", name):
        book.note("[simulation]", f'`name` is "{name}"', "It names a folder: use letters, digits, _ and -")
    language = simulation.text("language", "")
    if len(language) > _LONGEST_LANGUAGE or not language.isprintable():
        remedy = f"Write its name on one line, in at most {_LONGEST_LANGUAGE} characters"
        book.note("[simulation]", f"`language` is {language!r}", remedy)
    people = tuple(_read_person(table, book) for table in file.tables("person"))
    simulation.close()
    file.close()
    if not people and not book.faults:
        book.note("file", "nobody lives here", "Describe at least one [[person]]")
    _note_namesakes(people, book)
    return None if book.faults or start is None else Cast(name, start, seed, people, language=language)


def _read_person(table: Table, book: FaultBook) -> Person:
    person = Person(
        name=_folder_name(table.text("name"), table.where, book),
        age=table.number("age"),
        traits=table.text("traits"),
        past=table.text("past"),
        currently=table.text("currently"),
        lifestyle=table.text("lifestyle"),
        daily_plan=table.text("daily_plan"),
        home=table.text("home"),
        workplace=table.text("workplace", ""),
        knows=tuple(table.texts("knows", [PUBLIC_PLACES])),
        whispers=tuple(table.texts("whispers")),
        wake_up=table.clock("wake_up"),
        bed_time=table.clock("bed_time"),
    )
    table.close()
    _note_bad_hours(person, table.where, book)
    _note_bad_whispers(person, table.where, book)
    return person


def _folder_name(name: str, where: str, book: FaultBook) -> str:
    """The name itself; noted when it could not name a folder on every system, or a page of the front end."""
    found = _NOT_IN_PERSONA_NAMES.search(name)
    if found:
        remedy = r'Leave out / \ : * ? " < > | _ , ; since it names a folder and a page'
        book.note(where, f"the name contains {found.group()!r}", remedy)
    elif name.startswith(".") or name.endswith("."):
        book.note(where, "the name begins or ends with a dot", "Leave the dot out: it names a folder")
    return name


def _note_namesakes(people: tuple[Person, ...], book: FaultBook) -> None:
    """Names become folders, and some systems tell neither case nor the spelling of accents apart."""
    seen: dict[str, str] = {}
    for person in people:
        folded = unicodedata.normalize("NFC", person.name).casefold()
        if person.name and folded in seen:
            book.note(
                f"person {person.name}",
                f'"{seen[folded]}" has the same name',
                "Give each a name of their own",
            )
        seen[folded] = person.name


def _note_bad_hours(person: Person, where: str, book: FaultBook) -> None:
    """A day is awake from the one to the other, or to midnight: nobody lives at night."""
    if not person.wake_up or not person.bed_time:
        return
    up, bed = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (person.wake_up, person.bed_time))
    end = bed if bed > up else 24 * 60
    if end - up < _SHORTEST_DAY or (bed < up and bed > _LATEST_BED):
        told = f"`wake_up` is {person.wake_up} and `bed_time` {person.bed_time}"
        book.note(where, told, "Leave at least eight hours between them, and go to bed by 04:00")


def _note_bad_whispers(person: Person, where: str, book: FaultBook) -> None:
    for whisper in person.whispers:
        if not whisper or ";" in whisper or "\n" in whisper:
            book.note(
                where,
                f"the whisper {whisper!r} is empty or has a semicolon or a line break in it",
                "Make it one sentence, or two whispers: semicolons part them in the file",
            )
