"""Small synthetic simulations with known figures: positions, lines and memories are set by the test.

town = SyntheticTown(world)              # Ada, Ben and Cleo in the small world, 10 minutes a step
town.step({ADA: KITCHEN, BEN: CAFE_TILE}, talk=((ADA, "Hello."), (BEN, "Hello.")))
town.remembers(BEN, 1, "Ada Finch is kind")
tables = town.saved()
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from saves.game_time import TIME_FORMAT, time_at, written_node_time
from saves.storage import Storage
from saves.tables import Tables, open_tables
from small_world import ADA, BASE, BEN, CLEO, PEOPLE, Inhabitant, Position, SmallWorld

ADAS_ROOM, KITCHEN, BENS_ROOM = (1, 2), (8, 2), (16, 2)
CAFE_TILE, GARDEN, STREET = (2, 9), (9, 9), (5, 5)
SECONDS_A_STEP = 600

Talk = Sequence[tuple[Inhabitant, str]]


class SyntheticTown:
    """A fork of the small world's base, of ten minutes a step, to which steps and memories are added by hand."""

    def __init__(self, world: SmallWorld, name: str = "synthetic_town") -> None:
        self._storage = Storage(world.storage, world.temp)
        self.simulation = self._storage.fork(BASE, name)
        self.simulation.keep_meta(sec_per_step=SECONDS_A_STEP)
        self._tiles: dict[str, Position] = {person.name: person.tile for person in PEOPLE}
        self._nodes: dict[str, dict[str, Any]] = {person.name: {} for person in PEOPLE}
        self._events: list[dict[str, Any]] = []
        self._step = 0

    def step(
        self, tiles: Mapping[Inhabitant, Position] | None = None, talk: Talk = (), times: int = 1
    ) -> SyntheticTown:
        """Moves people; the others stay. The speakers in `talk` have that conversation in all these steps."""
        self._tiles |= {person.name: tile for person, tile in (tiles or {}).items()}
        lines = [[speaker.name, line] for speaker, line in talk]
        speakers = {speaker for speaker, _ in lines}
        for _ in range(times):
            rows = {name: _row(tile, lines if name in speakers else None) for name, tile in self._tiles.items()}
            now = time_at(self.simulation.meta, self._step).strftime(TIME_FORMAT)
            self.simulation.write_step(self._step, {"persona": rows, "meta": {"curr_time": now}}, self._tiles)
            self._step += 1
        return self

    def remembers(
        self,
        person: Inhabitant,
        step: int,
        text: str,
        kind: str = "thought",
        evidence: Sequence[str] = (),
        talk: Talk = (),
        depth: int = 1,
    ) -> str:
        """Adds a memory made in a step; its node."""
        nodes = self._nodes[person.name]
        number = len(nodes) + 1
        nodes[f"node_{number}"] = {
            "node_count": number,
            "type_count": number,
            "type": kind,
            "depth": depth,
            "created": written_node_time(time_at(self.simulation.meta, step)),
            "expiration": None,
            "subject": person.name,
            "predicate": "thinks",
            "object": "something",
            "description": text,
            "embedding_key": text,
            "poignancy": 4,
            "keywords": [],
            "filling": [[speaker.name, line] for speaker, line in talk] if kind == "chat" else list(evidence),
        }
        return f"node_{number}"

    def whispers(self, person: Inhabitant, step: int, text: str) -> str:
        """Something whispered at the start of a step, which becomes a thought; its node."""
        time = written_node_time(time_at(self.simulation.meta, step))
        event = {"kind": "whisper", "persona": person.name, "text": text, "file": ""}
        self._events.append({"step": step, "time": time, **event})
        return self.remembers(person, step, text)

    def saved(self) -> Tables:
        """Saves it at the step after the last; its tables."""
        made = self.simulation
        meta = {
            **made.meta,
            "step": self._step,
            "curr_time": time_at(made.meta, self._step).strftime(TIME_FORMAT),
        }
        people = {name: made.read_persona(name) for name in meta["persona_names"]}
        made.checkpoint(meta, people, record=self._events)
        for name, nodes in self._nodes.items():
            file = made.path / "personas" / name / "bootstrap_memory" / "associative_memory" / "nodes.json"
            file.write_text(json.dumps(nodes, ensure_ascii=False), encoding="utf-8")
        made.close()
        return open_tables(made.name, self._storage)


def _row(tile: Position, lines: list[list[str]] | None) -> dict[str, Any]:
    return {"movement": list(tile), "pronunciatio": "🙂", "description": "being there @ W:S:A:O", "chat": lines}


__all__ = ["ADA", "BEN", "CLEO", "SyntheticTown"]
