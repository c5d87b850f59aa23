"""The town in the README of the world builder can be built from the text there, and its people have varied days."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from build import build
from mock_llm_prompts import answered
from persona.memory_structures.places import Places
from persona.memory_structures.schedule import Entry
from persona.memory_structures.scratch import Scratch
from persona.prompt_template.questions import Day, Tasks

README = Path(__file__).resolve().parents[1] / "environment" / "world_builder" / "README.md"
DAYS = range(4, 8)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base simulation that the README's two files are built into."""
    folder = tmp_path_factory.mktemp("mossford")
    plan, people = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[:2]
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "people.toml").write_text(people, encoding="utf-8")
    return folder / "storage" / build(folder / "plan.toml", folder / "people.toml", folder).base


@pytest.fixture(scope="module")
def first_days(base: Path) -> dict[str, list[tuple[int, str, str]]]:
    """(day, activity, place) of everyone's first days, from the questions of the simulation."""
    return {folder.name: list(days(folder)) for folder in sorted((base / "personas").iterdir())}


def days(folder: Path):
    memory = folder / "bootstrap_memory"
    who = Scratch.from_json(json.loads((memory / "scratch.json").read_text(encoding="utf-8")))
    ((world, tree),) = json.loads((memory / "spatial_memory.json").read_text(encoding="utf-8")).items()
    places = Places(world, tree, who.living_area)
    for day in DAYS:
        who.curr_time = datetime(2024, 3, day)
        for row in answered(Day(who, list(tree)))["schedule"]:
            entry = Entry(row["activity"], 600, 660)
            for task in answered(Tasks(who, entry, places, "the street"))["tasks"]:
                yield day, f"{row['activity']} ({task['task']})", task["place"]


def test_everyone_does_several_things_in_several_places(first_days: dict) -> None:
    assert len(first_days) == 2
    for done in first_days.values():
        assert len({place for _, _, place in done}) >= 5
        assert len({place.partition(":")[0] for _, _, place in done}) >= 3


def test_the_occasion_is_held_on_its_day_and_on_no_other(first_days: dict) -> None:
    held = {day for day, doing, _ in first_days["Ada Moss"] if doing.startswith("hosting the tea tasting")}
    assert held == {6}
