"""Thoughts: questions and insights from memories, whispers, interviews, and who somebody is from a new day on.

Knows only how statements look (`NAME is doing this (task)`); what is thought quotes them.
"""

from __future__ import annotations

import re
from typing import Any

from mock_llm import appointments
from mock_llm.hashing import choose, number
from mock_llm.news import by_name, topic
from mock_llm.prompt import Prompt, sentences
from mock_llm.ratings import rating

_DOES = re.compile(r"^([^“‘]{1,40}?) is ([a-z]+ing [^(]+?)(?: \(|$)")
_HEARD = re.compile(r"heard from ([^“]+?): “([^“”]+)")
_COUNT = re.compile(r"give (\d+) insights|which (\d+) questions|each of these (\d+)")
_LIKES = ("likes", "makes time for", "is often busy", "cares about")
_ASKED = ("What is {} busy with these days?", "What does {} care about most?", "What might {} need help with?")
_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST_OF_ONE, _MOST_CURRENT = 2, 3


def poignancy(prompt: Prompt) -> dict[str, Any]:
    """How much each statement matters."""
    return {"ratings": [rating(text, prompt.name) for text in prompt.numbered]}


def focal_points(prompt: Prompt) -> dict[str, Any]:
    """Questions about the people of the memories, and about oneself."""
    people = list(dict.fromkeys([*_people(prompt), prompt.name]))
    count = _count(prompt)
    questions = [_ASKED[at // len(people) % len(_ASKED)].format(people[at % len(people)]) for at in range(count)]
    return {"questions": questions}


def insights(prompt: Prompt) -> dict[str, Any]:
    """What the memories say about the person of each question, with the memories that say so."""
    people = list(dict.fromkeys([*_people(prompt), prompt.name]))
    found: dict[str, dict[str, Any]] = {}
    for at, question in enumerate(prompt.numbered, 1):
        who = next((name for name in people if name in question), prompt.name)
        new = [row for row in _conclusions(prompt, who) if row["insight"] not in {*found, *_texts(prompt)}]
        for row in new[: min(_MOST_OF_ONE, _count(prompt))]:
            found[row["insight"]] = {"question": at, **row}
    return {"insights": list(found.values()) or [_insight(prompt, prompt.name, "looks back on", "a quiet day", [])]}


def whispers(prompt: Prompt) -> dict[str, Any]:
    """Each whisper as something that the persona has in mind, in its own words."""
    name = prompt.name
    return {
        "thoughts": [
            {
                "thought": f"{name} has this in mind: “{text}”",
                "subject": name,
                "predicate": "has in mind",
                "object": text,
                "poignancy": 6,
            }
            for text in prompt.numbered
        ]
    }


def interview(prompt: Prompt) -> dict[str, Any]:
    """The text that shares the most words with the question, or that nothing is known of it."""
    asked = set(_words(prompt.talk[-1][1])) if prompt.talk else set()
    asked -= set(_words(prompt.name))
    known = prompt.known()
    best = max(known, key=lambda text: len(asked & set(_words(text))), default="")
    if asked & set(_words(best)):
        return {"answer": f"I can tell you this: “{best}”"}
    mine = by_name(prompt.sheet("Currently"), prompt.name)
    return {"answer": f"I don't know that. What I can tell you is this: “{mine[0]}”" if mine else "I don't know that."}


def identity(prompt: Prompt) -> dict[str, Any]:
    """What still holds of what the persona was about, and the usual day with the appointments of the new one."""
    now = by_name(prompt.sheet("Currently"), prompt.name)
    current = [text for text in now if not appointments.is_over(text, prompt.today)] or now
    usual = sentences(prompt.sheet("Daily requirement"))
    kept = [text for text in usual if not appointments.is_over(text, prompt.today)]
    return {
        "currently": " ".join(current[:_MOST_CURRENT]),
        "daily_requirement": " ".join([*kept, *_due(prompt, " ".join(kept))]),
    }


def _due(prompt: Prompt, known: str) -> list[str]:
    """The sentences among the memories that tell of an appointment on the new day."""
    current = prompt.sheet("Currently")
    texts = (text for text in appointments.promises(prompt) if text not in known and text not in current)
    return list(dict.fromkeys(texts))[:_MOST_CURRENT]


# Insights


def _conclusions(prompt: Prompt, who: str) -> list[dict[str, Any]]:
    """What somebody does often, and what others have told."""
    done: dict[str, list[int]] = {}
    for memory in prompt.memories:
        found = _DOES.match(memory.text)
        if found and found[1] == who and not found[2].startswith(("conversing", "sleeping", "waiting")):
            done.setdefault(found[2].strip(), []).append(memory.number)
    often = sorted(done.items(), key=lambda item: (-len(item[1]), number(1 << 30, prompt.name, item[0])))
    does = [_insight(prompt, who, choose(_LIKES, who, activity), activity, numbers) for activity, numbers in often]
    told = [
        _insight(prompt, prompt.name, f"has heard from {found[1]} about", topic(found[2]), [memory.number])
        for memory in prompt.memories
        if (found := _HEARD.search(memory.text)) and found[1] == who
    ]
    return [*does[:1], *told[-1:], *does[1:]]


def _insight(prompt: Prompt, subject: str, verb: str, thing: str, evidence: list[int]) -> dict[str, Any]:
    text = f"{subject} {verb} {thing}"
    rated = 3 + number(3, text)
    parts = {"subject": subject, "predicate": verb, "object": thing, "poignancy": rated}
    return {"insight": f"{text}.", "evidence": evidence, **parts}


def _people(prompt: Prompt) -> list[str]:
    """Who does something in the memories, the most often first, without the persona."""
    counted: dict[str, int] = {}
    for memory in prompt.memories:
        found = _DOES.match(memory.text)
        if found and not found[1][:1].islower() and found[1] != prompt.name:
            counted[found[1]] = counted.get(found[1], 0) + 1
    return sorted(counted, key=lambda name: -counted[name])


def _texts(prompt: Prompt) -> set[str]:
    return {f"{memory.text.rstrip('.')}." for memory in prompt.memories}


def _count(prompt: Prompt) -> int:
    found = _COUNT.search(prompt.task)
    return int(next(filter(None, found.groups()))) if found else 1


def _words(text: str) -> list[str]:
    """The longer words of a text; of scripts without blanks the pairs of characters."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return [
        part
        for word in words
        for part in ([word[:6]] if word.isascii() else [word[k : k + 2] for k in range(len(word) - 1)])
    ]
