"""A person who walks to the left.

Knows the side of heads, hair and clothes.
"""

from __future__ import annotations

from drawing import palette
from drawing.figure import BLUSH, INK, MOUTH, Figure


class Side(Figure):
    """Seen from the side, looking left."""

    def draw(self) -> None:
        """Draw the frame on its canvas."""
        if self.look.style == "long":
            self.part(15, 8, 10, 14, self.look.hair)
        if self.look.style == "ponytail":
            self.part(21, 9, 6, 11, self.look.hair)
        self._legs()
        self._torso()
        self._arm()
        self.head(self.look.skin)
        self._face()
        self._hair()
        self.hat(brim=(4, 12), knot=(20, 9))

    def _legs(self) -> None:
        if self.step:
            self.leg(17, 1)
            self.leg(11, 0)
        else:
            self.leg(15, 0)
            self.leg(13, 0)
        if self.look.clothes == "dress":
            self.skirt()

    def _torso(self) -> None:
        top, clothes = self.look.top, self.look.clothes
        self.part(11, 17, 10, 8, top)
        self.rect(12, 18, 2, 6, top.light)
        if clothes == "stripes":
            for y in (19, 21, 23):
                self.rect(12, y, 8, 1, palette.PAPER.light)
        elif clothes == "overalls":
            self.rect(12, 20, 8, 5, self.look.bottom.mid)
        elif clothes == "apron":
            self.rect(12, 19, 3, 6, palette.PAPER.light)
            self.canvas.rect(12, 25, 3, 2, palette.PAPER.mid)
        elif clothes == "coat":
            self.rect(12, 18, 1, 7, palette.PAPER.light)
        elif clothes == "scarf":
            self.rect(12, 18, 8, 2, self.look.accent.mid)
            self.rect(12, 18, 8, 1, self.look.accent.light)

    def _arm(self) -> None:
        x = 14 + 2 * self.step
        self.part(x, 18, 4, 7, self.look.top)
        self.rect(x + 1, 22, 2, 2, self.look.skin.mid)

    def _face(self) -> None:
        skin = self.look.skin
        self.rect(7, 12, 2, 3, INK)
        self.rect(8, 12, 2, 2, skin.mid)
        self.rect(11, 11, 2, 3, INK)
        self.rect(11, 11, 1, 1, palette.PAPER.light)
        self.rect(13, 14, 2, 1, BLUSH)
        self.rect(10, 15, 2, 1, MOUTH)
        if self.look.glasses:
            for y in (10, 14):
                self.rect(10, y, 4, 1, palette.BRASS.light)
            self.rect(13, 10, 1, 5, palette.BRASS.light)
            self.rect(14, 11, 4, 1, palette.BRASS.light)
        if self.look.beard:
            self.rect(12, 15, 6, 2, self.look.hair.mid)
            self.rect(10, 16, 7, 3, self.look.hair.mid)
            self.rect(11, 19, 4, 1, self.look.hair.dark)

    def _hair(self) -> None:
        style, hair = self.look.style, self.look.hair
        if style == "bald":
            self.rect(17, 10, 6, 4, hair.mid)
            self.rect(17, 14, 5, 2, hair.dark)
            return
        if style == "bun":
            self.tuft(18, 1, 9, 8, hair)
        self.head(hair, 5)
        self.rect(9, 9, 3, 1, hair.mid)
        self._behind_the_ear()
        self.shine()
        if style == "spiky":
            self.spikes()
        elif style == "ponytail":
            self.rect(21, 9, 2, 3, self.look.accent.mid)
        elif style == "curly":
            self.curls((8, 2), (20, 11), (16, 13), (21, 7), (20, 3), (16, 1), (12, 1))

    def _behind_the_ear(self) -> None:
        """The hair from the temple to the back of the head, and below it where it is long."""
        hair, below = self.look.hair, {"bob": 3, "long": 4}.get(self.look.style, 0)
        self.rect(15, 9, 8, 6, hair.mid)
        self.rect(17, 15, 5, 1, hair.dark)
        self.rect(21, 9, 2, 5, hair.dark)
        if below:
            self.rect(14, 14, 10, below + 1, INK)
            self.rect(15, 13, 8, below + 1, hair.mid)
            self.rect(21, 13, 2, below + 1, hair.dark)
        else:
            self.rect(15, 12, 2, 2, self.look.skin.mid)
