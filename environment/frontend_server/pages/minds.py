"""A persona's state at a step, read from the last checkpoint of its simulation.

Memories are dated, so they can be shown as of any step; aims and plans are recorded once a day; everything else
is as last saved. Knows the format of the memory files, and no models.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from persona.memory_structures.associative_memory import CHAT, IDLE
from persona.memory_structures.schedule import Entry, entries
from saves.checkpoint import Checkpoint
from saves.game_time import read_node_time, shown_time
from saves.json_files import DamagedSimulation, read_object
from saves.memory_files import NODES, MemoryFiles
from saves.simulation import MEMORIES, Simulation

LATEST = 12
_TRIES = 3


class Memory(NamedTuple):
    """One memory: `kind` is event, thought or chat; a chat has `lines`, a thought `because`, its evidence."""

    kind: str
    created: datetime
    text: str
    poignancy: int
    lines: list[tuple[str, str]]
    because: list[str]
    node_id: str

    @property
    def when(self) -> str:
        """The time of its creation, for readers."""
        return shown_time(self.created)


class Mind(NamedTuple):
    """A persona; memories newest first."""

    scratch: Mapping[str, Any]
    memories: list[Memory]
    places: Mapping[str, Any]

    def known_at(self, time: datetime) -> list[Memory]:
        """The memories up to a game time, newest first."""
        return [memory for memory in self.memories if memory.created <= time]

    @property
    def schedule(self) -> list[Entry]:
        """The schedule of the day; empty if it was not recorded. Raises DamagedSimulation."""
        saved = self.scratch.get("f_daily_schedule") or ()
        try:
            return list(entries((str(what), int(minutes)) for what, minutes in saved))
        except (TypeError, ValueError) as error:
            raise DamagedSimulation(
                f"The day plan of {self.scratch.get('name')} (f_daily_schedule) must hold pairs of an activity and "
                f"minutes ({error}). Restore scratch.json or the day's file in reverie/days from a copy."
            ) from error


def mind(found: Simulation, persona: str, day: date) -> Mind:
    """A persona's mind at the last checkpoint, with its aims and plan on a day. Raises DamagedSimulation.

    The files may be replaced while they are read, so a missing one is read again.
    """
    for _ in range(_TRIES - 1):
        try:
            return _current(found, persona, day)
        except DamagedSimulation:
            continue
    return _current(found, persona, day)


def latest(memories: list[Memory]) -> list[Memory]:
    """The newest memories, without those of idle objects."""
    return [memory for memory in memories if not memory.text.endswith(IDLE)][:LATEST]


def _current(found: Simulation, persona: str, day: date) -> Mind:
    checkpoint = Checkpoint(found.path)
    names = ("scratch.json", "spatial_memory.json", f"{MEMORIES}/{NODES}")
    files = tuple(checkpoint.file(f"personas/{persona}/bootstrap_memory/{name}") for name in names)
    stamps = tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
    saved = _mind(found.path, persona, files, stamps)
    return saved._replace(scratch=found.scratch_on(persona, day, saved.scratch))


@lru_cache(maxsize=64)
def _mind(simulation: Path, persona: str, files: tuple[Path, ...], stamps: tuple[int, ...]) -> Mind:
    scratch, places = map(read_object, files[:2])
    nodes = MemoryFiles(Checkpoint(simulation), f"personas/{persona}/bootstrap_memory/{MEMORIES}").nodes()
    try:
        newest_first = sorted(nodes, key=lambda node_id: -nodes[node_id]["node_count"])
        memories = [_memory(node_id, nodes) for node_id in newest_first]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedSimulation(
            f"{files[2]} holds a memory that cannot be read ({type(error).__name__}: {error})."
        ) from error
    return Mind(scratch, memories, places)


def _memory(node_id: str, nodes: Mapping[str, Mapping[str, Any]]) -> Memory:
    node = nodes[node_id]
    filling = node.get("filling") or []
    is_chat = node["type"] == CHAT
    return Memory(
        kind=node["type"],
        created=read_node_time(node["created"]),
        text=node["description"],
        poignancy=node["poignancy"],
        lines=[(str(speaker), str(text)) for speaker, text in filling] if is_chat else [],
        because=[] if is_chat else [nodes[other]["description"] for other in filling if other in nodes],
        node_id=node_id,
    )
