"""The colors of the drawn town: ramps from outline to highlight, and a pseudorandom number for each position.

Knows nothing about tiles, rooms or things; ramps are chosen by name.
"""

from __future__ import annotations

from typing import NamedTuple

Color = tuple[int, int, int]


class Ramp(NamedTuple):
    """One material in four tones: its soft outline, its shaded side, its own color and its highlight."""

    line: Color
    dark: Color
    mid: Color
    light: Color


def color(code: str) -> Color:
    """The (red, green, blue) of six hexadecimal digits."""
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def ramp(codes: str) -> Ramp:
    """A ramp of four codes, from the outline to the highlight."""
    return Ramp(*map(color, codes.split()))


def scatter(x: int, y: int, salt: int, choices: int) -> int:
    """A number below `choices` that depends only on the position, without a visible pattern."""
    mixed = (x * 374761393 + y * 668265263 + salt * 1442695041) & 0xFFFFFFFF
    mixed = (mixed ^ (mixed >> 13)) * 1274126177 & 0xFFFFFFFF
    mixed = (mixed ^ (mixed >> 15)) * 2246822519 & 0xFFFFFFFF
    return (mixed ^ (mixed >> 16)) % choices


GRASS = ramp("4d7a41 76a44e 8ab65a a0c66b")
MEADOW_LIGHT = color("93bd61")
MEADOW_DARK = color("82ae54")
LEAF = ramp("2f5540 467a48 639a50 8cba5e")
HEDGE = ramp("2b4d3a 3d6c42 55894a 79a857")
BARK = ramp("4a3228 6b4836 8a6145 a97f5b")

PATH = ramp("a98a5c c6a873 d8be8b e6d2a6")
COBBLE = ramp("82776f 978c82 aaa094 bcb3a6")
SAND = ramp("bfa06a d8bf88 e5d09d f0e1b8")
WATER = ramp("33708f 4789a3 62a6b8 8cc6ca")
WATER_DEEP = color("3b7a9c")
GLASS = ramp("4a6f86 6f9cb3 a3cbd6 d8eef0")
FOAM = color("d5ece4")
BANK = ramp("5e4733 7d6044 99795a b8996f")

OAK = ramp("5a3a28 8c5d3c b27c4e cf9f6c")
WALNUT = ramp("3f2a22 5f4031 7d563e 9b7150")
PINE = ramp("7a5433 b58650 d3a86c e8c78d")
CREAM = ramp("7d6a58 c9b596 ead9ba f8eed9")
WHITE = ramp("6f7480 b9bfc6 e1e4e4 fafaf5")
BRASS = ramp("6e4a1f a87a2c d3a644 f1d37a")
BRICK = ramp("6b3a33 9a5443 b86d55 d08c6d")
STONE = ramp("635c5c 8d8580 ada49b cbc3b5")

RED = ramp("6a2c35 a0423f c55f4f e28b6c")
ROSE = ramp("7d4152 b56775 d48f95 edbcb5")
ORANGE = ramp("7a4325 b96a34 dd9148 f3bb74")
YELLOW = ramp("7d5f26 bf9538 e2bf57 f6e08f")
GREEN = ramp("2f4f42 4a7758 6f9d6d 9dc28a")
TEAL = ramp("24505a 3b7980 5da3a1 90c9bd")
BLUE = ramp("2f4064 476393 6a8bb8 9cb8d6")
VIOLET = ramp("473a63 6b578d 9179b0 b9a5d0")
PAPER = ramp("8a7a63 d8cbb0 f0e7d2 fffaf0")

SHADOW = (188, 176, 204)
"""The factor for shaded ground, of 255: shadows are slightly violet."""
