"""The original code can load our saves: the files of a run, read according to its contract, without our code."""

import json
import math
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import small_world
import terminal
from persona.prompt_template import llm_config
from small_world import ADA, PEOPLE

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


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Path]:
    """A run of ten minutes in the morning, in which people meet."""
    world = small_world.build(tmp_path_factory.mktemp("world"))
    with pytest.MonkeyPatch.context() as patch:
        small_world.use(patch, world)
        patch.setattr(llm_config, "_fetch_prices", lambda url: {})
        assert terminal.run("town", STEPS) == 0
        yield world.storage / "town"


@pytest.fixture(params=[person.name for person in PEOPLE])
def memory(town: Path, request) -> Path:
    """The folder of the memory of one of them."""
    return town / "personas" / request.param / "bootstrap_memory"


@pytest.fixture
def nodes(memory: Path) -> dict[str, dict[str, Any]]:
    return read(memory / "associative_memory" / "nodes.json")


def read(file: Path):
    """Like the original code."""
    with file.open(encoding="utf-8") as stream:
        return json.load(stream)


def test_every_memory_has_the_classic_keys_and_types(nodes):
    assert nodes
    for node in nodes.values():
        assert list(node) == list(NODE_FORM)
        assert all(isinstance(node[key], kind) for key, kind in NODE_FORM.items())
        assert node["type"] in ("event", "thought", "chat")
        assert 1 <= node["poignancy"] <= 10


def test_memories_are_numbered_from_one_without_a_gap_and_come_newest_first(nodes):
    counts = list(range(len(nodes), 0, -1))
    assert list(nodes) == [f"node_{count}" for count in counts]
    assert [node["node_count"] for node in nodes.values()] == counts


def test_times_of_memories_have_the_classic_form(nodes):
    times = [time for node in nodes.values() for time in (node["created"], node["expiration"]) if time]
    assert [datetime.strptime(time, NODE_TIME).strftime(NODE_TIME) for time in times] == times


def test_every_memory_has_a_vector_of_the_model_and_all_are_numbers_of_one_length(memory, nodes):
    embeddings = read(memory / "associative_memory" / "embeddings.json")
    assert list(embeddings) == read(memory / "associative_memory" / "embedding_model.json")["texts"]
    assert {node["embedding_key"] for node in nodes.values()} <= set(embeddings)
    assert len({len(vector) for vector in embeddings.values()}) == 1
    assert all(type(number) is float and math.isfinite(number) for vector in embeddings.values() for number in vector)


def test_keyword_strengths_are_counts_by_kind(memory):
    strengths = read(memory / "associative_memory" / "kw_strength.json")
    assert list(strengths) == ["kw_strength_event", "kw_strength_thought"]
    assert all(type(count) is int for kind in strengths.values() for count in kind.values())


def test_the_scratch_has_every_classic_key_times_in_their_form_and_days_of_1440_minutes(memory):
    scratch = read(memory / "scratch.json")
    assert set(small_world.scratch(ADA)) <= set(scratch)
    times = [scratch[key] for key in ("curr_time", "act_start_time", "chatting_end_time") if scratch[key] is not None]
    assert [datetime.strptime(time, DAY_TIME).strftime(DAY_TIME) for time in times] == times
    for key in ("f_daily_schedule", "f_daily_schedule_hourly_org"):
        assert all(isinstance(what, str) and type(minutes) is int for what, minutes in scratch[key])
        assert sum(minutes for _, minutes in scratch[key]) == 1440


def test_the_places_are_a_tree_with_lists_of_things(memory):
    for sectors in read(memory / "spatial_memory.json").values():
        for arenas in sectors.values():
            assert all(isinstance(thing, str) for things in arenas.values() for thing in things)


def test_the_state_of_the_run_has_the_classic_form(town):
    meta = read(town / "reverie" / "meta.json")
    assert re.fullmatch(r"[A-Z][a-z]+ \d{1,2}, \d{4}", meta["start_date"])
    assert datetime.strptime(meta["curr_time"], DAY_TIME).strftime(DAY_TIME) == meta["curr_time"]
    assert (meta["step"], meta["persona_names"]) == (STEPS, [person.name for person in PEOPLE])
