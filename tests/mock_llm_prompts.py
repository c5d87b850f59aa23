"""What the mock model is asked in tests: a sample of every prompt, changed as a test needs it, and whole talks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import mock_llm
from persona.prompt_template.gpt_structure import generate_prompt
from persona.prompt_template.questions.question import TEMPLATES

NAME, OTHER = "Ada Bell", "Ivo Lund"
TODAY = "Monday, May 6, 2024"
TOMORROW = "Tuesday, May 7, 2024"
CURRENTLY = (
    "Ada Bell is preparing a kite festival at Larch Park on May 8, 2024 from 2pm to 5pm. "
    "She hopes that everybody comes. She is looking for silk."
)
REQUIREMENT = "Ada Bell works at the Blue Bakery from 8am to 4pm, eats lunch at the Blue Bakery around noon."
PLACES = ["Ada Bell's house", "Blue Bakery", "Larch Park", "Old Oak Pub", "Corner Shop"]
SPOTS = """- Ada Bell's house: bedroom (bed, closet, desk); bathroom (toilet, shower, bathroom sink); \
kitchen (stove, refrigerator, kitchen sink, dining table)
- Blue Bakery: shop (bakery counter, behind the bakery counter, seating); bakehouse (bread oven)
- Larch Park: lawn (park bench, picnic table); shed
- Old Oak Pub: pub (bar counter, pub seating)"""
NOTHING = "- nothing in particular"


def sheet(
    name: str = NAME,
    currently: str = CURRENTLY,
    usual: str = REQUIREMENT,
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
            f"Home: {name}'s house > bedroom",
            f"Daily requirement: {usual}",
            f"Today: {today}",
        )
    )


INPUTS: dict[str, list[str]] = {
    "action": [sheet(), NAME, "Blue Bakery > shop", "having breakfast at home (frying eggs on the stove)", SPOTS],
    "after_chat": [
        sheet(), NAME, OTHER, f"{OTHER}: I'm building a raft out of old doors near the mill.\n{NAME}: Oh!",
        "12:00 - 13:00 eating lunch\n13:00 - 14:00 rowing", "12:05", "13:00",
    ],
    "conversation_summary": [sheet(), NAME, OTHER, f"{NAME}: Hello!\n{OTHER}: I'm building a raft out of old doors."],
    "day_plan": [sheet(), NAME, TODAY, "\n".join(f"- {place}" for place in PLACES), ""],
    "decide_to_talk": [
        sheet(), NAME, "1", f"1. {OTHER} is eating a pear", OTHER, NOTHING, f"{TODAY}, 12:00",
        f"{NAME} and {OTHER} have not talked before.",
        "eating lunch", "eating a pear", f"{NAME} has not talked to anybody today.",
    ],
    "decide_to_wait": [
        sheet(), NAME, OTHER, "taking a shower", "washing", "hut > bathroom > shower",
        "07:20", f"{TODAY}, 07:00",
    ],
    "first_utterance": [
        sheet(), NAME, OTHER, NOTHING,
        f"{NAME} and {OTHER} are at Larch Park > lawn. It is {TODAY}, 12:00.",
        f"{NAME} was eating lunch when {OTHER} was around, eating a pear.",
        f"{NAME} and {OTHER} have not talked before.", "(nothing yet)",
    ],
    "focal_points": [
        sheet(), NAME,
        f"Monday, May 6:\n- 08:10 {OTHER} is building a raft\n- 08:20 {NAME} is baking rye bread\n- 08:20 bed is idle",
        "3",
    ],
    "identity": [sheet(), NAME, TOMORROW, NOTHING],
    "insights": [
        sheet(), NAME, f"1. What is {OTHER} busy with these days?\n2. How do {NAME} and {OTHER} get along?",
        f"Sunday, May 5:\n1. 09:00 {OTHER} is building a raft\nMonday, May 6:\n2. 08:00 {NAME} is baking rye bread\n"
        f"3. 09:10 {OTHER} is building a raft (sawing)", "3", f"{TODAY}, 12:00",
    ],
    "interview": [sheet(), NAME, NOTHING, "Interviewer: Tell me about the kite festival."],
    "poignancy": [sheet(), NAME, "2", f"1. {OTHER} is building a raft\n2. desk is covered with papers"],
    "schedule_after_reaction": [
        sheet(), NAME, "08:00 - 09:00 baking bread\n09:00 - 10:00 selling bread\n10:00 - 11:00 resting",
        "conversing about rafts", "09:20", "10:30",
    ],
    "task_decomposition": [
        sheet(), NAME, "08:00 - 09:00 working at the Blue Bakery", "working at the Blue Bakery", "08:00", "09:00", "60",
        "Ada Bell's house > kitchen", SPOTS,
    ],
    "utterance": [
        sheet(), NAME, OTHER, f"{NAME} likes {OTHER}.", NOTHING,
        f"{NAME} and {OTHER} are at Larch Park > lawn. It is {TODAY}, 12:00.",
        f"{NAME} was eating lunch when {OTHER} was around, eating a pear.",
        f"{NAME} and {OTHER} have not talked before.", "(nothing yet)",
    ],
    "whisper": [sheet(), NAME, "1. You are learning to row\n2. The mill is for sale", "2"],
}  # fmt: skip


def render(template: str, *inputs: str) -> str:
    return generate_prompt(list(inputs), str(TEMPLATES / f"{template}.txt"))


def ask(template: str, *inputs: str) -> Any:
    """The mock model's answer, read as JSON."""
    return json.loads(mock_llm.answer([("user", render(template, *inputs))]))


def ask_with(template: str, **changed: str) -> Any:
    """The answer to the sample inputs, some of them changed: `i3="..."` is INPUT 3."""
    inputs = [changed.get(f"i{k}", value) for k, value in enumerate(INPUTS[template])]
    return ask(template, *inputs)


def spot(shown: Mapping[str, Any]) -> tuple[str, str, str]:
    """Place, room and thing of an action as it is shown; the thing is empty in a room without any."""
    place, room, *thing = shown["place"].split(": ")
    return place, room, *(thing or [""])


def remembered(*statements: str, day: str = "Monday, May 6", clock: str = "09:00") -> str:
    """The statements as prompts list memories, all of one day and hour."""
    return "\n".join((f"{day}:", *(f"- {clock} {statement}" for statement in statements)))


def places_offered(tree: Mapping[str, Mapping[str, list[str]]]) -> str:
    """Place -> room -> things, as prompts offer them."""
    return "\n".join(
        f"- {place}: "
        + "; ".join(f"{room} ({', '.join(things)})" if things else room for room, things in rooms.items())
        for place, rooms in tree.items()
    )


def conversation(today: str, in_mind: str = NOTHING) -> list[tuple[str, str]]:
    """Ada and Ivo talk until one ends it: the first line of each comes with what it feels about the other."""
    sheets = {
        NAME: sheet(today=today),
        OTHER: sheet(OTHER, "Ivo Lund is building a raft out of old doors. He wants to cross the lake.", today=today),
    }
    felt: dict[str, str] = {}
    lines: list[tuple[str, str]] = []
    while len(lines) < 16:
        speaker, listener = (NAME, OTHER) if len(lines) % 2 == 0 else (OTHER, NAME)
        so_far = "\n".join(f"{who}: {line}" for who, line in lines) or "(nothing yet)"
        who = {"i0": sheets[speaker], "i1": speaker, "i2": listener}
        in_mind_now = in_mind if speaker == NAME else NOTHING
        if speaker not in felt:
            said = ask_with("first_utterance", i3=in_mind_now, i7=so_far, **who)
            felt[speaker] = said["relationship"]
        else:
            said = ask_with("utterance", i3=felt[speaker], i4=in_mind_now, i8=so_far, **who)
        lines.append((speaker, said["utterance"]))
        if said["end"]:
            return lines
    return lines


DAYS = [f"Monday, May {day}, 2024" for day in range(1, 32)]
