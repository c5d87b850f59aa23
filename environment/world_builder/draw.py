"""Draws the map of a world, and the people of all worlds, as pictures for the front end.

Run it:  python environment/world_builder/draw.py [--maze NAME] [--assets FOLDER]
Knows where and how pictures are stored; the package `drawing` knows how they look. Needs Pillow.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "reverie" / "backend_server"))

from PIL import Image

from build_faults import BuildRefused
from drawing import TiledError, draw_sheet, draw_world, looks_index, read_looks
from matrix_files import MazeError
from town_files import write_text

_ASSETS = Path(__file__).resolve().parents[1] / "frontend_server" / "static_dirs" / "assets"
_COLORS = 256


def save_map(assets: Path, maze: str) -> Path:
    """Draw the world `maze` of the folder of all worlds; returns the file written, `<maze>/visuals/map.png`.

    Raises MazeError or TiledError if the world cannot be read, BuildRefused if the artists' tables cannot.
    """
    picture = draw_world(assets / maze)
    file = assets / maze / "visuals" / "map.png"
    _save(picture.quantize(_COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE), file)
    return file


def save_people(characters: Path) -> Path:
    """Write the sheet of every look and `looks.json`, which lists them; returns the folder. Raises BuildRefused."""
    looks = read_looks()
    for name, look in looks.items():
        _save(draw_sheet(look), characters / f"{name}.png")
    write_text(characters / "looks.json", json.dumps(looks_index(looks), indent=2))
    return characters


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 2 if the world cannot be drawn."""
    options = _parser().parse_args(arguments)
    try:
        print(f"The map: {save_map(options.assets, options.maze)}")
        print(f"The people: {save_people(options.assets / 'characters')}")
    except (MazeError, TiledError, BuildRefused, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _save(picture: Image.Image, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.save(file, optimize=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Draw the map of a world, and the people, for the front end.")
    parser.add_argument("--maze", default="willow_bend", help="the world: a folder of the assets")
    parser.add_argument("--assets", type=Path, default=_ASSETS, help="the folder of all worlds")
    return parser


if __name__ == "__main__":
    sys.exit(main())
