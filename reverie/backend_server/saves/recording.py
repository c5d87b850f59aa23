"""The recorded steps of a simulation: where everybody went, what they did and said. Read-only.

Knows the formats of `movement/<step>.json` and of a compressed simulation; nothing about memories, models or maps.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from saves.json_files import DamagedSimulation, read_object

MASTER_MOVEMENT = "master_movement.json"

_TALK = re.compile(rb'"chat"\s*:\s*\[')

Lines = tuple[tuple[str, str], ...]


class Act(NamedTuple):
    """Where a persona goes in a step and what it does; `lines` are (speaker, text) pairs while it talks, else ()."""

    x: int
    y: int
    pronunciatio: str
    description: str
    lines: Lines = ()

    @property
    def action(self) -> str:
        """The action, without its place."""
        return self.description.rpartition(" @ ")[0] or self.description

    @property
    def address(self) -> str:
        """Where it does it: `world:sector:arena:game object`, or `<persona> Name`; "" if that is not said."""
        _, mark, address = self.description.rpartition(" @ ")
        return address if mark else ""


def place_in_words(address: str) -> str:
    """A place for people to read, the smallest part first: "stove, kitchen, house" for "town:house:kitchen:stove"."""
    if address.startswith("<persona>"):
        return f"with {address[9:].strip()}"
    if address.startswith("<waiting>"):
        return "waiting"
    return ", ".join(part for part in reversed(address.split(":")[1:]) if part and not part.startswith("<"))


class RecordedStep(NamedTuple):
    """One step: {persona: what it did}."""

    number: int
    people: Mapping[str, Act]


class Recording:
    """The steps in the `movement` folder of a simulation; there may be none, and more may be added at any time."""

    def __init__(self, folder: Path) -> None:
        self._movement = folder / "movement"

    def steps(self) -> list[int]:
        """The numbers of the steps so far, in order."""
        names = os.listdir(self._movement) if self._movement.is_dir() else ()
        stems = (name.removesuffix(".json") for name in names if name.endswith(".json"))
        return sorted(int(stem) for stem in stems if stem.isdecimal())

    def read(self, number: int) -> RecordedStep:
        """One step; raises DamagedSimulation, naming the file, when it is missing or half-written."""
        file = self.file(number)
        return RecordedStep(number, _people(file, read_object(file).get("persona")))

    def talks(self, number: int) -> RecordedStep:
        """One step as far as there are talks in it: without one nobody is named, and it is not parsed, for speed."""
        file = self.file(number)
        try:
            is_silent = not _TALK.search(file.read_bytes())
        except OSError:
            is_silent = False
        return RecordedStep(number, {}) if is_silent else self.read(number)

    def file(self, number: int) -> Path:
        """Where a step is or would be."""
        return self._movement / f"{number}.json"

    def __iter__(self) -> Iterator[RecordedStep]:
        """All steps in order, each read when it is its turn; raises DamagedSimulation at one that cannot be read."""
        return (self.read(number) for number in self.steps())


class CompressedRecording:
    """The steps of `compressed_storage/<sim>`, read as a whole; raises DamagedSimulation when they cannot be."""

    def __init__(self, folder: Path) -> None:
        file = folder / MASTER_MOVEMENT
        changes = read_object(file)
        people: dict[str, Act] = {}
        self._people: dict[int, Mapping[str, Act]] = {}
        for number in sorted(int(name) for name in changes if name.isdecimal()):
            if changed := changes[str(number)]:
                people = {**people, **_people(file, changed)}
            self._people[number] = people

    def steps(self) -> list[int]:
        """The numbers of all steps, in order."""
        return list(self._people)

    def read(self, number: int) -> RecordedStep:
        """One step, with everyone in it; raises DamagedSimulation when there is none of this number."""
        if number not in self._people:
            raise DamagedSimulation(f"The compressed simulation has no step {number}.")
        return RecordedStep(number, self._people[number])


def _people(file: Path, rows: Any) -> dict[str, Act]:
    try:
        return {name: _act(row) for name, row in rows.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedSimulation(
            f"{file} does not say who goes where ({type(error).__name__}: {error}). Restore it from a copy."
        ) from error


def _act(row: Mapping[str, Any]) -> Act:
    x, y = row["movement"]
    lines = tuple((str(speaker), str(text)) for speaker, text in row.get("chat") or ())
    return Act(int(x), int(y), row.get("pronunciatio") or "", row.get("description") or "", lines)
