"""A model that has stopped answering must not fill a town with fail-safes."""

from __future__ import annotations

import itertools
import json

import pytest

import reverie
import small_world
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import EmptyAnswer, FatalError
from persona.prompt_template.outcomes import Outcomes
from saves.storage import Storage
from scripted import ScriptedModel

ROSTER = ("Ada", "Ben")
SILENT = EmptyAnswer("acme/any answered nothing, 3 times.")


@pytest.fixture
def outcomes():
    return Outcomes()


def unanswered(outcomes, *purposes, persona="Ada", step=0):
    for number, purpose in enumerate(purposes):
        outcomes.note(step, persona, purpose, str(number), SILENT)


def stops(outcomes, step=0):
    """Whether the run ends with this step."""
    try:
        outcomes.count(step, ROSTER)
    except FatalError:
        return True
    return False


def test_eight_unanswered_questions_in_a_row_stop_the_run_with_the_servers_words(outcomes):
    unanswered(outcomes, *["emoji"] * 7, "poignancy")
    with pytest.raises(FatalError, match="none of the last 8 questions. acme/any answered nothing, 3 times."):
        outcomes.count(0, ROSTER)


@pytest.mark.parametrize(
    ("steps", "is_stopped"),
    [
        pytest.param([["emoji"] * 6 + ["poignancy"]], False, id="seven do not"),
        pytest.param([["emoji"] * 30], False, id="nor do those of one purpose, however many"),
        pytest.param([["emoji"] * 4, ["poignancy"] * 4], True, id="they are counted over several steps"),
    ],
)
def test_fewer_questions_or_a_single_purpose_do_not_stop_it_but_steps_add_up(steps, is_stopped, outcomes):
    *before, last = steps
    for purposes in before:
        unanswered(outcomes, *purposes)
        assert not stops(outcomes)
    unanswered(outcomes, *last)
    assert stops(outcomes) is is_stopped


@pytest.mark.parametrize(
    "between", [lambda outcomes: outcomes.note(0, "Ada", "focal points", "", None), Outcomes.forget]
)
def test_an_answer_or_another_run_resets_the_count(between, outcomes):
    unanswered(outcomes, *["emoji"] * 7)
    assert not stops(outcomes)
    between(outcomes)
    assert not stops(outcomes)
    unanswered(outcomes, "poignancy")
    assert not stops(outcomes)


def test_questions_of_people_ahead_are_counted_when_their_step_is_over(outcomes):
    unanswered(outcomes, *["emoji"] * 7, "poignancy", step=1)
    assert not stops(outcomes, 0)
    assert stops(outcomes, 1)


def test_repeated_steps_are_counted_once(outcomes):
    unanswered(outcomes, *["emoji"] * 4)
    outcomes.rewind()
    unanswered(outcomes, *["emoji"] * 3, "poignancy")
    assert not stops(outcomes)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_count_does_not_depend_on_the_order_of_threads(order, outcomes):
    """Ben's answer is after all of Ada's in roster order, so the count is reset."""
    notes = [
        lambda: unanswered(outcomes, *["emoji"] * 7),
        lambda: outcomes.note(0, "Ben", "emoji", "", None),
        lambda: unanswered(outcomes, "wait", persona="Ben"),
    ]
    for number in order:
        notes[number]()
    assert not stops(outcomes)


# In a town


class Silent(ScriptedModel):
    """Never answers."""

    def chat(self, messages, *, purpose, **_):
        self.asked.append((purpose, messages[-1]["content"]))
        raise SILENT


@pytest.fixture
def server(world):
    return reverie.ReverieServer(Storage.of_checkout().fork(small_world.BASE, "trial"), Client(), forked=True)


def test_a_town_stops_before_the_step_in_which_its_model_stops_answering(server, monkeypatch):
    model = Silent().install(monkeypatch)
    with pytest.raises(FatalError, match="answered nothing"):
        server.start_server(2000)
    saved = json.loads((server.simulation.path / "reverie/meta.json").read_text(encoding="utf-8"))
    assert saved["step"] == server.step
    assert len({purpose for purpose, _ in model.asked}) >= 2


def test_the_unanswered_questions_of_that_step_are_asked_again(server, monkeypatch):
    model = Silent().install(monkeypatch)
    with pytest.raises(FatalError):
        server.start_server(2000)
    asked_last = model.asked[-1]
    again = Silent().install(monkeypatch)
    with pytest.raises(FatalError):
        server.start_server(2000)
    assert asked_last in again.asked
