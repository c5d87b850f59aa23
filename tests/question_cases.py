"""What the tests of the questions share: places to choose from, somebody who is busy, and what comes of an answer."""

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
    """Somebody who is doing something."""
    scratch = persona(who).scratch
    scratch.start_action("x", 5, PlannedAction("a:b:c:d", "🙂", "b", "c"))
    return scratch


def answer(question: Question, monkeypatch: Any, *answers: Any) -> Any:
    """What a question comes to when the model answers so; the last answer is given again and again."""
    ScriptedModel(**{question.template: list(answers)}).install(monkeypatch)
    return ask(Model(Client()), question, "Ada Finch")
