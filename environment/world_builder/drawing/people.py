"""Sheets of walking people, composed of the parts in `art/people` in the colors of a look.

Knows the layout of a sheet and `art/people.toml`, the table of looks; the pages decide who has which look.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from PIL import Image, ImageOps

from build_faults import FaultBook, nearest, refuse_if_any
from drawing.art_files import ART, TILE, read_image
from drawing.palette import Color, Ramp, ramp
from saves.forms import form
from toml_table import Flag, Table, Text, read_toml

ROWS = ("down", "left", "right", "up")
FRAMES = 4
"""Stand, step, stand, step with the other foot."""

_PART_ROWS = ("down", "left", "up")
_PART_COLUMNS = (0, 1, 0, 2)
"""The column of a part for each frame: the parts show stand, step, step with the other foot; "right" is mirrored."""
_PART_SIZE = (3 * TILE, 3 * TILE)


class Look(NamedTuple):
    """`parts` are pictures from back to front; `colors` maps each painted color to another.

    `not_for` lists the groups of people it does not fit, `words` describe it, part by part.
    """

    parts: tuple[Image.Image, ...]
    colors: dict[Color, Color]
    not_for: str
    words: str


def looks_index(looks: Mapping[str, Look]) -> dict[str, object]:
    """The data about the sheets for the pages and the builder."""
    rows = {name: {"not_for": look.not_for, "words": look.words} for name, look in looks.items()}
    return {"tile": TILE, "frames": FRAMES, "rows": list(ROWS), "looks": rows}


def draw_sheet(look: Look) -> Image.Image:
    """The sheet of a look: a row for each of ROWS, a column for each frame, TILE pixels per frame."""
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


def _groups(words: str) -> str:
    if not set(words.split()) <= _GROUPS:
        raise ValueError(words)
    return words


_GROUPS = {"he", "she", "they", "child", "young"}
Groups = Annotated[Text, form(f"words of these: {', '.join(sorted(_GROUPS))}", _groups)]
Tones = Annotated[Ramp, form("four colors of six hexadecimal digits each", ramp)]


class _Entry(Table):
    """One line of the table; the comment at its top explains the fields."""

    name: Text
    skin: Text
    hair: Text
    top: Text
    bottom: Text
    accent: Text = "red"
    hairstyle: Text
    clothes: Text
    hat: Text = "none"
    glasses: Flag = False
    beard: Flag = False


class _Painted(Table):
    skin: Tones
    hair: Tones
    top: Tones
    bottom: Tones
    accent: Tones


class _Looks(Table):
    painted: _Painted
    colors: dict[str, Tones]
    not_for: dict[str, Groups]
    also_called: dict[str, Text]
    look: list[_Entry]


def read_looks(folder: Path = ART) -> dict[str, Look]:
    """Every look by its name. Raises BuildRefused, which names the line, if the table or a part cannot be used."""
    book = FaultBook(folder / "people.toml")
    parts = {file.stem: _read_part(file, book) for file in sorted((folder / "people").glob("*.png"))}
    table = read_toml(book, _Looks)
    looks = {entry.name: _look(entry, parts, table, book) for entry in table.look} if table else {}
    if table:
        _note_unworn([*table.not_for, *table.also_called], table, book)
    refuse_if_any(book)
    return looks


def _note_unworn(names: list[str], table: _Looks, book: FaultBook) -> None:
    worn = {name for entry in table.look for part in _parts_in_words(entry) for name in part}
    for name in names:
        if name not in worn:
            book.note("file", f'"{name}" is a part or color of no look', f"Name another: {nearest(name, sorted(worn))}")


def _look(entry: _Entry, parts: dict[str, Image.Image | None], table: _Looks, book: FaultBook) -> Look:
    where = f"look {entry.name}"
    names = _part_names(entry, parts)
    for name in names:
        if name not in parts:
            book.note(where, f"there is no people/{name}.png", f"Name a part: {nearest(name, parts)}")
    colors: dict[Color, Color] = {}
    for kind, painted in table.painted:
        name = getattr(entry, kind)
        if name not in table.colors:
            book.note(where, f'`{kind}` is "{name}"', f"Name a color: {nearest(name, table.colors)}")
        colors.update(zip(painted, table.colors.get(name) or painted, strict=True))
    pictures = tuple(part for name in names if (part := parts.get(name)))
    not_for = {word for name in _kinds(entry) for word in table.not_for.get(name, "").split()}
    words = ", ".join(" ".join(_called(part, table.also_called)) for part in _parts_in_words(entry))
    return Look(pictures, colors, " ".join(sorted(not_for)), words)


def _parts_in_words(entry: _Entry) -> list[list[str]]:
    """The names of the parts of a look, each with its colors."""
    scarf = [entry.accent] if entry.clothes == "scarf" else []
    return [
        [entry.skin, "skin"],
        [entry.hair, entry.hairstyle, "hair"],
        [entry.clothes, entry.top, entry.bottom, *scarf],
        *([[entry.hat, entry.accent, "hat"]] if entry.hat != "none" else []),
        *([["glasses"]] if entry.glasses else []),
        *([["beard", entry.hair]] if entry.beard else []),
    ]


def _called(part: list[str], also_called: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(word for name in part for word in (name, *also_called.get(name, "").split())))


def _kinds(entry: _Entry) -> list[str]:
    """The properties of a look that decide whom it fits: the parts, and only the color of the hair."""
    return [entry.hair, entry.hairstyle, entry.clothes, entry.hat, *(["beard"] if entry.beard else [])]


def _part_names(entry: _Entry, parts: Container[str]) -> list[str]:
    """The parts from back to front."""
    behind = f"behind_{entry.hairstyle}"
    return [
        *([behind] if behind in parts else []),
        f"clothes_{entry.clothes}",
        "head",
        *(extra for extra in ("glasses", "beard") if getattr(entry, extra)),
        f"hair_{entry.hairstyle}",
        *([f"hat_{entry.hat}"] if entry.hat != "none" else []),
    ]


def _read_part(file: Path, book: FaultBook) -> Image.Image | None:
    part = read_image(file, book)
    if part and part.size != _PART_SIZE:
        book.note(file.name, f"it is {part.width} x {part.height} pixels", "Make it {} x {}".format(*_PART_SIZE))
        return None
    return part
