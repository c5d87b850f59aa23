"""Shared by the tests of the questions: places to choose from, a busy persona, and the result of an answer."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from persona.memory_structures.places import Places
from persona.memory_structures.planned_action import PlannedAction
from persona.memory_structures.scratch import Scratch
from persona.prompt_template.asking import ask
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from persona.prompt_template.questions import Question
from scripted import ScriptedModel, persona
from small_world import Inhabitant

PLACES = Places(
    "W",
    {
        "Inn": {"bar": ["stool", "tap"], "kitchen": ["stove"]},
        "Ann Lee's house": {"bedroom": ["desk", "bed"], "bathroom": ["toilet", "shower"]},
        "Park": {"meadow": []},
    },
    "W:Ann Lee's house:bedroom",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def busy(who: Inhabitant) -> Scratch:
    """A persona with an action."""
    scratch = persona(who).scratch
    scratch.start_action("x", 5, PlannedAction("a:b:c:d", "🙂", "b", "c"))
    return scratch


def answer(question: Question, monkeypatch: Any, *answers: Any) -> Any:
    """The result of a question for these answers of the model; the last one is repeated."""
    ScriptedModel(**{question.template: list(answers)}).install(monkeypatch)
    return ask(Model(Client()), question, "Ada Finch")
