"""Two simulations side by side, without a browser: settings, measures, and the messages without them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BASE, SmallWorld
from web_town import STEPS, client, data, json_at, memory_file, simulated, text

PAGE = "/compare/town/other/"


@pytest.fixture
def other(town: Simulation, world: SmallWorld) -> Simulation:
    """A second town, of five steps."""
    return simulated(world, "other", 5)


def settings(page: str) -> dict[str, tuple[str, str]]:
    """{label: (of one, of the other)} of the rows of a page."""
    cells = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', page)
    return {label: (unescape(one), unescape(another)) for label, one, another in cells}


def differing(page: str) -> set[str]:
    return set(re.findall(r'class="differs"><th scope="row">(.*?)</th>', page))


def test_settings_are_shown_side_by_side_with_differences_marked(other: Simulation):
    other.keep_meta(seed=1234, without=["reflection"])
    other.write_usage({"by_model": {"some/model": {"requests": 1}, "offline": {"requests": 1}}})
    other.keep_meta(study="paper", condition="base_a, without reflection")
    page = text(PAGE)
    shown = settings(page)
    assert shown["Fork of"] == (BASE, BASE)
    assert shown["Study"] == ("none", "paper: base_a, without reflection, seed 1234")
    assert shown["Without"] == ("nothing left out", "reflection")
    assert shown["Answered by"] == ("no model", "the mock model, some/model")
    assert shown["Saved at step"] == (str(STEPS), "5")
    assert differing(page) == {"Study", "Seed", "Without", "Answered by", "Saved at step", "Game time then"}


def test_one_timeline_spans_both(other: Simulation):
    given = data(PAGE + "?step=7")
    assert (given["first"], given["last"], given["step"], given["isPaused"]) == (0, STEPS - 1, 7, True)
    assert given["isOneTime"]


def test_towns_with_different_start_times_are_compared_by_step(other: Simulation):
    other.keep_meta(curr_time="May 6, 2024, 09:00:00")
    page = text(PAGE)
    assert not data(PAGE)["isOneTime"]
    assert "Begins" in differing(page)


def test_both_are_measured_with_their_difference(other: Simulation):
    measured = {name: rest for name, *rest in json_at(PAGE + "measures/")["rows"]}
    assert measured["conversations"] == ["1", "0", "-1"]
    assert measured["lines of a conversation"] == ["2", "", ""]
    assert measured["requests"] == ["0", "0", "+0"]


def test_measures_are_those_of_the_last_save(other: Simulation, world: SmallWorld, storage: Storage):
    json_at(PAGE + "measures/")
    storage.remove("other")
    simulated(world, "other", STEPS)
    measured = {name: rest for name, *rest in json_at(PAGE + "measures/")["rows"]}
    assert measured["conversations"] == ["1", "1", "+0"]


def test_names_are_escaped(other: Simulation):
    other.keep_meta(fork_sim_code="<script>alert(1)</script>")
    assert "<script>alert" not in text(PAGE)


@pytest.mark.parametrize("name", ["nobody", "..", BASE])
def test_an_unknown_simulation_or_one_without_steps_is_named(other: Simulation, name: str):
    for address in (f"/compare/town/{name}/", f"/compare/{name}/town/", f"/compare/town/{name}/measures/"):
        assert name in unescape(text(address, 404))


def test_a_step_missing_in_both_is_named(other: Simulation):
    assert "There is no step “99”." in text(PAGE + "?step=99", 404)


def test_a_damaged_simulation_is_reported_on_the_usual_page(other: Simulation):
    (other.path / "reverie" / "meta.json").write_text("{", encoding="utf-8")
    assert "This cannot be shown" in text(PAGE, 500)


def test_unreadable_memories_do_not_affect_the_rest_of_the_page(other: Simulation):
    memory_file(other, ADA.name, "associative_memory/nodes.json").write_text("{", encoding="utf-8")
    assert "is not valid JSON" in json_at(PAGE + "measures/")["fault"]
    assert settings(text(PAGE))


def test_the_landing_page_offers_a_comparison_as_soon_as_there_are_two(town: Simulation, world: SmallWorld):
    assert "Side by side" not in text("/")
    simulated(world, "other", 5)
    assert "Side by side" in text("/")
    assert client().get("/compare/", {"sim": "other", "other": "town"})["Location"] == "/compare/other/town/"
    assert client().get("/compare/", {"sim": "nobody", "other": "town"}).status_code == 404
