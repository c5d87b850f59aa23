"""All conversations of a simulation as the pages request them: a stretch at a time, and growing with a run."""

from __future__ import annotations

import os
from typing import Any

import pytest

from compress_sim_storage import demo_folder
from pages import conversations
from saves import events
from saves.recording import Recording
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, CAFE, CLEO, WORLD, SmallWorld
from web_town import STEPS, TALK, TALKING, add_event, client, data, json_at, simulated, text, write_step

WHOLE = {
    "first": TALKING[0],
    "last": TALKING[-1],
    "people": [ADA.name, CLEO.name],
    "place": WORLD,  # on the street
    "lines": [list(line) for line in TALK],
}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 3 steps, 2 in a stretch: the conversation in steps 5 to 8 is in both stretches of the town."""
    monkeypatch.setattr(conversations, "STEPS", 3)
    monkeypatch.setattr(conversations, "STRETCH", 6)


def asked(first: int) -> dict[str, Any]:
    return json_at(f"/talks/town/{first}/")


def test_a_conversation_has_its_steps_people_place_and_lines(town: Simulation):
    assert data("/replay/town/0/")["talks"] == "/talks/town/0/"
    assert asked(0) == {"last": STEPS - 1, "talks": [WHOLE], "events": []}


def test_a_conversation_is_sent_once_and_complete_with_the_steps_where_it_began(town: Simulation, small_chunks: None):
    assert asked(0) == {"last": 5, "talks": [WHOLE], "events": []}
    assert asked(6) == {"last": STEPS - 1, "talks": [], "events": []}
    assert asked(TALKING[0]) == {"last": 8, "talks": [WHOLE], "events": []}


def test_beyond_the_last_step_there_is_nothing(town: Simulation):
    assert asked(STEPS) == {"last": STEPS - 1, "talks": [], "events": []}


def test_an_ongoing_conversation_grows_with_the_run(world: SmallWorld, small_chunks: None):
    town = simulated(world, "town", TALKING[0] + 1)
    assert [talk["last"] for talk in asked(TALKING[0])["talks"]] == [TALKING[0]]
    for step in range(TALKING[0] + 1, STEPS):
        write_step(town, step)
    assert asked(TALKING[0])["talks"] == [WHOLE]


def test_repeated_steps_are_read_again(town: Simulation, small_chunks: None):
    assert asked(0)["talks"] == [WHOLE]
    for step in TALKING:
        file = Recording(town.path).file(step)
        file.write_bytes(file.read_bytes().replace(b"plums", b"pears"))
        os.utime(file, ns=(1, 1))
    assert asked(0)["talks"][0]["lines"][0][1] == "Have you seen the pears?"


def test_a_half_written_step_does_not_count_yet(town: Simulation):
    Recording(town.path).file(STEPS).write_text('{"persona": {"Ada": {"chat": [["', encoding="utf-8")
    assert asked(0) == {"last": STEPS - 1, "talks": [WHOLE], "events": []}


def test_a_demo_has_the_same_conversations_even_after_its_simulation_is_deleted(town: Simulation, storage: Storage):
    client().post("/make_demo/town/0/1/")
    storage.remove("town")
    assert data("/demo/town/0/1/")["talks"] == "/demo_talks/town/0/"
    assert json_at("/demo_talks/town/0/") == {"last": STEPS - 1, "talks": [WHOLE], "events": []}
    assert demo_folder(storage, "town").is_dir()


def test_an_event_from_outside_is_sent_once_at_its_step(town: Simulation, small_chunks: None):
    everybody = town.meta["persona_names"]
    add_event(town, 2, "whisper", "You {like} plums", to=everybody)
    add_event(town, 2, "whisper", "Hush", to=[*everybody, "Dot Ash"])
    add_event(town, 6, "close", place=f"{WORLD}:{CAFE}")
    add_event(town, 7, "open", place=f"{WORLD}:{CAFE}:cafe")
    add_event(town, 7, "notice", "Plums for sale", place=f"{WORLD}:{CAFE}:cafe:counter")
    assert asked(0)["events"] == [
        [2, "Whispered to Ada Finch, Ben Moss, Cleo Dunn: “You {like} plums”"],
        [2, "Whispered to 4 people: “Hush”"],
    ]
    assert asked(6)["events"] == [
        [6, "Corner Cafe closed"],
        [7, "cafe, Corner Cafe opened"],
        [7, "Notice at counter, cafe, Corner Cafe: “Plums for sale”"],
    ]


def test_an_event_is_sent_with_its_step_even_if_both_are_new(town: Simulation, monkeypatch: pytest.MonkeyPatch):
    read = Recording.talks

    def read_while_running(recording: Recording, number: int) -> Any:
        if number == STEPS and not recording.file(STEPS).is_file():
            add_event(town, STEPS, "whisper", "Hush", to=[ADA.name])
            write_step(town, STEPS)
        return read(recording, number)

    monkeypatch.setattr(Recording, "talks", read_while_running)
    found = asked(0)
    assert (found["last"], found["events"]) == (STEPS, [[STEPS, "Whispered to Ada Finch: “Hush”"]])


@pytest.mark.parametrize("line", ["{", '{"step": "1", "time": "", "kind": "", "persona": "", "text": "", "file": ""}'])
def test_a_damaged_record_of_events_does_not_hide_the_conversations(town: Simulation, line: str):
    (town.path / events.RECORD).write_text(line, encoding="utf-8")
    assert asked(0) == {"last": STEPS - 1, "talks": [WHOLE], "events": []}


def test_without_its_world_a_conversation_has_no_place(town: Simulation):
    town.keep_meta(maze_name="another")
    assert asked(0)["talks"] == [{**WHOLE, "place": ""}]


def test_missing_simulations_and_demos_are_named(town: Simulation):
    assert "There is no simulation" in text("/talks/none/0/", 404)
    assert "There is no demo" in text("/demo_talks/town/0/", 404)


@pytest.mark.parametrize(
    "chat", ['"chat": [["A", "Hello."]]', '"chat":[["A","Hello."]]', '"chat" : [\n["A", "Hello."]]']
)
def test_a_step_with_a_conversation_is_found_in_any_json_formatting(town: Simulation, chat: str):
    file = Recording(town.path).file(0)
    file.write_text(f'{{"persona": {{"A": {{"movement": [1, 2], {chat}}}}}}}', encoding="utf-8")
    assert Recording(town.path).talks(0).people["A"].lines == (("A", "Hello."),)


def test_a_step_without_a_conversation_names_nobody(town: Simulation):
    assert Recording(town.path).talks(0).people == {}
