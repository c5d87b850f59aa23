"""The picture of a whole map: its ground, shadows, walls, and everything on it, from back to front.

Knows the order in which a scene is drawn; other modules draw each part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PIL import Image, ImageChops

from drawing import decoration
from drawing.art_files import TILE
from drawing.doorways import paint_doorways
from drawing.ground import paint_ground
from drawing.hedges import paint_hedges
from drawing.masks import moved
from drawing.palette import SHADOW, scatter
from drawing.scene import Scene
from drawing.sprites import Joined, Sprite, SpriteSheet, read_sprites
from drawing.walls import paint_walls
from town_tiles import Position

_PLANTS = ("tree", "flower bed")
"""Kinds of ground that have a sprite of the same name."""


class _Thing(NamedTuple):
    """One sprite on the tiles from `at`, `columns` wide and `rows` high."""

    sprite: Sprite
    at: Position
    columns: int
    rows: int


def draw_scene(scene: Scene) -> Image.Image:
    """The picture of a scene, TILE pixels for each tile. Raises BuildRefused if the table of sprites is broken."""
    sheet = read_sprites()
    picture = paint_ground(scene)
    walled = picture.copy()
    walls = paint_walls(walled, scene)
    _shade(picture, ImageChops.lighter(moved(walls, 3, 3), moved(walls, 5, 6)))
    picture.paste(walled, (0, 0), walls)
    paint_doorways(picture, scene)
    hedges = paint_hedges(picture.copy(), scene)
    _shade(picture, moved(hedges, 4, 4))
    paint_hedges(picture, scene)
    for thing in sorted(_things(scene, sheet), key=_depth):
        _place(picture, thing, sheet)
    return picture


def _depth(thing: _Thing) -> tuple[bool, int, int]:
    """The order of drawing: flat things first, then from back to front."""
    return not thing.sprite.flat, thing.at[1] + thing.rows, thing.at[0]


def _things(scene: Scene, sheet: SpriteSheet) -> Iterator[_Thing]:
    named: dict[tuple[str, ...], list[Position]] = {}
    plants: dict[str, list[Position]] = {}
    for position, tile in scene.tiles():
        if tile.game_object:
            named.setdefault((tile.sector, tile.arena, tile.game_object), []).append(position)
        elif tile.ground in _PLANTS:
            plants.setdefault(tile.ground, []).append(position)
    for (*_, name), positions in named.items():
        yield from _joined(sheet.of_object(name), positions)
    for kind, positions in plants.items():
        yield from _joined(sheet.sprites[kind], positions)
    for x, y, columns, rows in decoration.rug_areas(scene):
        yield _Thing(sheet.sprites["rug"], (x, y), columns, rows)
    for position in decoration.plant_corners(scene):
        yield _Thing(sheet.sprites["potted plant"], position, 1, 1)


def _joined(sprite: Sprite, positions: Iterable[Position]) -> Iterator[_Thing]:
    """The rectangles that the tiles of one object form."""
    left = set(positions)
    for x, y in sorted(left, key=lambda position: (position[1], position[0])):
        if (x, y) not in left:
            continue
        columns = rows = 1
        if sprite.joined is not Joined.NEVER:
            while (x + columns, y) in left:
                columns += 1
        if sprite.joined is Joined.ALL:
            while all((x + column, y + rows) in left for column in range(columns)):
                rows += 1
        left -= {(x + column, y + row) for column in range(columns) for row in range(rows)}
        yield _Thing(sprite, (x, y), columns, rows)


def _place(picture: Image.Image, thing: _Thing, sheet: SpriteSheet) -> None:
    """Paste the picture of a thing, with its shadow; one wider than its tiles is centered on them."""
    x, y = thing.at
    drawn = sheet.picture(thing.sprite, (thing.columns, thing.rows), scatter(x, y, 7, 420))
    corner = (x * TILE - (drawn.width - thing.columns * TILE) // 2, (y - 1) * TILE)
    alpha = drawn.getchannel("A")
    if not thing.sprite.flat:
        _shade(picture, moved(alpha, 3, 2), corner)
    picture.paste(drawn, corner, alpha)


def _shade(picture: Image.Image, mask: Image.Image, corner: Position = (0, 0)) -> None:
    """Darken the picture under the mask, whose top left pixel is at `corner`."""
    left, top = corner
    part = picture.crop((left, top, left + mask.width, top + mask.height))
    picture.paste(ImageChops.multiply(part, Image.new("RGB", part.size, SHADOW)), corner, mask)
