"""Pictures of worlds and people: the picture of a map, the tiles behind it, and the look of each persona."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import looks
import utils
from maze import Maze, MazeError, matrix_of
from pages.lookup import Unknown
from saves.json_files import DamagedSimulation, read_object
from saves.storage import Storage

_TOLD = ("learned", "lifestyle", "currently", "daily_plan_req")


def maze(name: str) -> Maze:
    """A world, read once until its files change. Raises Unknown, MazeError."""
    return _maze(name, max((file.stat().st_mtime_ns for file in _matrix(name).rglob("*.*")), default=0))


def worlds() -> list[str]:
    """The names of all worlds."""
    return sorted(matrix.parent.name for matrix in _assets().glob("*/matrix"))


def tiles(world: Maze) -> dict[str, Any]:
    """The data of a map for the browser: its size, blocked tiles, and the bounds of places.

    `blocked` is a row of "0" and "1" for each row of tiles; `places` are [name, left, top, right, bottom] of sectors.
    """
    return {
        "maze": world.name,
        "width": world.width,
        "height": world.height,
        "tile": 32,
        "blocked": ["".join("01"[tile.collision] for tile in row) for row in world.tiles],
        "rooms": ["".join("01"[bool(tile.arena)] for tile in row) for row in world.tiles],
        "things": ["".join("01"[bool(tile.game_object)] for tile in row) for row in world.tiles],
        "places": _sectors(world),
    }


def map_picture(name: str) -> Path:
    """The picture of a world: its own, else one drawn now and kept in temp_storage. Raises Unknown, MazeError."""
    maze(name)  # raises its errors
    matrix = _matrix(name)
    brought = matrix.parent / "visuals" / "map.png"
    if brought.is_file():
        return brought
    kept = Storage.of_checkout().temp / "maps" / f"{name}.png"
    if not kept.is_file() or kept.stat().st_mtime < max(file.stat().st_mtime for file in matrix.rglob("*.*")):
        _draw(matrix.parent, kept)
    return kept


def look_of(people: Sequence[str], simulation: Path | None = None) -> dict[str, str]:
    """{persona: look}: the one named in its `scratch.json`, else one that fits its description there.

    `simulation` is the folder of a simulation or a demo; None means no descriptions. "" if there are no looks.
    """
    told = {name: _scratch(simulation, name) for name in people}
    given = {name: scratch["look"] for name, scratch in told.items() if _is_look(scratch.get("look"))}
    wearers = [
        looks.Wearer(name, scratch.get("age"), [scratch.get(key) for key in _TOLD])
        for name, scratch in told.items()
        if name not in given
    ]
    return {**given, **looks.choose(wearers, looks.read_index(), given.values())}


def address_of(look: str) -> str:
    """The address of the picture of a look; "" for none."""
    return f"/static/assets/characters/{look}.png" if look else ""


def _assets() -> Path:
    return Path(utils.__file__).resolve().parent / utils.maze_assets_loc


def _matrix(name: str) -> Path:
    try:
        return matrix_of(name)
    except MazeError:
        raise Unknown(f"There is no world “{name}”.", worlds()) from None


@lru_cache(maxsize=8)
def _maze(name: str, newest: int) -> Maze:
    return Maze(name)


def _sectors(world: Maze) -> list[list[Any]]:
    boxes: dict[str, list[int]] = {}
    for y, row in enumerate(world.tiles):
        for x, tile in enumerate(row):
            if tile.sector:
                left, top, right, bottom = boxes.get(tile.sector, (x, y, x, y))
                boxes[tile.sector] = [min(left, x), min(top, y), max(right, x), max(bottom, y)]
    return [[name, *box] for name, box in boxes.items()]


def _draw(assets: Path, target: Path) -> None:
    from drawing import draw_world  # only here is Pillow needed

    target.parent.mkdir(parents=True, exist_ok=True)
    picture = draw_world(assets)
    with TemporaryDirectory(dir=target.parent, prefix=".") as folder:  # one for each concurrent first request
        picture.save(Path(folder, target.name), format="PNG")
        os.replace(Path(folder, target.name), target)


def _scratch(simulation: Path | None, persona: str) -> dict[str, Any]:
    """The saved state of a persona; empty if it cannot be read."""
    if not simulation:
        return {}
    try:
        return read_object(simulation / "personas" / persona / "bootstrap_memory" / "scratch.json")
    except DamagedSimulation:
        return {}


def _is_look(name: object) -> bool:
    """Whether there is a picture of that name; never a path, whatever was saved."""
    is_name = isinstance(name, str) and re.fullmatch(r"[\w-]+", name)
    return bool(is_name) and (looks.CHARACTERS / f"{name}.png").is_file()
