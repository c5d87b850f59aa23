"""What trades and offices work with: bakers, postmen, doctors, councillors, printers, cyclists and gardeners.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.furniture.rest import chair
from drawing.palette import Ramp, scatter

_CLOTHS = (palette.RED, palette.BLUE, palette.GREEN, palette.ORANGE, palette.TEAL, palette.YELLOW)
_ENVELOPES = (palette.PAPER, palette.CREAM, palette.WHITE, palette.YELLOW)


def bread_counter(canvas: Canvas, seed: int) -> None:
    """A counter with loaves and rolls in baskets."""
    canvas.box(1, 0, canvas.width - 2, canvas.height - 15, 14, palette.CREAM)
    for left in range(3, canvas.width - 26, 28):
        canvas.panel(left, -5, 27, 13, palette.PINE)
        for number in range(3):
            crust = (palette.OAK, palette.BRASS, palette.ORANGE)[(seed + number + left) % 3]
            canvas.oval(left + 2 + number * 8, -7 + number % 2, 8, 10, crust.mid, crust.line)
            canvas.rect(left + 4 + number * 8, -5, 4, 1, crust.light)
    for left in range(4, canvas.width - 10, 13):
        canvas.panel(left, canvas.height - 12, 11, 8, palette.CREAM)


def dough_trough(canvas: Canvas, seed: int) -> None:
    """A long trough with rising dough, a rolling pin on its rim."""
    canvas.legs(4, 16, canvas.width - 8, 12, palette.PINE)
    canvas.box(1, 0, canvas.width - 2, 15, 8, palette.PINE)
    canvas.oval(4, 2, canvas.width - 8, 12, palette.CREAM.mid, palette.CREAM.line)
    canvas.oval(8, 3, canvas.width - 18, 6, palette.CREAM.light)
    canvas.rect(canvas.width - 16 - seed % 4, 12, 12, 3, palette.OAK.mid)


def flour_sacks(canvas: Canvas, seed: int) -> None:
    """Sacks of flour leaning against each other, one open."""
    for left in range(0, canvas.width, 32):
        for number, (x, y) in enumerate(((4, -6), (15, -4), (8, 8))):
            canvas.panel(left + x, y, 14, 19, palette.PAPER)
            canvas.rect(left + x + 4, y + 1, 6, 2, palette.OAK.mid)
            mark = (palette.RED, palette.BLUE)[(seed + number) % 2]
            canvas.rect(left + x + 4, y + 8, 6, 5, mark.light)
        canvas.oval(left + 10, 7, 10, 5, palette.WHITE.light, palette.PAPER.line)


def post_counter(canvas: Canvas, seed: int) -> None:
    """A counter with scales, a stamp and letters to be stamped."""
    canvas.box(1, 0, canvas.width - 2, canvas.height - 15, 14, palette.YELLOW, palette.OAK)
    for left in range(0, canvas.width, 32):
        if (left // 32 + seed) % 2:
            canvas.box(left + 6, 2, 14, 5, 6, palette.STEEL)
            canvas.rect(left + 5, 0, 16, 2, palette.BRASS.mid)
            canvas.rect(left + 12, -4, 2, 5, palette.BRASS.line)
        else:
            for number in range(3):
                _envelope(canvas, left + 5 + number * 4, 1 + number * 3, number + seed)
            canvas.rect(left + 24, 2, 3, 6, palette.RED.line)


def letter_racks(canvas: Canvas, seed: int) -> None:
    """Pigeonholes with letters in them."""
    foot = canvas.height - 2
    canvas.box(1, -18, canvas.width - 2, 5, foot + 13, palette.OAK)
    for row, top in enumerate(range(-12, foot - 8, 8)):
        for left in range(3, canvas.width - 8, 9):
            canvas.rect(left, top, 8, 7, palette.WALNUT.line)
            if scatter(left, row, seed, 4):
                paper = _ENVELOPES[scatter(left, row, seed + 1, len(_ENVELOPES))]
                canvas.rect(left + 1, top + 3, 6, 4, paper.mid)
                canvas.rect(left + 2, top + 1, 4, 2, paper.light)


def _envelope(canvas: Canvas, x: int, y: int, seed: int) -> None:
    canvas.panel(x, y, 11, 7, _ENVELOPES[seed % len(_ENVELOPES)])
    canvas.rect(x + 7, y + 1, 3, 2, palette.RED.mid)


def clinic_counter(canvas: Canvas, seed: int) -> None:
    """A white counter with a bell, a ledger and a vase."""
    canvas.box(1, 0, canvas.width - 2, canvas.height - 15, 14, palette.WHITE)
    _cross(canvas, canvas.width // 2 - 4, canvas.height - 12)
    canvas.panel(5, 3, 14, 9, palette.GLASS)
    canvas.ball(canvas.width - 13, 4, 7, palette.BRASS)
    canvas.ball(canvas.width - 24, -4, 8, (palette.ROSE, palette.YELLOW)[seed % 2])


def waiting_chairs(canvas: Canvas, seed: int) -> None:
    """Two upholstered chairs side by side."""
    fabric = (palette.TEAL, palette.BLUE)[seed % 2]
    for left in range(0, canvas.width, 16):
        canvas.legs(left + 3, 18, 11, 8, palette.STEEL)
        canvas.box(left + 2, -2, 13, 4, 12, fabric)
        canvas.box(left + 2, 10, 13, 8, 4, fabric)


def sickbed(canvas: Canvas, seed: int) -> None:
    """An iron bed with white sheets, and a chart at its foot."""
    width, foot = canvas.width - 8, canvas.height - 4
    canvas.box(4, -9, width, 3, 8, palette.STEEL)
    canvas.panel(4, -2, width, foot, palette.WHITE)
    canvas.panel(9, 0, width - 10, 8, palette.PAPER)
    canvas.panel(4, 11, width, foot - 14, (palette.GLASS, palette.WHITE)[seed % 2])
    canvas.box(4, foot - 5, width, 2, 6, palette.STEEL)
    canvas.rect(canvas.width // 2 - 4, foot - 5, 8, 6, palette.PAPER.light)


def examination_couch(canvas: Canvas, seed: int) -> None:
    """A couch under a paper sheet, a lamp bent over it."""
    canvas.legs(5, canvas.height - 10, canvas.width - 10, 9, palette.STEEL)
    canvas.box(3, -6, canvas.width - 6, canvas.height - 6, 6, (palette.TEAL, palette.GREEN)[seed % 2])
    canvas.rect(7, -4, canvas.width - 14, canvas.height - 11, palette.WHITE.light)
    canvas.stroke([(27, 16), (29, -8), (20, -12)], palette.IRON.line, 2)
    canvas.ball(15, -14, 8, palette.YELLOW)


def medicine_cabinet(canvas: Canvas, seed: int) -> None:
    """A white cabinet with glass doors and bottles behind them."""
    canvas.box(3, -18, canvas.width - 6, 6, 42, palette.WHITE)
    canvas.panel(6, -9, canvas.width - 12, 20, palette.GLASS)
    for top in (-7, 2):
        for number, left in enumerate(range(8, canvas.width - 11, 5)):
            glass = _CLOTHS[(seed + number + top) % len(_CLOTHS)]
            canvas.rect(left, top, 3, 7, glass.mid)
            canvas.rect(left, top, 3, 1, palette.PAPER.light)
    _cross(canvas, canvas.width // 2 - 4, 14)


def _cross(canvas: Canvas, x: int, y: int) -> None:
    canvas.rect(x + 3, y, 3, 9, palette.RED.mid)
    canvas.rect(x, y + 3, 9, 3, palette.RED.mid)


def council_table(canvas: Canvas, seed: int) -> None:
    """A long table with green baize, papers and chairs around it."""
    for left in range(0, canvas.width, 32):
        chair(canvas, left + 11, -7, palette.BRICK, back="up")
    canvas.box(1, 2, canvas.width - 2, canvas.height - 13, 9, palette.WALNUT)
    canvas.rect(5, 5, canvas.width - 10, canvas.height - 20, palette.GREEN.dark)
    for left in range(0, canvas.width, 32):
        canvas.rect(left + 9 + seed % 3, 7, 8, 7, palette.PAPER.light)
        canvas.rect(left + 20, 8, 4, 4, palette.GLASS.light)
        chair(canvas, left + 11, canvas.height - 13, palette.BRICK, back="down")


def gallery_seats(canvas: Canvas, seed: int) -> None:
    """A dark bench with a high back and a long cushion, for those who listen."""
    canvas.legs(3, 18, canvas.width - 6, 9, palette.WALNUT)
    canvas.box(1, 12, canvas.width - 2, 8, 5, palette.WALNUT)
    canvas.rect(3, 13, canvas.width - 6, 6, (palette.RED, palette.GREEN)[seed % 2].mid)
    canvas.box(1, -6, canvas.width - 2, 3, 14, palette.WALNUT)


def ballot_box(canvas: Canvas, seed: int) -> None:
    """A box with a slit on a small table, and a slip of paper half in it."""
    canvas.legs(5, 16, 22, 12, palette.OAK)
    canvas.box(3, 10, 26, 8, 4, palette.OAK)
    canvas.box(7, -4, 18, 8, 12, (palette.BLUE, palette.INK)[seed % 2])
    canvas.rect(11, -1, 10, 2, palette.INK.line)
    canvas.rect(13, -8, 6, 8, palette.PAPER.light)


def printing_press(canvas: Canvas, seed: int) -> None:
    """An iron press with a flywheel, a sheet of paper under its platen."""
    foot = canvas.height - 3
    canvas.box(3, foot - 16, canvas.width - 6, 8, 9, palette.IRON)
    for left in (4, canvas.width - 10):
        canvas.box(left, -14, 6, 4, foot + 4, palette.IRON)
    canvas.box(3, -18, canvas.width - 6, 5, 8, palette.IRON)
    canvas.rect(canvas.width // 2 - 2, -8, 4, foot - 14, palette.BRASS.mid)
    canvas.panel(11, foot - 22, canvas.width - 22, 8, palette.PAPER)
    wheel = canvas.width // 3
    canvas.oval(canvas.width - wheel - 2, 2, wheel, wheel, palette.RED.dark, palette.IRON.line)
    canvas.oval(canvas.width - wheel + 1, 5, wheel - 6, wheel - 6, palette.IRON.mid, palette.IRON.line)
    canvas.rect(13, foot - 19 + seed % 2, canvas.width - 28, 1, palette.INK.mid)


def type_case(canvas: Canvas, seed: int) -> None:
    """A slanting case with a compartment for every letter."""
    canvas.box(2, -8, canvas.width - 4, 22, canvas.height - 17, palette.OAK)
    for row, top in enumerate(range(-6, 12, 5)):
        for left in range(4, canvas.width - 7, 5):
            canvas.rect(left, top, 4, 4, palette.WALNUT.dark)
            if scatter(left, row, seed, 3):
                canvas.rect(left + 1, top + 1, 2, 2, palette.STEEL.light)


def paper_stacks(canvas: Canvas, seed: int) -> None:
    """Reams of paper on a pallet, tied with string."""
    for left in range(0, canvas.width, 32):
        canvas.rect(left + 2, 24, 28, 4, palette.OAK.dark)
        for number, top in enumerate((14, 5, -4)):
            tones = (palette.PAPER, palette.CREAM)[(seed + number) % 2]
            canvas.box(left + 3 + number, top, 26 - 2 * number, 5, 7, tones)
            canvas.rect(left + 15, top, 1, 12, palette.RED.mid)


def bicycle_stand(canvas: Canvas, seed: int) -> None:
    """A bicycle in its stand."""
    paint = _CLOTHS[seed % len(_CLOTHS)]
    canvas.rect(2, 26, canvas.width - 4, 2, palette.IRON.line)
    for left in (0, 17):
        canvas.oval(left, 10, 15, 16, palette.STEEL.light, palette.INK.line)
        canvas.oval(left + 3, 13, 9, 10, palette.STONE.mid, palette.STEEL.dark)
    canvas.stroke([(7, 17), (12, 7), (22, 7), (15, 18), (7, 17)], paint.line, 3)
    canvas.stroke([(12, 7), (15, 18)], paint.line, 3)
    canvas.stroke([(22, 4), (24, 17)], paint.line, 3)
    canvas.stroke([(7, 17), (12, 7), (22, 7), (15, 18), (7, 17)], paint.mid)
    canvas.rect(9, 4, 7, 3, palette.WALNUT.line)
    canvas.stroke([(20, 2), (26, 3)], palette.INK.line, 2)


def market_stall(canvas: Canvas, seed: int) -> None:
    """A stall under a striped awning, with baskets of fruit, cheese and flowers."""
    fabric = _CLOTHS[seed % len(_CLOTHS)]
    for left in (2, canvas.width - 5):
        canvas.rect(left, -8, 3, 34, palette.OAK.line)
    canvas.box(2, 8, canvas.width - 4, 9, 11, palette.PINE)
    for number, left in enumerate(range(4, canvas.width - 10, 10)):
        _basket(canvas, left, 6, _CLOTHS[(seed + number * 2) % len(_CLOTHS)])
    canvas.panel(0, -20, canvas.width, 15, fabric)
    for left in range(6, canvas.width - 2, 12):
        canvas.rect(left, -19, 6, 13, palette.PAPER.light)
    for left in range(0, canvas.width - 5, 6):
        canvas.oval(left, -8, 6, 6, (palette.PAPER.light, fabric.mid)[left // 6 % 2], palette.PAPER.line)


def _basket(canvas: Canvas, x: int, y: int, fruit: Ramp) -> None:
    canvas.panel(x, y + 3, 9, 6, palette.OAK)
    for number in range(3):
        canvas.ball(x + number * 3 - 1, y - number % 2, 5, fruit)


def seedling_table(canvas: Canvas, seed: int) -> None:
    """A slatted table with trays of seedlings."""
    canvas.legs(3, 18, canvas.width - 6, 10, palette.PINE)
    canvas.box(1, 2, canvas.width - 2, 16, 4, palette.PINE)
    for number, left in enumerate(range(3, canvas.width - 12, 14)):
        canvas.panel(left, 3, 13, 12, palette.BRICK)
        for row in (4, 9):
            for column in range(2, 11, 4):
                canvas.ball(left + column - 1, row - 3, 5, palette.SUN_LEAF if (seed + number) % 2 else palette.LEAF)


def potting_table(canvas: Canvas, seed: int) -> None:
    """A table with earth, pots and a trowel."""
    canvas.legs(3, 18, canvas.width - 6, 10, palette.WALNUT)
    canvas.box(1, 2, canvas.width - 2, 15, 5, palette.OAK)
    canvas.oval(4, 4, 14, 8, palette.BANK.dark, palette.BANK.line)
    for left in range(20, canvas.width - 6, 9):
        canvas.box(left, -2 + seed % 2, 8, 3, 7, palette.BRICK)
    canvas.rect(9, 8, 9, 2, palette.STEEL.light)
    canvas.rect(17, 8, 4, 2, palette.RED.mid)
