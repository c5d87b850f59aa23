"""What a person is made of, whichever way they look: head, hair, hats, legs.

Knows shapes and where they are outlined; where they go is for the front and the side view to say.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.looks import Look
from drawing.palette import Color, Ramp, color

INK = color("382a34")
BLUSH = color("e29282")
MOUTH = color("a4544c")

_SHOES = color("5a4038")
_SKULL = (4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4)
"""How far each row of the head stays behind its full width; the rows are pixels from the top down."""

HEAD_LEFT, HEAD_TOP, HEAD_WIDTH = 8, 4, 16


class Figure:
    """One frame of a person. With every step the upper body rises by a pixel."""

    def __init__(self, canvas: Canvas, look: Look, frame: int) -> None:
        self.canvas, self.look = canvas, look
        self.step = (0, 1, 0, -1)[frame]
        self.rise = -abs(self.step)

    def rect(self, x: int, y: int, width: int, height: int, fill: Color) -> None:
        """A rectangle of the upper body."""
        self.canvas.rect(x, y + self.rise, width, height, fill)

    def part(self, x: int, y: int, width: int, height: int, tones: Ramp) -> None:
        """An outlined part of the upper body with soft corners, its right side shaded."""
        self.rect(x + 1, y, width - 2, height, INK)
        self.rect(x, y + 1, width, height - 2, INK)
        self.rect(x + 1, y + 1, width - 2, height - 2, tones.mid)
        self.rect(x + width - 2, y + 1, 1, height - 2, tones.dark)

    def tuft(self, x: int, y: int, width: int, height: int, tones: Ramp) -> None:
        """An outlined round of the upper body."""
        self.canvas.oval(x, y + self.rise, width, height, tones.mid, INK)
        self.rect(x + width // 3, y + 1, width // 3, 1, tones.light)

    def leg(self, x: int, lift: int) -> None:
        """A leg 4 pixels wide whose foot is lifted by some pixels."""
        trousers, foot = self.look.bottom, 31 - lift
        self.canvas.rect(x, 23, 4, foot - 23, INK)
        self.canvas.rect(x + 1, 23, 2, foot - 25, trousers.mid)
        self.canvas.rect(x + 2, 23, 1, foot - 25, trousers.dark)
        self.canvas.rect(x + 1, foot - 2, 2, 1, _SHOES)

    def skirt(self) -> None:
        """The lower half of a dress."""
        top = self.look.top
        self.canvas.rect(11, 22, 10, 5, INK)
        self.canvas.rect(10, 24, 12, 5, INK)
        self.canvas.rect(11, 23, 10, 5, top.mid)
        self.canvas.rect(11, 27, 10, 1, top.light)
        self.canvas.rect(19, 23, 2, 5, top.dark)

    def head(self, tones: Ramp, rows: int = len(_SKULL)) -> None:
        """The uppermost rows of a round head, outlined, in one tone with shade to the right."""
        for row, (inset, inner) in enumerate(zip(_SKULL[:rows], _inner_insets()[:rows], strict=True)):
            y = HEAD_TOP + row
            self.rect(HEAD_LEFT + inset, y, HEAD_WIDTH - 2 * inset, 1, INK)
            self.rect(HEAD_LEFT + inner, y, HEAD_WIDTH - 2 * inner, 1, tones.mid)
            if inner < HEAD_WIDTH // 2:
                self.rect(HEAD_LEFT + HEAD_WIDTH - inner - 2, y, 2, 1, tones.dark)

    def shine(self) -> None:
        """The light on hair."""
        self.rect(12, 6, 5, 1, self.look.hair.light)
        self.rect(11, 7, 2, 1, self.look.hair.light)

    def spikes(self) -> None:
        """Tips of hair standing up."""
        for x in (10, 13, 17, 20):
            self.rect(x - 1, 3, 3, 2, INK)
            self.rect(x, 2, 1, 2, INK)
            self.rect(x, 3, 1, 3, self.look.hair.mid)

    def curls(self, *corners: tuple[int, int]) -> None:
        """Round curls with their top left pixels on the corners."""
        for x, y in corners:
            self.canvas.oval(x, y + self.rise, 6, 6, self.look.hair.mid, self.look.hair.line)
            self.rect(x + 2, y + 1, 1, 1, self.look.hair.light)

    def hat(self, *, brim: tuple[int, int] | None, knot: tuple[int, int] | None) -> None:
        """What is worn on the head; `brim` is the left edge and width of a cap's, `knot` the corner of a scarf's."""
        draw = {"straw": self._straw, "beret": self._beret, "beanie": self._beanie}.get(self.look.hat)
        if draw:
            draw()
        elif self.look.hat == "cap":
            self._cap(brim)
        elif self.look.hat == "headscarf":
            self._headscarf(knot)

    def _straw(self) -> None:
        self.part(10, 2, 12, 6, palette.BRASS)
        self.rect(12, 3, 5, 1, palette.BRASS.light)
        self.rect(11, 6, 10, 2, self.look.accent.mid)
        self.part(5, 7, 22, 3, palette.BRASS)

    def _beret(self) -> None:
        self.tuft(7, 2, 19, 8, self.look.accent)
        self.rect(10, 8, 12, 2, INK)
        self.rect(11, 8, 10, 1, self.look.accent.dark)
        self.rect(15, 1, 2, 2, INK)

    def _beanie(self) -> None:
        self.head(self.look.accent, 5)
        self.part(8, 8, 16, 3, palette.PAPER)
        self.tuft(13, 1, 6, 5, palette.PAPER)

    def _cap(self, brim: tuple[int, int] | None) -> None:
        self.head(self.look.accent, 5)
        self.rect(12, 5, 4, 1, self.look.accent.light)
        self.rect(8, 8, 16, 1, INK)
        if brim:
            left, width = brim
            self.part(left, 7, width, 3, self.look.accent)

    def _headscarf(self, knot: tuple[int, int] | None) -> None:
        self.head(self.look.accent, 6)
        for x, y in ((11, 6), (14, 8), (17, 6), (20, 8)):
            self.rect(x, y, 1, 1, palette.PAPER.light)
        self.rect(9, 9, 14, 1, INK)
        if knot:
            self.part(*knot, 6, 8, self.look.accent)


def _inner_insets() -> list[int]:
    """The insets of the head within its outline of one pixel."""
    padded = (HEAD_WIDTH // 2, *_SKULL, HEAD_WIDTH // 2)
    return [max(above, inset + 1, below) for above, inset, below in zip(padded, _SKULL, padded[2:], strict=False)]
