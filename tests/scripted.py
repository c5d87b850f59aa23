"""A model that answers by purpose, and personas in the small world, for the tests of cognition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import small_world
from persona.memory_structures.planned_action import PlannedAction
from persona.persona import Persona
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.model import Model
from saves.storage import PersonaFiles

DAY: dict[str, Any] = {
    "wake_up": "06:00",
    "sleep": "22:00",
    "schedule": [
        {"start": "06:00", "activity": "having breakfast"},
        {"start": "08:00", "activity": "baking at the Corner Cafe"},
        {"start": "12:00", "activity": "having lunch"},
        {"start": "13:00", "activity": "serving guests"},
        {"start": "16:00", "activity": "looking for a recipe"},
        {"start": "19:00", "activity": "reading"},
    ],
}
"""A plausible day for anybody in the small world."""
START = datetime(2024, 5, 6, 9, 0)
EMPTY_STRENGTH: dict[str, dict[str, int]] = {"kw_strength_event": {}, "kw_strength_thought": {}}


class ScriptedModel:
    """Takes the place of the client: an answer for each purpose, as JSON or text.

    An answer may be a list (one after the other, the last again and again), an exception to raise, or a function
    of the prompt. `asked` keeps the (purpose, prompt) pairs. Embeddings count letters: equal texts are equal.
    """

    def __init__(self, **answers: Any) -> None:
        self.answers = {purpose.replace("_", " "): answer for purpose, answer in answers.items()}
        self.asked: list[tuple[str, str]] = []
        self.embedded: list[list[str]] = []

    def chat(self, messages: Sequence[dict[str, str]], *, purpose: str, **_: Any) -> str:
        self.asked.append((purpose, messages[-1]["content"]))
        answer = self.answers[purpose]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(messages[0]["content"])
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, str) else json.dumps(answer)

    def embed(self, texts: Sequence[str], **_: Any) -> list[list[float]]:
        self.embedded.append(list(texts))
        return [[float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz "] for text in texts]

    def prompts(self, purpose: str) -> list[str]:
        """The prompts of a purpose, in order."""
        return [prompt for asked, prompt in self.asked if asked == purpose]

    def install(self, monkeypatch: Any) -> ScriptedModel:
        """Answers from now on until the end of the test."""
        monkeypatch.setattr(Client, "chat", lambda client, messages, **asked: self.chat(messages, **asked))
        monkeypatch.setattr(Client, "embed", lambda client, texts, **_: self.embed(texts))
        return self


def ratings(prompt):
    """An answer that rates each of the statements."""
    return {"ratings": [2] * int(prompt.split("rate how much each of these ")[1].split()[0])}


def tasks(prompt: str) -> dict[str, Any]:
    """Two tasks for any entry, without their actions."""
    ((start, end),) = re.findall(r"\((\d\d:\d\d) to (\d\d:\d\d), \d+ minutes\)", prompt)
    first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (start, end))
    half = first + (last - first) // 10 * 5
    middle = f"{half // 60:02d}:{half % 60:02d}"
    return {"tasks": [{"start": start, "task": "first half"}, {"start": middle, "task": "second half"}]}


def one_by_one(task: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """A map over items like that of the workers, without threads."""
    return [task(item) for item in items]


def persona(who: small_world.Inhabitant, now: datetime = START, without: Sequence[str] = (), **scratch: Any) -> Persona:
    """A persona of the small world, at home at a given time, with nothing planned."""
    files = PersonaFiles(small_world.scratch(who) | scratch, small_world.spatial_memory(who), {}, {}, EMPTY_STRENGTH)
    made = Persona(who.name, files, seed=7, model=Model(Client()), without=without)
    made.scratch.curr_time, made.scratch.curr_tile = now, who.tile
    made.scratch.f_daily_schedule = made.scratch.f_daily_schedule_hourly_org = (("sleeping", 420), ("working", 1020))
    return made


def busy(someone: Persona, doing: str, address: str, minutes: int = 60) -> Persona:
    """Gives a persona an action."""
    someone.scratch.start_action(doing, minutes, PlannedAction(address, "🙂", "is", doing))
    return someone


def thoughts(prompt: str) -> dict[str, Any]:
    """Each whisper as a thought, unchanged."""
    heard = re.findall(r"^\d+[.)] (.*)$", prompt.split("Task:")[0], re.MULTILINE)
    thing = {"subject": "plums", "predicate": "are", "object": "ripe", "poignancy": 5}
    return {"thoughts": [{"thought": whisper, **thing} for whisper in heard]}


def quiet_model(**answers: Any) -> ScriptedModel:
    """A model with which people read in the cafe, talk to nobody, and take every whisper as a thought, unchanged.

    `answers` come in place of these, or beside them.
    """
    action = {"place": "Corner Cafe: cafe: cafe seating", "emoji": "📖", "predicate": "read", "object": "book"}
    quiet: dict[str, Any] = {
        "day_plan": DAY,
        "task_decomposition": tasks,
        "action": {**action, "thing_state": "taken", "thing_emoji": "✨"},
        "poignancy": ratings,
        "decide_to_talk": lambda prompt: {**ratings(prompt), "talk": False},
        "decide_to_wait": {"wait": False},
        "whisper": thoughts,
    }
    return ScriptedModel(**{**quiet, **answers})
