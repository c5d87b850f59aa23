"""The state of one persona, how it is saved and restored: the cognitive modules work on it.

Knows only its own state; the cognitive modules, and their order in a step, are elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any, NamedTuple

from maze import Event
from persona.memory_structures.associative_memory import AssociativeMemory
from persona.memory_structures.embeddings import Embeddings
from persona.memory_structures.scratch import Scratch
from persona.memory_structures.spatial_memory import MemoryTree
from persona.prompt_template.model import Model
from saves.storage import PersonaFiles

# Beside the classic files of the associative memory: what the classic form has no place for.
LAST_ACCESSED = "last_accessed.json"


class Snapshot(NamedTuple):
    """The state of a persona before a step."""

    scratch: dict[str, Any]
    spatial: tuple[Any, ...]
    memory: Any


class Mind:
    """The state of a persona: what it remembers, plans and does.

    Args:
        name: as in `meta.json`.
        files: the contents of its folder.
        seed: of the simulation; every generator of this persona derives from it, the name, the step and a purpose.
        model: answers its questions.
        without: the kinds of memories, of `kinds.KINDS`, that are never retrieved; with `reflection`, none are made.
    """

    def __init__(self, name: str, files: PersonaFiles, seed: int, model: Model, without: Collection[str] = ()) -> None:
        self.name = name
        self.seed = seed
        self.model = model
        self.step = 0
        self.new_day: str | None = None
        self._extra = files.extra
        self.scratch = Scratch.from_json(files.scratch)
        self.s_mem = MemoryTree(files.spatial)
        # A persona without memories will have vectors of the present model.
        embedding_model = files.embedding_model or (
            "" if files.nodes or len(files.embeddings) else model.embedding_model
        )
        self.a_mem = AssociativeMemory(
            files.nodes,
            Embeddings(files.embeddings, embedding_model),
            strength=files.kw_strength,
            last_accessed=files.extra.get(LAST_ACCESSED),
            withheld=without,
        )
        self.view_without_news: tuple[Any, ...] | None = None

    def files(self, *, only_news: bool = False) -> PersonaFiles:
        """Everything to be saved of this persona; or, if possible, only what is new since `note_saved`."""
        news = self.a_mem.news() if only_news else None
        nodes, strength, accessed = news or self.a_mem.contents()
        extra = {LAST_ACCESSED: accessed}
        return PersonaFiles(
            scratch=self.scratch.to_json(),
            spatial=self.s_mem.to_json(),
            nodes=nodes,
            embeddings=self.a_mem.embeddings,
            kw_strength=strength,
            extra=extra if news else {**self._extra, **extra},
            embedding_model=self.a_mem.embeddings.model,
            embedding_keys=self.a_mem.embedding_keys,
            only_news=bool(news),
        )

    def note_saved(self) -> None:
        """Notes that everything has been saved in its current state."""
        self.a_mem.note_saved()

    def snapshot(self) -> Snapshot:
        """The state that `restore` returns to if a step cannot be finished."""
        return Snapshot(self.scratch.snapshot(), self.s_mem.snapshot(), self.a_mem.snapshot())

    def restore(self, snapshot: Snapshot) -> None:
        """Undoes the steps since the snapshot."""
        self.scratch.restore(snapshot.scratch)
        self.s_mem.restore(snapshot.spatial)
        self.a_mem.restore(snapshot.memory)
        self.view_without_news = None

    def generator(self, purpose: str) -> random.Random:
        """A generator of random numbers of its own for each (seed, persona, step, purpose)."""
        return random.Random(f"{self.seed}/{self.name}/{self.step}/{purpose}")

    # Events

    def action_event(self) -> Event:
        """The event that others see on this persona's tile."""
        subject, predicate, thing = self.scratch.act_event
        return Event(subject or self.name, predicate, thing, self.scratch.act_description, self.scratch.act_poignancy)

    def object_event(self) -> Event | None:
        """The event of the object that the persona uses; None until it has arrived there."""
        subject, predicate, thing = self.scratch.act_obj_event
        if not subject or not self.scratch.arrived:
            return None
        return Event(subject, predicate, thing, self.scratch.act_obj_description, self.scratch.act_obj_poignancy)

    @property
    def is_undecided(self) -> bool:
        """Whether there is anything to decide in this step."""
        return bool(self.new_day) or self.scratch.act_finished
