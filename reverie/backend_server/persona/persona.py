"""One persona: its memories and its turn in each phase of a step.

Knows its own state only. What it must know of others (who lives where, who stands where) is handed to it by the step.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from maze import Event, Maze, Position
from path_finder import PathFinder
from persona.cognitive_modules import execute, perceive, plan, reflect
from persona.cognitive_modules.perceive import Sight
from persona.memory_structures.associative_memory import AssociativeMemory
from persona.memory_structures.embeddings import Embeddings
from persona.memory_structures.scratch import Scratch
from persona.memory_structures.spatial_memory import MemoryTree
from persona.prompt_template.model import Model
from persona.side_by_side import Each
from saves.storage import PersonaFiles

# Beside the classic files of the associative memory: what the classic form has no place for.
LAST_ACCESSED = "last_accessed.json"


class PersonaMark(NamedTuple):
    """The state of a persona before a step."""

    scratch: dict[str, Any]
    spatial: tuple[Any, ...]
    memory: Any


class Persona:
    """A simulated person.

    Args:
        name: as in `meta.json`.
        files: what its folder holds.
        seed: of the simulation; with the name, the step and a purpose it makes every generator of this persona.
        model: what it thinks with.
    """

    def __init__(self, name: str, files: PersonaFiles, seed: int, model: Model) -> None:
        self.name = name
        self.seed = seed
        self.model = model
        self.step = 0
        self.new_day: str | None = None
        self._extra = files.extra
        self.scratch = Scratch.from_json(files.scratch)
        self.s_mem = MemoryTree(files.spatial)
        # Who remembers nothing yet will have vectors of this model, and of no unknown one.
        embedding_model = files.embedding_model or (
            "" if files.nodes or len(files.embeddings) else model.embedding_model
        )
        self.a_mem = AssociativeMemory(
            files.nodes,
            Embeddings(files.embeddings, embedding_model),
            strength=files.kw_strength,
            last_accessed=files.extra.get(LAST_ACCESSED),
        )
        self.view_without_news: tuple[Any, ...] | None = None

    def files(self) -> PersonaFiles:
        """Everything to be saved of this persona."""
        return PersonaFiles(
            scratch=self.scratch.to_json(),
            spatial=self.s_mem.to_json(),
            nodes=self.a_mem.nodes_to_json(),
            embeddings=self.a_mem.embeddings.to_json(),
            kw_strength=self.a_mem.strength_to_json(),
            extra={
                **self._extra,
                LAST_ACCESSED: self.a_mem.last_accessed_to_json(),
            },
            embedding_model=self.a_mem.embeddings.model,
        )

    def mark(self) -> PersonaMark:
        """What `rewind` goes back to when a step cannot be finished."""
        return PersonaMark(self.scratch.mark(), self.s_mem.mark(), self.a_mem.mark())

    def rewind(self, mark: PersonaMark) -> None:
        """As if the steps since the mark had not been."""
        self.scratch.rewind(mark.scratch)
        self.s_mem.rewind(mark.spatial)
        self.a_mem.rewind(mark.memory)
        self.view_without_news = None

    def generator(self, purpose: str) -> random.Random:
        """A generator of random numbers of its own for each (seed, persona, step, purpose)."""
        return random.Random(f"{self.seed}/{self.name}/{self.step}/{purpose}")

    # Events

    def action_event(self) -> Event:
        """What others see of this persona where it stands."""
        subject, predicate, thing = self.scratch.act_event
        return Event(subject or self.name, predicate, thing, self.scratch.act_description)

    def object_event(self) -> Event | None:
        """What the persona does to the thing it uses; None until it has arrived there."""
        subject, predicate, thing = self.scratch.act_obj_event
        if not subject or not self.scratch.arrived:
            return None
        return Event(subject, predicate, thing, self.scratch.act_obj_description)

    # The phases of a step

    def begin(self, step: int, now: datetime, tile: Position) -> None:
        """Stands on the tile that the environment gives it, at the time of the step."""
        before = self.scratch.curr_time
        self.step = step
        self.new_day = plan.kind_of_day(before, now)
        self.scratch.curr_time = now
        self.scratch.curr_tile = tile
        self.scratch.count_down_buffers()

    def notice(self, maze: Maze) -> list[Sight]:
        """What is new around it, nearest first."""
        return perceive.notice(self, maze)

    def weigh(self, news: Sequence[Sight]) -> list[int]:
        """How much each new event matters to it, 1..10."""
        return perceive.weigh(self, news)

    def remember(self, news: Sequence[Sight], ratings: Sequence[int]) -> None:
        """Stores what is new in its memory."""
        perceive.remember(self, news, ratings)

    @property
    def is_undecided(self) -> bool:
        """Whether there is anything to decide in this step."""
        return bool(self.new_day) or self.scratch.act_finished

    def decide(self, maze: Maze, homes: Mapping[str, str], each: Each) -> None:
        """Plans the day if it is a new one, and the next action if the last one is over."""
        if self.new_day:
            plan.plan_day(self, maze, homes, self.new_day)
        if self.scratch.act_finished:
            plan.determine_action(self, maze, homes, each)

    def is_to_reflect(self, sec_per_step: int) -> bool:
        """Whether there is anything to reflect on in this step."""
        return reflect.is_due(self, sec_per_step)

    def reflect(self, sec_per_step: int) -> None:
        """Looks back when enough has happened, or when a conversation ends."""
        reflect.reflect(self, sec_per_step)

    def act(self, maze: Maze, paths: PathFinder, standing: Mapping[str, Position]) -> Position:
        """Goes one tile on the way to its action; returns where it stands next."""
        return execute.execute(self, maze, paths, standing)
