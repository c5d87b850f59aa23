"""The town that the README shows how to make: it is built as it stands there, and its people live good days in it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from build import build
from mock_llm_prompts import ask, places_offered, spot
from persona.memory_structures.scratch import Scratch

README = Path(__file__).resolve().parents[1] / "environment" / "world_builder" / "README.md"
DAYS = 4
_BROKEN_ENGLISH = re.compile(r"\bbe looking|\bbes\b|\bfounds\b|\b(\w+) \1\b|\bKettle at\b")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base simulation that the README's two files are built into."""
    folder = tmp_path_factory.mktemp("mossford")
    plan, people = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[:2]
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "people.toml").write_text(people, encoding="utf-8")
    return folder / "storage" / build(folder / "plan.toml", folder / "people.toml", folder).base


def lived(folder: Path) -> list[tuple[str, tuple[str, str, str]]]:
    """(what was done, and where) of somebody's first days, asked for as the simulation asks."""
    memory = folder / "bootstrap_memory"
    who = Scratch.from_json(json.loads((memory / "scratch.json").read_text(encoding="utf-8")))
    ((_, tree),) = json.loads((memory / "spatial_memory.json").read_text(encoding="utf-8")).items()
    spots = places_offered(tree)
    done = []
    for day in range(4, 4 + DAYS):
        who.curr_time = datetime(2024, 3, day)
        sheet, here = who.identity_sheet(), "the street"
        rows = ask("day_plan", sheet, who.name, who.date_text(), "\n".join(f"- {place}" for place in tree))["schedule"]
        for row in rows[:-1]:
            asked = [sheet, who.name, "", row["activity"], row["start"], row["start"], "60", here, spots]
            for task in ask("task_decomposition", *asked)["tasks"]:
                here = " > ".join(spot(task)[:2])
                done.append((f"{row['activity']} ({task['task']})", spot(task)))
    return done


@pytest.fixture(scope="module")
def days(base: Path) -> dict[str, list[tuple[str, tuple[str, str, str]]]]:
    return {folder.name: lived(folder) for folder in sorted((base / "personas").iterdir())}


def test_the_town_of_the_readme_has_two_people_with_many_things_to_do(days: dict) -> None:
    assert len(days) == 2
    assert sum(map(len, days.values())) >= 300


def test_they_use_the_bathroom_only_for_what_it_is_for(days: dict) -> None:
    there = [doing for done in days.values() for doing, (*_, thing) in done if thing == "toilet"]

    assert not [doing for doing in there if not re.search(r"shower|teeth|bathroom|mirror|hair", doing)]


def test_everyone_is_at_several_things_in_several_places(days: dict) -> None:
    for done in days.values():
        assert len({thing for _, (_, _, thing) in done}) >= 5
        assert len({place for _, (place, _, _) in done}) >= 3


def test_what_they_do_reads_well(days: dict) -> None:
    assert not [doing for done in days.values() for doing, _ in done if _BROKEN_ENGLISH.search(doing)]


def test_the_occasion_is_held_on_its_day_and_on_no_other(base: Path, days: dict) -> None:
    held = [k for k, (doing, _) in enumerate(days["Ada Moss"]) if doing.startswith("hosting the tea tasting")]

    assert held
    assert held == list(range(held[0], held[-1] + 1))
