"""Explanations of actions and lines for the pages: the right questions, or why there are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explained import PLAN, WALK, act, asked, record, said
from saves.simulation import Simulation
from saves.storage import Storage
from small_world import ADA, BEN, CLEO, WORLD
from web_town import STEPS, TALK, TALKING, client, json_at, text, write_step


def why(step: int = 3, more: str = "", persona: str = "Ada_Finch", sim: str = "town") -> dict[str, Any]:
    return json_at(f"/why/{sim}/{step}/{persona}/{more}")


def found(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["purpose"], row["persona"]) for row in answer["records"]]


# An action


def test_an_action_is_explained_by_its_place_and_its_plan(town: Simulation):
    record(
        town, asked("day plan", PLAN), asked("action", "{}", prompt=f"Task: do this: {WALK}"), asked("poignancy", WALK)
    )
    answer = why()
    assert (answer["about"], answer["missing"]) == (WALK, "")
    assert found(answer) == [("action", ADA.name), ("day plan", ADA.name)]
    first = answer["records"][0]
    assert (first["time"], first["replies"][0]["tokens_in"]) == ("2024-05-06T07:00:00", 700)


def test_a_task_is_explained_by_the_question_that_split_the_activity(town: Simulation):
    act(town, 3, f"{WALK} (resting on a bench) @ {WORLD}:Linden Park:garden")
    tasks = json.dumps({"tasks": [{"task": "Resting on a bench.", "place": "garden"}]})
    other = json.dumps({"tasks": [{"task": "looking at ducks"}]})
    record(
        town,
        asked("day plan", PLAN),
        asked("task decomposition", tasks, 1, prompt=f'split "{WALK}"'),
        asked("task decomposition", other, 2, prompt=f'split "{WALK}"'),
        asked("task decomposition", tasks, 3, prompt='split "cooking"'),
    )
    assert [(row["purpose"], row["step"]) for row in why()["records"]] == [("task decomposition", 1), ("day plan", 0)]


def test_the_latest_decision_up_to_the_step_counts(town: Simulation):
    plan = json.dumps({"planning": "", "schedule": [{"start": "07:00", "activity": WALK}]})
    record(town, asked("day plan", PLAN), asked("after chat", plan, 2), asked("schedule after reaction", plan, 4))
    assert [[row["step"] for row in why(step)["records"]] for step in (1, 3, 5 + len(TALKING))] == [[0], [2], [4]]


def test_an_activity_missing_in_all_answers_is_explained_by_the_plan_of_the_day(town: Simulation):
    record(town, asked("day plan", "I plan nothing.", fallback="wrong form"))
    (row,) = why()["records"]
    assert (row["purpose"], row["fallback"]) == ("day plan", "wrong form")


def test_answers_of_others_and_of_later_steps_explain_nothing(town: Simulation):
    record(town, asked("day plan", PLAN, persona=BEN.name), asked("day plan", PLAN, 9))
    assert why()["records"] == []


def test_a_conversation_is_explained_by_the_person_who_started_it(town: Simulation):
    for step in TALKING:
        act(town, step, f"conversing about plums @ <persona> {CLEO.name}")
    yes = json.dumps({"ratings": [2], "talk": True})
    record(town, asked("decide to talk", yes, TALKING[0]), asked("decide to talk", yes, TALKING[0], BEN.name))
    assert found(why(TALKING[1])) == [("decide to talk", ADA.name)]


def test_waiting_is_explained_by_the_decision_to_wait(town: Simulation):
    act(town, 3, "waiting to start cooking @ <waiting> 4 5")
    record(town, asked("decide to wait", '{"wait": true}', 2), asked("day plan", PLAN))
    assert found(why()) == [("decide to wait", ADA.name)]


# A line of a talk


def test_a_line_is_explained_by_the_speakers_answer(town: Simulation):
    record(town, said(0), said(1), asked("utterance", '{"utterance": "Good day."}', TALKING[0]))
    answers = [why(TALKING[-1], f"?line={line}") for line in (0, 1)]
    assert [answer["about"] for answer in answers] == [words for _, words in TALK]
    assert [found(answer) for answer in answers] == [[("utterance", speaker)] for speaker, _ in TALK]
    assert all(words in answer["records"][0]["prompt"] for answer, (_, words) in zip(answers, TALK, strict=True))


@pytest.mark.parametrize("line", ["2", "-1", "x", ""])
def test_a_missing_line_is_unknown(town: Simulation, line: str):
    assert client().get(f"/why/town/{TALKING[0]}/Ada_Finch/?line={line}").status_code == 404


def test_outside_a_conversation_there_is_no_line(town: Simulation):
    assert client().get("/why/town/0/Ada_Finch/?line=0").status_code == 404


# Memories


def test_memories_are_sent_with_their_scores_highest_first(town: Simulation):
    record(town, said(0, memories=[["node_2"], ["node_1", 0.5, 0.2, 0.9, 3.4], ["node_9", 0, 0, 0, 9]]))
    (row,) = why(TALKING[0], "?line=0")["records"]
    assert [(memory["text"], memory["scores"]) for memory in row["memories"]] == [
        ("Ada Finch thinks plum bread needs cardamom", [0.5, 0.2, 0.9, 3.4]),
        ("conversing about plums", []),
    ]


# Nothing to show


def test_the_page_says_why_nothing_was_recorded(town: Simulation):
    answer = why()
    assert answer["records"] == []
    assert "--no-explain" in answer["missing"]


def test_for_steps_before_a_fork_the_page_refers_to_the_base(town: Simulation, storage: Storage):
    record(town, asked("day plan", PLAN))
    storage.fork("town", "fork").close()
    assert "This happened in town" in why(sim="fork")["missing"]


def test_an_explanation_is_shown_once_a_checkpoint_has_saved_it(town: Simulation):
    record(town, asked("day plan", PLAN))
    for step in (STEPS, STEPS + 1):
        write_step(town, step)
    assert not why(STEPS)["pending"]
    act(town, STEPS + 1, f"running @ {WORLD}:Linden Park:garden")
    answer = why(STEPS + 1)
    assert (answer["pending"], answer["records"]) == (True, [])


def test_a_person_missing_in_a_step_has_no_explanation_there(town: Simulation):
    file = town.path / "movement" / "3.json"
    movement = json.loads(file.read_bytes())
    del movement["persona"][ADA.name]
    file.write_text(json.dumps(movement), encoding="utf-8")
    assert "What Ada Finch did in step 3 was not recorded." in text("/why/town/3/Ada_Finch/", 404)


def test_a_step_that_was_not_recorded_is_unknown(town: Simulation):
    assert f"Step {STEPS} was not recorded." in text(f"/why/town/{STEPS}/Ada_Finch/", status=404)
