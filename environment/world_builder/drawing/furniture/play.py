"""Music and games: instruments, stages, what hangs in a pub.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.furniture.rest import stool
from drawing.palette import Ramp


def piano(canvas: Canvas, seed: int) -> None:
    """An upright piano with a sheet of music, and its stool."""
    _upright(canvas, (palette.INK, palette.WALNUT)[seed % 2])


def school_piano(canvas: Canvas, seed: int) -> None:
    """An upright piano of light wood that has seen many pupils."""
    _upright(canvas, (palette.PINE, palette.OAK)[seed % 2])


def _upright(canvas: Canvas, wood: Ramp) -> None:
    canvas.box(1, -16, canvas.width - 2, 7, 33, wood)
    canvas.panel(4, -7, canvas.width - 8, 10, wood)
    canvas.rect(11, -10, 10, 9, palette.PAPER.light)
    canvas.rect(13, -8, 6, 1, palette.INK.dark)
    canvas.rect(13, -5, 5, 1, palette.INK.dark)
    canvas.box(1, 5, canvas.width - 2, 6, 5, wood)
    _keys(canvas, 3, 5, canvas.width - 6)
    stool(canvas, canvas.width // 2 - 5, 18, palette.RED)


def _keys(canvas: Canvas, x: int, y: int, width: int) -> None:
    canvas.rect(x, y, width, 6, palette.INK.line)
    canvas.rect(x, y + 1, width, 5, palette.PAPER.light)
    for left in range(x + 2, x + width - 1, 3):
        canvas.rect(left, y + 1, 1, 5, palette.PAPER.dark)
        canvas.rect(left, y + 1, 1, 3, palette.INK.line)


def harmonium(canvas: Canvas, seed: int) -> None:
    """A reed organ with carved front, stops above its keys and two pedals."""
    canvas.box(1, -18, canvas.width - 2, 8, 44, palette.WALNUT)
    for left in range(5, canvas.width - 6, 8):
        canvas.oval(left, -8, 6, 10, palette.GREEN.dark, palette.WALNUT.line)
        canvas.rect(left + 2, -6, 2, 6, palette.BRASS.mid)
    canvas.box(1, 4, canvas.width - 2, 7, 5, palette.WALNUT)
    _keys(canvas, 4, 5, canvas.width - 8)
    for left in range(6, canvas.width - 6, 5):
        canvas.dots([(left, 3), (left + 1, 3)], palette.PAPER.light)
    middle = canvas.width // 2
    for left in (middle - 9, middle + 2):
        canvas.panel(left, 20 + seed % 2, 7, 6, palette.BRASS)


def accordion(canvas: Canvas, seed: int) -> None:
    """An accordion on a low chest: buttons, bellows, keys."""
    canvas.box(4, 13, 24, 8, 9, palette.OAK)
    canvas.panel(2, -1, 8, 18, palette.RED)
    for left in range(10, 22, 3):
        canvas.rect(left, 0, 3, 16, palette.INK.line)
        canvas.rect(left, 1, 2, 14, palette.ROSE.light if seed % 2 else palette.PAPER.mid)
    canvas.panel(21, -1, 9, 18, palette.RED)
    canvas.rect(25, 1, 4, 14, palette.PAPER.light)
    for top in range(2, 15, 3):
        canvas.rect(26, top, 3, 1, palette.INK.line)
        canvas.dots([(4, top), (7, top)], palette.BRASS.light)


def guitar(canvas: Canvas, seed: int) -> None:
    """A guitar on its stand."""
    canvas.rect(14, -18, 4, 24, palette.WALNUT.line)
    canvas.rect(15, -17, 2, 24, palette.WALNUT.mid)
    canvas.panel(12, -22, 8, 6, palette.WALNUT)
    wood = (palette.ORANGE, palette.RED, palette.PINE)[seed % 3]
    canvas.oval(9, 2, 14, 12, wood.mid, wood.line)
    canvas.oval(6, 10, 20, 17, wood.mid, wood.line)
    canvas.rect(10, 9, 12, 6, wood.mid)
    canvas.oval(12, 8, 8, 8, palette.INK.line, wood.dark)
    canvas.rect(11, 20, 10, 2, palette.WALNUT.line)
    canvas.rect(15, 0, 2, 20, palette.PAPER.dark)


def harp(canvas: Canvas, seed: int) -> None:
    """A golden harp."""
    tones = (palette.BRASS, palette.OAK)[seed % 2]
    for left in range(11, 25, 3):
        canvas.rect(left, -14 + (left - 9) // 2, 1, 36 - left // 2, palette.PAPER.light)
    canvas.stroke([(8, -18), (8, 24)], tones.line, 5)
    canvas.stroke([(8, -17), (8, 24)], tones.mid, 3)
    canvas.stroke([(8, -18), (16, -12), (26, -14)], tones.line, 5)
    canvas.stroke([(8, -18), (16, -12), (26, -14)], tones.light, 2)
    canvas.stroke([(26, -12), (10, 24)], tones.line, 5)
    canvas.stroke([(26, -12), (10, 24)], tones.mid, 3)
    canvas.box(4, 22, 16, 3, 5, tones)


def music_stand(canvas: Canvas, seed: int) -> None:
    """A stand with a score."""
    canvas.rect(15, 2, 2, 24, palette.IRON.line)
    canvas.stroke([(8, 29), (16, 24), (24, 29)], palette.IRON.line, 2)
    canvas.panel(5, -10, 22, 15, palette.IRON)
    canvas.rect(7, -9, 8, 11, palette.PAPER.light)
    canvas.rect(17, -9, 8, 11, palette.PAPER.light)
    for row in (-7, -4, -1):
        canvas.rect(8, row, 6, 1, palette.PAPER.line)
        canvas.rect(18, row, 6, 1, palette.PAPER.line)
        canvas.dots([(9 + (row + seed) % 4, row - 1), (20 + row % 3, row - 1)], palette.INK.line)


def microphone(canvas: Canvas, seed: int) -> None:
    """A microphone on its stand."""
    canvas.rect(15, -6, 2, 32, palette.IRON.line)
    canvas.oval(9, 24, 14, 6, palette.IRON.mid, palette.IRON.line)
    canvas.ball(12, -14, 9, (palette.STEEL, palette.IRON)[seed % 2])


def stage(canvas: Canvas, seed: int) -> None:
    """A low wooden platform with a garland of lights along its front."""
    canvas.box(1, 2, canvas.width - 2, canvas.height - 11, 9, palette.OAK)
    for top in range(8, canvas.height - 11, 6):
        canvas.rect(2, top, canvas.width - 4, 1, palette.OAK.dark)
    bulbs = (palette.YELLOW, palette.RED, palette.TEAL)
    for number, left in enumerate(range(5, canvas.width - 4, 6)):
        canvas.rect(left, canvas.height - 6 + number % 2, 2, 2, bulbs[(number + seed) % 3].light)


def small_stage(canvas: Canvas, seed: int) -> None:
    """A platform in a corner, a curtain behind it and a stool on it."""
    tones = (palette.RED, palette.VIOLET)[seed % 2]
    canvas.panel(1, -20, canvas.width - 2, 26, tones)
    for left in range(4, canvas.width - 3, 5):
        canvas.rect(left, -18, 2, 23, tones.dark)
        canvas.rect(left + 2, -18, 1, 23, tones.light)
    canvas.rect(1, -20, canvas.width - 2, 3, palette.BRASS.line)
    canvas.rect(2, -19, canvas.width - 4, 1, palette.BRASS.light)
    stage(canvas, seed)
    stool(canvas, canvas.width // 2 - 5, 4)


def dart_board(canvas: Canvas, seed: int) -> None:
    """A dart board on a standing cabinet."""
    canvas.box(4, -16, 24, 5, 38, palette.WALNUT)
    canvas.oval(6, -11, 20, 20, palette.INK.line, palette.IRON.line)
    canvas.oval(8, -9, 16, 16, palette.PAPER.mid, palette.RED.mid)
    canvas.oval(11, -6, 10, 10, palette.GREEN.mid, palette.PAPER.light)
    canvas.oval(14, -3, 4, 4, palette.RED.mid)
    canvas.stroke([(17 + seed % 3, -4), (22, -8)], palette.STEEL.light)
    canvas.panel(8, 13, 16, 6, palette.WALNUT)


def pool_table(canvas: Canvas, seed: int) -> None:
    """A pool table with balls and a cue."""
    canvas.legs(4, canvas.height - 10, canvas.width - 8, 9, palette.WALNUT)
    canvas.box(1, 0, canvas.width - 2, canvas.height - 13, 8, palette.WALNUT)
    canvas.rect(5, 3, canvas.width - 10, canvas.height - 19, palette.GREEN.mid)
    canvas.rect(5, 3, canvas.width - 10, 1, palette.GREEN.dark)
    for number, tones in enumerate((palette.RED, palette.YELLOW, palette.WHITE, palette.BLUE)):
        canvas.ball(8 + number * 5 % (canvas.width - 18), 5 + (number + seed) % 3 * 3, 5, tones)
