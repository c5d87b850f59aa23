"""Questions for the mock model: people, their memories, and its answers as the simulation parses them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import mock_llm
from persona.memory_structures.places import Places
from persona.memory_structures.schedule import Entry
from persona.memory_structures.scratch import Scratch
from persona.prompt_template.questions import AfterChat, FirstLine, NextLine, Question

TREE = {
    "Ada Bell's house": {
        "bedroom": ["bed", "closet", "desk"],
        "bathroom": ["toilet", "shower"],
        "kitchen": ["stove", "table"],
    },
    "Blue Bakery": {"shop": ["bakery counter", "behind the bakery counter", "seating"], "bakehouse": ["bread oven"]},
    "Larch Park": {"lawn": ["park bench", "picnic table"], "shed": []},
    "Old Oak Pub": {"pub": ["bar counter", "pub seating"]},
}
PLACES = Places("World", TREE, "World:Ada Bell's house:bedroom")
LIFESTYLE = "goes to bed around 11pm, wakes up around 6:30am, eats dinner around 6pm."


def somebody(
    name: str, currently: str, usual: str = "", *, lifestyle: str = LIFESTYLE, day: int = 6, hour: int = 12
) -> Scratch:
    """A persona on a day of May 2024, whose first day is a Wednesday."""
    return Scratch(
        name=name,
        first_name=name.split(" ")[0],
        age=40,
        innate="calm, curious",
        learned=f"{name} has lived here for years.",
        currently=currently,
        lifestyle=f"{name} {lifestyle}" if lifestyle else "",
        living_area="World:Ada Bell's house:bedroom",
        daily_plan_req=usual,
        curr_time=datetime(2024, 5, day, hour),
        act_description="taking a walk at Larch Park (watching the birds)",
    )


FESTIVAL = "Ada Bell is preparing a kite festival at Larch Park on May 8, 2024 from 2pm to 5pm."
WORK = "Ada Bell works at the Blue Bakery from 8am to 4pm, eats lunch at the Blue Bakery around noon."


def ada(**changed: Any) -> Scratch:
    return somebody("Ada Bell", f"{FESTIVAL} She hopes that everybody comes.", WORK, **changed)


def ivo(**changed: Any) -> Scratch:
    return somebody("Ivo Lund", "Ivo Lund is building a raft out of old doors.", **changed)


def mia(**changed: Any) -> Scratch:
    return somebody("Mia Roth", "Mia Roth is selling the old mill.", **changed)


def memory(text: str, day: int = 6, hour: int = 9) -> Any:
    """The parts of a memory that a prompt lists."""
    return SimpleNamespace(description=text, created=datetime(2024, 5, day, hour), node_count=1, node_id=f"node {text}")


def answered(question: Question, *, with_schema: bool = True) -> Any:
    """The mock model's answer, which the question must parse without a fault."""
    form = question.response_format() if with_schema else None
    text = mock_llm.answer([("user", question.prompt())], form)
    assert question.read(text, {}) == []
    return json.loads(text)


def talk(
    one: Scratch, two: Scratch, memories: dict[str, list[str]], place: str = "Larch Park > lawn"
) -> list[tuple[str, str]]:
    """A whole conversation of two people, each with their own memories."""
    lines: list[tuple[str, str]] = []
    felt: dict[str, str] = {}
    while len(lines) < 16:
        who, other = (one, two) if len(lines) % 2 == 0 else (two, one)
        kind = NextLine if who.name in felt else FirstLine
        in_mind = [memory(text) for text in memories.get(who.name, ())]
        asked = kind(who, other, felt.get(who.name, ""), in_mind, place, "They have not talked before.", lines)
        said = answered(asked)
        felt.setdefault(who.name, said.get("relationship", ""))
        lines.append((who.name, said["utterance"]))
        if said["end"]:
            break
    return lines


def kept_of(who: Scratch, other: str, lines: Sequence[tuple[str, str]]) -> list[str]:
    """A person's memories of a conversation."""
    planned = [Entry("resting at home", 12 * 60, 14 * 60)]
    kept = answered(AfterChat(who, other, lines, planned, 12 * 60 + 10, 14 * 60))
    return [text for text in (kept["planning"], kept["memo"]) if text]
