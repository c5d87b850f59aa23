"""The faces of walls: papered inside, of brick or boards or plaster outside, with windows and pictures.

Knows how a face looks; `walls` knows which faces a wall has.
"""

from __future__ import annotations

from PIL import ImageDraw

from drawing import palette
from drawing.art_files import TILE
from drawing.buildings import DOOR_COLORS, Span, fill
from drawing.palette import Ramp, ramp, scatter
from drawing.scene import DOOR, Scene, floor_of, is_indoors, is_wall

_OUTSIDES = (
    ("brick", palette.BRICK),
    ("plaster", ramp("7b6a54 cdb894 e6d6b4 f3e8cd")),
    ("boards", ramp("5b6b62 94a79a b3c4b3 cddaca")),
    ("timber", ramp("60432f d3c0a0 eadcc0 f6ecd8")),
    ("boards", ramp("56687c 8ea4b8 afc2d0 ccdae2")),
)
_INSIDES = {
    "bath tiles": ramp("6f8f98 a9c7cb c6dddd e2efec"),
    "kitchen tiles": ramp("93774f d9c08c ecd9ae f6eacb"),
    "shop tiles": ramp("6f7f6a a9bb9c c5d3b6 dde6d0"),
    "hall tiles": ramp("857a68 c4b99f ddd4bd eee8d8"),
    "warm boards": ramp("8a6250 d0a88c e5c5a8 f3dcc6"),
    "honey boards": ramp("8a7348 d6c08a ead9ab f6ebca"),
    "dark boards": ramp("4d5a4c 7d8f76 9bac8f b8c6a8"),
    "rough boards": ramp("74614d b09a7c c9b596 dccdb2"),
}


class Face:
    """One face of a wall on the map, to be painted from the point of view of the tile in front of it."""

    def __init__(self, pen: ImageDraw.ImageDraw, span: Span, scene: Scene, x: int, y: int) -> None:
        self._pen, self._span, self._scene, self._x, self._y = pen, span, scene, x, y
        self._in_front = scene.tile(x, y + 1)
        if is_wall(self._in_front):
            self._in_front = scene.tile(x - 1 if span.left == x * TILE else x + 1, y + 1)

    def paint(self, style: int) -> None:
        """Paint the face; `style` is that of the building."""
        if is_indoors(self._in_front):
            self._paint_inside(_INSIDES[floor_of(self._in_front)])
        else:
            self._paint_outside(*_OUTSIDES[style])

    def _paint_inside(self, tones: Ramp) -> None:
        left, top, right, bottom = self._span
        fill(self._pen, self._span, tones.mid)
        for x in range(left + 3 - left % 8 + 8 * (left % 8 > 3), right, 8):
            fill(self._pen, Span(x, top, x + 1, bottom), tones.light)
        fill(self._pen, Span(left, top, right, top + 2), tones.dark)
        fill(self._pen, Span(left, bottom - 5, right, bottom), tones.dark)
        fill(self._pen, Span(left, bottom - 6, right, bottom - 5), tones.light)
        fill(self._pen, Span(left, bottom - 1, right, bottom), tones.line)
        if self._is_whole() and not self._in_front.game_object:
            behind = self._scene.tile(self._x, self._y - 1)
            if not is_indoors(behind) and not is_wall(behind) and self._x % 2:
                curtains = DOOR_COLORS[scatter(self._x // 8, self._y, 3, len(DOOR_COLORS))]
                self._paint_window(palette.CREAM, curtains)
            elif scatter(self._x, self._y, 5, 4) == 0:
                self._paint_picture()

    def _paint_outside(self, pattern: str, tones: Ramp) -> None:
        left, top, right, bottom = self._span
        fill(self._pen, self._span, tones.mid)
        _PATTERNS[pattern](self._pen, self._span, tones)
        fill(self._pen, Span(left, top, right, top + 2), tones.line)
        fill(self._pen, Span(left, bottom - 3, right, bottom - 1), palette.STONE.mid)
        fill(self._pen, Span(left, bottom - 1, right, bottom), palette.STONE.line)
        if left % TILE:
            fill(self._pen, Span(left, top, left + 1, bottom), tones.line)
        if right % TILE:
            fill(self._pen, Span(right - 1, top, right, bottom), tones.line)
        doors = any(self._scene.tile(self._x + side, self._y).ground == DOOR for side in (-1, 1))
        if self._is_whole() and not doors and self._x % 2:
            self._paint_window(palette.WHITE, None)

    def _is_whole(self) -> bool:
        return self._span.right - self._span.left == TILE

    def _paint_window(self, frame: Ramp, curtains: Ramp | None) -> None:
        left, top = self._span.left + 8, self._span.top + 3
        fill(self._pen, Span(left, top, left + 16, top + 12), frame.line)
        fill(self._pen, Span(left + 1, top + 1, left + 15, top + 11), frame.light)
        for pane in (left + 2, left + 9):
            fill(self._pen, Span(pane, top + 2, pane + 5, top + 10), palette.GLASS.mid)
            self._pen.line((pane, top + 6, pane + 4, top + 2), fill=palette.GLASS.light)
            fill(self._pen, Span(pane, top + 2, pane + 5, top + 3), palette.GLASS.dark)
        if curtains:
            for side in (left + 1, left + 12):
                fill(self._pen, Span(side, top + 1, side + 3, top + 11), curtains.mid)
                fill(self._pen, Span(side + 1, top + 1, side + 2, top + 11), curtains.light)
        else:
            fill(self._pen, Span(left - 1, top + 11, left + 17, top + 13), frame.dark)
            fill(self._pen, Span(left - 1, top + 12, left + 17, top + 13), frame.line)
            self._paint_flower_box(left, top + 10)

    def _paint_flower_box(self, left: int, top: int) -> None:
        flowers = DOOR_COLORS[scatter(self._x // 9, self._y, 4, len(DOOR_COLORS))]
        fill(self._pen, Span(left, top, left + 16, top + 3), palette.LEAF.mid)
        fill(self._pen, Span(left, top + 2, left + 16, top + 4), palette.OAK.dark)
        for x in range(left + 1, left + 15, 3):
            self._pen.point([(x, top), (x + 1, top - x % 2)], fill=flowers.light)

    def _paint_picture(self) -> None:
        left, top = self._span.left + 11, self._span.top + 3
        tones = DOOR_COLORS[scatter(self._x, self._y, 6, len(DOOR_COLORS))]
        fill(self._pen, Span(left, top, left + 10, top + 9), palette.OAK.line)
        fill(self._pen, Span(left + 1, top + 1, left + 9, top + 8), palette.PAPER.light)
        fill(self._pen, Span(left + 2, top + 2, left + 8, top + 5), palette.GLASS.light)
        fill(self._pen, Span(left + 2, top + 5, left + 8, top + 7), tones.mid)


def _bricks(pen: ImageDraw.ImageDraw, span: Span, tones: Ramp) -> None:
    for row, y in enumerate(range(span.top + 5, span.bottom - 3, 4)):
        fill(pen, Span(span.left, y, span.right, y + 1), tones.dark)
        for x in range(span.left - span.left % 8 + 4 * (row % 2), span.right, 8):
            if x >= span.left:
                fill(pen, Span(x, y - 3, x + 1, y), tones.dark)


def _weatherboards(pen: ImageDraw.ImageDraw, span: Span, tones: Ramp) -> None:
    for y in range(span.top + 2, span.bottom - 3, 4):
        fill(pen, Span(span.left, y, span.right, y + 1), tones.light)
        fill(pen, Span(span.left, y + 3, span.right, y + 4), tones.dark)


def _rendered(pen: ImageDraw.ImageDraw, span: Span, tones: Ramp) -> None:
    for x in range(span.left, span.right):
        if scatter(x, span.top, 7, 5) == 0:
            pen.point((x, span.top + 3 + scatter(x, span.top, 8, 13)), fill=tones.dark)


def _half_timbered(pen: ImageDraw.ImageDraw, span: Span, tones: Ramp) -> None:
    fill(pen, Span(span.left, span.top + 2, span.right, span.top + 4), palette.OAK.dark)
    fill(pen, Span(span.left, span.bottom - 6, span.right, span.bottom - 4), palette.OAK.dark)
    for x in range(span.left - span.left % 16, span.right, 16):
        if x >= span.left:
            fill(pen, Span(x, span.top + 2, x + 3, span.bottom - 3), palette.OAK.dark)


_PATTERNS = {"brick": _bricks, "boards": _weatherboards, "plaster": _rendered, "timber": _half_timbered}
