"""Draws worlds and people, 32 pixels per tile: `draw_world` for any world, `draw_sheet` for a person's look.

Needs Pillow, and the folders `world_builder` and `backend_server` on the path; knows nothing about simulations.
"""

from drawing.people import draw_sheet, looks_index, read_looks
from drawing.tiled import TiledError
from drawing.worlds import draw_world

__all__ = ["TiledError", "draw_sheet", "draw_world", "looks_index", "read_looks"]
