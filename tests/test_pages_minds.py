"""The web pages without a browser: persona states, interviews, documents, walks and the older addresses."""

from __future__ import annotations

import json
import shutil
import threading
from typing import Any

import openai
import pytest

import doubles
from pages import interviews
from persona.prompt_template import llm_config
from saves import usage_inbox
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BASE, MAZE, WORLD, SmallWorld, write_json
from terminal import files, read
from web_town import STEPS, TALK, ada_at, client, data, json_at, post, simulated, text

USAGE = "llm_usage.json"


# State


def test_a_state_contains_the_memories_and_action_of_that_step(seen_town: Simulation):
    early, late = text("/replay_persona_state/town/3/Ada_Finch/"), text("/replay_persona_state/town/10/Ada_Finch/")
    tile = f"tile ({ada_at(3)[0]}, {ada_at(3)[1]})"
    assert all(shown in early for shown in ("needs cardamom", "taking a walk", tile, "Corner Cafe"))
    assert all(shown in late for shown in ("conversing about plums", TALK[1][1]))
    assert "conversing about plums" not in early


def test_aims_and_schedule_of_a_state_are_those_recorded_on_that_day(town: Simulation):
    recorded = {"currently": "Ada Finch <hopes> for rain.", "f_daily_schedule": [["watering", 1440]]}
    write_json(town.path / "reverie" / "days" / "2024-05-06.json", {ADA.name: recorded})
    page = text("/replay_persona_state/town/3/Ada_Finch/")
    assert "Ada Finch &lt;hopes&gt; for rain." in page
    assert "watering" in page
    card = json_at("/card/town/3/Ada_Finch/")
    assert (card["currently"], card["schedule"]) == (recorded["currently"], [["watering", 0, 1440]])


def test_an_unreadable_schedule_is_reported_on_the_usual_page(town: Simulation):
    day = town.path / "reverie" / "days" / "2024-05-06.json"
    write_json(day, {ADA.name: {"currently": "", "f_daily_schedule": [["reading"]]}})
    assert "The day plan of Ada Finch (f_daily_schedule)" in text("/card/town/3/Ada_Finch/", 500)


def test_a_state_shows_times_places_and_counts_in_words(seen_town: Simulation):
    page = text("/replay_persona_state/town/11/Ada_Finch/")
    for shown in (
        "Monday, May 6, 2024, 07:01:50",
        "May 6, 2024, 07:00:20",
        "garden, Linden Park",
        "bedroom, Ada Finch&#x27;s house",
        "<small>1 thought, 1 chat</small>",
        f"as saved after {STEPS} steps",
    ):
        assert shown in page
    assert f"{WORLD}:" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=cardamom", 1), ("q=BENCH plums", 1), ("q=ships", 0), ("kind=chat", 1), ("q=plum&kind=thought", 1), ("", 2)],
)
def test_the_memories_of_a_state_can_be_searched(seen_town: Simulation, query: str, found: int):
    page = text(f"/replay_persona_state/town/11/Ada_Finch/?{query}")
    assert (page.count("<li data-kind"), f"{found} shown" in page) == (found, True)


def test_a_search_term_is_never_markup(seen_town: Simulation):
    assert "<script>alert" not in text('/replay_persona_state/town/3/Ada_Finch/?q="><script>alert(1)</script>')


# Interview


def ask(lines: list[list[str]], address: str = "/interview/town/Ada_Finch/") -> Any:
    return post(address, {"lines": lines})


def _embed(**request: Any) -> Any:
    vectors = [[1.0, float(place)] for place, _ in enumerate(request["input"])]
    return doubles.as_openai(doubles.embedding_answer(vectors))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, chat: Any) -> doubles.Create:
    """A model that answers each question with the same sentence."""
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-tests")
    monkeypatch.setattr(openai.Embedding, "create", _embed)
    monkeypatch.setattr(interviews, "_remade", {})
    monkeypatch.setattr(interviews, "_clients", {})
    return chat(doubles.chat_answer('{"answer": "I bake."}', model="gpt-4o-mini"))


QUESTION = [["Interviewer", "What do you do?"]]


def test_a_persona_answers_without_remembering_it(town: Simulation, model: doubles.Create):
    before = files(town.path, without=USAGE)
    assert ask(QUESTION).json()["answer"] == "I bake."
    assert files(town.path, without=USAGE) == before


def test_a_question_is_asked_with_the_earlier_lines(town: Simulation, model: doubles.Create):
    ask([*QUESTION, [ADA.name, "I bake."], ["Interviewer", "What exactly?"]])
    sent = json.dumps(model.requests[-1]["messages"])
    assert "What do you do?" in sent
    assert "What exactly?" in sent


@pytest.mark.parametrize(("step", "is_remembered"), [("?step=1", False), ("?step=3", True), ("", True)])
def test_a_question_is_asked_as_of_a_step(town: Simulation, model: doubles.Create, step: str, is_remembered: bool):
    reply = ask(QUESTION, f"/interview/town/Ada_Finch/{step}").json()
    assert reply["step"] == int(step.partition("=")[2] or STEPS)
    asked = json.dumps(model.requests[-1]["messages"])
    assert ("needs cardamom" in asked) == is_remembered
    assert ("taking a walk" in asked) == bool(step)


def test_no_question_is_asked_as_of_a_missing_step(town: Simulation, model: doubles.Create):
    assert ask(QUESTION, f"/interview/town/Ada_Finch/?step={STEPS + 1}").status_code == 404
    assert model.requests == []


def test_the_cost_of_an_interview_is_added_to_the_usage(town: Simulation, model: doubles.Create):
    town.write_usage({"total": {"requests": 40, "cost_usd": "0.5"}})
    ask(QUESTION)
    total = read(town.path / "reverie" / USAGE)["total"]
    assert total["requests"] > 40
    assert float(total["cost_usd"]) > 0.5


def test_simultaneous_interviews_are_charged_to_their_own_simulations(
    town: Simulation, world: SmallWorld, model: doubles.Create, monkeypatch: pytest.MonkeyPatch
):
    other, both = simulated(world, "other"), threading.Barrier(2, timeout=10)

    def answer(**request: Any) -> Any:
        both.wait()
        return model(**request)

    monkeypatch.setattr(openai.ChatCompletion, "create", answer)
    threads = [
        threading.Thread(target=ask, args=(QUESTION, f"/interview/{name}/Ada_Finch/")) for name in ("town", "other")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paid = [read(simulation.path / "reverie" / USAGE)["by_purpose"] for simulation in (town, other)]
    assert [purposes["interview"]["requests"] for purposes in paid] == [1, 1]


def test_if_another_process_has_the_simulation_open_the_cost_waits_in_the_inbox(
    town: Simulation, storage: Storage, model: doubles.Create
):
    town.write_usage({"total": {"requests": 40, "cost_usd": "0.5"}})
    opened = storage.open("town")
    shown = ask(QUESTION).json()["usage"]["requests"]
    opened.close()
    assert read(town.path / "reverie" / USAGE)["total"]["requests"] == 40
    assert len(usage_inbox.waiting(town.path)) == 1
    assert shown > 40


def test_embeddings_of_another_model_are_recomputed_once_and_silently(
    town: Simulation, model: doubles.Create, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    embedded: list[str] = []

    def embed(**request: Any) -> Any:
        embedded.extend(request["input"])
        return _embed(**request)

    monkeypatch.setattr(openai.Embedding, "create", embed)
    ask(QUESTION)
    ask(QUESTION)
    assert embedded.count("Ada Finch thinks plum bread needs cardamom") == 1
    assert " again, with" not in capfd.readouterr().out


def test_an_interview_does_not_recreate_a_simulation_deleted_in_the_meantime(
    town: Simulation, model: doubles.Create, monkeypatch: pytest.MonkeyPatch
):
    def delete(persona: Any, lines: Any) -> str:
        llm_config.count_question("interview", persona.model.client.ledgers)
        shutil.rmtree(town.path)
        return "I bake."

    monkeypatch.setattr(interviews.converse, "interview", delete)
    assert ask(QUESTION).json()["answer"] == "I bake."
    assert not town.path.exists()


def test_without_a_model_an_interview_says_what_to_do(town: Simulation, key_in_utils: Any):
    key_in_utils("")
    reply = ask(QUESTION)
    assert reply.status_code == 502
    assert "OPENROUTER_API_KEY" in reply.json()["error"]


def test_a_budget_holds_for_interviews(town: Simulation, model: doubles.Create, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LLM_BUDGET_USD", "0.0000001")
    reply = ask(QUESTION)
    assert (reply.status_code, model.requests) == (502, [])
    assert "LLM_BUDGET_USD" in reply.json()["error"]


def test_a_base_cannot_be_interviewed(world: SmallWorld, model: doubles.Create):
    reply = ask(QUESTION, f"/interview/{BASE}/Ada_Finch/")
    assert (reply.status_code, "is a base" in reply.json()["error"]) == (502, True)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [["Interviewer", " "]],
        [["Ada Finch", "I ask myself."]],
        [*QUESTION, ["Ben Moss", "I answer for her."], *QUESTION],
        [["Interviewer", "x" * (interviews.LONGEST_LINE + 1)]],
        [*QUESTION, ["Ada Finch", "I bake."]] * 31 + QUESTION,
        ["What?"],
        7,
    ],
)
def test_invalid_interview_lines_are_refused(seen_town: Simulation, model: doubles.Create, lines: Any):
    assert ask(lines).status_code == 400
    assert model.requests == []


# Export, path tester and the older addresses


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("conversations.md", "**Cleo Dunn:** Behind the bench, I think."),
        ("conversations.csv", 'Cleo Dunn,"Behind the bench, I think."'),
        ("timeline.md", "| taking a walk |"),
        ("timeline.csv", "taking a walk"),
    ],
)
def test_a_document_can_be_downloaded(seen_town: Simulation, name: str, part: str):
    response = client().get(f"/export/town/{name}")
    assert response["Content-Disposition"] == f'attachment; filename="town_{name}"'
    assert part in response.content.decode()


def walk(tiles: Any, maze: str = MAZE) -> Any:
    return post("/path_tester_update/", {"maze": maze, "tiles": tiles})


def test_places_seen_on_a_walk_become_a_spatial_memory(world: SmallWorld):
    reply = walk([[10, 5], [11, 5]])
    tree = read(world.temp / "path_tester_spatial_memory.json")
    assert {"Corner Cafe", "Linden Park"} <= set(tree[WORLD])
    assert reply.json()["saved"].endswith("path_tester_spatial_memory.json")


@pytest.mark.parametrize("tiles", [[], [[99, 5]], [[-1, 5]], "abc", [["x", 1]], None])
def test_a_walk_off_the_map_is_refused(world: SmallWorld, tiles: Any):
    assert walk(tiles).status_code == 400
    assert not (world.temp / "path_tester_spatial_memory.json").exists()


def test_the_path_tester_uses_the_live_world(town: Simulation):
    assert data("/path_tester/")["tiles"] == f"/tiles/{MAZE}/"


def test_the_browser_no_longer_makes_the_environment(seen_town: Simulation):
    before = files(seen_town.path)
    sent = {"step": 3, "sim_code": "town", "environment": {"Ada Finch": {"x": 1, "y": 1}}}
    assert (post("/process_environment/", sent).status_code, files(seen_town.path)) == (200, before)


@pytest.mark.parametrize(("step", "answered"), [(3, 3), (STEPS, -1)])
def test_the_classic_request_for_a_step_works(seen_town: Simulation, step: int, answered: int):
    reply = post("/update_environment/", {"step": step, "sim_code": "town"}).json()
    assert (reply["<step>"], "persona" in reply) == (answered, answered >= 0)
