"""The folder `art`: the pictures and tables that artists edit, without any Python.

Knows where they are and how they are read; `sprites`, `people` and `ground` use them.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from build_faults import FaultBook

TILE = 32
"""Pixels across and down."""

ART = Path(__file__).resolve().parent / "art"


def read_image(file: Path, book: FaultBook) -> Image.Image | None:
    """An image with transparency; None, with the reason noted in `book`, if it cannot be read."""
    try:
        with Image.open(file) as image:
            return image.convert("RGBA")
    except OSError as error:
        book.note(file.name, f"it cannot be read ({error})", f"Put a PNG at {file}")
        return None


def texture(kind: str) -> Image.Image:
    """The pattern of a kind of ground or floor, which repeats without a seam: `art/textures/<kind>.png`."""
    with Image.open(ART / "textures" / f"{kind.replace(' ', '_')}.png") as image:
        return image.convert("RGB")
