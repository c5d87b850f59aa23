"""What stands in parks, gardens and yards.

Each function draws one thing on a canvas of one or more whole tiles; `seed` picks among its colors.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.palette import scatter


def park_bench(canvas: Canvas, seed: int) -> None:
    """A bench of slats with iron legs, looking south."""
    wood = (palette.OAK, palette.GREEN)[seed % 2]
    for left in (4, canvas.width - 8):
        canvas.rect(left, 2, 3, 26, palette.IRON.line)
        canvas.rect(left + 1, 3, 1, 24, palette.IRON.mid)
    for top in (0, 6):
        canvas.panel(1, top, canvas.width - 2, 5, wood)
    canvas.box(1, 13, canvas.width - 2, 7, 4, wood)
    canvas.rect(3, 16, canvas.width - 6, 1, wood.dark)


def seats(canvas: Canvas, seed: int) -> None:
    """A folding chair or two for each tile, looking west to a stage."""
    for left in range(0, canvas.width, 32):
        for top in (0, 15):
            tones = (palette.RED, palette.BLUE)[(seed + left // 32) % 2]
            canvas.legs(left + 8, top + 8, 14, 7, palette.STEEL)
            canvas.box(left + 8, top + 1, 14, 8, 3, tones)
            canvas.box(left + 20, top - 5, 4, 9, 6, tones)


def garden_chair(canvas: Canvas, seed: int) -> None:
    """A white chair in the grass with a cushion."""
    canvas.legs(7, 18, 18, 10, palette.WHITE)
    canvas.panel(7, -3, 18, 17, palette.WHITE)
    for left in (11, 15, 19):
        canvas.rect(left, 0, 2, 11, palette.WHITE.dark)
    canvas.box(6, 10, 20, 9, 5, palette.WHITE)
    canvas.panel(9, 10, 14, 8, (palette.ROSE, palette.YELLOW, palette.TEAL)[seed % 3])


def picnic_table(canvas: Canvas, seed: int) -> None:
    """A table with two benches and a checked cloth."""
    canvas.box(2, -4, canvas.width - 4, 4, 4, palette.OAK)
    canvas.box(1, 4, canvas.width - 2, 14, 5, palette.PINE)
    fabric = (palette.RED, palette.BLUE)[seed % 2]
    canvas.rect(8, 5, canvas.width - 16, 13, palette.PAPER.light)
    for top in range(5, 18, 4):
        for left in range(8 + top % 8 // 4 * 4, canvas.width - 9, 8):
            canvas.rect(left, top, 4, min(4, 18 - top), fabric.mid)
    canvas.oval(13, 7, 7, 6, palette.BRASS.dark, palette.BRASS.line)
    canvas.dots([(15, 9), (17, 8)], palette.RED.mid)
    canvas.box(2, 22, canvas.width - 4, 4, 4, palette.OAK)


def vegetable_patch(canvas: Canvas, seed: int) -> None:
    """A bed of dark soil with rows of vegetables."""
    canvas.panel(1, 1, canvas.width - 2, canvas.height - 2, palette.BANK)
    canvas.rect(3, 3, canvas.width - 6, canvas.height - 6, palette.BANK.dark)
    for row, top in enumerate(range(7, canvas.height - 5, 9)):
        canvas.rect(4, top + 4, canvas.width - 8, 1, palette.BANK.line)
        for number, left in enumerate(range(5, canvas.width - 9, 8)):
            _vegetable(canvas, left, top, (row + seed) % 3, number)


def _vegetable(canvas: Canvas, x: int, y: int, kind: int, number: int) -> None:
    if kind == 0:
        canvas.ball(x, y - 2, 7, palette.SUN_LEAF)
        return
    canvas.dots([(x + 1, y), (x + 5, y), (x + 2, y - 2), (x + 4, y - 2)], palette.LEAF.light)
    canvas.rect(x + 2, y - 1, 3, 4, palette.LEAF.dark)
    fruit = palette.ORANGE if kind == 1 else palette.RED
    canvas.dots([(x + 3, y + 3), (x + 3, y + 2), (x + 1 + number % 4, y + 1)], fruit.mid)


def flower_garden(canvas: Canvas, seed: int) -> None:
    """Flowers in many colors among leaves."""
    canvas.panel(1, 2, canvas.width - 2, canvas.height - 3, palette.HEDGE)
    flowers = (palette.ROSE, palette.YELLOW, palette.VIOLET, palette.PAPER, palette.RED)
    for top in range(3, canvas.height - 6, 6):
        for left in range(3, canvas.width - 6, 6):
            shift = scatter(left, top, seed, 3)
            tones = flowers[scatter(left, top, seed + 1, len(flowers))]
            canvas.rect(left + shift, top + 1, 3, 1, tones.mid)
            canvas.rect(left + shift + 1, top, 1, 3, tones.mid)
            canvas.dots([(left + shift + 1, top + 1)], palette.BRASS.light)


def climbing_frame(canvas: Canvas, seed: int) -> None:
    """Bars of many colors to climb on."""
    tones = (palette.RED, palette.BLUE, palette.YELLOW, palette.GREEN)
    for number, left in enumerate((3, 12, 21)):
        canvas.rect(left, -14, 4, 42, tones[(seed + number) % 4].line)
        canvas.rect(left + 1, -13, 2, 40, tones[(seed + number) % 4].mid)
        canvas.rect(left + 1, -13, 1, 40, tones[(seed + number) % 4].light)
    for number, top in enumerate((-12, 0, 12)):
        canvas.rect(2, top, 25, 4, tones[(seed + number + 1) % 4].line)
        canvas.rect(3, top + 1, 23, 2, tones[(seed + number + 1) % 4].mid)


def sandpit(canvas: Canvas, seed: int) -> None:
    """A pit framed in wood, with a castle and a bucket."""
    canvas.box(1, 4, canvas.width - 2, canvas.height - 10, 5, palette.OAK)
    canvas.rect(4, 7, canvas.width - 8, canvas.height - 16, palette.SAND.light)
    canvas.rect(4, 7, canvas.width - 8, 2, palette.SAND.dark)
    canvas.box(7, 6, 9, 3, 7, palette.SAND)
    canvas.stroke([(11, 5), (11, 1)], palette.OAK.line)
    canvas.rect(12, 1, 4, 2, palette.RED.mid)
    canvas.box(20, 10, 6, 3, 5, (palette.BLUE, palette.RED)[seed % 2])


def swings(canvas: Canvas, seed: int) -> None:
    """Two swings in a frame."""
    for left in (1, canvas.width - 5):
        canvas.stroke([(left + 2, -14), (left, 28)], palette.RED.line, 3)
        canvas.stroke([(left + 2, -14), (left + 3, 28)], palette.RED.mid, 2)
    canvas.panel(1, -16, canvas.width - 2, 5, palette.RED)
    for number, left in enumerate((7, 19)):
        swung = (seed + number) % 2 * 2
        canvas.rect(left, -11, 1, 26 + swung, palette.IRON.line)
        canvas.rect(left + 6, -11, 1, 26 + swung, palette.IRON.line)
        canvas.box(left - 1, 14 + swung, 9, 3, 3, palette.YELLOW)


def slide(canvas: Canvas, seed: int) -> None:
    """A slide with its ladder."""
    tones = (palette.BLUE, palette.YELLOW)[seed % 2]
    canvas.rect(3, -12, 2, 38, palette.STEEL.line)
    canvas.rect(10, -12, 2, 38, palette.STEEL.line)
    for top in range(-8, 24, 6):
        canvas.rect(4, top, 7, 2, palette.STEEL.dark)
    canvas.box(2, -14, 12, 6, 3, tones)
    canvas.shape([(12, -13), (18, -13), (30, 24), (20, 26)], tones.mid, tones.line)
    canvas.stroke([(16, -10), (25, 23)], tones.light, 3)
    canvas.box(19, 23, 12, 3, 4, tones)


def fountain(canvas: Canvas, seed: int) -> None:
    """A round basin of stone with water rising in it."""
    canvas.oval(1, 2, canvas.width - 2, canvas.height - 4, palette.STONE.mid, palette.STONE.line)
    canvas.oval(4, 5, canvas.width - 8, canvas.height - 12, palette.WATER.mid, palette.STONE.dark)
    middle = canvas.width // 2
    canvas.rect(middle - 2, canvas.height // 2 - 12, 4, 14, palette.WATER.light)
    canvas.oval(middle - 6, canvas.height // 2 - 2, 12, 6, palette.FOAM, palette.WATER.light)
    canvas.dots([(middle - 5, 4 + seed % 3), (middle + 4, 3), (middle - 3, 0)], palette.FOAM)
