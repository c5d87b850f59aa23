"""A town as the files that the backend and the front end read: numbered blocks and grids of numbers.

Knows those formats, but not how a town is drawn or who lives in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from town_tiles import Town

COLLISION_BLOCK = 32125
_ANYWHERE = "<all>"

Names = tuple[str, ...]
Layer = list[Names]


def write_matrix(town: Town, matrix: Path) -> None:
    """Write the meta information, the blocks and the grids of a town into the folder `matrix`."""
    numbers = count(COLLISION_BLOCK + 1)
    write_text(matrix / "maze_meta_info.json", json.dumps(_meta_info(town), indent=2, ensure_ascii=False))
    _write_blocks(matrix, "world", {(town.world,): next(numbers)})
    _write_grid(matrix, "collision", (COLLISION_BLOCK if tile.blocked else 0 for _, tile in town.tiles()))
    for kind, layer in _layers(town).items():
        blocks = _numbered(layer, numbers)
        _write_blocks(matrix, kind, blocks)
        _write_grid(matrix, kind, (blocks.get(names, 0) for names in layer))


def write_text(file: Path, text: str) -> None:
    """Write a text file that is the same, byte for byte, on every system; it ends with one line break."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")


def _meta_info(town: Town) -> dict[str, str | int]:
    return {
        "world_name": town.world,
        "maze_width": town.width,
        "maze_height": town.height,
        "sq_tile_size": town.tile_size,
        "special_constraint": "",
    }


def _layers(town: Town) -> dict[str, Layer]:
    """For each kind of block the names of every tile's block, row by row; () for tiles without one.

    Objects with the same name share a block: the arena of their tile completes the address. The ground is used only for
    pictures.
    """
    tiles = [tile for _, tile in town.tiles()]
    return {
        "sector": [(town.world, tile.sector) if tile.sector else () for tile in tiles],
        "arena": [(town.world, tile.sector, tile.arena) if tile.arena else () for tile in tiles],
        "game_object": [(town.world, _ANYWHERE, tile.game_object) if tile.game_object else () for tile in tiles],
        "spawning_location": list(_starts(town)),
        "ground": [(town.world, tile.ground) for tile in tiles],
    }


def _starts(town: Town) -> Iterator[Names]:
    met: Counter[Names] = Counter()
    for _, tile in town.tiles():
        room = (town.world, tile.sector, tile.arena)
        met[room] += tile.start
        yield (*room, f"start {met[room]}") if tile.start else ()


def _numbered(layer: Layer, numbers: Iterator[int]) -> dict[Names, int]:
    return {names: next(numbers) for names in dict.fromkeys(layer) if names}


def _write_blocks(matrix: Path, kind: str, blocks: dict[Names, int]) -> None:
    rows = (", ".join([str(number), *names]) for names, number in blocks.items())
    write_text(matrix / "special_blocks" / f"{kind}_blocks.csv", "\n".join(rows))


def _write_grid(matrix: Path, kind: str, numbers: Iterable[int]) -> None:
    write_text(matrix / "maze" / f"{kind}_maze.csv", ", ".join(map(str, numbers)))
