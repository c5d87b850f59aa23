"""A whole day of the town offline, as a user runs it: everybody lives it through; run again, it is the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from maze import Maze

CHECKOUT = Path(__file__).resolve().parents[1]
STEPS = 8640
SLEEPING = "sleep"


def _checkout(folder: Path) -> Path:
    """A copy of the project with its bases, as a new user has it, and a base that begins at midnight."""
    skip = shutil.ignore_patterns("__pycache__", ".*", "temp_storage", "compressed_storage")
    for part in ("reverie", "environment"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=skip)
    storage = folder / "environment" / "frontend_server" / "storage"
    for simulation in storage.iterdir():
        if not simulation.name.startswith("base_willow_bend"):
            shutil.rmtree(simulation)
    shutil.copytree(storage / "base_willow_bend_n3", storage / "base_midnight")
    meta = storage / "base_midnight" / "reverie" / "meta.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace("07:00:00", "00:00:00"), encoding="utf-8")
    return folder


def _start(folder: Path, name: str, hash_seed: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(folder / "reverie" / "backend_server" / "reverie.py"), "--offline"]
    command += ["--fork", "base_midnight", "--name", name, "--run", str(STEPS)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


class Day:
    """What two runs of the same day left behind."""

    def __init__(self, folder: Path) -> None:
        runs = {name: _start(folder, name, seed) for name, seed in (("one", "1"), ("two", "2"))}
        self.output = {name: run.communicate(timeout=600)[0] for name, run in runs.items()}
        self.codes = [run.returncode for run in runs.values()]
        self.storage = folder / "environment" / "frontend_server" / "storage"
        self.folder = self.storage / "one"
        self.maze = Maze("willow_bend", folder / "environment" / "frontend_server" / "static_dirs" / "assets")
        self.names = self.read("reverie/meta.json")["persona_names"]
        self.movements = [self.read(f"movement/{step}.json")["persona"] for step in range(STEPS)]

    def read(self, file: str) -> dict:
        return json.loads((self.folder / file).read_text(encoding="utf-8"))

    def memory(self, name: str, file: str) -> dict:
        return self.read(f"personas/{name}/bootstrap_memory/{file}.json")

    def nodes(self, name: str, kind: str) -> list[dict]:
        return [n for n in self.memory(name, "associative_memory/nodes").values() if n["type"] == kind]

    def addresses(self, name: str) -> list[str]:
        return [moved[name]["description"].split(" @ ")[-1] for moved in self.movements]


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    return Day(_checkout(tmp_path_factory.mktemp("checkout")))


def test_the_run_ends_well_with_the_summary_and_where_the_result_lies(day):
    assert day.codes == [0, 0], day.output
    assert "LLM Usage Summary" in day.output["one"]
    assert day.output["one"].rstrip().endswith(str(Path("environment", "frontend_server", "storage", "one")))
    assert "Traceback" not in day.output["one"]


def test_the_same_run_twice_is_the_same_to_the_byte(day):
    one, two = day.folder, day.storage / "two"
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert files == sorted(file.relative_to(two) for file in two.rglob("*") if file.is_file())
    assert [str(file) for file in files if (one / file).read_bytes() != (two / file).read_bytes()] == []


def test_everyone_sleeps(day):
    for name in day.names:
        asleep = sum(SLEEPING in moved[name]["description"].split(" @ ")[0] for moved in day.movements)
        assert asleep > 5 * 360, name


def test_everyone_plans_the_day_and_remembers_the_plan(day):
    for name in day.names:
        assert len(day.memory(name, "scratch")["daily_req"]) >= 3
        assert any(node["predicate"] == "plan" for node in day.nodes(name, "thought"))


def test_everyone_acts_in_at_least_six_places(day):
    for name in day.names:
        rooms = {address.rpartition(":")[0] for address in day.addresses(name) if address.count(":") == 3}
        assert len(rooms) >= 6, (name, rooms)


def test_somebody_talks_and_remembers_it(day):
    assert any(moved[name]["chat"] for moved in day.movements for name in day.names)
    assert any(day.nodes(name, "chat") for name in day.names)


def test_somebody_reflects_on_evidence(day):
    for name in day.names:
        nodes = day.memory(name, "associative_memory/nodes")
        insights = [n for n in nodes.values() if n["type"] == "thought" and n["filling"]]
        assert all(evidence in nodes for thought in insights for evidence in thought["filling"])
        if any(nodes[evidence]["type"] != "chat" for thought in insights for evidence in thought["filling"]):
            return
    raise AssertionError("nobody has reflected")


def test_every_schedule_fills_a_day_without_empty_rows(day):
    for name in day.names:
        for key in ("f_daily_schedule", "f_daily_schedule_hourly_org"):
            rows = day.memory(name, "scratch")[key]
            assert sum(minutes for _, minutes in rows) == 1440
            assert all(activity and minutes > 0 for activity, minutes in rows)


def test_every_address_exists(day):
    for name in day.names:
        for address in set(day.addresses(name)):
            if address.startswith(("<persona> ", "<waiting> ")):
                continue
            place, _, thing = address.rpartition(":")
            assert (place if thing == "<random>" else address) in day.maze.address_tiles


def test_everyone_walks_on_free_tiles_one_at_a_time(day):
    for name in day.names:
        tiles = [tuple(moved[name]["movement"]) for moved in day.movements]
        assert not any(day.maze.tile(tile).collision for tile in set(tiles))
        assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 1 for a, b in zip(tiles, tiles[1:], strict=False))


def test_every_memory_is_a_whole_statement(day):
    for name in day.names:
        for node in day.memory(name, "associative_memory/nodes").values():
            parts = (node["subject"], node["predicate"], node["object"], node["description"])
            assert all(part and part.strip() for part in parts), node
            assert 1 <= node["poignancy"] <= 10


def test_no_answer_of_the_stand_in_fell_back(day):
    assert day.read("reverie/llm_usage.json")["fallbacks"] == {}
