"""Looks up the names in addresses: a simulation, its steps, its personas. Unknown ones are a 404 that lists the known.

Names are looked up among existing ones; they never become paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import Http404

from compress_sim_storage import demo_folder
from saves.json_files import read_object
from saves.recording import MASTER_MOVEMENT, CompressedRecording, Recording
from saves.simulation import Simulation
from saves.storage import Storage

MOST_NAMED = 40


class Unknown(Http404):
    """Something that does not exist; `known` are the existing names."""

    def __init__(self, what: str, known: Iterable[str] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.known = list(known)[:MOST_NAMED]


def names() -> list[str]:
    """The names of all simulations, even damaged ones."""
    root = Storage.of_checkout().root
    folders = (found for found in root.iterdir() if found.is_dir()) if root.is_dir() else ()
    return sorted(folder.name for folder in folders if not folder.name.startswith("."))


def simulation(name: str) -> Simulation:
    """The simulation of that name, read-only. Raises Unknown, DamagedSimulation."""
    known = names()
    if name not in known:
        raise Unknown(f"There is no simulation “{name}”.", known)
    storage = Storage.of_checkout()
    return Simulation(storage.root / name, storage.temp)


def lived(name: str) -> Simulation:
    """The same of one that has been run. Raises Unknown, DamagedSimulation."""
    found = simulation(name)
    if not Recording(found.path).steps():
        raise Unknown(f"“{name}” has not been run yet: there is nothing to show.")
    return found


@dataclass(frozen=True)
class Demo:
    """A compressed simulation: for watching, like any other."""

    path: Path
    meta: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.path.name


def demo(name: str) -> Demo | None:
    """The demo of that name, whose simulation may have been deleted; None if there is none."""
    folder = demo_folder(Storage.of_checkout(), "any").parent
    made = {found.parent.name: found.parent for found in folder.glob(f"[!.]*/{MASTER_MOVEMENT}")}
    return Demo(made[name], read_object(made[name] / "meta.json")) if name in made else None


def step(text: str, last: int) -> int:
    """The number of a step from 0 to `last`. Raises Unknown."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= last):
        raise Unknown(f"There is no step “{text}”.", [f"0 to {last}"])
    return int(text)


def last_step(found: Simulation | Demo, recording: Recording | CompressedRecording) -> int:
    """The last step that can be shown: the last recorded; without any, the next one of the saved state."""
    return [int(found.meta["step"]), *recording.steps()][-1]


def persona(found: Simulation, text: str) -> str:
    """The name of a persona, written with spaces or, as in addresses, with underscores. Raises Unknown."""
    known: dict[str, str] = {in_address(name): name for name in found.meta["persona_names"]}
    if in_address(text) not in known:
        raise Unknown(f"Nobody in “{found.name}” is called “{text.replace('_', ' ')}”.", known.values())
    return known[in_address(text)]


def in_address(name: str) -> str:
    """A persona's name in an address: First_Last."""
    return name.replace(" ", "_")
