"""The cost of a path: found for the first time, found again, and walked. CPU time.

Knows maps and ways on them; nothing of towns that live.
"""

from __future__ import annotations

import random
import time
from types import SimpleNamespace
from typing import Any

import small_world
from bench import published
from bench.table import Figure
from maze import Maze, Position
from path_finder import PathFinder
from persona.cognitive_modules.execute import execute
from scripted import persona
from whole_days import WORLD

WIDTH, HEIGHT = 140, 100
_PATHS = 200
_COLD_MS, _KNOWN_US = 1.0, 5.0


def figures() -> list[Figure]:
    """Milliseconds of a path that is new, microseconds for each of its tiles when it is not."""
    town = _map()
    ends = _ends(town)
    finder = PathFinder(town)
    cold, found = _sought(finder, ends)
    again, _ = _sought(finder, ends)
    tiles = sum(map(len, found))
    return [
        Figure(
            f"a path on {WIDTH} x {HEIGHT} tiles, cold, ms",
            cold / _PATHS * 1e3,
            at_most=_COLD_MS,
            original=published.PATH_MS,
        ),
        Figure("the same path again, us a tile", again / tiles * 1e6, at_most=_KNOWN_US),
        Figure("walking it, us a tile", _walked(found, town, finder) / tiles * 1e6, at_most=_KNOWN_US),
        Figure("tiles of such a path", tiles / _PATHS),
    ]


def _map() -> Any:
    """The houses and streets of the town, repeated on a map of the requested size."""
    town = Maze(WORLD)
    rows = [[town.tiles[y % town.height][x % town.width] for x in range(WIDTH)] for y in range(HEIGHT)]
    return SimpleNamespace(width=WIDTH, height=HEIGHT, tiles=rows)


def _ends(town: Maze) -> list[tuple[Position, Position]]:
    """Two free tiles each, all starts different, with a path between them."""
    free = [(x, y) for y, row in enumerate(town.tiles) for x, tile in enumerate(row) if not tile.collision]
    first = free[len(free) // 2]
    reached = sorted(PathFinder(town).distances(first, free))
    chance = random.Random(1)
    return list(zip(chance.sample(reached, _PATHS), chance.sample(reached, _PATHS), strict=True))


def _sought(finder: PathFinder, ends: list[tuple[Position, Position]]) -> tuple[float, list[list[Position]]]:
    """(seconds, the paths)."""
    began = time.process_time()
    found = [finder.path(start, target) or [] for start, target in ends]
    return time.process_time() - began, found


def _walked(found: list[list[Position]], town: Maze, finder: PathFinder) -> float:
    """Seconds to walk all of them, tile by tile."""
    someone = persona(small_world.ADA)
    scratch = someone.scratch
    began = time.process_time()
    for path in found:
        scratch.planned_path, scratch.act_path_set = tuple(path), True
        for _ in path:
            scratch.curr_tile = execute(someone, town, finder, {})
    return time.process_time() - began
