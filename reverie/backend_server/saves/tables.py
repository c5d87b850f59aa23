"""A simulation as plain tables, for notebooks and reports: who lives there, what they did, said, remember and cost.

    tables = open_tables("willow_bend_n3_1")
    pandas.DataFrame(tables.talks)

Read-only, as of the last checkpoint, even while the simulation runs. Knows the formats of the files and what a row is;
no models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from maze import Maze, MazeError
from saves import usage_inbox
from saves.game_time import read_node_time, time_at
from saves.json_files import DamagedSimulation
from saves.recording import Act, RecordedStep, Recording
from saves.simulation import Simulation
from saves.storage import Storage, StorageError
from saves.table_rows import Event, Fallback, Line, Memory, Person, Step, Usage
from saves.timeline import Conversation, Timeline, timeline


class Tables:
    """The tables of one simulation. Reading them raises DamagedSimulation when a file of it cannot be read."""

    def __init__(self, simulation: Simulation) -> None:
        self.name = simulation.name
        self.meta: Mapping[str, Any] = dict(simulation.meta)
        self.names: list[str] = self.meta["persona_names"]
        self._simulation = simulation
        self._recording = Recording(simulation.path)
        self._step = timedelta(seconds=self.meta["sec_per_step"])
        self._memories: dict[str, list[Memory]] = {}
        self._places: dict[tuple[int, int], str] = {}  # of tiles, as long as there is a world

    def time(self, step: int) -> datetime:
        """The game time at the start of a step."""
        return self.start + step * self._step

    @cached_property
    def start(self) -> datetime:
        """The game time at which the first step began."""
        return time_at(self.meta, 0)

    @property
    def end(self) -> datetime:
        """The game time of the last checkpoint."""
        return self.time(self.meta["step"])

    @cached_property
    def people(self) -> list[Person]:
        """Everyone, as saved."""
        return [_person(name, self._simulation.read_scratch(name)) for name in self.names]

    @cached_property
    def people_at_start(self) -> list[Person]:
        """Everyone as in the original base of the simulation; as saved if it no longer exists."""
        base = _base(self._simulation)
        if base is None:
            return self.people
        known = base.meta["persona_names"]
        return [_person(who.name, base.read_scratch(who.name)) if who.name in known else who for who in self.people]

    @property
    def steps(self) -> Iterator[Step]:
        """What everyone did, step by step, from the first on; each step is read only when needed."""
        for step in self._recorded():
            time = self.time(step.number)
            for name, act in step.people.items():
                place = self._place(act)
                yield Step(step.number, time, name, act.x, act.y, place, act.pronunciatio, act.action, act.address)

    @cached_property
    def timeline(self) -> Timeline:
        """The same in spans of steps; a stay is in a sector, "" between places."""
        return timeline(self._recorded(), lambda act: self._place(act).partition(":")[0])

    @cached_property
    def talks(self) -> list[Line]:
        """Every line that was said."""
        return [
            Line(number, count, talk.first, self.time(talk.first), self.time(talk.last + 1), *about, speaker, text)
            for number, talk in enumerate(self.timeline.conversations, 1)
            for about in [(self.place_of(talk), "; ".join(talk.participants))]
            for count, (speaker, text) in enumerate(talk.lines, 1)
        ]

    @cached_property
    def memories(self) -> list[Memory]:
        """What everyone remembers, by persona, oldest first."""
        return [memory for name in self.names for memory in self.memories_of(name)]

    def memories_of(self, name: str) -> list[Memory]:
        """What one persona remembers, oldest first."""
        if name not in self._memories:
            end = self.end
            self._memories[name] = [memory for memory in self._read(name) if memory.created <= end]
        return self._memories[name]

    def vectors_of(self, name: str) -> Mapping[str, Any]:
        """{embedding_key: vector} of the persona's memories that have one."""
        return self._simulation.read_vectors(name)

    @cached_property
    def events(self) -> list[Event]:
        """The events from outside, in the order in which they entered; older simulations have no record of them."""
        found = self._simulation.read_events()
        return [
            Event(e["step"], read_node_time(e["time"]), e["kind"], e["persona"], e["text"], e.get("place", ""))
            for e in found
        ]

    @cached_property
    def usage(self) -> list[Usage]:
        """The usage in total, then by model, purpose, persona and, in newer simulations, game hour."""
        saved = self._used
        return [_usage(saved, split, label) for split, label in _splits(saved)]

    @cached_property
    def fallbacks(self) -> list[Fallback]:
        """The answers that fell back, by purpose and reason."""
        reasons = self._used.get("fallback_reasons", {})
        return [
            Fallback(purpose, why, n) for purpose, each in sorted(reasons.items()) for why, n in sorted(each.items())
        ]

    @cached_property
    def sectors(self) -> list[str]:
        """The names of the places of the town; only those that were visited, if the world no longer exists."""
        if self._maze:
            return sorted({tile.sector for row in self._maze.tiles for tile in row if tile.sector})
        return sorted({stay.place for stay in self.timeline.stays if stay.place})

    def place_of(self, talk: Conversation) -> str:
        """Where a conversation was: `sector:arena`."""
        return self._at(talk.tile, "")

    # Details

    def _read(self, name: str) -> list[Memory]:
        nodes = self._simulation.read_nodes(name)
        try:
            found = sorted(nodes.items(), key=lambda item: item[1]["node_count"])
            return [_memory(name, node_id, node) for node_id, node in found]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DamagedSimulation(
                f"A memory of {name!r} in {self.name!r} cannot be read ({type(error).__name__}: {error})."
            ) from error

    @cached_property
    def _used(self) -> dict[str, Any]:
        return usage_inbox.with_visits(self._simulation.read_usage(), usage_inbox.waiting(self._simulation.path))

    @cached_property
    def _maze(self) -> Maze | None:
        """The world, which says where a tile is; it may have been deleted since."""
        try:
            return Maze(self.meta["maze_name"])
        except MazeError:
            return None

    def _recorded(self) -> Iterator[RecordedStep]:
        """The steps up to the last checkpoint."""
        return (self._recording.read(step) for step in self._recording.steps() if step < self.meta["step"])

    def _place(self, act: Act) -> str:
        return self._at((act.x, act.y), act.address)

    def _at(self, tile: tuple[int, int], address: str) -> str:
        """`sector:arena` of a tile; without a world, of the address of what is done there."""
        if self._maze is None:
            return _inner(address)
        if tile not in self._places:
            self._places[tile] = _inner(self._maze.address(tile, "arena")) if self._maze.contains(tile) else ""
        return self._places[tile]


def open_tables(name: str, storage: Storage | None = None) -> Tables:
    """The tables of the simulation of that name, in `storage` or else where utils.py says.

    Raises BadName, UnknownSimulation, DamagedSimulation.
    """
    return Tables((storage or Storage.of_checkout()).look(name))


def _inner(address: str) -> str:
    return ":".join(address.split(":")[1:3])


def _base(simulation: Simulation) -> Simulation | None:
    """The base at the beginning of a chain of forks; None when one of them is no longer there."""
    storage = Storage(simulation.path.parent)
    seen: set[str] = set()
    while not simulation.is_base:
        seen.add(simulation.name)
        try:
            simulation = storage.look(simulation.meta["fork_sim_code"])
        except StorageError:
            return None
        if simulation.name in seen:
            return None
    return simulation


def _person(name: str, scratch: Mapping[str, Any]) -> Person:
    keys = {key: key for key in ("innate", "learned", "currently", "lifestyle")} | {"home": "living_area"}
    return Person(name, scratch.get("age") or 0, **{field: str(scratch.get(key) or "") for field, key in keys.items()})


def _memory(persona: str, node_id: str, node: Mapping[str, Any]) -> Memory:
    is_chat, text, filling = node["type"] == "chat", node["description"], node.get("filling") or ()
    return Memory(
        persona,
        node_id,
        kind=node["type"],
        created=read_node_time(node["created"]),
        subject=node["subject"] or "",
        predicate=node["predicate"] or "",
        object=node["object"] or "",
        text=text,
        poignancy=node["poignancy"],
        depth=node.get("depth") or 0,
        evidence=() if is_chat else tuple(filling),
        lines=tuple((str(speaker), str(line)) for speaker, line in filling) if is_chat else (),
        embedding_key=node.get("embedding_key") or text,
    )


_COUNTS = ("requests", "input_tokens", "output_tokens", "embedding_tokens", "unpriced")


def _splits(saved: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "total", ""
    for part in sorted(name for name in saved if name.startswith("by_")):
        labels = {*saved[part], *(saved.get("questions", {}) if part == "by_purpose" else ())}
        yield from ((part.removeprefix("by_"), label) for label in sorted(labels))


def _usage(saved: Mapping[str, Any], split: str, label: str) -> Usage:
    tally = saved.get("total", {}) if split == "total" else saved[f"by_{split}"].get(label, {})
    return Usage(
        split,
        label,
        **{name: int(tally.get(name, 0)) for name in _COUNTS},
        cost_usd=float(tally.get("cost_usd", 0)),
        questions=_asked(saved.get("questions", {}), split, label),
        fallbacks=_asked(saved.get("fallbacks", {}), split, label),
    )


def _asked(counts: Mapping[str, int], split: str, label: str) -> int:
    """Questions are counted by purpose only."""
    return sum(counts.values()) if split == "total" else counts.get(label, 0) if split == "purpose" else 0
