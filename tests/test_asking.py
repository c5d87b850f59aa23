"""Asking: read part by part, ask again with what was wrong, then fall back and count it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, Field

from persona.prompt_template import asking
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import EmptyAnswer, FatalError, RefusedRequest
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Poignancy
from persona.prompt_template.questions.kinds import Rating
from persona.prompt_template.questions.question import Fault, Question
from scripted import ScriptedModel, persona
from small_world import ADA


@dataclass
class Twice(Question[tuple[int, int]]):
    """Two ratings, for tests of any question."""

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


@pytest.fixture
def rate(client, monkeypatch):
    """The result of the question for these answers, and its prompts."""

    def asked(*answers):
        model = ScriptedModel(conversation_summary=list(answers)).install(monkeypatch)
        value = asking.ask(Model(client), Twice(persona(ADA).scratch), "Ada Finch")
        return value, model.prompts("conversation summary")

    return asked


PURPLE = {"first": 3, "second": "purple"}
GOOD = {"first": 3, "second": 9}


@pytest.mark.parametrize(
    ("answers", "value", "times", "fallbacks"),
    [
        pytest.param([GOOD], (3, 9), 1, {}, id="a good answer is asked for once"),
        pytest.param([PURPLE, {"first": 8, "second": 9}], (3, 9), 2, {}, id="a part that was read stays"),
        pytest.param([PURPLE], (3, 7), 3, {"wrong form": 1}, id="after three only the unreadable part falls back"),
        pytest.param([{"second": 1}], (1, 7), 3, {"wrong form": 1}, id="a part that does not go with a fail-safe too"),
        pytest.param([{"first": 3, "second": 3}], (3, 7), 3, {"wrong form": 1}, id="or does not fit the others"),
        pytest.param([RefusedRequest("moderated")], (1, 7), 1, {"refused": 1}, id="a refusal is not asked again"),
        pytest.param([EmptyAnswer("nothing")], (1, 7), 1, {"nothing said": 1}, id="nor is an empty answer"),
    ],
)
def test_missing_parts_are_asked_for_up_to_three_times(answers, value, times, fallbacks, rate, ledger):
    found, prompts = rate(*answers)
    assert (found, len(prompts)) == (value, times)
    assert ledger.fallbacks == ({"conversation summary": fallbacks} if fallbacks else {})


def test_an_api_failure_is_never_an_answer(rate):
    with pytest.raises(FatalError):
        rate(FatalError("the key was refused"))


def test_the_prompt_is_the_filled_template_without_its_comments_and_the_form(rate):
    _, (prompt,) = rate(GOOD)
    assert prompt.startswith("Ada Finch: Eleven fish.")
    assert prompt.endswith(
        '"first": whole number from 1 to 10, how good Ada Finch is\n"second": whole number from 1 to 10'
    )
    assert "!<INPUT" not in prompt
    assert "commentblockmarker" not in prompt


@pytest.mark.parametrize(
    ("answer", "said", "unsaid"),
    [
        pytest.param(PURPLE, "second: ", "first: ", id="only what was wrong"),
        pytest.param("a plum in a puddle", "first: ", "plum", id="not the answer, which small models repeat"),
        pytest.param({"first": 3, "second": 3}, "second: it must differ from the first", "first: ", id="by the check"),
        *(
            pytest.param({"first": echo, "second": 9}, "first: this only repeats the question", "second: ", id=echo)
            for echo in ("whole number from 1 to 10", "Whole number from 1 to 10, how good Ada Finch is", "...")
        ),
    ],
)
def test_asking_again_says_what_was_wrong(answer, said, unsaid, rate):
    value, (first, again) = rate(answer, GOOD)
    assert value == (3, 9)
    assert again.startswith(first)
    added = again.removeprefix(first)
    assert said in added
    assert unsaid not in added


def test_only_missing_ratings_are_asked_for_again(client, monkeypatch):
    model = ScriptedModel(poignancy=[{"ratings": [9]}, {"ratings": [1, 2, 3]}]).install(monkeypatch)
    asked = Poignancy(persona(ADA).scratch, ["one", "two", "three"])
    assert asking.ask(Model(client), asked, "Ada Finch") == [9, 2, 3]
    assert len(model.asked) == 2


def test_the_form_is_sent_as_a_structured_output_too(client, monkeypatch):
    requests: list[Any] = []
    answer = json.dumps(GOOD)
    monkeypatch.setattr(Client, "chat", lambda client, messages, **request: requests.append(request) or answer)
    assert asking.ask(Model(client), Twice(persona(ADA).scratch), "Ada Finch") == (3, 9)
    assert requests[0]["response_format"]["type"] == "json_schema"
