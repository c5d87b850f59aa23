"""Counters and what is sold, stored and carried.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.furniture.rest import cup, mug, open_book
from drawing.palette import Ramp, scatter

_WARES = (palette.RED, palette.YELLOW, palette.GREEN, palette.ORANGE, palette.BLUE, palette.ROSE, palette.TEAL)


def staff_mat(canvas: Canvas, seed: int) -> None:
    """The mat on which the people behind a counter stand."""
    tones = (palette.STONE, palette.GREEN, palette.BRICK)[seed % 3]
    width, height = canvas.width - 10, canvas.height - 12
    canvas.rect(5, 6, width, height, tones.line)
    canvas.rect(6, 7, width - 2, height - 2, tones.mid)
    canvas.rect(8, 9, width - 6, height - 6, tones.line)
    canvas.rect(9, 10, width - 8, height - 8, tones.dark)
    for top in range(12, canvas.height - 10, 5):
        canvas.dots([(left + top % 2 * 3, top) for left in range(12, canvas.width - 12, 6)], tones.light)


def counter(canvas: Canvas, seed: int) -> None:
    """A counter with a till."""
    _counter(canvas, palette.OAK)
    _till(canvas, canvas.width - 22, -4)
    if canvas.width > 32:
        canvas.panel(6 + seed % 4, 4, 12, 7, palette.PAPER)


def cafe_counter(canvas: Canvas, seed: int) -> None:
    """A counter with a coffee machine, cups, and cakes under glass."""
    _counter(canvas, palette.PINE)
    canvas.box(4, -12, 17, 7, 14, palette.STEEL)
    canvas.rect(7, -3, 11, 4, palette.IRON.line)
    cup(canvas, 10, -1)
    canvas.rect(6, -4, 2, 1, palette.RED.mid)
    for left in range(32, canvas.width - 26, 32):
        canvas.panel(left - 6, -5, 30, 14, palette.GLASS)
        for number in range(3):
            cake = _WARES[(seed + number + left // 32) % len(_WARES)]
            canvas.rect(left - 3 + number * 9, 1, 7, 5, cake.mid)
            canvas.rect(left - 3 + number * 9, 0, 7, 2, palette.PAPER.light)
    if canvas.width > 32:
        _till(canvas, canvas.width - 24, -4)


def bar_counter(canvas: Canvas, seed: int) -> None:
    """A dark counter with taps, glasses and bottles."""
    _counter(canvas, palette.WALNUT)
    for left in range(0, canvas.width, 32):
        if (left // 32 + seed) % 2:
            for number in range(3):
                _bottle(canvas, left + 6 + number * 7, -8, _WARES[(seed + number * 2) % len(_WARES)])
        else:
            canvas.rect(left + 9, -6, 14, 2, palette.BRASS.line)
            for tap in (9, 15, 21):
                canvas.rect(left + tap, -8, 3, 12, palette.BRASS.line)
                canvas.rect(left + tap + 1, -8, 1, 11, palette.BRASS.light)
            mug(canvas, left + 25, 4)


def library_counter(canvas: Canvas, seed: int) -> None:
    """A counter with an open ledger and books brought back."""
    _counter(canvas, palette.WALNUT)
    for top in range(0, canvas.height, 32):
        open_book(canvas, 5, top + 4)
        for number in range(3):
            canvas.rect(19, top + 9 - number * 4, 9, 4, _WARES[(seed + number + top) % len(_WARES)].line)
            canvas.rect(20, top + 10 - number * 4, 7, 2, _WARES[(seed + number + top) % len(_WARES)].mid)


def workshop_counter(canvas: Canvas, seed: int) -> None:
    """A counter with a fiddle that has been mended."""
    _counter(canvas, palette.PINE)
    canvas.oval(6, 4, 9, 8, palette.ORANGE.dark, palette.WALNUT.line)
    canvas.oval(12, 5, 7, 6, palette.ORANGE.mid, palette.WALNUT.line)
    canvas.rect(18, 7, 10, 2, palette.WALNUT.line)
    canvas.rect(9 + seed % 2, 7, 6, 1, palette.PAPER.light)


def _counter(canvas: Canvas, wood: Ramp) -> None:
    canvas.box(1, 0, canvas.width - 2, canvas.height - 15, 14, wood, palette.PINE if wood is palette.OAK else wood)
    for left in range(5, canvas.width - 10, 14):
        canvas.panel(left, canvas.height - 12, 12, 8, wood)


def _till(canvas: Canvas, x: int, y: int) -> None:
    canvas.box(x, y + 4, 16, 6, 7, palette.STEEL)
    canvas.panel(x + 3, y - 3, 10, 8, palette.IRON)
    canvas.rect(x + 5, y - 1, 6, 3, palette.GREEN.light)


def _bottle(canvas: Canvas, x: int, y: int, glass: Ramp) -> None:
    canvas.rect(x + 1, y, 3, 5, glass.line)
    canvas.rect(x, y + 4, 5, 10, glass.line)
    canvas.rect(x + 1, y + 5, 3, 8, glass.mid)
    canvas.rect(x + 1, y + 8, 3, 3, palette.PAPER.light)
    canvas.dots([(x + 2, y + 1)], glass.light)


def goods_shelf(canvas: Canvas, seed: int) -> None:
    """A shelf of tins, jars and boxes."""
    foot = canvas.height - 2
    canvas.box(1, -12, canvas.width - 2, 6, foot + 6, palette.PINE)
    for row, top in enumerate(range(-5, foot - 8, 11)):
        canvas.rect(3, top, canvas.width - 6, 10, palette.OAK.line)
        for left in range(4, canvas.width - 8, 6):
            _ware(canvas, left, top + 10, scatter(left, row, seed, 28))
        canvas.rect(2, top + 10, canvas.width - 4, 1, palette.PINE.light)


def _ware(canvas: Canvas, x: int, bottom: int, choice: int) -> None:
    tones, height = _WARES[choice % len(_WARES)], 5 + choice % 4
    canvas.rect(x, bottom - height, 5, height, tones.dark)
    canvas.rect(x, bottom - height, 4, height, tones.mid)
    canvas.rect(x, bottom - height, 4, 1, tones.light)
    canvas.rect(x + 1, bottom - height + 2, 3, 2, palette.PAPER.light if choice % 2 else tones.light)


def vegetable_stand(canvas: Canvas, seed: int) -> None:
    """Sloping boxes of vegetables and fruit."""
    canvas.box(1, -4, canvas.width - 2, 26, 8, palette.PINE)
    for number, left in enumerate(range(3, canvas.width - 10, 14)):
        for row, top in enumerate((-3, 9)):
            canvas.panel(left, top, 13, 11, palette.OAK)
            canvas.rect(left + 1, top + 1, 11, 9, palette.WALNUT.dark)
            tones = (palette.RED, palette.ORANGE, palette.GREEN, palette.YELLOW)[(seed + number + row * 2) % 4]
            for apple in range(6):
                canvas.ball(left + 1 + apple % 3 * 4 - apple // 3, top + apple // 3 * 4, 5, tones)


def crates(canvas: Canvas, seed: int) -> None:
    """Wooden crates, one upon another."""
    for left in range(0, canvas.width, 32):
        crate(canvas, left + 2, 4, 22)
        if (seed + left) % 2 == 0:
            crate(canvas, left + 10, -9, 17)


def crate(canvas: Canvas, x: int, y: int, size: int, ramp: Ramp = palette.PINE) -> None:
    """One crate, `size` pixels wide."""
    lid = size // 3
    canvas.box(x, y, size, lid, size - lid + 4, ramp)
    canvas.rect(x + 3, y + 2, size - 6, 1, ramp.dark)
    for top in range(y + lid + 5, y + size + 2, 5):
        canvas.rect(x + 1, top, size - 2, 1, ramp.line)
    canvas.rect(x + 3, y + lid + 1, 2, size - lid + 1, ramp.light)
    canvas.rect(x + size - 5, y + lid + 1, 2, size - lid + 1, ramp.light)


def archive_boxes(canvas: Canvas, seed: int) -> None:
    """A shelf of labelled cardboard boxes."""
    foot = canvas.height - 2
    canvas.box(1, -16, canvas.width - 2, 5, foot + 11, palette.STEEL)
    for top in range(-10, foot - 10, 13):
        canvas.rect(3, top, canvas.width - 6, 12, palette.IRON.line)
        for number, left in enumerate(range(4, canvas.width - 10, 12)):
            canvas.panel(left, top + 1 + (seed + number) % 2, 11, 11 - (seed + number) % 2, palette.PINE)
            canvas.rect(left + 3, top + 5, 5, 3, palette.PAPER.light)
