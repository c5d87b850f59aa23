"""Reflect: insights, and the thoughts after a conversation."""

from datetime import datetime

import pytest

from persona.cognitive_modules import reflect
from persona.memory_structures.associative_memory import Concept
from scripted import START, ScriptedModel, busy, persona
from small_world import ADA

SECONDS = 10


@pytest.fixture
def model(monkeypatch):
    return ScriptedModel(
        focal_points={"questions": ["Where is the recipe?", "Who likes plums?", "What is bread?"]},
        insights={
            "insights": [
                {
                    "insight": "Ada Finch cares about bread.",
                    "evidence": [1, 2, 99],
                    "subject": "Ada Finch",
                    "predicate": "cares about",
                    "object": "bread",
                    "poignancy": 7,
                }
            ]
        },
        whisper={
            "thoughts": [{"thought": "Ada Finch likes plums.", "predicate": "likes", "object": "plums", "poignancy": 4}]
        },
    ).install(monkeypatch)


@pytest.fixture
def ada():
    someone = persona(ADA)
    for k in range(6):
        text = f"event {k}"
        someone.a_mem.add_event(Concept("oven", "is", text, text, text, 5, {"oven"}), START)
    return someone


def look_back(ada, trigger=0, latest=6):
    """The reflection of a step, with so much importance left and so many memories since the last one."""
    ada.scratch.importance_trigger_curr, ada.scratch.importance_ele_n = trigger, latest
    reflect.reflect(ada, SECONDS)


def test_before_enough_has_happened_nobody_reflects(ada, model):
    look_back(ada, trigger=1)
    assert model.asked == []


def test_when_enough_has_happened_insights_are_stored_with_their_evidence(ada, model):
    look_back(ada)
    thoughts = ada.a_mem.thoughts()
    assert len(thoughts) == 1
    assert thoughts[0].description.startswith("Ada Finch cares about bread")
    assert thoughts[0].triple == ("Ada Finch", "cares about", "bread")
    assert (thoughts[0].poignancy, thoughts[0].depth) == (7, 1)
    assert len(thoughts[0].filling) == 2
    assert all(node_id in ada.a_mem.id_to_node for node_id in thoughts[0].filling)


def test_all_focal_points_are_one_request(ada, model):
    look_back(ada)
    (prompt,) = model.prompts("insights")
    assert "1. Where is the recipe?\n2. Who likes plums?\n3. What is bread?" in prompt
    assert "Monday, May 6:\n1. 09:00 event 0\n2. 09:00 event 1\n" in prompt


def test_at_most_five_insights_per_focal_point_are_kept(ada, model):
    model.answers["insights"] = {
        "insights": [{"question": 1 + k // 9, "insight": f"Insight number {k}."} for k in range(18)]
    }
    look_back(ada)
    assert [thought.description for thought in ada.a_mem.thoughts()] == [
        f"Insight number {k}" for k in (*range(5), *range(9, 14))
    ]


def test_insights_without_a_focal_point_are_kept_up_to_the_requested_number(ada, model):
    model.answers["insights"] = {"insights": [f"Insight number {k}." for k in range(40)]}
    look_back(ada)
    assert len(ada.a_mem.thoughts()) == 15


def test_reflection_considers_only_the_latest_memories(ada, model):
    look_back(ada, latest=2)
    (prompt,) = model.prompts("focal points")
    assert "event 5" in prompt
    assert "event 4" in prompt
    assert "event 3" not in prompt


def test_reflection_resets_the_trigger(ada, model):
    look_back(ada, trigger=-3)
    assert (ada.scratch.importance_trigger_curr, ada.scratch.importance_ele_n) == (150, 0)


PLAN = ("Ada Finch should meet Ben Moss at the pond at 3pm.", "Ada Finch", "plan with", "Ben Moss", 6)
MEMO = ("Ada Finch found that Ben Moss counts fish.", "Ada Finch", "talk with", "Ben Moss", 3)


def talking(ada, now, thoughts=(PLAN, MEMO)):
    ada.scratch.curr_time = datetime(2024, 5, 6, 9, 0)
    busy(ada, "conversing about fish", "<persona> Ben Moss", minutes=2)
    lines = (("Ada Finch", "How many fish?"), ("Ben Moss", "Eleven."))
    ada.scratch.start_chat("Ben Moss", lines, 800, thoughts)
    chat = ada.a_mem.add_chat(
        Concept("Ada Finch", "chat with", "Ben Moss", "conversing about fish", "fish", 4, {"Ben Moss"}), START, lines
    )
    ada.scratch.curr_time = now
    return chat


def test_the_last_step_of_a_conversation_gives_a_plan_and_a_memo(ada, model):
    chat = talking(ada, datetime(2024, 5, 6, 9, 1, 50))
    reflect.reflect(ada, SECONDS)
    plan, memo = ada.a_mem.thoughts()
    assert plan.description == "Ada Finch should meet Ben Moss at the pond at 3pm."
    assert memo.description == "Ada Finch found that Ben Moss counts fish."
    assert plan.filling == memo.filling == (chat.node_id,)
    assert (plan.poignancy, memo.poignancy) == (6, 3)


def test_a_conversation_that_ends_unnoticed_is_remembered_at_its_end(ada, model):
    model.answers["poignancy"] = {"ratings": [4]}
    busy(ada, "conversing about fish", "<persona> Ben Moss", minutes=1)
    ada.scratch.act_event = ("Ada Finch", "chat with", "Ben Moss")
    ada.scratch.start_chat("Ben Moss", (("Ada Finch", "How many fish?"),), 800, (PLAN, MEMO))
    reflect.reflect(ada, 300)
    (chat,) = ada.a_mem.chats()
    assert {thought.filling for thought in ada.a_mem.thoughts()} == {(chat.node_id,)}


def test_before_the_last_step_of_a_conversation_there_are_no_thoughts(ada, model):
    talking(ada, datetime(2024, 5, 6, 9, 1, 40))
    reflect.reflect(ada, SECONDS)
    assert ada.a_mem.thoughts() == []


def test_a_conversation_without_consequences_gives_no_plan(ada, model):
    talking(ada, datetime(2024, 5, 6, 9, 1, 50), (MEMO,))
    reflect.reflect(ada, SECONDS)
    assert [thought.description for thought in ada.a_mem.thoughts()] == [MEMO[0]]


def test_the_thoughts_after_a_conversation_were_requested_when_it_was_spoken(ada, model):
    talking(ada, datetime(2024, 5, 6, 9, 1, 50))
    reflect.reflect(ada, SECONDS)
    assert model.asked == []


def test_a_whisper_becomes_a_thought(ada, model):
    reflect.think_over(ada, ["You like plums"])
    (thought,) = ada.a_mem.thoughts()
    assert thought.description == "Ada Finch likes plums."
    assert thought.triple == ("Ada Finch", "likes", "plums")
    assert "You like plums" in model.prompts("whisper")[0]
