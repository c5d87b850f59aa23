"""The cost of the two files of a step, and the share of the file system in it.

Knows how a step is written; not what the people in it are up to.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.table import Figure
from bench.towns import Towns
from maze import Position
from saves.storage import Simulation, Storage

PEOPLE = 25
_STEPS = 1_000
_MOST_MS = 0.15


def figures(towns: Towns) -> list[Figure]:
    """Milliseconds a file, of wall time; beside it those of the bare system calls for the same bytes."""
    simulation = Storage(towns.checkout.storage).fork(towns.base(PEOPLE), "step-files")
    movement, positions = _movement(simulation), simulation.positions(0)
    ours = _median(lambda step: simulation.write_step(step, movement, positions)) / 2
    files = [simulation.path / "movement" / "0.json", simulation.path / "environment" / "1.json"]
    contents = [(file, file.read_bytes()) for file in files]
    bare = _median(lambda step: [_write(file.parent, step, content) for file, content in contents]) / 2
    simulation.remove()
    return [
        Figure("a step file, ms", ours * 1e3, PEOPLE, at_most=_MOST_MS),
        Figure("of that the bare system calls, ms", bare * 1e3, PEOPLE),
    ]


def _movement(simulation: Simulation) -> dict[str, Any]:
    """A step in which everyone reads at home."""

    def reading(name: str, tile: Position) -> dict[str, Any]:
        home = simulation.read_persona(name).scratch["living_area"]
        said = f"reading a book about the stars @ {home}:sofa"
        return {"movement": list(tile), "pronunciatio": "📖", "description": said, "chat": None}

    return {
        "persona": {name: reading(name, tile) for name, tile in simulation.positions(0).items()},
        "meta": {"curr_time": simulation.meta["curr_time"]},
    }


def _write(folder: Path, step: int, content: bytes) -> None:
    beside, file = f"{folder}/.{step}.bare.new", f"{folder}/{step}.bare"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(descriptor, content)
    os.close(descriptor)
    os.replace(beside, file)


def _median(do: Callable[[int], object]) -> float:
    """Seconds of one round, each with a number of its own."""

    def seconds(step: int) -> float:
        began = time.perf_counter()
        do(step)
        return time.perf_counter() - began

    return median(seconds(step) for step in range(_STEPS))
