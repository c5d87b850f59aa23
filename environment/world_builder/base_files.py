"""A cast in its town as a base simulation: the folder that runs are forked from, and the file of whispers.

Knows the formats of both; `town_checks` has checked that cast and town fit together.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

from build_faults import FaultBook
from cast import PUBLIC_PLACES, Cast, Person
from persona.memory_structures.scratch import Scratch
from town_checks import start_tiles
from town_files import write_text
from town_tiles import Position, Rooms, Town

_EMPTY_MEMORY: dict[str, dict[str, Any]] = {
    "nodes": {},
    "embeddings": {},
    "kw_strength": {"kw_strength_event": {}, "kw_strength_thought": {}},
}
_BEYOND_CLASSIC = ("planned_actions", "act_poignancy", "act_obj_poignancy", "chat_thoughts")


def base_name(cast: Cast, town: Town) -> str:
    """The base simulation's name: that of the cast, else derived from the town and the number of people."""
    return cast.name or f"base_{town.maze}_n{len(cast.people)}"


def whispers_name(cast: Cast) -> str:
    """The name of the file of whispers, which depends only on the number of people."""
    return f"agent_history_init_n{len(cast.people)}.csv"


def check_replaceable(base: Path, book: FaultBook) -> None:
    """Note a fault if the folder `base` exists and is anything but a base that has never been run."""
    if not base.exists():
        return
    try:
        meta = json.loads((base / "reverie" / "meta.json").read_text(encoding="utf-8"))
        never_run = meta["step"] == 0 and meta["fork_sim_code"] == base.name
    except (OSError, ValueError, LookupError, TypeError):
        never_run = False
    if not never_run or (base / "movement").exists():
        book.note(
            "[simulation]",
            f"{base} exists and is not a base simulation that has never been run",
            "Give this one another `name`, or move that folder away",
        )


def write_base(cast: Cast, town: Town, base: Path) -> None:
    """Write the base simulation into the folder `base`, replacing that of an earlier build.

    It is first written next to it, so that no half-written base ever has its name.
    """
    beside = base.with_name(f".{base.name}.new")
    if beside.exists():
        shutil.rmtree(beside)
    starts = start_tiles(cast, town)
    places = town.places()
    _write_json(beside / "reverie" / "meta.json", _meta(cast, town, base.name))
    _write_json(beside / "environment" / "0.json", _environment(starts, town))
    for person in cast.people:
        memory = beside / "personas" / person.name / "bootstrap_memory"
        _write_json(memory / "scratch.json", _scratch(person, town))
        _write_json(memory / "spatial_memory.json", {town.world: _known_places(person, town, places)})
        for part, content in _EMPTY_MEMORY.items():
            _write_json(memory / "associative_memory" / f"{part}.json", content)
    if base.exists():
        shutil.rmtree(base)
    beside.rename(base)


def write_sheets(cast: Cast, characters: Path) -> None:
    """Copy custom pictures into the folder of characters."""
    for name, file in cast.sheets.items():
        characters.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, characters / f"{name}.png")


def write_whispers(cast: Cast, file: Path) -> None:
    """Write the whispers of all people, for the command `call -- load history`."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["Name", "Whisper"])
    rows.writerows([person.name, "; ".join(person.whispers)] for person in cast.people if person.whispers)
    write_text(file, text.getvalue())


def _meta(cast: Cast, town: Town, name: str) -> dict[str, Any]:
    date = f"{cast.start:%B} {cast.start.day}, {cast.start.year}"
    return {
        "fork_sim_code": name,
        "start_date": date,
        "curr_time": f"{date}, {cast.start:%H:%M:%S}",
        "sec_per_step": 10,
        "maze_name": town.maze,
        "persona_names": [person.name for person in cast.people],
        "step": 0,
        "seed": cast.seed,
        **({"language": cast.language} if cast.language else {}),
    }


def _environment(starts: dict[str, Position], town: Town) -> dict[str, Any]:
    return {name: {"maze": town.maze, "x": x, "y": y} for name, (x, y) in starts.items()}


def _known_places(person: Person, town: Town, places: Rooms) -> Rooms:
    """The part of the town that a person knows, in the order of the town; always with home and workplace."""
    known = {person.home.partition(":")[0], person.workplace, *person.knows}
    if PUBLIC_PLACES in known:
        known |= places.keys() - town.homes
    mind: Rooms = {}
    for sector, arenas in places.items():
        if sector not in known:
            arenas = {arena: things for arena, things in arenas.items() if f"{sector}:{arena}" in known}
        if arenas:
            mind[sector] = arenas
    return mind


def _scratch(person: Person, town: Town) -> dict[str, Any]:
    """The state of a person before the first step, with the classic keys; hours only if there are fields for them."""
    first_name, _, last_name = person.name.partition(" ")
    state = Scratch(
        daily_plan_req=person.daily_plan,
        name=person.name,
        first_name=first_name,
        last_name=last_name,
        age=person.age,
        innate=person.traits,
        learned=person.past,
        currently=person.currently,
        lifestyle=person.lifestyle,
        living_area=f"{town.world}:{person.home}",
        act_event=(person.name, None, None),
        wake_up=person.wake_up or None,
        bed_time=person.bed_time or None,
        unknown_keys={"look": person.look} if person.look else {},
    )
    return {key: value for key, value in state.to_json().items() if key not in _BEYOND_CLASSIC}


def _write_json(file: Path, content: dict[str, Any]) -> None:
    write_text(file, json.dumps(content, indent=2, ensure_ascii=False))
