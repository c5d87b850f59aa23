"""The ground of a town: grass, paths, streets, sand, water with its shore, and the floors of rooms.

Knows where each kind of ground is and how two kinds meet; not the things on it.
"""

from __future__ import annotations

from collections.abc import Collection

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from drawing import palette
from drawing.art_files import TILE, texture
from drawing.masks import grown, lowered, shrunk
from drawing.palette import Ramp, scatter
from drawing.scene import DOOR, Scene, floor_of, is_indoors, is_wall
from town_tiles import Tile

_OPEN = ("grass", "path", "street", "sand", "water")
_FLOWERS = (palette.PAPER, palette.YELLOW, palette.ROSE, palette.VIOLET)


def paint_ground(scene: Scene) -> Image.Image:
    """The ground of the whole map; under walls it is that of the neighboring tiles."""
    ground = _GroundMap(scene)
    picture = ground.covered("grass")
    _paint_meadow(picture, ground)
    paved = ground.kinds - {"grass", "sand", "water"}
    _paint_soft(picture, ground, {"sand"}, palette.SAND)
    _paint_soft(picture, ground, paved, palette.PATH)
    _paint_street(picture, ground)
    _paint_water(picture, ground)
    for floor in sorted(paved - {"path", "street"}):
        picture.paste(ground.covered(floor), (0, 0), ground.crisp({floor}))
    return picture


class _GroundMap:
    """The kind of ground on every quarter of a tile, and masks of kinds in pixels: 255 where they are."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.size = (scene.width * TILE, scene.height * TILE)
        self._quarters = [
            _quarter(scene, x // 2, y // 2, x % 2 * 2 - 1, y % 2 * 2 - 1)
            for y in range(scene.height * 2)
            for x in range(scene.width * 2)
        ]
        self.kinds = frozenset(self._quarters)

    def covered(self, kind: str) -> Image.Image:
        """The whole map covered with one kind."""
        picture, pattern = Image.new("RGB", self.size), texture(kind)
        for y in range(0, self.size[1], pattern.height):
            for x in range(0, self.size[0], pattern.width):
                picture.paste(pattern, (x, y))
        return picture

    def crisp(self, kinds: Collection[str]) -> Image.Image:
        """The exact quarters of these kinds."""
        mask = Image.new("L", (self.scene.width * 2, self.scene.height * 2))
        mask.putdata([255 if kind in kinds else 0 for kind in self._quarters])
        return mask.resize(self.size, Image.Resampling.NEAREST)

    def soft(self, kinds: Collection[str], radius: int, levels: Collection[int] = (128,)) -> list[Image.Image]:
        """The quarters of these kinds, rounded, with wavering edges; higher levels are farther inside."""
        blurred = self.crisp(kinds).filter(ImageFilter.GaussianBlur(radius))
        wavering = Image.blend(blurred, self._noise(5 + radius), 0.2)
        return [wavering.point(lambda value, level=level: 255 if value >= level else 0) for level in levels]

    def blotches(self, cell: int, level: int) -> Image.Image:
        """Patches of about `cell` pixels all over the map."""
        return self._noise(cell).point(lambda value: 255 if value >= level else 0)

    def _noise(self, cell: int) -> Image.Image:
        columns, rows = self.size[0] // cell + 2, self.size[1] // cell + 2
        coarse = Image.new("L", (columns, rows))
        coarse.putdata([scatter(x, y, cell, 256) for y in range(rows) for x in range(columns)])
        return coarse.resize(self.size, Image.Resampling.BICUBIC)


def _quarter(scene: Scene, x: int, y: int, right: int, down: int) -> str:
    """The kind on the quarter of a tile towards `right` and `down` (-1 or 1)."""
    tile = scene.tile(x, y)
    if not is_wall(tile) and tile.ground != DOOR:
        return _kind(tile)
    for column, row in ((x + right, y), (x, y + down), (x + right, y + down), (x - right, y), (x, y - down)):
        beside = scene.tile(column, row)
        if not is_wall(beside) and beside.ground != DOOR:
            return _kind(beside)
    return "grass"


def _kind(tile: Tile) -> str:
    if is_indoors(tile):
        return floor_of(tile)
    return tile.ground if tile.ground in _OPEN else "grass"


def _paint_meadow(picture: Image.Image, ground: _GroundMap) -> None:
    for cell, level, tone in ((60, 168, palette.MEADOW_LIGHT), (44, 186, palette.MEADOW_DARK)):
        patches = ImageChops.darker(ground.blotches(cell, level), ground.crisp({"grass"}))
        picture.paste(tone, (0, 0), patches)
    pen = ImageDraw.Draw(picture)
    for (x, y), tile in ground.scene.tiles():
        if tile.ground == "grass":
            for number in range(scatter(x, y, 41, 4)):
                _tuft(pen, x * TILE + scatter(x, y, 42 + number, 28), y * TILE + scatter(x, y, 52 + number, 28))
            if scatter(x, y, 61, 9) == 0:
                _flowers(pen, x, y)


def _tuft(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.point([(x, y), (x + 1, y + 1), (x + 3, y), (x + 2, y + 1)], fill=palette.GRASS.dark)
    pen.point([(x + 1, y + 2), (x + 2, y + 2)], fill=palette.GRASS.line)


def _flowers(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    petals = _FLOWERS[scatter(x, y, 62, len(_FLOWERS))]
    for number in range(2 + scatter(x, y, 63, 3)):
        left, top = x * TILE + 3 + scatter(x, y, 64 + number, 25), y * TILE + 3 + scatter(x, y, 74 + number, 24)
        pen.point([(left, top + 2), (left, top + 3)], fill=palette.GRASS.line)
        pen.point([(left - 1, top), (left + 1, top), (left, top - 1), (left, top + 1)], fill=petals.light)
        pen.point((left, top), fill=palette.BRASS.mid if petals is not palette.YELLOW else palette.ORANGE.mid)


def _paint_soft(picture: Image.Image, ground: _GroundMap, kinds: Collection[str], tones: Ramp) -> None:
    """Ground with a border: a dark edge of turf around it, a shaded one inside."""
    kind = "sand" if tones is palette.SAND else "path"
    (mask,) = ground.soft(kinds, 4)
    turf = grown(ground.crisp({"grass"}), 3)
    picture.paste(palette.GRASS.dark, (0, 0), ImageChops.darker(turf, grown(mask, 2)))
    picture.paste(palette.GRASS.line, (0, 0), ImageChops.darker(turf, grown(mask, 1)))
    picture.paste(tones.line, (0, 0), mask)
    picture.paste(tones.dark, (0, 0), lowered(mask, 1))
    picture.paste(ground.covered(kind), (0, 0), lowered(mask, 3))


def _paint_street(picture: Image.Image, ground: _GroundMap) -> None:
    mask = ground.crisp({"street"})
    picture.paste(palette.COBBLE.line, (0, 0), mask)
    picture.paste(palette.STONE.light, (0, 0), shrunk(mask, 1))
    picture.paste(palette.COBBLE.line, (0, 0), shrunk(mask, 4))
    picture.paste(ground.covered("street"), (0, 0), shrunk(mask, 5))


def _paint_water(picture: Image.Image, ground: _GroundMap) -> None:
    if "water" not in ground.kinds:
        return
    (shore,) = ground.soft({"water"}, 15)
    bands = ground.soft({"water"}, 19, (150, 172, 198))
    picture.paste(palette.GRASS.light, (0, 0), grown(shore, 4))
    picture.paste(palette.BANK.line, (0, 0), grown(shore, 1))
    picture.paste(palette.BANK.mid, (0, 0), shore)
    picture.paste(palette.BANK.dark, (0, 0), lowered(shore, 4))
    water = lowered(shore, 6)
    picture.paste(palette.FOAM, (0, 0), water)
    picture.paste(palette.WATER.light, (0, 0), shrunk(water, 1))
    for band, tone in zip(bands, (palette.WATER.mid, palette.WATER.dark, palette.WATER_DEEP), strict=True):
        picture.paste(tone, (0, 0), ImageChops.darker(band, shrunk(water, 3)))
    pen = ImageDraw.Draw(picture)
    _paint_ripples(pen, ground.scene)
    _paint_water_plants(pen, ground.scene)


def _paint_ripples(pen: ImageDraw.ImageDraw, scene: Scene) -> None:
    for (x, y), tile in scene.tiles():
        around = [scene.tile(x + dx, y + dy).ground for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        if tile.ground == "water" and around.count("water") == 9:
            for number in range(3):
                left, top = x * TILE + scatter(x, y, 81 + number, 24), y * TILE + scatter(x, y, 91 + number, 30)
                length = 3 + scatter(x, y, 85 + number, 5)
                pen.line((left, top, left + length, top), fill=palette.WATER.light)
                pen.point([(left - 1, top + 1), (left + length + 1, top + 1)], fill=palette.WATER.light)


def _paint_water_plants(pen: ImageDraw.ImageDraw, scene: Scene) -> None:
    """Lilies near the shore, and reeds where the shore is seen from the front."""
    for (x, y), tile in scene.tiles():
        if tile.ground == "water":
            left, top = x * TILE, y * TILE
            shores = sum(scene.tile(x + dx, y + dy).ground != "water" for dx, dy in ((-1, 0), (1, 0), (0, 1)))
            if shores == 1 and scatter(x, y, 71, 3):
                _lily(pen, left + 8 + scatter(x, y, 72, 10), top + 6 + scatter(x, y, 73, 10), scatter(x, y, 74, 2) == 0)
            if scene.tile(x, y - 1).ground != "water" and scatter(x, y, 75, 2):
                for number in range(4):
                    _reed(pen, left + 6 + number * 4, top + 14 + scatter(x, number, 76, 5))


def _lily(pen: ImageDraw.ImageDraw, x: int, y: int, in_flower: bool) -> None:
    for dx, dy in ((0, 0), (9, 4)):
        pen.ellipse((x + dx, y + dy, x + dx + 7, y + dy + 5), fill=palette.LEAF.mid, outline=palette.LEAF.dark)
        pen.line((x + dx + 4, y + dy + 2, x + dx + 7, y + dy + 2), fill=palette.WATER.mid)
    if in_flower:
        pen.rectangle((x + 2, y, x + 4, y + 2), fill=palette.ROSE.light)
        pen.point((x + 3, y + 1), fill=palette.BRASS.light)


def _reed(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.line((x, y, x, y - 11), fill=palette.LEAF.dark)
    pen.line((x + 1, y, x + 2, y - 7), fill=palette.LEAF.mid)
    pen.line((x, y - 13, x, y - 9), fill=palette.BARK.mid)
