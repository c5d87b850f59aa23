"""A whole day of the town offline, as a user runs it: it is complete, and the same when run again."""

from __future__ import annotations

from pathlib import Path

import pytest

import terminal
from whole_days import INVARIANTS, MIDNIGHT, SIGNS_OF_LIFE, STEPS, Checkout, Day, wait_for_end

pytestmark = pytest.mark.slow

WORKERS = {"one": 1, "two": 2, "sixteen": 16}  # by the name of the simulation
# What a day of three people may take, a person.
MOST_CHAT_REQUESTS, MOST_EMBEDDING_REQUESTS, MOST_PROMPT_TOKENS = 150, 60, 90_000


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def runs(checkout):
    """(exit code, output) of the same day run several times, with other hash seeds and numbers of workers."""
    arguments = ("--offline", "--fork", MIDNIGHT, "--run", STEPS)
    started = {
        name: checkout.start(*arguments, "--name", name, "--workers", workers, PYTHONHASHSEED=str(seed))
        for seed, (name, workers) in enumerate(WORKERS.items())
    }
    return {name: wait_for_end(run) for name, run in started.items()}


@pytest.fixture(scope="module")
def day(checkout, runs):
    return Day(checkout, "one")


def test_the_run_ends_with_the_summary_and_the_location_of_the_result(runs):
    _, output = runs["one"]
    assert {code for code, _ in runs.values()} == {0}, output
    assert "LLM Usage Summary" in output
    *_, result, go_on = output.rstrip().split("\n")
    assert result.endswith(str(Path("environment", "frontend_server", "storage", "one")))
    assert go_on.startswith("To continue: ")
    assert "Traceback" not in output


@pytest.mark.parametrize("other", [name for name in WORKERS if name != "one"])
def test_a_run_gives_the_same_bytes_with_any_number_of_workers(checkout, day, other):
    one, again = terminal.files(day.folder), terminal.files(checkout.storage / other)
    assert sorted(one) == sorted(again)
    assert [file for file in one if one[file] != again[file]] == []


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_of_every_day(day, invariant):
    assert INVARIANTS[invariant](day) == []


@pytest.mark.parametrize("sign", SIGNS_OF_LIFE)
def test_of_a_lively_day(day, sign):
    assert SIGNS_OF_LIFE[sign](day) == []


def test_a_conversation_takes_place_and_is_remembered(day):
    assert any(moved[name]["chat"] for moved in day.movements for name in day.names)
    assert any(day.nodes(name, "chat") for name in day.names)


def test_reflections_are_not_only_about_conversations(day):
    grounds = []
    for name in day.names:
        nodes = day.memory(name, "associative_memory/nodes")
        grounds += [nodes[ground] for thought in day.nodes(name, "thought") for ground in thought["filling"] or ()]
    assert any(ground["type"] != "chat" for ground in grounds)


def test_no_answer_of_the_mock_model_fell_back(day):
    assert day.read("reverie/llm_usage.json")["fallbacks"] == {}


def test_a_day_takes_few_requests_and_tokens(day):
    usage, people = day.read("reverie/llm_usage.json"), len(day.names)
    embedding = usage["by_purpose"]["embedding"]["requests"]
    assert usage["total"]["requests"] - embedding <= MOST_CHAT_REQUESTS * people
    assert embedding <= MOST_EMBEDDING_REQUESTS * people
    assert usage["total"]["input_tokens"] <= MOST_PROMPT_TOKENS * people
