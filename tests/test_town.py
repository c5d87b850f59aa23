"""A whole day of the town offline, as a user runs it: everybody lives it through; run again, it is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

import terminal
from whole_days import INVARIANTS, MIDNIGHT, SIGNS_OF_LIFE, STEPS, Checkout, Day, ended


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def runs(checkout):
    """(exit code, output) of the same day lived twice."""
    arguments = ("--offline", "--fork", MIDNIGHT, "--run", STEPS, "--name")
    hash_seeds = {"one": "1", "two": "2"}
    started = {name: checkout.start(*arguments, name, PYTHONHASHSEED=seed) for name, seed in hash_seeds.items()}
    return {name: ended(run) for name, run in started.items()}


@pytest.fixture(scope="module")
def day(checkout, runs):
    return Day(checkout, "one")


def test_the_run_ends_well_with_the_summary_and_where_the_result_lies(runs):
    (code, output), (other_code, _) = runs.values()
    assert (code, other_code) == (0, 0), output
    assert "LLM Usage Summary" in output
    assert output.rstrip().endswith(str(Path("environment", "frontend_server", "storage", "one")))
    assert "Traceback" not in output


def test_the_same_run_twice_is_the_same_to_the_byte(checkout, day):
    one, two = terminal.files(day.folder), terminal.files(checkout.storage / "two")
    assert sorted(one) == sorted(two)
    assert [file for file in one if one[file] != two[file]] == []


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_of_every_day(day, invariant):
    assert INVARIANTS[invariant](day) == []


@pytest.mark.parametrize("sign", SIGNS_OF_LIFE)
def test_of_a_lively_day(day, sign):
    assert SIGNS_OF_LIFE[sign](day) == []


def test_somebody_talks_and_remembers_it(day):
    assert any(moved[name]["chat"] for moved in day.movements for name in day.names)
    assert any(day.nodes(name, "chat") for name in day.names)


def test_somebody_reflects_on_other_things_than_talks(day):
    grounds = []
    for name in day.names:
        nodes = day.memory(name, "associative_memory/nodes")
        grounds += [nodes[ground] for thought in day.nodes(name, "thought") for ground in thought["filling"] or ()]
    assert any(ground["type"] != "chat" for ground in grounds)


def test_no_answer_of_the_stand_in_fell_back(day):
    assert day.read("reverie/llm_usage.json")["fallbacks"] == {}
