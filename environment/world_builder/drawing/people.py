"""Sheets of walking people: four directions, four frames each, in many looks.

Knows how a sheet is laid out; how a figure looks is for the figures to say, who wears which look for the pages.
"""

from __future__ import annotations

from PIL import Image, ImageOps

from drawing.canvas import HEADROOM, TILE, Canvas
from drawing.figure_front import Front
from drawing.figure_side import Side
from drawing.looks import LOOKS, Look

ROWS = ("down", "left", "right", "up")
FRAMES = 4
"""Stand, step, stand, step with the other foot."""


def looks_index() -> dict[str, object]:
    """What a front end needs to know of the sheets."""
    return {"tile": TILE, "frames": FRAMES, "rows": list(ROWS), "looks": list(LOOKS)}


def draw_sheet(look: Look) -> Image.Image:
    """The sheet of a look: a row for each of ROWS, a column for each frame, TILE pixels a frame."""
    sheet = Image.new("RGBA", (FRAMES * TILE, len(ROWS) * TILE))
    for row, direction in enumerate(ROWS):
        for frame in range(FRAMES):
            sheet.paste(_figure(look, direction, frame), (frame * TILE, row * TILE))
    return sheet


def _figure(look: Look, direction: str, frame: int) -> Image.Image:
    if direction == "right":
        return ImageOps.mirror(_figure(look, "left", frame))
    canvas = Canvas()
    figure = Side(canvas, look, frame) if direction == "left" else Front(canvas, look, frame, turned=direction == "up")
    figure.draw()
    return canvas.image.crop((0, HEADROOM, TILE, TILE + HEADROOM))
