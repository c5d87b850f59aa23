"""Asking: read part by part, ask again with what was wrong, then fall back and count it."""

import pytest

from persona.memory_structures.schedule import Entry
from persona.prompt_template import asking, llm_config, readers, usage_records
from persona.prompt_template import run_gpt_prompt as ask
from persona.prompt_template.asking import Question, part
from persona.prompt_template.model import Model
from scripted import ScriptedModel, persona
from small_world import ADA, BEN

QUESTION = Question("conversation_summary", 100)
INPUTS = ["Ada Finch", "Ben Moss", "Ada Finch: Eleven fish."]


def answered(monkeypatch, *answers):
    return ScriptedModel(conversation_summary=list(answers)).install(monkeypatch)


def rate(**fail_safes):
    parts = [part(name, readers.rating, lambda value=value: value) for name, value in fail_safes.items()]
    return asking.ask(Model(), QUESTION, INPUTS, "Ada Finch", tuple(fail_safes), *parts)


def test_the_prompt_is_the_filled_template_without_its_comments(monkeypatch):
    model = answered(monkeypatch, {"first": 3})
    rate(first=1)
    (prompt,) = model.prompts("conversation summary")
    assert prompt.startswith("Ada Finch: Eleven fish.")
    assert "!<INPUT" not in prompt
    assert "commentblockmarker" not in prompt


def test_a_good_answer_is_asked_for_once(monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": 9})
    assert rate(first=1, second=1) == {"first": 3, "second": 9}
    assert len(model.asked) == 1
    assert usage_records.simulation_usage()["fallbacks"] == {}


def test_what_was_wrong_is_said_when_asking_again(monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": "purple"}, {"first": 3, "second": 9})
    assert rate(first=1, second=1) == {"first": 3, "second": 9}
    assert "second: " in model.prompts("conversation summary")[1]
    assert "first: " not in model.prompts("conversation summary")[1]


def test_a_part_that_was_read_stays_whatever_the_next_answer_says(monkeypatch):
    answered(monkeypatch, {"first": 3, "second": "purple"}, {"first": 8, "second": 9})
    assert rate(first=1, second=1) == {"first": 3, "second": 9}


def test_after_three_answers_only_the_unreadable_part_falls_back(monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": "purple"})
    assert rate(first=1, second=7) == {"first": 3, "second": 7}
    assert len(model.asked) == 3
    assert usage_records.simulation_usage()["fallbacks"] == {"conversation summary": 1}


@pytest.mark.parametrize("failure", [llm_config.RefusedRequest("moderated"), llm_config.EmptyAnswer("nothing said")])
def test_a_refusal_or_no_answer_falls_back_without_asking_again(monkeypatch, failure):
    model = answered(monkeypatch, failure)
    assert rate(first=4) == {"first": 4}
    assert len(model.asked) == 1


def test_a_failure_of_the_api_is_never_an_answer(monkeypatch):
    answered(monkeypatch, llm_config.LastingFailure("the key was refused"))
    with pytest.raises(llm_config.LastingFailure):
        rate(first=4)


def test_only_the_ratings_that_are_missing_are_asked_for_again(monkeypatch):
    model = ScriptedModel(poignancy=[{"ratings": [9]}, {"ratings": [1, 2, 3]}]).install(monkeypatch)
    assert ask.poignancy(Model(), persona(ADA).scratch, ["one", "two", "three"]) == [9, 2, 3]
    assert len(model.asked) == 2


# Fail-safes, made from what is known

PLANNED = [Entry("baking", 540, 560), Entry("serving", 560, 600)]
PROSE = "I would rather talk about the weather, which is fine."


@pytest.fixture
def unreadable(monkeypatch):
    purposes = "day_plan task_decomposition action poignancy decide_to_talk decide_to_wait utterance"
    purposes += " schedule_after_reaction focal_points insights after_chat whisper"
    return ScriptedModel(**dict.fromkeys(purposes.split(), "{}")).install(monkeypatch)


def test_a_day_falls_back_to_the_habits_of_the_persona(unreadable):
    day = ask.day_plan(Model(), persona(ADA).scratch, ["Corner Cafe"])
    assert sum(minutes for _, minutes in day.schedule) == 1440
    assert day.schedule[0] == ("sleeping", 360)
    assert day.schedule[-1] == ("sleeping", 120)
    assert (ADA.daily_plan_req, 660) in day.schedule


def test_a_rating_that_cannot_be_read_is_middling(unreadable):
    assert ask.poignancy(Model(), persona(ADA).scratch, ["one", "two"]) == [4, 4]


def test_who_is_undecided_neither_talks_nor_waits(unreadable):
    ada, ben = persona(ADA).scratch, persona(BEN).scratch
    for scratch in (ada, ben):
        scratch.start_action(address="a:b:c:d", minutes=5, description="x", pronunciatio="🙂", event=("a", "b", "c"))
    assert ask.decide_to_talk(Model(), ada, ben, [], "never", "not once") is False
    assert ask.decide_to_wait(Model(), ada, ben, "cafe") is False


def test_who_cannot_be_understood_ends_the_talk(unreadable):
    ada, ben = persona(ADA).scratch, persona(BEN).scratch
    said = ask.utterance(Model(), ada, ben, relationship="", in_mind=[], place="a", last_talk="", lines=[])
    assert said == ("", True, None)


def test_a_whisper_that_cannot_be_turned_is_thought_as_it_stands(unreadable):
    (thought,) = ask.whisper(Model(), persona(ADA).scratch, ["You like plums"])
    assert thought.text == "You like plums"
    assert all(thought[:4])


def test_nothing_is_concluded_from_an_unreadable_answer(unreadable):
    assert ask.insights(Model(), persona(ADA).scratch, ["why?"], [], 5) == []
    thoughts, hours = ask.after_chat(
        Model(), persona(ADA).scratch, "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580
    )
    assert thoughts == []
    assert hours == ([("baking", 15), ("serving", 20)], None)
