"""Clocks: at which step everybody is, and who could see whom there, and so must take it together or wait.

Knows the map and how far people see and go in a step; not what they do.

The rule is that of AI Metropolis (arXiv 2411.03519), with walls: two people play a part in each other's step only when
they are in sight of each other, that is in the same area and no farther apart than anybody sees. Who is `gap` steps
behind may by then have gone `gap` tiles, and to be in another area must at least have walked there.
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
    """Who could be in sight of whom.

    Args:
        sight: tiles, how far anybody sees.
    """

    def __init__(self, maze: Maze, paths: PathFinder, sight: int) -> None:
        self._maze, self._paths, self._sight = maze, paths, sight
        self._steps_to: dict[str, npt.NDArray[np.int32]] = {}

    def could_see(self, here: Position, tiles: npt.NDArray[np.int32], gaps: npt.NDArray[np.int64]) -> Places:
        """Those who could be in sight of who stands here.

        Args:
            tiles: where each person stood last: shape (people, 2).
            gaps: how many steps ago that was; negative for those who are ahead, who cannot: shape (people,).
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
        could_see: as `Reach.could_see`; `everybody` keeps all in step.
        tiles: where each person of the roster stands at the first step.
    """

    def __init__(self, could_see: Callable[..., Places], first: int, tiles: Sequence[Position]) -> None:
        self._could_see = could_see
        self.tiles = list(tiles)
        self.steps = [first] * len(tiles)
        self._tiles = np.array(tiles, np.int32)
        self._steps = np.full(len(tiles), first, np.int64)

    def farthest(self) -> int:
        """The step that those take next who are ahead of all others."""
        return int(self._steps.max())

    def companions(self, person: int) -> tuple[list[int], int | None]:
        """Who takes the person's next step together with it, in the order of the roster.

        Or else nobody, and one who is behind and must be waited for.
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
        """Somebody has taken a step, and stands on this tile in the next."""
        self.tiles[person] = tile
        self.steps[person] += 1
        self._tiles[person] = tile
        self._steps[person] += 1


def everybody(here: Position, tiles: npt.NDArray[np.int32], gaps: npt.NDArray[np.int64]) -> Places:
    """All who are not ahead: everybody waits for everybody in each step."""
    return np.flatnonzero(gaps >= 0)
