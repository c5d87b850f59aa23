"""Doorways: posts and an open door seen from the front, or a sill seen from the side.

Knows nothing about the walls next to them except their positions.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from drawing import palette
from drawing.art_files import TILE
from drawing.buildings import DOOR_COLORS, LEFT, RIGHT, Buildings, Span, fill
from drawing.palette import Ramp
from drawing.scene import DOOR, Scene, is_indoors, is_wall


def paint_doorways(picture: Image.Image, scene: Scene) -> None:
    """Draw all doorways: posts and an open door between walls on the left and right, else a sill."""
    buildings, pen = Buildings(scene), ImageDraw.Draw(picture)
    for (x, y), tile in scene.tiles():
        if tile.ground == DOOR:
            if is_wall(scene.tile(x - 1, y)) or is_wall(scene.tile(x + 1, y)):
                _paint_doormat(pen, scene, x, y)
                _paint_posts(pen, x * TILE, y * TILE, DOOR_COLORS[buildings.style(x, y)])
            elif is_wall(scene.tile(x, y - 1)) or is_wall(scene.tile(x, y + 1)):
                _paint_sill(pen, x * TILE, y * TILE)


def _paint_doormat(pen: ImageDraw.ImageDraw, scene: Scene, x: int, y: int) -> None:
    outside = [side for side in (-1, 1) if not is_indoors(scene.tile(x, y + side))]
    if outside:
        top = y * TILE + (0 if outside[0] < 0 else 20)
        mat = Span(x * TILE + 8, top, x * TILE + 24, top + 10)
        fill(pen, mat, palette.BARK.line)
        fill(pen, mat.inner(1), palette.PINE.dark)
        fill(pen, mat.inner(3), palette.PINE.mid)


def _paint_posts(pen: ImageDraw.ImageDraw, left: int, top: int, door: Ramp) -> None:
    frame = palette.WALNUT
    fill(pen, Span(left, top + 10, left + TILE, top + 14), frame.line)
    fill(pen, Span(left, top + 11, left + TILE, top + 13), frame.light)
    for post in (left, left + TILE - 4):
        fill(pen, Span(post, top, post + 4, top + TILE), frame.line)
        fill(pen, Span(post + 1, top + 1, post + 3, top + TILE - 1), frame.mid)
        fill(pen, Span(post + 1, top + 1, post + 3, top + 10), frame.light)
    fill(pen, Span(left + 3, top + 8, left + 9, top + TILE + 1), door.line)
    fill(pen, Span(left + 4, top + 9, left + 8, top + TILE), door.mid)
    fill(pen, Span(left + 4, top + 9, left + 5, top + TILE), door.light)
    fill(pen, Span(left + 7, top + 20, left + 8, top + 22), palette.BRASS.light)


def _paint_sill(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    fill(pen, Span(left + LEFT, top, left + RIGHT, top + TILE), palette.WALNUT.line)
    fill(pen, Span(left + LEFT + 1, top, left + RIGHT - 1, top + TILE), palette.WALNUT.mid)
    for plank in range(left + LEFT + 4, left + RIGHT - 1, 4):
        fill(pen, Span(plank, top, plank + 1, top + TILE), palette.WALNUT.dark)
