"""Draws a world from the best that it brings: its own Tiled map, its plan, or its matrix alone.

Knows where these lie; how each is drawn is a module of its own.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from build_faults import FaultBook
from drawing.guess import guess_scene
from drawing.map_picture import draw_scene
from drawing.scene import Scene
from drawing.tiled import draw_tiled, find_tiled_map
from matrix_files import Layers, read_layers
from town_plan import read_plan
from town_tiles import Town, draw_town

_PLANS = Path(__file__).resolve().parent.parent / "worlds"


def draw_world(assets: Path, plans: Path = _PLANS) -> Image.Image:
    """The picture of the world whose folder is `assets` (with `matrix/` and perhaps `visuals/` in it).

    A Tiled map in `visuals/` comes first, then the plan `<plans>/<name>/plan.toml` if the matrix was built from
    it, then the matrix alone. Raises matrix_files.MazeError, TiledError or (for the tables of `art`)
    build_faults.BuildRefused, naming the file, when one cannot be read.
    """
    tiled_map = find_tiled_map(assets / "visuals")
    if tiled_map:
        return draw_tiled(tiled_map)
    layers = read_layers(assets.parent, assets.name)
    town = _planned_town(plans / assets.name / "plan.toml")
    return draw_scene(Scene(town.rows) if town and _agree(town, layers) else guess_scene(layers))


def _planned_town(file: Path) -> Town | None:
    if not file.is_file():
        return None
    book = FaultBook(file)
    plan = read_plan(book)
    return draw_town(plan, book) if plan else None


def _agree(town: Town, layers: Layers) -> bool:
    """Whether the matrix is that of the plan: a plan that was changed since is not what people walk on."""
    planned = [(tile.sector, tile.arena, tile.game_object, tile.blocked) for _, tile in town.tiles()]
    built = zip(layers.sector, layers.arena, layers.game_object, layers.collision, strict=True)
    return town.width == layers.width and planned == list(built)
