"""Shared by all parts of buildings: rectangles of pixels, the dimensions of a wall, and each building's style.

Knows which buildings look alike, but not how they look.
"""

from __future__ import annotations

from typing import NamedTuple

from PIL import ImageDraw

from drawing import palette
from drawing.art_files import TILE
from drawing.scene import Scene, is_indoors

LEFT, RIGHT = 10, 22
TOP, FOOT = 2, 12
"""A cap is between these pixels of its tile; its face is below it."""

DOOR_COLORS = (palette.RED, palette.TEAL, palette.GREEN, palette.BLUE, palette.ORANGE)
"""The color of the doors in each style of building."""


class Span(NamedTuple):
    """A rectangle of pixels; the edges right and bottom are not part of it."""

    left: int
    top: int
    right: int
    bottom: int

    def moved(self, x: int, y: int) -> Span:
        """The same rectangle in the tile at a position, in pixels of the map."""
        return Span(self.left + x * TILE, self.top + y * TILE, self.right + x * TILE, self.bottom + y * TILE)

    def inner(self, rim: int) -> Span:
        """The rectangle without its border."""
        return Span(self.left + rim, self.top + rim, self.right - rim, self.bottom - rim)


class Buildings:
    """The style of every building: consecutive ones differ."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        sectors = dict.fromkeys(tile.sector for _, tile in scene.tiles() if tile.sector and is_indoors(tile))
        self._styles = {sector: number % len(DOOR_COLORS) for number, sector in enumerate(sectors)}

    def style(self, x: int, y: int) -> int:
        """The number of the style of the building around a wall or doorway; the one north of it takes precedence."""
        for reach in (1, 2):
            for dx, dy in ((0, 0), (0, -1), (-1, 0), (1, 0), (-1, -1), (1, -1), (0, 1), (-1, 1), (1, 1)):
                tile = self._scene.tile(x + dx * reach, y + dy * reach)
                if tile.sector in self._styles and is_indoors(tile):
                    return self._styles[tile.sector]
        return 0


def fill(pen: ImageDraw.ImageDraw, span: Span, tone: palette.Color | int) -> None:
    """Fill a rectangle."""
    pen.rectangle((span.left, span.top, span.right - 1, span.bottom - 1), fill=tone)
