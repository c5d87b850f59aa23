"""What is done with masks: pictures that are 255 where something lies and 0 elsewhere.

Knows neither what lies there nor how it is coloured.
"""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter


def grown(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask with a rim of some pixels more."""
    return mask.filter(ImageFilter.MaxFilter(2 * pixels + 1))


def shrunk(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask without its rim."""
    return mask.filter(ImageFilter.MinFilter(2 * pixels + 1))


def moved(mask: Image.Image, right: int, down: int) -> Image.Image:
    """The mask shifted by some pixels; nothing comes in from beyond the edges."""
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (right, down))
    return shifted


def lowered(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask without its uppermost pixels: an edge seen from the front."""
    return ImageChops.darker(mask, moved(mask, 0, pixels))
