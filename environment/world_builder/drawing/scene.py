"""The scene of a picture: a grid of tiles whose kinds of ground are all known.

Knows how to tell indoors from outdoors and floors by kind of room; draws nothing and reads no files.
"""

from __future__ import annotations

import re

from town_tiles import Grid, Tile

NATURE = ("grass", "path", "street", "sand", "water", "tree", "hedge", "flower bed")
DOOR, WALL = "door", "wall"

_TILED_FLOORS = {
    r"bath|toilet|restroom|wash|shower": "bath tiles",
    r"kitchen|bakery|cooking": "kitchen tiles",
    r"hall|corridor": "hall tiles",
    r"": "shop tiles",
}
_BOARDED_FLOORS = {
    r"workshop|timber|store|garage|stage|bandstand": "rough boards",
    r"pub|bar\b|library|reading|archive|study": "dark boards",
    r"class|school|art|music|hall|cafe|common": "honey boards",
    r"": "warm boards",
}


class Scene(Grid):
    """A grid whose tiles outside the map are like the nearest on it."""

    def tile(self, x: int, y: int) -> Tile:
        """The tile at a position, or the nearest one on the map."""
        return self.rows[min(max(y, 0), self.height - 1)][min(max(x, 0), self.width - 1)]


def is_wall(tile: Tile) -> bool:
    """Whether the tile is part of a building's walls: blocked, but not plants or water."""
    return tile.blocked and not tile.arena and tile.ground not in NATURE


def is_indoors(tile: Tile) -> bool:
    """Whether the tile has the floor of a room, or of a doorway."""
    return not is_wall(tile) and tile.ground not in NATURE


def floor_of(tile: Tile) -> str:
    """The kind of floor of an indoor tile, by the words of its room and of the place around it."""
    kinds = _TILED_FLOORS if "tile" in tile.ground else _BOARDED_FLOORS
    for name in (tile.arena, tile.sector):
        for words, floor in kinds.items():
            if words and re.search(words, name, re.IGNORECASE):
                return floor
    return kinds[""]
