"""What grows: trees with round crowns, hedges and flower beds.

Knows how plants look; which tiles they stand on is for the picture to say.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from drawing import palette
from drawing.canvas import TILE, Canvas
from drawing.masks import grown, lowered, moved, shrunk
from drawing.palette import Ramp, scatter
from drawing.scene import Scene

_CROWNS = (palette.LEAF, palette.DEEP_LEAF, palette.LEAF, palette.SUN_LEAF, palette.DEEP_LEAF, palette.LEAF)
_LOBES = ((-14, -2, 18), (14, -2, 18), (-8, -13, 19), (9, -13, 19), (0, 3, 20), (0, -8, 26))


def tree(canvas: Canvas, seed: int) -> None:
    """A tree that rises a tile above its own; one in a dozen is in blossom."""
    tones = palette.BLOSSOM if seed % 12 == 7 else _CROWNS[seed % len(_CROWNS)]
    middle = canvas.width // 2
    canvas.rect(middle - 4, 14, 8, 14, palette.BARK.line)
    canvas.rect(middle - 3, 14, 6, 13, palette.BARK.mid)
    canvas.rect(middle - 3, 14, 2, 13, palette.BARK.light)
    canvas.dots([(middle - 5, 27), (middle + 4, 27)], palette.BARK.line)
    _crown(canvas, middle, 3, tones, seed)


def _crown(canvas: Canvas, x: int, y: int, tones: Ramp, seed: int) -> None:
    for rim, tone in ((1, tones.line), (0, tones.dark)):
        for dx, dy, size in _LOBES:
            half = size // 2 + rim
            canvas.oval(x + dx - half, y + dy - half, 2 * half, 2 * half, tone)
    for dx, dy, size in _LOBES:
        half = size // 2 - 2
        canvas.oval(x + dx - half - 1, y + dy - half - 2, 2 * half, 2 * half - 1, tones.mid)
    for dx, dy, size in _LOBES[2:4]:
        half = size // 2 - 4
        canvas.oval(x + dx - half - 2, y + dy - half - 2, 2 * half - 1, 2 * half - 3, tones.light)
    for number in range(26):
        dx, dy = scatter(number, seed, 1, 34) - 17, scatter(number, seed, 2, 32) - 20
        if dx * dx + (dy + 5) ** 2 < 250:
            leaf = [(x + dx, y + dy), (x + dx + 1, y + dy + 1), (x + dx + 2, y + dy)]
            canvas.dots(leaf, tones.mid if dx + dy < -12 else tones.dark)


def flower_bed(canvas: Canvas, seed: int) -> None:
    """A bed of earth full of flowers."""
    canvas.panel(2, 3, canvas.width - 4, canvas.height - 5, palette.BANK)
    canvas.rect(4, 5, canvas.width - 8, canvas.height - 10, palette.BANK.dark)
    flowers = (palette.ROSE, palette.YELLOW, palette.VIOLET, palette.RED, palette.PAPER)
    for top in range(4, canvas.height - 8, 7):
        for left in range(4, canvas.width - 8, 8):
            _flower(
                canvas, left + scatter(left, top, seed, 3), top, flowers[scatter(left, top, seed + 5, len(flowers))]
            )


def _flower(canvas: Canvas, x: int, y: int, tones: Ramp) -> None:
    canvas.rect(x + 2, y + 4, 1, 4, palette.LEAF.dark)
    canvas.dots([(x + 1, y + 6), (x + 3, y + 5), (x, y + 5)], palette.LEAF.light)
    canvas.oval(x, y, 5, 5, tones.mid, tones.dark)
    canvas.dots([(x + 2, y + 2)], palette.BRASS.light)


def paint_hedges(picture: Image.Image, scene: Scene) -> Image.Image:
    """Draw all hedges, joined where they touch; returns the mask of what they cover."""
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
        if 0 <= x + dx < scene.width and 0 <= y + dy < scene.height and scene.tile(x + dx, y + dy).ground == "hedge":
            pen.rectangle((left + box[0], top + box[1], left + box[2], top + box[3]), fill=255)


def _paint_leaves(picture: Image.Image, scene: Scene) -> None:
    pen = ImageDraw.Draw(picture)
    for (x, y), tile in scene.tiles():
        if tile.ground == "hedge":
            for number in range(9):
                left, top = x * TILE + 8 + scatter(x, y, number, 15), y * TILE + 6 + scatter(x, y, 20 + number, 20)
                tone = (palette.HEDGE.light, palette.HEDGE.dark)[number % 2]
                pen.point([(left, top), (left + 1, top), (left + 1, top + 1)], fill=tone)
