"""A person who comes towards the viewer or goes away.

Knows the front and back of heads, hair and clothes.
"""

from __future__ import annotations

from drawing import palette
from drawing.canvas import Canvas
from drawing.figure import BLUSH, INK, MOUTH, Figure
from drawing.looks import Look


class Front(Figure):
    """Seen from the front, or, `turned`, from behind."""

    def __init__(self, canvas: Canvas, look: Look, frame: int, *, turned: bool) -> None:
        super().__init__(canvas, look, frame)
        self.turned = turned

    def draw(self) -> None:
        """Draw the frame on its canvas."""
        if self.look.style == "long" and not self.turned:
            self.part(7, 9, 18, 13, self.look.hair)
        self._legs()
        self._arms()
        self._torso()
        if self.turned:
            self._back_of_head()
        else:
            self.head(self.look.skin)
            self._face()
            self._fringe()
        self.hat(brim=None if self.turned else (8, 16), knot=(13, 11) if self.turned else None)

    def _legs(self) -> None:
        self.leg(12, 2 if self.step > 0 else 0)
        self.leg(16, 2 if self.step < 0 else 0)
        if self.look.clothes == "dress":
            self.skirt()

    def _arms(self) -> None:
        for x, swing in ((8, -self.step), (20, self.step)):
            self.part(x, 18 + swing, 4, 7, self.look.top)
            self.rect(x + 1, 22 + swing, 2, 2, self.look.skin.mid)

    def _torso(self) -> None:
        self.part(10, 17, 12, 8, self.look.top)
        self.rect(11, 18, 2, 6, self.look.top.light)
        dress = {"stripes": self._stripes, "overalls": self._overalls, "scarf": self._scarf}
        facing = {"apron": self._apron, "coat": self._open_coat}
        draw = (dress if self.turned else {**dress, **facing}).get(self.look.clothes)
        if draw:
            draw()

    def _stripes(self) -> None:
        for y in (19, 21, 23):
            self.rect(11, y, 10, 1, palette.PAPER.light)

    def _overalls(self) -> None:
        cloth = self.look.bottom
        self.rect(12, 20, 8, 5, cloth.mid)
        for x in (12, 18):
            self.rect(x, 18, 2, 2, cloth.mid)
        if not self.turned:
            self.rect(14, 21, 4, 2, cloth.dark)
            for x in (12, 19):
                self.rect(x, 20, 1, 1, palette.BRASS.light)

    def _scarf(self) -> None:
        self.rect(11, 18, 10, 2, self.look.accent.mid)
        self.rect(11, 18, 10, 1, self.look.accent.light)
        if not self.turned:
            self.rect(17, 20, 3, 4, self.look.accent.mid)
            self.rect(17, 23, 3, 1, self.look.accent.dark)

    def _apron(self) -> None:
        self.rect(12, 19, 8, 6, palette.PAPER.light)
        self.rect(14, 21, 4, 2, palette.PAPER.dark)
        self.canvas.rect(12, 25, 8, 2, palette.PAPER.mid)

    def _open_coat(self) -> None:
        self.rect(15, 18, 2, 7, palette.PAPER.light)
        self.rect(14, 18, 1, 7, self.look.top.line)
        self.rect(17, 18, 1, 7, self.look.top.line)

    def _face(self) -> None:
        for x in (12, 18):
            self.rect(x, 11, 2, 3, INK)
            self.rect(x, 11, 1, 1, palette.PAPER.light)
        for x in (10, 20):
            self.rect(x, 14, 2, 1, BLUSH)
        self.rect(15, 15, 2, 1, MOUTH)
        if self.look.glasses:
            self._glasses()
        if self.look.beard:
            self._beard()

    def _glasses(self) -> None:
        for x in (11, 17):
            for y in (10, 14):
                self.rect(x, y, 4, 1, palette.BRASS.light)
            for side in (x, x + 3):
                self.rect(side, 10, 1, 5, palette.BRASS.light)
        self.rect(15, 12, 2, 1, palette.BRASS.light)

    def _beard(self) -> None:
        hair = self.look.hair
        self.rect(10, 14, 2, 2, hair.mid)
        self.rect(20, 14, 2, 2, hair.mid)
        self.rect(11, 15, 10, 2, hair.mid)
        self.rect(12, 17, 8, 2, hair.mid)
        self.rect(13, 19, 6, 1, hair.dark)
        self.rect(14, 15, 4, 1, MOUTH)

    def _fringe(self) -> None:
        style, hair = self.look.style, self.look.hair
        if style == "bald":
            for x in (9, 22):
                self.rect(x, 9, 1, 4, hair.mid)
            return
        if style == "bun":
            self.tuft(11, 1, 10, 6, hair)
        self.head(hair, 5)
        self.rect(9, 9, 6, 1, hair.mid)
        self.rect(17, 9, 6, 1, hair.mid)
        self.rect(9, 10, 2, 1, hair.mid)
        self.rect(21, 10, 2, 1, hair.dark)
        self.shine()
        if style in ("bob", "long"):
            for x, tone in ((9, hair.mid), (21, hair.dark)):
                self.rect(x, 9, 2, 7, tone)
        if style == "bob":
            for x in (8, 21):
                self.rect(x, 12, 3, 6, INK)
                self.rect(x + 1, 12, 1, 5, hair.mid)
        if style == "spiky":
            self.spikes()
        if style == "curly":
            self.curls((6, 8), (20, 8), (6, 4), (20, 4), (9, 1), (17, 1), (13, 1))

    def _back_of_head(self) -> None:
        style, hair = self.look.style, self.look.hair
        if style == "bald":
            self.head(self.look.skin)
            self.rect(9, 11, 14, 4, hair.mid)
            self.rect(10, 15, 12, 1, hair.dark)
            return
        self.head(hair)
        self.shine()
        self.rect(11, 15, 10, 1, hair.dark)
        if style == "long":
            self.part(9, 10, 14, 12, hair)
            self.rect(9, 9, 14, 3, hair.mid)
        elif style == "bob":
            self.part(8, 10, 16, 8, hair)
            self.rect(9, 9, 14, 3, hair.mid)
        elif style == "ponytail":
            self.part(13, 9, 6, 12, hair)
            self.rect(13, 10, 6, 2, self.look.accent.mid)
        elif style == "bun":
            self.tuft(11, 1, 10, 7, hair)
        elif style == "spiky":
            self.spikes()
        elif style == "curly":
            self.curls((6, 8), (20, 8), (6, 4), (20, 4), (9, 1), (17, 1), (13, 1), (9, 12), (17, 12), (13, 8))
