"""Asking: read part by part, ask again with what was wrong, then fall back and count it."""

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, Field

from persona.prompt_template import asking, llm_config
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Poignancy
from persona.prompt_template.questions.kinds import Rating
from persona.prompt_template.questions.question import Fault, Question
from scripted import ScriptedModel, persona
from small_world import ADA


@dataclass
class Twice(Question[tuple[int, int]]):
    """Two ratings, for the tests of what becomes of any question."""

    who: Any

    template = "conversation_summary"

    class Answer(BaseModel):
        first: Rating = Field(description="how good {name} is")
        second: Rating

    def inputs(self):
        return ["Ben Moss", "Ada Finch: Eleven fish."]

    def check(self, answer):
        if answer.first == answer.second:
            yield Fault("second", "it must differ from the first")

    def fail_safes(self, read):
        return {"first": 1, "second": 7}

    def value(self, answer):
        return answer.first, answer.second


GOOD = '{"first": 3, "second": 9}'


def answered(monkeypatch, *answers):
    return ScriptedModel(conversation_summary=list(answers)).install(monkeypatch)


@pytest.fixture
def rate(client):
    return lambda: asking.ask(Model(client), Twice(persona(ADA).scratch), "Ada Finch")


def test_the_prompt_is_the_filled_template_without_its_comments_and_the_form(rate, monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": 9})
    rate()
    (prompt,) = model.prompts("conversation summary")
    assert prompt.startswith("Ada Finch: Eleven fish.")
    assert prompt.endswith(
        '"first": whole number from 1 to 10, how good Ada Finch is\n"second": whole number from 1 to 10'
    )
    assert "!<INPUT" not in prompt
    assert "commentblockmarker" not in prompt


def test_a_good_answer_is_asked_for_once(rate, ledger, monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": 9})
    assert rate() == (3, 9)
    assert len(model.asked) == 1
    assert ledger.fallbacks == {}


def test_what_was_wrong_is_said_when_asking_again(rate, monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": "purple"}, {"first": 3, "second": 9})
    assert rate() == (3, 9)
    assert "second: " in model.prompts("conversation summary")[1]
    assert "first: " not in model.prompts("conversation summary")[1]


def test_the_wrong_answer_is_not_shown_when_asking_again(rate, monkeypatch):
    """Small models repeat what stands before them."""
    model = answered(monkeypatch, "a plum in a puddle", {"first": 3, "second": 9})
    assert rate() == (3, 9)
    first, again = model.prompts("conversation summary")
    assert again.startswith(first)
    assert "plum" not in again


def test_a_part_that_was_read_stays_whatever_the_next_answer_says(rate, monkeypatch):
    answered(monkeypatch, {"first": 3, "second": "purple"}, {"first": 8, "second": 9})
    assert rate() == (3, 9)


def test_after_three_answers_only_the_unreadable_part_falls_back(rate, ledger, monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": "purple"})
    assert rate() == (3, 7)
    assert len(model.asked) == 3
    assert ledger.fallbacks == {"conversation summary": {"wrong form": 1}}


def test_a_part_that_does_not_go_with_a_fail_safe_falls_back_too(rate, monkeypatch):
    answered(monkeypatch, {"second": 1})
    assert rate() == (1, 7)


def test_a_part_that_does_not_fit_the_others_is_asked_for_again_and_falls_back(rate, monkeypatch):
    model = answered(monkeypatch, {"first": 3, "second": 3})
    assert rate() == (3, 7)
    assert "second: it must differ from the first" in model.prompts("conversation summary")[1]


@pytest.mark.parametrize(
    "echo", ["whole number from 1 to 10", "Whole number from 1 to 10, how good Ada Finch is", "..."]
)
def test_the_form_said_back_is_no_answer(rate, monkeypatch, echo):
    model = answered(monkeypatch, {"first": echo, "second": 9}, {"first": 3, "second": 9})
    assert rate() == (3, 9)
    assert "first: this only repeats the question" in model.prompts("conversation summary")[1]


@pytest.mark.parametrize("failure", [llm_config.RefusedRequest("moderated"), llm_config.EmptyAnswer("nothing said")])
def test_a_refusal_or_no_answer_falls_back_without_asking_again(rate, monkeypatch, failure):
    model = answered(monkeypatch, failure)
    assert rate() == (1, 7)
    assert len(model.asked) == 1


def test_a_failure_of_the_api_is_never_an_answer(rate, monkeypatch):
    answered(monkeypatch, llm_config.FatalError("the key was refused"))
    with pytest.raises(llm_config.FatalError):
        rate()


def test_only_the_ratings_that_are_missing_are_asked_for_again(monkeypatch):
    model = ScriptedModel(poignancy=[{"ratings": [9]}, {"ratings": [1, 2, 3]}]).install(monkeypatch)
    asked = Poignancy(persona(ADA).scratch, ["one", "two", "three"])
    assert asking.ask(Model(Client()), asked, "Ada Finch") == [9, 2, 3]
    assert len(model.asked) == 2


def test_the_form_is_sent_as_a_structured_output_too(rate, monkeypatch):
    requests: list[Any] = []
    answer = '{"first": 3, "second": 9}'
    monkeypatch.setattr(Client, "chat", lambda client, messages, **request: requests.append(request) or answer)
    assert rate() == (3, 9)
    assert requests[0]["response_format"]["type"] == "json_schema"
