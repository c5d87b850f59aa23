"""Small patterns that repeat without a seam: what grounds and floors are covered with.

Knows how boards, flagstones or water look; not where they lie.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from drawing import palette
from drawing.palette import Color, Ramp, color, ramp, scatter

SIDE = 128

_BOARDS = {
    "warm boards": ramp("8f6440 b98757 c4925f ce9d69"),
    "honey boards": ramp("a17746 cb9f63 d6aa6c deb578"),
    "dark boards": ramp("5c3f30 80583f 8a6046 94694d"),
    "rough boards": ramp("7f6c55 a48e70 af987a b9a385"),
}
_FLAGS = {
    "bath tiles": (8, ramp("a3bcc0 bcd3d3 cce0de dceae6")),
    "kitchen tiles": (16, ramp("b99c7a d9bf98 ecdcbc f4e9d0")),
    "shop tiles": (16, ramp("b8ab95 d3c8b2 dcd2bd e5dcc9")),
    "hall tiles": (16, ramp("a39a88 bdb49f cabfa8 d5cbb6")),
}
_STONES = (9, 11, 8, 12, 10, 14)
_DULL_STONE = color("a1978c")
_STEPS = {"kitchen tiles": color("dfae82"), "bath tiles": color("b4cfd2")}


def texture(kind: str) -> Image.Image:
    """The pattern of a kind of ground or floor, SIDE pixels wide and high."""
    if kind in _BOARDS:
        return _boards(_BOARDS[kind])
    if kind in _FLAGS:
        size, tones = _FLAGS[kind]
        return _flags(size, tones, _STEPS.get(kind, tones.mid))
    if kind == "street":
        return _cobbles(palette.COBBLE)
    return _speckled({"path": palette.PATH, "sand": palette.SAND, "grass": palette.GRASS}[kind])


def _plain(fill: Color) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (SIDE, SIDE), fill)
    return image, ImageDraw.Draw(image)


def _boards(tones: Ramp) -> Image.Image:
    image, pen = _plain(tones.mid)
    for row, y in enumerate(range(0, SIDE, 8)):
        joints = (scatter(row, 0, 11, 4) * 16, 64 + scatter(row, 1, 11, 4) * 16)
        for number, x in enumerate(joints):
            length = (joints[1 - number] - x) % SIDE
            fill = tones[1 + scatter(row, number, 12, 3)]
            for left in (x, x - SIDE):
                pen.rectangle((left, y, left + length - 1, y + 7), fill=fill)
                _grain(pen, left, y, length, tones)
                pen.line((left, y, left, y + 7), fill=tones.line)
        pen.line((0, y + 7, SIDE, y + 7), fill=tones.line)
    return image


def _grain(pen: ImageDraw.ImageDraw, x: int, y: int, length: int, tones: Ramp) -> None:
    for start in range(8, length - 12, 14):
        shift, row = scatter(x % SIDE + start, y, 13, 7), 1 + scatter(x % SIDE + start, y, 14, 5)
        tone = (tones.dark, tones.light)[scatter(start, y, 15, 2)]
        pen.line((x + start + shift, y + row, x + start + shift + 4, y + row), fill=tone)


def _flags(size: int, tones: Ramp, other: Color) -> Image.Image:
    image, pen = _plain(tones.mid)
    for y in range(0, SIDE, size):
        for x in range(0, SIDE, size):
            fill = other if (x // size + y // size) % 2 else tones.mid
            pen.rectangle((x, y, x + size - 1, y + size - 1), fill=fill)
            pen.line((x, y, x + size - 2, y), fill=tones.light)
            pen.line((x, y + size - 1, x + size - 1, y + size - 1), fill=tones.dark)
            pen.line((x + size - 1, y, x + size - 1, y + size - 1), fill=tones.dark)
    return image


def _cobbles(tones: Ramp) -> Image.Image:
    image, pen = _plain(tones.dark)
    for row, y in enumerate(range(0, SIDE, 8)):
        x = scatter(row, 0, 21, SIDE)
        for number in range(SIDE * len(_STONES) // sum(_STONES)):
            width = _STONES[number % len(_STONES)]
            fill = (tones.mid, tones.mid, tones.light, _DULL_STONE)[scatter(number, row, 22, 4)]
            for left in (x, x - SIDE):
                _stone(pen, left, y, width, fill, tones)
            x = (x + width) % SIDE
    return image


def _stone(pen: ImageDraw.ImageDraw, x: int, y: int, width: int, fill: Color, tones: Ramp) -> None:
    pen.rectangle((x + 1, y, x + width - 3, y + 6), fill=fill)
    pen.rectangle((x, y + 1, x + width - 2, y + 5), fill=fill)
    pen.line((x + 1, y, x + width - 4, y), fill=tones.light)


def _speckled(tones: Ramp) -> Image.Image:
    image, pen = _plain(tones.mid)
    for number in range(240):
        x, y = scatter(number, 3, 31, SIDE), scatter(number, 7, 32, SIDE)
        fill = (tones.dark, tones.light, tones.light)[number % 3]
        pen.point((x, y), fill=fill)
        if number % 4 == 0 and x < SIDE - 2:
            pen.line((x, y, x + 1, y), fill=fill)
    return image
