"""The path tester: the operator walks the map, and the places seen on the way are recorded as a spatial memory.

Knows only the map; personas neither see nor remember the walk.
"""

from __future__ import annotations

import re

from maze import Position
from persona.memory_structures.spatial_memory import MemoryTree
from town.town import Town

DIRECTIONS = {"w": (0, -1), "a": (-1, 0), "s": (0, 1), "d": (1, 0)}
VISION = 8
FILE = "path_tester_spatial_memory.json"
_USAGE = "w, a, s, d to walk (d5: five tiles), 'x, y' to jump, 'done' to stop."
_STEPS = re.compile(r"([wasd])\s*(\d{0,4})")
_JUMP = re.compile(r"(\d{1,6})\s*[,\s]\s*(\d{1,6})")


def walk(server: Town) -> None:
    """Asks for moves until `done`, then writes the tree of the places seen to `temp_storage`."""
    position = next(iter(server.positions.values()))
    seen = MemoryTree()
    print(f"Path tester: {_USAGE}")
    while True:
        seen.learn(server.maze.visible_places(position, VISION))
        try:
            typed = input(f"{position} {server.maze.address(position)}> ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            print()
            break
        if typed == "done":
            break
        position = _moved(server, position, typed, seen)
    print(f"The places seen are in {server.keep_record(FILE, seen.to_json())}.")


def _moved(server: Town, position: Position, typed: str, seen: MemoryTree) -> Position:
    """Where a move leads; it stops before the first tile that cannot be walked on."""
    if jump := _JUMP.fullmatch(typed):
        goal = (int(jump[1]), int(jump[2]))
        return goal if _walkable(server, goal) else _refused(position, "That tile cannot be walked on.")
    if not (steps := _STEPS.fullmatch(typed)):
        return _refused(position, _USAGE)
    dx, dy = DIRECTIONS[steps[1]]
    for _ in range(int(steps[2] or 1)):
        goal = (position[0] + dx, position[1] + dy)
        if not _walkable(server, goal):
            return _refused(position, "There is a wall.")
        position = goal
        seen.learn(server.maze.visible_places(position, VISION))
    return position


def _walkable(server: Town, position: Position) -> bool:
    return server.maze.contains(position) and not server.maze.tile(position).collision


def _refused(position: Position, why: str) -> Position:
    print(why)
    return position
