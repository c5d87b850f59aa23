"""Draws the map of a world made with the Tiled editor, exported as JSON.

Knows Tiled's format: tile layers, groups, tilesets within the map or next to it, flipped tiles. Object layers, and
layers that only mark blocks for a program, are not part of the picture.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

_FLIPPED_ACROSS, _FLIPPED_DOWN, _FLIPPED_OVER = 0x80000000, 0x40000000, 0x20000000
_NUMBER = 0x0FFFFFFF
_MARKS = re.compile(r"block|collision|spawn", re.IGNORECASE)
_UNPACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, "zlib": zlib.decompress, "gzip": gzip.decompress}


class TiledError(ValueError):
    """A Tiled map that cannot be drawn; the text names the file and what is wrong with it."""


class _Placed(NamedTuple):
    """Tile `number` (with its flips) at a column and row of the map, `opacity` from 0 to 1."""

    number: int
    column: int
    row: int
    opacity: float


def find_tiled_map(visuals: Path) -> Path | None:
    """The first Tiled map, by name, among the JSON files of a folder."""
    return next((file for file in sorted(visuals.glob("*.json")) if "layers" in _read_json(file)), None)


def draw_tiled(file: Path) -> Image.Image:
    """The picture of a Tiled map, in the tile size of the map. Raises TiledError."""
    content = _read_json(file)
    try:
        return _draw(file, content)
    except (KeyError, TypeError, IndexError, struct.error, zlib.error, binascii.Error, OSError) as error:
        raise TiledError(f"{file}: not a Tiled map that can be drawn ({error!r}).") from error


def _draw(file: Path, content: dict[str, Any]) -> Image.Image:
    if content.get("orientation", "orthogonal") != "orthogonal":
        raise TiledError(f"{file}: only orthogonal maps can be drawn, this one is {content['orientation']}.")
    across, down = content["tilewidth"], content["tileheight"]
    picture = Image.new("RGB", (content["width"] * across, content["height"] * down))
    tiles = _Tiles(file, content["tilesets"])
    for placed in _placed_tiles(file, content["layers"], 1.0):
        tile, mask = tiles.picture(placed.number, placed.opacity)
        corner = (placed.column * across, (placed.row + 1) * down - tile.height)
        picture.paste(tile, corner, mask)
    return picture


def _placed_tiles(file: Path, layers: list[dict[str, Any]], opacity: float) -> Iterator[_Placed]:
    for layer in layers:
        if not layer.get("visible", True) or _MARKS.search(layer.get("name", "")):
            continue
        seen = opacity * layer.get("opacity", 1)
        if layer["type"] == "group":
            yield from _placed_tiles(file, layer["layers"], seen)
        elif layer["type"] == "tilelayer":
            for chunk in layer.get("chunks", [layer]):
                yield from _chunk_tiles(file, chunk, layer, seen)


def _chunk_tiles(file: Path, chunk: dict[str, Any], layer: dict[str, Any], opacity: float) -> Iterator[_Placed]:
    for index, number in enumerate(_numbers(file, chunk["data"], layer)):
        if number:
            row, column = divmod(index, chunk["width"])
            yield _Placed(number, chunk.get("x", 0) + column, chunk.get("y", 0) + row, opacity)


def _numbers(file: Path, data: list[int] | str, layer: dict[str, Any]) -> tuple[int, ...]:
    if isinstance(data, list):
        return tuple(data)
    compression = layer.get("compression", "")
    if compression not in _UNPACK:
        raise TiledError(f'{file}: layer "{layer.get("name")}" is packed with {compression}; export it as CSV.')
    unpacked = _UNPACK[compression](base64.b64decode(data))
    return struct.unpack(f"<{len(unpacked) // 4}I", unpacked)


class _Tileset(NamedTuple):
    """Tiles cut from one image; the first has the number `first` in the map."""

    first: int
    image: Image.Image
    across: int
    down: int
    columns: int
    size: int
    margin: int
    spacing: int

    def cut(self, number: int) -> Image.Image:
        """The picture of a tile, unflipped."""
        row, column = divmod(number - self.first, self.columns)
        left = self.margin + column * (self.across + self.spacing)
        top = self.margin + row * (self.down + self.spacing)
        return self.image.crop((left, top, left + self.across, top + self.down))


class _Tiles:
    """The pictures of the tiles of a map by their numbers."""

    def __init__(self, file: Path, tilesets: list[dict[str, Any]]) -> None:
        self._file = file
        self._sets = sorted((_read_tileset(file, entry) for entry in tilesets), key=lambda tiles: tiles.first)
        self.picture = cache(self._picture)

    def _picture(self, number: int, opacity: float) -> tuple[Image.Image, Image.Image]:
        """The tile in colors, and the mask of its visible part."""
        tile = _turned(self._set(number & _NUMBER).cut(number & _NUMBER), number)
        return tile.convert("RGB"), tile.getchannel("A").point(lambda alpha: round(alpha * opacity))

    def _set(self, number: int) -> _Tileset:
        for tiles in reversed(self._sets):
            if tiles.first <= number < tiles.first + tiles.size:
                return tiles
        raise TiledError(f"{self._file}: no tileset has the tile {number}.")


def _turned(tile: Image.Image, number: int) -> Image.Image:
    """The tile with its flags applied: first mirrored at the diagonal, then across, then upside down."""
    for flag, how in (
        (_FLIPPED_OVER, Image.Transpose.TRANSPOSE),
        (_FLIPPED_ACROSS, Image.Transpose.FLIP_LEFT_RIGHT),
        (_FLIPPED_DOWN, Image.Transpose.FLIP_TOP_BOTTOM),
    ):
        if number & flag:
            tile = tile.transpose(how)
    return tile


def _read_tileset(file: Path, entry: dict[str, Any]) -> _Tileset:
    """A tileset of the map; one with a `source` is in a separate file, and its image next to that."""
    beside, tileset = file, entry
    if "source" in entry:
        beside = _find(file, entry["source"])
        if beside.suffix == ".tsx":
            raise TiledError(f"{file}: the tileset {entry['source']} is XML; export it as JSON (.tsj).")
        tileset = _read_json(beside)
    image_file = _find(beside, tileset["image"])
    with Image.open(image_file) as image:
        pixels = image.convert("RGBA")
    margin, spacing, across = tileset.get("margin", 0), tileset.get("spacing", 0), tileset["tilewidth"]
    down = tileset["tileheight"]
    columns = tileset.get("columns") or (pixels.width - 2 * margin + spacing) // (across + spacing)
    rows = (pixels.height - 2 * margin + spacing) // (down + spacing)
    count = tileset.get("tilecount", columns * rows)
    return _Tileset(entry["firstgid"], pixels, across, down, columns, count, margin, spacing)


def _find(beside: Path, source: str) -> Path:
    """The file at the path given in another one, or with that name anywhere below it: exports often keep old paths."""
    relative = Path(source.replace("\\", "/"))
    named = beside.parent / relative
    if named.is_file():
        return named
    found = sorted(beside.parent.rglob(relative.name))
    if not found:
        raise TiledError(f"{beside}: {source} is missing; put it beside the map.")
    return found[0]


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TiledError(f"{file} cannot be read: {error}.") from error
    return content if isinstance(content, dict) else {}
