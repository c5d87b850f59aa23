"""A tiny world and its base simulation in the backend's own formats, for tests: three people, five rooms.

from small_world import build, use
world = build(tmp_path)      # assets/small_world, storage/base_small_world, temp_storage
use(monkeypatch, world)      # utils.py names them
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import utils

Position = tuple[int, int]

MAZE = "small_world"
BASE = "base_small_world"
WORLD = "Small World"
COLLISION = "32125"
START_DATE = "May 6, 2024"
START_TIME = "May 6, 2024, 07:00:00"

# "#" is a wall and "." free ground; a letter is the floor of the room in ROOMS.
PLAN = [
    "######################",
    "#AAAAAA#BBBBBB#CCCCCC#",
    "#AAAAAA#BBBBBB#CCCCCC#",
    "#AAAAAA#BBBBBB#CCCCCC#",
    "###.#####.#######.####",
    "#....................#",
    "#....................#",
    "###.#######.##########",
    "#DDDDDD#EEEEEEEEEEEEE#",
    "#DDDDDD#EEEEEEEEEEEEE#",
    "#DDDDDD#EEEEEEEEEEEEE#",
    "######################",
]

ADAS_HOUSE, BENS_HOUSE, CAFE, PARK = "Ada Finch's house", "Ben Moss's house", "Corner Cafe", "Linden Park"
ROOMS = {
    "A": (ADAS_HOUSE, "bedroom"),
    "B": (ADAS_HOUSE, "kitchen"),
    "C": (BENS_HOUSE, "main room"),
    "D": (CAFE, "cafe"),
    "E": (PARK, "garden"),
}
OBJECTS = {
    "bed": [(1, 1), (2, 1), (20, 1)],
    "desk": [(6, 1), (15, 1)],
    "stove": [(8, 1)],
    "dining table": [(11, 2), (12, 2)],
    "refrigerator": [(13, 1), (15, 3)],
    "cafe counter": [(1, 10), (2, 10)],
    "cafe seating": [(5, 9), (5, 10)],
    "park bench": [(10, 10)],
    "fish pond": [(18, 9), (19, 9)],
}
SPAWNS = {"sp-A": [(1, 2), (20, 2)], "sp-B": [(19, 3)]}


@dataclass(frozen=True)
class Inhabitant:
    """The individual properties of a persona of the small world."""

    name: str
    age: int
    innate: str
    learned: str
    currently: str
    lifestyle: str
    daily_plan_req: str
    home: str
    tile: Position


ADA = Inhabitant(
    name="Ada Finch",
    age=34,
    innate="curious, warm, quick",
    learned="Ada Finch bakes for the Corner Cafe and collects old recipes.",
    currently="Ada Finch is looking for a forgotten recipe for plum bread.",
    lifestyle="Ada Finch goes to bed around 10pm, wakes up around 6am, eats dinner around 6pm.",
    daily_plan_req="Ada Finch works at the Corner Cafe from 9am to 4pm and eats lunch there around noon.",
    home=f"{WORLD}:{ADAS_HOUSE}:bedroom",
    tile=(1, 2),
)
BEN = Inhabitant(
    name="Ben Moss",
    age=41,
    innate="patient, shy, exact",
    learned="Ben Moss looks after the fish of Linden Park and writes everything down.",
    currently="Ben Moss is counting the fish in the pond for a report.",
    lifestyle="Ben Moss goes to bed around 11pm, wakes up around 7am, eats dinner around 7pm.",
    daily_plan_req="Ben Moss is at Linden Park in the morning and eats lunch at the Corner Cafe around noon.",
    home=f"{WORLD}:{BENS_HOUSE}:main room",
    tile=(20, 2),
)
CLEO = Inhabitant(
    name="Cleo Dunn",
    age=23,
    innate="lively, generous, forgetful",
    learned="Cleo Dunn rents a corner of Ben Moss's house and studies music.",
    currently="Cleo Dunn is looking for people to sing with in Linden Park.",
    lifestyle="Cleo Dunn goes to bed around 11pm, wakes up around 7am, eats dinner around 6pm.",
    daily_plan_req="Cleo Dunn practises in Linden Park in the afternoon.",
    home=f"{WORLD}:{BENS_HOUSE}:main room",
    tile=(19, 3),
)
PEOPLE = (ADA, BEN, CLEO)


@dataclass(frozen=True)
class SmallWorld:
    """The folders of the small world."""

    assets: Path
    storage: Path
    temp: Path


def build(folder: Path, people: Sequence[Inhabitant] = PEOPLE, assets: Path | None = None) -> SmallWorld:
    """Makes the world and its base simulation in a folder; `assets`: the folder that already has its maze."""
    world = SmallWorld(assets or folder / "assets", folder / "storage", folder / "temp_storage")
    if assets is None:
        write_maze(world.assets)
    write_base(world.storage, people=people)
    return world


def use(monkeypatch: Any, world: SmallWorld) -> None:
    """Makes utils.py name the small world's folders until the end of the test."""
    monkeypatch.setattr(utils, "maze_assets_loc", str(world.assets))
    monkeypatch.setattr(utils, "fs_storage", str(world.storage))
    monkeypatch.setattr(utils, "fs_temp_storage", str(world.temp))


def write_maze(assets: Path) -> Path:
    """Writes the matrix files; returns their folder."""
    matrix = assets / MAZE / "matrix"
    size = {"maze_width": len(PLAN[0]), "maze_height": len(PLAN), "sq_tile_size": 32}
    write_json(matrix / "maze_meta_info.json", {"world_name": WORLD, **size, "special_constraint": ""})
    _write_text(matrix / "special_blocks" / "world_blocks.csv", f"100, {WORLD}\n")
    _write_numbers(matrix, "collision", [COLLISION if tile == "#" else "0" for row in PLAN for tile in row])
    _write_layer(matrix, "sector", 200, {tile: (ROOMS[PLAN[tile[1]][tile[0]]][0],) for tile in _floor()})
    _write_layer(matrix, "arena", 300, {tile: ROOMS[PLAN[tile[1]][tile[0]]] for tile in _floor()})
    _write_layer(matrix, "game_object", 400, _names_of_tiles(OBJECTS))
    _write_layer(matrix, "spawning_location", 500, _names_of_tiles(SPAWNS))
    return matrix


def write_base(storage: Path, name: str = BASE, people: Sequence[Inhabitant] = PEOPLE) -> Path:
    """Writes a base simulation of these people; returns its folder."""
    folder = storage / name
    meta = {
        "fork_sim_code": name,
        "start_date": START_DATE,
        "curr_time": START_TIME,
        "sec_per_step": 10,
        "maze_name": MAZE,
        "persona_names": [person.name for person in people],
        "step": 0,
        "seed": 7,
    }
    write_json(folder / "reverie" / "meta.json", meta)
    tiles = {person.name: {"maze": MAZE, "x": person.tile[0], "y": person.tile[1]} for person in people}
    write_json(folder / "environment" / "0.json", tiles)
    for person in people:
        memory = folder / "personas" / person.name / "bootstrap_memory"
        write_json(memory / "scratch.json", scratch(person))
        write_json(memory / "spatial_memory.json", spatial_memory(person))
        write_json(memory / "associative_memory" / "nodes.json", {})
        write_json(memory / "associative_memory" / "embeddings.json", {})
        write_json(
            memory / "associative_memory" / "kw_strength.json",
            {"kw_strength_event": {}, "kw_strength_thought": {}},
        )
    return folder


def scratch(person: Inhabitant) -> dict[str, Any]:
    """The scratch of a person before the first step."""
    first_name, _, last_name = person.name.partition(" ")
    return {
        "vision_r": 8,
        "att_bandwidth": 8,
        "retention": 8,
        "curr_time": None,
        "curr_tile": None,
        "daily_plan_req": person.daily_plan_req,
        "name": person.name,
        "first_name": first_name,
        "last_name": last_name,
        "age": person.age,
        "innate": person.innate,
        "learned": person.learned,
        "currently": person.currently,
        "lifestyle": person.lifestyle,
        "living_area": person.home,
        "concept_forget": 100,
        "daily_reflection_time": 180,
        "daily_reflection_size": 5,
        "overlap_reflect_th": 4,
        "kw_strg_event_reflect_th": 10,
        "kw_strg_thought_reflect_th": 9,
        "recency_w": 1,
        "relevance_w": 1,
        "importance_w": 1,
        "recency_decay": 0.99,
        "importance_trigger_max": 150,
        "importance_trigger_curr": 150,
        "importance_ele_n": 0,
        "thought_count": 5,
        **{rows: [] for rows in ("daily_req", "f_daily_schedule", "f_daily_schedule_hourly_org", "planned_path")},
        **dict.fromkeys(("act_address", "act_start_time", "act_duration", "act_description", "act_pronunciatio")),
        **dict.fromkeys(("act_obj_description", "act_obj_pronunciatio", "chatting_with", "chat", "chatting_end_time")),
        "act_event": [person.name, None, None],
        "act_obj_event": [None, None, None],
        "chatting_with_buffer": {},
        "act_path_set": False,
    }


def spatial_memory(person: Inhabitant) -> dict[str, dict[str, dict[str, list[str]]]]:
    """The person's own home, and the places open to all."""
    own = person.home.split(":")[1]
    known: dict[str, dict[str, list[str]]] = {}
    for letter, (sector, arena) in ROOMS.items():
        if sector in (own, CAFE, PARK):
            known.setdefault(sector, {})[arena] = [
                name for name, tiles in OBJECTS.items() if any(PLAN[y][x] == letter for x, y in tiles)
            ]
    return {WORLD: known}


def write_json(file: Path, content: Any) -> None:
    """Writes a JSON file and its parent folders."""
    _write_text(file, json.dumps(content, ensure_ascii=False, indent=2))


def _floor() -> list[Position]:
    return [(x, y) for y, row in enumerate(PLAN) for x, letter in enumerate(row) if letter in ROOMS]


def _names_of_tiles(things: dict[str, list[Position]]) -> dict[Position, tuple[str, ...]]:
    return {tile: ("<all>", name) for name, tiles in things.items() for tile in tiles}


def _write_layer(matrix: Path, kind: str, first: int, names: dict[Position, tuple[str, ...]]) -> None:
    """Numbers the names from `first` on; writes the table of blocks and the number of every tile."""
    blocks = {name: str(first + count) for count, name in enumerate(dict.fromkeys(names.values()))}
    table = "".join(f"{number}, {WORLD}, {', '.join(name)}\n" for name, number in blocks.items())
    _write_text(matrix / "special_blocks" / f"{kind}_blocks.csv", table)
    tiles = [(x, y) for y, row in enumerate(PLAN) for x in range(len(row))]
    _write_numbers(matrix, kind, [blocks[names[tile]] if tile in names else "0" for tile in tiles])


def _write_numbers(matrix: Path, kind: str, numbers: list[str]) -> None:
    _write_text(matrix / "maze" / f"{kind}_maze.csv", ", ".join(numbers))


def _write_text(file: Path, text: str) -> None:
    os.makedirs(file.parent, exist_ok=True)
    file.write_bytes(text.encode("utf-8"))
