"""Operations on masks: pictures that are 255 where something is and 0 elsewhere.

Knows neither what is there nor how it is colored.
"""

from __future__ import annotations

from PIL import Image, ImageChops


def grown(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask grown by some pixels, from shifted copies: Pillow's own filter takes seconds for a whole map."""
    for right, down in ((1, 0), (0, 1)):
        for _ in range(pixels):
            mask = ImageChops.lighter(mask, ImageChops.lighter(moved(mask, right, down), moved(mask, -right, -down)))
    return mask


def shrunk(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask without its border."""
    return ImageChops.invert(grown(ImageChops.invert(mask), pixels))


def moved(mask: Image.Image, right: int, down: int) -> Image.Image:
    """The mask shifted by some pixels; 0 beyond the edges."""
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (right, down))
    return shifted


def lowered(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask without its uppermost pixels: an edge seen from the front."""
    return ImageChops.darker(mask, moved(mask, 0, pixels))
