"""The initial data of the player: which steps exist, who the people are, and where its scripts find the rest.

Knows the addresses of the pages' data; not how it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from pages import chunks, live, lookup, pictures
from pages.lookup import Demo
from saves.game_time import time_at
from saves.json_files import DamagedSimulation
from saves.simulation import Simulation

SPEEDS = (2, 4, 8, 16, 32, 64)
"""Steps a second at each of the speeds 1 to 6."""


def of(found: Simulation | Demo, mode: str, recorded: Sequence[int], *, step: int, speed: int = 2) -> dict[str, Any]:
    """The data of a page in a mode (live, replay, demo or file), from a step on; `recorded` are the existing steps."""
    first, last = (recorded[0], recorded[-1]) if recorded else (step, step - 1)
    maze = found.meta["maze_name"]
    return {
        "sim": found.name,
        "mode": mode,
        "first": first,
        "last": last,
        "step": step,
        "speed": speed,
        "speeds": SPEEDS,
        "chunk": chunks.STEPS,
        "steps": reverse("demo_steps" if mode == "demo" else "steps", args=[found.name, 0]),
        "talks": reverse("demo_talks" if mode == "demo" else "talks", args=[found.name, 0]),
        "usage": live.usage(found) if isinstance(found, Simulation) else {},
        "cost": reverse("cost", args=[found.name]) if isinstance(found, Simulation) else "",
        "time": time_at(found.meta, 0).isoformat(),
        "sec_per_step": found.meta["sec_per_step"],
        "people": _people(found, first),
        "tiles": reverse("tiles", args=[maze]),
        "map": reverse("map_picture", args=[maze]),
    }


def is_kept(found: Simulation | Demo) -> bool:
    """Whether there is more than the steps: the simulation of a demo may have been deleted."""
    return isinstance(found, Simulation) or found.name in lookup.names()


def _people(found: Simulation | Demo, step: int) -> list[dict[str, Any]]:
    names = found.meta["persona_names"]
    looks, start, has_ways = pictures.look_of(names, found.path), _positions(found, step), is_kept(found)
    return [
        {
            "name": name,
            "picture": pictures.address_of(looks[name]),
            "start": start.get(name),
            **(_ways(found.name, lookup.in_address(name)) if has_ways else {}),
        }
        for name in names
    ]


def _ways(sim: str, persona: str) -> dict[str, str]:
    """The addresses about a persona; the 0 in the first three is replaced by a step."""
    return {
        "card": reverse("persona_card", args=[sim, 0, persona]),
        "state": reverse("persona_state", args=[sim, 0, persona]),
        "why": reverse("why", args=[sim, 0, persona]),
        "interview": reverse("interview", args=[sim, persona]),
        "whisper": reverse("whispers", args=[sim]),
    }


def _positions(found: Simulation | Demo, step: int) -> dict[str, tuple[int, int]]:
    """The tiles of all people before the first recorded step; empty if they were not saved."""
    try:
        return found.positions(step) if isinstance(found, Simulation) else {}
    except DamagedSimulation:
        return {}
