"""A simulation as plain tables."""

from __future__ import annotations

from datetime import datetime

import pytest

import web_town
from saves.simulation import Simulation
from saves.storage import Storage, UnknownSimulation
from saves.tables import open_tables
from small_world import ADA, BASE, BEN, CAFE, CLEO, PARK, SmallWorld, write_json
from synthetic_town import CAFE_TILE, GARDEN, STREET, SyntheticTown
from terminal import files, read

HELLO = ((ADA, "Hello, Ben."), (BEN, "=Hello."))


@pytest.fixture
def made(world: SmallWorld) -> SyntheticTown:
    return SyntheticTown(world)


def test_people_have_their_saved_and_their_base_state(made: SyntheticTown):
    file = web_town.memory_file(made.simulation, ADA.name, "scratch.json")
    write_json(file, read(file) | {"currently": "Ada Finch has found it."})
    tables = made.step().saved()
    assert [(who.name, who.age, who.home) for who in tables.people][0] == (ADA.name, ADA.age, ADA.home)
    assert tables.people[0].currently == "Ada Finch has found it."
    assert tables.people_at_start[0].currently == ADA.currently


def test_without_their_base_people_began_as_they_were_saved(made: SyntheticTown, storage: Storage):
    tables = made.step().saved()
    storage.remove(BASE)
    assert tables.people_at_start == tables.people


def test_a_step_has_a_row_for_everyone(made: SyntheticTown):
    steps = list(made.step({ADA: CAFE_TILE}).step({ADA: STREET}).saved().steps)
    assert [(row.step, row.time, row.persona, row.place) for row in steps if row.persona == ADA.name] == [
        (0, datetime(2024, 5, 6, 7, 0), ADA.name, f"{CAFE}:cafe"),
        (1, datetime(2024, 5, 6, 7, 10), ADA.name, ""),
    ]
    assert len(steps) == 6


def test_a_line_is_a_row(made: SyntheticTown):
    talks = made.step({ADA: GARDEN, BEN: GARDEN}).step(talk=HELLO, times=2).step().saved().talks
    assert [(row.talk, row.line, row.step, row.place, row.speaker, row.text) for row in talks] == [
        (1, 1, 1, f"{PARK}:garden", ADA.name, "Hello, Ben."),
        (1, 2, 1, f"{PARK}:garden", BEN.name, "=Hello."),
    ]
    assert {(row.start, row.end) for row in talks} == {(datetime(2024, 5, 6, 7, 10), datetime(2024, 5, 6, 7, 30))}
    assert {row.participants for row in talks} == {f"{ADA.name}; {BEN.name}"}


def test_stays_are_spans_in_one_place(made: SyntheticTown):
    stays = made.step({ADA: CAFE_TILE}, times=2).step({ADA: STREET}).step({ADA: CAFE_TILE}).saved().timeline.stays
    found = [(stay.place, stay.first, stay.last) for stay in stays if stay.persona == ADA.name]
    assert found == [(CAFE, 0, 1), ("", 2, 2), (CAFE, 3, 3)]


def test_memories_are_oldest_first_with_evidence_and_lines(made: SyntheticTown):
    chat = made.remembers(ADA, 1, "talking", kind="chat", talk=HELLO, depth=0)
    made.remembers(ADA, 2, "Ben Moss is kind", evidence=[chat])
    memories = made.step(times=3).saved().memories
    assert [(m.persona, m.node, m.kind, m.evidence) for m in memories] == [
        (ADA.name, chat, "chat", ()),
        (ADA.name, "node_2", "thought", (chat,)),
    ]
    assert memories[0].lines == ((ADA.name, "Hello, Ben."), (BEN.name, "=Hello."))
    assert memories[1].created == datetime(2024, 5, 6, 7, 20)


def test_steps_after_the_last_checkpoint_are_in_no_table(made: SyntheticTown):
    made.remembers(CLEO, 9, "made while the tables are read")
    tables = made.step().saved()
    made.step({ADA: CAFE_TILE})
    assert {row.step for row in tables.steps} == {0}
    assert tables.memories == []
    assert tables.end == datetime(2024, 5, 6, 7, 10)


def test_events_from_outside_are_in_the_table(made: SyntheticTown):
    made.whispers(ADA, 1, "The mill is old")
    assert made.step(times=2).saved().events == [
        (1, datetime(2024, 5, 6, 7, 10), "whisper", ADA.name, "The mill is old", "")
    ]


def test_usage_is_split(made: SyntheticTown):
    tally = {"requests": 2, "input_tokens": 30, "output_tokens": 4, "embedding_tokens": 0, "unpriced": 0}
    made.simulation.write_usage(
        {
            "total": tally | {"cost_usd": "0.25"},
            "by_purpose": {"day plan": tally | {"cost_usd": "0.25"}},
            "by_hour": {"2024-05-06 07": tally | {"cost_usd": "0.25"}},
            "questions": {"day plan": 1, "action": 1},
            "fallbacks": {"action": 1},
            "fallback_reasons": {"action": {"cut off": 1}},
        }
    )
    tables = made.step().saved()
    assert [
        (row.split, row.label, row.requests, row.cost_usd, row.questions, row.fallbacks) for row in tables.usage
    ] == [
        ("total", "", 2, 0.25, 2, 1),
        ("hour", "2024-05-06 07", 2, 0.25, 0, 0),
        ("purpose", "action", 0, 0.0, 1, 1),
        ("purpose", "day plan", 2, 0.25, 1, 0),
    ]
    assert tables.fallbacks == [("action", "cut off", 1)]


def test_without_its_world_a_place_is_that_of_the_action(seen_town: Simulation, storage: Storage):
    tables = open_tables(seen_town.name, Storage(seen_town.path.parent))
    tables.meta = {**tables.meta, "maze_name": "atlantis"}
    assert {row.place for row in tables.steps if row.persona == ADA.name} == {f"{PARK}:garden"}
    assert tables.sectors == ["Ben Moss's house", PARK]


def test_reading_tables_changes_nothing(seen_town: Simulation):
    before = files(seen_town.path)
    tables = open_tables(seen_town.name, Storage(seen_town.path.parent))
    assert tables.people and tables.talks and tables.memories and list(tables.steps) and tables.usage
    assert files(seen_town.path) == before


def test_a_missing_simulation_has_no_tables(storage: Storage):
    with pytest.raises(UnknownSimulation, match="nowhere"):
        open_tables("nowhere", storage)
