"""The cost of a long memory: retrieval, idle steps, loading and saving of one persona, on one core.

    python tests/bench/long_memories.py [memories]

Knows how the figures are taken, with vectors out of a generator in place of a model; not which figures are good.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent / "reverie" / "backend_server")]

import numpy as np  # noqa: E402

import small_world  # noqa: E402
from persona.cognitive_modules import retrieve  # noqa: E402
from persona.memory_structures.associative_memory import Concept  # noqa: E402
from persona.persona import Persona  # noqa: E402
from persona.prompt_template.gpt_structure import Client  # noqa: E402
from persona.prompt_template.model import Model  # noqa: E402
from saves.storage import PersonaFiles, Simulation, Storage  # noqa: E402
from scripted import START, persona  # noqa: E402

MEMORIES, DIMENSIONS = 10_000, 1536
IDLE_STEPS = 1_000


def figures(memories: int = MEMORIES, dimensions: int = DIMENSIONS) -> dict[str, float]:
    """The time of each operation, by its name, which ends in the unit; CPU time except for retrieval and idle steps."""
    model = _Generator(dimensions)
    someone = _with_memories(persona(small_world.ADA), memories, model)
    found = {"retrieval, ms a focal point": _retrieval(someone, model)}
    found["idle step of its memory, us"] = _best(lambda: _idle_steps(someone), time.perf_counter) * 1e6 / IDLE_STEPS
    with tempfile.TemporaryDirectory() as folder:
        world = small_world.build(Path(folder), [small_world.ADA])
        town = Storage(world.storage, world.temp).fork(small_world.BASE, "town")
        found |= _saving(town, someone, model) | _loading(town, model)
        town.close()
    return found


class _Generator(Model):
    """Vectors out of a generator, of length 1 as a model's are; measures what making them takes."""

    def __init__(self, dimensions: int) -> None:
        super().__init__(Client())
        self.seconds = 0.0
        self._dimensions = dimensions
        self._numbers = np.random.default_rng(7)

    def embed(self, texts: Sequence[str], *, persona: str) -> list[Any]:
        start = time.perf_counter()
        rows = self._numbers.standard_normal((len(texts), self._dimensions))
        vectors = list(rows / np.linalg.norm(rows, axis=1, keepdims=True))
        self.seconds += time.perf_counter() - start
        return vectors


def _with_memories(someone: Persona, count: int, model: Model) -> Persona:
    someone.model = model
    for _ in range(count):
        _remember(someone)
    retrieve.embed_memories(someone)
    return someone


def _remember(someone: Persona) -> None:
    number = len(someone.a_mem.nodes)
    text = f"{someone.name} is doing the {number}th thing of a long life in the kitchen of the Corner Cafe"
    words = {someone.name, f"thing {number}", "kitchen"}
    told = Concept(someone.name, "does", f"thing {number}", text, text, number % 10 + 1, words)
    someone.a_mem.add_event(told, START + timedelta(seconds=10 * number))


def _retrieval(someone: Persona, model: _Generator) -> float:
    """Milliseconds of one focal point, without embedding it."""

    def seconds() -> float:
        start, embedding = time.perf_counter(), model.seconds
        retrieve.by_focus(someone, ["What matters?"])
        return time.perf_counter() - start - (model.seconds - embedding)

    return min(seconds() for _ in range(10)) * 1e3


def _idle_steps(someone: Persona) -> None:
    for _ in range(IDLE_STEPS):
        someone.a_mem.snapshot()
        someone.a_mem.latest_triples(someone.scratch.retention)
        someone.a_mem.last_chat_with("Ben Moss")


def _saving(town: Simulation, someone: Persona, model: Model) -> dict[str, float]:
    def checkpoint(*, only_news: bool = False) -> dict[str, PersonaFiles]:
        files = {someone.name: someone.files(only_news=only_news)}
        town.checkpoint(town.meta, files)
        someone.note_saved()
        return files

    def checkpoint_after_more() -> None:
        for _ in range(10):
            _remember(someone)
        retrieve.embed_memories(someone)
        checkpoint(only_news=True)

    def save() -> None:
        town.write_classic_embeddings(checkpoint())

    return {
        "first checkpoint, s": _best(checkpoint, rounds=1),
        "checkpoint after 10 more, s": _best(checkpoint_after_more),
        "save with the classic embeddings.json, s": _best(save, rounds=1),
    }


def _loading(town: Simulation, model: Model) -> dict[str, float]:
    def load() -> None:
        Persona(small_world.ADA.name, town.read_persona(small_world.ADA.name), 7, model)

    own = _best(load)
    memory = town.path / "personas" / small_world.ADA.name / "bootstrap_memory" / "associative_memory"
    small_world.write_json(memory / "embedding_model.json", {"model": model.embedding_model})
    return {"loading, s": own, "loading from the classic embeddings.json, s": _best(load, rounds=2)}


def _best(do: Callable[[], object], clock: Callable[[], float] = time.process_time, rounds: int = 3) -> float:
    """Seconds: the least of some rounds, for what else runs on a machine only ever adds."""

    def seconds() -> float:
        start = clock()
        do()
        return clock() - start

    return min(seconds() for _ in range(rounds))


if __name__ == "__main__":
    for name, figure in figures(*map(int, sys.argv[1:2])).items():
        print(f"{figure:10.3f}  {name}")
