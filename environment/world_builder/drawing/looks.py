"""The looks that people of a town can have: skin, hair, clothes and hats.

Knows only what is worn, not how it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawing import palette
from drawing.palette import Ramp, ramp

_FAIR = ramp("9c5f4d d9a184 f2c6a5 fbdcc0")
_OLIVE = ramp("80513a bd8760 dbaa7d ecc79f")
_TAN = ramp("6d4029 a46e48 c48c5f dcab7e")
_BROWN = ramp("4c2c20 7a4d36 996748 b88562")
_DEEP = ramp("36211b 573828 714c37 8f674d")

_BLACK = ramp("1f1c26 2c2833 403a49 5f5768")
_CHESTNUT = ramp("3a2119 57321f 77472b 9c6540")
_AUBURN = ramp("5a2318 86361f b0512c d27a47")
_BLOND = ramp("7d5a26 b68a3c dab45e f2d98f")
_GREY = ramp("55555f 83848d adaeb3 d3d4d4")


@dataclass(frozen=True)
class Look:
    """`style` is that of the hair, `clothes` what the top is; `accent` colors hats, scarves and bands."""

    skin: Ramp
    hair: Ramp
    style: str
    top: Ramp
    bottom: Ramp
    clothes: str = "shirt"
    hat: str = ""
    accent: Ramp = palette.RED
    glasses: bool = False
    beard: bool = False


LOOKS = {
    "auburn_bob": Look(_FAIR, _AUBURN, "bob", palette.TEAL, palette.INK, "dress"),
    "apron_bun": Look(_TAN, _CHESTNUT, "bun", palette.ROSE, palette.BLUE, "apron"),
    "blue_overalls": Look(_OLIVE, _BLACK, "short", palette.YELLOW, palette.BLUE, "overalls"),
    "grey_beard": Look(_FAIR, _GREY, "bald", palette.GREEN, palette.WALNUT, "coat", beard=True),
    "red_beret": Look(_OLIVE, _BLACK, "bob", palette.PAPER, palette.INK, "stripes", "beret", palette.RED),
    "straw_hat": Look(_TAN, _CHESTNUT, "short", palette.GREEN, palette.OAK, "overalls", "straw", palette.RED),
    "curly_scarf": Look(_DEEP, _BLACK, "curly", palette.ORANGE, palette.INK, "scarf", accent=palette.TEAL),
    "glasses_coat": Look(_BROWN, _BLACK, "short", palette.VIOLET, palette.INK, "coat", glasses=True),
    "long_blond": Look(_FAIR, _BLOND, "long", palette.BLUE, palette.BLUE, "dress"),
    "ponytail_stripes": Look(_BROWN, _CHESTNUT, "ponytail", palette.RED, palette.INK, "stripes", accent=palette.YELLOW),
    "green_cap": Look(_FAIR, _CHESTNUT, "short", palette.ORANGE, palette.BLUE, hat="cap", accent=palette.GREEN),
    "blue_beanie": Look(_DEEP, _BLACK, "short", palette.STEEL, palette.INK, "scarf", "beanie", palette.BLUE),
    "headscarf": Look(_OLIVE, _BLACK, "bald", palette.VIOLET, palette.VIOLET, "dress", "headscarf", palette.ROSE),
    "grey_bun": Look(_FAIR, _GREY, "bun", palette.ROSE, palette.VIOLET, "scarf", accent=palette.PAPER, glasses=True),
    "spiky_red": Look(_FAIR, _AUBURN, "spiky", palette.INK, palette.BLUE, "shirt"),
    "black_beard": Look(_TAN, _BLACK, "short", palette.RED, palette.WALNUT, "apron", beard=True),
    "long_black": Look(_OLIVE, _BLACK, "long", palette.YELLOW, palette.GREEN, "coat", glasses=True),
    "blond_short": Look(_FAIR, _BLOND, "short", palette.GREEN, palette.INK, "stripes"),
    "deep_bob": Look(_BROWN, _BLACK, "bob", palette.ROSE, palette.ROSE, "dress"),
    "grey_short": Look(_BROWN, _GREY, "short", palette.BLUE, palette.OAK, "overalls"),
    "curly_coat": Look(_BROWN, _CHESTNUT, "curly", palette.GREEN, palette.INK, "coat"),
    "blond_ponytail": Look(_FAIR, _BLOND, "ponytail", palette.TEAL, palette.BLUE, "overalls", accent=palette.RED),
    "white_cap": Look(_OLIVE, _BLACK, "short", palette.PAPER, palette.STEEL, "apron", "cap", palette.PAPER),
    "auburn_long": Look(_FAIR, _AUBURN, "long", palette.VIOLET, palette.INK, "scarf", accent=palette.YELLOW),
    "violet_beret": Look(_TAN, _CHESTNUT, "bob", palette.YELLOW, palette.WALNUT, "coat", "beret", palette.VIOLET),
    "deep_bun": Look(_DEEP, _BLACK, "bun", palette.YELLOW, palette.TEAL, "dress", accent=palette.ORANGE),
    "grey_curls": Look(_DEEP, _GREY, "curly", palette.BLUE, palette.INK, "stripes", glasses=True),
    "blond_beard": Look(_FAIR, _BLOND, "short", palette.ORANGE, palette.BLUE, "overalls", beard=True),
}
