"""The pictures of all objects in a town, cut from `art/sprites.png` according to `art/sprites.toml`.

Knows which sprite belongs to an object's name, and how a sprite fills any footprint; not where objects are.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import Annotated

from PIL import Image, ImageDraw, ImageFont
from pydantic import AfterValidator, Field, Strict

from build_faults import BuildRefused, FaultBook
from drawing.art_files import ART, TILE, read_image
from saves.forms import form
from toml_table import AtLeastOne, Count, Flag, Point, Table, Text, fault, read_toml

Footprint = tuple[int, int]
"""Columns and rows of tiles."""

_BUILT_IN = ("unknown", "tree", "flower bed", "rug", "potted plant")
"""Sprites that are used by name, whatever words are in the table."""

_LABEL_AT, _LABEL_LETTERS, _LABEL_COLOR = (3, TILE + 12), 6, (36, 38, 50)


class Joined(Enum):
    """How adjacent tiles of an object are drawn."""

    ALL = "all"
    """One picture."""
    ROWS = "rows"
    """A picture for each row, one in front of the other."""
    NEVER = "never"
    """A picture for each tile."""


def _pattern(words: str) -> str:
    try:
        re.compile(words)
    except re.error as error:
        raise fault(f"`words` is not a regular expression ({error})", "Write words with | between them") from None
    return words


def _footprints(text: str) -> tuple[Footprint, ...]:
    """The footprints in a text such as "1x1 3x1"; raises for any other text."""
    sizes = [(int(columns), int(rows)) for columns, rows in (size.split("x") for size in text.split())]
    if any(not 0 < side < 100 for size in sizes for side in size):
        raise ValueError(text)
    return tuple(sizes)


Sizes = Annotated[
    tuple[Footprint, ...], Field(min_length=1), form('columns x rows, for example "1x1 3x1"', _footprints)
]
JoinedByName = Annotated[Joined, Strict(False), form(f"one of {', '.join(kind.value for kind in Joined)}")]


class Sprite(Table):
    """One line of the table; the comment at its top explains the fields. `label` is written on the picture."""

    name: Text
    words: Annotated[Text, AfterValidator(_pattern)] = ""
    at: Point
    sizes: Sizes = ((1, 1),)
    variants: AtLeastOne = 1
    joined: JoinedByName = Joined.NEVER
    flat: Flag = False
    overhang: Count = 0
    label: str = ""

    def nearest(self, footprint: Footprint) -> Footprint:
        """The drawn size nearest to a footprint. A side of one tile only matches sides of one tile."""

        def difference(size: Footprint) -> tuple[int, int, int]:
            pairs = list(zip(size, footprint, strict=True))
            one_against_many = sum((drawn == 1) != (wanted == 1) for drawn, wanted in pairs)
            return one_against_many, sum(abs(drawn - wanted) for drawn, wanted in pairs), -size[0] * size[1]

        return min(self.sizes, key=difference)

    def box(self, size: Footprint, variant: int) -> tuple[int, int, int, int]:
        """The left, top, right and bottom of a picture on the sheet, in pixels."""
        before = sum(columns * TILE + 2 * self.overhang for columns, _ in self.sizes[: self.sizes.index(size)])
        line = TILE * (1 + max(rows for _, rows in self.sizes))
        left, top = self.at[0] * TILE + before, self.at[1] * TILE + variant * line
        return left, top, left + size[0] * TILE + 2 * self.overhang, top + (1 + size[1]) * TILE


class _Sprites(Table):
    sprite: list[Sprite]


class SpriteSheet:
    """All sprites with the image that they are cut from."""

    def __init__(self, image: Image.Image, sprites: list[Sprite]) -> None:
        self.sprites = {sprite.name: sprite for sprite in sprites}
        self._image = image

    def of_object(self, name: str) -> Sprite:
        """The first sprite whose words are found in an object's name, else a crate labeled with the name."""
        for sprite in self.sprites.values():
            if sprite.words and re.search(sprite.words, name, re.IGNORECASE):
                return sprite
        return self.sprites["unknown"].model_copy(update={"label": name[:_LABEL_LETTERS]})

    def picture(self, sprite: Sprite, footprint: Footprint, variant: int = 0) -> Image.Image:
        """The picture for a footprint: that of its size, else one composed of the tiles of the nearest size.

        It is a tile higher than the footprint, for tall objects. The variant may be any number.
        """
        size = sprite.nearest(footprint)
        picture = self._image.crop(sprite.box(size, variant % sprite.variants))
        if size != footprint:
            picture = _put_together(picture, sprite.overhang, size, footprint)
        if sprite.label:
            pen = ImageDraw.Draw(picture)
            pen.fontmode = "1"
            pen.text(_LABEL_AT, sprite.label, fill=_LABEL_COLOR, font=ImageFont.load_default(8))
        return picture


def _put_together(drawn: Image.Image, overhang: int, size: Footprint, footprint: Footprint) -> Image.Image:
    columns = _spread(size[0], footprint[0])
    lines = [0, *(row + 1 for row in _spread(size[1], footprint[1]))]
    picture = Image.new("RGBA", (len(columns) * TILE, len(lines) * TILE))
    for y, line in enumerate(lines):
        for x, column in enumerate(columns):
            left, top = overhang + column * TILE, line * TILE
            picture.paste(drawn.crop((left, top, left + TILE, top + TILE)), (x * TILE, y * TILE))
    return picture


def _spread(drawn: int, wanted: int) -> list[int]:
    """The drawn tiles of a row for the wanted ones: the ends are kept, those between are repeated or left out."""
    if wanted == 1:
        return [0]
    middle = range(1, drawn - 1) if drawn > 2 else range(drawn)
    return [0, *(middle[number % len(middle)] for number in range(wanted - 2)), drawn - 1]


def read_sprites(folder: Path = ART) -> SpriteSheet:
    """The sprites of a folder. Raises BuildRefused, which names the line, if its table or image cannot be used."""
    book = FaultBook(folder / "sprites.toml")
    image = read_image(folder / "sprites.png", book)
    table = read_toml(book, _Sprites)
    if table and image:
        _check(table.sprite, image.size, book)
    if not table or not image or book.faults:
        raise BuildRefused(book.faults)
    return SpriteSheet(image, table.sprite)


def _check(sprites: list[Sprite], sheet: tuple[int, int], book: FaultBook) -> None:
    names = [sprite.name for sprite in sprites]
    for name in sorted({name for name in names if names.count(name) > 1}):
        book.note(f"sprite {name}", "two lines have this name", "Rename one")
    for name in _BUILT_IN:
        if name not in names:
            book.note("file", f'the sprite "{name}" is missing', "Add a line for it, every map needs it")
    for sprite in sprites:
        boxes = [sprite.box(size, sprite.variants - 1) for size in sprite.sizes]
        right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        if min(sprite.at) < 0 or right > sheet[0] or bottom > sheet[1]:
            book.note(
                f"sprite {sprite.name}",
                f"its pictures reach to pixel {right}, {bottom}, sprites.png is {sheet[0]} x {sheet[1]}",
                "Check `at`, `sizes` and `variants`, or make the image larger",
            )
