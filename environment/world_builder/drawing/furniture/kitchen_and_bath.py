"""What stands in kitchens and bathrooms.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.palette import Ramp


def stove(canvas: Canvas, seed: int) -> None:
    """A stove with four plates, a pot and an oven's window."""
    canvas.box(2, -2, canvas.width - 4, 17, 15, palette.STEEL)
    for left, top in ((5, 1), (18, 1), (5, 8), (18, 8)):
        canvas.oval(left, top, 9, 6, palette.IRON.mid, palette.IRON.line)
    pot = (palette.RED, palette.BLUE, palette.ORANGE)[seed % 3]
    canvas.box(5, -6, 10, 5, 6, pot)
    canvas.rect(8, -7, 4, 1, pot.line)
    canvas.panel(6, 19, canvas.width - 12, 8, palette.IRON)
    canvas.rect(8, 21, canvas.width - 16, 2, palette.ORANGE.mid)
    canvas.rect(6, 17, canvas.width - 12, 1, palette.STEEL.light)


def bread_oven(canvas: Canvas, seed: int) -> None:
    """A brick oven with a fire in its mouth and loaves beside it."""
    canvas.box(1, -12, canvas.width - 2, 16, 26, palette.BRICK)
    for row, top in enumerate(range(8, 28, 5)):
        canvas.rect(2, top, canvas.width - 4, 1, palette.BRICK.line)
        for left in range(5 + row % 2 * 4, canvas.width - 3, 8):
            canvas.rect(left, top - 3, 1, 3, palette.BRICK.line)
    canvas.oval(7, 8, 18, 20, palette.IRON.line, palette.STONE.line)
    canvas.rect(7, 19, 18, 9, palette.IRON.line)
    canvas.oval(10, 16, 12, 12, palette.RED.mid)
    canvas.oval(12, 19, 8, 9, palette.ORANGE.mid)
    canvas.oval(14, 22, 4, 6, palette.YELLOW.light)
    for left in range(5, canvas.width - 8, 9):
        canvas.oval(left, -9 + seed % 2, 8, 5, palette.PINE.mid, palette.OAK.line)


def refrigerator(canvas: Canvas, seed: int) -> None:
    """A tall refrigerator with two doors and notes on them."""
    body = (palette.WHITE, palette.TEAL, palette.CREAM)[seed % 3]
    canvas.box(4, -20, 24, 8, 42, body)
    canvas.rect(5, 0, 22, 1, body.line)
    canvas.rect(5, 1, 22, 1, body.light)
    canvas.rect(8, -8, 2, 6, palette.STEEL.line)
    canvas.rect(8, 4, 2, 9, palette.STEEL.line)
    canvas.rect(16, 5, 6, 6, palette.YELLOW.light)
    canvas.dots([(19, 4)], palette.RED.mid)
    canvas.rect(15, -7, 4, 4, palette.ROSE.light)


def kitchen_sink(canvas: Canvas, seed: int) -> None:
    """A basin in a cupboard with two doors, plates drying beside it."""
    canvas.box(1, 0, canvas.width - 2, 16, 14, palette.PINE, palette.STONE)
    canvas.panel(5, 4, 15, 10, palette.STEEL)
    canvas.rect(7, 6, 11, 6, palette.GLASS.mid)
    canvas.rect(7, 6, 11, 1, palette.STEEL.dark)
    _tap(canvas, 11, -4)
    for left in (22, 25):
        canvas.oval(left, 5 + seed % 2, 4, 8, palette.WHITE.light, palette.WHITE.line)
    _doors(canvas, 1, 17, canvas.width - 2, 11, palette.PINE)


def _tap(canvas: Canvas, x: int, y: int) -> None:
    canvas.rect(x, y, 3, 10, palette.STEEL.line)
    canvas.rect(x + 1, y + 1, 1, 9, palette.STEEL.light)
    canvas.rect(x - 3, y + 7, 9, 1, palette.STEEL.line)


def _doors(canvas: Canvas, x: int, y: int, width: int, height: int, ramp: Ramp) -> None:
    half = width // 2
    for left in (x + 2, x + half + 1):
        canvas.panel(left, y, half - 3, height, ramp)
    canvas.dots([(x + half - 3, y + 4), (x + half + 2, y + 4)], palette.BRASS.light)


def appliance(canvas: Canvas, seed: int) -> None:
    """A small machine on a cupboard: a toaster, a kettle, a coffee maker."""
    canvas.box(1, 0, canvas.width - 2, 16, 14, palette.PINE, palette.STONE)
    _doors(canvas, 1, 17, canvas.width - 2, 11, palette.PINE)
    canvas.box(9, -2, 14, 6, 9, (palette.STEEL, palette.RED, palette.TEAL)[seed % 3])
    canvas.rect(12, 0, 8, 1, palette.IRON.line)
    canvas.rect(12, 3, 8, 1, palette.IRON.line)


def bathroom_sink(canvas: Canvas, seed: int) -> None:
    """A washbasin on a foot, a mirror above it."""
    canvas.panel(9, -18, 14, 17, palette.OAK)
    canvas.rect(11, -16, 10, 13, palette.GLASS.mid)
    canvas.stroke([(12, -6), (19, -14)], palette.GLASS.light, 2)
    canvas.box(13, 14, 6, 4, 11, palette.WHITE)
    canvas.box(5, 3, 22, 12, 6, palette.WHITE)
    canvas.oval(8, 6, 16, 8, palette.GLASS.light, palette.WHITE.line)
    canvas.rect(15, 1, 2, 7, palette.STEEL.line)
    canvas.dots([(15, 2), (15, 3)], palette.STEEL.light)
    canvas.rect(23, 4, 3, 3, (palette.ROSE, palette.GREEN, palette.YELLOW)[seed % 3].mid)


def toilet(canvas: Canvas, seed: int) -> None:
    """A toilet with its cistern, the lid up, and a roll of paper beside it."""
    canvas.box(8, -8, 16, 4, 11, palette.WHITE)
    canvas.rect(14, -6, 4, 2, palette.STEEL.mid)
    canvas.oval(8, 4, 16, 21, palette.WHITE.mid, palette.WHITE.line)
    canvas.oval(10, 6, 12, 14, palette.WHITE.light, palette.WHITE.dark)
    canvas.oval(12, 8, 8, 9, palette.GLASS.mid, palette.WHITE.line)
    canvas.rect(12, 23, 8, 5, palette.WHITE.line)
    canvas.rect(13, 23, 6, 4, palette.WHITE.dark)
    canvas.panel(26, 8 + seed % 3, 5, 6, palette.WHITE)


def shower(canvas: Canvas, seed: int) -> None:
    """A tray behind glass, the rose above it, a curtain drawn aside."""
    fabric = (palette.TEAL, palette.ROSE, palette.BLUE)[seed % 3]
    canvas.panel(2, -14, 28, 30, palette.GLASS)
    canvas.panel(2, 12, 28, 18, palette.WHITE)
    canvas.rect(5, 15, 22, 11, palette.GLASS.light)
    canvas.oval(14, 19, 5, 4, palette.STEEL.dark, palette.STEEL.line)
    canvas.rect(15, -12, 2, 8, palette.STEEL.line)
    canvas.oval(10, -6, 12, 6, palette.STEEL.light, palette.STEEL.line)
    for left in (11, 15, 19):
        canvas.dots([(left, 2), (left, 3), (left + 1, 7), (left, 11)], palette.WHITE.light)
    canvas.rect(1, -16, 30, 2, palette.STEEL.line)
    for left in (2, 5):
        canvas.rect(left, -14, 4, 38, fabric.line)
        canvas.rect(left, -14, 3, 37, fabric.mid)
        canvas.rect(left, -14, 1, 37, fabric.light)


def bathtub(canvas: Canvas, seed: int) -> None:
    """A tub with water and foam."""
    canvas.box(2, 2, canvas.width - 4, canvas.height - 14, 10, palette.WHITE)
    canvas.oval(5, 4, canvas.width - 10, canvas.height - 17, palette.WATER.light, palette.WHITE.line)
    for number, left in enumerate(range(8, canvas.width - 14, 5)):
        canvas.ball(left, 6 + (number + seed) % 3 * 2, 6, palette.WHITE)
    _tap(canvas, canvas.width // 2, -5)
