"""The matrix files of a world, read and checked: block tables and one number per tile and layer.

It knows their form on disk and nothing of what the town does with the tiles.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[\w-][\w .-]*")
_NOTHING = "0"


class MazeError(ValueError):
    """A world that cannot be used; the text names the file and what is wrong with it."""


@dataclass(frozen=True)
class Layers:
    """One entry per tile in each layer, row by row from the top left; "" where a tile has no name."""

    world: str
    width: int
    height: int
    tile_size: int
    sector: list[str]
    arena: list[str]
    game_object: list[str]
    spawning_location: list[str]
    collision: list[bool]


def read_layers(assets: Path, maze_name: str) -> Layers:
    """Reads `<assets>/<maze_name>/matrix`; raises MazeError when a file is missing or does not fit."""
    matrix = _matrix_folder(assets, maze_name)
    width, height, tile_size = _read_size(matrix / "maze_meta_info.json")
    count = width * height
    sector, arena, game_object, spawning_location = (
        _read_names(matrix, kind, count) for kind in ("sector", "arena", "game_object", "spawning_location")
    )
    for kind, inner, around, outer in (
        ("arena", arena, "sector", sector),
        ("game_object", game_object, "arena", arena),
        ("spawning_location", spawning_location, "arena", arena),
    ):
        _check_nested(_maze_file(matrix, kind), width, inner, around, outer)
    return Layers(
        world=_read_world(matrix),
        width=width,
        height=height,
        tile_size=tile_size,
        sector=sector,
        arena=arena,
        game_object=game_object,
        spawning_location=spawning_location,
        collision=[number != _NOTHING for number in _read_numbers(_maze_file(matrix, "collision"), count)],
    )


def _matrix_folder(assets: Path, maze_name: str) -> Path:
    if not _NAME.fullmatch(maze_name):
        raise MazeError(f"{maze_name!r} cannot be the name of a world: it must name a folder of {assets}.")
    matrix = assets / maze_name / "matrix"
    if not matrix.is_dir():
        known = sorted(folder.parent.name for folder in assets.glob("*/matrix"))
        raise MazeError(f"There is no world {maze_name!r} in {assets}; there: {', '.join(known) or 'none'}.")
    return matrix


def _read_size(file: Path) -> tuple[int, int, int]:
    try:
        info = json.loads(_read_text(file))
    except json.JSONDecodeError as error:
        raise MazeError(f"{file} is not JSON: {error}.") from error
    return tuple(_whole_number(file, info, key) for key in ("maze_width", "maze_height", "sq_tile_size"))


def _whole_number(file: Path, info: object, key: str) -> int:
    try:
        number = int(info[key])
    except (KeyError, TypeError, ValueError) as error:
        raise MazeError(f"{file}: {key!r} must be a whole number.") from error
    if number < 1:
        raise MazeError(f"{file}: {key!r} must be at least 1, is {number}.")
    return number


def _read_world(matrix: Path) -> str:
    file = _blocks_file(matrix, "world")
    names = list(_read_blocks(file).values())
    if len(names) != 1:
        raise MazeError(f"{file} must name one world, names {len(names)}.")
    return names[0]


def _read_names(matrix: Path, kind: str, count: int) -> list[str]:
    names = {_NOTHING: "", **_read_blocks(_blocks_file(matrix, kind))}
    file = _maze_file(matrix, kind)
    numbers = _read_numbers(file, count)
    try:
        return [names[number] for number in numbers]
    except KeyError as error:
        raise MazeError(f"{file}: {_blocks_file(matrix, kind).name} has no block {error.args[0]!r}.") from None


def _read_blocks(file: Path) -> dict[str, str]:
    """{block number: name}; the address parts before the name say where it is meant to be used."""
    names: dict[str, str] = {}
    for line, row in enumerate(csv.reader(_read_text(file).splitlines()), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        number, name = cells[0], cells[-1]
        if len(cells) < 2 or not number or not name:
            raise MazeError(f"{file}, line {line}: expected a block number and a name, found {','.join(row)!r}.")
        if ":" in name:
            raise MazeError(f"{file}, line {line}: {name!r} has a colon, which separates the parts of addresses.")
        if number in names or number == _NOTHING:
            raise MazeError(f"{file}, line {line}: block {number} is already taken.")
        names[number] = name
    return names


def _read_numbers(file: Path, count: int) -> list[str]:
    numbers = [cell.strip() for row in csv.reader(_read_text(file).splitlines()) for cell in row]
    if len(numbers) != count:
        raise MazeError(f"{file} has {len(numbers)} numbers; the map's width x height is {count}.")
    return numbers


def _check_nested(file: Path, width: int, inner: list[str], around: str, outer: list[str]) -> None:
    for index, name in enumerate(inner):
        if name and not outer[index]:
            x, y = index % width, index // width
            raise MazeError(f"{file}: {name!r} at ({x}, {y}) lies in no {around}.")


def _maze_file(matrix: Path, kind: str) -> Path:
    return matrix / "maze" / f"{kind}_maze.csv"


def _blocks_file(matrix: Path, kind: str) -> Path:
    return matrix / "special_blocks" / f"{kind}_blocks.csv"


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise MazeError(f"{file} is missing.") from error
    except UnicodeDecodeError as error:
        raise MazeError(f"{file} is not UTF-8 text: {error}.") from error
