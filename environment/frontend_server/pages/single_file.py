"""A simulation as one HTML file that plays without a server: it contains the map, pictures, scripts and all steps.

The page is the player's. Knows which addresses it requests, and puts their responses into the file; parts that need a
server (interviews, states, cost) are left out.
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

import looks
from pages import chunks, conversations, pictures, player_data
from saves import export
from saves.game_time import shown_time, time_at
from saves.json_files import DamagedSimulation, to_bytes, writing
from saves.recording import Recording
from saves.simulation import Simulation

SPEED = 3
STEPS_BEFORE = 30
"""How long before the first change of an action playback begins: nobody wants to watch a town asleep."""

_TOLD = (
    *("sim", "mode", "first", "last", "step", "speed", "speeds", "chunk", "steps", "talks", "tiles"),
    *("time", "sec_per_step"),
)
"""The initial data of the player that is used even without a server."""
_FOLDER = Path(__file__).parent / "static" / "pages"
_IMPORTED = re.compile(r'"\./([\w-]+\.js)"')
_KINDS = {".css": "text/css", ".js": "text/javascript", ".png": "image/png", ".svg": "image/svg+xml"}


def write(found: Simulation) -> Path:
    """Writes the file to the folder `export` of a simulation; returns its path. Raises like `page`, and CannotWrite."""
    file, text = found.path / export.FOLDER / f"{found.name}.html", page(found)
    with writing(f"export {found.name!r}"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file


def page(found: Simulation) -> str:
    """The file's text.

    Raises DamagedSimulation (never run, or a step cannot be read), and Unknown or MazeError if its world is missing.
    """
    recorded = Recording(found.path).steps()
    if not recorded:
        raise DamagedSimulation(f"{found.name!r} has not been run yet: there is nothing to export.")
    world = pictures.maze(found.meta["maze_name"])
    steps, first_change = _steps(found, recorded)
    data = player_data.of(found, "file", recorded, step=max(recorded[0], first_change - STEPS_BEFORE), speed=SPEED)
    talks = conversations.whole(found, world, recorded)
    inside = {"map": _inlined(pictures.map_picture(world.name)), "people": [_person(each) for each in data["people"]]}
    context = {
        **_about(found, world.world, recorded),
        "mode": "file",
        "town": {**{key: data[key] for key in _TOLD}, **inside},
        "answers": {
            data["tiles"]: _packed(pictures.tiles(world)),
            reverse("talks", args=[found.name, recorded[0]]): _packed(talks),
            **steps,
        },
        "icon": _inlined(_FOLDER / "icon.svg"),
        "style": _inlined(_FOLDER / "style.css"),
        "modules": _modules("player.js"),
    }
    return render_to_string("pages/single_file.html", context)


def _about(found: Simulation, world: str, recorded: Sequence[int]) -> dict[str, str]:
    """The description on the page and in link previews."""
    begins, ends = time_at(found.meta, recorded[0]), time_at(found.meta, recorded[-1] + 1)
    return {
        "found": world,
        "title": f"{world}, {_day(begins)}",
        "begins": shown_time(begins),
        "ends": shown_time(ends),
        "exported": _day(datetime.now()),
    }


def _day(time: datetime) -> str:
    """The date alone."""
    return shown_time(time).rpartition(", ")[0]


def _steps(found: Simulation, recorded: Sequence[int]) -> tuple[dict[str, str], int]:
    """{address: a chunk of steps}, and the step in which an action first changes; else the first one."""
    packed, changes = {}, []
    for first in range(recorded[0] - recorded[0] % chunks.STEPS, recorded[-1] + 1, chunks.STEPS):
        numbers = range(max(first, recorded[0]), min(first + chunks.STEPS, recorded[-1] + 1))
        chunk = chunks.whole(found.path, numbers)
        packed[reverse("steps", args=[found.name, first])] = _packed(chunk)
        changes += [rows["does"][1][0] for rows in chunk["people"].values() if len(rows["does"]) > 1]
    return packed, min(changes, default=recorded[0])


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a person without a server."""
    picture = looks.CHARACTERS / Path(person["picture"]).name
    shown = _inlined(picture) if picture.is_file() else ""
    return {"name": person["name"], "start": person["start"], "picture": shown}


def _modules(script: str) -> SafeString:
    """An import map of a script and all its imports, since a data URL cannot have relative imports."""
    found: dict[str, str] = {}
    wanted = [script]
    while wanted:
        name = wanted.pop()
        if name not in found:
            source = (_FOLDER / name).read_text(encoding="utf-8")
            found[name] = _data_url(".js", _IMPORTED.sub(r'"\1"', source).encode())
            wanted += _IMPORTED.findall(source)
    return mark_safe(to_bytes({"imports": found}).decode())  # only file names and base64


def _packed(answer: Any) -> str:
    """JSON in the format that getJson in dom.js unpacks."""
    return base64.b64encode(gzip.compress(to_bytes(answer), mtime=0)).decode()


def _inlined(file: Path) -> str:
    return _data_url(file.suffix, file.read_bytes())


def _data_url(suffix: str, content: bytes) -> str:
    return f"data:{_KINDS[suffix]};base64,{base64.b64encode(content).decode()}"
