"""Answers: what is remembered of what was asked before, and for how long."""

import threading

import pytest

from persona.prompt_template import llm_config
from persona.prompt_template.asking import ask
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Summary
from saves.response_cache import KEPT_STEPS, ResponseCache
from scripted import ScriptedModel, persona
from small_world import ADA
from town.workers import Workers

PATIENCE = 10


class Counted:
    """Answers `answer`, and counts how often it is asked."""

    def __init__(self, answer="yes"):
        self.answer = answer
        self.times = 0

    def __call__(self):
        self.times += 1
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def answers():
    made = ResponseCache()
    made.begin_step(5)
    return made


def test_the_same_prompt_is_asked_once(answers):
    ask_it = Counted()
    assert [answers.answer("a", ask_it) for _ in range(3)] == ["yes"] * 3
    assert ask_it.times == 1


def test_another_prompt_is_asked(answers):
    answers.answer("a", Counted("yes"))
    assert answers.answer("b", Counted("no")) == "no"


def test_a_failure_is_not_remembered(answers):
    with pytest.raises(ValueError):
        answers.answer("a", Counted(ValueError()))
    assert answers.answer("a", Counted("yes")) == "yes"


def test_an_answer_that_was_of_no_use_is_asked_for_again(answers):
    answers.answer("a", Counted("blah"))
    answers.forget("a")
    assert answers.answer("a", Counted("yes")) == "yes"


def test_outside_a_step_everything_is_asked(answers):
    answers.answer("a", Counted("yes"))
    answers.end_step()
    assert answers.answer("a", Counted("no")) == "no"


def test_two_who_ask_the_same_at_the_same_time_make_one_request(answers):
    asked, together = Counted(), threading.Barrier(2, timeout=PATIENCE)
    waiting = threading.Event()

    def slow():
        waiting.wait(0.2)  # the other one has come by then, or asks later: either way it does not ask again
        return asked()

    def one(_):
        together.wait()
        return answers.answer("a", slow)

    two = Workers(2)
    assert two.each(one, range(2)) == ["yes", "yes"]
    two.close()
    assert asked.times == 1


def test_what_was_not_asked_for_in_a_day_is_forgotten(answers):
    answers.answer("a", Counted("old"))
    answers.begin_step(5 + KEPT_STEPS)
    assert answers.answer("a", Counted("new")) == "old"
    answers.begin_step(6 + 2 * KEPT_STEPS)
    assert answers.answer("a", Counted("new")) == "new"
    answers.answer("b", Counted())
    answers.begin_step(7 + 3 * KEPT_STEPS)
    answers.answer("c", Counted())
    assert list(answers.to_json()) == ["c"]


def test_what_was_kept_is_known_again_whatever_order_it_came_in(answers):
    for prompt in "cab":
        answers.answer(prompt, Counted(f"answer {prompt}"))
    kept = answers.to_json()
    assert list(kept) == ["a", "b", "c"]
    again = ResponseCache(kept)
    again.begin_step(6)
    assert again.answer("b", Counted("other")) == "answer b"


@pytest.mark.parametrize("saved", [{"a": "yes"}, {"a": [1, 2]}, {"a": ["yes"]}, {"a": None}])
def test_a_file_of_another_form_is_no_memory(saved):
    with pytest.raises(ValueError, match="not a remembered answer"):
        ResponseCache(saved)


# What of the questions goes through it


def summary(model):
    asked = Summary(persona(ADA).scratch, "Ben Moss", [("Ada Finch", "Eleven fish.")])
    return ask(model, asked, "Ada Finch")


def test_a_question_in_the_same_words_is_not_put_to_the_model_again(answers, monkeypatch):
    scripted = ScriptedModel(conversation_summary={"about": "fish"}).install(monkeypatch)
    model = Model(cache=answers)
    assert [summary(model), summary(model)] == ["fish"] * 2
    assert len(scripted.asked) == 1


def test_another_model_is_asked_itself(answers, monkeypatch):
    scripted = ScriptedModel(conversation_summary={"about": "fish"}).install(monkeypatch)
    model = Model(cache=answers)
    summary(model)
    monkeypatch.setattr(llm_config, "get_model_name", lambda name: f"other/{name}")
    summary(model)
    assert len(scripted.asked) == 2


def test_asking_again_always_reaches_the_model_and_leaves_nothing_unreadable_behind(answers, monkeypatch):
    scripted = ScriptedModel(conversation_summary=["{}", {"about": "fish"}]).install(monkeypatch)
    model = Model(cache=answers)
    assert [summary(model), summary(model)] == ["fish"] * 2
    assert len(scripted.asked) == 3
