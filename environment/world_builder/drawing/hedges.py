"""Hedges, which grow together where they touch.

Knows how they look; other plants are sprites.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from drawing import palette
from drawing.art_files import TILE
from drawing.masks import grown, lowered, moved, shrunk
from drawing.palette import scatter
from drawing.scene import Scene


def paint_hedges(picture: Image.Image, scene: Scene) -> Image.Image:
    """Draw all hedges, joined where they touch; returns the mask of the covered area."""
    mask = Image.new("L", picture.size)
    pen = ImageDraw.Draw(mask)
    for (x, y), tile in scene.tiles():
        if tile.ground == "hedge":
            _fill_hedge(pen, scene, x, y)
    top = moved(mask, 0, -6)
    picture.paste(palette.HEDGE.line, (0, 0), grown(mask, 1))
    picture.paste(palette.HEDGE.dark, (0, 0), mask)
    picture.paste(palette.HEDGE.line, (0, 0), grown(top, 1))
    picture.paste(palette.HEDGE.mid, (0, 0), top)
    picture.paste(palette.HEDGE.light, (0, 0), shrunk(top, 2))
    picture.paste(palette.HEDGE.mid, (0, 0), lowered(shrunk(top, 2), 2))
    _paint_leaves(picture, scene)
    return mask


def _fill_hedge(pen: ImageDraw.ImageDraw, scene: Scene, x: int, y: int) -> None:
    left, top = x * TILE, y * TILE
    pen.rounded_rectangle((left + 7, top + 10, left + 24, top + 28), 6, fill=255)
    for dx, dy, box in (
        (-1, 0, (0, 10, 16, 28)),
        (1, 0, (16, 10, 31, 28)),
        (0, -1, (7, 0, 24, 16)),
        (0, 1, (7, 16, 24, 31)),
    ):
        if scene.contains((x + dx, y + dy)) and scene.tile(x + dx, y + dy).ground == "hedge":
            pen.rectangle((left + box[0], top + box[1], left + box[2], top + box[3]), fill=255)


def _paint_leaves(picture: Image.Image, scene: Scene) -> None:
    pen = ImageDraw.Draw(picture)
    for (x, y), tile in scene.tiles():
        if tile.ground == "hedge":
            for number in range(9):
                left, top = x * TILE + 8 + scatter(x, y, number, 15), y * TILE + 6 + scatter(x, y, 20 + number, 20)
                tone = (palette.HEDGE.light, palette.HEDGE.dark)[number % 2]
                pen.point([(left, top), (left + 1, top), (left + 1, top + 1)], fill=tone)
