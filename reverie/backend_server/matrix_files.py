"""The matrix files of a world, read and checked: block tables and one number per tile and layer.

Knows their format on disk, and nothing about how the town uses the tiles. Files from which no map can be made are an
error; smaller faults are skipped or fixed, with a warning.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER_NAME = re.compile(r'[^\s./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]*')
"""The name of a folder on every system: neither hidden, nor a path, nor blank at its start."""
_NOTHING = "0"
_SIZES = ("maze_width", "maze_height", "sq_tile_size")
# The kinds of names on tiles, larger before smaller, and the kind that each must lie in.
_OUTER = {"sector": "", "arena": "sector", "game_object": "arena", "spawning_location": "arena"}


class MazeError(ValueError):
    """A world that cannot be used; the text names the file and what is wrong with it."""


@dataclass(frozen=True)
class Layers:
    """One entry per tile in each layer, row by row from the top left; "" where a tile has no name.

    `world_warnings` has one sentence for each inconsistency in the files, and how it was handled.
    """

    world: str
    width: int
    height: int
    tile_size: int
    sector: list[str]
    arena: list[str]
    game_object: list[str]
    spawning_location: list[str]
    collision: list[bool]
    world_warnings: tuple[str, ...] = ()


def read_layers(assets: Path, maze_name: str, otherwise: Path | None = None) -> Layers:
    """Reads the files in `matrix_folder`; raises MazeError when one is missing or does not fit."""
    matrix = matrix_folder(assets, maze_name, otherwise)
    odd: list[str] = []
    if matrix == otherwise != assets / maze_name / "matrix":
        odd.append(f"There is no world {maze_name!r} in {assets}; {matrix} is used, as env_matrix in utils.py says.")
    size = _read_object(matrix / "maze_meta_info.json")
    width, height, tile_size = (_whole_number(matrix, size, key) for key in _SIZES)
    world = _read_world(matrix, size, odd)
    names = {kind: read_names(matrix, kind, width * height, odd) for kind in _OUTER}
    for kind, outer in _OUTER.items():
        if outer:
            _keep_nested(_maze_file(matrix, kind), width, names[kind], outer, names[outer], odd)
    if not any(names["arena"]):
        raise MazeError(f"{_maze_file(matrix, 'arena')}: no tile is in a room, and people need one to live in.")
    collision = [number != _NOTHING for number in _read_numbers(_maze_file(matrix, "collision"), width * height)]
    return Layers(world, width, height, tile_size, **names, collision=collision, world_warnings=tuple(odd))


def matrix_folder(assets: Path, maze_name: str, otherwise: Path | None = None) -> Path:
    """`<assets>/<maze_name>/matrix`, or `otherwise` (`env_matrix` of utils.py) when there is no such folder.

    Raises MazeError when neither is there.
    """
    is_name = FOLDER_NAME.fullmatch(maze_name)
    matrix = assets / maze_name / "matrix"
    if is_name and matrix.is_dir():
        return matrix
    if otherwise is not None and otherwise.is_dir():
        return otherwise
    also = f" {otherwise}, which env_matrix of utils.py names, is not there either." if otherwise else ""
    if not is_name:
        raise MazeError(f"{maze_name!r} cannot be the name of a world: it must name a folder of {assets}.{also}")
    known = sorted(folder.parent.name for folder in assets.glob("*/matrix"))
    raise MazeError(f"There is no world {maze_name!r} in {assets}; available: {', '.join(known) or 'none'}.{also}")


def _read_object(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(_read_text(file))
    except json.JSONDecodeError as error:
        raise MazeError(f"{file} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise MazeError(f"{file} should contain a JSON object, not {type(content).__name__}.")
    return content


def _whole_number(matrix: Path, size: dict[str, Any], key: str) -> int:
    file = matrix / "maze_meta_info.json"
    try:
        number = int(size[key])
    except (KeyError, TypeError, ValueError) as error:
        raise MazeError(f"{file}: {key!r} must be a whole number.") from error
    if number < 1:
        raise MazeError(f"{file}: {key!r} must be at least 1, not {number}.")
    return number


def _read_world(matrix: Path, size: dict[str, Any], odd: list[str]) -> str:
    file = _blocks_file(matrix, "world")
    names = list(_read_blocks(file, odd).values())
    if len(names) != 1:
        raise MazeError(f"{file} must name exactly one world, but names {len(names)}.")
    elsewhere = str(size.get("world_name") or names[0]).strip()
    if elsewhere != names[0]:
        odd.append(
            f"maze_meta_info.json calls the world {elsewhere!r}; addresses begin with {names[0]!r}, as in {file.name}."
        )
    return names[0]


def read_names(matrix: Path, kind: str, count: int, odd: list[str]) -> list[str]:
    """The name on each tile, row by row; "" if the table has no such block, which is reported in `odd`.

    Raises MazeError when a file of this kind is missing or does not fit.
    """
    file, table = _maze_file(matrix, kind), _blocks_file(matrix, kind)
    names = {_NOTHING: "", **_read_blocks(table, odd)}
    numbers = _read_numbers(file, count)
    unknown = Counter(number for number in numbers if number not in names)
    for number, tiles in unknown.items():
        odd.append(f"{file.name} has block {number!r} on {_counted(tiles)}, {table.name} does not: nothing is there.")
    return [names.get(number, "") for number in numbers]


def _read_blocks(file: Path, odd: list[str]) -> dict[str, str]:
    """{block number: name}; the address parts before the name say where it is meant to be used."""
    names: dict[str, str] = {}
    for line, row in enumerate(_read_rows(file), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        number, name = cells[0], cells[-1]
        fault = _fault_of_block(cells)
        if fault:
            odd.append(f"{file.name}, line {line} is left out: {fault}.")
            continue
        if names.get(number, name) != name:
            odd.append(f"{file.name}, line {line}: block {number} was {names[number]!r} before; now it is {name!r}.")
        names[number] = name
    return names


def _fault_of_block(cells: list[str]) -> str:
    """Why a row does not name a block; "" if it does."""
    if len(cells) < 2 or not cells[0] or not cells[-1]:
        return f"it should contain a block number and a name, not {','.join(cells)!r}"
    if ":" in cells[-1]:
        return f"{cells[-1]!r} has a colon, which separates the parts of addresses"
    return "block 0 means no block" if cells[0] == _NOTHING else ""


def _read_numbers(file: Path, count: int) -> list[str]:
    cells = (cell.strip() for row in _read_rows(file) for cell in row)
    numbers = [cell.removesuffix(".0") for cell in cells if cell]  # which some spreadsheets add to every number
    if len(numbers) != count:
        raise MazeError(f"{file} has {len(numbers)} numbers; the map's width x height is {count}.")
    return numbers


def _keep_nested(file: Path, width: int, inner: list[str], around: str, outer: list[str], odd: list[str]) -> None:
    """Removes the names of tiles outside any larger place: they would have no address."""
    stray = [index for index, name in enumerate(inner) if name and not outer[index]]
    if stray:
        first = f"{inner[stray[0]]!r} at ({stray[0] % width}, {stray[0] // width})"
        odd.append(f"{file.name}: left out, because in no {around}: {_counted(len(stray))}, the first {first}.")
    for index in stray:
        inner[index] = ""


def _counted(tiles: int) -> str:
    return "1 tile" if tiles == 1 else f"{tiles} tiles"


def _maze_file(matrix: Path, kind: str) -> Path:
    return matrix / "maze" / f"{kind}_maze.csv"


def _blocks_file(matrix: Path, kind: str) -> Path:
    return matrix / "special_blocks" / f"{kind}_blocks.csv"


def _read_rows(file: Path) -> list[list[str]]:
    try:
        return list(csv.reader(_read_text(file).splitlines()))
    except csv.Error as error:
        raise MazeError(f"{file} is not CSV ({error}). Restore it from a copy.") from error


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise MazeError(f"{file} is missing.") from error
    except OSError as error:
        raise MazeError(f"{file} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise MazeError(f"{file} is not UTF-8 text: {error}.") from error
