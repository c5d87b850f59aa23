"""Sheets of walking people, put together from the parts in `art/people` in the colors of a look.

Knows how a sheet is laid out and `art/people.toml`, the table of looks; who wears which look is for the pages to say.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from build_faults import FaultBook, nearest, refuse_if_any
from drawing.art_files import ART, TILE, read_image
from drawing.palette import Color, Ramp, ramp
from toml_table import Table, read_toml

ROWS = ("down", "left", "right", "up")
FRAMES = 4
"""Stand, step, stand, step with the other foot."""

_PART_ROWS = ("down", "left", "up")
_PART_COLUMNS = (0, 1, 0, 2)
"""The column of a part for each frame: the parts show stand, step, step with the other foot; "right" is mirrored."""
_PART_SIZE = (3 * TILE, 3 * TILE)
_DEFAULT_COLORS = {"accent": "red"}


class Look(NamedTuple):
    """`parts` are pictures from back to front; `colors` says what each painted color becomes."""

    parts: tuple[Image.Image, ...]
    colors: dict[Color, Color]


def looks_index(names: list[str]) -> dict[str, object]:
    """What a front end needs to know of the sheets."""
    return {"tile": TILE, "frames": FRAMES, "rows": list(ROWS), "looks": names}


def draw_sheet(look: Look) -> Image.Image:
    """The sheet of a look: a row for each of ROWS, a column for each frame, TILE pixels a frame."""
    figures = _colored(look)
    sheet = Image.new("RGBA", (FRAMES * TILE, len(ROWS) * TILE))
    for row, direction in enumerate(ROWS):
        for frame, column in enumerate(_PART_COLUMNS):
            sheet.paste(_figure(figures, direction, column), (frame * TILE, row * TILE))
    return sheet


def _figure(figures: Image.Image, direction: str, column: int) -> Image.Image:
    if direction == "right":
        return ImageOps.mirror(_figure(figures, "left", column))
    left, top = column * TILE, _PART_ROWS.index(direction) * TILE
    return figures.crop((left, top, left + TILE, top + TILE))


def _colored(look: Look) -> Image.Image:
    figures = Image.new("RGBA", _PART_SIZE)
    for part in look.parts:
        figures.alpha_composite(part)
    painted, recolored = iter(figures.tobytes()), bytearray()
    for red, green, blue, alpha in zip(painted, painted, painted, painted, strict=True):
        color = red, green, blue
        recolored += bytes((*look.colors.get(color, color), alpha))
    return Image.frombytes("RGBA", _PART_SIZE, bytes(recolored))


def read_looks(folder: Path = ART) -> dict[str, Look]:
    """Every look by its name. Raises BuildRefused, which names the line, when the table or a part cannot be used."""
    book = FaultBook(folder / "people.toml")
    table = read_toml(book)
    looks: dict[str, Look] = {}
    if table:
        wardrobe = _Wardrobe(folder / "people", table, book)
        looks = {entry.text("name"): wardrobe.look(entry) for entry in table.tables("look")}
        table.close()
    refuse_if_any(book)
    return looks


class _Wardrobe:
    """The parts and colors that looks are made of. What is missing is noted in `book`."""

    def __init__(self, folder: Path, table: Table, book: FaultBook) -> None:
        self._book = book
        self._parts = {file.stem: _read_part(file, book) for file in sorted(folder.glob("*.png"))}
        self._painted = _read_ramps(table, "painted", book)
        self._colors = _read_ramps(table, "colors", book)

    def look(self, entry: Table) -> Look:
        """The look of one line of the table."""
        parts = [self._part(name, entry) for name in self._part_names(entry)]
        colors: dict[Color, Color] = {}
        for kind, painted in self._painted.items():
            name = entry.text(kind, _DEFAULT_COLORS.get(kind))
            if name not in self._colors:
                self._book.note(entry.where, f'`{kind}` is "{name}"', f"Name a color: {nearest(name, self._colors)}")
            colors.update(zip(painted, self._colors.get(name, painted), strict=True))
        entry.close()
        return Look(tuple(part for part in parts if part), colors)

    def _part_names(self, entry: Table) -> list[str]:
        """The parts from back to front."""
        hairstyle, hat = entry.text("hairstyle"), entry.text("hat", "none")
        behind = f"behind_{hairstyle}"
        return [
            *([behind] if behind in self._parts else []),
            f"clothes_{entry.text('clothes')}",
            "head",
            *(extra for extra in ("glasses", "beard") if entry.flag(extra)),
            f"hair_{hairstyle}",
            *([] if hat == "none" else [f"hat_{hat}"]),
        ]

    def _part(self, name: str, entry: Table) -> Image.Image | None:
        if name not in self._parts:
            self._book.note(entry.where, f"there is no people/{name}.png", f"Name a part: {nearest(name, self._parts)}")
        return self._parts.get(name)


def _read_part(file: Path, book: FaultBook) -> Image.Image | None:
    part = read_image(file, book)
    if part and part.size != _PART_SIZE:
        book.note(file.name, f"it is {part.width} x {part.height} pixels", "Make it {} x {}".format(*_PART_SIZE))
        return None
    return part


def _read_ramps(table: Table, key: str, book: FaultBook) -> dict[str, Ramp]:
    ramps = {}
    for name, codes in table.names(key).items():
        if re.fullmatch(r"[0-9a-fA-F]{6}( [0-9a-fA-F]{6}){3}", codes):
            ramps[name] = ramp(codes)
        else:
            book.note(f"[{key}]", f'{name} is "{codes}"', "Write four colors of six hexadecimal digits each")
    return ramps
