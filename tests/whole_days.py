"""Whole days of the town, as a user runs them: a checkout to run them in, their files, and their invariants.

Knows the files of a simulation and the command line; not what happened during the run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from maze import Maze
from saves.storage import Storage

PROJECT = Path(__file__).resolve().parents[1]
STEPS = 8640
WORLD = "willow_bend"
MORNING, MIDNIGHT = "base_willow_bend_n3", "base_midnight"  # bases of three people, by the hour at which they begin
CROWD = "base_crowded_morning"  # of twenty-five, at nine
DEADLINE = 600  # seconds for a run to end
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*", "storage", "temp_storage", "compressed_storage")
_PROVIDER_VARIABLES = ("OPENROUTER_", "OPENAI_", "LLM_")
_ASLEEP = "sleep"
_OTHER_THOUGHTS = ("plan", "plan with", "talk with")  # predicates of thoughts that are not insights


class Checkout:
    """A copy of the project with its bases, as a new user has it, and a base that begins at midnight.

    One that is there already is taken as it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.front_end = folder / "environment" / "frontend_server"
        self.storage = self.front_end / "storage"
        if not self.storage.exists():
            self._copy()

    def _copy(self) -> None:
        for part in ("reverie", "environment"):
            shutil.copytree(PROJECT / part, self.folder / part, ignore=_NOT_COPIED)
        for name, base, hour in (
            (MORNING, "base_willow_bend_n3", "07:00:00"),
            (MIDNIGHT, "base_willow_bend_n3", "00:00:00"),
            (CROWD, "base_willow_bend_n25", "09:00:00"),
        ):
            shutil.copytree(PROJECT / "environment" / "frontend_server" / "storage" / base, self.storage / name)
            meta = self.storage / name / "reverie" / "meta.json"
            meta.write_text(re.sub(r"\d\d:00:00", hour, meta.read_text(encoding="utf-8")), encoding="utf-8")

    def start(self, *arguments: str | int, patient: bool = True, **variables: str) -> subprocess.Popen[str]:
        """Starts reverie.py; one that is not patient tries failed requests again without a pause."""
        backend = self.folder / "reverie" / "backend_server"
        program = [backend / "reverie.py"] if patient else [PROJECT / "tests" / "impatient_reverie.py", backend]
        return launch([*program, *arguments], self.folder, variables)

    def run(self, *arguments: str | int, patient: bool = True, **variables: str) -> tuple[int, str]:
        """(exit code, output) of reverie.py."""
        return wait_for_end(self.start(*arguments, patient=patient, **variables))

    def step(self, name: str) -> int:
        """The step at which a simulation is saved, even after a crash."""
        return next(found.step for found in Storage(self.storage).simulations() if found.name == name)


def launch(command: Sequence[object], folder: Path, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    """Starts a Python program in a folder; it knows no provider but that of the variables."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_PROVIDER_VARIABLES)}
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env={**inherited, **variables},
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def model_variables(address: str) -> dict[str, str]:
    """The variables with which a run uses the mock model at an address."""
    models = {"OPENAI_MODEL": "offline", "LLM_EMBEDDING_MODEL": "offline"}
    return {"OPENAI_API_BASE": address, "OPENAI_API_KEY": "none", **models}


def wait_for_end(run: subprocess.Popen[str]) -> tuple[int, str]:
    """(exit code, output) of a run, once it is over."""
    output, _ = run.communicate(timeout=DEADLINE)
    return run.returncode, output


class Day:
    """A whole day: the files of a simulation."""

    def __init__(self, checkout: Checkout, name: str) -> None:
        self.folder = checkout.storage / name
        self._assets = checkout.front_end / "static_dirs" / "assets"

    @cached_property
    def names(self) -> list[str]:
        return self.read("reverie/meta.json")["persona_names"]

    @cached_property
    def movements(self) -> list[dict[str, Any]]:
        """Everyone's actions, step by step."""
        return [self.read(f"movement/{step}.json")["persona"] for step in range(STEPS)]

    @cached_property
    def maze(self) -> Maze:
        return Maze(WORLD, self._assets)

    def read(self, file: str) -> dict[str, Any]:
        return json.loads((self.folder / file).read_text(encoding="utf-8"))

    def memory(self, name: str, file: str) -> dict[str, Any]:
        return self.read(f"personas/{name}/bootstrap_memory/{file}.json")

    def nodes(self, name: str, kind: str) -> list[dict[str, Any]]:
        return [node for node in self.memory(name, "associative_memory/nodes").values() if node["type"] == kind]

    def addresses(self, name: str) -> list[str]:
        return [moved[name]["description"].split(" @ ")[-1] for moved in self.movements]


# Invariants of every day, even with failures; each function returns the violations


def without_all_its_steps(day: Day) -> list[str]:
    expected = {"environment": range(STEPS + 1), "movement": range(STEPS)}
    found = {kind: {file.name for file in (day.folder / kind).iterdir()} for kind in expected}
    return [kind for kind, steps in expected.items() if found[kind] != {f"{step}.json" for step in steps}]


def schedules_that_are_no_day(day: Day) -> list[Any]:
    wrong = []
    for name in day.names:
        for key in ("f_daily_schedule", "f_daily_schedule_hourly_org"):
            rows = day.memory(name, "scratch")[key]
            whole = sum(minutes for _, minutes in rows) == 1440
            if not whole or not all(activity.strip() and minutes > 0 for activity, minutes in rows):
                wrong.append((name, key, rows))
    return wrong


def addresses_that_do_not_exist(day: Day) -> list[Any]:
    return [
        (name, address)
        for name in day.names
        for address in sorted(set(day.addresses(name)))
        if not address.startswith(("<persona> ", "<waiting> "))
        and address.removesuffix(":<random>") not in day.maze.address_tiles
    ]


def steps_onto_taken_tiles_or_too_far(day: Day) -> list[Any]:
    wrong: list[Any] = []
    for name in day.names:
        tiles = [tuple(moved[name]["movement"]) for moved in day.movements]
        wrong += [(name, tile) for tile in sorted(set(tiles)) if day.maze.tile(tile).collision]
        pairs = zip(tiles, tiles[1:], strict=False)
        wrong += [(name, a, b) for a, b in pairs if abs(a[0] - b[0]) + abs(a[1] - b[1]) > 1]
    return wrong


def memories_that_are_no_statement(day: Day) -> list[Any]:
    def is_whole(node: dict[str, Any]) -> bool:
        parts = (node["subject"], node["predicate"], node["object"], node["description"])
        return all(part and part.strip() for part in parts) and node["poignancy"] in range(1, 11)

    memories = [node for name in day.names for node in day.memory(name, "associative_memory/nodes").values()]
    return [node for node in memories if not is_whole(node)]


def evidence_that_is_no_memory(day: Day) -> list[Any]:
    wrong = []
    for name in day.names:
        nodes = day.memory(name, "associative_memory/nodes")
        thoughts = [node for node in nodes.values() if node["type"] == "thought"]
        wrong += [(name, thought) for thought in thoughts if not set(thought["filling"] or ()) <= set(nodes)]
    return wrong


INVARIANTS: dict[str, Callable[[Day], list[Any]]] = {
    "every step is there": without_all_its_steps,
    "every schedule fills a day without empty rows": schedules_that_are_no_day,
    "every address exists": addresses_that_do_not_exist,
    "everyone walks on free tiles one at a time": steps_onto_taken_tiles_or_too_far,
    "every memory is a whole statement": memories_that_are_no_statement,
    "every thought has its evidence": evidence_that_is_no_memory,
}


# Signs of a complete day, if most answers were good ones


def sleepless(day: Day) -> list[str]:
    """The people who sleep less than five hours."""

    def steps_asleep(name: str) -> int:
        return sum(_ASLEEP in moved[name]["description"].split(" @ ")[0] for moved in day.movements)

    return [name for name in day.names if steps_asleep(name) <= 5 * 360]


def without_a_plan(day: Day) -> list[str]:
    """The people who did not plan the day, or do not remember the plan."""
    return [
        name
        for name in day.names
        if len(day.memory(name, "scratch")["daily_req"]) < 3
        or not any(node["predicate"] == "plan" for node in day.nodes(name, "thought"))
    ]


def with_few_places(day: Day) -> list[Any]:
    """The people who act in fewer than six rooms."""
    rooms = {name: {a.rpartition(":")[0] for a in day.addresses(name) if a.count(":") == 3} for name in day.names}
    return [(name, seen) for name, seen in rooms.items() if len(seen) < 6]


def with_few_memories(day: Day) -> list[Any]:
    """The people with fewer than 150 events, fewer than two conversations, or no reflection."""

    def figures(name: str) -> tuple[int, int, int]:
        thoughts = [node for node in day.nodes(name, "thought") if node["predicate"] not in _OTHER_THOUGHTS]
        return len(day.nodes(name, "event")), len(day.nodes(name, "chat")), len(thoughts)

    found = {name: figures(name) for name in day.names}
    return [(name, counts) for name, counts in found.items() if any(map(int.__lt__, counts, (150, 2, 1)))]


SIGNS_OF_LIFE: dict[str, Callable[[Day], list[Any]]] = {
    "everyone sleeps": sleepless,
    "everyone plans the day and remembers the plan": without_a_plan,
    "everyone acts in at least six places": with_few_places,
    "everyone sees a lot, talks twice and looks back": with_few_memories,
}
