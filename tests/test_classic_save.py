"""What we save, the original code can load: the files of a run, read by its contract and by nothing of ours."""

import json
import math
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import small_world
import terminal
from small_world import ADA, PEOPLE, SmallWorld

NODE_TIME = "%Y-%m-%d %H:%M:%S"
DAY_TIME = "%B %d, %Y, %H:%M:%S"
NODE_FORM: dict[str, Any] = {
    "node_count": int,
    "type_count": int,
    "type": str,
    "depth": int,
    "created": str,
    "expiration": (str, type(None)),
    "subject": str,
    "predicate": str,
    "object": str,
    "description": str,
    "embedding_key": str,
    "poignancy": int,
    "keywords": list,
    "filling": list,
}
STEPS = 60

pytestmark = pytest.mark.slow


@pytest.fixture
def town(world: SmallWorld) -> Path:
    """A run of ten minutes in the morning, in which people meet."""
    assert terminal.run("town", STEPS) == 0
    return world.storage / "town"


@pytest.fixture
def memories(town: Path) -> list[Path]:
    """Where the memory of each is."""
    return [town / "personas" / person.name / "bootstrap_memory" for person in PEOPLE]


def read(file: Path):
    """As the original code does it."""
    with file.open(encoding="utf-8") as stream:
        return json.load(stream)


def test_every_memory_has_the_classic_keys_and_types(memories):
    for memory in memories:
        nodes = read(memory / "associative_memory" / "nodes.json")
        assert nodes
        for node in nodes.values():
            assert list(node) == list(NODE_FORM)
            assert all(isinstance(node[key], kind) for key, kind in NODE_FORM.items())
            assert node["type"] in ("event", "thought", "chat")
            assert 1 <= node["poignancy"] <= 10


def test_memories_are_numbered_from_one_without_a_gap_and_come_newest_first(memories):
    for memory in memories:
        nodes = read(memory / "associative_memory" / "nodes.json")
        assert list(nodes) == [f"node_{count}" for count in range(len(nodes), 0, -1)]
        assert [node["node_count"] for node in nodes.values()] == list(range(len(nodes), 0, -1))


def test_times_of_memories_have_the_classic_form(memories):
    for memory in memories:
        nodes = read(memory / "associative_memory" / "nodes.json").values()
        times = [time for node in nodes for time in (node["created"], node["expiration"]) if time]
        assert [datetime.strptime(time, NODE_TIME).strftime(NODE_TIME) for time in times] == times


def test_every_memory_has_a_vector_and_all_are_numbers_of_one_length(memories):
    for memory in memories:
        embeddings = read(memory / "associative_memory" / "embeddings.json")
        nodes = read(memory / "associative_memory" / "nodes.json")
        assert {node["embedding_key"] for node in nodes.values()} <= set(embeddings)
        assert len({len(vector) for vector in embeddings.values()}) == 1
        assert all(
            type(number) is float and math.isfinite(number) for vector in embeddings.values() for number in vector
        )


def test_no_vector_is_made_up_when_the_model_answers(memories):
    for memory in memories:
        index = read(memory / "associative_memory" / "embedding_model.json")
        assert index["texts"] == list(read(memory / "associative_memory" / "embeddings.json"))


def test_keyword_strengths_are_counts_by_kind(memories):
    for memory in memories:
        strengths = read(memory / "associative_memory" / "kw_strength.json")
        assert list(strengths) == ["kw_strength_event", "kw_strength_thought"]
        assert all(type(count) is int for kind in strengths.values() for count in kind.values())


def test_the_scratch_has_every_classic_key_and_times_in_their_form(memories):
    for memory in memories:
        scratch = read(memory / "scratch.json")
        assert set(small_world.scratch(ADA)) <= set(scratch)
        for key in ("curr_time", "act_start_time", "chatting_end_time"):
            assert scratch[key] is None or datetime.strptime(scratch[key], DAY_TIME).strftime(DAY_TIME) == scratch[key]


def test_the_schedule_is_rows_of_text_and_minutes_that_make_a_day(memories):
    for memory in memories:
        for key in ("f_daily_schedule", "f_daily_schedule_hourly_org"):
            rows = read(memory / "scratch.json")[key]
            assert all(isinstance(what, str) and type(minutes) is int for what, minutes in rows)
            assert sum(minutes for _, minutes in rows) == 1440


def test_the_places_are_a_tree_with_lists_of_things(memories):
    for memory in memories:
        for sectors in read(memory / "spatial_memory.json").values():
            for arenas in sectors.values():
                for things in arenas.values():
                    assert all(isinstance(thing, str) for thing in things)


def test_the_state_of_the_run_has_the_classic_form(town):
    meta = read(town / "reverie" / "meta.json")
    assert re.fullmatch(r"[A-Z][a-z]+ \d{1,2}, \d{4}", meta["start_date"])
    assert datetime.strptime(meta["curr_time"], DAY_TIME).strftime(DAY_TIME) == meta["curr_time"]
    assert (meta["step"], meta["persona_names"]) == (STEPS, [person.name for person in PEOPLE])
