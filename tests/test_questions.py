"""The questions: forms and schemas from the model of an answer, refused answers, and fail-safes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.memory_structures.schedule import Entry
from persona.prompt_template.asking import ask
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from persona.prompt_template.questions import (
    Action,
    AfterChat,
    Day,
    FirstLine,
    FocalPoints,
    HoursAfter,
    Insights,
    Interview,
    NextLine,
    Poignancy,
    Revision,
    Summary,
    Tasks,
    Whisper,
    WouldTalk,
    WouldWait,
)
from persona.prompt_template.questions.question import TEMPLATES
from persona.prompt_template.questions.speech import why_not_spoken
from question_cases import ANYTHING, PLACES, answer, busy
from scripted import ScriptedModel
from small_world import ADA, BEN

HOUR = Entry("baking", 480, 540)
PLANNED = [Entry("baking", 540, 560), Entry("serving", 560, 600)]


def every_question():
    ada, ben = busy(ADA), busy(BEN)
    talk: tuple[Any, ...] = (ada, ben, "They are friends.", [], "the cafe", "never", [("Ben Moss", "Hm.")])
    return [
        Action(ada, "baking", PLACES, "Inn"),
        AfterChat(ada, "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580),
        Day(ada, ["Corner Cafe"]),
        FirstLine(*talk),
        FocalPoints(ada, [], 3),
        HoursAfter(ada, PLANNED, "a flood", 545, 580),
        Insights(ada, ["why?"], [], 5),
        Interview(ada, [], "the cafe", [("Interviewer", "Why?")]),
        NextLine(*talk),
        Poignancy(ada, ["one", "two"]),
        Revision(ada, []),
        Summary(ada, "Ben Moss", [("Ben Moss", "Hm.")]),
        Tasks(ada, HOUR, PLACES, "Inn"),
        Whisper(ada, ["You like plums"]),
        WouldTalk(ada, ["one", "two"], ben, [], "never", "not once"),
        WouldWait(ada, ben, "cafe"),
    ]


each_question = pytest.mark.parametrize("question", every_question(), ids=lambda question: question.template)


def objects_in(schema):
    if schema["type"] == "object":
        yield schema
    for part in (*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])):
        yield from objects_in(part)


# What follows from the model of an answer


def test_every_template_has_its_question():
    assert sorted(file.stem for file in TEMPLATES.glob("*.txt")) == sorted(q.template for q in every_question())


@each_question
def test_the_prompt_ends_with_the_fields_of_the_answer(question):
    form = question.prompt().partition("Answer with JSON only")[2]
    assert all(f'"{name}": ' in form for name in question.Answer.model_fields)
    assert "{" not in question.prompt()
    assert "..." not in form


@each_question
def test_the_schema_is_in_the_strict_subset(question):
    schema = question.response_format()["json_schema"]["schema"]
    for part in objects_in(schema):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    sent = json.dumps(schema)
    assert not any(f'"{word}"' in sent for word in ("default", "$ref", "title", "description", "anyOf", "maxLength"))


@each_question
def test_the_form_echoed_back_is_refused(question):
    echo = {line.split('"')[1]: line.partition(": ")[2] for line in question.form().split("\n")}
    assert question.read(json.dumps(echo), {})
    assert question.read(question.form(), {})


@each_question
def test_a_question_without_a_usable_answer_falls_back_to_one(question, monkeypatch):
    assert answer(question, monkeypatch, "{}") is not None


def test_the_places_and_starts_offered_are_the_only_ones_of_the_schema():
    task = Tasks(busy(ADA), HOUR, PLACES, "Inn").response_format()["json_schema"]["schema"]["properties"]["tasks"]
    fields = task["items"]["properties"]
    assert fields["place"]["enum"][0] == "Inn: bar: stool"
    assert "Park: meadow" in fields["place"]["enum"]
    assert fields["start"]["enum"][:2] == ["08:00", "08:05"]
    assert fields["poignancy"] == {"type": "integer", "minimum": 1, "maximum": 10}


def test_there_are_as_many_ratings_as_statements_in_the_schema():
    schema = Poignancy(busy(ADA), ["one", "two"]).response_format()["json_schema"]["schema"]
    assert (schema["properties"]["ratings"]["minItems"], schema["properties"]["ratings"]["maxItems"]) == (2, 2)


# What is said


@pytest.mark.parametrize(
    "line",
    [
        "To answer this question, let's analyze the conversation: 1. Ada begins. 2. Ben answers.",
        "1. I like fish. 2. I like bread.",
        "Ada Finch walks over and says hello.",
        "Ben Moss began to read about the flood.",
        "No answer",
        '{"utterance": "Hello"}',
        "hello there",
        "Hey! I have looked forward to this day. And you?",
        "Hey Ada! I am well.",
        "How have you been, Ada?",
    ],
    ids=[
        *("analysis", "list", "narration", "narration of the other", "nothing", "JSON", "said before"),
        *("partly said before", "greets herself", "asks herself"),
    ],
)
def test_text_that_is_not_speech_is_refused(line):
    said = [("Ben Moss", "Hello there!"), ("Ada Finch", "I have looked forward to this day!")]
    assert why_not_spoken(line, ("Ada Finch", "Ben Moss"), said)


def test_speech_is_accepted():
    for line in (
        *("Hello, Ben!", "I have two things: bread and fish.", "Ada Finch? That's me.", "It's me, Ada!"),
        *("Hello there! How are you?", "你好！"),
    ):
        assert why_not_spoken(line, ("Ada Finch", "Ben Moss"), [("Ben Moss", "Hello there!")]) is None


def test_a_refused_line_is_not_kept_when_another_part_is_missing(monkeypatch):
    told = "To answer this question, let's analyze the conversation: Ada Finch begins."
    line = FirstLine(busy(ADA), busy(BEN), "", [], "a", "", [])
    assert answer(line, monkeypatch, {"utterance": told, "end": False}).said == ("", True, None)


@pytest.mark.parametrize(
    "told",
    [
        "No, I have never met her. Therefore, Ben Moss does not know her. The interviewer would then ask about Ben.",
        "Ada Finch answers that she bakes.",
        "Based on the information above, the answer is no.",
        "As an AI language model, I know nobody.",
        "No answer",
    ],
)
def test_an_interview_answer_that_is_not_speech_is_requested_again(told, monkeypatch):
    question = Interview(busy(ADA), [], "the cafe", [("Interviewer", "Do you know Rosa?")])
    scripted = ScriptedModel(interview=[{"answer": told}, {"answer": "No, I don't."}]).install(monkeypatch)
    assert ask(Model(Client()), question, ADA.name) == "No, I don't."
    assert "could not be used" in scripted.prompts("interview")[1]


def test_an_interview_answer_may_be_repeated(monkeypatch):
    before = [("Interviewer", "Who bakes?"), (ADA.name, "I bake, in the cafe."), ("Interviewer", "Who did you say?")]
    question = Interview(busy(ADA), [], "the cafe", before)
    assert answer(question, monkeypatch, {"answer": "I bake, in the cafe."}) == "I bake, in the cafe."


# Fail-safes, made from what is known


def test_without_a_readable_answer_a_rating_is_four_and_nobody_talks_waits_or_continues(monkeypatch):
    assert answer(Poignancy(busy(ADA), ["one", "two"]), monkeypatch, "{}") == [4, 4]
    question = WouldTalk(busy(ADA), ["one", "two"], busy(BEN), [], "never", "not once")
    assert answer(question, monkeypatch, '{"ratings": [7, 1]}') == ([7, 1], False)
    assert answer(WouldWait(busy(ADA), busy(BEN), "cafe"), monkeypatch, "{}") is False
    line = NextLine(busy(ADA), busy(BEN), "", [], "a", "", [])
    assert answer(line, monkeypatch, "{}") == ("", True, None)


def test_without_a_readable_thought_a_whisper_is_kept_verbatim(monkeypatch):
    thoughts = answer(Whisper(busy(ADA), ["You like plums", "It rains"]), monkeypatch, "{}")
    assert [thought.text for thought in thoughts] == ["You like plums", "It rains"]
    assert all(all(thought[:4]) and thought.poignancy == 4 for thought in thoughts)


def test_nothing_is_concluded_from_an_unreadable_answer(monkeypatch):
    assert answer(Insights(busy(ADA), ["why?"], [], 5), monkeypatch, "{}") == []
    after = AfterChat(busy(ADA), "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580)
    thoughts, hours = answer(after, monkeypatch, "{}")
    assert thoughts == []
    assert hours == ([("baking", 15), ("serving", 20)], None)


# Thoughts


@pytest.mark.parametrize(
    "thought",
    [
        "I look forward to the plum fair with Rosa Lindqvist in Larch Park on May 7 at 6pm!",
        "Ada Finch looks forward to the plum fair with Rosa Lindqvist in Larch Park.",
        "Ada Finch must plan the fair on May 7 at 6pm in Larch Park.",
    ],
)
def test_a_thought_keeps_the_content_of_the_whisper(thought, monkeypatch):
    told = "Ada Finch plans a plum fair with Rosa Lindqvist in Larch Park on May 7 at 6 pm, and calls it “My plums”."
    scripted = ScriptedModel(whisper=[{"thoughts": [{"thought": each}]} for each in (thought, told)])
    scripted.install(monkeypatch)
    whisper = Whisper(busy(ADA), ["Plan a plum fair with Rosa Lindqvist in Larch Park on May 7, 6pm."])
    (kept,) = ask(Model(Client()), whisper, ADA.name)
    assert kept.text == told
    again = "must be said about Ada Finch in the third person, with 7, 6, Rosa Lindqvist, Larch Park"
    assert again in scripted.prompts("whisper")[1]


def test_a_thought_that_keeps_its_whisper_stays_when_another_does_not(monkeypatch):
    thoughts = [{"thought": "Ada Finch likes plums."}, {"thought": "Ada Finch will meet Ben at five."}]
    ScriptedModel(whisper={"thoughts": thoughts}).install(monkeypatch)
    whisper = Whisper(busy(ADA), ["You like plums.", "You meet Ben at 17:00."])
    kept = ask(Model(Client()), whisper, ADA.name)
    assert [thought.text for thought in kept] == ["Ada Finch likes plums.", "You meet Ben at 17:00."]


def test_a_thought_in_another_language_may_write_names_and_dates_its_own_way(monkeypatch):
    told = "艾达五月七日六点在落叶松公园筹备集市。"
    scripted = ScriptedModel(whisper={"thoughts": [{"thought": told}]}).install(monkeypatch)
    whisper = Whisper(busy(ADA), ["Plan a plum fair with Rosa Lindqvist in Larch Park on May 7, 6pm."])
    assert ask(Model(Client(), language="Chinese"), whisper, ADA.name)[0].text == told
    assert len(scripted.asked) == 1


def test_a_repeated_whisper_is_kept_verbatim(monkeypatch):
    scripted = ScriptedModel(whisper={"thoughts": [{"thought": "I should bake"}]}).install(monkeypatch)
    assert ask(Model(Client()), Whisper(busy(ADA), ["I should bake."]), ADA.name)[0].text == "I should bake"
    assert len(scripted.asked) == 1


@given(items=st.lists(ANYTHING, min_size=1, max_size=3))
def test_a_thought_always_has_three_parts_and_a_rating(items):
    question, parts = Whisper(busy(ADA), ["It rains at 5."] * len(items)), dict[str, Any]()
    question.read(json.dumps({"thoughts": items}), parts)
    thoughts = question.fallback(parts)
    assert len(thoughts) == len(items)
    for thought in thoughts:
        assert all(part.strip() for part in thought[:4])
        assert 1 <= thought.poignancy <= 10


@given(value=ANYTHING, count=st.integers(0, 5))
def test_insights_keep_only_evidence_that_exists(value, count):
    memories: list[Any] = [None] * count
    question, parts = Insights(busy(ADA), ["why?"], memories, 5), dict[str, Any]()
    question.inputs = list
    question.read(json.dumps({"insights": value}), parts)
    for insight in parts.get("insights", ()):
        assert insight.insight.strip()
        assert all(0 <= k < count for k in insight.evidence)


def test_nothing_to_remember_makes_no_thought(monkeypatch):
    after = AfterChat(busy(ADA), "Ben Moss", [("Ben Moss", "Hm.")], PLANNED, 545, 580)
    hours = [{"start": "09:05", "activity": "baking"}]
    for nothing in (None, "", "none", "无"):
        told = {"planning": nothing, "memo": nothing, "poignancy": 3, "schedule": hours}
        assert answer(after, monkeypatch, told).thoughts == []
