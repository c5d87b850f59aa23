"""A small transparent picture to draw one thing on, with the few strokes that all things are made of.

Knows pixels and ramps; what is drawn with them is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from drawing.palette import Color, Ramp

TILE = 32
HEADROOM = 24

Point = tuple[int, int]


class Canvas:
    """`width` x `height` pixels of ground with HEADROOM above it for what stands tall: y may be negative.

    Every position is the top left pixel of what is drawn, every size counts pixels.
    """

    def __init__(self, width: int = TILE, height: int = TILE) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGBA", (width, height + HEADROOM))
        self._pen = ImageDraw.Draw(self.image)

    def rect(self, x: int, y: int, width: int, height: int, fill: Color) -> None:
        """A plain rectangle; nothing when a side is 0 or less."""
        if width > 0 and height > 0:
            self._pen.rectangle((x, y + HEADROOM, x + width - 1, y + HEADROOM + height - 1), fill=fill)

    def dots(self, points: Iterable[Point], fill: Color) -> None:
        """Single pixels."""
        self._pen.point([(x, y + HEADROOM) for x, y in points], fill=fill)

    def stroke(self, points: Iterable[Point], fill: Color, width: int = 1) -> None:
        """A line through the points."""
        self._pen.line([(x, y + HEADROOM) for x, y in points], fill=fill, width=width)

    def shape(self, points: Iterable[Point], fill: Color, line: Color | None = None) -> None:
        """A polygon, outlined if a line's color is given."""
        self._pen.polygon([(x, y + HEADROOM) for x, y in points], fill=fill, outline=line)

    def oval(self, x: int, y: int, width: int, height: int, fill: Color, line: Color | None = None) -> None:
        """An ellipse in the given rectangle."""
        self._pen.ellipse((x, y + HEADROOM, x + width - 1, y + HEADROOM + height - 1), fill=fill, outline=line)

    def text(self, x: int, y: int, words: str, font: ImageFont.ImageFont, fill: Color) -> None:
        """Small letters without smoothing."""
        self._pen.fontmode = "1"
        self._pen.text((x, y + HEADROOM), words, fill=fill, font=font)

    def panel(self, x: int, y: int, width: int, height: int, ramp: Ramp) -> None:
        """A flat face with an outline of soft corners, light from above, shade at its foot."""
        self.rect(x + 1, y, width - 2, height, ramp.line)
        self.rect(x, y + 1, width, height - 2, ramp.line)
        self.rect(x + 1, y + 1, width - 2, height - 2, ramp.mid)
        self.rect(x + 1, y + 1, width - 2, 1, ramp.light)
        self.rect(x + 1, y + height - 2, width - 2, 1, ramp.dark)

    def box(self, x: int, y: int, width: int, depth: int, height: int, ramp: Ramp, top: Ramp | None = None) -> None:
        """A block seen from above and in front: `depth` pixels of lid, below it `height` pixels of front."""
        lid = top or ramp
        self.rect(x + 1, y, width - 2, depth + height, ramp.line)
        self.rect(x, y + 1, width, depth + height - 2, ramp.line)
        self.rect(x + 1, y + 1, width - 2, depth - 1, lid.light)
        self.rect(x + 2, y + 2, width - 4, depth - 2, lid.mid)
        self.rect(x + 1, y + depth, width - 2, height - 1, ramp.dark)
        self.rect(x + 1, y + depth, width - 2, 1, ramp.line)
        self.rect(x + 1, y + depth + 1, width - 2, 1, ramp.mid)

    def ball(self, x: int, y: int, size: int, ramp: Ramp) -> None:
        """Something round, lit from the upper left."""
        self.oval(x, y, size, size, ramp.dark, ramp.line)
        self.oval(x + 1, y + 1, size - 3, size - 3, ramp.mid)
        lit = max(1, size // 3)
        self.oval(x + size // 4, y + size // 5 + 1, lit, lit, ramp.light)

    def legs(self, x: int, y: int, width: int, height: int, ramp: Ramp) -> None:
        """The front pair of legs of something `width` wide."""
        for left in (x, x + width - 3):
            self.rect(left, y, 3, height, ramp.line)
            self.rect(left + 1, y, 1, height - 1, ramp.dark)
