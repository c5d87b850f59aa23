"""A town as a grid of tiles, drawn from its plan.

Knows the content of every tile (ground, place, room, object, start) and which rooms and objects there are;
knows neither files nor people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from build_faults import FaultBook
from town_plan import SEE_THROUGH, START, Place, TownPlan

Position = tuple[int, int]
Rooms = dict[str, dict[str, list[str]]]


class Tile(NamedTuple):
    """The content of one tile; "" for none.

    `ground` is its kind ("grass", "wood", ...); `start` is true if a person may start there.
    """

    ground: str
    blocked: bool = False
    sector: str = ""
    arena: str = ""
    game_object: str = ""
    start: bool = False


@dataclass(frozen=True)
class Grid:
    """Tiles in rows: `rows[y][x]` is the tile x to the right and y down."""

    rows: tuple[tuple[Tile, ...], ...]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def height(self) -> int:
        return len(self.rows)

    def contains(self, position: Position) -> bool:
        """Whether the position is on the map."""
        x, y = position
        return 0 <= x < self.width and 0 <= y < self.height

    def tiles(self) -> Iterator[tuple[Position, Tile]]:
        """Every tile with its position, row by row."""
        return (((x, y), tile) for y, row in enumerate(self.rows) for x, tile in enumerate(row))


def in_rows(tiles: Sequence[Tile], width: int) -> tuple[tuple[Tile, ...], ...]:
    """The rows of a grid from its tiles, row by row."""
    return tuple(tuple(tiles[start : start + width]) for start in range(0, len(tiles), width))


@dataclass(frozen=True)
class Town(Grid):
    """A town; `homes` are the sectors that are not public."""

    world: str
    maze: str
    tile_size: int
    homes: frozenset[str]

    def places(self) -> Rooms:
        """Sector -> arena -> its objects, each in order, row by row."""
        places: Rooms = {}
        for _, tile in self.tiles():
            if tile.sector:
                arenas = places.setdefault(tile.sector, {})
                if tile.arena:
                    objects = arenas.setdefault(tile.arena, [])
                    if tile.game_object and tile.game_object not in objects:
                        objects.append(tile.game_object)
        return places

    def starts(self, sector: str, arena: str) -> list[Position]:
        """The start tiles of an arena, row by row."""
        return [
            position for position, tile in self.tiles() if tile.start and (tile.sector, tile.arena) == (sector, arena)
        ]


def draw_town(plan: TownPlan, book: FaultBook) -> Town:
    """The town of a plan. Notes places off the map or on top of each other in `book`."""
    grid = [[_ground_tile(sign, plan) for sign in row] for row in plan.town.map]
    owners: dict[Position, str] = {}
    for place in plan.places:
        _note_off_map(place, plan, book)
        tiles = _place_tiles(place, plan, book)
        _note_overlaps(place, tiles, owners, book)
        for x, y in tiles:
            owners[x, y] = place.name
            if 0 <= y < len(grid) and 0 <= x < len(grid[y]):
                grid[y][x] = tiles[x, y]
    homes = frozenset(place.name for place in plan.places if place.home)
    return Town(tuple(map(tuple, grid)), plan.world, plan.maze, plan.tile_size, homes)


def neighbors(position: Position) -> list[Position]:
    """The four neighbors of a tile, on the map or not."""
    x, y = position
    return [(x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)]


def _ground_tile(sign: str, plan: TownPlan) -> Tile:
    if sign in plan.barriers:
        return Tile(plan.barriers[sign], blocked=True)
    return Tile(plan.ground[sign])


def _place_tiles(place: Place, plan: TownPlan, book: FaultBook) -> dict[Position, Tile]:
    """The tiles of a place by their position on the map. Barred tiles have no address."""
    signs = _signs_on_map(place)
    room_of = _rooms_by_tile(place, signs, book)
    tiles = {}
    for position, sign in signs.items():
        if position in room_of:
            room = room_of[position]
            tiles[position] = Tile(
                ground=place.floors[room],
                sector=place.name,
                arena=place.rooms[room],
                game_object=place.objects.get(sign, ""),
                start=sign == START,
            )
        elif sign in plan.barriers:
            tiles[position] = _ground_tile(sign, plan)
        elif sign in plan.ground:
            tiles[position] = _ground_tile(sign, plan)._replace(sector=place.name)
    return tiles


def _signs_on_map(place: Place) -> dict[Position, str]:
    left, top = place.at
    return {
        (left + x, top + y): sign
        for y, row in enumerate(place.drawing)
        for x, sign in enumerate(row)
        if sign != SEE_THROUGH
    }


def _rooms_by_tile(place: Place, signs: dict[Position, str], book: FaultBook) -> dict[Position, str]:
    """The room (its digit) of every floor, object and start: floors spread to the objects that touch them."""
    room_of = {position: sign for position, sign in signs.items() if sign in place.rooms}
    loose = [position for position, sign in signs.items() if sign in place.objects or sign == START]
    while loose:
        touched = {
            position: sorted({room_of[beside] for beside in neighbors(position) if beside in room_of})
            for position in loose
        }
        if not any(touched.values()):
            break
        for position, rooms in touched.items():
            if rooms:
                room_of[position] = rooms[0]
            if len(rooms) > 1:
                _note_between_rooms(place, position, signs[position], rooms, book)
        loose = [position for position in loose if position not in room_of]
    for position in loose:
        book.note(
            f"place {place.name}",
            f"{_thing(place, signs[position])} at tile {position} touches no room's floor",
            "Draw the digit of its room beside it",
        )
    return room_of


def _note_between_rooms(place: Place, at: Position, sign: str, rooms: list[str], book: FaultBook) -> None:
    names = " and ".join(f'"{place.rooms[room]}"' for room in rooms)
    book.note(
        f"place {place.name}",
        f"{_thing(place, sign)} at tile {at} lies between the rooms {names}",
        "Move it so that it touches one room's floor only",
    )


def _thing(place: Place, sign: str) -> str:
    return "the start" if sign == START else f'the object "{place.objects[sign]}"'


def _note_off_map(place: Place, plan: TownPlan, book: FaultBook) -> None:
    left, top = place.at
    right, bottom = left + len(place.drawing[0]), top + len(place.drawing)
    width, height = len(plan.town.map[0]), len(plan.town.map)
    if left < 0 or top < 0 or right > width or bottom > height:
        book.note(
            f"place {place.name}",
            f"it covers x {left} to {right - 1}, y {top} to {bottom - 1}, the map is {width} x {height}",
            "Change `at`, or add rows or columns to the map",
        )


def _note_overlaps(place: Place, tiles: dict[Position, Tile], owners: dict[Position, str], book: FaultBook) -> None:
    shared: dict[str, Position] = {}
    for position in tiles:
        if position in owners:
            shared.setdefault(owners[position], position)
    for other, position in shared.items():
        book.note(f"place {place.name}", f'it overlaps "{other}" at tile {position}', "Move one of them (`at`)")
