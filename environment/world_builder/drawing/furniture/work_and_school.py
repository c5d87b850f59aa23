"""What people learn and work with: boards, pupils' desks, workbenches, tools and timber.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.furniture.rest import chair, open_book
from drawing.palette import scatter


def blackboard(canvas: Canvas, seed: int) -> None:
    """A wide board on the wall with a lesson in chalk, its ledge below."""
    canvas.panel(1, -20, canvas.width - 2, 27, palette.OAK)
    canvas.rect(3, -18, canvas.width - 6, 21, palette.GREEN.line)
    canvas.rect(3, -18, canvas.width - 6, 1, palette.IRON.line)
    for row in range(3):
        for left in range(7, canvas.width - 12, 7):
            if scatter(left, row, seed + 3, 4):
                canvas.rect(left, -14 + row * 6, 3 + scatter(left, row, seed, 3), 1, palette.PAPER.light)
    canvas.box(1, 5, canvas.width - 2, 3, 3, palette.PINE)
    canvas.rect(6, 5, 4, 1, palette.WHITE.light)
    canvas.rect(14, 5, 3, 2, palette.ROSE.mid)


def notice_board(canvas: Canvas, seed: int) -> None:
    """A cork board on the wall with notes pinned to it."""
    canvas.panel(3, -18, canvas.width - 6, 22, palette.OAK)
    canvas.rect(5, -16, canvas.width - 10, 18, palette.PINE.mid)
    for number, (left, top) in enumerate(((7, -14), (15, -15), (21, -12), (9, -6), (17, -5))):
        paper = (palette.PAPER, palette.YELLOW, palette.ROSE, palette.GLASS)[(seed + number) % 4]
        canvas.rect(left, top, 6, 7, paper.light)
        canvas.rect(left + 1, top + 3, 4, 1, palette.PAPER.line)
        canvas.dots([(left + 3, top)], palette.RED.mid)


def teachers_desk(canvas: Canvas, seed: int) -> None:
    """A broad desk with an apple, books and a globe."""
    chair(canvas, 11, -8, palette.WALNUT, back="up")
    canvas.box(1, 3, canvas.width - 2, 13, 12, palette.WALNUT)
    canvas.panel(4, 18, canvas.width - 8, 7, palette.WALNUT)
    canvas.ball(4, 2, 7, palette.RED)
    canvas.dots([(8, 1)], palette.GREEN.mid)
    open_book(canvas, 11, 6)
    canvas.rect(24, 10, 5, 2, palette.BRASS.line)
    canvas.ball(22, 1 - seed % 2, 9, palette.BLUE)
    canvas.dots([(25, 4), (26, 4), (27, 6), (25, 7)], palette.GREEN.light)


def pupils_desk(canvas: Canvas, seed: int) -> None:
    """A small desk with an exercise book, a chair behind it."""
    for left in range(0, canvas.width, 32):
        canvas.legs(left + 4, 13, 24, 9, palette.STEEL)
        canvas.box(left + 3, 1, 26, 11, 5, palette.PINE)
        canvas.rect(left + 8, 3, 8, 6, palette.PAPER.light)
        canvas.rect(left + 9, 5, 5, 1, palette.BLUE.mid)
        canvas.rect(left + 20, 3, 2, 6, (palette.RED, palette.YELLOW, palette.TEAL)[(seed + left) % 3].mid)
        chair(canvas, left + 11, 16, palette.OAK, back="down")


def podium(canvas: Canvas, seed: int) -> None:
    """A lectern with a page on it."""
    canvas.box(7, -4, 18, 12, 20, palette.WALNUT)
    canvas.panel(10, 12, 12, 12, palette.WALNUT)
    canvas.rect(10, -2, 12, 8, palette.PAPER.light)
    for row in (0, 2, 4):
        canvas.rect(12, row, 8 - (seed + row) % 3, 1, palette.PAPER.line)


def easel(canvas: Canvas, seed: int) -> None:
    """An easel with a landscape on it."""
    for foot in (5, 26):
        canvas.stroke([(16, -16), (foot, 29)], palette.OAK.line, 3)
        canvas.stroke([(16, -16), (foot, 28)], palette.OAK.mid, 1)
    canvas.panel(4, -10, 24, 23, palette.PAPER)
    canvas.rect(6, -8, 20, 10, (palette.GLASS.light, palette.ROSE.light, palette.YELLOW.light)[seed % 3])
    canvas.ball(18, -7, 6, palette.YELLOW)
    canvas.shape([(6, 3), (12, -4), (19, 3)], palette.VIOLET.mid)
    canvas.rect(6, 3, 20, 8, palette.GREEN.mid)
    canvas.rect(6, 7, 20, 2, palette.GREEN.light)
    canvas.rect(3, 13, 26, 3, palette.OAK.line)
    canvas.rect(4, 13, 24, 1, palette.OAK.light)


def workbench(canvas: Canvas, seed: int) -> None:
    """A long bench with a vice, a saw, a plane and shavings."""
    canvas.legs(4, canvas.height - 12, canvas.width - 8, 10, palette.OAK)
    canvas.box(1, 0, canvas.width - 2, canvas.height - 15, 7, palette.PINE)
    canvas.box(3, canvas.height - 13, 9, 4, 6, palette.IRON)
    for left in range(0, canvas.width, 32):
        if (left // 32 + seed) % 2:
            canvas.shape([(left + 8, 5), (left + 24, 3), (left + 24, 9)], palette.STEEL.light, palette.STEEL.line)
            canvas.box(left + 4, 3, 6, 4, 4, palette.RED)
        else:
            canvas.box(left + 9, 4, 15, 4, 4, palette.OAK)
            canvas.rect(left + 14, 1, 3, 4, palette.WALNUT.line)
        canvas.dots([(left + 5, 12), (left + 7, 13), (left + 25, 11), (left + 27, 13)], palette.PAPER.light)


def lathe(canvas: Canvas, seed: int) -> None:
    """A lathe with a piece of wood turning in it."""
    canvas.legs(3, 17, 26, 12, palette.IRON)
    canvas.box(1, 9, 30, 6, 6, palette.IRON)
    canvas.box(2, -4, 10, 5, 12, palette.TEAL)
    canvas.box(24, 0, 6, 5, 9, palette.TEAL)
    canvas.rect(12, 3, 12, 5, palette.OAK.line)
    canvas.rect(12, 4, 12, 2, palette.PINE.light)
    canvas.rect(15 + seed % 3, 3, 2, 5, palette.OAK.mid)
    canvas.ball(4, 1, 6, palette.STEEL)


def tool_cabinet(canvas: Canvas, seed: int) -> None:
    """An open cabinet with tools hanging in it, drawers below."""
    canvas.box(2, -20, canvas.width - 4, 6, 44, palette.GREEN)
    canvas.rect(5, -12, canvas.width - 10, 20, palette.PINE.mid)
    canvas.rect(8, -9, 2, 12, palette.OAK.line)
    canvas.rect(6, -10, 6, 3, palette.STEEL.line)
    canvas.rect(15, -10, 2, 9, palette.STEEL.dark)
    canvas.rect(15, -1, 2, 5, palette.RED.mid)
    canvas.oval(20, -10, 6, 6, palette.STEEL.light, palette.STEEL.line)
    canvas.rect(22, -4, 2, 8, palette.STEEL.line)
    for top in (11, 19):
        canvas.panel(5, top, canvas.width - 10, 7, palette.GREEN)
        canvas.rect(13 + seed % 2, top + 3, 5, 1, palette.BRASS.light)


def timber_rack(canvas: Canvas, seed: int) -> None:
    """Planks and beams stacked on a frame."""
    for left in (2, canvas.width - 6):
        canvas.box(left, -14, 4, 4, 38, palette.IRON)
    for row, top in enumerate((18, 8, -2, -10)):
        wood = (palette.PINE, palette.OAK, palette.WALNUT)[(row + seed) % 3]
        for column, left in enumerate(range(4, canvas.width - 9, 8)):
            canvas.panel(left, top - (column + row) % 2, 8, 8, wood)
            canvas.oval(left + 2, top + 2 - (column + row) % 2, 4, 4, wood.light, wood.dark)


def lifting_weight(canvas: Canvas, seed: int) -> None:
    """A barbell on the floor."""
    canvas.rect(3, 18, canvas.width - 6, 2, palette.STEEL.dark)
    for left in (4, canvas.width - 10):
        canvas.panel(left, 10, 6, 18, (palette.IRON, palette.INK)[seed % 2])
