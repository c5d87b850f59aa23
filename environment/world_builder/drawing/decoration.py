"""Rugs, and plants in corners: decoration that is not an object of the town.

Knows where there is room for it; people cannot use it, but can walk there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from drawing.palette import scatter
from drawing.scene import DOOR, Scene, is_indoors, is_wall
from town_tiles import Position

Area = tuple[int, int, int, int]
"""Left, top, columns and rows, in tiles."""

_WITH_RUG = r"room|lounge|library"
_BARE = r"bath|rest ?room|toilet|store|class|art"
_LARGEST, _SMALLEST = (3, 2), (2, 1)


def rug_areas(scene: Scene) -> Iterator[Area]:
    """The places of rugs: the largest free area of every room that has one."""
    for (_, arena), tiles in _rooms(scene).items():
        if re.search(_WITH_RUG, arena, re.IGNORECASE) and not re.search(_BARE, arena, re.IGNORECASE):
            free = {position for position in tiles if not _is_taken(scene, position)}
            areas = [_area_from(position, free) for position in sorted(free)]
            area = max(areas, key=lambda area: (_size(area), _is_before_seat(scene, area)), default=(0, 0, 0, 0))
            if area[2] >= _SMALLEST[0] and area[3] >= _SMALLEST[1]:
                yield area


def plant_corners(scene: Scene) -> Iterator[Position]:
    """Free corners below the back wall of rooms with wooden floors: the first of each room."""
    for tiles in _rooms(scene).values():
        corners = [position for position in tiles if _is_corner(scene, position)]
        if len(tiles) > 11 and corners:
            yield corners[scatter(*corners[0], 9, len(corners))]


def _rooms(scene: Scene) -> dict[tuple[str, str], list[Position]]:
    rooms: dict[tuple[str, str], list[Position]] = {}
    for position, tile in scene.tiles():
        if tile.arena and is_indoors(tile) and "tile" not in tile.ground:
            rooms.setdefault((tile.sector, tile.arena), []).append(position)
    return rooms


def _is_taken(scene: Scene, position: Position) -> bool:
    """Whether the tile has an object, or is in or next to a doorway."""
    x, y = position
    around = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
    return bool(scene.tile(x, y).game_object) or any(scene.tile(x + dx, y + dy).ground == DOOR for dx, dy in around)


def _is_corner(scene: Scene, position: Position) -> bool:
    x, y = position
    enclosed = is_wall(scene.tile(x, y - 1)) and is_wall(scene.tile(x - 1, y))
    beside = scene.tile(x + 1, y).game_object or scene.tile(x, y + 1).game_object
    return enclosed and not beside and not _is_taken(scene, position) and not scene.tile(x, y).start


def _area_from(position: Position, free: Iterable[Position]) -> Area:
    """The largest area of free tiles with its top left corner here."""
    x, y = position
    best, columns = (x, y, 0, 0), _LARGEST[0]
    for rows in range(1, _LARGEST[1] + 1):
        width = 0
        while width < columns and (x + width, y + rows - 1) in free:
            width += 1
        columns = width
        best = max(best, (x, y, columns, rows), key=_size)
    return best


def _is_before_seat(scene: Scene, area: Area) -> bool:
    """Whether there is a bed or seat at the edge of the area."""
    x, y, columns, rows = area
    around = [(x + dx, y + dy) for dx in range(-1, columns + 1) for dy in range(-1, rows + 1)]
    return any(re.search(r"\bbed|sofa|chair", scene.tile(*position).game_object) for position in around)


def _size(area: Area) -> int:
    return area[2] * area[3]
