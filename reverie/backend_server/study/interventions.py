"""A file of interventions: events from outside at given game times, for experiments.

The README next to this file shows one. Knows the format, and which people and places there are; not the effects of an
event.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from maze import Maze
from saves.events import KINDS, NOTICE, WHISPER, Intervention, Kind
from saves.forms import Text, form
from saves.game_time import TIME_FORMAT
from saves.text_files import UnusableFile
from study.toml_file import TomlFile, faults

_HEAD = re.compile(r"^\s*\[\[\s*event\s*\]\]", re.MULTILINE)
_LAST_DAY = 10_000
_MOMENT_FORM, _CLOCK_FORM = "%Y-%m-%d %H:%M", "%H:%M"


class _Event(BaseModel):
    """One `[[event]]`, as written."""

    model_config = ConfigDict(extra="forbid")

    at: Text
    day: Annotated[StrictInt, Field(ge=1, le=_LAST_DAY), form(f"a whole number from 1 to {_LAST_DAY}")] | None = None
    whisper: Text | None = None
    notice: Text | None = None
    close: Text | None = None
    open: Text | None = None
    people: Annotated[list[Text], Field(min_length=1), form("a list of one or more names")] | None = None
    place: Text | None = None

    def kind(self) -> Kind:
        """Which of the four kinds it is. Raises ValueError if it is none or several."""
        kinds: list[Kind] = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            there = " and ".join(kinds) or "none"
            raise ValueError(f"an event has exactly one of whisper, notice, close and open; this one has {there}")
        if (self.people is not None and kinds != [WHISPER]) or (self.place is not None) != (kinds == [NOTICE]):
            raise ValueError("a notice needs a `place`, and only a whisper has `people`")
        return kinds[0]


def read(file: Path, meta: Mapping[str, Any]) -> list[Intervention]:
    """The events of a file, for a simulation that starts as in `meta`, in the order of the file.

    Raises:
        UnusableFile: no such file, no TOML, an invalid event; says in which line.
        MazeError: the world of the simulation cannot be used.
    """
    toml = TomlFile(file)
    written = toml.content.get("event")
    if not isinstance(written, list) or not written or set(toml.content) != {"event"}:
        raise UnusableFile(f"{file} must contain events, each beginning with [[event]], and nothing else.")
    lines = [toml.text.count("\n", 0, match.end()) + 1 for match in _HEAD.finditer(toml.text)]
    maze = Maze(meta["maze_name"])
    found = []
    for number, event in enumerate(written):
        where = f"{file}, line {lines[number]}" if len(lines) == len(written) else f"{file}, event {number + 1}"
        try:
            found.append(_intervention(_Event.model_validate(event), meta, maze))
        except ValidationError as error:
            wrong = "; ".join(fault for _, fault in faults(error, _Event, "an event"))
            raise UnusableFile(f"{where}: {wrong}.") from None
        except ValueError as error:
            raise UnusableFile(f"{where}: {error}.") from None
    return found


def _intervention(event: _Event, meta: Mapping[str, Any], maze: Maze) -> Intervention:
    """Raises ValueError for a time in the past, and for unknown people and places."""
    kind, names = event.kind(), meta["persona_names"]
    if unknown := [name for name in event.people or () if name not in names]:
        raise ValueError(f"there is no persona {unknown[0]!r}; available: {', '.join(names)}")
    start = datetime.strptime(meta["curr_time"], TIME_FORMAT)
    time = _time(event, start)
    if time < start:
        raise ValueError(f"{time:{_MOMENT_FORM}} is before the start of the simulation, {start:{_MOMENT_FORM}}")
    if kind == WHISPER:
        return Intervention(time=time, kind=kind, people=event.people or names, text=event.whisper or "")
    place = _place(maze, event.place or event.close or event.open or "", is_thing=kind == NOTICE)
    return Intervention(time=time, kind=kind, text=event.notice or "", place=place)


def _time(event: _Event, start: datetime) -> datetime:
    try:
        if event.day is None:
            return datetime.strptime(event.at, _MOMENT_FORM)
        clock = datetime.strptime(event.at, _CLOCK_FORM)
    except ValueError:
        raise ValueError(f'`at` is like "2024-03-04 09:00", or with a `day` like "09:00", not {event.at!r}') from None
    return start.replace(hour=clock.hour, minute=clock.minute, second=0) + timedelta(days=event.day - 1)


def _place(maze: Maze, name: str, *, is_thing: bool) -> str:
    """The address of an object or place, which may be written without the world. Raises ValueError."""
    address = maze.resolve(name) or maze.resolve(f"{maze.world}:{name}")
    if address is None or address == maze.world or (is_thing and address.count(":") < 3):
        what = "thing (as sector:arena:thing)" if is_thing else "place (as sector or sector:arena)"
        raise ValueError(f"there is no {what} {name!r} in {maze.name}; {_near(maze, name, is_thing)}")
    return address


def _near(maze: Maze, name: str, is_thing: bool) -> str:
    """Similar names, else all names."""
    depths = (3,) if is_thing else (1, 2)
    known = {address.partition(":")[2] for address in maze.address_tiles if address.count(":") in depths}
    last = name.rpartition(":")[2]
    alike = [each for each in sorted(known) if each.rpartition(":")[2] == last]
    near = difflib.get_close_matches(name, sorted(known), 3) or alike
    return f"did you mean {' or '.join(map(repr, near))}" if near else f"available: {', '.join(sorted(known))}"
