"""The picture of a whole map: its ground, shadows, walls, and all that stands on it, from back to front.

Knows the order in which a scene is drawn; how each thing looks is for the modules it calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PIL import Image, ImageChops

from drawing import decoration, nature
from drawing.canvas import HEADROOM, TILE, Canvas
from drawing.doorways import paint_doorways
from drawing.furniture.catalogue import Drawing, Joined, drawing_of, labelled_crate
from drawing.ground import paint_ground
from drawing.masks import moved
from drawing.palette import SHADOW, scatter
from drawing.scene import Scene
from drawing.walls import paint_walls
from town_tiles import Position

_PLANTS = {"tree": Drawing(nature.tree, Joined.NEVER), "flower bed": Drawing(nature.flower_bed, Joined.ROWS, flat=True)}

_RUG, _POT = Drawing(decoration.rug, flat=True), Drawing(decoration.plant)


class _Thing(NamedTuple):
    """One drawing on the tiles from `at`, `columns` wide and `rows` high."""

    drawing: Drawing
    at: Position
    columns: int
    rows: int


def draw_scene(scene: Scene) -> Image.Image:
    """The picture of a scene, TILE pixels for each tile, of at most 256 colors."""
    picture = paint_ground(scene)
    things = sorted(_things(scene), key=lambda thing: (not thing.drawing.flat, thing.at[1] + thing.rows, thing.at[0]))
    walled = picture.copy()
    walls = paint_walls(walled, scene)
    _shade(picture, ImageChops.lighter(moved(walls, 3, 3), moved(walls, 5, 6)))
    picture.paste(walled, (0, 0), walls)
    paint_doorways(picture, scene)
    hedges = nature.paint_hedges(picture.copy(), scene)
    _shade(picture, moved(hedges, 4, 4))
    nature.paint_hedges(picture, scene)
    for thing in things:
        _place(picture, thing)
    return picture


def _things(scene: Scene) -> Iterator[_Thing]:
    named: dict[tuple[str, ...], list[Position]] = {}
    plants: dict[str, list[Position]] = {}
    for position, tile in scene.tiles():
        if tile.game_object:
            named.setdefault((tile.sector, tile.arena, tile.game_object), []).append(position)
        elif tile.ground in _PLANTS:
            plants.setdefault(tile.ground, []).append(position)
    for (*_, name), positions in named.items():
        yield from _joined(drawing_of(name) or labelled_crate(name), positions)
    for kind, positions in plants.items():
        yield from _joined(_PLANTS[kind], positions)
    for x, y, columns, rows in decoration.rug_areas(scene):
        yield _Thing(_RUG, (x, y), columns, rows)
    for position in decoration.plant_corners(scene):
        yield _Thing(_POT, position, 1, 1)


def _joined(drawing: Drawing, positions: Iterable[Position]) -> Iterator[_Thing]:
    """The rectangles that the tiles of one object form."""
    left = set(positions)
    for x, y in sorted(left, key=lambda position: (position[1], position[0])):
        if (x, y) not in left:
            continue
        columns = rows = 1
        if drawing.joined is not Joined.NEVER:
            while (x + columns, y) in left:
                columns += 1
        if drawing.joined is Joined.ALL:
            while all((x + column, y + rows) in left for column in range(columns)):
                rows += 1
        left -= {(x + column, y + row) for column in range(columns) for row in range(rows)}
        yield _Thing(drawing, (x, y), columns, rows)


def _place(picture: Image.Image, thing: _Thing) -> None:
    x, y = thing.at
    margin = TILE // 2 if thing.drawing in _PLANTS.values() else 0
    canvas = Canvas(thing.columns * TILE + 2 * margin, thing.rows * TILE)
    thing.drawing.draw(canvas, scatter(x, y, 7, 420))
    corner = (x * TILE - margin, y * TILE - HEADROOM)
    alpha = canvas.image.getchannel("A")
    if not thing.drawing.flat:
        _shade(picture, moved(alpha, 3, 2), corner)
    picture.paste(canvas.image, corner, alpha)


def _shade(picture: Image.Image, mask: Image.Image, corner: Position = (0, 0)) -> None:
    """Darken the picture where the mask is, which lies with its top left pixel on `corner`."""
    left, top = corner
    part = picture.crop((left, top, left + mask.width, top + mask.height))
    picture.paste(ImageChops.multiply(part, Image.new("RGB", part.size, SHADOW)), corner, mask)
