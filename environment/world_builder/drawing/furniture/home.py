"""What stands in bedrooms, living rooms and studies.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.furniture.rest import chair, open_book
from drawing.palette import scatter

_BINDINGS = (palette.RED, palette.BLUE, palette.GREEN, palette.YELLOW, palette.VIOLET, palette.TEAL, palette.ORANGE)


def closet(canvas: Canvas, seed: int) -> None:
    """A tall closet with two doors and a hat box on top."""
    wood = (palette.OAK, palette.WALNUT, palette.PINE)[seed % 3]
    foot = canvas.height - 2
    canvas.box(2, -18, canvas.width - 4, 9, foot + 9, wood)
    half = canvas.width // 2
    for left in (5, half):
        canvas.panel(left, -5, half - 5, foot + 1, wood)
        canvas.panel(left + 2, -2, half - 9, foot // 2 - 4, wood)
    canvas.rect(half - 2, 9, 1, 4, palette.BRASS.light)
    canvas.rect(half + 1, 9, 1, 4, palette.BRASS.light)
    canvas.box(7, -22, 12, 5, 5, (palette.ROSE, palette.TEAL, palette.YELLOW)[seed % 3])


def desk(canvas: Canvas, seed: int) -> None:
    """A writing desk with drawers, a lamp, a sheet of paper, and its chair."""
    right = canvas.width - 12
    canvas.legs(2, 15, canvas.width - 4, 12, palette.OAK)
    canvas.box(1, 0, canvas.width - 2, 14, 5, palette.OAK)
    canvas.box(right - 1, 14, 12, 2, 12, palette.OAK)
    canvas.rect(right + 3, 20, 4, 1, palette.BRASS.light)
    canvas.rect(6, 3, 9, 9, palette.PAPER.line)
    canvas.rect(6, 3, 8, 8, palette.PAPER.light)
    for row in (5, 7, 9):
        canvas.rect(7, row, 5, 1, palette.PAPER.dark)
    canvas.rect(right + 4, 1, 1, 7, palette.IRON.line)
    canvas.rect(right + 2, 8, 5, 2, palette.IRON.line)
    canvas.panel(right, -5, 9, 6, (palette.YELLOW, palette.GREEN, palette.RED)[seed % 3])
    chair(canvas, 6, 15, palette.WALNUT, back="down")


def computer_desk(canvas: Canvas, seed: int) -> None:
    """A desk with a screen and a keyboard."""
    canvas.legs(3, 17, canvas.width - 6, 10, palette.PINE)
    canvas.box(1, 2, canvas.width - 2, 13, 6, palette.PINE)
    canvas.panel(7, -9, 18, 14, palette.IRON)
    canvas.rect(9, -7, 14, 9, (palette.TEAL, palette.BLUE)[seed % 2].light)
    canvas.rect(10, -5, 8, 1, palette.WHITE.light)
    canvas.rect(10, -3, 5, 1, palette.WHITE.light)
    canvas.rect(14, 4, 4, 3, palette.IRON.line)
    canvas.panel(9, 8, 14, 5, palette.STEEL)
    chair(canvas, 11, 18, palette.IRON, back="down")


def bookshelf(canvas: Canvas, seed: int) -> None:
    """A tall case of books in two rows for each tile of its height."""
    foot = canvas.height - 2
    canvas.box(1, -20, canvas.width - 2, 6, foot + 14, palette.WALNUT)
    for row, top in enumerate(range(-12, foot - 10, 14)):
        canvas.rect(3, top, canvas.width - 6, 12, palette.WALNUT.line)
        _books(canvas, top, seed + row)
        canvas.rect(3, top + 12, canvas.width - 6, 1, palette.WALNUT.light)


def _books(canvas: Canvas, top: int, seed: int) -> None:
    left = 4
    while left < canvas.width - 6:
        width = 2 + scatter(left, seed, 1, 3)
        if scatter(left, seed, 2, 8):
            height = 8 + scatter(left, seed, 3, 4)
            binding = _BINDINGS[scatter(left, seed, 4, len(_BINDINGS))]
            canvas.rect(left, top + 12 - height, min(width, canvas.width - 4 - left), height, binding.mid)
            canvas.rect(left, top + 12 - height, 1, height, binding.light)
            canvas.rect(left + 1, top + 15 - height, width - 1, 1, binding.dark)
        left += width


def radio(canvas: Canvas, seed: int) -> None:
    """An old radio on a small chest of drawers."""
    canvas.box(3, 4, 26, 11, 14, palette.OAK)
    canvas.panel(6, 17, 20, 4, palette.OAK)
    canvas.panel(6, 22, 20, 4, palette.OAK)
    canvas.box(6, -8, 20, 4, 14, (palette.WALNUT, palette.RED)[seed % 2])
    canvas.oval(8, -2, 8, 7, palette.BRASS.mid, palette.BRASS.line)
    canvas.rect(18, -2, 6, 3, palette.YELLOW.light)
    canvas.dots([(18, 3), (21, 3), (24, 3)], palette.BRASS.light)
    canvas.stroke([(23, -9), (27, -17)], palette.STEEL.line)


def game_console(canvas: Canvas, seed: int) -> None:
    """A television on a low board, with a game on its screen."""
    canvas.box(2, 10, canvas.width - 4, 8, 11, palette.WALNUT)
    canvas.panel(4, -10, canvas.width - 8, 20, palette.IRON)
    canvas.rect(6, -8, canvas.width - 12, 14, (palette.BLUE, palette.TEAL)[seed % 2].mid)
    canvas.rect(6, 1, canvas.width - 12, 5, palette.GREEN.mid)
    canvas.rect(12, -3, 4, 4, palette.RED.mid)
    canvas.panel(10, 12, 11, 4, palette.WHITE)


def map_cabinet(canvas: Canvas, seed: int) -> None:
    """A cabinet of flat drawers with an open atlas on it."""
    canvas.box(1, -4, canvas.width - 2, 16, 18, palette.OAK)
    for top in range(13, 28, 5):
        canvas.panel(4, top, canvas.width - 8, 5, palette.OAK)
        canvas.rect(canvas.width // 2 - 2, top + 2, 4, 1, palette.BRASS.light)
    open_book(canvas, 10, 0)
    canvas.dots([(12, 2), (13, 3), (17, 1), (18, 4)], palette.GREEN.mid)
    canvas.rect(4, 1 + seed % 4, 3, 8, palette.PAPER.mid)
