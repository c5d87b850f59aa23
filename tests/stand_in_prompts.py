"""What the stand-in is asked in tests: a sample of every prompt, changed as a test needs it, and whole talks."""

from __future__ import annotations

import json
from typing import Any

import stand_in
from persona.prompt_template.asking import TEMPLATES
from persona.prompt_template.gpt_structure import generate_prompt

NAME, OTHER = "Ada Bell", "Ivo Lund"
TODAY = "Monday, May 6, 2024"
TOMORROW = "Tuesday, May 7, 2024"
CURRENTLY = (
    "Ada Bell is preparing a kite festival at Larch Park on May 8, 2024 from 2pm to 5pm. "
    "She hopes that everybody comes. She is looking for silk."
)
USUAL_DAYS = "Ada Bell works at the Blue Bakery from 8am to 4pm, eats lunch at the Blue Bakery around noon."
PLACES = ["Ada Bell's house", "Blue Bakery", "Larch Park", "Old Oak Pub", "Corner Shop"]
SPOTS = """- Ada Bell's house > bedroom: bed, closet, desk
- Ada Bell's house > bathroom: toilet, shower, bathroom sink
- Ada Bell's house > kitchen: stove, refrigerator, kitchen sink, dining table
- Blue Bakery > shop: bakery counter, behind the bakery counter, seating
- Blue Bakery > bakehouse: bread oven
- Larch Park > lawn: park bench, picnic table
- Larch Park > shed
- Old Oak Pub > pub: bar counter, pub seating"""
NOTHING = "- nothing in particular"


def sheet(
    name: str = NAME,
    currently: str = CURRENTLY,
    usual: str = USUAL_DAYS,
    today: str = TODAY,
    lifestyle: str = "goes to bed around 11pm, wakes up around 6:30am, eats dinner around 6pm.",
) -> str:
    return "\n".join(
        (
            f"Name: {name}",
            "Age: 40",
            "Traits: calm, curious",
            f"Background: {name} bakes bread and rows on the lake.",
            f"Currently: {currently}",
            f"Lifestyle: {name} {lifestyle}",
            f"Usual days: {usual}",
            f"Today: {today}",
        )
    )


INPUTS: dict[str, list[str]] = {
    "action": [sheet(), NAME, "Blue Bakery > shop", "having breakfast at home (frying eggs on the stove)", SPOTS],
    "after_chat": [sheet(), NAME, OTHER, f"{OTHER}: I'm building a raft out of old doors near the mill.\n{NAME}: Oh!"],
    "conversation_summary": [NAME, OTHER, f"{NAME}: Hello!\n{OTHER}: I'm building a raft out of old doors."],
    "day_plan": [sheet(), NAME, TODAY, "\n".join(f"- {place}" for place in PLACES)],
    "decide_to_talk": [
        sheet(), NAME, OTHER, NOTHING, f"{TODAY}, 12:00", f"{NAME} and {OTHER} have not talked before.",
        "eating lunch", "eating a pear",
    ],
    "decide_to_wait": [
        sheet(), NAME, OTHER, "taking a shower", "washing", "Small World:hut:bathroom:shower",
        "07:20", f"{TODAY}, 07:00",
    ],
    "focal_points": [NAME, f"- {OTHER} is building a raft\n- {NAME} is baking rye bread\n- bed is idle", "3"],
    "identity": [sheet(), NAME, TOMORROW, NOTHING],
    "insights": [
        NAME, f"What is {OTHER} busy with these days?",
        f"1. {OTHER} is building a raft\n2. {NAME} is baking rye bread\n3. {OTHER} is building a raft (sawing)", "5",
    ],
    "interview": [sheet(), NAME, NOTHING, "Interviewer: Tell me about the kite festival."],
    "poignancy": [
        sheet(), NAME, "2", f"1. {OTHER} is building a raft\n2. desk is covered with papers", '"1 to 10", "1 to 10"',
    ],
    "relationship": [NAME, OTHER, f"- {OTHER} is building a raft"],
    "schedule_after_reaction": [
        sheet(), NAME, "08:00 - 09:00 baking bread\n09:00 - 10:00 selling bread\n10:00 - 11:00 resting",
        "conversing about rafts", "09:20", "10:30",
    ],
    "task_decomposition": [
        sheet(), NAME, "08:00 - 09:00 working at the Blue Bakery", "working at the Blue Bakery", "08:00", "09:00", "60",
    ],
    "utterance": [
        sheet(), NAME, OTHER, f"{NAME} likes {OTHER}.", NOTHING,
        f"{NAME} and {OTHER} are at Small World:Larch Park:lawn. It is {TODAY}, 12:00.",
        f"{NAME} was eating lunch when {OTHER} was around, eating a pear.",
        f"{NAME} and {OTHER} have not talked before.", "(nothing yet)",
    ],
    "whisper": [sheet(), NAME, "1. You are learning to row\n2. The mill is for sale", "2"],
}  # fmt: skip


def render(template: str, *inputs: str) -> str:
    return generate_prompt(list(inputs), str(TEMPLATES / f"{template}.txt"))


def ask(template: str, *inputs: str) -> Any:
    """The stand-in's answer, read as JSON."""
    return json.loads(stand_in.answer([("user", render(template, *inputs))]))


def ask_with(template: str, **changed: str) -> Any:
    """The answer to the sample inputs, some of them changed: `i3="..."` is INPUT 3."""
    inputs = [changed.get(f"i{k}", value) for k, value in enumerate(INPUTS[template])]
    return ask(template, *inputs)


def conversation(today: str, in_mind: str = NOTHING) -> list[tuple[str, str]]:
    """Ada and Ivo talk until one ends it."""
    sheets = {
        NAME: sheet(today=today),
        OTHER: sheet(OTHER, "Ivo Lund is building a raft out of old doors. He wants to cross the lake.", today=today),
    }
    lines: list[tuple[str, str]] = []
    while len(lines) < 16:
        speaker, listener = (NAME, OTHER) if len(lines) % 2 == 0 else (OTHER, NAME)
        said = ask_with(
            "utterance",
            i0=sheets[speaker],
            i1=speaker,
            i2=listener,
            i4=in_mind if speaker == NAME else NOTHING,
            i8="\n".join(f"{who}: {line}" for who, line in lines) or "(nothing yet)",
        )
        lines.append((speaker, said["utterance"]))
        if said["end"]:
            return lines
    return lines


DAYS = [f"Monday, May {day}, 2024" for day in range(1, 32)]
