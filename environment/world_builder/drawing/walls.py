"""The walls of buildings, seen from above and in front.

Knows how walls join, and so which parts of their caps and faces are visible; nothing about the contents of rooms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

from drawing.art_files import TILE
from drawing.buildings import FOOT, LEFT, RIGHT, TOP, Buildings, Span, fill
from drawing.masks import lowered, shrunk
from drawing.palette import ramp
from drawing.scene import DOOR, Scene, is_wall
from drawing.wall_faces import Face

_CAPS = (
    ramp("4f3630 7a5148 96685a b58573"),
    ramp("38414d 566371 6f7e8b 93a1aa"),
    ramp("44402f 6a6547 878158 a9a278"),
    ramp("4a3a2b 735a41 907455 b3966f"),
    ramp("3b3d50 5a5e78 757a95 9a9fb5"),
)


class _Joins(NamedTuple):
    """Which of a wall's neighbors are walls too; a doorway counts as one for the walls next to and above it."""

    up: bool
    down: bool
    left: bool
    right: bool
    up_left: bool
    up_right: bool
    down_left: bool
    down_right: bool


def paint_walls(picture: Image.Image, scene: Scene) -> Image.Image:
    """Draw all walls; returns the mask of the covered area."""
    buildings = Buildings(scene)
    covered = Image.new("L", picture.size)
    pen, cover = ImageDraw.Draw(picture), ImageDraw.Draw(covered)
    caps = [Image.new("L", picture.size) for _ in _CAPS]
    for (x, y), tile in scene.tiles():
        if is_wall(tile):
            joins, style = _joins(scene, x, y), buildings.style(x, y)
            for span in _faces(joins):
                Face(pen, span.moved(x, y), scene, x, y).paint(style)
                fill(cover, span.moved(x, y), 255)
            for span in _caps(joins):
                fill(ImageDraw.Draw(caps[style]), span.moved(x, y), 255)
                fill(cover, span.moved(x, y), 255)
    _paint_caps(picture, caps)
    return covered


def _paint_caps(picture: Image.Image, caps: list[Image.Image]) -> None:
    """Color the caps, given as one mask for each style."""
    shingles = _shingles(picture.size)
    for cap, tones in zip(caps, _CAPS, strict=True):
        picture.paste(tones.line, (0, 0), cap)
        picture.paste(tones.light, (0, 0), shrunk(cap, 1))
        picture.paste(tones.mid, (0, 0), lowered(shrunk(cap, 1), 2))
        picture.paste(tones.dark, (0, 0), ImageChops.darker(shrunk(cap, 8), shingles))


def _shingles(size: tuple[int, int]) -> Image.Image:
    """The mask of rows of shingles, drawn on walls thick enough to be roofs."""
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    for row, y in enumerate(range(0, size[1], 8)):
        pen.line((0, y, size[0], y), fill=255)
        for x in range(row % 2 * 6, size[0], 12):
            pen.line((x, y, x, y + 7), fill=255)
    return mask


def _joins(scene: Scene, x: int, y: int) -> _Joins:
    def wall(dx: int, dy: int) -> bool:
        return scene.contains((x + dx, y + dy)) and is_wall(scene.tile(x + dx, y + dy))

    def door(dx: int, dy: int) -> bool:
        return scene.tile(x + dx, y + dy).ground == DOOR

    return _Joins(
        up=wall(0, -1) or door(0, -1),
        down=wall(0, 1),
        left=wall(-1, 0) or door(-1, 0),
        right=wall(1, 0) or door(1, 0),
        up_left=wall(-1, -1),
        up_right=wall(1, -1),
        down_left=wall(-1, 1),
        down_right=wall(1, 1),
    )


def _caps(joins: _Joins) -> Iterator[Span]:
    """The parts of a wall's cap: its middle, an arm to every wall it joins, and what thick walls add."""
    yield Span(LEFT, TOP, RIGHT, FOOT)
    for joined, span in (
        (joins.up, Span(LEFT, 0, RIGHT, TOP)),
        (joins.down, Span(LEFT, FOOT, RIGHT, TILE)),
        (joins.left, Span(0, TOP, LEFT, FOOT)),
        (joins.right, Span(RIGHT, TOP, TILE, FOOT)),
        (joins.up and joins.left and joins.up_left, Span(0, 0, LEFT, TOP)),
        (joins.up and joins.right and joins.up_right, Span(RIGHT, 0, TILE, TOP)),
        (joins.down and joins.left and joins.down_left, Span(0, FOOT, LEFT, TILE)),
        (joins.down and joins.right and joins.down_right, Span(RIGHT, FOOT, TILE, TILE)),
    ):
        if joined:
            yield span


def _faces(joins: _Joins) -> Iterator[Span]:
    """The parts of a wall's face: below every part of its cap that has no other wall in front."""
    left = 0 if joins.left else LEFT
    right = TILE if joins.right else RIGHT
    if not joins.down:
        yield Span(left, FOOT, right, TILE)
        return
    if left == 0 and not joins.down_left:
        yield Span(0, FOOT, LEFT, TILE)
    if right == TILE and not joins.down_right:
        yield Span(RIGHT, FOOT, TILE, TILE)
