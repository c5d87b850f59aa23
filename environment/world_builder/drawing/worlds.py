"""Draws a world from the best source available: its Tiled map, or its matrix, with or without the kinds of ground.

Knows where these are; each is drawn by a separate module.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from drawing.guess import guess_scene
from drawing.map_picture import draw_scene
from drawing.scene import Scene
from drawing.tiled import draw_tiled, find_tiled_map
from matrix_files import Layers, read_layers, read_names
from town_tiles import Tile, in_rows


def draw_world(assets: Path) -> Image.Image:
    """The picture of the world whose folder is `assets` (with `matrix/` and perhaps `visuals/` in it).

    A Tiled map in `visuals/` takes precedence over the matrix, which is drawn with the kinds of ground of the builder,
    else with guessed ones. Raises matrix_files.MazeError, TiledError or (for the tables of `art`)
    build_faults.BuildRefused, naming the file, if one cannot be read.
    """
    tiled_map = find_tiled_map(assets / "visuals")
    if tiled_map:
        return draw_tiled(tiled_map)
    layers = read_layers(assets.parent, assets.name)
    built = (assets / "matrix" / "maze" / "ground_maze.csv").is_file()
    return draw_scene(_built_scene(layers, assets / "matrix") if built else guess_scene(layers))


def _built_scene(layers: Layers, matrix: Path) -> Scene:
    ground = read_names(matrix, "ground", layers.width * layers.height, [])
    starts = map(bool, layers.spawning_location)
    columns = zip(ground, layers.collision, layers.sector, layers.arena, layers.game_object, starts, strict=True)
    return Scene(in_rows([Tile(*column) for column in columns], layers.width))
