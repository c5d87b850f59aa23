"""Things to lie and sit on, and the tables people sit at.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.palette import Ramp

_FABRICS = (palette.RED, palette.BLUE, palette.GREEN, palette.ORANGE, palette.TEAL, palette.VIOLET, palette.ROSE)
_UPHOLSTERY = (palette.TEAL, palette.RED, palette.GREEN, palette.BLUE, palette.ORANGE)


def bed(canvas: Canvas, seed: int) -> None:
    """A bed with its head to the north: a pillow for each tile of its width, a blanket folded back."""
    width, top, foot = canvas.width - 6, -10, canvas.height - 3
    fabric = _FABRICS[seed % len(_FABRICS)]
    canvas.box(3, top, width, 5, 12, palette.OAK)
    canvas.panel(4, top + 9, width - 2, foot - top - 9, palette.CREAM)
    for left in range(0, canvas.width, 32):
        canvas.panel(left + 8, top + 11, 16, 9, palette.WHITE)
        canvas.rect(left + 11, top + 15, 10, 1, palette.WHITE.mid)
    _blanket(canvas, 4, top + 22, width - 2, foot - top - 25, fabric)
    canvas.box(3, foot - 5, width, 3, 6, palette.OAK)


def _blanket(canvas: Canvas, x: int, y: int, width: int, height: int, fabric: Ramp) -> None:
    canvas.panel(x, y, width, height, fabric)
    canvas.rect(x + 1, y + 1, width - 2, 3, palette.PAPER.mid)
    canvas.rect(x + 1, y + 4, width - 2, 1, fabric.line)
    for row in range(y + 8, y + height - 2, 6):
        for column in range(x + 4 + (row - y) // 6 % 2 * 4, x + width - 4, 8):
            canvas.dots([(column, row - 1), (column - 1, row), (column + 1, row), (column, row + 1)], fabric.light)


def sofa(canvas: Canvas, seed: int) -> None:
    """A sofa that looks south, with a cushion for each tile."""
    fabric, width = _UPHOLSTERY[seed % len(_UPHOLSTERY)], canvas.width - 4
    canvas.box(2, -4, width, 12, 24, fabric)
    canvas.rect(6, 8, width - 8, 16, fabric.line)
    seats = canvas.width // 32
    seat = (width - 12) // seats
    for left in range(8, 8 + seats * seat, seat):
        canvas.box(left, 8, seat, 10, 6, fabric)
    canvas.panel(canvas.width - 19, 3, 10, 9, palette.YELLOW)
    canvas.panel(9, 3, 9, 8, palette.PAPER)
    for side in (1, canvas.width - 9):
        canvas.box(side, 4, 8, 13, 9, fabric)


def armchair(canvas: Canvas, seed: int) -> None:
    """A soft chair for one."""
    fabric = _UPHOLSTERY[seed % len(_UPHOLSTERY)]
    canvas.box(5, 0, 22, 6, 20, fabric)
    canvas.box(9, 10, 14, 11, 6, fabric)
    for side in (4, 23):
        canvas.box(side, 8, 5, 12, 8, fabric)


def stool(canvas: Canvas, x: int, y: int, ramp: Ramp = palette.OAK) -> None:
    """A round stool of 10 pixels at a position."""
    canvas.rect(x + 2, y + 6, 1, 5, ramp.line)
    canvas.rect(x + 7, y + 6, 1, 5, ramp.line)
    canvas.oval(x, y, 10, 8, ramp.dark, ramp.line)
    canvas.oval(x + 1, y + 1, 8, 5, ramp.mid)
    canvas.rect(x + 3, y + 2, 3, 1, ramp.light)


def chair(canvas: Canvas, x: int, y: int, ramp: Ramp, *, back: str) -> None:
    """A chair of 10 x 12 pixels; `back` is the side of its backrest: "up", "down", "left" or "right"."""
    canvas.box(x, y + 3, 10, 7, 4, ramp)
    rest = {"up": (x, y - 2, 10, 2, 5), "down": (x, y + 8, 10, 2, 5), "left": (x - 1, y, 3, 9, 4)}
    canvas.box(*rest.get(back, (x + 8, y, 3, 9, 4)), ramp)


def cafe_table(canvas: Canvas, seed: int) -> None:
    """A small round table with two chairs and something to eat on it."""
    chair(canvas, 1, 11, palette.WALNUT, back="left")
    chair(canvas, 21, 11, palette.WALNUT, back="right")
    canvas.rect(15, 20, 3, 9, palette.IRON.line)
    canvas.rect(11, 28, 11, 2, palette.IRON.line)
    canvas.oval(6, 5, 21, 17, palette.CREAM.dark, palette.CREAM.line)
    canvas.oval(7, 5, 19, 14, palette.CREAM.light)
    canvas.oval(9, 7, 15, 10, palette.ROSE.mid if seed % 2 else palette.TEAL.light)
    cup(canvas, 11, 9)
    canvas.oval(17, 10, 6, 4, palette.WHITE.light, palette.CREAM.line)
    canvas.dots([(19, 11), (20, 11), (20, 10)], palette.ORANGE.dark)


def cup(canvas: Canvas, x: int, y: int) -> None:
    """A cup of coffee, 5 pixels wide."""
    canvas.rect(x, y, 4, 4, palette.WHITE.line)
    canvas.rect(x, y, 4, 3, palette.WHITE.light)
    canvas.rect(x + 1, y, 2, 1, palette.BARK.dark)
    canvas.dots([(x + 4, y + 1)], palette.WHITE.line)


def pub_table(canvas: Canvas, seed: int) -> None:
    """A heavy table with a stool at either side, and glasses."""
    stool(canvas, -1, 13, palette.RED)
    stool(canvas, 23, 13, palette.RED)
    canvas.box(5, 5, 22, 14, 9, palette.OAK)
    canvas.rect(8, 10, 16, 1, palette.OAK.dark)
    canvas.rect(8, 14, 16, 1, palette.OAK.dark)
    mug(canvas, 8, 7)
    mug(canvas, 18 - seed % 3, 10)


def mug(canvas: Canvas, x: int, y: int) -> None:
    """A glass of beer, 5 pixels wide."""
    canvas.rect(x, y, 5, 7, palette.BRASS.line)
    canvas.rect(x + 1, y + 1, 3, 5, palette.BRASS.mid)
    canvas.rect(x, y - 1, 5, 2, palette.PAPER.light)
    canvas.dots([(x + 5, y + 2), (x + 5, y + 3)], palette.GLASS.light)


def dining_table(canvas: Canvas, seed: int) -> None:
    """A laid table, with chairs above and below it for each tile."""
    fabric = _FABRICS[seed % len(_FABRICS)]
    for left in range(0, canvas.width, 32):
        chair(canvas, left + 11, -7, palette.OAK, back="up")
    canvas.legs(4, canvas.height - 9, canvas.width - 8, 8, palette.OAK)
    canvas.box(1, 2, canvas.width - 2, canvas.height - 13, 7, palette.OAK)
    for left in range(0, canvas.width, 32):
        canvas.rect(left + 7, 4, 18, canvas.height - 18, fabric.light)
        canvas.oval(left + 11, 7, 10, 8, palette.WHITE.light, palette.WHITE.line)
        canvas.oval(left + 14, 9, 4, 4, (palette.ORANGE, palette.GREEN, palette.RED)[(seed + left // 32) % 3].mid)
        chair(canvas, left + 11, canvas.height - 13, palette.OAK, back="down")


def reading_table(canvas: Canvas, seed: int) -> None:
    """A long table with a green lamp, open books and chairs."""
    for left in range(0, canvas.width, 32):
        chair(canvas, left + 11, -7, palette.WALNUT, back="up")
    canvas.legs(3, canvas.height - 9, canvas.width - 6, 8, palette.WALNUT)
    canvas.box(1, 2, canvas.width - 2, canvas.height - 13, 7, palette.WALNUT)
    for left in range(0, canvas.width, 32):
        open_book(canvas, left + 5, 8)
        _lamp(canvas, left + 21, 2)
        chair(canvas, left + 11, canvas.height - 13, palette.WALNUT, back="down")
    if seed % 2:
        canvas.panel(canvas.width - 14, 12, 8, 5, palette.RED)


def open_book(canvas: Canvas, x: int, y: int) -> None:
    """An open book, 11 pixels wide."""
    canvas.rect(x, y, 11, 7, palette.PAPER.line)
    canvas.rect(x + 1, y, 4, 6, palette.PAPER.light)
    canvas.rect(x + 6, y, 4, 6, palette.PAPER.light)
    for row in (y + 1, y + 3):
        canvas.rect(x + 2, row, 2, 1, palette.PAPER.line)
        canvas.rect(x + 7, row, 2, 1, palette.PAPER.line)


def _lamp(canvas: Canvas, x: int, y: int) -> None:
    canvas.rect(x + 3, y + 4, 1, 5, palette.BRASS.dark)
    canvas.rect(x + 1, y + 8, 5, 2, palette.BRASS.line)
    canvas.panel(x, y - 1, 7, 5, palette.GREEN)


def table(canvas: Canvas, seed: int) -> None:
    """A plain table with a vase."""
    canvas.legs(4, canvas.height - 10, canvas.width - 8, 8, palette.OAK)
    canvas.box(2, 3, canvas.width - 4, canvas.height - 15, 7, palette.OAK)
    middle = canvas.width // 2
    canvas.panel(middle - 3, 2, 6, 8, palette.TEAL)
    canvas.ball(middle - 5, -4, 6, palette.ROSE)
    canvas.ball(middle, -5, 6, _FABRICS[seed % len(_FABRICS)])
