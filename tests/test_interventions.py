"""Interventions: the format of a file of events, and the effects of each kind in a town."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import reverie
from maze import Maze
from persona.cognitive_modules.places import without_closed
from persona.memory_structures import schedule
from persona.prompt_template.gpt_structure import Client
from saves import events
from saves.events import Intervention
from saves.storage import DamagedSimulation, Storage
from saves.text_files import UnusableFile
from scripted import DAY, ScriptedModel, quiet_model, tasks
from small_world import ADA, ADAS_HOUSE, BASE, BEN, CAFE, CLEO, PARK, WORLD, SmallWorld
from study import interventions
from terminal import files
from test_outside import recorded, resumed

pytestmark = pytest.mark.usefixtures("world")
DESK = f"{WORLD}:{ADAS_HOUSE}:bedroom:desk"
NOTICE = f'[[event]]\nat = "2024-05-06 07:01"\nnotice = "Plums for sale"\nplace = "{ADAS_HOUSE}:bedroom:desk"\n'
CLOSING = f'[[event]]\nday = 1\nat = "07:01"\nclose = "{CAFE}"\n'
OPENING = f'[[event]]\nat = "2024-05-06 07:02"\nopen = "{CAFE}"\n'
WHISPER = f'[[event]]\nat = "2024-05-06 07:01"\nwhisper = "The plums are ripe"\npeople = ["{ADA.name}"]\n'


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    return quiet_model().install(monkeypatch)


def planned(text: str, folder: Path) -> list[Intervention]:
    file = folder / "plums.toml"
    file.write_text(text, encoding="utf-8")
    return interventions.read(file, Storage.of_checkout().look(BASE).meta)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[..., reverie.ReverieServer]]:
    """Creates towns with the events of a text."""
    made: list[reverie.ReverieServer] = []

    def make(text: str, name: str = "town", **manner: Any) -> reverie.ReverieServer:
        simulation = Storage.of_checkout().fork(BASE, name, interventions=planned(text, tmp_path))
        made.append(reverie.ReverieServer(simulation, Client(), forked=True, **manner))
        return made[-1]

    yield make
    for server in made:
        server.close()


# The file


def test_events_are_read_with_times_people_and_addresses(tmp_path: Path):
    found = planned(NOTICE + CLOSING + WHISPER, tmp_path)
    assert [(f"{each.time:%d %H:%M}", each.kind, each.people, each.text, each.place) for each in found] == [
        ("06 07:01", "notice", [], "Plums for sale", DESK),
        ("06 07:01", "close", [], "", f"{WORLD}:{CAFE}"),
        ("06 07:01", "whisper", [ADA.name], "The plums are ripe", ""),
    ]


def test_a_whisper_without_people_is_for_everybody_and_days_are_counted_from_the_first(tmp_path: Path):
    (found,) = planned('[[event]]\nday = 3\nat = "06:30"\nwhisper = "Hello"\n', tmp_path)
    assert (found.people, f"{found.time:%Y-%m-%d %H:%M}") == ([ADA.name, BEN.name, CLEO.name], "2024-05-08 06:30")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", r"plums.toml must contain events, each beginning with \[\[event\]\], and nothing else"),
        ("event = 3\n", r"plums.toml must contain events, each beginning with \[\[event\]\]"),
        (WHISPER + "[other]\n", "must contain events, each beginning with .* and nothing else"),
        (
            NOTICE + WHISPER.replace(ADA.name, "Zoe"),
            "plums.toml, line 5: there is no persona 'Zoe'; available: Ada Finch,",
        ),
        (
            WHISPER.replace("07:01", "06:59"),
            "line 1: 2024-05-06 06:59 is before the start of the simulation, 2024-05-06 07",
        ),
        (
            WHISPER.replace("2024-05-06 ", ""),
            'line 1: `at` is like "2024-03-04 09:00", or with a `day` like "09:00", not .07:01.',
        ),
        (
            WHISPER + 'close = "x"\n',
            "has exactly one of whisper, notice, close and open; this one has whisper and close",
        ),
        ('[[event]]\nat = "2024-05-06 07:01"\n', "this one has none"),
        ("event = [3]\n", "event 1: an event must be a table, is 3"),
        (WHISPER.replace("people", "peoples"), "line 1: there is no 'peoples' in an event; did you mean 'people'"),
        (WHISPER + 'place = "x"\n', "a notice needs a `place`, and only a whisper has `people`"),
        (WHISPER + 'colour = "x"\n', "line 1: there is no 'colour' in an event; available: at, day, whisper, notice"),
        ('[[event]]\nwhisper = "x"\n', "line 1: `at` is missing"),
        (WHISPER + "day = 0\n", "`day` must be a whole number from 1 to 10000"),
        (CLOSING.replace("day = 1", "day = 9000000000"), "`day` must be a whole number from 1 to 10000"),
        (
            CLOSING.replace(CAFE, "Moon"),
            "there is no place .as sector or sector:arena. 'Moon' in small_world; available:",
        ),
        (
            NOTICE.replace(":desk", ""),
            "there is no thing .as sector:arena:thing. .Ada Finch's house:bedroom. in small_w",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, fault: str):
    with pytest.raises(UnusableFile, match=fault):
        planned(text, tmp_path)


def test_a_mistake_is_named_before_anything_is_created(tmp_path: Path, world: SmallWorld, capsys):
    (tmp_path / "plums.toml").write_text(WHISPER.replace(ADA.name, "Zoe"), encoding="utf-8")
    options = ["--offline", "--fork", BASE, "--name", "new", "--run", "1", "--events", str(tmp_path / "plums.toml")]
    assert reverie.main(options) == 2
    assert "plums.toml, line 1: there is no persona 'Zoe'" in capsys.readouterr().err
    assert not (world.storage / "new").exists()


# In a town


def test_a_planned_whisper_becomes_a_thought_at_its_time(town, model: ScriptedModel):
    server = town(WHISPER)
    server.start_server(8)
    assert recorded(server) == [(6, ADA.name, "The plums are ripe")]


def test_an_event_between_two_steps_takes_effect_at_the_next_one(town, model: ScriptedModel):
    server = town(WHISPER)
    server.simulation.keep_meta(curr_time="May 06, 2024, 07:00:05")
    server.close()
    again = resumed("town")
    again.start_server(8)
    assert recorded(again) == [(6, ADA.name, "The plums are ripe")]


def test_a_notice_is_read_only_by_people_who_see_the_object(town, model: ScriptedModel):
    server = town(NOTICE.replace("07:01", "07:00"))
    server.start_server(3)
    text = "desk says: Plums for sale"
    seen = {name: persona.a_mem.latest_event_saying(text) for name, persona in server.personas.items()}
    assert [name for name, node in seen.items() if node] == [ADA.name]
    assert f"{seen[ADA.name].created:%H:%M:%S}" == "07:00:00"


def test_nobody_goes_to_a_closed_place_and_people_there_leave(town, model: ScriptedModel):
    server = town(CLOSING)
    server.start_server(5)
    at_the_cafe = [name for name, each in server.personas.items() if each.scratch.address.startswith(f"{WORLD}:{CAFE}")]
    assert at_the_cafe
    server.start_server(4)
    assert not any(each.scratch.address.startswith(f"{WORLD}:{CAFE}") for each in server.personas.values())


def test_people_present_at_a_closing_remember_it_and_nobody_is_shown_there(town, model: ScriptedModel):
    server = town(CLOSING)
    server.start_server(5)
    there = [name for name, each in server.personas.items() if CAFE in each.scratch.address]
    server.start_server(5)
    memories = {name: each.a_mem.latest_event_saying(f"{CAFE} is closed") for name, each in server.personas.items()}
    assert [name for name, memory in memories.items() if memory] == there
    assert f"{memories[there[0]].created:%H:%M:%S}" == "07:01:00"
    assert not any(CAFE in each.scratch.doing for each in server.personas.values())


@pytest.mark.parametrize(
    ("activity", "elsewhere"),
    [
        (f"eating lunch at the {CAFE} (the soup)", "eating lunch (the soup)"),
        (f"cleaning the {CAFE}'s counter", "cleaning counter"),
        (f"walking to {CAFE.lower()}", "walking"),
        (f"The {CAFE}", "spending the time elsewhere"),
        (f"painting {CAFE}s", f"painting {CAFE}s"),
        (f"working at the {CAFE} (writing something down at the cafe counter)", "working (writing something down)"),
        (f"resting at {CAFE} (the cafe seating)", "resting"),
        ("sweeping the park bench, the cafe counter and her cafe seating", "sweeping the park bench"),
        ("meeting Ben in the cafe to sing", "meeting Ben to sing"),
        ("reading at home", "reading at home"),
    ],
)
def test_an_activity_is_described_without_the_closed_place(maze: Maze, activity: str, elsewhere: str):
    maze.closed = {f"{WORLD}:{CAFE}"}
    try:
        assert without_closed(activity, maze) == elsewhere
    finally:
        maze.closed = ()


def test_what_is_also_elsewhere_stays_in_an_activity(maze: Maze):
    maze.closed = {f"{WORLD}:{ADAS_HOUSE}"}
    try:
        assert without_closed(f"writing at the desk in {ADAS_HOUSE}, near the stove", maze) == "writing at the desk"
    finally:
        maze.closed = ()


def test_a_place_opens_again(town, model: ScriptedModel):
    server = town(CLOSING + OPENING)
    server.start_server(10)
    assert server.maze.is_closed(f"{WORLD}:{CAFE}:cafe")
    server.start_server(5)
    assert not server.maze.closed


LATER = OPENING.replace("07:02", "07:05")
BAKING, SERVING, WALK = f"baking at the {CAFE}", f"serving guests at the {CAFE}", f"walking in {PARK}"


def split_where_open(prompt: str) -> dict[str, Any]:
    """Tasks with their places: in the cafe if it is offered, else in the park."""
    place = f"{CAFE}: cafe: cafe counter" if f"- {CAFE}:" in prompt else f"{PARK}: garden: park bench"
    shown = {"place": place, "emoji": "🍲", "predicate": "is", "object": "busy", "thing_state": "used"}
    return {"tasks": [{**task, **shown, "thing_emoji": "✨"} for task in tasks(prompt)["tasks"]]}


@pytest.fixture
def baking(model: ScriptedModel) -> ScriptedModel:
    """Everybody bakes in the cafe until 07:30, serves guests there, and takes a walk; tasks have places."""
    hours = (("06:00", BAKING), ("07:30", SERVING), ("08:30", WALK))
    rows = [{"start": start, "activity": activity} for start, activity in hours]
    model.answers |= {
        "day plan": {**DAY, "schedule": rows + DAY["schedule"][2:]},
        "task decomposition": split_where_open,
    }
    return model


def people_at_the_cafe(server: reverie.ReverieServer) -> int:
    return sum(each.scratch.address.startswith(f"{WORLD}:{CAFE}") for each in server.personas.values())


def test_people_go_to_a_place_that_opens_again_now_and_later(town, baking: ScriptedModel):
    server = town(CLOSING.replace("07:01", "07:00") + LATER)
    server.start_server(30)
    assert people_at_the_cafe(server) == 0
    server.start_server(1)
    assert people_at_the_cafe(server) == 3
    server.start_server(180)
    assert people_at_the_cafe(server) == 3
    doing = {(each.scratch.act_description, each.scratch.act_pronunciatio) for each in server.personas.values()}
    assert doing == {(f"{SERVING} (first half)", "🍲")}  # split again, not asked about task by task


def test_what_was_planned_before_a_closing_is_not_planned_again(town, baking: ScriptedModel):
    server = town(CLOSING + OPENING)
    server.start_server(20)
    assert people_at_the_cafe(server) == 3
    asked = baking.prompts("task decomposition")
    assert len(asked) == len(set(asked)) == 2 * len(server.personas)


def test_a_change_of_plans_during_a_closing_is_kept(town, baking: ScriptedModel):
    server = town(CLOSING.replace("07:01", "07:00") + LATER)
    server.start_server(20)
    ada = server.personas[ADA.name].scratch
    ada.f_daily_schedule = schedule.replace(ada.f_daily_schedule, 450, 480, [("meeting Ben", 30)])
    server.start_server(20)
    assert schedule.entry_at(ada.f_daily_schedule, 450).activity == "meeting Ben"


def test_people_who_remember_a_closing_remember_the_opening(town, model: ScriptedModel):
    server = town(CLOSING + OPENING)
    server.start_server(5)
    there = [name for name, each in server.personas.items() if CAFE in each.scratch.address]
    server.personas[BEN.name].scratch.act_address = f"{WORLD}:{PARK}:garden:fish pond"
    server.start_server(10)
    opened = {name: each.a_mem.latest_event_saying(f"{CAFE} is open again") for name, each in server.personas.items()}
    assert [name for name, memory in opened.items() if memory] == [name for name in there if name != BEN.name]
    assert f"{opened[ADA.name].created:%H:%M:%S}" == "07:02:00"


def test_opening_what_is_open_changes_nothing(town, baking: ScriptedModel):
    server = town(OPENING)
    server.start_server(15)
    assert not any(each.a_mem.latest_event_saying(f"{CAFE} is open again") for each in server.personas.values())


def test_people_remember_only_the_closing_of_the_place_where_they_are(town, model: ScriptedModel):
    server = town(CLOSING + CLOSING.replace(CAFE, PARK))
    server.start_server(8)
    assert not any(each.a_mem.latest_event_saying(f"{PARK} is closed") for each in server.personas.values())


def test_objects_in_a_closed_place_are_seen_as_closed(town, model: ScriptedModel):
    server = town(CLOSING)
    server.start_server(7)
    assert server.maze.unused(f"{WORLD}:{CAFE}:cafe:cafe counter").description == "cafe counter is closed"


def test_after_a_resume_past_events_hold_and_planned_ones_still_happen(town, model: ScriptedModel):
    server = town(NOTICE + CLOSING + OPENING)
    server.start_server(8)
    server.close()
    again = resumed("town")
    assert (dict(again.maze.shown), set(again.maze.closed)) == ({DESK: "Plums for sale"}, {f"{WORLD}:{CAFE}"})
    again.start_server(8)
    again.close()
    assert not again.maze.closed
    assert [step for step, *_ in recorded(again)] == [6, 6, 12]


def test_an_undone_event_happens_again(town, model: ScriptedModel):
    server = town(WHISPER)
    server.start_server(2)
    server.close()
    again = resumed("town")
    again.start_server(8)
    again.discard()
    third = resumed("town")
    third.start_server(8)
    assert recorded(third) == [(6, ADA.name, "The plums are ripe")]


def test_a_fork_has_the_planned_events(town, model: ScriptedModel):
    server = town(WHISPER)
    server.start_server(2)
    fork = Storage.of_checkout().fork("town", "fork")
    assert [each.kind for each in fork.read_interventions()] == [events.WHISPER]
    fork.close()


def test_a_fork_may_have_other_events_than_its_base(town, model: ScriptedModel, tmp_path: Path):
    server = town(WHISPER)
    server.start_server(8)
    server.close()
    later = WHISPER.replace("07:01", "07:02").replace("ripe", "gone")
    Storage.of_checkout().fork("town", "fork", interventions=planned(later, tmp_path)).close()
    fork = resumed("fork")
    fork.start_server(6)
    assert recorded(fork) == [(6, ADA.name, "The plums are ripe"), (12, ADA.name, "The plums are gone")]


EVENT = {"step": 1, "time": "", "kind": "whisper", "persona": ADA.name, "text": "Plums!", "file": "1.json"}
WRONG: tuple[dict[str, object], ...] = ({"step": "1"}, {"text": None}, {"persona": []}, {"kind": "close"}, {"place": 3})


@pytest.mark.parametrize("line", ["3", '{"step": 1}', "{", *(json.dumps(EVENT | part) for part in WRONG)])
def test_a_damaged_record_is_named(town, model: ScriptedModel, line: str):
    server = town(WHISPER)
    server.start_server(8)
    server.close()
    (server.simulation.path / events.RECORD).write_text(line, encoding="utf-8")
    with pytest.raises(DamagedSimulation, match=r"events.jsonl holds a line that .*Restore it from a copy"):
        resumed("town")


@pytest.mark.parametrize("closing", ["07:00", "07:01"])
def test_the_bytes_are_those_of_lockstep(town, baking: ScriptedModel, closing: str):
    text = NOTICE + CLOSING.replace("07:01", closing) + WHISPER + OPENING
    saved = []
    for name, manner in (("one", {"lockstep": True}), ("other", {"workers": 4})):
        server = town(text, name, **manner)
        server.start_server(20)
        saved.append(files(server.simulation.path, without="llm_usage.json"))
    one, other = ({file: content for file, content in each.items() if "journal" not in file} for each in saved)
    assert one == other
