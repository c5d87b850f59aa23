"""The map of one world: its tiles, their addresses, and the events on them in a step.

Knows nothing about personas, memories, models or simulation folders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import utils
from matrix_files import Layers, MazeError, matrix_folder, read_layers

__all__ = ["LEVELS", "Event", "Maze", "MazeError", "Position", "Scene", "Tile", "is_within", "matrix_of"]

Position = tuple[int, int]
"""(x, y) in tiles: x to the right, y down, (0, 0) at the top left."""


LEVELS = ("world", "sector", "arena", "game_object")


class Event(NamedTuple):
    """An event on a tile; its subject is a persona's name or the address of an object.

    poignancy: its poignancy for the person who does it, 1..10; None if it has not been rated.
    """

    subject: str
    predicate: str | None
    object: str | None
    description: str | None
    poignancy: int | None = None

    @property
    def fact(self) -> tuple[str | None, ...]:
        """What happens, whoever it matters to."""
        return self[:4]


class Tile(NamedTuple):
    """One tile of the map; a name is "" if the tile has none."""

    world: str
    sector: str
    arena: str
    game_object: str
    spawning_location: str
    collision: bool


class Maze:
    """A world read from `<assets>/<maze_name>/matrix`.

    `assets` is the folder of all worlds; without it the folders are those that utils.py names, as in `matrix_of`.
    Raises MazeError, naming the file and what is wrong with it, when
    no map can be made of the files; `world_warnings` says, a sentence each, what else does not fit in them.

    Two attributes change between steps: `shown` has the texts of notices, by the addresses of their objects; `closed`
    has the addresses of places where nobody may go.
    """

    def __init__(self, maze_name: str, assets: Path | None = None):
        layers = read_layers(*_places_of_utils(maze_name)) if assets is None else read_layers(Path(assets), maze_name)
        self.name = maze_name
        self.world = layers.world
        self.width, self.height = layers.width, layers.height
        self.tile_size = layers.tile_size
        self.world_warnings = layers.world_warnings
        flat = _tiles(layers)
        self.tiles = [flat[start : start + self.width] for start in range(0, len(flat), self.width)]
        self._address_at = {level: [_address(tile, level) for tile in flat] for level in LEVELS}
        self._place_at = self._address_at["game_object"]
        # Tiles outside every arena share one with the rest of their sector, or of the street.
        self._area_at = self._address_at["arena"]
        self.address_tiles = self._index_addresses()
        self._spellings = {_folded(address): address for address in reversed(self.address_tiles)}
        self.shown: Mapping[str, str] = {}
        self.closed: Collection[str] = ()
        self._places_seen: dict[tuple[Position, int], tuple[str, ...]] = {}
        self._objects_seen: dict[tuple[Position, int], tuple[tuple[Position, str], ...]] = {}

    def contains(self, position: Position) -> bool:
        """Whether the position is on the map."""
        x, y = position
        return 0 <= x < self.width and 0 <= y < self.height

    def tile(self, position: Position) -> Tile:
        """The tile at a position; raises MazeError outside the map."""
        self._index(position)
        x, y = position
        return self.tiles[y][x]

    def address(self, position: Position, level: str = "game_object") -> str:
        """The address of a tile down to `level` (one of LEVELS), or as deep as the tile goes."""
        return self._address_at[level][self._index(position)]

    def resolve(self, address: str) -> str | None:
        """The map's spelling of an address that may differ in case and spaces; None if there is none."""
        return address if address in self.address_tiles else self._spellings.get(_folded(address))

    def is_closed(self, address: str) -> bool:
        """Whether a place, or a larger place that contains it, is closed."""
        return any(is_within(address, place) for place in self.closed)

    def unused(self, address: str) -> Event:
        """The description of an object that nobody uses: its notice, else that it is closed or idle."""
        thing = address.rpartition(":")[2]
        if address in self.shown:
            return Event(address, "says", self.shown[address], f"{thing} says: {self.shown[address]}")
        state = "closed" if self.is_closed(address) else "idle"
        return Event(address, "is", state, f"{thing} is {state}")

    def tree(self) -> dict[str, dict[str, dict[str, list[str]]]]:
        """All places, as a new {world: {sector: {arena: [game objects]}}}, in the order of the map."""
        sectors: dict[str, dict[str, list[str]]] = {}
        for tile in dict.fromkeys(tile for row in self.tiles for tile in row if tile.sector):
            arenas = sectors.setdefault(tile.sector, {})
            objects = arenas.setdefault(tile.arena, []) if tile.arena else []
            if tile.game_object and tile.game_object not in objects:
                objects.append(tile.game_object)
        return {self.world: sectors}

    def visible_places(self, position: Position, radius: int) -> tuple[str, ...]:
        """The deepest address of every tile in the square of `radius` tiles around, each once, row by row."""
        key = (position, radius)
        if key not in self._places_seen:
            square = self._square(position, radius)
            self._places_seen[key] = tuple(dict.fromkeys(self._place_at[self._index(tile)] for tile in square))
        return self._places_seen[key]

    def objects_near(self, position: Position, radius: int) -> tuple[tuple[Position, str], ...]:
        """The object tiles of the same arena in the square of `radius` tiles: (position, address).

        Nearest first; equally near ones come row by row.
        """
        key = (position, radius)
        if key not in self._objects_seen:
            area = self._area_at[self._index(position)]
            objects = [
                (tile, self.address(tile))
                for tile in self._square(position, radius)
                if self.tile(tile).game_object and self.address(tile, "arena") == area
            ]
            self._objects_seen[key] = tuple(sorted(objects, key=lambda found: _nearness(position, found[0])))
        return self._objects_seen[key]

    def area(self, position: Position) -> str:
        """The address of the arena at a position; outside all arenas, of the rest of the sector, or of the street."""
        return self._area_at[self._index(position)]

    def area_tiles(self, area: str) -> list[Position]:
        """The tiles in an area."""
        return [divmod(index, self.width)[::-1] for index, found in enumerate(self._area_at) if found == area]

    def in_sight(self, position: Position, other: Position, radius: int) -> bool:
        """Whether a persona at one position can notice an event at the other: the same area, and near enough."""
        (x, y), (column, row) = position, other
        return abs(column - x) <= radius and abs(row - y) <= radius and self.area(position) == self.area(other)

    def _index(self, position: Position) -> int:
        x, y = position
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise MazeError(f"{position} is outside {self.name!r}, which has {self.width} x {self.height} tiles.")
        return y * self.width + x

    def _square(self, position: Position, radius: int) -> Iterator[Position]:
        x, y = position
        for row in range(max(0, y - radius), min(self.height, y + radius + 1)):
            for column in range(max(0, x - radius), min(self.width, x + radius + 1)):
                yield column, row

    def _index_addresses(self) -> dict[str, tuple[Position, ...]]:
        tiles_of: dict[str, list[Position]] = {}
        for y, row in enumerate(self.tiles):
            for x, tile in enumerate(row):
                addresses = [self.address((x, y), level) for level in LEVELS]
                if tile.spawning_location:
                    addresses.append(f"{self.address((x, y), 'arena')}:{tile.spawning_location}")
                for address in dict.fromkeys(addresses):
                    tiles_of.setdefault(address, []).append((x, y))
        return {address: tuple(tiles) for address, tiles in tiles_of.items()}


class Scene:
    """The events on the map in one step, in addition to the map's own objects.

    Args:
        items: (position, event) pairs.
    """

    def __init__(self, maze: Maze, items: Iterable[tuple[Position, Event]]) -> None:
        self._maze = maze
        self._standing: dict[str, list[tuple[Position, Event]]] = {}
        for item in items:
            self._standing.setdefault(maze.area(item[0]), []).append(item)

    def in_sight(self, position: Position, radius: int) -> tuple[tuple[Position, Event], ...]:
        """The events of the same area in the square of `radius` tiles, in the order given; no unused objects."""
        x, y = position
        return tuple(
            (tile, event)
            for tile, event in self._standing.get(self._maze.area(position), ())
            if abs(tile[0] - x) <= radius and abs(tile[1] - y) <= radius
        )

    def events_at(self, position: Position) -> tuple[Event, ...]:
        """The events on a tile; its object adds what `unused` says unless an event in the area is about it."""
        standing = self._standing.get(self._maze.area(position), ())
        events = tuple(event for tile, event in standing if tile == position)
        address = self._maze.address(position)
        used = any(event.subject == address for _, event in standing)
        return (*events, self._maze.unused(address)) if self._maze.tile(position).game_object and not used else events

    def events_near(self, position: Position, radius: int) -> list[tuple[Position, Event]]:
        """What can be noticed: the events of the same area in the square of `radius` tiles, nearest first.

        An object in there is `unused` unless one of these events is about it. Nearness is the exact squared distance;
        equally near ones come row by row, then in the order given, an unused object last. The same event on several
        tiles counts once, at the nearest.
        """
        events = list(self.in_sight(position, radius))
        used = {event.subject for _, event in events}
        objects = self._maze.objects_near(position, radius)
        events += [(tile, self._maze.unused(address)) for tile, address in objects if address not in used]
        events.sort(key=lambda found: _nearness(position, found[0]))
        nearest: dict[tuple[str | None, ...], tuple[Position, Event]] = {}
        for tile, event in events:
            nearest.setdefault(event.fact, (tile, event))
        return list(nearest.values())


def is_within(address: str, place: str) -> bool:
    """Whether an address is a place or lies in it."""
    return address == place or address.startswith(f"{place}:")


def matrix_of(maze_name: str) -> Path:
    """The matrix folder of a world: `<utils.maze_assets_loc>/<maze_name>/matrix`, else `utils.env_matrix`.

    Both are seen from the folder of utils.py. Raises MazeError when neither is there.
    """
    return matrix_folder(*_places_of_utils(maze_name))


def _places_of_utils(maze_name: str) -> tuple[Path, str, Path | None]:
    here = Path(utils.__file__).resolve().parent
    env_matrix = getattr(utils, "env_matrix", "")
    return here / utils.maze_assets_loc, maze_name, here / env_matrix if env_matrix else None


def _tiles(layers: Layers) -> list[Tile]:
    columns = zip(
        layers.sector,
        layers.arena,
        layers.game_object,
        layers.spawning_location,
        layers.collision,
        strict=True,
    )
    return [Tile(layers.world, *names) for names in columns]


def _address(tile: Tile, level: str) -> str:
    parts = (tile.world, tile.sector, tile.arena, tile.game_object)[: LEVELS.index(level) + 1]
    return ":".join(part for part in parts if part)


def _folded(address: str) -> str:
    return ":".join(" ".join(part.split()) for part in address.casefold().split(":"))


def _nearness(position: Position, tile: Position) -> tuple[int, int, int]:
    (x, y), (column, row) = position, tile
    return (column - x) ** 2 + (row - y) ** 2, row, column
