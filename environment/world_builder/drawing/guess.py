"""A scene guessed from a world's matrix, which contains positions but not the kinds of ground.

Knows the usual layout of such worlds: walls around rooms, barred tiles in rooms for furniture.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator

from drawing.palette import scatter
from drawing.scene import WALL, Scene
from matrix_files import Layers
from town_tiles import Grid, Position, Tile, in_rows, neighbors

_OUTDOORS = r"park|garden|lawn|yard|pond|square|field|beach|forest|meadow|plaza"
_TILED = r"kitchen|bath|toilet|restroom|wash|store|shop|market|pharmacy|grocery|hall"
_TREE_EVERY = 8
"""One in this many unreachable tiles has a tree."""
_LIES_ON = r"\bbeds?\b|sofa|couch|garden"
"""Objects that are as large as the barred tiles and the free ones beside them together."""


def guess_scene(layers: Layers) -> Scene:
    """The scene of a matrix. Free ground outside is grass, with paths from door to door."""
    guess = _Guess(layers)
    paths = _paths(guess)
    tiles = [guess.tile(position, on_path=position in paths) for position, _ in guess.grid.tiles()]
    return Scene(in_rows(tiles, layers.width))


class _Guess:
    """The assumed kinds of the tiles of a matrix."""

    def __init__(self, layers: Layers) -> None:
        columns = zip(
            layers.collision, layers.sector, layers.arena, layers.game_object, layers.spawning_location, strict=True
        )
        tiles = [
            Tile("", blocked, sector, arena, thing, bool(start)) for blocked, sector, arena, thing, start in columns
        ]
        self.grid = Grid(in_rows(tiles, layers.width))
        self._reached = self._reach()
        self._furniture = dict(self._furnished())

    def is_blocked(self, position: Position) -> bool:
        """Whether the tile cannot be walked on."""
        return not self.grid.contains(position) or self._at(position).blocked

    def is_open(self, position: Position) -> bool:
        """Whether it is outdoor ground that people can reach."""
        return position in self._reached and not self.is_indoors(position)

    def is_indoors(self, position: Position) -> bool:
        """Whether it has the floor of a building, furniture included."""
        if not self.grid.contains(position):
            return False
        tile = self._at(position)
        if tile.arena:
            return not re.search(_OUTDOORS, tile.arena, re.IGNORECASE)
        return bool(tile.sector) and position in self._reached

    def tile(self, position: Position, *, on_path: bool) -> Tile:
        """The tile with its kind of ground, and with the object to be drawn on it."""
        sector, arena = _room(self._at(position))
        if self.is_blocked(position) and position not in self._furniture:
            ground = self._barrier(position)
            return Tile(ground, blocked=True, sector=sector, arena="" if ground == WALL else arena)
        if sector and not arena and position not in self._reached:
            return Tile(WALL, blocked=True, sector=sector)
        if not sector and position not in self._reached and scatter(*position, 1, _TREE_EVERY) == 0:
            return Tile("tree", blocked=True)
        if not self.is_indoors(position):
            return Tile("path" if on_path else "grass", False, sector, arena, self._furniture.get(position, ""))
        floor = "tiles" if re.search(_TILED, arena, re.IGNORECASE) else "wood"
        return Tile(floor, False, sector, arena, self._furniture.get(position, ""))

    def _reach(self) -> set[Position]:
        """The tiles that can be reached from the starts of the matrix, or from its objects if it has none."""
        tiles = list(self.grid.tiles())
        ahead = [position for position, tile in tiles if tile.start]
        ahead = ahead or [position for position, tile in tiles if tile.game_object]
        reached = {position for position in ahead if not self.is_blocked(position)}
        while ahead:
            for beside in neighbors(ahead.pop()):
                if beside not in reached and not self.is_blocked(beside):
                    reached.add(beside)
                    ahead.append(beside)
        return reached

    def _barrier(self, position: Position) -> str:
        x, y = position
        around = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
        if any(self.is_indoors(other) for other in around):
            return WALL
        fenced = any(self.grid.contains(other) and self.is_blocked(other) for other in around)
        return "hedge" if fenced else "tree"

    def _furnished(self) -> Iterator[tuple[Position, str]]:
        """The tiles of drawn objects: the blocked tiles of a room next to their own, else their own."""
        bodies = dict(self._bodies())
        yield from bodies.items()
        for position, tile in self.grid.tiles():
            name = tile.game_object
            beside = [other for other in neighbors(position) if bodies.get(other) == name]
            if name and position not in bodies and (not beside or re.search(_LIES_ON, name, re.IGNORECASE)):
                yield position, name

    def _bodies(self) -> Iterator[tuple[Position, str]]:
        for position, tile in self.grid.tiles():
            if tile.blocked and tile.arena and not self._borders_open(position):
                name = self._object_beside(position)
                if name:
                    yield position, name.removeprefix("behind the ")

    def _object_beside(self, position: Position) -> str:
        """The object in front of, behind or next to a blocked tile, in the same arena; the nearest first."""
        x, y = position
        room = _room(self._at(position))
        for reach in (1, 2):
            for dx, dy in ((0, 1), (0, -1), (-1, 0), (1, 0), (-1, 1), (1, 1)):
                other = (x + dx * reach, y + dy * reach)
                tile = self._at(other) if self.grid.contains(other) else None
                if tile and tile.game_object and _room(tile) == room:
                    return tile.game_object
        return ""

    def _borders_open(self, position: Position) -> bool:
        x, y = position
        around = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        return self.is_indoors(position) and any(
            self.grid.contains(other) and not self._at(other).sector and not self.is_blocked(other) for other in around
        )

    def _at(self, position: Position) -> Tile:
        x, y = position
        return self.grid.rows[y][x]


def _room(tile: Tile) -> tuple[str, str]:
    return tile.sector, tile.arena


def _paths(guess: _Guess) -> set[Position]:
    """The tiles of a net of paths that reaches every entrance: each next one is connected by the shortest path."""
    entrances = [
        position
        for position, _ in guess.grid.tiles()
        if guess.is_open(position)
        and any(guess.is_indoors(beside) and not guess.is_blocked(beside) for beside in neighbors(position))
    ]
    net: set[Position] = set(entrances[:1])
    waiting = set(entrances[1:])
    while waiting:
        way = _way(guess, net, waiting)
        if not way:
            break
        net.update(way)
        waiting -= net
    return net


def _way(guess: _Guess, net: set[Position], goals: set[Position]) -> list[Position]:
    """The cheapest path from the net to a goal; tiles away from walls are cheaper. Empty if there is none."""
    open_ends: list[tuple[int, Position, Position]] = [(0, position, position) for position in sorted(net)]
    came_from: dict[Position, Position] = {}
    while open_ends:
        cost, position, before = heapq.heappop(open_ends)
        if position in came_from:
            continue
        came_from[position] = before
        if position in goals:
            return list(_steps_back(came_from, position))
        for beside in neighbors(position):
            if beside not in came_from and guess.is_open(beside):
                near_wall = any(guess.is_blocked(other) for other in neighbors(beside))
                heapq.heappush(open_ends, (cost + 1 + 2 * near_wall, beside, position))
    return []


def _steps_back(came_from: dict[Position, Position], position: Position) -> Iterator[Position]:
    while came_from[position] != position:
        yield position
        position = came_from[position]
