"""The mock model on people and their talks: whether to talk or to wait, what a talk was about, what is kept of it.

Knows only what stands in the prompt of one persona; the spoken lines are made in `spoken`.
"""

from __future__ import annotations

import re
from typing import Any

from mock_llm import appointments, memos
from mock_llm.english import first_name, listed
from mock_llm.prompt import Prompt, choose, number
from mock_llm.thoughts import poignancy, rating

_BUSY = re.compile(r"ready for|shower|brushing|dressed|toilet|in bed|sleep|bathroom|waiting to", re.I)
_FOR_ONE = re.compile(r"shower|toilet|\bbed\b", re.I)
_WELL_KNOWN = 6
_MOST_WORDS = 15
_MOST_TOLD, _LATEST = 12, 2
_PLANNING_MATTERS, _MEMO_MATTERS = 5, 4


def decide_to_talk(prompt: Prompt) -> dict[str, Any]:
    """Yes, unless somebody wants to be left alone; with how much what is new matters."""
    doing = next((line for line in prompt.lines if line.startswith(f"{prompt.name} is ")), "")
    return {**poignancy(prompt), "talk": not _BUSY.search(doing)}


def decide_to_wait(prompt: Prompt) -> dict[str, Any]:
    """Mostly on at once; what only one can use is waited for."""
    wanted = prompt.text.partition(f"{prompt.name} is on the way to ")[2].partition("\n")[0]
    waits = _FOR_ONE.search(wanted) or not number(5, prompt.name, prompt.other, wanted)
    return {"wait": bool(waits)}


def conversation_summary(prompt: Prompt) -> dict[str, Any]:
    """What a talk was about."""
    lines = prompt.text.partition("\n\nTask: ")[0].splitlines()
    return {"about": about([(speaker, words) for speaker, _, words in (line.partition(": ") for line in lines)])}


def about(lines: memos.Spoken) -> str:
    """The news of a talk, each as a short phrase."""
    told = memos.subjects(lines)
    fitting = [told[: k + 1] for k in range(len(told)) if len(listed(told[: k + 1]).split()) <= _MOST_WORDS]
    return listed(fitting[-1] if fitting else told[:1]) or memos.SMALL_TALK


def taken_away(prompt: Prompt) -> dict[str, Any]:
    """What was agreed, the other's news, and how much the talk matters."""
    end = prompt.said["start"]
    lines = prompt.talk(f"A conversation with {prompt.other} came between, until {end}:")
    return {
        "planning": appointments.promises(prompt.name, prompt.other, lines, prompt.today),
        "planning_poignancy": _PLANNING_MATTERS,
        "memo": memos.memo(prompt.name, prompt.other, lines),
        "memo_poignancy": _MEMO_MATTERS,
        "poignancy": rating(f"{prompt.name} is conversing about {about(lines)}", prompt.name),
    }


def relationship(prompt: Prompt) -> str:
    """How well the two know each other, what they have talked about and what they have promised each other."""
    name, other = prompt.name, prompt.other
    memories = [text for text in prompt.remembered(f"What {name} remembers of {other}:") if other in text]
    known = f"{name} knows {other} {'well' if len(memories) >= _WELL_KNOWN else 'from around town'}"
    feeling = choose(("likes to hear the news from", "is always glad to meet", "enjoys the company of"), name, other)
    told = memos.told_before(name, other, memories)
    shared = [f"{name} told {other} about {'; '.join(told[-_MOST_TOLD:])}."] if told else []
    promised = [found for found in appointments.upcoming(name, memories, prompt.today) if other in found]
    return " ".join([f"{known} and {feeling} {first_name(other)}.", *shared, *promised[:_LATEST]])
