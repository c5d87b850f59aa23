"""Clocks: at which step everybody is, and which people could see each other there and so must step together or wait.

Knows the map and how far people see and move in a step; not what they do.

The rule is that of AI Metropolis (arXiv 2411.03519), extended by walls: two people affect each other's step only if
they are in sight of each other, that is, in the same area and within vision range. A person who is `gap` steps behind
can move at most `gap` tiles before then, and can enter another area only by walking there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from maze import Maze, Position
from path_finder import PathFinder

Places = npt.NDArray[np.intp]
"""Places of people in the roster, in its order: shape (people,)."""


class Reach:
    """Which people could be in sight of each other.

    Args:
        sight: the largest vision range of all people, in tiles.
    """

    def __init__(self, maze: Maze, paths: PathFinder, sight: int) -> None:
        self._maze, self._paths, self._sight = maze, paths, sight
        self._steps_to: dict[str, npt.NDArray[np.int32]] = {}

    def could_see(self, here: Position, tiles: npt.NDArray[np.int32], gaps: npt.NDArray[np.int64]) -> Places:
        """The people who could be in sight of a person standing `here`.

        Args:
            tiles: the last known tile of each person: shape (people, 2).
            gaps: how many steps ago that was; negative for people ahead, who are never included: shape (people,).
        """
        apart = np.abs(tiles - here).max(axis=1)
        near = np.flatnonzero((gaps >= 0) & (apart <= gaps + self._sight))
        if len(near) == 1:
            return near
        walk = self._steps_to_area(here)[tiles[near, 1], tiles[near, 0]]
        seeing: Places = near[walk <= gaps[near]]
        return seeing

    def _steps_to_area(self, here: Position) -> npt.NDArray[np.int32]:
        area = self._maze.area(here)
        if area not in self._steps_to:
            self._steps_to[area] = self._paths.steps_to(self._maze.area_tiles(area))
        return self._steps_to[area]


class Clocks:
    """The step that each person takes next, and the tile on which it begins it.

    Args:
        could_see: `Reach.could_see`, or `everybody` for lockstep.
        tiles: where each person of the roster stands at the first step.
    """

    def __init__(self, could_see: Callable[..., Places], first: int, tiles: Sequence[Position]) -> None:
        self._could_see = could_see
        self.tiles = list(tiles)
        self.steps = [first] * len(tiles)
        self._tiles = np.array(tiles, np.int32)
        self._steps = np.full(len(tiles), first, np.int64)

    def farthest(self) -> int:
        """The next step of the people who are farthest ahead."""
        return int(self._steps.max())

    def companions(self, person: int) -> tuple[list[int], int | None]:
        """(the people who take this person's next step together, in roster order, None).

        If the person must wait: ([], somebody behind, to wait for).
        """
        step, found, to_ask = self.steps[person], {person}, [person]
        while to_ask:
            one = to_ask.pop()
            for other in map(int, self._could_see(self.tiles[one], self._tiles, step - self._steps)):
                if self.steps[other] < step:
                    return [], other
                if other not in found:
                    found.add(other)
                    to_ask.append(other)
        return sorted(found), None

    def advance(self, person: int, tile: Position) -> None:
        """Records that a person has taken a step, and stands on this tile in the next one."""
        self.tiles[person] = tile
        self.steps[person] += 1
        self._tiles[person] = tile
        self._steps[person] += 1


def everybody(here: Position, tiles: npt.NDArray[np.int32], gaps: npt.NDArray[np.int64]) -> Places:
    """All who are not ahead: everybody waits for everybody in each step."""
    return np.flatnonzero(gaps >= 0)
