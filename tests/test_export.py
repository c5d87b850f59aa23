"""Simulations for reading and watching elsewhere: the documents of an export, and the demo made by compressing."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock, Timeout
from tqdm import tqdm

import compress_sim_storage
import web_town
from compress_sim_storage import compress, demo_folder
from saves import usage_inbox
from saves.export import DOCUMENTS, Export, export
from saves.json_files import DamagedSimulation, UnknownSimulation
from saves.recording import Act, CompressedRecording, RecordedStep, Recording
from saves.simulation import Simulation
from saves.storage import Storage
from saves.timeline import activities, conversations
from small_world import ADA, BASE, BEN, CLEO, SmallWorld
from terminal import files, read
from web_town import STEPS, TALK, TALKING, ada_at, simulated

HELLO, BYE = (("A", "Hello."), ("B", "Hello.")), (("A", "Bye."),)


def rows(town: Simulation, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Export(town.path, town.meta).document(name))))


def steps(*people: dict[str, Act]) -> list[RecordedStep]:
    return [RecordedStep(number, acts) for number, acts in enumerate(people)]


def act(action: str = "reading", x: int = 0, lines: tuple[tuple[str, str], ...] = ()) -> Act:
    return Act(x, 0, "📖", f"{action} @ W:S:A:O", lines)


# What happened


def test_both_sides_of_a_conversation_are_one():
    talk = {"A": act(lines=HELLO), "B": act(x=4, lines=HELLO)}
    found = conversations(steps({"A": act(), "B": act()}, talk, talk, {"A": act(), "B": act(lines=HELLO, x=7)}))
    assert [(each.first, each.last, each.participants, each.tile) for each in found] == [(1, 3, ("A", "B"), (7, 0))]


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ([{"A": act(lines=BYE), "C": act(lines=HELLO)}], [(BYE, 0, 0), (HELLO, 0, 0)]),
        ([{"A": act(lines=BYE)}, {"A": act()}, {"A": act(lines=BYE)}], [(BYE, 0, 0), (BYE, 2, 2)]),
    ],
    ids=["at once", "the same words after a silence"],
)
def test_two_conversations_are_two(people: list[dict[str, Act]], found: list):
    assert [(each.lines, each.first, each.last) for each in conversations(steps(*people))] == found


def test_an_activity_lasts_as_long_as_it_stays_the_same():
    found = activities(steps({"A": act("reading")}, {"A": act("reading", x=1)}, {"A": act("singing")}))
    assert [(each.action, each.first, each.last) for each in found] == [("reading", 0, 1), ("singing", 2, 2)]


def test_an_action_without_an_address_has_no_place():
    assert (Act(0, 0, "", "waiting").action, Act(0, 0, "", "waiting").address) == ("waiting", "")


# Documents


def test_the_conversations_say_who_when_and_where(town: Simulation):
    text = Export(town.path, town.meta).document("conversations.md")
    assert "## Ada Finch and Cleo Dunn\n\nMonday, May 6, 07:00 - 07:01, Small World\n" in text
    assert f"**Ada Finch:** {TALK[0][1]}" in text


def test_the_conversations_have_a_row_for_each_line(town: Simulation):
    found = [
        (row["conversation"], row["line"], row["first_step"], row["text"]) for row in rows(town, "conversations.csv")
    ]
    assert found == [("1", "1", str(TALKING[0]), TALK[0][1]), ("1", "2", str(TALKING[0]), TALK[1][1])]


def test_the_timeline_covers_every_step_of_everyone(town: Simulation):
    covered = dict.fromkeys((ADA.name, BEN.name, CLEO.name), 0)
    for row in rows(town, "timeline.csv"):
        covered[row["persona"]] += int(row["last_step"]) - int(row["first_step"]) + 1
    assert set(covered.values()) == {STEPS}


def test_the_timeline_has_game_times(town: Simulation):
    row = next(row for row in rows(town, "timeline.csv") if row["persona"] == BEN.name)
    assert datetime.fromisoformat(row["start"]) == datetime(2024, 5, 6, 7)
    assert datetime.fromisoformat(row["end"]) == datetime(2024, 5, 6, 7, 2)
    assert row["minutes"] == "2.0"


def test_a_vertical_bar_in_a_text_does_not_break_the_table(town: Simulation):
    file = town.path / "movement" / "0.json"
    file.write_text(file.read_text(encoding="utf-8").replace("reading", "reading | resting"), encoding="utf-8")
    assert "| reading \\| resting |" in Export(town.path, town.meta).document("timeline.md")


def test_an_export_is_in_the_folder_of_the_simulation(town: Simulation):
    assert [file.relative_to(town.path).as_posix() for file in export(town.path, town.meta)] == [
        f"export/{name}" for name in DOCUMENTS
    ]
    assert (town.path / "export" / "timeline.csv").read_text(encoding="utf-8").startswith("persona,first_step,")


def test_a_simulation_without_steps_cannot_be_exported(storage: Storage):
    base = Simulation(storage.root / BASE, storage.temp)
    with pytest.raises(DamagedSimulation, match="not been run"):
        export(base.path, base.meta)


def test_an_export_needs_no_map(town: Simulation):
    meta = {**town.meta, "maze_name": "atlantis"}
    assert "07:00 - 07:01\n" in Export(town.path, meta).document("conversations.md")


# Demos


def test_a_demo_replays_every_step(town: Simulation, storage: Storage):
    demo = CompressedRecording(compress(storage, "town"))
    assert demo.steps() == list(range(STEPS))
    assert [demo.read(step).people for step in demo.steps()] == [step.people for step in Recording(town.path)]


def test_a_demo_contains_only_changes(town: Simulation, storage: Storage):
    changes = read(compress(storage, "town") / "master_movement.json")
    assert list(changes["0"]) == [ADA.name, BEN.name, CLEO.name]
    assert [list(changes[str(step)]) for step in (1, TALKING[0])] == [[ADA.name], [ADA.name, CLEO.name]]
    assert changes["1"][ADA.name]["movement"] == list(ada_at(1))


def test_a_new_demo_replaces_the_old_one(town: Simulation, storage: Storage):
    first = files(compress(storage, "town"))
    (demo_folder(storage, "town") / "notes.txt").write_text("old", encoding="utf-8")
    assert files(compress(storage, "town")) == first


def test_an_interrupted_demo_leaves_the_old_one(town: Simulation, storage: Storage):
    first = files(compress(storage, "town"))
    (town.path / "movement" / "7.json").write_text("{", encoding="utf-8")
    with pytest.raises(DamagedSimulation):
        compress(storage, "town")
    assert files(demo_folder(storage, "town")) == first


def test_steps_are_read_lazily(town: Simulation, storage: Storage):
    (town.path / "movement" / "7.json").write_text("{", encoding="utf-8")
    seen: list[tuple[int, int]] = []

    def watched(steps: Iterable[RecordedStep], count: int) -> Iterator[RecordedStep]:
        for step in steps:
            seen.append((step.number, count))
            yield step

    with pytest.raises(DamagedSimulation):
        compress(storage, "town", watched)
    assert seen == [(number, STEPS) for number in range(7)]


@pytest.mark.parametrize("name", ["nowhere", "..", ""])
def test_there_is_no_demo_of_an_unknown_simulation(town: Simulation, storage: Storage, name: str):
    with pytest.raises(UnknownSimulation, match="town"):
        compress(storage, name)


def test_the_command_makes_a_demo_and_says_where_without_progress_outside_a_terminal(
    town: Simulation, capsys: pytest.CaptureFixture[str]
):
    assert compress_sim_storage.main(["town"]) == 0
    shown = capsys.readouterr()
    assert "/demo/town/0/3/" in shown.out
    assert shown.err == ""


def test_the_command_shows_its_progress_on_a_terminal(
    town: Simulation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(compress_sim_storage, "tqdm", partial(tqdm, mininterval=0))
    compress_sim_storage.main(["town"])
    assert f"{STEPS - 1}/{STEPS}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (BASE, f"{BASE!r} has not been run yet: there is no movement to make a demo of.\n"),
        ("nowhere", f"There is no simulation 'nowhere'. Available: {BASE}.\n"),
    ],
)
def test_the_command_refuses_an_invalid_simulation_in_one_line(
    world: SmallWorld, capsys: pytest.CaptureFixture[str], name: str, why: str
):
    assert compress_sim_storage.main([name]) == 2
    assert capsys.readouterr().err == why


def test_a_demo_has_the_classic_files_keys_and_types(town: Simulation, storage: Storage):
    demo = compress(storage, "town")
    assert sorted(file.name for file in demo.iterdir()) == ["master_movement.json", "meta.json", "personas"]
    first = read(demo / "master_movement.json")["0"][ADA.name]
    assert {key: type(value) for key, value in first.items()} == {
        "movement": list,
        "pronunciatio": str,
        "description": str,
        "chat": type(None),
    }
    assert read(demo / "meta.json") == town.meta


def test_a_demo_is_locked_while_it_is_made(town: Simulation, world: SmallWorld, storage: Storage):
    def watched(steps, count):
        with pytest.raises(Timeout):
            FileLock(world.temp / "locks" / "town.demo", timeout=0).acquire()
        return steps

    compress(storage, "town", watched)


def test_a_demo_made_while_waiting_for_the_lock_is_not_made_again(
    town: Simulation, storage: Storage, monkeypatch: pytest.MonkeyPatch
):
    lock = compress_sim_storage._one_at_a_time

    def wait(storage: Storage, name: str):
        monkeypatch.setattr(compress_sim_storage, "_one_at_a_time", lock)
        compress(storage, name)
        return lock(storage, name)

    monkeypatch.setattr(compress_sim_storage, "_one_at_a_time", wait)
    target = compress(storage, "town", lambda steps, count: pytest.fail("it is made twice"))
    assert target.is_dir()


# What visitors used


def test_visits_wait_until_they_are_added_and_forgotten(town: Simulation):
    own = {"total": {"requests": 2, "cost_usd": "0.1"}, "fallbacks": {"interview": 1}}
    usage_inbox.leave(
        town.path, {"total": {"requests": 1, "cost_usd": "0.2"}, "by_persona": {"Ada Finch": {"requests": 1}}}
    )
    waiting = usage_inbox.waiting(town.path)
    assert usage_inbox.with_visits(own, waiting) == {
        "by_persona": {"Ada Finch": {"requests": 1}},
        "fallbacks": {"interview": 1},
        "total": {"cost_usd": "0.3", "requests": 3},
    }
    usage_inbox.forget(waiting)
    assert usage_inbox.waiting(town.path) == []


def test_a_visit_does_not_recreate_a_deleted_simulation(tmp_path: Path):
    usage_inbox.leave(tmp_path / "gone", {"total": {"requests": 1}})
    assert list(tmp_path.iterdir()) == []


def test_an_invalid_visit_record_is_reported_as_damage(town: Simulation):
    usage_inbox.leave(town.path, {"total": {"requests": 1}})
    with pytest.raises(DamagedSimulation, match="cannot be added"):
        usage_inbox.with_visits({"total": {"requests": "many"}}, usage_inbox.waiting(town.path))


def test_no_cell_is_read_as_a_formula(world: SmallWorld, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web_town, "TALK", ((ADA.name, "=1+1"), (CLEO.name, "Two.")))
    spoken = [row["text"] for row in rows(simulated(world, "town"), "conversations.csv")]
    assert spoken == ["'=1+1", "Two."]
