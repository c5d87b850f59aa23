"""Shortest paths over the free tiles of a map, in steps to the four neighbors.

Knows which tiles are blocked, and nothing about addresses, events or personas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from maze import Maze, Position, Tile

FAR = 10**9
"""More steps than any path has."""

_KEPT_FLOODS = 1024
"""How many starting tiles are cached; each takes three bits per tile (5 kB on a map of 140 x 100)."""


class PathError(ValueError):
    """A tile is outside the map."""


class PathFinder:
    """Uses the map alone: the same two tiles always give the same path.

    Tiles are bits of one large integer, so a whole wave of a breadth-first search moves in a few shifts. Only
    the distances modulo 3 of a search are kept: those of neighboring tiles differ by exactly one, which is enough
    to tell the nearer neighbors from the farther ones.
    """

    def __init__(self, maze: Maze):
        self._width, self._height = maze.width, maze.height
        # A blocked column at the end of each row, and a blocked row above, keep a shift from coming round.
        self._row = maze.width + 1
        self._free = _bits(maze, lambda tile: not tile.collision)
        self._inside = _bits(maze, lambda tile: True)
        self._flood = lru_cache(maxsize=_KEPT_FLOODS)(self._flood_from)

    def distances(self, start: Position, targets: Iterable[Position]) -> dict[Position, int]:
        """{target: steps from start} for the targets that can be reached, in the order given."""
        origin = self._cell(start)
        ways = ((target, self._way_back(origin, self._cell(target))) for target in targets)
        return {target: len(way) for target, way in ways if way is not None}

    def path(self, start: Position, target: Position) -> list[Position] | None:
        """The tiles of a shortest path, without `start`, with `target`; [] if they are the same.

        None if there is no path. A blocked start or target may be left or entered from a free neighbor.
        """
        way = self._way_back(self._cell(start), self._cell(target))
        return None if way is None else [self._position(cell) for cell in reversed(way)]

    def steps_to(self, targets: Iterable[Position]) -> npt.NDArray[np.int32]:
        """A lower bound of the steps from every tile to the nearest target: shape (height, width); FAR without a path.

        Blocked tiles can be left and entered from their neighbors, but not crossed; targets may be blocked.
        """
        steps = np.full((self._height, self._width), FAR, np.int32)
        wave = sum(1 << self._cell(target) for target in set(targets))
        unseen = self._inside & ~wave
        distance = 0
        while wave:
            steps[self._mask(wave)] = distance
            passable = wave & self._free if distance else wave
            wave = self._around(passable) & unseen
            unseen ^= wave
            distance += 1
        return steps

    def _mask(self, cells: int) -> npt.NDArray[np.bool_]:
        """Cells as booleans: shape (height, width)."""
        size = (self._height + 1) * self._row
        bits = np.frombuffer(cells.to_bytes(-(-size // 8), "little"), np.uint8)
        mask: npt.NDArray[np.bool_] = np.unpackbits(bits, count=size, bitorder="little").reshape(-1, self._row) != 0
        return mask[1:, : self._width]

    def _around(self, cells: int) -> int:
        return cells << 1 | cells >> 1 | cells << self._row | cells >> self._row

    def _way_back(self, start: int, target: int) -> list[int] | None:
        """The cells from `target` to the one before `start`; None if there is no path."""
        if target == start or self._free >> target & 1:
            return self._descend(start, target)
        ways = (self._descend(start, cell) for cell in self._beside(target))
        shortest = min((way for way in ways if way is not None), key=len, default=None)
        return None if shortest is None else [target, *shortest]

    def _descend(self, start: int, cell: int) -> list[int] | None:
        waves = self._flood(start)
        phase = next((phase for phase in range(3) if waves[phase] >> cell & 1), None)
        if phase is None:
            return None
        way = []
        while cell != start:
            way.append(cell)
            phase = (phase - 1) % 3
            nearer = waves[phase]
            cell = next(beside for beside in self._beside(cell) if nearer >> beside & 1)
        return way

    def _flood_from(self, start: int) -> tuple[int, int, int]:
        """The cells that can be reached from `start`, by their distance modulo 3."""
        waves = [0, 0, 0]
        wave = 1 << start
        unseen = self._free & ~wave
        distance = 0
        while wave:
            waves[distance % 3] |= wave
            wave = self._around(wave) & unseen
            unseen ^= wave
            distance += 1
        return waves[0], waves[1], waves[2]

    def _beside(self, cell: int) -> Iterator[int]:
        yield cell - self._row
        yield cell - 1
        yield cell + 1
        yield cell + self._row

    def _cell(self, position: Position) -> int:
        x, y = position
        if not (0 <= x < self._width and 0 <= y < self._height):
            raise PathError(f"{position} is outside the map of {self._width} x {self._height} tiles.")
        return (y + 1) * self._row + x

    def _position(self, cell: int) -> Position:
        y, x = divmod(cell, self._row)
        return x, y - 1


def _bits(maze: Maze, counts: Callable[[Tile], bool]) -> int:
    """The tiles that count as one integer: bit (y + 1) * (width + 1) + x stands for (x, y)."""
    rows = ["0" * (maze.width + 1)]
    rows += ["".join("1" if counts(tile) else "0" for tile in row) + "0" for row in maze.tiles]
    return int("".join(rows)[::-1], 2)
